/* The versions of kernels.h for x86-64; call only what kernels_at() gives. Thread: any. */
#pragma once

#include "processor/model/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

extern const struct kernels KERNELS_AMX, KERNELS_AVX512, KERNELS_AVXVNNI, KERNELS_AVX2;

/* Eight lanes to four, for kernels_vector.h. */
#define v_add_eight_to_four(eight) (quad)_mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1))
#define v_max_eight_to_four(eight) (quad)_mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1))
#define v_add_eight_int_to_four(eight) \
    (quad_int)_mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1))
#endif
