/* Groups and bodies that are named after a person and are not that person: "the Trump administration", "Clinton's aides". Each is an
 * entity of its own, of nominal mentions; the name within such a mention stays a mention of the person, but neither holds nor receives
 * a stance there. Groups named after a party, a people or a body ("Republican lawmakers", "Pentagon officials") count for it. */
#pragma once

#include "processor/extract/clusters.h"
#include "processor/extract/windows.h"

/* Adds a nominal mark, `is_group`, behind each name of a person from `first_mark` on that one of a few dozen words follows ("campaign",
 * "the senator's aides"), and sets `is_within` of that name. */
void groups_add(struct reading *reading, size_t first_mark);

/* Gives every group mark its cluster: the one of that name ("Trump administration" may be tagged as a whole elsewhere), or a new one.
 * Names must have their clusters. Linear. */
void groups_settle(struct reading *reading, struct clusters *clusters);
