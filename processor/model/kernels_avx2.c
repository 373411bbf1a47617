#include "processor/model/kernels_x86.h"

#if defined(__x86_64__)
#include "processor/model/kernels_avx2.h"

#define TARGET __attribute__((target("avx2,fma")))
#define CODE_OFFSET 0

/* vpmaddubsw saturates on unsigned times signed bytes of full range; with |code| <= 127 and the weight given the
 * code's sign, a sum of two products stays within 16 bits and is exact. */
#define v_dot(sums, codes, weights)                                                                          \
    (sums) = _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_set1_epi16(1),                                  \
                                                      _mm256_maddubs_epi16(_mm256_abs_epi8(codes),           \
                                                                           _mm256_sign_epi8(weights, codes))))

#include "processor/model/kernels_vector.h"

const struct kernels KERNELS_AVX2 = {.name = "avx2", .multiply_i8 = multiply_i8, VECTOR_KERNELS};
#endif
