#include "processor/emit/positions.h"

#include <assert.h>

/* Code points that start in text[from, to): every byte but the continuation bytes starts one. */
static uint32_t count(struct view text, size_t from, size_t to)
{
    uint32_t starts = 0;
    for (size_t i = from; i < to; i++)
        starts += ((unsigned char)text.data[i] & 0xC0U) != 0x80U;
    return starts;
}

struct positions positions_of(struct view text, struct arena *arena)
{
    size_t block_count = text.len / POSITIONS_BLOCK + 1;
    uint32_t *blocks = arena_take(arena, block_count * sizeof *blocks);
    blocks[0] = 0;
    for (size_t i = 1; i < block_count; i++)
        blocks[i] = blocks[i - 1] + count(text, (i - 1) * POSITIONS_BLOCK, i * POSITIONS_BLOCK);
    return (struct positions){.text = text, .blocks = blocks};
}

uint32_t positions_find(const struct positions *positions, size_t offset)
{
    assert(offset <= positions->text.len);
    size_t block = offset / POSITIONS_BLOCK;
    return positions->blocks[block] + count(positions->text, block * POSITIONS_BLOCK, offset);
}
