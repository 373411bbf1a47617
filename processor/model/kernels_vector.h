/* The fast kernels, written once over short vectors: kernels_math.h, kernels_products.h, kernels_attention.h and this file.
 * A file of a CPU (kernels_avx512.c and so on) includes this one after it has defined:
 *
 *   TARGET                     the function attribute that allows its instructions
 *   LANES, VEC, VECI           4, 8 or 16; a vector of so many floats / int32
 *   I8_ROWS, I8_VECS, F32_ROWS, F32_VECS  rows by vectors of outputs that are multiplied at a time: as many as registers hold
 *   I8_LIST(X), F32_LIST(X)    X(1) ... X(I8_ROWS), X(1) ... X(F32_ROWS)
 *   v_set, v_load, v_store, v_fma, v_max, v_min, v_abs, v_round (to nearest even), v_to_int, v_from_int, v_scale (times
 *   2^n by exponent bits), v_set_int, v_load_int, v_store_int, v_add_int, v_sub_int
 *   v_clamp, v_max_size        where one instruction does that (kernels_math.h)
 *   v_join_byte(a, b)          (a << 8) | (b & 255) of each int32
 *   v_add_to_four, v_max_to_four, v_add_int_to_four: 16 partial sums (an array of VEC), a VEC or a VECI, to four
 *   v_dot(sums, codes, weights)  adds 4 products of bytes to each int32
 *   v_store_bytes(at, ints, offset)  LANES int32 in -127..127 as bytes + offset (0 or 128)
 *   CODE_OFFSET                128 where codes are unsigned (VNNI), else 0
 *
 * Every sum has the same order for all numbers of lanes: products run over the inputs one by one, other sums over 16
 * interleaved partial sums that are added in a tree. So results do not depend on the CPU. */
#include "processor/model/attention_desk.h"
#include "processor/model/kernels.h"

#include <math.h>
#include <string.h>

enum { PARTS = 16 / LANES };

/* gcc keeps the sums of a tile in registers only where all their loops are unrolled. */
#ifdef __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

#define INLINE static inline __attribute__((always_inline)) TARGET

#include "processor/model/kernels_math.h"

#include "processor/model/kernels_products.h"

#include "processor/model/kernels_attention.h"

INLINE void norm_rows(float *x, const float *add, const float *weight, const float *bias, float epsilon, size_t rows, size_t width)
{
    for (size_t r = 0; r < rows; r++, x += width, add += width) {
        VEC sums[PARTS], squares[PARTS];
        UNROLL for (size_t j = 0; j < PARTS; j++)
            sums[j] = squares[j] = v_set(0);
        for (size_t i = 0; i < width; i += 16)
            UNROLL for (size_t j = 0; j < PARTS; j++) {
                VEC value = v_load(x + i + j * LANES) + v_load(add + i + j * LANES);
                v_store(x + i + j * LANES, value);
                sums[j] = sums[j] + value;
            }
        VEC mean = v_set(add_up(sums) / (float)width);
        for (size_t i = 0; i < width; i += 16)
            UNROLL for (size_t j = 0; j < PARTS; j++) {
                VEC value = v_load(x + i + j * LANES) - mean;
                squares[j] = v_fma(value, value, squares[j]);
            }
        VEC factor = v_set(1.0F / sqrtf(add_up(squares) / (float)width + epsilon));
        for (size_t i = 0; i < width; i += LANES) {
            VEC value = (v_load(x + i) - mean) * factor;
            v_store(x + i, v_fma(value, v_load(weight + i), v_load(bias + i)));
        }
    }
}

TARGET static void add_norm(float *x, const float *add, const struct norm *norm, size_t rows, uint8_t *codes, float *scales)
{
    size_t width = norm->width;
    for (size_t r = 0; r < rows; r += 4) { /* few enough to be near still when they are quantised */
        size_t some = rows - r < 4 ? rows - r : 4;
        norm_rows(x + r * width, add + r * width, norm->weight, norm->bias, norm->epsilon, some, width);
        if (codes != NULL)
            quantise(x + r * width, some, width, codes + r * width, scales + r);
    }
}

TARGET static void gelu(float *x, size_t count)
{
    size_t i = 0;
    VEC values[BESIDE];
    for (; i + BESIDE * LANES <= count; i += BESIDE * LANES) {
        UNROLL for (size_t j = 0; j < BESIDE; j++)
            values[j] = v_load(x + i + j * LANES);
        gelu_of(values, BESIDE);
        UNROLL for (size_t j = 0; j < BESIDE; j++)
            v_store(x + i + j * LANES, values[j]);
    }
    for (; i < count; i += LANES) {
        float some[LANES] = {0};
        size_t left = count - i < LANES ? count - i : LANES;
        memcpy(some, x + i, left * sizeof *x);
        values[0] = v_load(some);
        gelu_of(values, 1);
        store_part(x + i, values[0], left);
    }
}

/* All but multiply_i8; and without attention. */
#define VECTOR_KERNELS VECTOR_KERNELS_WITHOUT_ATTENTION, .take = take, .attend = attend
#define VECTOR_KERNELS_WITHOUT_ATTENTION                                                                                                   \
    .keeps_i8 = true, .quantise = quantise, .gelu_quantise = gelu_quantise, .multiply_f32 = multiply_f32, .add_norm = add_norm, .gelu = gelu, \
    .attend_some = attend_some
