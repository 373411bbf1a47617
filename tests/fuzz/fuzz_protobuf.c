/* Any bytes are read as stanced.v1.Article in memory of a small multiple of their size, or refused; what is whole is not
 * also cut short. */
#include "processor/ingest/article_protobuf.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct view payload = {.data = (const char *)data, .len = size}, html;
    struct article article;
    struct error err = {0};
    bool is_whole = article_protobuf_is_whole(payload);
    if (is_whole && article_protobuf_is_cut_short(payload))
        abort();
    bool is_read = article_protobuf_decode(payload, arena, &article, &html, &err);
    if (is_read && article.text.len + html.len + article.id.len > size)
        abort();
    if (!is_read && (err.kind != ERROR_INPUT || !*err.code))
        abort();
    if (arena_bytes(arena) > 20 * size + (1 << 20))
        abort();
    arena_free(arena);
    return 0;
}
