/* Any bytes are a .proto file in which a message is found or not, or a message of it, read or refused: with codes that are known. The
 * first byte says where the schema ends, the second one the path. */
#include "processor/ingest/schema.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const uint32_t path[2] = {data[1] & 0x0FU, data[1] >> 4 & 3U};
    const size_t path_count = 1 + (data[1] >> 6 & 1U);
    const struct view bytes = {.data = (const char *)data + 2, .len = size - 2};
    size_t end = bytes.len * data[0] / 255;
    struct schema schema;
    struct error err = {0};
    if (!schema_read_proto(view_slice(bytes, 0, end), path, path_count, &article_fields_default, &schema, &err)) {
        if (err.kind != ERROR_INPUT || (strcmp(err.code, "schema.syntax") != 0 && strcmp(err.code, "schema.message") != 0))
            abort();
        return 0;
    }
    struct arena *arena = arena_new(4096);
    struct article article;
    struct view html;
    if (!schema_decode_protobuf(&schema, view_slice(bytes, end, bytes.len), arena, &article, &html, &err) && strcmp(err.code, "protobuf.syntax") != 0)
        abort();
    arena_free(arena);
    return 0;
}
