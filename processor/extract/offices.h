/* Who holds the office that a nominal names. By the words beside a person's name "the president" may be "President X" or "X, the Polish
 * president", but neither "Vice President X" nor "X, the president's lawyer"; by what is known of him he may be plain "Mr X". */
#pragma once

#include "processor/extract/reading.h"

/* `nominal`: "the vice president", "the senator". Its last word is the office; "vice" and such before it are part of it, any other
 * word is not. Thread: any. */
bool offices_fits(const struct reading *reading, const struct mark *name, struct view nominal);

/* Whether "President of France", as the knowledge calls an office, is what a nominal names. Thread: any. */
bool offices_is_of(struct view office, struct view nominal);

/* Whether the words before the name give him another office, or this one no more: "Vice President |Ann Lee", "former U.S. President
 * |Bo Ray" for "President of the United States". Thread: any. */
bool offices_is_other(const struct reading *reading, const struct mark *name, struct view office);

/* Whether a person's name behind "the president, " says who that is; not in "will meet the president, |Lee said". O(1). */
bool offices_is_apposed(const struct reading *reading, struct span name);
