/* The stream as the commands run it: settings and model opened, log, metrics, HTTP, status records and the pipeline, until
 * a signal comes or nothing goes on. Used by run and demo. Thread: main. */
#pragma once

#include "processor/commands/session.h"
#include "processor/ops/metrics.h"

#include <signal.h>

/* Blocks the signals that stop the stream, for this thread and those it starts; the set is for sigwait. */
void stream_block_signals(sigset_t *signals);

/* Whether one of them has come: blocked, it stays to be seen. Thread: any. */
bool stream_is_to_stop(void);

struct stream;

/* Starts everything on an open session, which outlives it. NULL with *err. */
struct stream *stream_start(const struct session *session, struct error *err);

/* What is to be done about every quarter of a second: status, gauges. False with *err: the stream cannot go on. */
bool stream_tick(struct stream *stream, struct error *err);

struct log *stream_log(struct stream *stream);
const struct metrics *stream_metrics(const struct stream *stream);

/* Stops within settings->stop_ms. False: it could not be stopped in time, and the process should end at once. True: nothing is
 * under way any more; a consumer's handle that does not close is left as it is, said in the log (thread=close). */
bool stream_stop(struct stream *stream);
