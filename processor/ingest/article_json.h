/* The JSON form of an article: whose keys mean what, and how deep a document may be before jansson sees it. */
#pragma once

#include "processor/ingest/article.h"

/* The greatest number of objects and arrays open at once in `payload`; JSON or not. Linear, no recursion. */
size_t article_json_depth(struct view payload);

/* Whether `payload` is a JSON document other than an object, such as an array of articles. */
bool article_json_is_other(struct view payload);

/* Reads the object in `payload` (valid UTF-8, depth checked).
 *   fields   whose keys mean what
 *   article  text as it stands, the rest as given; published_at already a date or empty; id empty if none. Strings may
 *            hold U+0000; they are in `arena`
 *   html     the page, where the object has one, else empty
 *   err      ERROR_INPUT "json.syntax"; "json.type": not an object, or id, text or html of a wrong type
 * Both are written on success only. Thread: any. */
bool article_json_decode(struct view payload, const struct article_fields *fields, struct arena *arena,
                         struct article *article, struct view *html, struct error *err);

/* The id in `payload` (any bytes), or an empty view: to name a record that cannot be processed. Depth is checked here. */
struct view article_json_id(struct view payload, const struct article_fields *fields, size_t depth, struct arena *arena);
