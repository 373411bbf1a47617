/* A hash table from strings (or any bytes) to item numbers, several items a hash: filled once, then looked up. */
#pragma once

#include "processor/runtime/arena.h"

#include <stdint.h>

struct table {
    uint32_t *heads; /* [size], index + 1, or 0 */
    uint32_t *next;  /* [room], the same */
    uint32_t *items; /* [room] */
    uint64_t *hashes;
    size_t size, count, room;
};

/* A table of at most `room` items, in `arena`. */
struct table table_new(struct arena *arena, size_t room);

/* Files `item` under `hash`; a full table lets it go. */
void table_add(struct table *table, uint64_t hash, uint32_t item);

/* The first place under `hash`, or the next one behind `place`; 0 if there is none. The newest item comes first.
 * table->items[place - 1] is the item. */
uint32_t table_first(const struct table *table, uint64_t hash);
uint32_t table_next(const struct table *table, uint32_t place);
