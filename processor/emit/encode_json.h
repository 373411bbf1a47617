/* The JSON form of the records: keys in the order of CONTRACT, compact, on one line. What is not known is left out. */
#pragma once

#include "processor/emit/document.h"

struct view encode_json_enriched(const struct document *document, struct arena *arena);
struct view encode_json_stance(const struct document *document, const struct stance *stance, struct arena *arena);
struct view encode_json_entity(const struct document *document, const struct entity *entity, struct arena *arena);
