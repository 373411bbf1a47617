/* The heads on random hidden states against the formulas of heads.h, written out once more in double. */
#include "processor/model/heads.h"
#include "processor/model/kernels.h"
#include "tests/expect.h"
#include "tests/make_model.h"

enum { WIDTH = 64, INNER = 128, COUNT = 30 };

static const struct model_shape SHAPE = {.layers = 1, .width = WIDTH, .heads = 2, .hidden = 64, .positions = 32, .window = 32,
                                         .inner = INNER, .has_transitions = true, .vocab = SMALL_VOCAB};

static struct view bytes;
static struct model_file *file;
static struct heads *heads;
static struct heads_scratch *scratch;
static float hidden[COUNT * WIDTH];

static void open_shape(struct model_shape shape, const struct kernels *kernels)
{
    struct error err = {0};
    bytes = model_of_shape(&shape, 5);
    file = model_file_read(bytes, &err);
    expect_fine(file != NULL, err);
    heads = heads_new_with(file, kernels, &err);
    expect_fine(heads != NULL, err);
    scratch = heads_scratch_new(heads);
    struct model_maker *maker = maker_new(9);
    for (size_t i = 0; i < COUNT * WIDTH; i++)
        hidden[i] = 1.7F * maker_random(maker);
    free(maker);
}

static void close_all(void)
{
    heads_scratch_free(scratch);
    heads_free(heads);
    model_file_close(file);
    model_bytes_free(bytes);
}

static const float *numbers(const char *head, const char *name)
{
    char section[80];
    snprintf(section, sizeof section, "%s.%s", head, name);
    struct view view = model_file_section(file, section);
    cr_assert(ne(sz, view.len, 0), "%s", section);
    return (const float *)(const void *)view.data;
}

static double gelu(double x)
{
    return 0.5 * x * (1 + erf(x / sqrt(2)));
}

/* out[o] += w[o] . x */
static void add_product(const float *w, size_t rows, size_t cols, const double *x, double *out)
{
    for (size_t o = 0; o < rows; o++)
        for (size_t i = 0; i < cols; i++)
            out[o] += (double)w[o * cols + i] * x[i];
}

static void add_bias(const float *bias, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] += (double)bias[i];
}

static void mean(struct rows rows, double *out)
{
    for (size_t i = 0; i < WIDTH; i++) {
        out[i] = 0;
        for (size_t t = rows.start; t < rows.end; t++)
            out[i] += (double)hidden[t * WIDTH + i] / (rows.end - rows.start);
    }
}

static void softmax(double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] = exp(values[i]);
    for (size_t i = 0; i < count; i++)
        values[i] /= sum;
}

/* Attention of a pair head: context [INNER] for a query. */
static void read_range(const char *head, const double *query, struct rows range, double *context)
{
    double keys[COUNT][INNER] = {{0}}, values[COUNT][INNER] = {{0}};
    for (size_t t = range.start; t < range.end; t++) {
        double row[WIDTH];
        mean((struct rows){.start = (uint32_t)t, .end = (uint32_t)t + 1}, row);
        add_product(numbers(head, "key"), INNER, WIDTH, row, keys[t]);
        add_bias(numbers(head, "key_bias"), INNER, keys[t]);
        add_product(numbers(head, "value"), INNER, WIDTH, row, values[t]);
        add_bias(numbers(head, "value_bias"), INNER, values[t]);
    }
    for (size_t at = 0; at < INNER; at += 64) {
        double weights[COUNT];
        for (size_t t = range.start; t < range.end; t++) {
            weights[t] = 0;
            for (size_t i = at; i < at + 64; i++)
                weights[t] += query[i] * keys[t][i] / 8;
        }
        softmax(weights + range.start, range.end - range.start);
        for (size_t i = at; i < at + 64; i++) {
            context[i] = 0;
            for (size_t t = range.start; t < range.end; t++)
                context[i] += weights[t] * values[t][i];
        }
    }
}

