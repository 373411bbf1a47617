/* Byte offsets to code points, in any order, each in constant time: entities list their mentions one after the other, so
 * that offsets jump about in the text, and a walk from the start for each entity would be quadratic. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/view.h"

#include <stddef.h>
#include <stdint.h>

struct positions {
    struct view text;
    const uint32_t *blocks; /* [text.len / POSITIONS_BLOCK + 1] code points before each block of bytes */
};

enum { POSITIONS_BLOCK = 64 };

/* One pass over `text` (valid UTF-8, at most UINT32_MAX bytes). */
struct positions positions_of(struct view text, struct arena *arena);

/* Code points before byte `offset`; offset <= text.len. */
uint32_t positions_find(const struct positions *positions, size_t offset);
