/* The plain version of kernels.h, in f32 alone: "exact". Thread: any. */
#pragma once

#include "processor/model/kernels.h"

extern const struct kernels KERNELS_EXACT;
