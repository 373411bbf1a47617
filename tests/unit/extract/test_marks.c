#include "processor/extract/marks.h"

#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 16);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(marks, .init = set_up, .fini = tear_down);

/* The only name that is marked where the tags call all words of `text` one name of `type`; "" where none is. */
static struct view name_in(const char *text, enum entity_type type, bool is_cased)
{
    struct reading reading = make_reading(text, arena);
    struct window window = made_window(&reading);
    uint8_t tags[64];
    float scores[64];
    for (size_t i = 0; i < window.word_count; i++) {
        tags[i] = (uint8_t)(2 * type + (i == 0 ? 1 : 2));
        scores[i] = 0.9f;
    }
    reading.mark_count = 0;
    reading.is_cased = is_cased;
    marks_add_names(&reading, &window, tags, scores);
    return reading.mark_count ? reading_view(&reading, reading.marks[0].span) : (struct view){0};
}

Test(marks, of_names_have_a_capital_in_a_cased_text)
{
    static const struct { const char *text; enum entity_type type; bool is_cased; const char *name; } cases[] = {
        {"Ann Lee", ENTITY_PERSON, true, "Ann Lee"},
        {"centrist Mesa", ENTITY_PERSON, true, "Mesa"},
        {"state media Tribune", ENTITY_ORGANIZATION, true, "Tribune"},
        {"al Shabaab", ENTITY_ORGANIZATION, true, "al Shabaab"},
        {"al-Qaida", ENTITY_ORGANIZATION, true, "al-Qaida"},
        {"iPhone", ENTITY_PRODUCT, true, "iPhone"},
        {"military tribunal", ENTITY_ORGANIZATION, true, ""},
        {"ann lee", ENTITY_PERSON, false, "ann lee"},
        {"monkeypox", ENTITY_MISC, true, "monkeypox"},
        {"last week", ENTITY_DATE, true, "last week"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_view(name_in(cases[i].text, cases[i].type, cases[i].is_cased), cases[i].name);
}

Test(marks, know_whether_a_text_is_cased)
{
    cr_expect(marks_is_cased(view_of("Ann Lee met the mayor of Oslo on Monday to talk about ferries.")));
    cr_expect(not(marks_is_cased(view_of("ann lee met the mayor of oslo on monday to talk about ferries."))));
    cr_expect(not(marks_is_cased(view_of(""))));
}

Test(marks, find_pronouns_and_nominals)
{
    static const struct { const char *text, *mark; enum mention_kind kind; } cases[] = {
        {"Then he left.", "he", MENTION_PRONOUN},
        {"We left.", "We", MENTION_PRONOUN},
        {"It hurt the Finnish phone maker badly.", "the Finnish phone maker", MENTION_NOMINAL},
        {"The company from Oslo left.", "The company", MENTION_NOMINAL},
        {"It hurt the party leader.", "the party leader", MENTION_NOMINAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].text, arena);
        const struct mark *mark = made_mark(&reading, cases[i].mark, 0);
        cr_assert(mark != NULL, "'%s' is not found in: %s", cases[i].mark, cases[i].text);
        cr_expect(eq(int, mark->kind, cases[i].kind));
    }
}

Test(marks, leave_alone_what_is_no_actor)
{
    static const char *const texts[] = {"The US left.", "Look at the sky.", "the end of the company's", "his plan"};
    static const size_t counts[] = {0, 0, 1, 0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading reading = make_reading(texts[i], arena);
        cr_expect(eq(sz, reading.mark_count, counts[i]), "%s", texts[i]);
    }
}