static void read_pair(const char *head, struct rows a, struct rows b, struct rows range, size_t classes, double *probabilities)
{
    double va[WIDTH], vb[WIDTH], product[WIDTH], query[INNER] = {0}, context[INNER], z[INNER] = {0};
    mean(a, va);
    mean(b, vb);
    for (size_t i = 0; i < WIDTH; i++) {
        if (a.start == a.end)
            va[i] = (double)numbers(head, "author")[i];
        product[i] = va[i] * vb[i];
    }
    add_product(numbers(head, "query_a"), INNER, WIDTH, va, query);
    add_product(numbers(head, "query_b"), INNER, WIDTH, vb, query);
    add_bias(numbers(head, "query_bias"), INNER, query);
    read_range(head, query, range, context);
    add_product(numbers(head, "hidden_a"), INNER, WIDTH, va, z);
    add_product(numbers(head, "hidden_b"), INNER, WIDTH, vb, z);
    add_product(numbers(head, "hidden_product"), INNER, WIDTH, product, z);
    add_product(numbers(head, "hidden_context"), INNER, INNER, context, z);
    add_bias(numbers(head, "hidden_bias"), INNER, z);
    for (size_t i = 0; i < INNER; i++)
        z[i] = gelu(z[i]);
    memset(probabilities, 0, classes * sizeof *probabilities);
    add_product(numbers(head, "out"), classes, INNER, z, probabilities);
    add_bias(numbers(head, "out_bias"), classes, probabilities);
    softmax(probabilities, classes);
}

static double worst_of(const double *expected, const float *got, size_t count)
{
    double worst = 0;
    for (size_t i = 0; i < count; i++)
        worst = fmax(worst, fabs(expected[i] - (double)got[i]));
    return worst;
}

static const struct {
    struct rows a, b, range;
} PAIRS[] = {
    {{3, 5}, {8, 9}, {1, 20}}, {{8, 9}, {3, 5}, {1, 20}}, {{3, 5}, {12, 14}, {12, 30}}, {{0, 30}, {29, 30}, {0, 1}},
    {{0, 0}, {8, 9}, {1, 20}}, {{7, 7}, {3, 5}, {2, 30}}, {{4, 6}, {4, 6}, {0, 30}},
};

Test(heads, read_stances_by_their_formulas)
{
    static const size_t mirrored[] = {0, 2, 1, 4, 3};
    for (int is_fast = 0; is_fast < 2; is_fast++) {
        open_shape(SHAPE, is_fast ? kernels_at(0) : kernels_exact());
        heads_pairs_prepare(heads, scratch, hidden, COUNT);
        for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
            double forth[5], back[5];
            float got[5];
            read_pair("stance", PAIRS[i].a, PAIRS[i].b, PAIRS[i].range, 5, forth);
            if (PAIRS[i].a.start < PAIRS[i].a.end) {
                read_pair("stance", PAIRS[i].b, PAIRS[i].a, PAIRS[i].range, 5, back);
                for (size_t j = 0; j < 5; j++)
                    forth[j] = (forth[j] + back[mirrored[j]]) / 2;
            }
            heads_stance(heads, scratch, hidden, PAIRS[i].a, PAIRS[i].b, PAIRS[i].range, got);
            cr_expect(le(dbl, worst_of(forth, got, 5), 2e-5), "pair %zu: off by %g", i, worst_of(forth, got, 5));
        }
        close_all();
    }
}

Test(heads, read_portrayals_by_their_formulas)
{
    for (int is_fast = 0; is_fast < 2; is_fast++) {
        open_shape(SHAPE, is_fast ? kernels_at(0) : kernels_exact());
        heads_pairs_prepare(heads, scratch, hidden, COUNT);
        for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
            double expected[3];
            float got[3];
            read_pair("portrayal", (struct rows){0, 0}, PAIRS[i].b, PAIRS[i].range, 3, expected);
            heads_portrayal(heads, scratch, hidden, PAIRS[i].b, PAIRS[i].range, got);
            cr_expect(le(dbl, worst_of(expected, got, 3), 2e-5), "case %zu: off by %g", i, worst_of(expected, got, 3));
        }
        close_all();
    }
}

