/* When two names of SEESAW mean the same: case, accents, punctuation, "the", honorifics, possessives and a few aliases of US
 * politics are set aside; a name that was found meets a proper name of the article if they share their last word and one's
 * words contain the other's, or if it is its acronym. As the published scorer has it. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stddef.h>

/* "President Donald J. Trump's" -> "donald j trump". In `arena`. */
struct view seesaw_names_normal(struct view name, struct arena *arena);

/* The names of an article's list, in its order. */
struct seesaw_inventory {
    struct view *names, *normals; /* [count] */
    size_t count;
};

/* The index of the name that `names` [count], the best one first, stand for; or -1. */
int seesaw_names_resolve(const struct view *names, size_t count, const struct seesaw_inventory *inventory, struct arena *arena);
