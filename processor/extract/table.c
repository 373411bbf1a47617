#include "processor/extract/table.h"

struct table table_new(struct arena *arena, size_t room)
{
    struct table table = {.size = 64, .room = room};
    while (table.size < room * 2)
        table.size *= 2;
    table.heads = arena_take_zeroed(arena, table.size, sizeof *table.heads);
    table.next = arena_take_zeroed(arena, room + 1, sizeof *table.next);
    table.items = arena_take_zeroed(arena, room + 1, sizeof *table.items);
    table.hashes = arena_take_zeroed(arena, room + 1, sizeof *table.hashes);
    return table;
}

void table_add(struct table *table, uint64_t hash, uint32_t item)
{
    if (table->count == table->room)
        return;
    size_t slot = hash & (table->size - 1), at = table->count++;
    table->items[at] = item;
    table->hashes[at] = hash;
    table->next[at] = table->heads[slot];
    table->heads[slot] = (uint32_t)at + 1;
}

static uint32_t of_same_hash(const struct table *table, uint64_t hash, uint32_t place)
{
    while (place && table->hashes[place - 1] != hash)
        place = table->next[place - 1];
    return place;
}

uint32_t table_first(const struct table *table, uint64_t hash)
{
    return of_same_hash(table, hash, table->heads[hash & (table->size - 1)]);
}

uint32_t table_next(const struct table *table, uint32_t place)
{
    return of_same_hash(table, table->hashes[place - 1], table->next[place - 1]);
}
