/* Every fast version against plain sums in double or int64: integers exactly, floats within the tolerances of kernels.h. */
#include "processor/model/attention_desk.h"
#include "processor/model/kernels.h"
#include "processor/model/matrix.h"
#include "tests/expect.h"
#include "tests/make_model.h"

enum { ROWS_MOST = 37 };

/* Shapes that leave every kind of rest: rows, panels, vectors. */
static const struct {
    uint32_t outputs, inputs;
    size_t rows;
} SHAPES[] = {{1, 16, 1}, {5, 64, 2}, {19, 64, 7}, {32, 16, 12}, {33, 48, 13}, {48, 64, 8}, {64, 64, 9}, {97, 128, 25}, {384, 384, 27}, {130, 1536, 3},
              {33, 1088, 37}}; /* the last: two blocks of AMX, their ends overlapped */

static struct view bytes;
static struct model_file *file;

/* A model file with a matrix w and its bias b. */
static void open_with(uint32_t outputs, uint32_t inputs, bool is_i8)
{
    static const struct model_shape shape = {.layers = 1, .width = 64, .heads = 2, .hidden = 64, .positions = 32, .window = 32, .inner = 64, .vocab = SMALL_VOCAB};
    struct error err = {0};
    struct model_maker *maker = maker_new(outputs * 7 + inputs);
    maker_add_encoder(maker, &shape);
    maker_add_matrix(maker, "w", outputs, inputs, is_i8, 1.0F);
    maker_add_f32(maker, "b", 1, outputs, 0, 1.0F);
    bytes = maker_finish(maker);
    file = model_file_read(bytes, &err);
    expect_fine(file != NULL, err);
}

static void close_all(void)
{
    model_file_close(file);
    model_bytes_free(bytes);
}

static float *random_floats(size_t count, float spread, uint64_t seed)
{
    struct model_maker *maker = maker_new(seed);
    float *values = kernels_memory(count, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = spread * maker_random(maker);
    free(maker);
    return values;
}

static double gelu(double x)
{
    return 0.5 * x * (1 + erf(x / sqrt(2)));
}

/* Codes as plain int8, however the version stores them: it adds 128 or nothing, which the code of 0 shows. */
static void plain_codes(const struct kernels *kernels, const uint8_t *codes, size_t count, int8_t *out)
{
    float zeros[16] = {0}, scale;
    uint8_t zero[16];
    kernels->quantise(zeros, 1, 16, zero, &scale);
    for (size_t i = 0; i < count; i++)
        out[i] = (int8_t)(uint8_t)(codes[i] - zero[0]);
}

static double worst_of_product(const struct kernels *kernels, uint32_t outputs, uint32_t inputs, size_t rows)
{
    struct error err = {0};
    struct matrix matrix;
    struct matrix_part part = {.weight = "w", .bias = "b", .rows = outputs};
    struct tensor w, b;
    expect_fine(matrix_init(&matrix, kernels, file, &part, 1, inputs, &err), err);
    expect_fine(model_file_tensor(file, "w", outputs, inputs, &w, &err) && model_file_tensor(file, "b", 1, outputs, &b, &err), err);
    float *x = random_floats(rows * inputs, 3, 5), *out = kernels_memory(rows * outputs, sizeof *out);
    uint8_t *codes = kernels_memory(kernels_padded_rows(rows) * inputs, 1);
    int8_t *plain = kernels_memory(rows * inputs, 1);
    float scales[ROWS_MOST];
    kernels->quantise(x, rows, inputs, codes, scales);
    plain_codes(kernels, codes, rows * inputs, plain);
    if (matrix.packed.i8 != NULL)
        kernels->multiply_i8(&matrix.packed, codes, scales, rows, out);
    else
        kernels->multiply_f32(&matrix.packed, x, rows, out);
    double worst = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t o = 0; o < outputs; o++) {
            double sum = 0;
            for (size_t i = 0; i < inputs; i++) {
                double weight = w.i8 != NULL ? w.i8[o * inputs + i] : (double)w.f32[o * inputs + i];
                sum += weight * (matrix.packed.i8 != NULL ? plain[r * inputs + i] : (double)x[r * inputs + i]);
            }
            if (matrix.packed.i8 != NULL)
                sum *= (double)scales[r] * (double)w.scale[o];
            double expected = sum + (double)b.f32[o];
            worst = fmax(worst, fabs((double)out[r * outputs + o] - expected));
        }
    free(x);
    free(out);
    free(codes);
    free(plain);
    matrix_done(&matrix);
    return worst;
}

