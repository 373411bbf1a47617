/* Memory of one message: taken piece by piece, given back whole.
 *
 * Out of memory ends the process (STYLE: nothing is lost, offsets are committed only after outputs are
 * acknowledged). Thread: one owner. */
#pragma once

#include "processor/runtime/view.h"

#include <stddef.h>

struct arena;

/* A new arena that grows by blocks of at least `block_bytes`. Free with arena_free(). */
struct arena *arena_new(size_t block_bytes);
void arena_free(struct arena *arena); /* NULL is fine */

/* Lets go of everything taken; keeps one block for reuse. */
void arena_reset(struct arena *arena);

/* `bytes` of memory aligned for any type, not zeroed, valid until reset or free. Never NULL, also for 0. */
void *arena_take(struct arena *arena, size_t bytes);

/* `count` elements of `size` bytes, zeroed. A product that overflows ends the process. */
void *arena_take_zeroed(struct arena *arena, size_t count, size_t size);

/* A copy of `text` with a NUL behind it (which .len does not count). */
struct view arena_copy(struct arena *arena, struct view text);

/* printf into the arena; NUL-terminated. */
struct view arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes held from the system now, for budgets and metrics. */
size_t arena_bytes(const struct arena *arena);
