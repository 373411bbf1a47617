/* "Beijing denied it", "ties with Moscow": a capital that acts like a government is its country there. */
#pragma once

#include "processor/extract/clusters.h"

/* Gives such mentions to the country's cluster, a new one where the article does not name it. `knowledge` may be NULL: then nothing
 * happens. A cluster that loses all its names has a mark_count of 0. Result in reading->arena; linear. */
void capitals_settle(struct reading *reading, struct clusters *clusters, const struct knowledge *knowledge);

/* Whether the word lists are sorted, as they must be; for tests. */
bool capitals_lists_are_sorted(void);
