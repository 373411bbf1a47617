#include "processor/ingest/owned.h"

#include <stdbool.h>
#include <stdint.h>

/* A big-endian number of `bytes`, cut off the front. False: there are fewer. */
static bool take_number(struct view *rest, size_t bytes, int32_t *number)
{
    uint32_t value = 0;
    if (rest->len < bytes)
        return false;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | (unsigned char)rest->data[i];
    *number = bytes == 2 ? (int16_t)value : (int32_t)value;
    *rest = view_slice(*rest, bytes, rest->len);
    return true;
}

static bool take_bytes(struct view *rest, int64_t len, struct view *bytes)
{
    if (len < 0 || (uint64_t)len > rest->len)
        return false;
    *bytes = view_slice(*rest, 0, (size_t)len);
    *rest = view_slice(*rest, (size_t)len, rest->len);
    return true;
}

/* One topic and how many partitions of it. */
static bool take_topic(struct view *rest, struct view *name, int32_t *count)
{
    int32_t len;
    struct view partitions;
    return take_number(rest, sizeof(int16_t), &len) && take_bytes(rest, len, name) && take_number(rest, sizeof(int32_t), count) &&
           take_bytes(rest, (int64_t)*count * (int64_t)sizeof(int32_t), &partitions);
}

int owned_count(struct view assignment, struct view topic)
{
    struct view rest = assignment, name;
    int32_t version, topic_count, count, owned = 0;
    if (!take_number(&rest, sizeof(int16_t), &version) || !take_number(&rest, sizeof(int32_t), &topic_count))
        return 0;
    for (int32_t i = 0; i < topic_count; i++) {
        if (!take_topic(&rest, &name, &count))
            return 0;
        if (view_equal(name, topic))
            owned += count;
    }
    return owned;
}
