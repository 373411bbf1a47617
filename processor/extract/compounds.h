/* "US-led", "Florida-based", "Obama-era": a name, and with a hyphen behind it what that has to do with something else. */
#pragma once

#include "processor/extract/reading.h"

/* The name in a compound, "Saudi" of "Saudi-led"; all of `name` where it is none. Linear in it. */
struct view compounds_name(struct view name);

/* The length of what follows a name at the start of `after`, 4 of "-led coalition"; 0 where that makes no compound. O(1). */
size_t compounds_tail(struct view after);

/* Whether the mark stands in a compound that says no more than where, when or how something is: "a Florida-based company", "Iranian-backed
 * fighters". Only who leads acts. O(1). */
bool compounds_is_bystander(const struct reading *reading, const struct mark *mark);

/* Whether the word list is sorted, as it must be; for tests. */
bool compounds_list_is_sorted(void);
