/* Whether the words beside a person's name give him the office that a nominal names: "the president" may be "President X" or
 * "X, the Polish president", but neither "Vice President X" nor "X, the president's lawyer". */
#pragma once

#include "processor/extract/reading.h"

/* `nominal`: "the vice president", "the senator". Its last word is the office; "vice" and such before it are part of it, any other
 * word is not. Thread: any. */
bool offices_fits(const struct reading *reading, const struct mark *name, struct view nominal);
