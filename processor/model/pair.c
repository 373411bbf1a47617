#include "processor/model/pair.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LIMIT = 64, PART_COUNT = 8, INNER_LIMIT = 2048 };

/* The products of one mention's vector, as matrix `mention` gives them. */
struct products {
    const float *query_a, *query_b, *hidden_a, *hidden_b; /* [P] each */
};

static struct products products_at(const struct pair *pair, const float *at)
{
    size_t inner = pair->inner;
    return (struct products){
        .query_a = at, .query_b = at + inner, .hidden_a = at + 2 * inner, .hidden_b = at + 3 * inner};
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
    matrix_apply(&pair->mention, &scratch, pair->author, 1, ACTIVATION_NONE, pair->author + pair->width);
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
    size_t widest = inner > width ? inner : width, rows = window > 2 ? window : 2;
    scratch->memory = kernels_memory(window * 2 * inner, sizeof(float));
    scratch->vectors = kernels_memory(PAIR_CACHE * (width + 4 * inner), sizeof(float));
    scratch->cached = kernels_memory(PAIR_CACHE, sizeof *scratch->cached);
    scratch->cached_count = 0;
    scratch->product = kernels_memory(width + inner, sizeof(float));
    scratch->query = kernels_memory(2 * inner, sizeof(float));
    scratch->context = kernels_memory(2 * inner, sizeof(float));
    scratch->hidden = kernels_memory(2 * inner, sizeof(float));
    scratch->work = kernels_memory(window + 16, sizeof(float));
    matrix_scratch_init(&scratch->matrix, rows, widest);
}

void pair_scratch_done(struct pair_scratch *scratch)
{
    free(scratch->memory);
    free(scratch->vectors);
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
    matrix_apply(&pair->memory, &scratch->matrix, hidden, count, ACTIVATION_NONE, scratch->memory);
}

/* The mention's vector [D] and behind it its products [4P], from the cache or computed into it. */
static const float *vector_of(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, struct rows rows)
{
    size_t width = pair->width, stride = width + 4 * pair->inner;
    if (rows.start == rows.end)
        return pair->author;
    for (size_t i = 0; i < scratch->cached_count; i++)
        if (scratch->cached[i].start == rows.start && scratch->cached[i].end == rows.end)
            return scratch->vectors + i * stride;

    float *vector = scratch->vectors + scratch->cached_count * stride;
    scratch->cached[scratch->cached_count++] = rows;
    memset(vector, 0, width * sizeof *vector);
    for (size_t row = rows.start; row < rows.end; row++)
        for (size_t i = 0; i < width; i++)
            vector[i] += hidden[row * width + i];
    float share = 1.0F / (float)(rows.end - rows.start);
    for (size_t i = 0; i < width; i++)
        vector[i] *= share;
    matrix_apply(&pair->mention, &scratch->matrix, vector, 1, ACTIVATION_NONE, vector + width);
    return vector;
}

static void add(const float *a, const float *b, size_t count, float *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = a[i] + b[i];
}

void pair_run(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, struct rows a, struct rows b,
              struct rows range, size_t orders, float *logits)
{
    size_t width = pair->width, inner = pair->inner;
    assert(range.start < range.end && b.start < b.end && a.start <= a.end && orders <= 2);
    if (scratch->cached_count + 2 > PAIR_CACHE) /* room for both, so that neither takes the other's place */
        scratch->cached_count = 0;
    const float *vectors[2] = {vector_of(pair, scratch, hidden, a), vector_of(pair, scratch, hidden, b)};
    for (size_t i = 0; i < width; i++)
        scratch->product[i] = vectors[0][i] * vectors[1][i];
    float *product = scratch->product + width; /* symmetric: the same for both orders */
    matrix_apply(&pair->product, &scratch->matrix, scratch->product, 1, ACTIVATION_NONE, product);

    const float *keys = scratch->memory + range.start * 2 * inner;
    for (size_t order = 0; order < orders; order++) {
        struct products first = products_at(pair, vectors[order] + width);
        struct products second = products_at(pair, vectors[1 - order] + width);
        float *query = scratch->query + order * inner, *sum = scratch->hidden + order * inner;
        add(first.query_a, second.query_b, inner, query);
        add(first.hidden_a, second.hidden_b, inner, sum);
        add(sum, product, inner, sum);
        pair->kernels->attend_one(query, keys, keys + inner, 2 * inner, range.end - range.start, inner, scratch->work,
                                  scratch->context + order * inner);
    }
    matrix_apply(&pair->context, &scratch->matrix, scratch->context, orders, ACTIVATION_NONE, scratch->query);
    add(scratch->hidden, scratch->query, orders * inner, scratch->hidden);
    pair->kernels->gelu(scratch->hidden, orders * inner);
    matrix_apply(&pair->out, &scratch->matrix, scratch->hidden, orders, ACTIVATION_NONE, logits);
}
