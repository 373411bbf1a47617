/* Looks over a page before it is parsed, for what would make gumbo quadratic: very deep nesting, tags with thousands
 * of attributes. It follows the open elements as the HTML standard does where that matters ("A stack of open elements",
 * implied end tags, scopes), and where it differs it thinks the page deeper than it is. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

enum { HTML_DEPTH_MOST = 512, HTML_ATTRIBUTES_MOST = 512 };

/* err: ERROR_INPUT "html.depth", "html.attributes". Linear in bytes.len. Thread: any. */
bool html_guard(struct view bytes, struct error *err);
