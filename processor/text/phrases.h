/* What pages say around their articles: "Advertisement", "Read more: ...", "... Photo: Reuters", "All rights reserved".
 *
 * The tables in phrases.c are the only place to add to. A phrase is positive evidence: a line without one is not clutter by
 * its words. English first, the commonest words of a few other languages. */
#pragma once

#include "processor/text/boilerplate.h"

#include <stdbool.h>

struct phrase {
    enum region_kind kind;
    bool opens_list; /* the short lines behind it are of its kind too: "Related stories", "Get more with ..." */
};

/* What the words of `line` (trimmed, without newline, `word_count` words) show it to be; false where they show nothing.
 * Looks at a bounded part of the line's start and end, and for a gallery's button in all of it: linear. Thread: any. */
bool phrase_find(struct view line, size_t word_count, struct phrase *phrase);

/* Whether the tables are in order and in the form that lines are brought into; for tests. */
bool phrase_table_is_sound(void);
