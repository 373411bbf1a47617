/* The version of kernels.h that runs on any CPU. Thread: any. */
#pragma once

#include "processor/model/kernels.h"

extern const struct kernels KERNELS_PORTABLE;
