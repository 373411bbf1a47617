#include "processor/model/tokenizer.h"
#include "tests/expect.h"
#include "tests/make_model.h"

#include <time.h>
#include <unistd.h>

#define MODEL "models/stanced-en-small.bin"

enum { PIECES_MOST = 40 };

/* What the `tokenizers` library (0.23) makes of some lines with the vocabulary of BERT uncased: id, first and last byte. */
static const struct {
    const char *text;
    size_t bytes, count;
    uint32_t pieces[PIECES_MOST][3];
} GOLDEN[] = {
    {"The Ministry's spokesperson said: \342\200\234We won't accept it!\342\200\235",
     59, 16, {{1996, 0, 3}, {3757, 4, 12}, {1005, 12, 13}, {1055, 13, 14}, {15974, 15, 27}, {2056, 28, 32},
     {1024, 32, 33}, {1523, 34, 37}, {2057, 37, 39}, {2180, 40, 43}, {1005, 43, 44}, {1056, 44, 45}, {5138, 46,
     52}, {2009, 53, 55}, {999, 55, 56}, {1524, 56, 59}}},
    {"U.S.-China trade talks (2019) cost $3.5bn",
     41, 17, {{1057, 0, 1}, {1012, 1, 2}, {1055, 2, 3}, {1012, 3, 4}, {1011, 4, 5}, {2859, 5, 10}, {3119, 11,
     16}, {7566, 17, 22}, {1006, 23, 24}, {10476, 24, 28}, {1007, 28, 29}, {3465, 30, 34}, {1002, 35, 36}, {1017,
     36, 37}, {1012, 37, 38}, {1019, 38, 39}, {24700, 39, 41}}},
    {"na\303\257ve caf\303\251 \303\205ngstr\303\266m \303\211COLE",
     30, 5, {{15743, 0, 6}, {7668, 7, 12}, {17076, 13, 17}, {15687, 17, 23}, {12431, 24, 30}}},
    {"\304\260stanbul \307\205 \303\237 \341\272\236 \357\254\201n",
     24, 6, {{9960, 0, 9}, {100, 10, 12}, {1096, 13, 15}, {1096, 16, 19}, {1984, 20, 23}, {2078, 23, 24}}},
    {"e\314\201a\314\201 \314\201 x", 11, 2, {{19413, 0, 4}, {1060, 10, 11}}},
    {"\346\235\261\344\272\254 and \354\204\234\354\232\270 \342\200\224 ok",
     24, 10, {{1879, 0, 3}, {1755, 3, 6}, {1998, 7, 10}, {1461, 11, 14}, {30008, 11, 14}, {29999, 14, 17},
     {30014, 14, 17}, {30022, 14, 17}, {1517, 18, 21}, {7929, 22, 24}}},
    {"\342\211\240 a\342\211\240b \315\276",
     12, 5, {{1027, 0, 3}, {1037, 4, 5}, {1027, 5, 8}, {1038, 8, 9}, {1025, 10, 12}}},
    {"tab\011new\012line\302\240nbsp\342\200\213zw\302\255shy",
     28, 9, {{21628, 0, 3}, {2047, 4, 7}, {2240, 8, 12}, {1050, 14, 15}, {5910, 15, 17}, {2361, 17, 18}, {2480,
     21, 22}, {9333, 22, 26}, {10536, 26, 28}}},
    {"\357\277\275x\000y \356\200\200", 10, 2, {{1060, 3, 4}, {2100, 5, 6}}},
    {"unaffableness antidisestablishmentarianism",
     42, 12, {{14477, 0, 3}, {20961, 3, 6}, {3468, 6, 9}, {2791, 9, 13}, {3424, 14, 18}, {10521, 18, 21}, {4355,
     21, 24}, {7875, 24, 26}, {13602, 26, 30}, {3672, 30, 34}, {12199, 34, 39}, {2964, 39, 42}}},
    {"[SEP] [CLS]x",
     12, 8, {{1031, 0, 1}, {19802, 1, 4}, {1033, 4, 5}, {1031, 6, 7}, {18856, 7, 9}, {2015, 9, 10}, {1033, 10,
     11}, {1060, 11, 12}}},
    {"\360\235\222\263 \360\237\230\200 \360\237\221\215\360\237\217\275",
     18, 3, {{100, 0, 4}, {100, 5, 9}, {100, 10, 18}}},
    {"\340\274\200 \340\270\201\340\270\263 \340\244\271\340\244\277\340\244\250\340\245\215\340\244\246\340\245\200",
     29, 7, {{100, 0, 3}, {100, 4, 10}, {1339, 11, 14}, {29877, 14, 17}, {29863, 17, 20}, {29861, 23, 26},
     {29878, 26, 29}}},
    {"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
     101, 1, {{100, 0, 101}}},
    {"", 0, 0, {{0}}},
};

