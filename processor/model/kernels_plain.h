/* The plain versions of kernels.h, in C: what the fast ones are tested against. Thread: any. */
#pragma once

#include "processor/model/kernels.h"

extern const struct kernels KERNELS_EXACT, KERNELS_PORTABLE;
