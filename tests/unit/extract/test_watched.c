#include "processor/extract/watched.h"

#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"

static struct arena *arena;
static struct error err;

static void set_up(void)
{
    arena = arena_new(1 << 16);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(watched, .init = set_up, .fini = tear_down);

/* Topics "t0", "t1", ... with one pattern each. */
static struct watched *compile(const char *const *patterns, size_t count)
{
    struct settings_topic *topics = arena_take_zeroed(arena, count, sizeof *topics);
    for (size_t i = 0; i < count; i++) {
        const char **items = arena_take_zeroed(arena, 2, sizeof *items);
        items[0] = patterns[i];
        topics[i] = (struct settings_topic){.name = arena_print(arena, "t%zu", i).data, .patterns = {items, 1}, .where = "test.yaml:3"};
    }
    err = (struct error){0};
    return watched_new(&(struct settings_topics){.items = topics, .count = count}, &err);
}

/* What is found in `text`, as "t0=words;t1=words;"; read as one window. */
static const char *found(const char *text, const char *const *patterns, size_t count)
{
    struct watched *watched = compile(patterns, count);
    cr_assert(watched != NULL, "%s", err.text);
    struct reading reading = make_reading(text, arena);
    struct window window = made_window(&reading);
    reading.watched = watched;
    watched_add(&reading, &window, 0, 0);
    struct view list = {.data = "", .len = 0};
    for (size_t i = 0; i < reading.topic_mark_count; i++) {
        struct view words = reading_view(&reading, reading.topic_marks[i].span), name = watched_name(watched, reading.topic_marks[i].topic);
        list = arena_print(arena, "%s%.*s=%.*s;", list.data, (int)name.len, name.data, (int)words.len, words.data);
    }
    watched_free(watched);
    return list.data;
}

static const char *found_one(const char *text, const char *pattern)
{
    return found(text, &pattern, 1);
}

Test(watched, are_mentioned_by_position_and_issues_are_not_theirs)
{
    static const char *const patterns[] = {"ban", "the Huawei ban"};
    struct watched *watched = compile(patterns, 2);
    struct reading reading = make_reading("A ban, and the Huawei ban.", arena);
    struct window window = made_window(&reading);
    reading.watched = watched;
    watched_add(&reading, &window, 0, 0);
    reading.topic_marks = reading_room(arena, reading.topic_marks, reading.topic_mark_count, &reading.topic_mark_room, sizeof *reading.topic_marks);
    reading.topic_marks[reading.topic_mark_count++] = (struct topic_mark){.span = {0, 5}, .is_issue = true, .topic = 99};

    size_t count;
    const struct topic_mention *mentions = watched_mentions(&reading, &count);

    cr_assert(eq(sz, count, 3));
    static const struct { const char *topic, *words; } expected[] = {{"t0", "ban"}, {"t1", "the Huawei ban"}, {"t0", "ban"}};
    for (size_t i = 0; i < count; i++) {
        expect_view(mentions[i].topic, expected[i].topic);
        expect_view(reading_view(&reading, mentions[i].span), expected[i].words);
    }
    watched_free(watched);
}

Test(watched, are_found_by_phrases)
{
    static const struct { const char *pattern, *text, *found; } cases[] = {
        {"Huawei ban", "The Huawei ban hurts.", "t0=Huawei ban;"},
        {"huawei BAN", "The Huawei ban hurts.", "t0=Huawei ban;"},
        {"Huawei ban", "A huawei  BAN, a Huawei\tban.", "t0=huawei  BAN;t0=Huawei\tban;"},
        {"Huawei ban", "Huawei bans and Huaweis ban.", ""},
        {"ban", "Urban bans band bandana ban", "t0=ban;"},
        {"Huawei ban", "Ban Huawei. Huawei. Ban Huawei", ""},
        {"Huawei ban", "Huawei, ban it; a Huawei (ban) and Huawei\xE2\x80\x94" "ban", ""},
        {"Washington, D.C. statehood", "Washington, D.C. statehood or Washington D.C. statehood", "t0=Washington, D.C. statehood;t0=Washington D.C. statehood;"},
        {"Huawei ban", "the Huawei-ban and the \"Huawei\" ban", "t0=Huawei-ban;t0=Huawei\" ban;"},
        {"Huawei ban", "the Huawei ban's end, Huawei\xE2\x80\x99s ban", "t0=Huawei ban;t0=Huawei\xE2\x80\x99s ban;"},
        {"Moore's law", "Moore's law, Moore\xE2\x80\x99s law, Moore law", "t0=Moore's law;t0=Moore\xE2\x80\x99s law;"},
        {"U.S. ban", "the U.S. ban", "t0=U.S. ban;"},
        {"ban ban", "ban ban ban", "t0=ban ban;"},
        {"5G", "a 5G-ready 15G 5Gs 5G", "t0=5G;t0=5G;"},
        {"ban", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_text(found_one(cases[i].text, cases[i].pattern), cases[i].found);
}

Test(watched, are_found_whatever_their_case_in_any_script)
{
    static const struct { const char *pattern, *text, *found; } cases[] = {
        {"\xC3\x9C" "bergang", "der \xC3\xBC" "bergang", "t0=\xC3\xBC" "bergang;"},         /* U umlaut */
        {"u\xCC\x88" "bergang", "der \xC3\x9C" "BERGANG", "t0=\xC3\x9C" "BERGANG;"},        /* taken apart, and not */
        {"stra\xC3\x9F" "e", "die STRASSE", "t0=STRASSE;"},                                  /* sharp s */
        {"\xD0\xB7\xD0\xB0\xD0\xBF\xD1\x80\xD0\xB5\xD1\x82", "\xD0\x97\xD0\x90\xD0\x9F\xD0\xA0\xD0\x95\xD0\xA2!",
         "t0=\xD0\x97\xD0\x90\xD0\x9F\xD0\xA0\xD0\x95\xD0\xA2;"},                           /* Cyrillic */
        {"ban", "\xC3\xA9" "ban ban\xC3\xA9", ""},                                           /* e acute is a letter */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_text(found_one(cases[i].text, cases[i].pattern), cases[i].found);
}

Test(watched, a_star_stands_for_the_rest_of_a_word)
{
    static const struct { const char *pattern, *text, *found; } cases[] = {
        {"ban*", "ban bans Banning urban ba", "t0=ban;t0=bans;t0=Banning;"},
        {"ban* Huawei", "banning Huawei and banned Huawei gear", "t0=banning Huawei;t0=banned Huawei;"},
        {"ban* on Huawei*", "bans on Huawei's gear", "t0=bans on Huawei's;"},
        {"a* a* b*", "aa ab ac bb", "t0=ab ac bb;"},
        {"caf\xC3\xA9*", "Caf\xC3\xA9s", "t0=Caf\xC3\xA9s;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_text(found_one(cases[i].text, cases[i].pattern), cases[i].found);
}

Test(watched, may_overlap_one_another_but_not_themselves)
{
    static const char *const patterns[] = {"Huawei ban", "ban", "ban on gear", "Huawei"};
    expect_text(found("the Huawei ban on gear", patterns, 4), "t3=Huawei;t0=Huawei ban;t1=ban;t2=ban on gear;");

    const char *several[] = {"ban", "ban on Huawei", "Huawei ban", "on Huawei gear"};
    struct settings_topic topic = {.name = "t", .patterns = {several, 4}, .where = ""};
    struct watched *watched = watched_new(&(struct settings_topics){&topic, 1}, &err);
    struct reading reading = make_reading("a Huawei ban, a ban on Huawei gear", arena);
    struct window window = made_window(&reading);
    reading.watched = watched;
    watched_add(&reading, &window, 0, 0);
    cr_assert(eq(sz, reading.topic_mark_count, 2));
    expect_view(reading_view(&reading, reading.topic_marks[0].span), "Huawei ban");
    expect_view(reading_view(&reading, reading.topic_marks[1].span), "ban on Huawei");
    watched_free(watched);
}

Test(watched, know_the_name_that_they_are_a_part_of)
{
    static const char *const patterns[] = {"brexit"};
    struct watched *watched = compile(patterns, 1);
    struct reading reading = make_reading("{Person:Ann} left {Organization:Brexit Party} over Brexit.", arena);
    struct window window = made_window(&reading);
    reading.watched = watched;
    watched_add(&reading, &window, 0, 0);
    cr_assert(eq(sz, reading.topic_mark_count, 2));
    cr_expect(eq(int, reading.topic_marks[0].holder, 1));
    cr_expect(eq(int, reading.topic_marks[1].holder, NOWHERE));
    watched_free(watched);
}

Test(watched, belong_to_the_shortest_words_that_they_stand_in)
{
    static const char *const patterns[] = {"ban"};
    struct watched *watched = compile(patterns, 1);
    struct reading reading = make_reading("A ban, he said, that she called a ban too, is a ban.", arena);
    struct window window = made_window(&reading);
    reading.watched = watched;
    watched_add(&reading, &window, 0, 0);
    struct attribution attributions[] = {{.content = {16, 44}}, {.content = {31, 37}}};
    reading.attributions = attributions;
    reading.attribution_count = 2;
    watched_settle(&reading);
    cr_assert(eq(sz, reading.topic_mark_count, 3));
    cr_expect(eq(int, reading.topic_marks[0].attribution, NOWHERE));
    cr_expect(eq(int, reading.topic_marks[1].attribution, 1));
    cr_expect(eq(int, reading.topic_marks[2].attribution, NOWHERE));
    watched_free(watched);
}

Test(watched, refuses_patterns_that_are_none)
{
    static const char *const patterns[] = {"*", "?!", "b*n", "*ban", "ban *", "a b*c", "ban**", "ban.*"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        cr_expect(compile(&patterns[i], 1) == NULL, "accepted %s", patterns[i]);
        cr_expect(eq(int, err.kind, ERROR_CONFIG));
        expect_text(err.code, "topics.pattern");
        expect_says(err.text, "test.yaml:3: topic \"t0\": pattern");
    }
}

Test(watched, leave_no_two_mentions_of_one_topic_on_a_word)
{
    static const char *const patterns[] = {"a*", "aa*", "a a a a a a a a", "a* a*", "aaa"};
    expect_text(found("a a a a a", patterns, 5), "t0=a;t3=a a;t0=a;t0=a;t3=a a;t0=a;t0=a;");
}

Test(watched, keep_a_bounded_number_of_mentions_of_each_sentence)
{
    static const char *const patterns[] = {"a*", "a", "a* a*"};
    struct watched *watched = compile(patterns, 3);
    char *text = arena_take(arena, MADE_WORDS_MOST);
    for (size_t i = 0; i < MADE_WORDS_MOST; i++)
        text[i] = i % 2 ? ' ' : 'a';
    memcpy(text + 1000, "\n", 1);
    text[MADE_WORDS_MOST - 1] = '\0';
    struct reading reading = make_reading(text, arena);
    struct window window = made_window(&reading);
    reading.watched = watched;
    watched_add(&reading, &window, 0, 0);
    cr_expect(eq(sz, reading.topic_mark_count, 2 * WATCHED_MOST));
    watched_free(watched);
}

Test(watched, stand_among_the_issues_by_position)
{
    struct watched *watched = compile((const char *[]){"fur ban"}, 1);
    struct reading reading = make_reading("A fur ban, a tax, a {Organization:Fur Ban League}.", arena);
    struct window window = made_window(&reading);
    size_t room = 0;
    reading.topic_marks = reading_room(arena, NULL, 0, &room, sizeof *reading.topic_marks);
    reading.topic_mark_room = room;
    reading.topic_marks[reading.topic_mark_count++] = (struct topic_mark){.span = {13, 16}, .is_issue = true, .holder = NOWHERE};
    reading.watched = watched;
    watched_add(&reading, &window, 0, 0);
    cr_assert(eq(sz, reading.topic_mark_count, 3));
    expect_view(reading_view(&reading, reading.topic_marks[0].span), "fur ban");
    expect_view(reading_view(&reading, reading.topic_marks[1].span), "tax");
    expect_view(reading_view(&reading, reading.topic_marks[2].span), "Fur Ban");
    cr_expect(eq(int, reading.topic_marks[0].holder, NOWHERE));
    cr_expect(eq(int, reading.topic_marks[2].holder, 0));
    watched_free(watched);
}
