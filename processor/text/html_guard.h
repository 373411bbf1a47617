/* Looks over a page before it is parsed: refuses what would make gumbo quadratic (very deep nesting, tags with thousands of
 * attributes), and leaves out the contents of scripts and styles, which are most of many pages. It follows the open
 * elements as the HTML standard does where that matters ("The stack of open elements", implied end tags, scopes), and
 * where it differs it thinks the page deeper than it is. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

enum { HTML_DEPTH_MOST = 512, HTML_ATTRIBUTES_MOST = 512 };

/* The page without the contents of scripts and styles, but for JSON-LD; `bytes` itself where it has none, else a copy in
 * `arena`. err: ERROR_INPUT "html.depth", "html.attributes". Linear in bytes.len. Thread: any. */
bool html_guard(struct view bytes, struct arena *arena, struct view *lean, struct error *err);
