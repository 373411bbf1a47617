/* The arithmetic: matrix products, layer norm, attention. One plain version in C, always there and always tested
 * against, and fast versions for the CPUs that have the instructions.
 *
 * int8 products: activations are quantised per row, q = round(x * 127 / max|x|) to nearest even, weights per output;
 * the sums are integers and the same on every CPU. What follows in f32 is bit for bit the same in all versions made
 * from kernels_vector.h (AVX2, AVX-VNNI, AVX512, AMX: same order of sums, same fused multiply-adds) and within 1e-5
 * relative to the plain ones.
 *
 * Vectors and buffers need no alignment but are faster at 64 bytes (kernels_memory). All functions: Thread: any. */
#pragma once

#include "processor/model/file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KERNELS_I8_PANEL = 48,  /* outputs that are packed side by side: three vectors of AVX512 */
    KERNELS_F32_PANEL = 32,
    KERNELS_GROUP = 4,  /* inputs of one int8 dot-product step */
    KERNELS_INPUTS = 16, /* what the inputs of an int8 product are a multiple of */
};

/* y = x W^T + bias with W [outputs][inputs], packed in panels of outputs, the last padded with zeros.
 * Made by matrix.h. `padded` is outputs rounded up to whole panels. */
struct packed {
    size_t outputs, inputs, padded; /* inputs: a multiple of KERNELS_INPUTS with i8 */
    const int8_t *i8;       /* [padded / I8_PANEL][inputs / GROUP][I8_PANEL][GROUP], or NULL; never -128 */
    const float *scale;     /* [padded], with i8 */
    const int32_t *offset;  /* [padded], with i8: -128 * the sum of an output's weights */
    const float *f32;       /* [padded / F32_PANEL][inputs][F32_PANEL], or NULL */
    const float *bias;      /* [padded] */
};

/* What is added to an attention score for how far the key stands from the query (relative positions). */
struct attention_bias {
    const float *heads; /* [heads][2 * reach + 1]: the entry of query q and key t is reach + t - q */
    size_t reach;       /* at least the window's length - 1 */
};

/* One window's self-attention. */
struct attention {
    size_t count, heads, width;        /* width / heads as kernels_attends() allows */
    const struct attention_bias *bias; /* or NULL */
    void *work;                        /* [kernels_attention_bytes(count, heads, width)] */
    float *out;                        /* [count][width]; until attend() it holds v */
};

/* Layer norm. */
struct norm {
    float *weight, *bias; /* [width] each */
    float epsilon;
    size_t width; /* a multiple of KERNELS_INPUTS */
};

/* What `head` adds for the query of `row`: the entry of key t at [t]. NULL for none. */
static inline const float *kernels_bias(const struct attention_bias *bias, size_t head, size_t row)
{
    return bias != NULL ? bias->heads + head * (2 * bias->reach + 1) + bias->reach - row : NULL;
}

struct kernels {
    const char *name;
    bool keeps_i8; /* false: matrices are unpacked to f32 ("exact") */

    /* Of versions that keep i8 alone: x [rows][inputs] to codes [rows][inputs], in the form that this set's multiply_i8 takes, and scales [rows]. There
     * must be room for codes of kernels_padded_rows(rows): products read (and do not use) the rest. */
    void (*quantise)(const float *x, size_t rows, size_t inputs, uint8_t *codes, float *scales);

    /* The same of gelu(x), which takes the place of x, off by at most 2e-4. */
    void (*gelu_quantise)(float *x, size_t rows, size_t inputs, uint8_t *codes, float *scales);

    /* The same: out[r][o] = sum * (scales[r] * scale[o]) + bias[o], out [rows][outputs]. */
    void (*multiply_i8)(const struct packed *matrix, const uint8_t *codes, const float *scales, size_t rows, float *out);

    /* out[r][o] = x[r] . w[o] + bias[o], x [rows][inputs], out [rows][outputs]. */
    void (*multiply_f32)(const struct packed *matrix, const float *x, size_t rows, float *out);

    /* x[r] = (s - mean s) / sqrt(var s + epsilon) * weight + bias with s = x[r] + add[r]; x, add [rows][width]. Of versions that keep
     * i8, the result's codes and scales too, as quantise() gives them, where `codes` is not NULL. */
    void (*add_norm)(float *x, const float *add, const struct norm *norm, size_t rows, uint8_t *codes, float *scales);

    /* x = 0.5 x (1 + erf(x / sqrt 2)), in place. */
    void (*gelu)(float *x, size_t count);

    /* Self-attention of one window: per head softmax(q k^T + bias) v, q already scaled. Versions that keep i8 do it in bytes
     * (kernels_attention.h). First its rows are taken in, in order, some at a time (a multiple of 4 but for the last ones):
     * qkv [rows][3 * width], of the rows from `first` on. Then attend() gives the whole window. */
    void (*take)(const struct attention *attention, const float *qkv, size_t first, size_t rows);
    void (*attend)(const struct attention *attention);

    /* Some queries over the same rows: per head (64 wide) softmax(q . k[t] / 8) v[t].
     *   q, out [count][width], a multiple of 64; k, v [rows] of width, `stride` floats apart; work [rows rounded up to 16] */
    void (*attend_some)(const float *q, size_t count, const float *k, const float *v, size_t stride, size_t rows, size_t width,
                        float *work, float *out);
};

enum { KERNELS_ATTEND_ONE_HEAD = 64 };

/* The plain version, with f32 weights only ("exact"). Never NULL. */
const struct kernels *kernels_exact(void);

/* The versions this CPU can run, best first, the last one "portable"; NULL from *count on. */
const struct kernels *kernels_at(size_t index);

/* `rows` rounded up to what products take at a time. */
size_t kernels_padded_rows(size_t rows);

/* Bytes that self-attention needs, with any version. */
size_t kernels_attention_bytes(size_t count, size_t heads, size_t width);

/* Whether versions that keep i8 take heads of this width: multiples of KERNELS_INPUTS up to 256. */
bool kernels_attends(size_t head_width);

/* `count` elements of `size` bytes, zeroed, at a multiple of 64 bytes. Ends the process where there is none. free(). */
void *kernels_memory(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* The same for megabytes that are read all the time: in pages of 2 MiB where the system gives them, as looking up where thousands
 * of small pages lie costs more than reading them. Not zeroed. */
void *kernels_large_memory(size_t bytes) __attribute__((malloc, returns_nonnull));
