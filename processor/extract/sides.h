/* Teams that are named like their place: "England beat Brazil", "Leeds 2 Barnsley 1".
 *
 * A team is another thing than its place, with another identifier. Whether a place is meant shows in the vocabulary of the article
 * and the sentence, and in the words beside the name ("England captain", "in Leeds", "(Brazil)"). In a report on sport a bare name of
 * a place is taken for a team unless its neighbours say otherwise: a missing identifier is better than a wrong one. */
#pragma once

#include "processor/extract/reading.h"
#include "processor/knowledge/knowledge.h"

struct sides {
    bool is_sport;           /* the article is about sport */
    bool is_result_list;     /* it lists people with their countries: those are no teams, but companies are */
    bool *is_sport_sentence; /* [sentence_count] */
};

/* Reads the vocabulary of all sentences. `knowledge` may be NULL. Result in reading->arena; linear. */
struct sides sides_of(const struct reading *reading, const struct knowledge *knowledge);

/* Whether the name at reading->marks[mark] is a place's name that means a team, or may do so. */
bool sides_is_side(const struct sides *sides, const struct reading *reading, const struct knowledge *knowledge, size_t mark);

/* Whether the words beside the name say that a team is meant: "England captain", "beat England". */
bool sides_has_cue(const struct reading *reading, size_t mark);

/* "CHICAGO AT TORONTO": whether the name is the second of a fixture, a place that is said for its team. */
bool sides_is_venue(const struct reading *reading, size_t mark);

/* "the town of Ireland": whether a country's name is that of a small place. */
bool sides_is_village(const struct reading *reading, const struct knowledge *knowledge, size_t mark);

/* Whether the words beside the name say that a place is meant: "in Washington", "(Jordan)", "Birmingham, England". */
bool sides_is_place(const struct reading *reading, const struct knowledge *knowledge, size_t mark);

/* Whether a place is the likeliest that is known by that name. */
bool sides_has_place(const struct knowledge *knowledge, struct view name);

/* Whether the word lists are sorted, as they must be; for tests. */
bool sides_lists_are_sorted(void);
