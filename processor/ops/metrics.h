/* What the process counts, in one table: counters, gauges, histograms; served as Prometheus text and, by ops/status.h, as
 * the status record.
 *
 * A metric without labels is a few atomics. One with labels has a series for each combination that was used; `labels`
 * gives their values in the order of the table, joined by commas ("articles.raw,3"; values hold no comma). Series of a
 * partition that was revoked are dropped, so that no stale lag is shown. Thread: any, unless said otherwise. */
#pragma once

#include "processor/runtime/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* X(type, NAME, name for Prometheus behind "stanced_", label names, help) */
#define METRICS(X)                                                                                              \
    X(COUNTER, ARTICLES, "articles_total", "", "Articles taken from the input topics.")                         \
    X(COUNTER, INPUT_BYTES, "input_bytes_total", "", "Bytes of those articles.")                                \
    X(COUNTER, REPEATED, "articles_repeated_total", "", "Articles whose text the worker had read before.")      \
    X(COUNTER, DONE, "articles_done_total", "", "Articles whose outputs and offset are committed.")             \
    X(COUNTER, RECORDS, "records_total", "kind", "Records committed to the output topics.")                     \
    X(COUNTER, DEAD_LETTERS, "dead_letters_total", "code", "Articles that went to the dead-letter topic.")      \
    X(COUNTER, COMMITS, "commits_total", "", "Transactions or offset commits that succeeded.")                  \
    X(COUNTER, COMMIT_FAILURES, "commit_failures_total", "kind", "Those that did not: aborted, unknown, stopped; and producers that did not open.") \
    X(COUNTER, REBALANCES, "rebalances_total", "kind", "Partitions assigned, revoked or lost.")                 \
    X(COUNTER, PAUSES, "pauses_total", "", "Times that fetching was paused because too much was in hand.")      \
    X(COUNTER, ANEW, "partitions_anew_total", "", "Partitions that went back: their topic was made anew, or their end was lost.") \
    X(COUNTER, GONE, "records_gone_total", "", "Records of the input that were deleted before they were read.") \
    X(COUNTER, ERRORS, "errors_total", "code", "Errors of the Kafka clients.")                                  \
    X(COUNTER, STALLS, "stalls_total", "kind", "Times that the stream stood still: stream, brokers, offsets, worker, orphans.") \
    X(COUNTER, SUSPECTS, "suspects_total", "", "Articles that were in hand when the process died, met again.")   \
    X(COUNTER, SCHEMAS, "schema_lookups_total", "result", "Schemas of articles asked for: found, refused (unknown, of no use), away (no answer).") \
    X(COUNTER, SPANS, "spans_total", "result", "Spans of articles: sent, refused by the collector, dropped for want of room or time.") \
    X(GAUGE, LAG, "lag_records", "topic,partition", "Records between the committed offset and the end of the partition.") \
    X(GAUGE, PARTITIONS, "partitions", "", "Partitions assigned.")                                              \
    X(GAUGE, IN_HAND, "in_hand_records", "", "Articles taken and not yet committed.")                           \
    X(GAUGE, QUEUED, "queued_records", "", "Articles that wait for a worker.")                                  \
    X(GAUGE, WORKERS, "workers", "", "Threads that read articles.")                                             \
    X(GAUGE, WORKERS_BUSY, "workers_busy", "", "Those that are at one now.")                                    \
    X(GAUGE, MEMORY_BYTES, "memory_bytes", "", "Bytes of records in hand, with what outputs may take.")         \
    X(GAUGE, MEMORY_LIMIT, "memory_limit_bytes", "", "Above it fetching pauses.")                               \
    X(GAUGE, WEB_BYTES, "web_bytes", "", "Bytes of published articles kept for the live page.")                \
    X(HISTOGRAM, ARTICLE_SECONDS, "article_seconds", "", "Time a worker takes for an article.")                 \
    X(HISTOGRAM, COMMIT_SECONDS, "commit_seconds", "", "Time of a transaction or offset commit.")               \
    X(HISTOGRAM, LATENCY_SECONDS, "latency_seconds", "", "From the article's record timestamp to its commit.")

/* Series that are there from the start, at zero: Prometheus sees no increase in the first count of a series that was not. Dead
 * letters and errors have too many codes for that. */
#define METRICS_AT_ZERO(X)                                                                                      \
    X(RECORDS, "enriched") X(RECORDS, "stance") X(RECORDS, "entity")                                            \
    X(COMMIT_FAILURES, "aborted") X(COMMIT_FAILURES, "unknown") X(COMMIT_FAILURES, "open")                      \
    X(REBALANCES, "assigned") X(REBALANCES, "revoked") X(REBALANCES, "lost")                                    \
    X(SCHEMAS, "found") X(SCHEMAS, "refused") X(SCHEMAS, "away")                                                \
    X(SPANS, "sent") X(SPANS, "refused") X(SPANS, "dropped")                                                    \
    X(STALLS, "stream") X(STALLS, "brokers") X(STALLS, "worker") X(STALLS, "orphans")

enum metric {
#define X(type, id, name, labels, help) METRIC_##id,
    METRICS(X)
#undef X
    METRIC_COUNT
};

enum { METRICS_SERIES_MOST = 10000, METRICS_LABELS_BYTES_MOST = 320 };

struct metrics;

/* All at zero, METRICS_AT_ZERO among it. Free with metrics_free(). */
struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics); /* NULL is fine */

/* Counters and gauges. `labels` NULL for a metric without. Above METRICS_SERIES_MOST series new ones are not kept; labels
 * over METRICS_LABELS_BYTES_MOST - 1 bytes are cut. */
void metrics_add(struct metrics *metrics, enum metric metric, const char *labels, int64_t amount);
void metrics_set(struct metrics *metrics, enum metric metric, const char *labels, int64_t value);

/* Histograms. */
void metrics_observe(struct metrics *metrics, enum metric metric, double seconds);

/* Forgets the series, or with labels NULL all series, of a metric with labels. */
void metrics_drop(struct metrics *metrics, enum metric metric, const char *labels);

/* The value now; of a metric with labels and `labels` NULL the sum of its series. Of a histogram the number of observations. */
int64_t metrics_value(const struct metrics *metrics, enum metric metric, const char *labels);

/* The `share` quantile (0..1) of a histogram, by linear interpolation within its bucket as in Prometheus; 0 without
 * observations, the last bound above it. */
double metrics_quantile(const struct metrics *metrics, enum metric metric, double share);

/* Calls `visit` for each series of a metric with labels, sorted by labels. */
typedef void metrics_visit(void *context, const char *labels, int64_t value);
void metrics_each(const struct metrics *metrics, enum metric metric, metrics_visit *visit, void *context);

/* Everything as Prometheus text (exposition format 0.0.4), in `arena`. model and version become stanced_info. */
struct view metrics_render(const struct metrics *metrics, const char *model, const char *version, struct arena *arena);
