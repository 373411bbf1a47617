/* Numbers as Protobuf writes them: seven bits a byte, the lowest first. */
#pragma once

#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The varint at *position, which moves behind it; false where the payload ends first or it has more than ten bytes. */
static inline bool varint_read(struct view payload, size_t *position, uint64_t *value)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < 10 && *position < payload.len; i++) {
        unsigned char byte = (unsigned char)payload.data[(*position)++];
        result |= (uint64_t)(byte & 0x7FU) << (7 * i);
        if (!(byte & 0x80U)) {
            *value = result;
            return true;
        }
    }
    return false;
}
