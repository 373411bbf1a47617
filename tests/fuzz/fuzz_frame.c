/* Any bytes are a frame whose message is the end of them, or are refused as a broken one. */
#include "processor/ingest/frame.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view payload = {.data = (const char *)data, .len = size};
    struct frame frame;
    struct error err = {0};
    if (!frame_decode(payload, &frame, &err)) {
        if (err.kind != ERROR_INPUT || strcmp(err.code, "confluent.frame") != 0)
            abort();
        return 0;
    }
    if (!frame_is_likely(payload) || frame.message.data + frame.message.len != payload.data + payload.len)
        abort();
    if (frame.index_count > FRAME_INDEXES_MOST || (frame.index_count == 0) != frame.is_json)
        abort();
    return 0;
}
