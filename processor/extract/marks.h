/* Finds marks: names from the encoder's tags; pronouns and nominals ("the company", "the Finnish phone maker") from words. */
#pragma once

#include "processor/extract/windows.h"
#include "processor/knowledge/knowledge.h"

/* Whether `text` uses capitals as English does; a text all in lower case has names all the same. */
bool marks_is_cased(struct view text);

/* Adds the names of `window` to reading->marks. In a cased text a person, place, body or product without a capital is none,
 * and in its prose a name that was found before is one again where the tags miss it, and a law or agreement that is known for sure
 * ("Obamacare") is one anyhow.
 *   tags, scores  [window->word_count], as heads_names() gives them
 *   knowledge     may be NULL */
void marks_add_names(struct reading *reading, const struct window *window, const uint8_t *tags, const float *scores,
                     const struct knowledge *knowledge);

/* Adds pronouns and nominals of the window that overlap no mark from `first_mark` on, sorts reading->marks[first_mark...]
 * by position and sets their order in the sentence. */
void marks_add_others(struct reading *reading, const struct window *window, size_t first_mark);

/* Whether the mark says where something is: a place or building behind "in", "near", "across", "in the", "in Oslo and", or the state
 * in "D-Calif.". Nobody who holds a stance is named so. `mark` is one of the reading's. */
bool marks_is_where(const struct reading *reading, const struct mark *mark);

/* Whether `word` is a first person pronoun: "I", "we", "us", ... */
bool marks_is_first_person(struct view word);

/* The gender a pronoun or title shows: 'm', 'f', or 0: "he", "Mrs", "spokeswoman". */
char marks_gender(struct view word);

/* What a nominal's head can stand for: PERSON for "minister", ORGANIZATION for "company"; ENTITY_TYPE_COUNT if it is none. */
enum entity_type marks_head_type(struct view word);

/* "the company", "this president": whether `word` is such a determiner. */
bool marks_is_determiner(struct view word);

/* For those who find names: adds a copy of `mark`, of nobody yet; valid until the next. And whether one of the names
 * [first_mark, name_end) overlaps `span`. */
struct mark *marks_add(struct reading *reading, struct mark mark);
bool marks_is_taken(const struct reading *reading, size_t first_mark, size_t name_end, struct span span);
