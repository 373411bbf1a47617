/* W3C trace context, level 2 (https://www.w3.org/TR/trace-context-2/): the header `traceparent` read and written, and the span that an
 * article gets in between. Thread: any. */
#pragma once

#include "processor/runtime/view.h"

#include <stdbool.h>

enum { TRACE_ID_BYTES = 16, TRACE_SPAN_BYTES = 8, TRACE_PARENT_LEN = 55 };

/* All zero: there is no span. */
struct trace {
    unsigned char id[TRACE_ID_BYTES], parent[TRACE_SPAN_BYTES], span[TRACE_SPAN_BYTES];
    bool has_parent; /* the trace was begun elsewhere */
    bool is_sampled; /* there is a span */
};

/* The span of an article that came with that header (empty: none). A valid one decides whether its trace is sampled; else a new
 * trace begins, for `percent` of 100 articles. */
struct trace trace_begin(struct view header, unsigned percent);

/* The header for what comes after the span; NUL-terminated. */
void trace_write(const struct trace *trace, char text[TRACE_PARENT_LEN + 1]);
