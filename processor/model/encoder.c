#include "processor/model/encoder.h"

#include "processor/model/matrix.h"
#include "processor/runtime/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_LIMIT = 64,
    BLOCK_ROWS = 64,                    /* that are multiplied at a time: what becomes of them stays in the second cache, with the weights */
    BLOCK_MOST = BLOCK_ROWS * 3 / 2 - 1 /* the last rows; a few by themselves would cost as much as many */
};

struct layer {
    struct matrix qkv, out, up, down;
    struct norm norm1, norm2;
};

struct encoder {
    const struct kernels *kernels, *attention; /* the second for attention: in bytes where the weights are */
    struct model_config config;
    struct tensor words, positions, cases; /* in the file */
    struct norm norm;
    float *relative;            /* [heads][2 * reach + 1], NULL where positions are absolute alone */
    struct attention_bias bias; /* of it */
    struct layer *layers; /* [config.layers] */
    char *weights;        /* those of all layers, in the order of their use */
};

struct encoder_scratch {
    uint8_t *codes; /* [ENCODER_WINDOWS_MOST * window][width]: what x is between two steps, quantised */
    float *scales;  /* [ENCODER_WINDOWS_MOST * window] */
    float *block;   /* [block][3 * width] */
    float *context; /* [window][width] */
    float *hidden;  /* [block][hidden] */
    void *work;     /* for attention */
    struct matrix_scratch matrix;
};

/* Rows on their way through the layers. */
struct rows_at {
    float *x;       /* [rows][width] */
    uint8_t *codes; /* the same quantised, or NULL: weights are not bytes */
    float *scales;
};

static bool read_norm(struct norm *norm, const struct model_file *file, const char *prefix, struct error *err)
{
    char name[NAME_LIMIT];
    uint32_t width = model_file_config(file)->width;
    norm->weight = kernels_memory(2 * (size_t)width, sizeof *norm->weight); /* one allocation for both */
    norm->bias = norm->weight + width;
    norm->epsilon = model_file_config(file)->norm_epsilon;
    norm->width = width;
    snprintf(name, sizeof name, "%s.weight", prefix);
    if (!matrix_read(file, name, 1, width, norm->weight, err))
        return false;
    snprintf(name, sizeof name, "%s.bias", prefix);
    return matrix_read(file, name, 1, width, norm->bias, err);
}

static bool read_layer(struct encoder *encoder, const struct model_file *file, size_t index, struct error *err)
{
    struct layer *layer = &encoder->layers[index];
    uint32_t width = encoder->config.width, hidden = encoder->config.hidden;
    const struct {
        const char *name;
        struct matrix *matrix;
        uint32_t rows, cols;
    } matrices[] = {
        {"qkv", &layer->qkv, 3 * width, width},
        {"out", &layer->out, width, width},
        {"up", &layer->up, hidden, width},
        {"down", &layer->down, width, hidden},
    };
    for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++) {
        char weight[NAME_LIMIT], bias[NAME_LIMIT];
        snprintf(weight, sizeof weight, "layer.%zu.%s.weight", index, matrices[i].name);
        snprintf(bias, sizeof bias, "layer.%zu.%s.bias", index, matrices[i].name);
        struct matrix_part part = {.weight = weight, .bias = bias, .rows = matrices[i].rows};
        if (!matrix_init(matrices[i].matrix, encoder->kernels, file, &part, 1, matrices[i].cols, err))
            return false;
    }
    char norm1[NAME_LIMIT], norm2[NAME_LIMIT];
    snprintf(norm1, sizeof norm1, "layer.%zu.norm1", index);
    snprintf(norm2, sizeof norm2, "layer.%zu.norm2", index);
    return read_norm(&layer->norm1, file, norm1, err) && read_norm(&layer->norm2, file, norm2, err);
}

static size_t matrices_of(struct layer *layer, struct matrix *matrices[4])
{
    struct matrix *const all[] = {&layer->qkv, &layer->out, &layer->up, &layer->down};
    size_t bytes = 0;
    for (size_t i = 0; i < 4; i++) {
        matrices[i] = all[i];
        bytes += matrix_bytes(all[i]);
    }
    return bytes;
}

/* All weights side by side: they are read again and again, and so lie in a few large pages. */
static void join_weights(struct encoder *encoder)
{
    struct matrix *matrices[4];
    size_t bytes = 0;
    for (size_t i = 0; i < encoder->config.layers; i++)
        bytes += matrices_of(&encoder->layers[i], matrices);
    encoder->weights = kernels_large_memory(bytes);
    char *at = encoder->weights;
    for (size_t i = 0; i < encoder->config.layers; i++) {
        matrices_of(&encoder->layers[i], matrices);
        for (size_t k = 0; k < 4; at += matrix_bytes(matrices[k++]))
            matrix_move(matrices[k], at);
    }
}

