/* Vectors of 8 lanes for kernels_vector.h, shared by the AVX2 and the AVX-VNNI version. */
#include <immintrin.h>

#define VEC __m256
#define VECI __m256i
#define I8_LIST(X) X(1) X(2) X(3) X(4) X(5) X(6)
#define F32_LIST(X) I8_LIST(X)
enum { LANES = 8, I8_ROWS = 6, I8_VECS = 2, F32_ROWS = 6, F32_VECS = 2 };

#define v_set(value) _mm256_set1_ps(value)
#define v_load(at) _mm256_loadu_ps(at)
#define v_store(at, values) _mm256_storeu_ps(at, values)
#define v_fma(a, b, c) _mm256_fmadd_ps(a, b, c)
#define v_max(a, b) _mm256_max_ps(a, b)
#define v_min(a, b) _mm256_min_ps(a, b)
#define v_abs(a) _mm256_andnot_ps(_mm256_set1_ps(-0.0F), a)
#define v_round(a) _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define v_to_int(a) _mm256_cvtps_epi32(a)
#define v_from_int(a) _mm256_cvtepi32_ps(a)
#define v_scale(a, n) _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), _mm256_slli_epi32(n, 23)))
#define v_add_to_four(sums) v_add_eight_to_four(_mm256_add_ps((sums)[0], (sums)[1]))
#define v_max_to_four(most) v_max_eight_to_four(most)
#define v_add_int_to_four(sums) v_add_eight_int_to_four(sums)
#define v_set_int(value) _mm256_set1_epi32(value)
#define v_load_int(at) _mm256_loadu_si256((const __m256i *)(const void *)(at))
#define v_store_int(at, values) _mm256_storeu_si256((__m256i *)(void *)(at), values)
#define v_add_int(a, b) _mm256_add_epi32(a, b)
#define v_sub_int(a, b) _mm256_sub_epi32(a, b)
#define v_join_byte(a, b) _mm256_or_si256(_mm256_slli_epi32(a, 8), _mm256_and_si256(b, _mm256_set1_epi32(255)))

/* Eight int32 to eight saturated bytes. */
#define v_store_bytes(at, ints, offset)                                                                                 \
    do {                                                                                                                \
        __m256i whole_ = (ints);                                                                                        \
        __m128i words_ = _mm_packs_epi32(_mm256_castsi256_si128(whole_), _mm256_extracti128_si256(whole_, 1));          \
        __m128i bytes_ = _mm_xor_si128(_mm_packs_epi16(words_, words_), _mm_set1_epi8((char)(offset)));                 \
        _mm_storel_epi64((__m128i *)(void *)(at), bytes_);                                                              \
    } while (0)
