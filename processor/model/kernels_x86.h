/* The versions of kernels.h for x86-64; call only what kernels_at() gives. Thread: any. */
#pragma once

#include "processor/model/kernels.h"

#if defined(__x86_64__)
extern const struct kernels KERNELS_AMX, KERNELS_AVX512, KERNELS_AVXVNNI, KERNELS_AVX2;
#endif
