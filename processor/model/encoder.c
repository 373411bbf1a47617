#include "processor/model/encoder.h"

#include "processor/model/matrix.h"
#include "processor/runtime/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LIMIT = 64, BLOCK_ROWS = 64 /* that go through a feed-forward part at a time, see run_forward() */ };

struct norm {
    float *weight, *bias; /* [width] each, one allocation */
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
    float *qkv;     /* [window][3 * width] */
    float *context; /* [window][width] */
    float *update;  /* [window or block][width] */
    float *hidden;  /* [block][hidden] */
    void *work;     /* for attention */
    struct matrix_scratch matrix;
};

static bool read_norm(struct norm *norm, const struct model_file *file, const char *prefix, uint32_t width,
                      struct error *err)
{
    char name[NAME_LIMIT];
    norm->weight = kernels_memory(2 * (size_t)width, sizeof *norm->weight);
    norm->bias = norm->weight + width;
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
    return read_norm(&layer->norm1, file, norm1, width, err) && read_norm(&layer->norm2, file, norm2, width, err);
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
                   read_norm(&encoder->norm, file, "embed.norm", config->width, err) && read_relative(encoder, file, err);
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
    size_t window = config->window, width = config->width, most = window > BLOCK_ROWS ? window : BLOCK_ROWS;
    size_t widest = config->hidden > width ? config->hidden : width;
    scratch->qkv = kernels_memory(window * 3 * width, sizeof(float));
    scratch->context = kernels_memory(window * width, sizeof(float));
    scratch->update = kernels_memory(most * width, sizeof(float));
    scratch->hidden = kernels_memory(BLOCK_ROWS * config->hidden, sizeof(float));
    scratch->work = kernels_memory(kernels_attention_bytes(window, width / config->heads), 1);
    matrix_scratch_init(&scratch->matrix, most, widest);
    return scratch;
}

void encoder_scratch_free(struct encoder_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->qkv);
    free(scratch->context);
    free(scratch->update);
    free(scratch->hidden);
    free(scratch->work);
    matrix_scratch_done(&scratch->matrix);
    free(scratch);
}

static void add_row(const struct tensor *tensor, size_t row, float *out)
{
    size_t cols = tensor->cols;
    if (tensor->f32 != NULL)
        for (size_t i = 0; i < cols; i++)
            out[i] += tensor->f32[row * cols + i];
    else
        for (size_t i = 0; i < cols; i++)
            out[i] += (float)tensor->i8[row * cols + i] * tensor->scale[row];
}

/* x0 before its norm, split in two so that the norm's kernel can add them. */
static void embed(const struct encoder *encoder, const uint32_t *ids, const uint8_t *shapes, size_t count, float *words,
                  float *rest)
{
    size_t width = encoder->config.width;
    memset(words, 0, count * width * sizeof *words);
    memset(rest, 0, count * width * sizeof *rest);
    for (size_t t = 0; t < count; t++) {
        assert(ids[t] < encoder->config.vocab && shapes[t] < encoder->config.case_shapes);
        add_row(&encoder->words, ids[t], words + t * width);
        add_row(&encoder->positions, t, rest + t * width);
        add_row(&encoder->cases, shapes[t], rest + t * width);
    }
}

/* The first half of a layer, for the rows of one window. */
static void run_attention(const struct encoder *encoder, const struct layer *layer, struct encoder_scratch *scratch, size_t count, float *x)
{
    size_t width = encoder->config.width;
    matrix_apply(&layer->qkv, &scratch->matrix, x, count, ACTIVATION_NONE, scratch->qkv);
    encoder->attention->attend(scratch->qkv, count, encoder->config.heads, width, encoder->relative != NULL ? &encoder->bias : NULL,
                               scratch->work, scratch->context);
    matrix_apply(&layer->out, &scratch->matrix, scratch->context, count, ACTIVATION_NONE, scratch->update);
    encoder->kernels->add_norm(x, scratch->update, layer->norm1.weight, layer->norm1.bias, encoder->config.norm_epsilon, count, width);
}

/* The second, for which windows are nothing: rows go through it in blocks that leave room in the second cache for the weights. */
static void run_forward(const struct encoder *encoder, const struct layer *layer, struct encoder_scratch *scratch, size_t rows, float *x)
{
    size_t width = encoder->config.width;
    for (size_t row = 0; row < rows; row += BLOCK_ROWS, x += BLOCK_ROWS * width) {
        size_t count = rows - row < BLOCK_ROWS ? rows - row : BLOCK_ROWS;
        matrix_apply(&layer->up, &scratch->matrix, x, count, ACTIVATION_GELU, scratch->hidden);
        matrix_apply(&layer->down, &scratch->matrix, scratch->hidden, count, ACTIVATION_NONE, scratch->update);
        encoder->kernels->add_norm(x, scratch->update, layer->norm2.weight, layer->norm2.bias, encoder->config.norm_epsilon, count, width);
    }
}

void encoder_run(const struct encoder *encoder, struct encoder_scratch *scratch, const struct encoder_window *windows,
                 size_t window_count, float *out)
{
    size_t width = encoder->config.width, rows = 0;
    assert(window_count >= 1 && window_count <= ENCODER_WINDOWS_MOST);
    for (size_t i = 0; i < window_count; rows += windows[i++].count) {
        float *x = out + rows * width;
        assert(windows[i].count >= 1 && windows[i].count <= encoder->config.window);
        embed(encoder, windows[i].ids, windows[i].shapes, windows[i].count, x, scratch->update);
        encoder->kernels->add_norm(x, scratch->update, encoder->norm.weight, encoder->norm.bias, encoder->config.norm_epsilon,
                                   windows[i].count, width);
    }
    for (size_t layer = 0; layer < encoder->config.layers; layer++) {
        float *x = out;
        for (size_t i = 0; i < window_count; x += windows[i++].count * width)
            run_attention(encoder, &encoder->layers[layer], scratch, windows[i].count, x);
        run_forward(encoder, &encoder->layers[layer], scratch, rows, out);
    }
}

const char *encoder_kernel_name(const struct encoder *encoder)
{
    return encoder->kernels->name;
}
