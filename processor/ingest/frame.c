#include "processor/ingest/frame.h"

#include <stddef.h>

enum { FRAME_HEADER_BYTES = 5, VARINT_BYTES_MOST = 5 };

static bool frame_broken(struct error *err, const char *why)
{
    return error_set(err, ERROR_INPUT, "confluent.frame", "broken Confluent wire format: %s", why);
}

/* The zig-zag varint at *position; negative and overlong ones are refused, for no serialiser writes them. */
static bool read_index(struct view payload, size_t *position, uint32_t *index, struct error *err)
{
    uint64_t raw = 0;
    for (unsigned i = 0; i < VARINT_BYTES_MOST; i++) {
        if (*position == payload.len)
            return frame_broken(err, "it ends within the message indexes");
        unsigned char byte = (unsigned char)payload.data[(*position)++];
        raw |= (uint64_t)(byte & 0x7FU) << (7 * i);
        if (byte & 0x80U)
            continue;
        if (raw > UINT32_MAX)
            break;
        if (raw & 1U)
            return frame_broken(err, "a message index is negative");
        *index = (uint32_t)(raw >> 1);
        return true;
    }
    return frame_broken(err, "a message index is larger than 32 bits");
}

static bool read_path(struct view payload, size_t *position, struct frame *frame, struct error *err)
{
    uint32_t count;
    if (!read_index(payload, position, &count, err))
        return false;
    if (count > FRAME_INDEXES_MOST)
        return frame_broken(err, "more message indexes than a schema can nest");
    if (count == 0) { /* the short form of [0] */
        frame->indexes[0] = 0;
        frame->index_count = 1;
        return true;
    }
    for (uint32_t i = 0; i < count; i++)
        if (!read_index(payload, position, &frame->indexes[i], err))
            return false;
    frame->index_count = count;
    return true;
}

bool frame_is_likely(struct view payload)
{
    return payload.len > 0 && payload.data[0] == 0;
}

bool frame_has_id(struct view payload, struct frame *frame)
{
    if (!frame_is_likely(payload) || payload.len < FRAME_HEADER_BYTES)
        return false;
    const unsigned char *id = (const unsigned char *)payload.data + 1;
    *frame = (struct frame){
        .schema_id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3],
        .message = view_slice(payload, FRAME_HEADER_BYTES, payload.len),
    };
    return true;
}

bool frame_decode(struct view payload, struct frame *frame, struct error *err)
{
    struct frame result;
    if (!frame_is_likely(payload))
        return frame_broken(err, "the first byte is not 0");
    if (!frame_has_id(payload, &result))
        return frame_broken(err, "it ends within the schema id");
    size_t position = FRAME_HEADER_BYTES;
    /* As counts, '{' and '[' would be -62 and -46: no Protobuf frame has them there. */
    result.is_json = result.message.len > 0 && (result.message.data[0] == '{' || result.message.data[0] == '[');
    if (!result.is_json && !read_path(payload, &position, &result, err))
        return false;
    result.message = view_slice(payload, position, payload.len);
    *frame = result;
    return true;
}
