#include "processor/model/kernels_plain.h"

#include <math.h>
#include <string.h>

static float gelu(float x)
{
    return 0.5F * x * (1.0F + erff(x * 0.70710678F));
}

static void gelu_all(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = gelu(x[i]);
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void multiply_f32(const struct packed *matrix, const float *x, size_t rows, float *out)
{
    for (size_t first = 0; first < matrix->outputs; first += KERNELS_F32_PANEL) {
        size_t width = least_of(matrix->outputs - first, KERNELS_F32_PANEL);
        for (size_t r = 0; r < rows; r++) {
            const float *panel = matrix->f32 + first * matrix->inputs, *row = x + r * matrix->inputs;
            float sums[KERNELS_F32_PANEL] = {0};
            for (size_t i = 0; i < matrix->inputs; i++, panel += KERNELS_F32_PANEL)
                for (size_t o = 0; o < KERNELS_F32_PANEL; o++)
                    sums[o] += row[i] * panel[o];
            for (size_t o = 0; o < width; o++)
                out[r * matrix->outputs + first + o] = sums[o] + matrix->bias[first + o];
        }
    }
}

static void add_norm(float *x, const float *add, const struct norm *norm, size_t rows, uint8_t *codes, float *scales)
{
    size_t width = norm->width;
    (void)codes;
    (void)scales;
    for (size_t r = 0; r < rows; r++, x += width, add += width) {
        float sum = 0, squares = 0;
        for (size_t i = 0; i < width; i++) {
            x[i] += add[i];
            sum += x[i];
        }
        float mean = sum / (float)width;
        for (size_t i = 0; i < width; i++)
            squares += (x[i] - mean) * (x[i] - mean);
        float factor = 1.0F / sqrtf(squares / (float)width + norm->epsilon);
        for (size_t i = 0; i < width; i++)
            x[i] = (x[i] - mean) * factor * norm->weight[i] + norm->bias[i];
    }
}

/* Weights exp(score - most) in place of the scores; returns their sum. */
static float soften(float *scores, size_t count)
{
    float most = -INFINITY, sum = 0;
    for (size_t t = 0; t < count; t++)
        most = fmaxf(most, scores[t]);
    for (size_t t = 0; t < count; t++) {
        scores[t] = expf(scores[t] - most);
        sum += scores[t];
    }
    return sum;
}

/* out = softmax(q . k[t] * factor + bias[t]) v[t], all `width` wide and rows `stride` floats apart; bias may be NULL. */
static void attend_head(const float *q, const float *k, const float *v, size_t stride, size_t rows, size_t width,
                        float factor, const float *bias, float *scores, float *out)
{
    for (size_t t = 0; t < rows; t++) {
        float sum = 0;
        for (size_t i = 0; i < width; i++)
            sum += q[i] * k[t * stride + i];
        scores[t] = sum * factor + (bias != NULL ? bias[t] : 0);
    }
    float share = 1.0F / soften(scores, rows);
    memset(out, 0, width * sizeof *out);
    for (size_t t = 0; t < rows; t++)
        for (size_t i = 0; i < width; i++)
            out[i] += scores[t] * share * v[t * stride + i];
}

static void take(const struct attention *attention, const float *qkv, size_t first, size_t rows)
{
    float *all = attention->work;
    memcpy(all + first * 3 * attention->width, qkv, rows * 3 * attention->width * sizeof *all);
}

static void attend(const struct attention *attention)
{
    size_t count = attention->count, width = attention->width, head_width = width / attention->heads, stride = 3 * width;
    float *qkv = attention->work, *scores = qkv + count * stride;
    for (size_t row = 0; row < count; row++)
        for (size_t head = 0; head < attention->heads; head++) {
            size_t first = head * head_width;
            attend_head(qkv + row * stride + first, qkv + width + first, qkv + 2 * width + first, stride, count, head_width, 1.0F,
                        kernels_bias(attention->bias, head, row), scores, attention->out + row * width + first);
        }
}

static void attend_some(const float *q, size_t count, const float *k, const float *v, size_t stride, size_t rows, size_t width,
                        float *work, float *out)
{
    for (size_t i = 0; i < count; i++, q += width, out += width)
        for (size_t first = 0; first < width; first += KERNELS_ATTEND_ONE_HEAD)
            attend_head(q + first, k + first, v + first, stride, rows, KERNELS_ATTEND_ONE_HEAD, 0.125F, NULL, work, out + first);
}

const struct kernels KERNELS_EXACT = {.name = "exact",
                                      .keeps_i8 = false,
                                      .multiply_f32 = multiply_f32,
                                      .add_norm = add_norm,
                                      .gelu = gelu_all,
                                      .take = take,
                                      .attend = attend,
                                      .attend_some = attend_some};
