/* Groups and bodies that are named after a person and are not that person: "the Trump administration", "Clinton's aides". Each is an
 * entity of its own, of nominal mentions; the name within such a mention stays a mention of the person, but neither holds nor receives
 * a stance there. Through whom a state acts ("Russian officials") is the state. Groups named after a party or a body ("Republican
 * lawmakers", "Pentagon officials") count for it. */
#pragma once

#include "processor/extract/clusters.h"
#include "processor/extract/windows.h"

/* Adds a nominal mark, `is_group`, behind each name of a person from `first_mark` on that one of a few dozen words follows ("campaign",
 * "the senator's aides"), and sets `is_within` of that name; and behind each name of a people that an organ of a state follows, `is_state`. */
void groups_add(struct reading *reading, size_t first_mark);

/* Gives every group mark its cluster: the one of that name ("Trump administration" may be tagged as a whole elsewhere), or a new one.
 * One of a state gets its country's, and the name becomes is_within, where the people's name is known as a country's; else none. Names
 * must have their clusters; `knowledge` may be NULL. Linear, but for a look at all clusters for each country. */
void groups_settle(struct reading *reading, struct clusters *clusters, const struct knowledge *knowledge);