static bool read_relative(struct encoder *encoder, const struct model_file *file, struct error *err)
{
    uint32_t heads = encoder->config.heads, reach = encoder->config.reach;
    if (reach == 0)
        return true;
    encoder->relative = kernels_memory((size_t)heads * (2 * (size_t)reach + 1), sizeof *encoder->relative);
    encoder->bias = (struct attention_bias){.heads = encoder->relative, .reach = reach};
    return matrix_read(file, "embed.relative", heads, 2 * reach + 1, encoder->relative, err);
}

struct encoder *encoder_new_with(const struct model_file *file, const struct kernels *kernels, struct error *err)
{
    struct encoder *encoder = memory_new(1, sizeof *encoder);
    encoder->kernels = kernels;
    encoder->config = *model_file_config(file);
    const struct model_config *config = &encoder->config;
    encoder->layers = memory_new(config->layers, sizeof *encoder->layers);
    bool is_good = model_file_tensor(file, "embed.words", config->vocab, config->width, &encoder->words, err) &&
                   model_file_tensor(file, "embed.positions", config->positions, config->width, &encoder->positions, err) &&
                   model_file_tensor(file, "embed.cases", config->case_shapes, config->width, &encoder->cases, err) &&
                   read_norm(&encoder->norm, file, "embed.norm", err) && read_relative(encoder, file, err);
    for (size_t i = 0; is_good && i < config->layers; i++)
        is_good = read_layer(encoder, file, i, err);
    if (!is_good) {
        encoder_free(encoder);
        return NULL;
    }
    bool is_i8 = encoder->layers[0].qkv.packed.i8 != NULL;
    if (is_i8)
        join_weights(encoder);
    encoder->attention = is_i8 && kernels_attends(config->width / config->heads) ? kernels : kernels_exact();
    return encoder;
}

struct encoder *encoder_new(const struct model_file *file, bool exact, struct error *err)
{
    return encoder_new_with(file, exact ? kernels_exact() : kernels_at(0), err);
}

void encoder_free(struct encoder *encoder)
{
    if (encoder == NULL)
        return;
    for (size_t i = 0; i < encoder->config.layers; i++) {
        struct layer *layer = &encoder->layers[i];
        matrix_done(&layer->qkv);
        matrix_done(&layer->out);
        matrix_done(&layer->up);
        matrix_done(&layer->down);
        free(layer->norm1.weight);
        free(layer->norm2.weight);
    }
    free(encoder->norm.weight);
    free(encoder->relative);
    free(encoder->weights);
    free(encoder->layers);
    free(encoder);
}

struct encoder_scratch *encoder_scratch_new(const struct encoder *encoder)
{
    const struct model_config *config = &encoder->config;
    struct encoder_scratch *scratch = memory_new(1, sizeof *scratch);
    size_t window = config->window, width = config->width, rows = ENCODER_WINDOWS_MOST * window;
    size_t widest = config->hidden > width ? config->hidden : width;
    scratch->codes = kernels_memory(kernels_padded_rows(rows) * width, 1);
    scratch->scales = kernels_memory(rows, sizeof(float));
    scratch->block = kernels_memory(BLOCK_MOST * 3 * width, sizeof(float));
    scratch->context = kernels_memory(window * width, sizeof(float));
    scratch->hidden = kernels_memory(BLOCK_MOST * config->hidden, sizeof(float));
    scratch->work = kernels_memory(kernels_attention_bytes(window, config->heads, width), 1);
    matrix_scratch_init(&scratch->matrix, BLOCK_MOST, widest);
    return scratch;
}

void encoder_scratch_free(struct encoder_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->codes);
    free(scratch->scales);
    free(scratch->block);
    free(scratch->context);
    free(scratch->hidden);
    free(scratch->work);
    matrix_scratch_done(&scratch->matrix);
    free(scratch);
}

/* In blocks of fixed size, which the compiler turns into vectors. */
static void add_codes(const int8_t *restrict codes, float scale, size_t count, float *restrict out)
{
    enum { BLOCK = 16 };
    size_t i = 0;
    for (; i + BLOCK <= count; i += BLOCK)
        for (size_t k = 0; k < BLOCK; k++)
            out[i + k] += (float)codes[i + k] * scale;
    for (; i < count; i++)
        out[i] += (float)codes[i] * scale;
}

static void add_row(const struct tensor *tensor, size_t row, float *out)
{
    size_t cols = tensor->cols;
    if (tensor->f32 == NULL) {
        add_codes(tensor->i8 + row * cols, tensor->scale[row], cols, out);
        return;
    }
    for (size_t i = 0; i < cols; i++)
        out[i] += tensor->f32[row * cols + i];
}

