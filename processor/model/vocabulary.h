/* The pieces of a WordPiece vocabulary, and the longest of them at the start of some letters.
 *
 * A trie over bytes whose edges lie in one hash table. Thread: any; const after vocabulary_new(). */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stddef.h>
#include <stdint.h>

struct vocabulary;

enum { VOCABULARY_NONE = UINT32_MAX };

/* `pieces`: `count` pieces joined by newlines in id order (one newline at the end is fine). They are copied.
 * err: ERROR_CONFIG "model.vocab" where the count differs, a piece is empty, not UTF-8 or there twice. */
struct vocabulary *vocabulary_new(struct view pieces, size_t count, struct error *err);
void vocabulary_free(struct vocabulary *vocabulary); /* NULL is fine */

/* The id of exactly `piece` ("##" included), or VOCABULARY_NONE. */
uint32_t vocabulary_find(const struct vocabulary *vocabulary, struct view piece);

/* The longest piece that `letters` starts with, at the start of a word or (continuing) one stored with "##". Returns
 * its bytes and sets *id; 0 where there is none. Time is bounded by the longest piece. */
size_t vocabulary_match(const struct vocabulary *vocabulary, struct view letters, bool continuing, uint32_t *id);