Test(heads, give_a_stance_that_mirrors_when_the_pair_does)
{
    struct model_shape shape = SHAPE;
    shape.is_i8 = true;
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        float ab[5], ba[5];
        open_shape(shape, kernels_at(k));
        heads_pairs_prepare(heads, scratch, hidden, COUNT);
        heads_stance(heads, scratch, hidden, (struct rows){3, 5}, (struct rows){8, 9}, (struct rows){1, 20}, ab);
        heads_stance(heads, scratch, hidden, (struct rows){8, 9}, (struct rows){3, 5}, (struct rows){1, 20}, ba);
        cr_expect(le(flt, fabsf(ab[STANCE_A_FOR_B] - ba[STANCE_B_FOR_A]), 1e-6F));
        cr_expect(le(flt, fabsf(ab[STANCE_A_AGAINST_B] - ba[STANCE_B_AGAINST_A]), 1e-6F));
        close_all();
    }
}

Test(heads, give_the_same_answer_for_the_hundredth_pair_of_a_window)
{
    float first[5], again[5];
    open_shape(SHAPE, kernels_at(0));
    heads_pairs_prepare(heads, scratch, hidden, COUNT);
    heads_stance(heads, scratch, hidden, (struct rows){3, 5}, (struct rows){8, 9}, (struct rows){1, 20}, first);
    for (uint32_t i = 0; i < 28; i++)
        for (uint32_t j = 0; j < 10; j++) {
            struct rows a = {i, i + 1}, b = {j, j + 2};
            heads_stance(heads, scratch, hidden, a, b, (struct rows){0, COUNT}, again);
        }
    heads_stance(heads, scratch, hidden, (struct rows){3, 5}, (struct rows){8, 9}, (struct rows){1, 20}, again);
    cr_expect(eq(int, memcmp(first, again, sizeof first), 0));
    close_all();
}

Test(heads, say_the_same_of_a_pair_alone_and_among_others)
{
    enum { ASKS = 3 * PAIR_ASKS_MOST + 5 };
    struct model_shape shape = SHAPE;
    shape.is_i8 = true;
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        static struct pair_ask asks[ASKS], portrayed[ASKS];
        static float together[ASKS][5], leans[ASKS][3];
        open_shape(shape, kernels_at(k));
        for (uint32_t i = 0; i < ASKS; i++) {
            asks[i] = (struct pair_ask){.a = {i % 20, i % 20 + i % 3}, .b = {i % 7 + 3, i % 7 + 5}, .range = {i % 4, COUNT - i % 5}};
            portrayed[i] = (struct pair_ask){.b = asks[i].b, .range = asks[i].range};
        }
        heads_pairs_prepare(heads, scratch, hidden, COUNT);
        heads_stances(heads, scratch, hidden, asks, ASKS, 1, together);
        heads_portrayals(heads, scratch, hidden, portrayed, ASKS, leans);
        for (size_t i = 0; i < ASKS; i++) {
            float alone[5], lean[3];
            heads_stance(heads, scratch, hidden, asks[i].a, asks[i].b, asks[i].range, alone);
            heads_portrayal(heads, scratch, hidden, asks[i].b, asks[i].range, lean);
            cr_expect(eq(int, memcmp(alone, together[i], sizeof alone), 0), "%s: stance %zu", kernels_at(k)->name, i);
            cr_expect(eq(int, memcmp(lean, leans[i], sizeof lean), 0), "%s: portrayal %zu", kernels_at(k)->name, i);
        }
        close_all();
    }
}

