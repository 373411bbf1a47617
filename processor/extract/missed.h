/* Names that no tag has found: what was found before and is written so again, laws that are known for sure, the "US" of "US-led". */
#pragma once

#include "processor/extract/windows.h"
#include "processor/knowledge/knowledge.h"

/* Adds them to reading->marks, in the prose of a cased text; `first_mark` is the first of the window's. `knowledge` may be NULL. */
void missed_add(struct reading *reading, const struct window *window, const struct knowledge *knowledge, size_t first_mark);
