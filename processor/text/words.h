/* Words of a text: runs of letters, digits and marks, in any script; and a fingerprint of them. */
#pragma once

#include "processor/runtime/view.h"

#include <stdint.h>

/* The next word at or behind *position, which moves behind it; empty at the end. "don't" and "U.S" are one word each:
 * an apostrophe or stop between letters belongs to it. `text` is valid UTF-8. Thread: any. */
struct view words_next(struct view text, size_t *position);

size_t words_count(struct view text);

/* What stands behind the last space; all of it where none is. Thread: any. */
struct view words_last(struct view text);

/* A 64-bit simhash (Charikar 2002; Manku, Jain, Das Sarma 2007) of the lower-cased words' shingles of three: texts that
 * share most of their words in order differ in few bits, about 3 for near copies. 0 for a text without words. Linear. */
uint64_t words_simhash(struct view text);

/* The first `room` bytes of `word` with the letters of ASCII in lower case, in `buffer`; other bytes stay. */
struct view words_lower(struct view word, char *buffer, size_t room);

/* Whether `word` is one of the `count` strings of `list`, byte by byte. */
bool words_is_listed(struct view word, const char *const *list, size_t count);

/* Whether an upper case letter of any script stands in it, or begins it. Valid UTF-8. */
bool words_has_capital(struct view text);
bool words_starts_with_capital(struct view word);

/* Whether no small letter of ASCII is in it, but more than one capital: "OSLO", "U.S.". */
bool words_is_all_capitals(struct view text);
