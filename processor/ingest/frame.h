/* The Confluent wire format: what a schema registry's serialisers put before a value.
 *
 *   byte 0, int32 schema id (big endian), then for Protobuf the path of the message in its file as zig-zag varints
 *   (count, indexes; the usual path [0] is the one byte 0), then the message. JSON Schema has no path.
 *
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stdint.h>

enum { FRAME_INDEXES_MOST = 16 }; /* messages nested deeper are taken for a broken frame */

struct frame {
    uint32_t schema_id;
    bool is_json;                          /* a JSON object or array follows the id: no path */
    uint32_t indexes[FRAME_INDEXES_MOST];  /* [index_count] of the message's path, [0] at least; none with JSON */
    uint32_t index_count;
    struct view message; /* borrowed from the payload */
};

/* Whether `payload` starts as a frame does. Nothing else that is accepted starts with a zero byte. */
bool frame_is_likely(struct view payload);

/* Takes the frame off `payload`.
 *   frame  written on success only
 *   err    ERROR_INPUT "confluent.frame": cut short, a path that is too long, negative, or over 32 bits
 * Thread: any. */
bool frame_decode(struct view payload, struct frame *frame, struct error *err);

/* The schema's id alone, and all behind it as the message: for what has no path, or another one. False: it is cut short. */
bool frame_has_id(struct view payload, struct frame *frame);
