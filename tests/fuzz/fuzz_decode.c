/* Any bytes are read as an output record in memory of a small multiple of their size, or refused; what is made of Protobuf is
 * JSON. */
#include "processor/emit/decode.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is JSON already is given back as it stands, with or without its frame, and nobody has looked at it. */
static bool is_made(struct view json, struct view value)
{
    return json.data < value.data || json.data > value.data + value.len;
}

static void read_as(enum record_topic topic, struct view value)
{
    struct arena *arena = arena_new(4096);
    struct view json;
    struct error err = {0};
    if (decode_record(value, topic, arena, &json, &err) && is_made(json, value)) {
        json_t *root = json_loadb(json.data, json.len, JSON_ALLOW_NUL, NULL);
        if (root == NULL)
            abort();
        json_decref(root);
    }
    if (arena_bytes(arena) > 64 * value.len + (1 << 20))
        abort();
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view value = {.data = (const char *)data, .len = size};
    read_as(RECORD_ENRICHED, value);
    read_as(RECORD_STANCE, value);
    return 0;
}