Test(kernels, multiply_bytes_as_plain_sums_do)
{
    for (size_t s = 0; s < sizeof SHAPES / sizeof *SHAPES; s++) {
        open_with(SHAPES[s].outputs, SHAPES[s].inputs, true);
        for (size_t i = 0; kernels_at(i) != NULL; i++) {
            double worst = worst_of_product(kernels_at(i), SHAPES[s].outputs, SHAPES[s].inputs, SHAPES[s].rows);
            cr_expect(le(dbl, worst, 5e-6), "%s, shape %zu: off by %g", kernels_at(i)->name, s, worst);
        }
        close_all();
    }
}

Test(kernels, multiply_floats_as_plain_sums_do)
{
    for (size_t s = 0; s < sizeof SHAPES / sizeof *SHAPES; s++) {
        open_with(SHAPES[s].outputs, SHAPES[s].inputs, false);
        for (size_t i = 0; kernels_at(i) != NULL; i++) {
            double worst = worst_of_product(kernels_at(i), SHAPES[s].outputs, SHAPES[s].inputs, SHAPES[s].rows);
            cr_expect(le(dbl, worst, 1e-5), "%s, shape %zu: off by %g", kernels_at(i)->name, s, worst);
        }
        close_all();
    }
}

Test(kernels, gelu_before_bytes_is_near_enough_and_the_bytes_are_its_own)
{
    enum { INPUTS = 208, ROWS = 11 }; /* no whole number of what is done at a time */
    float *x = kernels_memory(ROWS * INPUTS, sizeof *x), scales[ROWS], again[ROWS];
    uint8_t *codes = kernels_memory(2 * kernels_padded_rows(ROWS) * INPUTS, 1), *codes_again = codes + kernels_padded_rows(ROWS) * INPUTS;
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        double worst = 0;
        for (size_t i = 0; i < ROWS * INPUTS; i++)
            x[i] = (float)i / 96 - 12;
        kernels_at(k)->gelu_quantise(x, ROWS, INPUTS, codes, scales);
        for (size_t i = 0; i < ROWS * INPUTS; i++)
            worst = fmax(worst, fabs((double)x[i] - gelu((double)((float)i / 96 - 12))));
        cr_expect(le(dbl, worst, 2e-4), "%s: off by %g", kernels_at(k)->name, worst);
        cr_expect(gt(dbl, worst, 0));
        kernels_at(k)->quantise(x, ROWS, INPUTS, codes_again, again);
        cr_expect(zero(int, memcmp(codes, codes_again, ROWS * INPUTS)), "%s", kernels_at(k)->name);
        cr_expect(zero(int, memcmp(scales, again, sizeof scales)), "%s", kernels_at(k)->name);
    }
    free(x);
    free(codes);
}

Test(kernels, keep_full_range_byte_sums_exact)
{
    enum { INPUTS = 1536, ROWS = 6 };
    struct packed packed = {.outputs = 48, .inputs = INPUTS, .padded = 48};
    int8_t *weights = kernels_memory(48 * INPUTS, 1);
    int32_t offset[48];
    float scale[48], bias[48] = {0}, *x = kernels_memory(ROWS * INPUTS, sizeof *x);
    memset(weights, 127, 48 * INPUTS);
    for (size_t i = 0; i < 48; i++) {
        offset[i] = -128 * 127 * INPUTS;
        scale[i] = 1;
    }
    packed.i8 = weights;
    packed.offset = offset;
    packed.scale = scale;
    packed.bias = bias;
    for (size_t i = 0; i < ROWS * INPUTS; i++)
        x[i] = i / INPUTS % 2 == 0 ? 1 : -1;
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        uint8_t codes[16 * INPUTS];
        float scales[ROWS], out[ROWS * 48];
        kernels_at(k)->quantise(x, ROWS, INPUTS, codes, scales);
        for (size_t r = 0; r < ROWS; r++)
            scales[r] = 1;
        kernels_at(k)->multiply_i8(&packed, codes, scales, ROWS, out);
        for (size_t i = 0; i < ROWS * 48; i++)
            cr_expect(eq(flt, out[i], (i / 48 % 2 == 0 ? 127.0F : -127.0F) * 127 * INPUTS), "%s", kernels_at(k)->name);
    }
    free(weights);
    free(x);
}

