/* Heap memory that is never NULL: for what lives as long as the process or a worker.
 *
 * Out of memory ends the process with one line on stderr (STYLE 4). Every size from outside has been checked
 * against a limit before it comes here. Give back with free(). Thread: any. */
#pragma once

#include <stddef.h>

/* `count` elements of `size` bytes, zeroed. */
void *memory_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* `bytes`, not zeroed, also for 0. Fits json_set_alloc_funcs(). */
void *memory_take(size_t bytes) __attribute__((malloc, returns_nonnull));

/* realloc to `count` elements of `size` bytes. `old` may be NULL. */
void *memory_resize(void *old, size_t count, size_t size) __attribute__((returns_nonnull));

/* A NUL-terminated copy of `text`. */
char *memory_copy(const char *text) __attribute__((malloc, returns_nonnull));

/* Says so and ends the process: for allocations that are made elsewhere. */
_Noreturn void memory_exhausted(size_t bytes);
