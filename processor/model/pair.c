#include "processor/model/pair.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LIMIT = 64, PART_COUNT = 8, INNER_LIMIT = 2048, BLOCK = 8 };

/* One mention's vector and its products, as matrix `mention` gives them. */
struct mention {
    const float *vector;                                  /* [D] */
    const float *query_a, *query_b, *hidden_a, *hidden_b; /* [P] each */
};

static struct mention mention_of(const struct pair *pair, const float *vector, const float *products)
{
    size_t inner = pair->inner;
    return (struct mention){.vector = vector, .query_a = products, .query_b = products + inner, .hidden_a = products + 2 * inner,
                            .hidden_b = products + 3 * inner};
}

/* P is what the file says: the length of the query's bias. */
static bool read_inner(struct pair *pair, const struct model_file *file, const char *name, struct error *err)
{
    char section[NAME_LIMIT];
    snprintf(section, sizeof section, "%s.query_bias", name);
    size_t inner = model_file_section(file, section).len / sizeof(float);
    if (inner == 0 || inner > INNER_LIMIT || inner % KERNELS_ATTEND_ONE_HEAD != 0)
        return error_set(err, ERROR_CONFIG, "model.section", "section %s must have 64, 128, ... %d numbers", section,
                         INNER_LIMIT);
    pair->inner = inner;
    return true;
}

static bool read_matrices(struct pair *pair, const struct model_file *file, const char *name, struct error *err)
{
    static const char *const weights[PART_COUNT] = {"query_a", "query_b", "hidden_a",       "hidden_b",
                                                    "key",     "value",   "hidden_product", "hidden_context"};
    static const char *const biases[PART_COUNT] = {"query_bias", NULL,         "hidden_bias", NULL,
                                                   "key_bias",   "value_bias", NULL,          NULL};
    char names[2 * PART_COUNT][NAME_LIMIT], out[NAME_LIMIT], out_bias[NAME_LIMIT];
    struct matrix_part parts[PART_COUNT];
    uint32_t width = (uint32_t)pair->width, inner = (uint32_t)pair->inner;
    for (size_t i = 0; i < PART_COUNT; i++) {
        snprintf(names[2 * i], NAME_LIMIT, "%s.%s", name, weights[i]);
        parts[i] = (struct matrix_part){.weight = names[2 * i], .rows = inner};
        if (biases[i] == NULL)
            continue;
        snprintf(names[2 * i + 1], NAME_LIMIT, "%s.%s", name, biases[i]);
        parts[i].bias = names[2 * i + 1];
    }
    snprintf(out, sizeof out, "%s.out", name);
    snprintf(out_bias, sizeof out_bias, "%s.out_bias", name);
    struct matrix_part last = {.weight = out, .bias = out_bias, .rows = (uint32_t)pair->classes};
    return matrix_init(&pair->mention, pair->kernels, file, parts, 4, width, err) &&
           matrix_init(&pair->memory, pair->kernels, file, parts + 4, 2, width, err) &&
           matrix_init(&pair->product, pair->kernels, file, parts + 6, 1, width, err) &&
           matrix_init(&pair->context, pair->kernels, file, parts + 7, 1, inner, err) &&
           matrix_init(&pair->out, pair->kernels, file, &last, 1, inner, err);
}

static bool read_author(struct pair *pair, const struct model_file *file, const char *name, struct error *err)
{
    char section[NAME_LIMIT];
    snprintf(section, sizeof section, "%s.author", name);
    pair->author = kernels_memory(pair->width + 4 * pair->inner, sizeof *pair->author);
    if (!matrix_read(file, section, 1, (uint32_t)pair->width, pair->author, err))
        return false;
    struct matrix_scratch scratch;
    matrix_scratch_init(&scratch, 1, pair->width);
    matrix_apply(&pair->mention, &scratch, pair->author, 1, pair->author + pair->width);
    matrix_scratch_done(&scratch);
    return true;
}

bool pair_init(struct pair *pair, const struct kernels *kernels, const struct model_file *file, const char *name,
               size_t classes, struct error *err)
{
    assert(classes <= PAIR_CLASS_LIMIT);
    *pair = (struct pair){.kernels = kernels, .width = model_file_config(file)->width, .classes = classes};
    return read_inner(pair, file, name, err) && read_matrices(pair, file, name, err) &&
           read_author(pair, file, name, err);
}

void pair_done(struct pair *pair)
{
    matrix_done(&pair->mention);
    matrix_done(&pair->memory);
    matrix_done(&pair->product);
    matrix_done(&pair->context);
    matrix_done(&pair->out);
    free(pair->author);
}

void pair_scratch_init(struct pair_scratch *scratch, const struct pair *pair, size_t window)
{
    size_t inner = pair->inner, width = pair->width;
    size_t widest = inner > width ? inner : width, rows = window > PAIR_CACHE ? window : PAIR_CACHE;
    scratch->memory = kernels_memory(window * 2 * inner, sizeof(float));
    scratch->vectors = kernels_memory(PAIR_CACHE * width, sizeof(float));
    scratch->products = kernels_memory(PAIR_CACHE * 4 * inner, sizeof(float));
    scratch->cached = kernels_memory(PAIR_CACHE, sizeof *scratch->cached);
    scratch->cached_count = 0;
    scratch->product = kernels_memory(PAIR_ASKS_MOST * width, sizeof(float));
    scratch->query = kernels_memory(PAIR_ASKS_MOST * inner, sizeof(float));
    scratch->context = kernels_memory(PAIR_ASKS_MOST * inner, sizeof(float));
    scratch->hidden = kernels_memory(PAIR_ASKS_MOST * inner, sizeof(float));
    scratch->work = kernels_memory(window + 16, sizeof(float));
    matrix_scratch_init(&scratch->matrix, rows, widest);
}

