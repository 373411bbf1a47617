/* The version of kernels.h for 64-bit ARM with dot products (ARMv8.2); call only what kernels_at() gives. Thread: any. */
#pragma once

#include "processor/model/kernels.h"

#if defined(__aarch64__)
extern const struct kernels KERNELS_NEON;
#endif
