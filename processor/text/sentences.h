/* Splits a region of text into sentences.
 *
 * Newlines always end a sentence. Abbreviations ("U.S.", "Mr.", "Lt. Gen.", "St."), initials, decimals,
 * ellipses and closing quotes behind the full stop are known. Linear in the length. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/text/boilerplate.h"

struct sentences {
    struct span *items; /* [count], by position, trimmed of white space, never empty */
    size_t count;
};

/* The sentences of text[within], as byte ranges of `text` (valid UTF-8). Result in `arena`. Thread: any. */
struct sentences sentences_split(struct view text, struct span within, struct arena *arena);
