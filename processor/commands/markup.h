/* Writes HTML and SVG: raw pieces, and text from outside with everything escaped that could be mark-up. */
#pragma once

#include "processor/emit/writer.h"

void markup_raw(struct writer *writer, const char *html);
void markup_print(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3))); /* not escaped */
void markup_text(struct writer *writer, struct view text); /* fit for elements and for attributes in double quotes */

/* The first `most` code points of the text, and an ellipsis where it has more. */
void markup_short(struct writer *writer, struct view text, size_t most);

/* The score with its sign, "+0.84" or "-0.31". */
void markup_score(struct writer *writer, double score);
