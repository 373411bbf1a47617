/* The encoder on small random models against the formulas of encoder.h, written out once more in double. */
#include "processor/model/encoder.h"
#include "processor/model/kernels.h"
#include "tests/expect.h"
#include "tests/make_model.h"

static const struct model_shape SHAPES[] = {
    {.layers = 2, .width = 64, .heads = 4, .hidden = 128, .positions = 40, .window = 40, .inner = 64, .vocab = SMALL_VOCAB},
    {.layers = 1, .width = 192, .heads = 2, .hidden = 64, .positions = 64, .window = 33, .inner = 64, .vocab = SMALL_VOCAB},
    {.layers = 3, .width = 64, .heads = 64, .hidden = 192, .positions = 40, .window = 40, .inner = 64, .vocab = SMALL_VOCAB},
    {.layers = 1, .width = 128, .heads = 4, .hidden = 128, .positions = 40, .window = 40, .reach = 45, .inner = 64, .vocab = SMALL_VOCAB},
};
enum { SHAPE_COUNT = sizeof SHAPES / sizeof *SHAPES, COUNT_MOST = 33, WIDTH_MOST = 192, HIDDEN_MOST = 192 };

/* One window through one layer, all in double. */
struct naive {
    const struct model_file *file;
    const struct model_shape *shape;
    size_t count;
    double x[COUNT_MOST][WIDTH_MOST];
};

static double weight_of(const struct tensor *tensor, size_t row, size_t col)
{
    size_t at = row * tensor->cols + col;
    return tensor->i8 != NULL ? tensor->i8[at] * (double)tensor->scale[row] : (double)tensor->f32[at];
}

static struct tensor tensor_of(const struct naive *naive, const char *name, uint32_t rows, uint32_t cols)
{
    struct error err = {0};
    struct tensor tensor = {0};
    expect_fine(model_file_tensor(naive->file, name, rows, cols, &tensor, &err), err);
    return tensor;
}

static void norm(const struct naive *naive, const char *prefix, double *row)
{
    char name[80];
    uint32_t width = naive->shape->width;
    snprintf(name, sizeof name, "%s.weight", prefix);
    struct tensor weight = tensor_of(naive, name, 1, width);
    snprintf(name, sizeof name, "%s.bias", prefix);
    struct tensor bias = tensor_of(naive, name, 1, width);
    double mean = 0, variance = 0;
    for (size_t i = 0; i < width; i++)
        mean += row[i] / width;
    for (size_t i = 0; i < width; i++)
        variance += (row[i] - mean) * (row[i] - mean) / width;
    for (size_t i = 0; i < width; i++)
        row[i] = (row[i] - mean) / sqrt(variance + 1e-12) * (double)weight.f32[i] + (double)bias.f32[i];
}

static void linear(const struct naive *naive, size_t layer, const char *part, uint32_t rows, uint32_t cols, const double *x, double *out)
{
    char name[80];
    snprintf(name, sizeof name, "layer.%zu.%s.weight", layer, part);
    struct tensor weight = tensor_of(naive, name, rows, cols);
    snprintf(name, sizeof name, "layer.%zu.%s.bias", layer, part);
    struct tensor bias = tensor_of(naive, name, 1, rows);
    for (size_t o = 0; o < rows; o++) {
        out[o] = (double)bias.f32[o];
        for (size_t i = 0; i < cols; i++)
            out[o] += weight_of(&weight, o, i) * x[i];
    }
}

