/* The stream: one poll thread, N workers, one commit thread, and how they start and stop.
 *
 *   poll     consumer -> a lane of ingest/offsets, and the queue         never waits longer than a moment, except to drain
 *   workers  queue -> decode, extract, encode -> ingest/offsets          pure computation
 *   commit   ingest/offsets, in order -> outputs and offsets together    owns the producer
 *
 * Each worker says in ingest/suspects what it is at, so that a record that crashes the process is known after the restart.
 *
 * Stopping: the poll thread stops fetching, drains for drain_ms, commits, gives up the rest and leaves the group; then the
 * queue and the tracker are closed and the other threads end. Thread: owner, unless said otherwise. */
#pragma once

#include "processor/emit/hanging.h"
#include "processor/emit/registry.h"
#include "processor/extract/extractor.h"
#include "processor/ingest/survey.h"
#include "processor/ops/health.h"
#include "processor/ops/metrics.h"
#include "processor/ops/spans.h"
#include "processor/runtime/log.h"
#include "processor/runtime/settings.h"
#include "processor/web/live.h"

/* All outlive the pipeline. Signals must be blocked already: threads inherit that. */
struct pipeline_options {
    const struct settings *settings;
    const struct extractor *extractor;
    const struct registry *registry; /* of the outputs; NULL: none */
    struct metrics *metrics;
    struct live *live; /* NULL: no page */
    struct spans *spans; /* NULL: no collector */
    struct health *health;
    struct log *log;
};

struct pipeline;

/* Starts all threads. err: ERROR_CONFIG, ERROR_RETRY "pool.start". */
struct pipeline *pipeline_start(const struct pipeline_options *options, struct error *err);

/* Whether it cannot go on, and why; it should be stopped then. ERROR_RETRY: a new one may, after a while. Thread: any. */
bool pipeline_has_failed(struct pipeline *pipeline, struct error *err);

/* Brings gauges and health up to date. Takes half a second at most. */
void pipeline_measure(struct pipeline *pipeline);

/* The longest that a worker has been at the article it is at now (0: none is at any), and the CPU time it has used for it. */
struct pipeline_busy {
    int64_t ms, cpu_ns;
};
struct pipeline_busy pipeline_busy(struct pipeline *pipeline);

/* Whether articles wait for the schema registry, which does not answer: no stall of the stream. Thread: any. */
bool pipeline_is_waiting(const struct pipeline *pipeline);

/* Workers that were at one article for longer than `busy_ms` are to blame for it that the process ends (ingest/suspects). */
void pipeline_blame(struct pipeline *pipeline, int64_t busy_ms);

/* After pipeline_stop() has not stopped it, where nobody had asked the process to end: whatever the workers are at may be why, and is
 * suspected as if the process were killed. */
void pipeline_suspect(struct pipeline *pipeline);

/* Gives its clients their brokers anew (client_give_brokers). Thread: the one that stops it. */
void pipeline_wake(struct pipeline *pipeline);

/* For how long its consumer has had no place in the group (consumer_outside_ms). Thread: any. */
int64_t pipeline_outside_ms(const struct pipeline *pipeline);

/* For how long it has been asked in vain what the group has committed (consumer_unknown_ms). Thread: any. */
int64_t pipeline_unknown_ms(const struct pipeline *pipeline);

/* The transactions that keep back what the group has committed of its partitions, or NULL (hanging_look()). */
struct hanging *pipeline_look_at_hanging(struct pipeline *pipeline, bool (*is_over)(void));

/* Whether any broker answers a client of its own. Takes SURVEY_MS at most. */
bool pipeline_is_answered(struct pipeline *pipeline);

/* Whether its partitions have something that it does not read (ingest/survey). Takes SURVEY_MS at most, and a tenth of a
 * second after `is_over`. */
enum survey_result pipeline_survey(struct pipeline *pipeline, bool (*is_over)(void));

/* Stops and frees it within `stop_ms`; a client that does not close by then is left (client_close). False: some thread did not end in time,
 * nothing is freed, and the process should end without cleaning up (what was not committed is read again). */
bool pipeline_stop(struct pipeline *pipeline, int64_t stop_ms);
