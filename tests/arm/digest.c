/* One line a version and operation: its name, the operation, and a hash of what it gives for fixed numbers. The lines of a
 * machine are compared with those of another by tests/arm/run.sh. Links the kernels alone. */
#include "processor/model/kernels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 37, WIDTH = 192, OUTPUTS = 130, PADDED = 144, HEADS = 6 };

static uint64_t state = 1;

/* In -1..1, the same on every machine. */
static float next_number(void)
{
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (float)(int32_t)(state >> 40) / 8388608.0F - 1.0F;
}

static float *numbers(size_t count, float spread)
{
    float *values = kernels_memory(count, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = spread * next_number();
    return values;
}

static void say(const struct kernels *kernels, const char *operation, const float *values, size_t count)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < count * sizeof *values; i++)
        hash = (hash ^ ((const unsigned char *)values)[i]) * 1099511628211U;
    printf("%s %s %016" PRIx64 "\n", kernels->name, operation, hash);
}

struct inputs {
    float *x, *qkv, *ones, *scale, *bias, *zeros, *f32;
    int8_t *i8;
    int32_t *offset;
};

static struct inputs make_inputs(void)
{
    struct inputs in = {.x = numbers(ROWS * WIDTH, 3), .qkv = numbers(ROWS * 3 * WIDTH, 1.5F), .ones = numbers(PADDED, 0), .scale = numbers(PADDED, 0.01F),
                        .bias = numbers(PADDED + WIDTH, 1), .zeros = numbers(PADDED, 0), .f32 = numbers(160 * WIDTH, 1)};
    in.i8 = kernels_memory(PADDED * WIDTH, 1);
    in.offset = kernels_memory(PADDED, sizeof *in.offset);
    for (size_t o = 0; o < PADDED; o++) {
        size_t lane = o % KERNELS_I8_PANEL;
        int8_t *panel = in.i8 + (o - lane) * WIDTH;
        in.ones[o] = 1;
        for (size_t i = 0; i < WIDTH; i++) {
            int8_t weight = (int8_t)(127 * next_number());
            panel[(i / KERNELS_GROUP * KERNELS_I8_PANEL + lane) * KERNELS_GROUP + i % KERNELS_GROUP] = weight;
            in.offset[o] -= 128 * weight;
        }
    }
    return in;
}

static void digest(const struct kernels *kernels, const struct inputs *in)
{
    uint8_t *codes = kernels_memory(kernels_padded_rows(ROWS) * WIDTH, 1);
    float scales[ROWS], ones[ROWS], work[48], *out = kernels_memory(ROWS * WIDTH, sizeof *out);
    void *desk = kernels_memory(kernels_attention_bytes(ROWS, HEADS, WIDTH), 1);
    struct packed bytes = {.outputs = OUTPUTS, .inputs = WIDTH, .padded = PADDED, .i8 = in->i8, .scale = in->ones, .offset = in->offset, .bias = in->zeros};
    struct packed floats = {.outputs = OUTPUTS, .inputs = WIDTH, .padded = 160, .f32 = in->f32, .bias = in->bias};
    for (size_t r = 0; r < ROWS; r++)
        ones[r] = 1;
    kernels->quantise(in->x, ROWS, WIDTH, codes, scales);
    say(kernels, "scales", scales, ROWS);
    kernels->multiply_i8(&bytes, codes, ones, ROWS, out);
    say(kernels, "sums", out, ROWS * OUTPUTS);
    bytes.scale = in->scale;
    bytes.bias = in->bias;
    kernels->multiply_i8(&bytes, codes, scales, ROWS, out);
    say(kernels, "bytes", out, ROWS * OUTPUTS);
    memcpy(out, in->x, ROWS * WIDTH * sizeof *out);
    kernels->gelu_quantise(out, ROWS, WIDTH, codes, scales);
    say(kernels, "gelu", out, ROWS * WIDTH);
    say(kernels, "gelu_scales", scales, ROWS);
    kernels->multiply_f32(&floats, in->x, ROWS, out);
    say(kernels, "floats", out, ROWS * OUTPUTS);
    memcpy(out, in->x, ROWS * WIDTH * sizeof *out);
    const struct norm norm = {.weight = in->bias, .bias = in->bias + PADDED, .epsilon = 1e-12F, .width = WIDTH};
    kernels->add_norm(out, in->qkv, &norm, ROWS, codes, scales);
    say(kernels, "norm", out, ROWS * WIDTH);
    say(kernels, "norm_scales", scales, ROWS);
    const struct attention attention = {.count = ROWS, .heads = HEADS, .width = WIDTH, .work = desk, .out = out};
    kernels->take(&attention, in->qkv, 0, ROWS);
    kernels->attend(&attention);
    say(kernels, "attend", out, ROWS * WIDTH);
    kernels->attend_some(in->x, 3, in->qkv, in->qkv + WIDTH, 3 * WIDTH, ROWS, WIDTH, work, out);
    say(kernels, "attend_some", out, 3 * WIDTH);
    free(codes);
    free(out);
    free(desk);
}

int main(void)
{
    const struct inputs in = make_inputs();
    for (size_t k = 0; kernels_at(k) != NULL; k++)
        digest(kernels_at(k), &in);
    void *made[] = {in.x, in.qkv, in.ones, in.scale, in.bias, in.zeros, in.f32, in.i8, in.offset};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        free(made[i]);
    return 0;
}