static void attend(const struct naive *naive, double (*qkv)[3 * WIDTH_MOST], size_t row, double *out)
{
    size_t width = naive->shape->width, head = width / naive->shape->heads, reach = naive->shape->reach;
    struct tensor relative = {0};
    if (reach > 0)
        relative = tensor_of(naive, "embed.relative", naive->shape->heads, 2 * (uint32_t)reach + 1);
    for (size_t at = 0; at < width; at += head) {
        double weights[COUNT_MOST], sum = 0;
        for (size_t t = 0; t < naive->count; t++) {
            double score = reach > 0 ? weight_of(&relative, at / head, reach + t - row) : 0;
            for (size_t i = at; i < at + head; i++)
                score += qkv[row][i] * qkv[t][width + i];
            weights[t] = exp(score);
            sum += weights[t];
        }
        for (size_t i = at; i < at + head; i++) {
            out[i] = 0;
            for (size_t t = 0; t < naive->count; t++)
                out[i] += weights[t] / sum * qkv[t][2 * width + i];
        }
    }
}

static void run_layer(struct naive *naive, size_t layer)
{
    static double qkv[COUNT_MOST][3 * WIDTH_MOST];
    double mixed[WIDTH_MOST], update[WIDTH_MOST], hidden[HIDDEN_MOST];
    uint32_t width = naive->shape->width;
    char name[80];
    for (size_t t = 0; t < naive->count; t++)
        linear(naive, layer, "qkv", 3 * width, width, naive->x[t], qkv[t]);
    for (size_t t = 0; t < naive->count; t++) {
        attend(naive, qkv, t, mixed);
        linear(naive, layer, "out", width, width, mixed, update);
        for (size_t i = 0; i < width; i++)
            naive->x[t][i] += update[i];
        snprintf(name, sizeof name, "layer.%zu.norm1", layer);
        norm(naive, name, naive->x[t]);
        linear(naive, layer, "up", naive->shape->hidden, width, naive->x[t], hidden);
        for (size_t i = 0; i < naive->shape->hidden; i++)
            hidden[i] = 0.5 * hidden[i] * (1 + erf(hidden[i] / sqrt(2)));
        linear(naive, layer, "down", width, naive->shape->hidden, hidden, update);
        for (size_t i = 0; i < width; i++)
            naive->x[t][i] += update[i];
        snprintf(name, sizeof name, "layer.%zu.norm2", layer);
        norm(naive, name, naive->x[t]);
    }
}

static void run_naively(struct naive *naive, const uint32_t *ids, const uint8_t *shapes)
{
    uint32_t width = naive->shape->width;
    struct tensor words = tensor_of(naive, "embed.words", 16, width);
    struct tensor positions = tensor_of(naive, "embed.positions", naive->shape->positions, width);
    struct tensor cases = tensor_of(naive, "embed.cases", 6, width);
    for (size_t t = 0; t < naive->count; t++) {
        for (size_t i = 0; i < width; i++)
            naive->x[t][i] = weight_of(&words, ids[t], i) + weight_of(&positions, t, i) + weight_of(&cases, shapes[t], i);
        norm(naive, "embed.norm", naive->x[t]);
    }
    for (size_t i = 0; i < naive->shape->layers; i++)
        run_layer(naive, i);
}

static const uint32_t IDS[COUNT_MOST] = {2, 4, 5, 6, 15, 0, 1, 7, 8, 9, 10, 11, 12, 13, 14, 3, 3, 2, 1, 0, 4, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 3};
static const uint8_t CASES[COUNT_MOST] = {0, 1, 2, 3, 4, 5, 0, 1, 1, 1, 2, 2};

/* The window by a set of kernels; free(). */
static float *run(const struct model_file *file, const struct kernels *kernels, size_t count)
{
    struct error err = {0};
    struct encoder *encoder = encoder_new_with(file, kernels, &err);
    expect_fine(encoder != NULL, err);
    struct encoder_scratch *scratch = encoder_scratch_new(encoder);
    float *out = kernels_memory(count * model_file_config(file)->width, sizeof *out);
    encoder_run(encoder, scratch, &(struct encoder_window){.ids = IDS, .shapes = CASES, .count = count}, 1, out);
    encoder_scratch_free(scratch);
    encoder_free(encoder);
    return out;
}