Test(kernels, quantise_to_nearest_even_over_the_whole_range)
{
    float x[64] = {127, -127, 0.5F, 1.5F, -2.5F, 3.49F, -126.6F};
    static const int8_t expected[64] = {127, -127, 0, 2, -2, 3, -127};
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        uint8_t codes[64];
        int8_t plain[64];
        float scale;
        kernels_at(k)->quantise(x, 1, 64, codes, &scale);
        plain_codes(kernels_at(k), codes, 64, plain);
        cr_expect(eq(flt, scale, 1));
        cr_expect(eq(int, memcmp(plain, expected, 64), 0), "%s", kernels_at(k)->name);
    }
}

Test(kernels, quantise_zeros_to_zeros)
{
    float x[32] = {0}, scale = 9;
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        uint8_t codes[32];
        kernels_at(k)->quantise(x, 1, 32, codes, &scale);
        cr_expect(eq(flt, scale, 0));
        cr_expect(eq(int, memcmp(codes, codes + 16, 16), 0));
    }
}

Test(kernels, gelu_stays_within_its_stated_error)
{
    enum { COUNT = 48001 };
    float *x = kernels_memory(COUNT, sizeof *x);
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        double worst = 0;
        for (size_t i = 0; i < COUNT; i++)
            x[i] = (float)i / 2000 - 12;
        kernels_at(k)->gelu(x, COUNT);
        for (size_t i = 0; i < COUNT; i++)
            worst = fmax(worst, fabs((double)x[i] - gelu((double)((float)i / 2000 - 12))));
        cr_expect(le(dbl, worst, 2.5e-6), "%s: off by %g", kernels_at(k)->name, worst);
        float far[] = {1000, -1000};
        kernels_at(k)->gelu(far, 2);
        cr_expect(le(flt, fabsf(far[0] - 1000), 3e-4F));
        cr_expect(le(flt, fabsf(far[1]), 3e-4F));
    }
    free(x);
}

Test(kernels, normalise_rows)
{
    enum { ROWS = 3, WIDTH = 192 };
    float *start = random_floats(ROWS * WIDTH, 4, 1), *more = random_floats(ROWS * WIDTH, 4, 2), *weight = random_floats(WIDTH, 1, 3), *bias = random_floats(WIDTH, 1, 4);
    const struct norm norm = {.weight = weight, .bias = bias, .epsilon = 1e-12F, .width = WIDTH};
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        float x[ROWS * WIDTH];
        memcpy(x, start, sizeof x);
        kernels_at(k)->add_norm(x, more, &norm, ROWS, NULL, NULL);
        for (size_t r = 0; r < ROWS; r++) {
            double mean = 0, squares = 0;
            for (size_t i = r * WIDTH; i < (r + 1) * WIDTH; i++)
                mean += ((double)start[i] + (double)more[i]) / WIDTH;
            for (size_t i = r * WIDTH; i < (r + 1) * WIDTH; i++)
                squares += pow((double)start[i] + (double)more[i] - mean, 2) / WIDTH;
            for (size_t i = 0; i < WIDTH; i++) {
                double value = ((double)start[r * WIDTH + i] + (double)more[r * WIDTH + i] - mean) / sqrt(squares) * (double)weight[i] + (double)bias[i];
                cr_expect(le(dbl, fabs(value - (double)x[r * WIDTH + i]), 3e-6), "%s", kernels_at(k)->name);
            }
        }
    }
    free(start);
    free(more);
    free(weight);
    free(bias);
}

Test(kernels, give_the_codes_of_normalised_rows_as_quantise_does)
{
    enum { MOST = 7, WIDTH = 192 };
    float *start = random_floats(MOST * WIDTH, 4, 1), *more = random_floats(MOST * WIDTH, 4, 2), *weight = random_floats(WIDTH, 1, 3), *bias = random_floats(WIDTH, 1, 4);
    const struct norm norm = {.weight = weight, .bias = bias, .epsilon = 1e-12F, .width = WIDTH};
    for (size_t k = 0; kernels_at(k) != NULL; k++)
        for (size_t rows = 1; rows <= MOST; rows++) {
            float x[MOST * WIDTH], scales[MOST], expected_scales[MOST];
            uint8_t codes[MOST * WIDTH], expected[MOST * WIDTH];
            memcpy(x, start, sizeof x);
            kernels_at(k)->add_norm(x, more, &norm, rows, codes, scales);
            kernels_at(k)->quantise(x, rows, WIDTH, expected, expected_scales);
            cr_expect(eq(int, memcmp(codes, expected, rows * WIDTH), 0), "%s, %zu rows", kernels_at(k)->name, rows);
            cr_expect(eq(int, memcmp(scales, expected_scales, rows * sizeof *scales), 0), "%s, %zu rows", kernels_at(k)->name, rows);
        }
    free(start);
    free(more);
    free(weight);
    free(bias);
}

