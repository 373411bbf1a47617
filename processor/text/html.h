/* The text of an HTML page, and what its mark-up says of each part. Parsing is gumbo's (HTML5). */
#pragma once

#include "processor/runtime/error.h"
#include "processor/text/boilerplate.h"

#include <stdbool.h>

struct html_page {
    struct view text;  /* blocks separated by one newline, paragraphs by two; entities decoded; white space folded */
    struct view title; /* og:title, else h1, else <title>; empty if none */
    struct view language, url, published_at, site, author; /* from meta, link rel=canonical, JSON-LD, time; empty if not given */
    struct text_hint *hints; /* by position; what tags and classes tell: nav, aside, figcaption, h1, footer, article p, ... */
    size_t hint_count;
};

/* Whether `bytes` look like HTML rather than plain text: a doctype or a known tag within the first 1024 bytes. */
bool html_is_likely(struct view bytes);

/* Parses `bytes` (valid UTF-8). Strings in `arena`.
 *   err  ERROR_INPUT "html.depth" where elements nest deeper than 512, "html.empty" where no text is left, "html.attributes"
 *        where a tag has more than 512, "html.large" where the page or the tree that its mark-up unfolds to is too large
 * Linear in bytes.len. Thread: any. */
bool html_read(struct view bytes, struct arena *arena, struct html_page *page, struct error *err);