static struct model_file *open_shape(size_t index, bool is_i8, struct view *bytes)
{
    struct error err = {0};
    struct model_shape shape = SHAPES[index];
    shape.is_i8 = is_i8;
    *bytes = model_of_shape(&shape, index + 1);
    struct model_file *file = model_file_read(*bytes, &err);
    expect_fine(file != NULL, err);
    return file;
}

/* How far the kernels are from the formulas, at most. */
static double distance(const struct model_file *file, size_t shape, const struct kernels *kernels, size_t count)
{
    static struct naive naive;
    naive = (struct naive){.file = file, .shape = &SHAPES[shape], .count = count};
    run_naively(&naive, IDS, CASES);
    float *out = run(file, kernels, count);
    double worst = 0;
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < SHAPES[shape].width; i++)
            worst = fmax(worst, fabs(naive.x[t][i] - (double)out[t * SHAPES[shape].width + i]));
    free(out);
    return worst;
}

Test(encoder, follows_its_formulas_in_plain_f32)
{
    static const size_t counts[] = {1, 2, COUNT_MOST};
    for (size_t s = 0; s < SHAPE_COUNT; s++)
        for (int is_i8 = 0; is_i8 < 2; is_i8++) {
            struct view bytes;
            struct model_file *file = open_shape(s, is_i8, &bytes);
            for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
                double worst = distance(file, s, kernels_exact(), counts[c]);
                cr_expect(le(dbl, worst, 3e-5), "shape %zu, %zu pieces: off by %g", s, counts[c], worst);
            }
            model_file_close(file);
            model_bytes_free(bytes);
        }
}

Test(encoder, follows_its_formulas_with_fast_kernels_where_weights_are_f32)
{
    for (size_t s = 0; s < SHAPE_COUNT; s++) {
        struct view bytes;
        struct model_file *file = open_shape(s, false, &bytes);
        for (size_t k = 0; kernels_at(k) != NULL; k++) {
            double worst = distance(file, s, kernels_at(k), COUNT_MOST);
            cr_expect(le(dbl, worst, 5e-5), "%s, shape %zu: off by %g", kernels_at(k)->name, s, worst);
        }
        model_file_close(file);
        model_bytes_free(bytes);
    }
}

Test(encoder, stays_near_its_formulas_with_bytes)
{
    for (size_t s = 0; s < SHAPE_COUNT; s++) {
        struct view bytes;
        struct model_file *file = open_shape(s, true, &bytes);
        for (size_t k = 0; kernels_at(k) != NULL; k++) {
            double worst = distance(file, s, kernels_at(k), COUNT_MOST);
            cr_expect(le(dbl, worst, 0.2), "%s, shape %zu: off by %g", kernels_at(k)->name, s, worst);
        }
        model_file_close(file);
        model_bytes_free(bytes);
    }
}

Test(encoder, gives_the_same_bits_with_every_vector_kernel)
{
    for (size_t s = 0; s < SHAPE_COUNT; s++) {
        struct view bytes;
        struct model_file *file = open_shape(s, true, &bytes);
        float *first = run(file, kernels_at(0), COUNT_MOST);
        for (size_t k = 1; kernels_at(k) != NULL && kernels_at(k + 1) != NULL; k++) {
            float *other = run(file, kernels_at(k), COUNT_MOST);
            cr_expect(eq(int, memcmp(first, other, COUNT_MOST * SHAPES[s].width * sizeof *first), 0), "%s and %s differ", kernels_at(0)->name, kernels_at(k)->name);
            free(other);
        }
        free(first);
        model_file_close(file);
        model_bytes_free(bytes);
    }
}

