/* The incoming side: one consumer handle, its assignment, and the lanes of ingest/offsets that follow it.
 *
 * Rebalances are cooperative where the group is (any assignor works). A partition that is revoked is drained: its
 * records get a fifth of max.poll.interval.ms (no longer than to `stop_ms`) to be finished and committed, the rest is given up
 * and read again by the next owner. A partition that was lost is given up at once. Polling goes on whatever happens: where the limits of
 * ingest/offsets are reached, partitions are paused.
 * Thread: poll, unless said otherwise. */
#pragma once

#include "processor/ingest/assignment.h"
#include "processor/ingest/client.h"
#include "processor/ingest/offsets.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"
#include "processor/runtime/view.h"

struct rd_kafka_message_s;
struct rd_kafka_headers_s;
struct rd_kafka_consumer_group_metadata_s;

/* One record as it came. */
struct incoming {
    struct tracked tracked; /* first: what offsets_take() returns is the record */
    struct rd_kafka_message_s *message; /* owns the bytes below */
    struct view key, value;             /* data NULL: null */
    struct view content_type, traceparent; /* of the headers, or empty */
    const char *topic;
    int32_t partition;
    int64_t offset, timestamp_ms;
};

/* Frees the message, not the structure. Thread: any. */
void incoming_done(struct incoming *incoming);

/* Its headers, borrowed; NULL where it has none. Thread: who holds the record. */
struct rd_kafka_headers_s *incoming_headers(const struct incoming *incoming);

/* In partitions, but the last in records. */
enum consumer_change { CONSUMER_ASSIGNED, CONSUMER_REVOKED, CONSUMER_LOST, CONSUMER_PAUSED, CONSUMER_ANEW, CONSUMER_GONE };

struct consumer_options {
    const struct settings *settings;
    struct offsets *offsets;
    struct client_events events;
    void (*changed)(void *context, enum consumer_change change, size_t amount); /* with events.context; poll thread; or NULL */
    bool commits_itself; /* at least once: the consumer commits positions; else transactions do */
    void (*forget)(struct tracked *tracked); /* frees a finished record of a lane that was given up */
    /* Moments (clock_now_ms()) after which nothing is drained any more, and by which the group is left; both INT64_MAX until
     * somebody wants it to stop. Set by another thread. */
    const _Atomic int64_t *stop_ms, *leave_ms;
};

struct consumer;

/* Opens the consumer and subscribes. err: ERROR_CONFIG for a property that librdkafka refuses. */
struct consumer *consumer_open(const struct consumer_options *options, struct error *err);

/* The code of the error that another member, or a late join of its own, has taken its instance id. */
#define CONSUMER_FENCED "consumer.fenced"
/* And of the one that the group had put this member out, and took it in again as another. */
#define CONSUMER_EXPELLED "consumer.expelled"
/* And of the one that consumer_undo() was called. */
#define CONSUMER_UNDONE "consumer.undone"

/* One record, begun in its lane. False: none came within about `timeout_ms`, or there is no room for one.
 *   err  ERROR_FATAL: the consumer cannot go on (no permission, ...)
 *        ERROR_RETRY: this one cannot, but a new one may later (the group has not released `instance` yet, CONSUMER_FENCED,
 *                     CONSUMER_EXPELLED, CONSUMER_UNDONE) */
bool consumer_poll(struct consumer *consumer, int timeout_ms, struct incoming *incoming, struct error *err);

/* Stops: drains all lanes until `stop_ms` (not at all where that is not set), commits, gives up the rest and leaves the group, by
 * `leave_ms` and within five seconds. The handle stays for the calls of other threads. True if everything was drained. */
bool consumer_leave(struct consumer *consumer);

/* After consumer_leave(), when no other thread uses it; NULL is fine. Frees it, and waits for its handle as client_close().
 * Thread: any. */
void consumer_close(struct consumer *consumer, int64_t timeout_ms);

/* The lag of each partition of now (assignment_lags). Thread: any one, before consumer_close(). */
size_t consumer_lags(struct consumer *consumer, struct lag *lags, size_t most);

/* Gives it its brokers anew (client_give_brokers). Thread: any, before consumer_close(). */
void consumer_wake(struct consumer *consumer);

/* For how long the member has had no place in its group, and is not about to get one: its coordinator is not found or has not
 * been asked. 0: it has one. As of the last few seconds. Thread: any, before consumer_close(). */
int64_t consumer_outside_ms(const struct consumer *consumer);

/* For how long it has been asked in vain what the group has committed, of partitions that are to begin or of a transaction of unknown
 * end; 0: nothing of that is open. Thread: any, before consumer_close(). */
int64_t consumer_unknown_ms(const struct consumer *consumer);

/* How many partitions were found to be made anew: what the group had committed of their topics is gone. Thread: any, before consumer_close(). */
size_t consumer_anew(const struct consumer *consumer);

/* The group's member and generation at this moment, for a transaction. Thread: any, before consumer_close().
 * NULL where there is none. Free with consumer_group_free(). */
struct rd_kafka_consumer_group_metadata_s *consumer_group(struct consumer *consumer);
void consumer_group_free(struct rd_kafka_consumer_group_metadata_s *group); /* NULL is fine */

/* Whether `group` is still that of the member which all that is in hand was given to. Where it is not, partitions may have been another's meanwhile,
 * whatever the lanes say: nothing of it may be committed. Thread: any. */
bool consumer_is_member(struct consumer *consumer, const struct rd_kafka_consumer_group_metadata_s *group);

/* What was committed does not count after all: consumer_poll() fails from now on, for a new consumer to begin at what the group has, and
 * nothing that is in hand may be committed. Thread: any, before consumer_close(). */
void consumer_undo(struct consumer *consumer);

/* What the group has committed of the partitions of `positions` [count], into `offsets` [count]: -1 where that is nothing. Open transactions
 * are waited for. Asks the broker. Thread: any, before consumer_close().
 *   err  ERROR_RETRY: no answer within `timeout_ms`; `offsets` are not to be used */
bool consumer_committed(struct consumer *consumer, const struct position *positions, size_t count, int timeout_ms, int64_t *offsets,
                        struct error *err);
