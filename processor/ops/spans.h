/* A span an article, exported over OTLP/HTTP in JSON (https://opentelemetry.io/docs/specs/otlp/, semantic conventions for messaging).
 *
 * Spans wait in a ring of SPANS_MOST; a thread of its own sends them in batches, at the latest after a second. Who adds one never waits: where
 * there is no room it is dropped and counted (stanced_spans_total). A collector that is away or busy (429, 502 to 504) gets the same
 * batch again after a pause that doubles up to 30 s; one that refuses it (400, 404, ...) does not. */
#pragma once

#include "processor/ops/metrics.h"
#include "processor/runtime/error.h"
#include "processor/runtime/trace.h"

enum { SPANS_MOST = 2048, SPANS_TOPIC_BYTES = 256 };

/* What happened to one article. Plain data. */
struct traced {
    struct trace trace;
    int64_t begun_ms, read_ms, made_ms, done_ms; /* since 1970: taken from its topic, in a worker's hands, made into records, committed */
    char topic[SPANS_TOPIC_BYTES];
    int32_t partition;
    int64_t offset;
    size_t bytes, entity_count, stance_count;
    bool is_repeated;
    char code[ERROR_CODE_BYTES]; /* of a dead letter, with its text; else empty */
    char text[ERROR_TEXT_BYTES];
};

/* All outlive it. */
struct spans_options {
    const char *url; /* without a path: /v1/traces */
    const char *instance, *group, *version, *model;
    struct metrics *metrics;
};

struct spans;

/* Starts the thread; signals must be blocked. err: ERROR_RETRY "pool.start". Thread: owner. */
struct spans *spans_open(const struct spans_options *options, struct error *err);

/* Sends what waits for at most `timeout_ms`, and ends. NULL is fine. Thread: owner. */
void spans_close(struct spans *spans, int64_t timeout_ms);

/* Never waits for more than a copy. Thread: any. */
void spans_add(struct spans *spans, const struct traced *span);

/* What went wrong since the last call, if anything did. Thread: any. */
bool spans_trouble(struct spans *spans, struct error *err);

/* Whether a collector takes spans at that address: it is sent none. err: ERROR_RETRY "spans.away", "spans.refused".
 * Waits for it; fetch_init() first. Thread: any. */
bool spans_look(const char *url, struct error *err);

/* The spans [count] as an ExportTraceServiceRequest in JSON; to be freed. Thread: any. */
char *spans_render(const struct spans_options *options, const struct traced *spans, size_t count);
