/* Asks the pair heads about the marks of a window: who is for or against whom, and how the text speaks of each. */
#pragma once

#include "processor/extract/windows.h"

/* Which of the reading's marks and attributions belong to the window. */
struct window_findings {
    size_t first_mark, mark_end;
    size_t first_attribution, attribution_end;
    size_t first_topic, topic_end;
};

/* Adds to reading->judgements the pairs of marks of each sentence, of a quotation's speaker with the marks of its other
 * sentences, and of those named shortly before with the names of a sentence, where the head does not find them neutral; sets
 * lean and author_* of the marks. Then the same for the window's topic marks as targets of the marks of their sentences.
 *   hidden  [window->count][width], the encoder's output
 * At most JUDGED_MARKS_MOST marks of a sentence take part, names first, WATCHED_MOST mentions of topics and ISSUES_MOST of issues: the cost of a
 * sentence is bounded. */
void judgements_add(struct reading *reading, const struct window *window, const struct window_findings *own,
                    const struct heads *heads, struct heads_scratch *scratch, const float *hidden);

enum { JUDGED_MARKS_MOST = 14, CARRIED_MOST = 4 };
