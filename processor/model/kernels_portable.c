/* The version for any CPU, in vectors of four as the compiler makes them of what there is. Without fused multiply-adds, so
 * that f32 may differ from the other versions in the last digits; integer sums do not. */
#include "processor/model/kernels_portable.h"

#include <stdint.h>

typedef float portable_vec __attribute__((vector_size(16)));
typedef int32_t portable_int __attribute__((vector_size(16)));
typedef int16_t portable_short __attribute__((vector_size(16)));

#define TARGET
#define VEC portable_vec
#define VECI portable_int
#define CODE_OFFSET 0
#define I8_LIST(X) X(1) X(2) X(3) X(4)
#define F32_LIST(X) I8_LIST(X)
enum { LANES = 4, I8_ROWS = 4, I8_VECS = 2, F32_ROWS = 4, F32_VECS = 2 };

static inline VEC v_set(float value)
{
    return (VEC){value, value, value, value};
}

static inline VEC v_load(const float *at)
{
    VEC values;
    __builtin_memcpy(&values, at, sizeof values);
    return values;
}

static inline void v_store(float *at, VEC values)
{
    __builtin_memcpy(at, &values, sizeof values);
}

static inline VECI v_set_int(int32_t value)
{
    return (VECI){value, value, value, value};
}

static inline VECI v_load_int(const void *at)
{
    VECI values;
    __builtin_memcpy(&values, at, sizeof values);
    return values;
}

static inline void v_store_int(void *at, VECI values)
{
    __builtin_memcpy(at, &values, sizeof values);
}

static inline VEC v_max(VEC a, VEC b)
{
    VECI is_more = a > b;
    return (VEC)((is_more & (VECI)a) | (~is_more & (VECI)b));
}

/* To nearest even: what is added leaves no bits for fractions. For |x| below 2^22. */
static inline VEC v_round(VEC x)
{
    return (x + 12582912.0F) - 12582912.0F;
}

/* |code| and |weight| are at most 127, so two products of bytes fit 16 bits: the even bytes, then the odd ones. */
static inline VECI dot(VECI sums, VECI codes, VECI weights)
{
    portable_short c = (portable_short)codes, w = (portable_short)weights;
    VECI pairs = (VECI)(((c << 8) >> 8) * ((w << 8) >> 8) + (c >> 8) * (w >> 8));
    return sums + ((pairs << 16) >> 16) + (pairs >> 16);
}

static inline void v_store_bytes(uint8_t *at, VECI ints, int offset)
{
    for (int i = 0; i < LANES; i++)
        at[i] = (uint8_t)(ints[i] + offset);
}

#define v_fma(a, b, c) ((a) * (b) + (c))
#define v_min(a, b) (-v_max(-(a), -(b)))
#define v_abs(a) ((VEC)((VECI)(a) & v_set_int(INT32_MAX)))
#define v_to_int(a) __builtin_convertvector(v_round(a), VECI)
#define v_from_int(a) __builtin_convertvector(a, VEC)
#define v_scale(a, n) ((VEC)((VECI)(a) + ((n) << 23)))
#define v_add_int(a, b) ((a) + (b))
#define v_sub_int(a, b) ((a) - (b))
#define v_join_byte(a, b) (((a) << 8) | ((b) & v_set_int(255)))
#define v_add_to_four(sums) (((sums)[0] + (sums)[2]) + ((sums)[1] + (sums)[3]))
#define v_max_to_four(most) (most)
#define v_add_int_to_four(sums) (sums)
#define v_dot(sums, codes, weights) (sums) = dot(sums, codes, weights)

#include "processor/model/kernels_vector.h"

const struct kernels KERNELS_PORTABLE = {.name = "portable", .multiply_i8 = multiply_i8, VECTOR_KERNELS};
