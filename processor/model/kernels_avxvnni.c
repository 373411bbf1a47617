#include "processor/model/kernels_x86.h"

#if defined(__x86_64__)
#include "processor/model/kernels_avx2.h"

#define TARGET __attribute__((target("avx2,fma")))
#define CODE_OFFSET 128
/* The VEX form: for CPUs without AVX512. Assembler, as in kernels_avx512.c. */
#define v_dot(sums, codes, weights) __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sums) : "x"(codes), "x"(weights))

#include "processor/model/kernels_vector.h"

const struct kernels KERNELS_AVXVNNI = {.name = "avx-vnni", .multiply_i8 = multiply_i8, VECTOR_KERNELS};
#endif
