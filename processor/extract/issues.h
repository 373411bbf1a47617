/* Issues: measures, plans, events and practices that the text itself speaks of ("the impeachment inquiry", "a ban on fur"), found by
 * the encoder's tags. They are targets of stances. One toward which somebody has a stance, or that is known as a law or agreement
 * (meanings.h), is an entity of type Misc with nominal mentions; the others leave no trace. */
#pragma once

#include "processor/extract/entities.h"
#include "processor/extract/windows.h"

/* Adds to reading->topic_marks the issues of `window`, without the article before them; none that is, or cuts into, a name. A noun
 * behind "the" or "this" that takes up an issue before it ("the law" a bill) is one too, with that issue's words as its wording, and
 * so is what is known for sure as a law or agreement and ends in such a noun ("the Iran nuclear deal").
 *   tags, scores  [window->word_count], as heads_issues() gives them
 *   first_mark    where the window's names start, which must have been added
 *   knowledge     may be NULL
 * By position; of a sentence the first ISSUES_MOST: its cost is bounded. */
void issues_add(struct reading *reading, const struct window *window, size_t first_mark, const uint8_t *tags, const float *scores,
                const struct knowledge *knowledge);

enum { ISSUES_MOST = 8 };

/* Joins the mentions of one issue (the same words but for case and number; a shorter one that begins or ends just one longer; other
 * names of a measure that is known for sure, "the Iran deal"), gives their marks its index, and appends the issues to `entities`: they
 * come last. A known one has its name and identifier; where the text names it, too, the mentions are that entity's. Nearly linear in
 * the marks: what is joined is bounded. `knowledge` may be NULL. */
void issues_settle(struct reading *reading, struct entities *entities, const struct knowledge *knowledge);

/* The entity of issue `index`. */
int32_t issues_entity(const struct reading *reading, uint32_t index);
