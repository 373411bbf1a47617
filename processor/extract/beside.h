/* The words beside a name, and sorted lists of words to look them up in. Everything is O(1): at most a few dozen bytes are read. */
#pragma once

#include "processor/extract/reading.h"

/* A letter or a hyphen of ASCII. */
bool beside_is_word_byte(char c);

/* The text behind the span, cut after a few words; it ends in the reading's text. */
struct view beside_text_behind(const struct reading *reading, struct span span);

/* The word that ends at byte `end` of the text, spaces before `end` let go; empty where something else stands there. */
struct view beside_word_before(struct view text, size_t end);

/* The first word of a text, spaces before it let go; empty where something else stands there. */
struct view beside_word_behind(struct view after);

/* Whether the word, in lower case, is one of a sorted list [count] of words in lower case. */
bool beside_is_among(struct view word, const char *const *list, size_t count);

/* Whether the list is sorted, as it must be; for tests. */
bool beside_is_sorted(const char *const *list, size_t count);