Test(encoder, does_not_remember_the_last_window)
{
    struct view bytes;
    struct model_file *file = open_shape(0, true, &bytes);
    struct error err = {0};
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        struct encoder *encoder = encoder_new_with(file, kernels_at(k), &err);
        struct encoder_scratch *scratch = encoder_scratch_new(encoder);
        float first[5 * 64], again[5 * 64], longer[COUNT_MOST * 64];
        encoder_run(encoder, scratch, &(struct encoder_window){.ids = IDS, .shapes = CASES, .count = 5}, 1, first);
        encoder_run(encoder, scratch, &(struct encoder_window){.ids = IDS, .shapes = CASES, .count = COUNT_MOST}, 1, longer);
        encoder_run(encoder, scratch, &(struct encoder_window){.ids = IDS, .shapes = CASES, .count = 5}, 1, again);
        cr_expect(eq(int, memcmp(first, again, sizeof first), 0), "%s", kernels_at(k)->name);
        encoder_scratch_free(scratch);
        encoder_free(encoder);
    }
    model_file_close(file);
    model_bytes_free(bytes);
}

/* So many rows that blocks end within windows and windows within blocks. */
Test(encoder, gives_windows_together_what_it_gives_each_alone)
{
    struct view bytes;
    struct model_file *file = open_shape(0, true, &bytes);
    struct error err = {0};
    for (size_t k = 0; k == 0 || kernels_at(k - 1) != NULL; k++) {
        const struct kernels *kernels = kernels_at(k) != NULL ? kernels_at(k) : kernels_exact();
        struct encoder *encoder = encoder_new_with(file, kernels, &err);
        struct encoder_scratch *scratch = encoder_scratch_new(encoder);
        struct encoder_window windows[ENCODER_WINDOWS_MOST];
        static float together[ENCODER_WINDOWS_MOST * COUNT_MOST * 64], alone[COUNT_MOST * 64];
        for (size_t i = 0; i < ENCODER_WINDOWS_MOST; i++)
            windows[i] = (struct encoder_window){.ids = IDS + i % 3, .shapes = CASES + i % 3, .count = i == 4 ? 1 : COUNT_MOST - 2 - i % 3};
        encoder_run(encoder, scratch, windows, ENCODER_WINDOWS_MOST, together);
        const float *found = together;
        for (size_t i = 0; i < ENCODER_WINDOWS_MOST; found += windows[i++].count * 64) {
            encoder_run(encoder, scratch, &windows[i], 1, alone);
            cr_expect(eq(int, memcmp(alone, found, windows[i].count * 64 * sizeof *alone), 0), "%s: window %zu", kernels->name, i);
        }
        encoder_scratch_free(scratch);
        encoder_free(encoder);
    }
    model_file_close(file);
    model_bytes_free(bytes);
}

Test(encoder, refuses_a_file_without_one_of_its_tensors)
{
    static const char *const names[] = {"embed.words", "embed.norm.bias", "layer.1.qkv.weight", "layer.1.down.bias", "layer.0.norm1.weight"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct error err = {0};
        struct model_maker *maker = maker_new(1);
        maker_add_encoder(maker, &SHAPES[0]);
        for (uint32_t j = 0; j < maker->count; j++)
            if (strcmp(maker->sections[j].name, names[i]) == 0)
                maker->sections[j].name[0] = '_';
        struct view bytes = maker_finish(maker);
        struct model_file *file = model_file_read(bytes, &err);
        expect_fine(file != NULL, err);
        cr_expect(eq(ptr, encoder_new(file, false, &err), NULL));
        expect_text(err.code, "model.section");
        expect_says(err.text, names[i]);
        model_file_close(file);
        model_bytes_free(bytes);
    }
}

Test(encoder, tells_which_kernels_it_runs)
{
    struct error err = {0};
    struct view bytes;
    struct model_file *file = open_shape(0, true, &bytes);
    struct encoder *exact = encoder_new(file, true, &err), *fast = encoder_new(file, false, &err);
    expect_text(encoder_kernel_name(exact), "exact");
    expect_text(encoder_kernel_name(fast), kernels_at(0)->name);
    encoder_free(exact);
    encoder_free(fast);
    model_file_close(file);
    model_bytes_free(bytes);
}
