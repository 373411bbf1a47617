/* The JSON form of an article: whose keys mean what, and how deep a document may be before jansson sees it. */
#pragma once

#include "processor/ingest/article.h"

/* Whether `payload`, JSON or not, keeps within what jansson may be given: objects and arrays open at once, for it recurses,
 * and values in all, for "[],[]," takes it 50 times the bytes. Linear, no recursion.
 *   err  ERROR_INPUT "json.depth", "json.large" */
bool article_json_is_bounded(struct view payload, const struct article_limits *limits, struct error *err);

/* Whether `payload` is a JSON document other than an object, such as an array of articles. */
bool article_json_is_other(struct view payload);

/* Reads the object in `payload` (valid UTF-8, bounds checked).
 *   fields   whose keys mean what
 *   article  text as it stands, the rest as given; published_at already a date or empty; id empty if none. Strings may
 *            hold U+0000; they are in `arena`
 *   html     the page, where the object has one, else empty
 *   err      ERROR_INPUT "json.syntax"; "json.type": not an object, or id, text or html of a wrong type
 * Both are written on success only. Thread: any. */
bool article_json_decode(struct view payload, const struct article_fields *fields, struct arena *arena,
                         struct article *article, struct view *html, struct error *err);

/* The id in `payload` (any bytes), or an empty view: to name a record that cannot be processed. Bounds are checked here. */
struct view article_json_id(struct view payload, const struct article_fields *fields, const struct article_limits *limits,
                            struct arena *arena);