/* Takes the rows in `step` at a time and attends. */
static void attend_in_steps(const struct kernels *kernels, const float *qkv, struct attention attention, size_t step)
{
    for (size_t first = 0; first < attention.count; first += step)
        kernels->take(&attention, qkv + first * 3 * attention.width, first, attention.count - first < step ? attention.count - first : step);
    kernels->attend(&attention);
}

/* softmax(q . k[t] * factor) v[t] for `width` numbers, in double. */
static void attend_plainly(const float *q, const float *k, const float *v, size_t stride, size_t rows, size_t width, double factor, const float *bias,
                           double *out)
{
    double weights[64], sum = 0;
    for (size_t t = 0; t < rows; t++) {
        double score = 0;
        for (size_t i = 0; i < width; i++)
            score += (double)q[i] * (double)k[t * stride + i];
        weights[t] = exp(score * factor + (bias != NULL ? (double)bias[t] : 0));
        sum += weights[t];
    }
    for (size_t i = 0; i < width; i++) {
        out[i] = 0;
        for (size_t t = 0; t < rows; t++)
            out[i] += weights[t] / sum * (double)v[t * stride + i];
    }
}

/* What attention in bytes is to give for one head of one query: as kernels_attention.h, in double but for its codes. */
struct byte_head {
    const float *qkv;
    size_t count, width, head, at; /* `at` is where the head starts in a row */
    const float *bias;             /* of the query, or NULL */
};

static double code_of(const float *row, size_t count, size_t stride, size_t i, double *scale)
{
    float most = 0;
    for (size_t k = 0; k < count; k++)
        most = fmaxf(most, fabsf(row[k * stride]));
    *scale = most / 127.0F;
    return most > 0 ? rint((double)(row[i * stride] * (127.0F / most))) : 0;
}

/* out [head]; returns what one step of one weight may change. */
static double attend_in_bytes(const struct byte_head *head, size_t query, double *out)
{
    double scores[64], total = 0, most = -INFINITY, largest = 0;
    for (size_t t = 0; t < head->count; t++) {
        const float *q = head->qkv + query * 3 * head->width + head->at, *k = head->qkv + t * 3 * head->width + head->width + head->at;
        double sum = 0, q_scale = 0, k_scale = 0;
        for (size_t i = 0; i < head->head; i++)
            sum += code_of(q, head->head, 1, i, &q_scale) * code_of(k, head->head, 1, i, &k_scale);
        scores[t] = sum * q_scale * k_scale + (head->bias != NULL ? (double)head->bias[t] : 0);
        most = fmax(most, scores[t]);
    }
    for (size_t t = 0; t < head->count; t++)
        total += scores[t] = rint(127 * exp(scores[t] - most));
    for (size_t i = 0; i < head->head; i++) {
        double sum = 0, scale = 0;
        for (size_t t = 0; t < head->count; t++)
            sum += scores[t] * code_of(head->qkv + 2 * head->width + head->at + i, head->count, 3 * head->width, t, &scale);
        out[i] = sum * scale / total;
        largest = fmax(largest, 127 * scale);
    }
    return 2 * largest / total;
}

/* A weight half way between two bytes may be rounded to either: at most one in a row. */
static double worst_of_attention(struct byte_head head, size_t heads, const struct attention_bias *bias, const float *out)
{
    double worst = 0, expected[ATTENTION_HEAD_LIMIT];
    for (size_t r = 0; r < head.count; r++)
        for (size_t index = 0; index < heads; index++) {
            head.at = index * head.head;
            head.bias = kernels_bias(bias, index, r);
            double step = attend_in_bytes(&head, r, expected) + 1e-6;
            for (size_t i = 0; i < head.head; i++)
                worst = fmax(worst, fabs(expected[i] - (double)out[r * head.width + head.at + i]) / step);
        }
    return worst;
}

