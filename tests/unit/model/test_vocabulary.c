#include "processor/model/vocabulary.h"
#include "tests/expect.h"

Test(vocabulary, finds_pieces_and_the_longest_match)
{
    struct error err = {0};
    struct vocabulary *vocabulary = vocabulary_new(view_of("a\nab\nabcd\n##c\n##cd\nb\n#"), 7, &err);
    expect_fine(vocabulary != NULL, err);
    static const struct {
        const char *letters;
        bool continuing;
        size_t bytes;
        uint32_t id;
    } cases[] = {
        {"abc", false, 2, 1}, {"abcd", false, 4, 2}, {"abcde", false, 4, 2}, {"ax", false, 1, 0}, {"x", false, 0, 0},  {"", false, 0, 0},
        {"cd", true, 2, 4},   {"cx", true, 1, 3},    {"ab", true, 0, 0},     {"#", false, 1, 6},  {"##c", false, 3, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t id = 0;
        size_t bytes = vocabulary_match(vocabulary, view_of(cases[i].letters), cases[i].continuing, &id);
        cr_expect(eq(sz, bytes, cases[i].bytes), "%s", cases[i].letters);
        cr_expect(eq(u32, id, cases[i].id), "%s", cases[i].letters);
    }
    cr_expect(eq(u32, vocabulary_find(vocabulary, view_of("##cd")), 4));
    cr_expect(eq(u32, vocabulary_find(vocabulary, view_of("abc")), VOCABULARY_NONE));
    cr_expect(eq(u32, vocabulary_find(vocabulary, view_of("")), VOCABULARY_NONE));
    vocabulary_free(vocabulary);
}

Test(vocabulary, takes_a_newline_at_the_end)
{
    struct error err = {0};
    struct vocabulary *vocabulary = vocabulary_new(view_of("a\nb\n"), 2, &err);
    expect_fine(vocabulary != NULL, err);
    vocabulary_free(vocabulary);
}

Test(vocabulary, matches_nothing_inside_words_where_no_piece_goes_on)
{
    struct error err = {0};
    uint32_t id;
    struct vocabulary *vocabulary = vocabulary_new(view_of("a\n#"), 2, &err);
    cr_expect(eq(sz, vocabulary_match(vocabulary, view_of("a"), true, &id), 0));
    vocabulary_free(vocabulary);
}

Test(vocabulary, refuses_what_is_not_a_list_of_pieces)
{
    static const struct { const char *pieces; size_t count; const char *says; } cases[] = {
        {"a\nb", 3, "config.vocab"}, {"a\nb", 1, "config.vocab"}, {"", 1, "config.vocab"}, {"a\na", 2, "same"},
        {"a\n\nb", 3, "empty"},      {"\na", 2, "empty"},         {"a\n\xFF", 2, "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        cr_expect(eq(ptr, vocabulary_new(view_of(cases[i].pieces), cases[i].count, &err), NULL), "case %zu", i);
        expect_text(err.code, "model.vocab");
        expect_says(err.text, cases[i].says);
    }
}
