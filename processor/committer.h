/* The commit thread: takes finished records in order, sends their outputs, and commits outputs and offsets together.
 *
 * A batch is closed by records, bytes or time, whichever comes first, and at once while somebody drains. It stays in hand
 * until it is known to count: whatever fails, it is sent again, whole and in the same order, so the order of a partition's
 * outputs is the order of its inputs. Where a commit's result is unknown (broker gone, fenced), the producer is replaced,
 * which makes the coordinator finish or abort the old transaction, and the group's committed offsets tell which it was.
 *
 * An output that no broker would take is not tried for ever: the record goes to the dead-letter topic instead, and if even
 * that is too large, a stub of it. To find the culprit in a batch that was refused, it is sent again one record at a time.
 * Thread: its own; the rest as marked. */
#pragma once

#include "processor/ingest/consumer.h"
#include "processor/ops/metrics.h"
#include "processor/ops/spans.h"
#include "processor/runtime/error.h"
#include "processor/web/live.h"

#include <stdatomic.h>

struct committer_options {
    const struct settings *settings;
    struct offsets *offsets;
    struct consumer *consumer;
    struct metrics *metrics;
    struct live *live; /* is shown what was published; NULL: nothing is */
    struct spans *spans; /* gets one a committed article; NULL: none is made */
    struct client_events events; /* of the producer; its log is the committer's too */
    const _Atomic int64_t *stop_ms; /* moment (clock_now_ms()) to give up what cannot be committed; INT64_MAX: none yet */
};

struct committer;

struct committer *committer_new(const struct committer_options *options);
void committer_free(struct committer *committer); /* after committer_run() returned; NULL is fine */

/* The thread's work; `state` is the committer. Ends when ingest/offsets is closed and nothing is in hand. */
void committer_run(void *state);

/* For its producer: producer_wake(). Thread: any. */
void committer_wake(struct committer *committer);

/* Whether it cannot go on (settings, rights), and why. Thread: any. */
bool committer_has_failed(struct committer *committer, struct error *err);

/* Whether its last attempt failed: the broker does not take what is sent. Thread: any. */
bool committer_is_troubled(const struct committer *committer);