/* A tokenizer with a small vocabulary of our own, or that of a file. */
static struct view bytes;
static struct model_file *file;
static struct tokenizer *tokenizer;
static struct arena *arena;

static void open_vocab(const char *vocab)
{
    static const struct model_shape shape = {.layers = 1, .width = 64, .heads = 1, .hidden = 64, .positions = 16, .window = 16, .inner = 64};
    struct error err = {0};
    struct model_shape own = shape;
    struct model_maker *maker = maker_new(1);
    own.vocab = vocab;
    maker_add_encoder(maker, &own);
    bytes = maker_finish(maker);
    file = model_file_read(bytes, &err);
    expect_fine(file != NULL, err);
    tokenizer = tokenizer_new(file, &err);
    expect_fine(tokenizer != NULL, err);
    arena = arena_new(1 << 16);
}

static void open_small(void)
{
    open_vocab(SMALL_VOCAB);
}

static void open_shipped(void)
{
    struct error err = {0};
    if (access(MODEL, R_OK) != 0)
        cr_skip_test("no " MODEL);
    file = model_file_open(MODEL, &err);
    expect_fine(file != NULL, err);
    tokenizer = tokenizer_new(file, &err);
    expect_fine(tokenizer != NULL, err);
    arena = arena_new(1 << 16);
}

static void close_all(void)
{
    arena_free(arena);
    tokenizer_free(tokenizer);
    model_file_close(file);
    model_bytes_free(bytes);
}

static struct pieces split(struct view text)
{
    return tokenizer_split(tokenizer, text, (struct span){.start = 0, .end = (uint32_t)text.len}, arena);
}

Test(tokenizer, agrees_with_the_reference_library, .init = open_shipped, .fini = close_all)
{
    for (size_t i = 0; i < sizeof GOLDEN / sizeof *GOLDEN; i++) {
        struct pieces pieces = split((struct view){.data = GOLDEN[i].text, .len = GOLDEN[i].bytes});
        cr_expect(eq(sz, pieces.count, GOLDEN[i].count), "line %zu", i);
        for (size_t j = 0; j < pieces.count && j < GOLDEN[i].count; j++) {
            cr_expect(eq(u32, pieces.items[j].id, GOLDEN[i].pieces[j][0]), "line %zu, piece %zu", i, j);
            cr_expect(eq(u32, pieces.items[j].span.start, GOLDEN[i].pieces[j][1]), "line %zu, piece %zu", i, j);
            cr_expect(eq(u32, pieces.items[j].span.end, GOLDEN[i].pieces[j][2]), "line %zu, piece %zu", i, j);
        }
    }
}

Test(tokenizer, matches_the_longest_piece_and_marks_word_starts, .init = open_small, .fini = close_all)
{
    static const struct { uint32_t start, end, id; bool is_word_start; } expected[] = {
        {0, 3, 7, true}, {4, 6, 4, true}, {6, 9, 5, false}, {9, 13, 6, false}, {13, 14, 9, true}, {15, 16, 10, true}, {16, 17, 11, false}};
    struct pieces pieces = split(view_of("The UNaffable. ss"));
    cr_assert(eq(sz, pieces.count, sizeof expected / sizeof *expected));
    for (size_t i = 0; i < pieces.count; i++) {
        cr_expect(eq(u32, pieces.items[i].span.start, expected[i].start), "piece %zu", i);
        cr_expect(eq(u32, pieces.items[i].span.end, expected[i].end), "piece %zu", i);
        cr_expect(eq(u32, pieces.items[i].id, expected[i].id), "piece %zu", i);
        cr_expect(eq(int, pieces.items[i].is_word_start, expected[i].is_word_start), "piece %zu", i);
    }
}

