#include "processor/model/kernels.h"

#include "processor/model/kernels_plain.h"
#include "processor/runtime/memory.h"

#include <stdlib.h>
#include <string.h>

const struct kernels *kernels_exact(void)
{
    return &KERNELS_EXACT;
}

const struct kernels *kernels_at(size_t index)
{
    return index == 0 ? &KERNELS_PORTABLE : NULL;
}

size_t kernels_attention_work(size_t count, size_t head_width)
{
    (void)head_width;
    return count;
}

void *kernels_memory(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 64)
        memory_exhausted(SIZE_MAX);
    bytes = (bytes / 64 + 1) * 64; /* one line more than needed: vectors may read past the end */
    void *memory = aligned_alloc(64, bytes);
    if (memory == NULL)
        memory_exhausted(bytes);
    memset(memory, 0, bytes);
    return memory;
}
