/* States and provinces, and towns in them, by the words beside a name: "New York Gov. Ann Lee" is of the state, "Buenos Aires
 * province" is not the city, and "Portland, Maine" is not the one in Oregon. */
#pragma once

#include "processor/extract/reading.h"
#include "processor/knowledge/knowledge.h"

/* Whether the words beside the name at reading->marks[mark] say that a state or province is meant, where it is also a city's or a
 * country's name. `knowledge` may be NULL: then never. */
bool regions_is_region(const struct reading *reading, const struct knowledge *knowledge, size_t mark);

/* The country or region that is said to hold the place at reading->marks[mark], "Maine" behind "Portland, "; KNOWN_NONE where none
 * is. `knowledge` may be NULL. */
uint32_t regions_holder(const struct reading *reading, const struct knowledge *knowledge, size_t mark);

/* "Benghazi" of "Benghazi, Libya", with *holder the country or region; all of `name`, and KNOWN_NONE, where it is no such pair or one that is
 * known as a whole ("Washington, D.C."). `knowledge` may be NULL. */
struct view regions_town(const struct knowledge *knowledge, struct view name, uint32_t *holder);

/* The state that two letters behind a party mean, "Louisiana" for the LA of "(R-LA)"; empty where they mean none. A constant. */
struct view regions_of_party(const struct reading *reading, struct span span);

/* Whether the word lists are sorted, as they must be; for tests. */
bool regions_lists_are_sorted(void);
