/* Headlines that a site's links leave within running text, right behind the name that they are about:
 * "Joe Biden Joe BidenHouse Republicans voice concerns Giuliani consulted with Manafort MORE said on Monday". */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/text/boilerplate.h"

struct inserts {
    struct span *items; /* [count], by position, each within one line */
    size_t count;
};

/* The inserts of `text` (valid UTF-8): from the name's repetition to the word "MORE". Linear. Result in `arena`. Thread: any. */
struct inserts inserts_find(struct view text, struct arena *arena);

/* `text` with spaces in the place of the inserts, so that every offset stays; `text` itself where there are none. */
struct view inserts_blank(struct view text, struct inserts inserts, struct arena *arena);

/* The regions with every insert cut out of the one that holds it, as a region of kind RELATED of its own. */
struct regions inserts_cut(struct view text, struct regions regions, struct inserts inserts, struct arena *arena);
