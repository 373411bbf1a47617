/* Output records read back: what left as Protobuf becomes the JSON that would have left instead, byte for byte. For those
 * who show what came out; nothing in the stream reads its own outputs. */
#pragma once

#include "processor/emit/encode.h"
#include "processor/runtime/error.h"

/* *json is the value itself, without the frame of a schema registry, where that is JSON already (nothing is checked then), else made
 * from it, in `arena`.
 *   err  ERROR_INPUT "record.syntax": neither JSON nor such a message, or made to take too much memory; "confluent.frame"
 * Entities are not read back (nobody shows them). Thread: any. */
bool decode_record(struct view value, enum record_topic topic, struct arena *arena, struct view *json, struct error *err);
