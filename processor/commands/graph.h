/* The stances of an article as a drawing: who stands against or for whom. Inline SVG: entities on a circle, an arrow a
 * stance, green for, red against, as thick as it is sure. */
#pragma once

#include "processor/emit/document.h"
#include "processor/emit/writer.h"

enum { GRAPH_STANCES_MOST = 32 }; /* the strongest; more would be a hairball, and the table has them all */

/* Draws the stances; nothing where there are none. `number` as in render.h. */
void graph_draw(struct writer *writer, const struct document *document, size_t number);
