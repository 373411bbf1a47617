#include "processor/extract/issues.h"

#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"
#include "tests/unit/extract/with_knowledge.h"

TestSuite(issues, .init = set_up, .fini = tear_down);

/* The reading of `marked` with an issue over each of `phrases` [count], at every place where the phrase stands. */
static struct reading read_issues(const char *marked, const char *const *phrases, size_t count)
{
    struct reading reading = make_reading(marked, arena);
    struct window window = made_window(&reading);
    uint8_t *tags = arena_take_zeroed(arena, window.word_count + 1, sizeof *tags);
    float *scores = arena_take_zeroed(arena, window.word_count + 1, sizeof *scores);
    for (size_t w = 0; w < window.word_count; w++) {
        uint32_t start = window_words(&window, w, w).start;
        scores[w] = 0.75f;
        for (size_t p = 0; p < count; p++) {
            size_t length = strlen(phrases[p]);
            if (tags[w] != TAG_OUTSIDE || start + length > reading.text.len || memcmp(reading.text.data + start, phrases[p], length) != 0)
                continue;
            for (size_t k = w; k < window.word_count && window_words(&window, k, k).end <= start + length; k++)
                tags[k] = k == w ? TAG_BEGIN : TAG_INSIDE;
        }
    }
    issues_add(&reading, &window, 0, tags, scores, knowledge);
    return reading;
}

static const char *found(const char *marked, const char *phrase)
{
    struct reading reading = read_issues(marked, &phrase, 1);
    struct view list = {.data = "", .len = 0};
    for (size_t i = 0; i < reading.topic_mark_count; i++) {
        struct view text = reading_view(&reading, reading.topic_marks[i].span);
        list = arena_print(arena, "%s%.*s;", list.data, (int)text.len, text.data);
    }
    return list.data;
}

Test(issues, are_marked_without_their_article_and_are_no_names)
{
    expect_text(found("{Person:Ann} opposes the fur ban.", "the fur ban"), "fur ban;");
    expect_text(found("{Person:Ann} opposes the ban on {Organization:Arvo} phones.", "ban on Arvo phones"), "ban on Arvo phones;");
    expect_text(found("{Person:Ann} opposes {Misc:Brexit}.", "Brexit"), "");
    expect_text(found("{Person:Ann} opposes the {Misc:Fur Act} of May.", "the Fur"), "");
    expect_text(found("{Person:Ann} opposes the {Misc:Fur Act} now.", "opposes the Fur"), "");
    expect_text(found("{Person:Ann} opposes the.", "the"), "");
    expect_text(found("{Location:Oslo} bans fur farms.", "bans fur farms"), "");
    expect_text(found("{Location:Oslo} bans on fur came.", "bans on fur"), "bans on fur;");
    expect_text(found("She opposes the fur trader {Organization:Norvik} still.", "fur trader Norvik"), "");
    expect_text(found("She opposes the ban in {Location:Oslo} still.", "ban in Oslo"), "ban in Oslo;");
    expect_text(found("{Person:Ann} impeachment inquiry.", "impeachment inquiry"), "impeachment inquiry;");
    expect_text(found("A ban. A ban.", "ban. A ban"), "ban;ban;");
    expect_text(found("A ban.", "ban."), "ban;");
}

Test(issues, of_a_sentence_are_bounded)
{
    expect_text(found("A tax, tax, tax, tax, tax, tax, tax, tax, tax, tax. A tax.", "tax"), "tax;tax;tax;tax;tax;tax;tax;tax;tax;");
}

Test(issues, of_the_same_words_are_one_and_a_shorter_one_joins_the_only_longer)
{
    static const char *const phrases[] = {"fur bans", "fur ban", "Fur ban on farms", "peace talks", "tax on talks", "talks", "farm"};
    struct reading reading = read_issues("The fur ban. Two fur bans. Fur ban on farms. The peace talks, a tax on talks, talks on a farm.", phrases, 7);
    struct entities entities = {0};
    issues_settle(&reading, &entities, knowledge);
    struct view list = {.data = "", .len = 0};
    for (size_t i = 0; i < reading.topic_mark_count; i++) {
        struct view name = entities.items[issues_entity(&reading, reading.topic_marks[i].topic)].name;
        list = arena_print(arena, "%s%.*s;", list.data, (int)name.len, name.data);
    }
    expect_text(list.data, "Fur ban on farms;Fur ban on farms;Fur ban on farms;peace talks;tax on talks;peace talks;farm;");
}

