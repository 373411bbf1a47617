/* Who said what: links the source, cue and content spans of a window into attributions. */
#pragma once

#include "processor/extract/windows.h"

/* Adds the attributions of `window` to reading->attributions: one for each content, with its cue and source; a cue without
 * content and a source without a cue have one too. Discontinuous content ("...", he said, "...") gives one attribution a part.
 *   hidden      [window->count][width], the encoder's output
 *   tags        [ROLE_COUNT][window->word_count], as heads_roles() gives them
 * The spans only; whose they are is known when the marks have entities. */
void attributions_add(struct reading *reading, const struct window *window, const struct heads *heads,
                      struct heads_scratch *scratch, const float *hidden, const uint8_t *tags);

/* The mark among [first, end) that stands for the source span `source`, or NOWHERE: the person named first, else the mark
 * that is its head. */
int32_t attributions_source_mark(const struct reading *reading, struct span source, size_t first, size_t end);
