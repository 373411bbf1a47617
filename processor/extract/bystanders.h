/* Names that stand in a sentence and take no part in what it says: times, labels, those whom it leaves out, those whose followers it is
 * about. Everything is O(1): at most a few dozen bytes beside a mark are read. Thread: any. */
#pragma once

#include "processor/extract/reading.h"

/* Whether it is no actor here at all: "the Obama years", "Lee (D-|Mass.)", "|New York Mayor Lee". */
bool bystanders_is_one(const struct reading *reading, const struct mark *mark);

/* Whether what the sentence says somebody holds is not his: "Others, but not |Lee, oppose it", "a supporter of |Lee". Others may hold it
 * toward him. */
bool bystanders_is_left_out(const struct reading *reading, const struct mark *mark);

/* Whether the word lists are sorted, as they must be; for tests. */
bool bystanders_lists_are_sorted(void);