/* The words and the entity of each issue of `marked`, where the tags find `phrases` [count]. */
static const char *taken_up(const char *marked, const char *const *phrases, size_t count)
{
    struct reading reading = read_issues(marked, phrases, count);
    struct entities entities = {0};
    issues_settle(&reading, &entities, knowledge);
    struct view list = {.data = "", .len = 0};
    for (size_t i = 0; i < reading.topic_mark_count; i++) {
        struct view name = entities.items[issues_entity(&reading, reading.topic_marks[i].topic)].name;
        struct view text = reading_view(&reading, reading.topic_marks[i].span);
        list = arena_print(arena, "%s%.*s=%.*s;", list.data, (int)text.len, text.data, (int)name.len, name.data);
    }
    return list.data;
}

Test(issues, are_taken_up_by_a_word_of_their_kind)
{
    static const char *const phrases[] = {"farm bill", "fur tax bill", "ban on fur", "the law"};
    expect_text(taken_up("The farm bill passed. Ann praised the bill.", phrases, 3), "farm bill=farm bill;bill=farm bill;");
    expect_text(taken_up("The farm bill passed. Ann praised this measure.", phrases, 3), "farm bill=farm bill;measure=farm bill;");
    expect_text(taken_up("The farm bill passed. Ann praised the law.", phrases, 4), "farm bill=farm bill;law=farm bill;");
    expect_text(taken_up("The farm bill, the fur tax bill. Ann praised the bill.", phrases, 3),
                "farm bill=farm bill;fur tax bill=fur tax bill;bill=fur tax bill;");
    expect_text(taken_up("A ban on fur came. Ann praised the ban.", phrases, 3), "ban on fur=ban on fur;ban=ban on fur;");
    expect_text(taken_up("A ban on fur came. Ann praised the bill.", phrases, 3), "ban on fur=ban on fur;");
    expect_text(taken_up("The farm bill passed. Ann wrote a bill.", phrases, 3), "farm bill=farm bill;");
    expect_text(taken_up("Ann praised the bill. The farm bill passed.", phrases, 3), "farm bill=farm bill;");
    expect_text(taken_up("The farm bill passed. {Person:Ann} wrote the {Misc:Bill} of May.", phrases, 3), "farm bill=farm bill;");
}

Test(issues, are_entities_only_where_someone_has_a_stance_toward_them)
{
    static const char *const phrases[] = {"fur ban", "peace talks"};
    struct reading reading = read_issues("The fur ban and the peace talks divide {Person:Ann} and {Person:Bo}. The fur ban came.", phrases, 2);
    struct entities entities = {.count = 2};
    entities.items = arena_take_zeroed(arena, 2, sizeof *entities.items);
    for (size_t i = 0; i < 2; i++) {
        entities.items[i] = (struct entity){.name = view_of(i ? "Bo" : "Ann"), .mention_count = 1};
        entities.items[i].mentions = arena_take_zeroed(arena, 1, sizeof *entities.items[i].mentions);
        entities.items[i].mentions[0].span = made_mark(&reading, i ? "Bo" : "Ann", 0)->span;
    }
    issues_settle(&reading, &entities, knowledge);
    cr_assert(eq(sz, entities.count, 4));
    struct stance stance = {.source = 1, .target = issues_entity(&reading, 0)};
    struct attribution attribution = {.entity = 0};
    struct stances stances = {.items = &stance, .count = 1};
    reading.attributions = &attribution;
    reading.attribution_count = 1;
    entities_keep(&reading, &entities, &stances);
    cr_assert(eq(sz, entities.count, 3));
    const struct entity *issue = &entities.items[stance.target];
    cr_expect(eq(int, stance.target, 0), "in order of first mentions");
    cr_expect(eq(int, issue->type, ENTITY_MISC));
    cr_expect(view_equal(issue->name, view_of("fur ban")));
    cr_assert(eq(sz, issue->mention_count, 2));
    cr_expect(eq(int, issue->mentions[1].kind, MENTION_NOMINAL));
    cr_expect(view_equal(entities.items[stance.source].name, view_of("Bo")));
    cr_expect(view_equal(entities.items[attribution.entity].name, view_of("Ann")));
}