Test(heads, ask_in_one_order_alone_where_that_finds_enough_of_none)
{
    static const struct pair_ask asks[] = {{{3, 5}, {8, 9}, {1, 20}}, {{8, 9}, {3, 5}, {1, 20}}};
    float both[2][5], one[2][5], strict[2][5];
    open_shape(SHAPE, kernels_at(0));
    heads_pairs_prepare(heads, scratch, hidden, COUNT);
    heads_stances(heads, scratch, hidden, asks, 2, 1, both);
    heads_stances(heads, scratch, hidden, asks, 2, 0, one); /* any amount of none is enough: each is its first order */
    float mean = 0.5F * (one[0][STANCE_A_FOR_B] + one[1][STANCE_B_FOR_A]);
    cr_expect(le(flt, fabsf(both[0][STANCE_A_FOR_B] - mean), 1e-6F));
    cr_expect(ne(flt, one[0][STANCE_NONE], both[0][STANCE_NONE]));
    heads_stances(heads, scratch, hidden, asks, 2, 0.5F * (one[0][STANCE_NONE] + one[1][STANCE_NONE]), strict);
    size_t less = one[0][STANCE_NONE] < one[1][STANCE_NONE] ? 0 : 1; /* this one is asked in both */
    cr_expect(eq(int, memcmp(strict[less], both[less], sizeof strict[0]), 0));
    cr_expect(eq(int, memcmp(strict[1 - less], one[1 - less], sizeof strict[0]), 0));
    close_all();
}

Test(heads, forget_the_last_window_when_prepared_anew)
{
    float first[5], again[5];
    open_shape(SHAPE, kernels_at(0));
    heads_pairs_prepare(heads, scratch, hidden, COUNT);
    heads_stance(heads, scratch, hidden, (struct rows){3, 5}, (struct rows){8, 9}, (struct rows){1, 20}, first);
    heads_pairs_prepare(heads, scratch, hidden + 5 * WIDTH, COUNT - 5);
    heads_stance(heads, scratch, hidden + 5 * WIDTH, (struct rows){3, 5}, (struct rows){8, 9}, (struct rows){1, 20}, again);
    cr_expect(ne(int, memcmp(first, again, sizeof first), 0));
    heads_pairs_prepare(heads, scratch, hidden, COUNT);
    heads_stance(heads, scratch, hidden, (struct rows){3, 5}, (struct rows){8, 9}, (struct rows){1, 20}, again);
    cr_expect(eq(int, memcmp(first, again, sizeof first), 0));
    close_all();
}

/* heads.h's bucket, by logarithm as the training code has it. */
static size_t bucket(int distance)
{
    int size = abs(distance), step = size < 8 ? size : 8 + (int)(log2(size / 8.0) * 2);
    return (size_t)((step < 15 ? step : 15) + (distance >= 0 ? 16 : 0));
}

Test(heads, link_spans_to_cues_by_their_formula_at_any_distance)
{
    struct rows span = {4, 9}, cue = {20, 22};
    open_shape(SHAPE, kernels_exact());
    for (int distance = -300; distance <= 300; distance += distance > -130 && distance < 130 ? 1 : 10) {
        double first[WIDTH], last[WIDTH], middle[WIDTH], z[128] = {0}, logits[2] = {0};
        mean((struct rows){4, 5}, first);
        mean((struct rows){8, 9}, last);
        mean(cue, middle);
        add_product(numbers("link", "first"), 128, WIDTH, first, z);
        add_product(numbers("link", "last"), 128, WIDTH, last, z);
        add_product(numbers("link", "cue"), 128, WIDTH, middle, z);
        add_bias(numbers("link", "bias"), 128, z);
        add_bias(numbers("link", "distance") + bucket(distance) * 128, 128, z);
        for (size_t i = 0; i < 128; i++)
            z[i] = gelu(z[i]);
        add_product(numbers("link", "out"), 2, 128, z, logits);
        add_bias(numbers("link", "out.bias"), 2, logits);
        double source = (double)heads_link(heads, scratch, hidden, span, cue, distance, ROLE_SOURCE);
        double content = (double)heads_link(heads, scratch, hidden, span, cue, distance, ROLE_CONTENT);
        cr_expect(le(dbl, fabs(source - 1 / (1 + exp(-logits[0]))), 1e-5), "distance %d", distance);
        cr_expect(le(dbl, fabs(content - 1 / (1 + exp(-logits[1]))), 1e-5), "distance %d", distance);
    }
    heads_link(heads, scratch, hidden, span, cue, INT32_MIN, ROLE_SOURCE);
    heads_link(heads, scratch, hidden, span, cue, INT32_MAX, ROLE_SOURCE);
    close_all();
}