Test(kernels, attend_over_windows_of_any_length_and_head_width_with_and_without_relative_positions)
{
    enum { REACH = 60 };
    static const struct {
        size_t count, heads, width;
    } cases[] = {{1, 4, 64}, {2, 2, 64}, {13, 12, 384}, {16, 2, 64}, {31, 4, 192}, {33, 1, 64}, {48, 8, 128}, {50, 10, 320}, {49, 1, 256}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        size_t count = cases[c].count, width = cases[c].width, heads = cases[c].heads, head = width / heads;
        float *qkv = random_floats(count * 3 * width, 1, c + 1), *out = kernels_memory(count * width, sizeof *out);
        void *work = kernels_memory(kernels_attention_bytes(count, heads, width), 1);
        float *near = random_floats(heads * (2 * REACH + 1), 2, c + 20);
        const struct attention_bias some = {.heads = near, .reach = REACH}, *bias = c % 2 == 0 ? &some : NULL;
        cr_assert(kernels_attends(head));
        for (size_t k = 0; kernels_at(k) != NULL; k++) {
            attend_in_steps(kernels_at(k), qkv, (struct attention){count, heads, width, bias, work, out}, c % 3 == 0 ? count : 4 * c);
            double worst = worst_of_attention((struct byte_head){.qkv = qkv, .count = count, .width = width, .head = head}, heads, bias, out);
            cr_expect(le(dbl, worst, 1), "%s, case %zu: off by %g steps", kernels_at(k)->name, c, worst);
        }
        free(qkv);
        free(out);
        free(work);
        free(near);
    }
}

Test(kernels, attend_in_plain_floats_with_heads_of_any_width)
{
    static const struct {
        size_t count, heads, width;
    } cases[] = {{1, 2, 64}, {2, 64, 64}, {31, 4, 192}, {50, 32, 320}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        size_t count = cases[c].count, width = cases[c].width, head = width / cases[c].heads;
        float *qkv = random_floats(count * 3 * width, 1, c + 1), *out = kernels_memory(count * width, sizeof *out);
        void *work = kernels_memory(kernels_attention_bytes(count, cases[c].heads, width), 1);
        double worst = 0, expected[320];
        attend_in_steps(kernels_exact(), qkv, (struct attention){count, cases[c].heads, width, NULL, work, out}, 4 * c + 4);
        for (size_t r = 0; r < count; r++)
            for (size_t at = 0; at < width; at += head) {
                attend_plainly(qkv + r * 3 * width + at, qkv + width + at, qkv + 2 * width + at, 3 * width, count, head, 1, NULL, expected);
                for (size_t i = 0; i < head; i++)
                    worst = fmax(worst, fabs(expected[i] - (double)out[r * width + at + i]));
            }
        cr_expect(le(dbl, worst, 2e-6), "case %zu: off by %g", c, worst);
        free(qkv);
        free(out);
        free(work);
    }
}

Test(kernels, attend_for_some_queries)
{
    enum { QUERIES = 3, WIDTH = 192, STRIDE = 400, ROWS = 37 };
    float *q = random_floats(QUERIES * WIDTH, 2, 1), *memory = random_floats(ROWS * STRIDE, 2, 2);
    for (size_t k = 0; kernels_at(k) != NULL; k++)
        for (size_t rows = 1; rows <= ROWS; rows += 3) {
            float work[48], out[QUERIES * WIDTH], alone[WIDTH];
            double expected[64], worst = 0;
            kernels_at(k)->attend_some(q, QUERIES, memory, memory + WIDTH, STRIDE, rows, WIDTH, work, out);
            for (size_t at = 0; at < QUERIES * WIDTH; at += 64) {
                size_t in = at % WIDTH;
                attend_plainly(q + at, memory + in, memory + WIDTH + in, STRIDE, rows, 64, 0.125, NULL, expected);
                for (size_t i = 0; i < 64; i++)
                    worst = fmax(worst, fabs(expected[i] - (double)out[at + i]));
            }
            cr_expect(le(dbl, worst, 3e-6), "%s, %zu rows: off by %g", kernels_at(k)->name, rows, worst);
            kernels_at(k)->attend_some(q + 2 * WIDTH, 1, memory, memory + WIDTH, STRIDE, rows, WIDTH, work, alone);
            cr_expect(eq(int, memcmp(alone, out + 2 * WIDTH, sizeof alone), 0), "%s: company changes a query", kernels_at(k)->name);
        }
    free(q);
    free(memory);
}

Test(kernels, softmax_survives_scores_far_apart)
{
    enum { COUNT = 20, WIDTH = 64 };
    float *qkv = random_floats(COUNT * 3 * WIDTH, 60, 3), out[COUNT * WIDTH];
    void *work = kernels_memory(kernels_attention_bytes(COUNT, 2, WIDTH), 1);
    for (size_t k = 0; kernels_at(k) != NULL; k++) {
        attend_in_steps(kernels_at(k), qkv, (struct attention){COUNT, 2, WIDTH, NULL, work, out}, COUNT);
        for (size_t i = 0; i < COUNT * WIDTH; i++)
            cr_expect(le(flt, fabsf(out[i]), 61), "%s", kernels_at(k)->name);
    }
    free(qkv);
    free(work);
}
