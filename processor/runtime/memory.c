#include "processor/runtime/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void memory_exhausted(size_t bytes)
{
    fprintf(stderr, "stanced: out of memory (%zu bytes wanted); nothing is lost, start it again with more memory\n", bytes);
    abort();
}

void *memory_new(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        memory_exhausted(size);
    return memory;
}

void *memory_take(size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory)
        memory_exhausted(bytes);
    return memory;
}

void *memory_resize(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        memory_exhausted(SIZE_MAX);
    void *memory = realloc(old, bytes ? bytes : 1);
    if (!memory)
        memory_exhausted(bytes);
    return memory;
}

char *memory_copy(const char *text)
{
    size_t bytes = strlen(text) + 1;
    return memcpy(memory_take(bytes), text, bytes);
}
