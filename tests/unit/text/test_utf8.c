#include "processor/text/utf8.h"

#include "tests/expect.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(utf8, .init = set_up, .fini = tear_down);

/* As Python's bytes.decode("utf-8", "replace") does: one U+FFFD for each maximal invalid part. */
static const struct {
    const char *bytes, *repaired;
} bad[] = {
    {"\x80", "\uFFFD"},
    {"a\xFFz", "a\uFFFDz"},
    {"\xC0\xAF", "\uFFFD\uFFFD"},
    {"\xE2\x82", "\uFFFD"},
    {"\xE2\x82z", "\uFFFDz"},
    {"\xE2\x28\xA1", "\uFFFD(\uFFFD"},
    {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
    {"\xE0\x80\x80", "\uFFFD\uFFFD\uFFFD"},
    {"\xF0\x9F\x98", "\uFFFD"},
    {"\xF0\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
    {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
    {"\xF5\x80", "\uFFFD\uFFFD"},
    {"12345678\xC3", "12345678\uFFFD"},
    {"\xC3\xC3\xA9", "\uFFFD\u00E9"},
};

Test(utf8, replaces_each_maximal_invalid_part)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect(not(utf8_is_valid(view_of(bad[i].bytes))), "case %zu", i);
        expect_view(utf8_repaired(view_of(bad[i].bytes), arena), bad[i].repaired);
    }
}

Test(utf8, hands_back_valid_text_as_it_is)
{
    static const char *const texts[] = {"", "plain", "\xEF\xBB\xBFwith a mark", "é ß 漢 \U0001F600", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct view text = view_of(texts[i]);
        cr_expect(utf8_is_valid(text), "%s", texts[i]);
        cr_expect(utf8_repaired(text, arena).data == text.data, "%s was copied", texts[i]);
    }
}

Test(utf8, reads_code_points_of_each_length)
{
    struct view text = view_of("a\u00E9\u6F22\U0001F600");
    static const uint32_t expected[] = {'a', 0xE9, 0x6F22, 0x1F600};
    size_t at = 0;
    for (size_t i = 0; i < 4; i++)
        cr_expect(eq(u32, utf8_next(text, &at), expected[i]));
    cr_expect(at == text.len);
    cr_expect(eq(sz, utf8_count(text, text.len), 4));
    cr_expect(eq(sz, utf8_count(text, 3), 2));
}

Test(utf8, moves_a_cursor_forth_and_back)
{
    struct utf8_cursor cursor = {.text = view_of("é漢a\U0001F600z")};
    cr_expect(eq(sz, utf8_cursor_move(&cursor, 5), 2));
    cr_expect(eq(sz, utf8_cursor_move(&cursor, 11), 5));
    cr_expect(eq(sz, utf8_cursor_move(&cursor, 2), 1));
    cr_expect(eq(sz, utf8_cursor_move(&cursor, 2), 1));
    cr_expect(eq(sz, utf8_cursor_move(&cursor, 0), 0));
}

Test(utf8, knows_what_code_points_are)
{
    static const struct {
        uint32_t c;
        bool space, letter, digit, upper, lower;
    } cases[] = {
        {' ', .space = true},    {'\n', .space = true},   {0xA0, .space = true},   {0x200B, .space = true}, {0x3000, .space = true},
        {'a', .letter = true, .lower = true},             {'Z', .letter = true, .upper = true},
        {0xE9, .letter = true, .lower = true},            {0x0416, .letter = true, .upper = true},
        {0x01C5, .letter = true, .upper = true},          {0x6F22, .letter = true}, {0x05D0, .letter = true},
        {'7', .digit = true},    {0x0667, .digit = true}, {.c = '_'},              {.c = 0x2014},           {.c = 0x1F600},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect(utf8_is_space(cases[i].c) == cases[i].space, "space U+%04X", cases[i].c);
        cr_expect(utf8_is_letter(cases[i].c) == cases[i].letter, "letter U+%04X", cases[i].c);
        cr_expect(utf8_is_digit(cases[i].c) == cases[i].digit, "digit U+%04X", cases[i].c);
        cr_expect(utf8_is_upper(cases[i].c) == cases[i].upper, "upper U+%04X", cases[i].c);
        cr_expect(utf8_is_lower(cases[i].c) == cases[i].lower, "lower U+%04X", cases[i].c);
    }
}
