#include "processor/model/kernels_neon.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#include <string.h>

#define TARGET __attribute__((target("arch=armv8.2-a+dotprod")))
#define VEC float32x4_t
#define VECI int32x4_t
#define CODE_OFFSET 0
#define I8_LIST(X) X(1) X(2) X(3) X(4) X(5) X(6)
#define F32_LIST(X) I8_LIST(X)
enum { LANES = 4, I8_ROWS = 6, I8_VECS = 4, F32_ROWS = 6, F32_VECS = 4 };

#define v_set(value) vdupq_n_f32(value)
#define v_load(at) vld1q_f32(at)
#define v_store(at, values) vst1q_f32(at, values)
#define v_fma(a, b, c) vfmaq_f32(c, a, b)
#define v_max(a, b) vmaxq_f32(a, b)
#define v_min(a, b) vminq_f32(a, b)
#define v_abs(a) vabsq_f32(a)
#define v_round(a) vrndnq_f32(a)
#define v_to_int(a) vcvtnq_s32_f32(a)
#define v_from_int(a) vcvtq_f32_s32(a)
#define v_scale(a, n) vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(a), vshlq_n_s32(n, 23)))
#define v_set_int(value) vdupq_n_s32(value)
#define v_load_int(at) vreinterpretq_s32_u8(vld1q_u8((const uint8_t *)(const void *)(at)))
#define v_store_int(at, values) vst1q_u8((uint8_t *)(void *)(at), vreinterpretq_u8_s32(values))
#define v_add_int(a, b) vaddq_s32(a, b)
#define v_sub_int(a, b) vsubq_s32(a, b)
#define v_join_byte(a, b) vorrq_s32(vshlq_n_s32(a, 8), vandq_s32(b, vdupq_n_s32(255)))
#define v_add_to_four(sums) (quad)vaddq_f32(vaddq_f32((sums)[0], (sums)[2]), vaddq_f32((sums)[1], (sums)[3]))
#define v_max_to_four(most) (quad)(most)
#define v_add_int_to_four(sums) (quad_int)(sums)
#define v_dot(sums, codes, weights) (sums) = vdotq_s32(sums, vreinterpretq_s8_s32(codes), vreinterpretq_s8_s32(weights))
#define v_store_bytes(at, ints, offset)                                                                     \
    do {                                                                                                    \
        int16x4_t words_ = vqmovn_s32(ints);                                                                \
        int8x8_t bytes_ = veor_s8(vqmovn_s16(vcombine_s16(words_, words_)), vdup_n_s8((int8_t)(offset)));   \
        int32_t four_ = vget_lane_s32(vreinterpret_s32_s8(bytes_), 0);                                      \
        memcpy(at, &four_, sizeof four_);                                                                   \
    } while (0)

#include "processor/model/kernels_vector.h"

const struct kernels KERNELS_NEON = {.name = "neon-dot", .multiply_i8 = multiply_i8, VECTOR_KERNELS};
#endif
