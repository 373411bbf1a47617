/* What was found in articles read before, so that the same text under another address is not read again.
 *
 * Exact: text, title and hints are compared byte by byte behind the hash, and the findings kept are those of the first
 * reading, so the result is the same with and without. One worker has one; it holds at most the bytes it is given and
 * makes room by age. Thread: owner. */
#pragma once

#include "processor/extract/extractor.h"

struct memo;

/* `bytes` 0: NULL, which remembers nothing. Free with memo_free(). */
struct memo *memo_new(size_t bytes);
void memo_free(struct memo *memo); /* NULL is fine */

/* Writes to *out what was found in the same input, with out->text the input's; the rest belongs to the memo until the next
 * memo_add(). False where it is not known. */
bool memo_find(const struct memo *memo, const struct extractor_input *input, struct findings *out);

/* Remembers a copy. What is larger than a quarter of the memo is not kept. */
void memo_add(struct memo *memo, const struct extractor_input *input, const struct findings *findings);

/* Bytes held for what is remembered. */
size_t memo_bytes(const struct memo *memo);