void pair_scratch_done(struct pair_scratch *scratch)
{
    free(scratch->memory);
    free(scratch->vectors);
    free(scratch->products);
    free(scratch->cached);
    free(scratch->product);
    free(scratch->query);
    free(scratch->context);
    free(scratch->hidden);
    free(scratch->work);
    matrix_scratch_done(&scratch->matrix);
}

void pair_prepare(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, size_t count)
{
    scratch->cached_count = 0;
    matrix_apply(&pair->memory, &scratch->matrix, hidden, count, scratch->memory);
}

/* Where in the cache the mention is, its vector in place; its products are still to come. */
static size_t place_of(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, struct rows rows)
{
    size_t width = pair->width;
    for (size_t i = 0; i < scratch->cached_count; i++)
        if (scratch->cached[i].start == rows.start && scratch->cached[i].end == rows.end)
            return i;
    float *vector = scratch->vectors + scratch->cached_count * width;
    scratch->cached[scratch->cached_count] = rows;
    memset(vector, 0, width * sizeof *vector);
    for (size_t row = rows.start; row < rows.end; row++)
        for (size_t i = 0; i < width; i++)
            vector[i] += hidden[row * width + i];
    float share = 1.0F / (float)(rows.end - rows.start);
    for (size_t i = 0; i < width; i++)
        vector[i] *= share;
    return scratch->cached_count++;
}

/* The mentions of all asks: [count][2]. */
static void find_mentions(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, const struct pair_ask *asks,
                          size_t count, struct mention (*mentions)[2])
{
    if (scratch->cached_count + 2 * count > PAIR_CACHE) /* room for all, so that none takes another's place */
        scratch->cached_count = 0;
    size_t width = pair->width, stride = 4 * pair->inner, first = scratch->cached_count;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 2; k++) {
            struct rows rows = k == 0 ? asks[i].a : asks[i].b;
            if (rows.start == rows.end) {
                mentions[i][k] = mention_of(pair, pair->author, pair->author + width);
                continue;
            }
            size_t place = place_of(pair, scratch, hidden, rows);
            mentions[i][k] = mention_of(pair, scratch->vectors + place * width, scratch->products + place * stride);
        }
    if (scratch->cached_count > first)
        matrix_apply(&pair->mention, &scratch->matrix, scratch->vectors + first * width, scratch->cached_count - first,
                     scratch->products + first * stride);
}

/* In blocks of fixed size, which the compiler turns into vectors; `count` is a multiple of 64 (read_inner()). */
static void add(const float *a, const float *b, size_t count, float *restrict out)
{
    for (size_t i = 0; i < count; i += BLOCK)
        for (size_t k = 0; k < BLOCK; k++)
            out[i + k] = a[i + k] + b[i + k];
}

/* Rows of vectors are as long as the encoder's, of any width. */
static void multiply(const float *a, const float *b, size_t count, float *restrict out)
{
    size_t i = 0;
    for (; i + BLOCK <= count; i += BLOCK)
        for (size_t k = 0; k < BLOCK; k++)
            out[i + k] = a[i + k] * b[i + k];
    for (; i < count; i++)
        out[i] = a[i] * b[i];
}

static void add_in_place(float *out, const float *more, size_t count)
{
    for (size_t i = 0; i < count; i += BLOCK)
        for (size_t k = 0; k < BLOCK; k++)
            out[i + k] += more[i + k];
}

/* What each ask's query finds in its range; those of one range together, as they read the same. */
static void attend(const struct pair *pair, struct pair_scratch *scratch, const struct pair_ask *asks, size_t count)
{
    size_t inner = pair->inner;
    for (size_t first = 0, end = 0; first < count; first = end) {
        struct rows range = asks[first].range;
        while (end < count && asks[end].range.start == range.start && asks[end].range.end == range.end)
            end++;
        const float *keys = scratch->memory + range.start * 2 * inner;
        pair->kernels->attend_some(scratch->query + first * inner, end - first, keys, keys + inner, 2 * inner, range.end - range.start,
                                   inner, scratch->work, scratch->context + first * inner);
    }
}

void pair_run(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, const struct pair_ask *asks,
              size_t count, float *logits)
{
    size_t width = pair->width, inner = pair->inner;
    struct mention mentions[PAIR_ASKS_MOST][2];
    assert(count <= PAIR_ASKS_MOST);
    find_mentions(pair, scratch, hidden, asks, count, mentions);
    for (size_t i = 0; i < count; i++) {
        const struct mention *a = &mentions[i][0], *b = &mentions[i][1];
        struct rows range = asks[i].range;
        float *query = scratch->query + i * inner, *product = scratch->product + i * width;
        assert(range.start < range.end && asks[i].b.start < asks[i].b.end && asks[i].a.start <= asks[i].a.end);
        multiply(a->vector, b->vector, width, product);
        add(a->query_a, b->query_b, inner, query);
        add(a->hidden_a, b->hidden_b, inner, scratch->hidden + i * inner);
    }
    attend(pair, scratch, asks, count);
    matrix_apply(&pair->product, &scratch->matrix, scratch->product, count, scratch->query);
    add_in_place(scratch->hidden, scratch->query, count * inner);
    matrix_apply(&pair->context, &scratch->matrix, scratch->context, count, scratch->query);
    add_in_place(scratch->hidden, scratch->query, count * inner);
    pair->kernels->gelu(scratch->hidden, count * inner);
    matrix_apply(&pair->out, &scratch->matrix, scratch->hidden, count, logits);
}
