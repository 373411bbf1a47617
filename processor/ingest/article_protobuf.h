/* The Protobuf form of an article: stanced.v1.Article, by protobuf-c. */
#pragma once

#include "processor/ingest/article.h"

/* Whether `payload` is a whole Article and nothing else: known fields only, with a text or a page. Prose is not, but for a
 * chance that does not come up: its letters would have to be tags and lengths that add up to its last byte. */
bool article_protobuf_is_whole(struct view payload);

/* Whether `payload` starts as an Article does and ends in the middle of a field, so that it is not taken for prose. */
bool article_protobuf_is_cut_short(struct view payload);

/* Reads the message in `payload`; unknown fields are skipped, the last of doubled fields holds. Memory is limited to a
 * small multiple of the payload, whatever it claims.
 *   article  strings as they stand on the wire: they may be invalid UTF-8 and hold zero bytes; published_at already a
 *            date or empty. In `arena`
 *   html     the page, or empty
 *   err      ERROR_INPUT "protobuf.syntax"
 * Both are written on success only. Thread: any. */
bool article_protobuf_decode(struct view payload, struct arena *arena, struct article *article, struct view *html,
                             struct error *err);
