/* Protobuf messages read into an arena, in memory of a known multiple of their size. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/view.h"

#include <protobuf-c/protobuf-c.h>

/* The message, in `arena`, or NULL where `payload` is none or would take over `memory_times` its size (protobuf-c takes
 * about 40 times for one made of empty fields). Strings are whatever bytes came. Not to be freed. Thread: any. */
const ProtobufCMessage *unpack_message(const ProtobufCMessageDescriptor *kind, struct view payload, size_t memory_times,
                                       struct arena *arena);
