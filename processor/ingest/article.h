/* One incoming record, decoded: JSON, Protobuf, HTML or plain text, told apart by content or by content type. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"
#include "processor/text/html.h"

#include <stdbool.h>

enum article_format { ARTICLE_ANY, ARTICLE_JSON, ARTICLE_PROTOBUF, ARTICLE_HTML, ARTICLE_PLAIN };

enum { ARTICLE_AUTHORS_MOST = 64, ARTICLE_ID_BYTES_MOST = 1024 };

struct article {
    struct view id; /* as given; else hex of the first 16 bytes of SHA-256 of url, else of the text */
    struct view url, title, source, language;
    struct view published_at; /* RFC 3339 in UTC ("2019-10-19T09:00:00Z"), or empty, also where it could not be read */
    struct view authors[ARTICLE_AUTHORS_MOST];
    size_t author_count;
    struct view text; /* valid UTF-8 without U+0000: as received, or the page's text */
    const struct text_hint *hints; /* of html; NULL otherwise */
    size_t hint_count;
};

/* Which JSON keys mean what; the first present and not null wins. Arrays end with NULL. Defaults cover common crawlers
 * (body, content, maintext, raw_content, headline, link, date, pubDate, publish_date, lang, byline, ...). */
struct article_fields {
    const char *const *text, *const *html, *const *id, *const *url, *const *title, *const *source, *const *published_at,
        *const *language, *const *authors;
};
extern const struct article_fields article_fields_default;

/* The keys that `settings` names, and the defaults for what it does not; borrowed from it. */
struct article_fields article_fields_of(const struct settings *settings);

struct article_limits {
    size_t payload_bytes; /* larger is ERROR_INPUT "payload.large" */
    size_t text_bytes;    /* larger is ERROR_INPUT "text.large" */
    size_t depth;         /* of JSON; deeper is ERROR_INPUT "json.depth" */
    size_t values;        /* of JSON, each takes 50 bytes and more; beyond is ERROR_INPUT "json.large" */
};
extern const struct article_limits article_limits_default;

/* The format that a content type ("application/json; charset=utf-8") or a short name ("html") stands for; ARTICLE_ANY
 * for one that says nothing of use here. */
enum article_format article_format_of(struct view content_type);

struct schema; /* ingest/schema.h */

/* Whether article_decode() would look for a frame of the Confluent wire format there. */
bool article_is_framed(struct view payload, enum article_format format);

/* Decodes one payload. Invalid UTF-8 and U+0000 become U+FFFD. With ARTICLE_ANY, JSON is what starts with an opening
 * brace, and what is neither that nor Protobuf nor HTML is plain text, unless it is mostly control characters. A frame of
 * the Confluent wire format is taken off Protobuf and JSON.
 *   schema          of a framed payload (ingest/schemas.h); NULL: it is told by its first byte, and Protobuf is stanced.v1.Article
 *   fields, limits  NULL: the defaults
 *   arena           holds every string of *out, until it is reset
 *   out             written on success only
 *   err             ERROR_INPUT: payload.empty payload.large payload.binary json.syntax json.depth json.large json.type
 *                   text.missing text.blank text.large id.large protobuf.syntax confluent.frame html.*
 * `payload` may be let go afterwards. Thread: any. */
bool article_decode(struct view payload, enum article_format format, const struct schema *schema, const struct article_fields *fields,
                    const struct article_limits *limits, struct arena *arena, struct article *out, struct error *err);

/* What to call a payload that article_decode() refused: the id its JSON gives, where it can be read, else hex of the first
 * 16 bytes of the payload's SHA-256. Thread: any. */
struct view article_name(struct view payload, const struct article_fields *fields, const struct article_limits *limits,
                         struct arena *arena);