static struct rows_at rows_from(struct rows_at rows, size_t first, size_t width)
{
    rows.x += first * width;
    if (rows.codes != NULL) {
        rows.codes += first * width;
        rows.scales += first;
    }
    return rows;
}

static struct inputs inputs_of(struct rows_at rows)
{
    return (struct inputs){.x = rows.x, .codes = rows.codes, .scales = rows.scales};
}

static void add_norm(const struct encoder *encoder, const struct norm *norm, struct rows_at rows, size_t count, const float *add)
{
    encoder->kernels->add_norm(rows.x, add, norm, count, rows.codes, rows.scales);
}

/* How many of the rows that are left make the next block. */
static size_t block_of(size_t left)
{
    return left <= BLOCK_MOST ? left : BLOCK_ROWS;
}

/* x0. Before its norm it is split in two so that the norm's kernel can add them. */
static void embed(const struct encoder *encoder, struct encoder_scratch *scratch, const struct encoder_window *window, struct rows_at rows)
{
    size_t width = encoder->config.width;
    for (size_t first = 0, count; first < window->count; first += count) {
        struct rows_at some = rows_from(rows, first, width);
        count = block_of(window->count - first);
        memset(some.x, 0, count * width * sizeof *some.x);
        memset(scratch->block, 0, count * width * sizeof *scratch->block);
        for (size_t i = 0; i < count; i++) {
            uint32_t id = window->ids[first + i];
            uint8_t shape = window->shapes[first + i];
            assert(id < encoder->config.vocab && shape < encoder->config.case_shapes);
            add_row(&encoder->words, id, some.x + i * width);
            add_row(&encoder->positions, first + i, scratch->block + i * width);
            add_row(&encoder->cases, shape, scratch->block + i * width);
        }
        add_norm(encoder, &encoder->norm, some, count, scratch->block);
    }
}

/* The first half of a layer, for the rows of one window. */
static void run_attention(const struct encoder *encoder, const struct layer *layer, struct encoder_scratch *scratch, size_t count,
                          struct rows_at rows)
{
    size_t width = encoder->config.width;
    const struct attention attention = {.count = count,
                                        .heads = encoder->config.heads,
                                        .width = width,
                                        .bias = encoder->relative != NULL ? &encoder->bias : NULL,
                                        .work = scratch->work,
                                        .out = scratch->context};
    for (size_t first = 0, some; first < count; first += some) {
        some = block_of(count - first);
        matrix_apply_to(&layer->qkv, &scratch->matrix, inputs_of(rows_from(rows, first, width)), some, scratch->block);
        encoder->attention->take(&attention, scratch->block, first, some);
    }
    encoder->attention->attend(&attention);
    for (size_t first = 0, some; first < count; first += some) {
        some = block_of(count - first);
        matrix_apply(&layer->out, &scratch->matrix, scratch->context + first * width, some, scratch->block);
        add_norm(encoder, &layer->norm1, rows_from(rows, first, width), some, scratch->block);
    }
}

/* The second, for which windows are nothing. */
static void run_forward(const struct encoder *encoder, const struct layer *layer, struct encoder_scratch *scratch, size_t count,
                        struct rows_at rows)
{
    for (size_t first = 0, some; first < count; first += some) {
        struct rows_at block = rows_from(rows, first, encoder->config.width);
        some = block_of(count - first);
        matrix_apply_to(&layer->up, &scratch->matrix, inputs_of(block), some, scratch->hidden);
        matrix_apply_to_gelu(&layer->down, &scratch->matrix, scratch->hidden, some, scratch->block);
        add_norm(encoder, &layer->norm2, block, some, scratch->block);
    }
}

void encoder_run(const struct encoder *encoder, struct encoder_scratch *scratch, const struct encoder_window *windows,
                 size_t window_count, float *out)
{
    size_t width = encoder->config.width, count = 0;
    bool is_i8 = encoder->layers[0].qkv.packed.i8 != NULL;
    struct rows_at all = {.x = out, .codes = is_i8 ? scratch->codes : NULL, .scales = scratch->scales};
    assert(window_count >= 1 && window_count <= ENCODER_WINDOWS_MOST);
    for (size_t i = 0; i < window_count; count += windows[i++].count) {
        assert(windows[i].count >= 1 && windows[i].count <= encoder->config.window);
        embed(encoder, scratch, &windows[i], rows_from(all, count, width));
    }
    for (size_t layer = 0; layer < encoder->config.layers; layer++) {
        for (size_t i = 0, first = 0; i < window_count; first += windows[i++].count)
            run_attention(encoder, &encoder->layers[layer], scratch, windows[i].count, rows_from(all, first, width));
        run_forward(encoder, &encoder->layers[layer], scratch, count, all);
    }
}

const char *encoder_kernel_name(const struct encoder *encoder)
{
    return encoder->kernels->name;
}