Test(issues, that_are_known_as_measures_have_their_name)
{
    static const char *const phrases[] = {"Iran deal", "nuclear deal", "JCPOA", "DACA program", "fur deal"};
    expect_text(taken_up("The Iran deal, the JCPOA and a fur deal.", phrases, 5),
                "Iran deal=Iran nuclear deal;JCPOA=Iran nuclear deal;fur deal=fur deal;");
    expect_text(taken_up("The Iran deal holds. Ann praised the deal.", phrases, 5), "Iran deal=Iran nuclear deal;deal=Iran nuclear deal;");
    expect_text(taken_up("The DACA program stays.", phrases, 5), "DACA program=Deferred Action for Childhood Arrivals;");
    expect_text(taken_up("The Iran nuclear deal holds.", phrases, 5), "Iran nuclear deal=Iran nuclear deal;");
}

Test(issues, that_are_known_as_measures_need_no_tags)
{
    static const char *const phrases[] = {"climate accord", "withdrawal from the Iran deal"};
    expect_text(taken_up("{Location:Iran} kept the {Location:Iran} nuclear deal and the {Location:Paris} climate accord.", phrases, 0),
                "Iran nuclear deal=Iran nuclear deal;Paris climate accord=Paris Agreement;");
    expect_text(taken_up("The {Location:Paris} climate accord.", phrases, 2), "Paris climate accord=Paris Agreement;");
    expect_text(taken_up("A withdrawal from the Iran deal.", phrases, 2), "withdrawal from the Iran deal=withdrawal from the Iran deal;");
    expect_text(taken_up("The {Misc:Iran Nuclear Deal} holds. The Oslo fur deal holds.", phrases, 2), "");
}

Test(issues, are_the_thing_that_the_text_names_too)
{
    static const char *const phrases[] = {"remdesivir", "fur ban"};
    struct reading reading = read_issues("{Misc:Remdesivir} helps. {Person:Ann} praised remdesivir and the fur ban.", phrases, 2);
    struct entities entities = entities_of(&reading, NULL);
    size_t named = entities.count;
    issues_settle(&reading, &entities, NULL);
    cr_assert(eq(sz, reading.topic_mark_count, 2));
    const struct entity *first = &entities.items[issues_entity(&reading, reading.topic_marks[0].topic)];
    cr_expect(first < entities.items + named && view_equal(first->name, view_of("Remdesivir")));
    cr_expect(eq(sz, first->mention_count, 2));
    bool is_new = (size_t)issues_entity(&reading, reading.topic_marks[1].topic) >= named;
    cr_expect(is_new, "nothing is named so");
}

Test(issues, are_the_measure_that_the_text_names_too)
{
    struct reading reading = make_reading("{Misc:NAFTA} fell. {Person:Ann} kept the {Misc:NAFTA} treaty, the Iran deal.", arena);
    struct window window = made_window(&reading);
    uint8_t *tags = arena_take_zeroed(arena, window.word_count + 1, sizeof *tags);
    float *scores = arena_take_zeroed(arena, window.word_count + 1, sizeof *scores);
    for (size_t w = 0; w + 1 < window.word_count; w++)
        if (view_equal(reading_view(&reading, window_words(&window, w, w + 1)), view_of("NAFTA treaty"))) {
            tags[w] = TAG_BEGIN;
            tags[w + 1] = TAG_INSIDE;
        }
    struct entities entities = entities_of(&reading, knowledge);
    size_t named = entities.count;
    issues_add(&reading, &window, 0, tags, scores, knowledge);
    issues_settle(&reading, &entities, knowledge);
    cr_assert(eq(sz, reading.topic_mark_count, 2));
    const struct entity *nafta = &entities.items[issues_entity(&reading, reading.topic_marks[0].topic)];
    cr_expect(nafta < entities.items + named && view_equal(nafta->name, view_of("North American Free Trade Agreement")));
    cr_expect(eq(sz, nafta->mention_count, 2), "the name stands within the issue");
    struct stances none = {0};
    entities_keep(&reading, &entities, &none);
    cr_assert(eq(sz, entities.count, named + 1), "a known measure stays without a stance");
    cr_expect(view_equal(entities.items[named].name, view_of("Iran nuclear deal")));
    cr_expect(eq(int, entities.items[named].mentions[0].kind, MENTION_NOMINAL));
}