Test(tokenizer, tells_the_shape_of_a_words_case, .init = open_small, .fini = close_all)
{
    static const struct { const char *text; enum case_shape shape; } cases[] = {
        {"the", CASE_LOWER}, {"The", CASE_TITLE},   {"THE", CASE_UPPER}, {"U", CASE_TITLE},        {"tHe", CASE_MIXED},  {"McConnell", CASE_MIXED},
        {"7", CASE_NONE},    {"-", CASE_NONE},      {"7th", CASE_LOWER}, {"7TH", CASE_UPPER},      {"X2", CASE_TITLE},   {"USs", CASE_MIXED},
        {"\303\211tat", CASE_TITLE}, {"\303\211TAT", CASE_UPPER}, {"\303\251tat", CASE_LOWER}, {"\307\205x", CASE_TITLE}, {"\346\235\261", CASE_NONE}, {"2X", CASE_TITLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pieces pieces = split(view_of(cases[i].text));
        cr_assert(ge(sz, pieces.count, 1));
        for (size_t j = 0; j < pieces.count; j++)
            cr_expect(eq(int, pieces.items[j].case_shape, cases[i].shape), "%s, piece %zu", cases[i].text, j);
    }
}

Test(tokenizer, reads_only_within_the_span_and_counts_from_the_texts_start, .init = open_small, .fini = close_all)
{
    struct view text = view_of("the the the");
    struct pieces pieces = tokenizer_split(tokenizer, text, (struct span){.start = 4, .end = 7}, arena);
    cr_assert(eq(sz, pieces.count, 1));
    cr_expect(eq(u32, pieces.items[0].span.start, 4));
    cr_expect(eq(u32, pieces.items[0].span.end, 7));
    cr_expect(eq(sz, tokenizer_split(tokenizer, text, (struct span){.start = 3, .end = 3}, arena).count, 0));
}

Test(tokenizer, makes_one_unknown_of_a_word_it_cannot_cover, .init = open_small, .fini = close_all)
{
    struct pieces pieces = split(view_of("s unq ul"));
    cr_assert(eq(sz, pieces.count, 4));
    cr_expect(eq(u32, pieces.items[1].id, 1));
    cr_expect(eq(u32, pieces.items[1].span.start, 2));
    cr_expect(eq(u32, pieces.items[1].span.end, 5));
    cr_expect(eq(u32, pieces.items[2].id, 8));
    cr_expect(eq(u32, pieces.items[3].id, 14));
}

Test(tokenizer, makes_one_unknown_of_a_word_of_more_than_100_code_points, .init = open_small, .fini = close_all)
{
    char text[102];
    memset(text, 's', sizeof text);
    cr_expect(eq(sz, split((struct view){.data = text, .len = 100}).count, 100));
    struct pieces pieces = split((struct view){.data = text, .len = 101});
    cr_assert(eq(sz, pieces.count, 1));
    cr_expect(eq(u32, pieces.items[0].id, 1));
    cr_expect(eq(u32, pieces.items[0].span.end, 101));
}

Test(tokenizer, takes_linear_time_on_any_text, .init = open_small, .fini = close_all)
{
    static const char *const units[] = {"s", "S", "\314\201", ".", " ", "\355\225\234", "\346\235\261", "\360\235\205\240", "un", "q"};
    enum { BYTES = 2000000 };
    char *text = memory_take(BYTES);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t unit = strlen(units[i]), len = BYTES / unit * unit;
        for (size_t at = 0; at < len; at += unit)
            memcpy(text + at, units[i], unit);
        clock_t start = clock();
        struct pieces pieces = split((struct view){.data = text, .len = len});
        double took = (double)(clock() - start) / CLOCKS_PER_SEC;
        cr_expect(lt(dbl, took, 4), "unit %zu: %zu pieces in %g s", i, pieces.count, took);
        arena_reset(arena);
    }
    free(text);
}

Test(tokenizer, knows_its_special_pieces, .init = open_small, .fini = close_all)
{
    cr_expect(eq(u32, tokenizer_cls(tokenizer), 2));
    cr_expect(eq(u32, tokenizer_sep(tokenizer), 3));
}

Test(tokenizer, refuses_a_vocabulary_without_special_pieces)
{
    static const struct { const char *vocab, *says; } cases[] = {
        {"[CLS]\n[SEP]", "[UNK]"}, {"[UNK]\n[SEP]", "[CLS]"}, {"[UNK]\n[CLS]", "[SEP]"}, {"[UNK]\n[CLS]\n[SEP]\na\na", "same"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct model_shape shape = {.layers = 1, .width = 64, .heads = 1, .hidden = 64, .positions = 16, .window = 16, .vocab = cases[i].vocab};
        struct model_maker *maker = maker_new(1);
        maker_add_encoder(maker, &shape);
        bytes = maker_finish(maker);
        file = model_file_read(bytes, &err);
        expect_fine(file != NULL, err);
        cr_expect(eq(ptr, tokenizer_new(file, &err), NULL));
        expect_text(err.code, "model.vocab");
        expect_says(err.text, cases[i].says);
        model_file_close(file);
        model_bytes_free(bytes);
    }
}