Test(heads, tag_words_validly_and_with_probabilities)
{
    static const uint32_t rows[] = {1, 2, 4, 7, 8, 9, 15, 16, 29};
    enum { WORDS = sizeof rows / sizeof *rows };
    for (int has_transitions = 0; has_transitions < 2; has_transitions++) {
        struct model_shape shape = SHAPE;
        uint8_t tags[ROLE_COUNT * WORDS];
        float scores[ROLE_COUNT * WORDS];
        shape.has_transitions = has_transitions;
        open_shape(shape, kernels_at(0));
        heads_names(heads, scratch, hidden, rows, WORDS, tags, scores);
        for (size_t i = 0; i < WORDS; i++) {
            cr_expect(lt(int, tags[i], NAME_TAG_COUNT));
            cr_expect(scores[i] > 0 && scores[i] <= 1);
        }
        for (size_t i = 0; i < WORDS; i++) { /* a word alone: a softmax over the tags that may come first */
            double logits[NAME_TAG_COUNT] = {0}, row[WIDTH];
            mean((struct rows){rows[i], rows[i] + 1}, row);
            add_product(numbers("names", "weight"), NAME_TAG_COUNT, WIDTH, row, logits);
            add_bias(numbers("names", "bias"), NAME_TAG_COUNT, logits);
            if (has_transitions)
                add_bias(numbers("names", "start"), NAME_TAG_COUNT, logits);
            for (size_t tag = 2; tag < NAME_TAG_COUNT; tag += 2)
                logits[tag] = -INFINITY;
            softmax(logits, NAME_TAG_COUNT);
            heads_names(heads, scratch, hidden, rows + i, 1, tags, scores);
            cr_expect(le(dbl, fabs(logits[tags[0]] - (double)scores[0]), 1e-5));
        }
        uint8_t tags_alone[ROLE_COUNT * WORDS];
        heads_roles(heads, scratch, hidden, rows, WORDS, tags, scores);
        heads_roles(heads, scratch, hidden, rows, WORDS, tags_alone, NULL);
        cr_expect(eq(int, memcmp(tags, tags_alone, sizeof tags_alone), 0));
        for (size_t i = 0; i < ROLE_COUNT * WORDS; i++) {
            bool is_valid = tags[i] != TAG_INSIDE || (i % WORDS > 0 && tags[i - 1] != TAG_OUTSIDE);
            cr_expect(eq(int, is_valid, true), "word %zu", i);
            cr_expect(lt(int, tags[i], ROLE_TAG_COUNT));
        }
        heads_issues(heads, scratch, hidden, rows, WORDS, 0, tags, scores);
        for (size_t i = 0; i < WORDS; i++)
            cr_expect(tags[i] != TAG_INSIDE || (i > 0 && tags[i - 1] != TAG_OUTSIDE), "word %zu", i);
        heads_issues(heads, scratch, hidden, rows, WORDS, 1000, tags, scores);
        for (size_t i = 0; i < WORDS; i++)
            cr_expect(ne(int, tags[i], TAG_OUTSIDE), "word %zu: lifted above all", i);
        heads_names(heads, scratch, hidden, rows, 0, tags, scores);
        close_all();
    }
}

Test(heads, refuse_a_file_without_one_of_their_tensors)
{
    static const char *const names[] = {"names.bias", "roles.weight", "issues.weight", "link.cue", "link.distance", "stance.author", "portrayal.query_bias", "portrayal.out"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct error err = {0};
        struct model_maker *maker = maker_new(1);
        maker_add_encoder(maker, &SHAPE);
        maker_add_heads(maker, &SHAPE);
        for (uint32_t j = 0; j < maker->count; j++)
            if (strcmp(maker->sections[j].name, names[i]) == 0)
                maker->sections[j].name[0] = '_';
        bytes = maker_finish(maker);
        file = model_file_read(bytes, &err);
        expect_fine(file != NULL, err);
        cr_expect(eq(ptr, heads_new(file, &err), NULL), "%s", names[i]);
        expect_text(err.code, "model.section");
        model_file_close(file);
        model_bytes_free(bytes);
    }
}
