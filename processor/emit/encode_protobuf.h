/* The Protobuf form of the records, as schemas/ says, by protobuf-c. The same fields and rounded numbers as the JSON. */
#pragma once

#include "processor/emit/document.h"

struct view encode_protobuf_enriched(const struct document *document, struct arena *arena);
struct view encode_protobuf_stance(const struct document *document, const struct stance *stance, struct arena *arena);
struct view encode_protobuf_entity(const struct document *document, const struct entity *entity, struct arena *arena);
