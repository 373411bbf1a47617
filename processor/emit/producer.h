/* The outgoing side: one producer handle, transactional or idempotent, and what its failures mean for the batch in hand.
 *
 * A batch is begun, sent and committed; until producer_commit() says PRODUCER_DONE nothing of it counts, and the caller
 * keeps everything needed to send it again. In exactly-once mode a batch is one Kafka transaction (KIP-98, KIP-447) with
 * the consumer's positions in it; in at-least-once mode it is acknowledged by every delivery report, and the caller
 * stores the positions afterwards.
 *
 * KIP-890 (transactions, part 2) is not in librdkafka: a request of a transaction that got no answer is sent again, and the
 * first one may arrive late: an EndTxn in the middle of the *next* transaction, or positions that are old by then. Such a
 * producer says so (producer_is_doubtful) and must be replaced: a new one has another epoch, in which they are refused.
 * Thread: one owner, the commit thread. */
#pragma once

#include "processor/emit/deadletter.h"
#include "processor/ingest/consumer.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"
#include "processor/runtime/trace.h"

#include <stdatomic.h>

enum producer_mode { PRODUCER_EXACTLY_ONCE, PRODUCER_AT_LEAST_ONCE };

enum producer_result {
    PRODUCER_DONE,
    PRODUCER_AGAIN,   /* nothing counts, and the producer is usable: begin and send the batch again */
    PRODUCER_REPLACE, /* the producer is finished, and whether the batch counts is unknown: open a new one, then ask the
                         group's committed offsets */
    PRODUCER_STOPPED  /* it was still undecided when the time to stop came */
};

/* What became of one record's outputs; the caller's, one a record. */
struct ticket {
    bool is_rejected; /* the broker or the library refuses such a message, and will again: too large, invalid */
    bool is_delivered; /* at least one was acknowledged: counts at once, or with its transaction */
};

struct outgoing {
    const char *topic;
    struct view key, value; /* data NULL: null */
    bool is_placed;         /* goes to `partition`, whatever its key */
    int32_t partition;
    int64_t timestamp_ms;   /* 0 or less: now */
    const struct incoming *origin; /* its headers are passed on; NULL: none */
    const struct trace *trace;     /* goes on from its span, instead of the origin's; NULL, or without a span: not */
    bool is_original;              /* all of them: a dead letter. Else those that speak of the payload are left out */
    const struct header *headers;  /* [header_count], added behind them */
    size_t header_count;
};

struct producer;

/* Opens the producer; in exactly-once mode also fences and finishes what an earlier one of the same transactional id
 * left behind, for which it waits until `stop_ms` of clock_now_ms() (set by another thread to stop).
 * err: ERROR_CONFIG for a property that librdkafka refuses, ERROR_RETRY where the broker did not answer.
 * Close with producer_close(). */
struct producer *producer_open(const struct settings *settings, enum producer_mode mode,
                               const struct client_events *events, const _Atomic int64_t *stop_ms, struct error *err);

/* Lets go of everything that is still under way: an open transaction is left to the coordinator. NULL is fine. Waits three seconds at
 * most (one when it is time to stop) for the handle, which is left then (client_close). */
void producer_close(struct producer *producer);

/* Largest message that may be sent, headers included, and how large this one would be. */
size_t producer_bytes_most(const struct producer *producer);
size_t producer_bytes(const struct outgoing *outgoing);

enum producer_result producer_begin(struct producer *producer, struct error *err);

/* Queues one message; everything is copied. Waits for room in the queue. `ticket` outlives the batch. */
enum producer_result producer_send(struct producer *producer, const struct outgoing *outgoing, struct ticket *ticket,
                                   struct error *err);

/* Ends the batch. `positions` [count] go into the transaction, under the group's state `group`
 * (consumer_group() or backlog_group()); at least once: both are not used. After PRODUCER_AGAIN look at the tickets. */
enum producer_result producer_commit(struct producer *producer, const struct position *positions, size_t count,
                                     const struct rd_kafka_consumer_group_metadata_s *group, struct error *err);

/* Positions alone, into the open transaction; as producer_commit(). Exactly once only. */
enum producer_result producer_send_positions(struct producer *producer, const struct position *positions, size_t count,
                                             const struct rd_kafka_consumer_group_metadata_s *group, struct error *err);

/* Waits until everything sent was acknowledged or refused. PRODUCER_AGAIN: something was refused. */
enum producer_result producer_flush(struct producer *producer, struct error *err);

/* Gives the batch up: PRODUCER_AGAIN, PRODUCER_REPLACE or PRODUCER_STOPPED. */
enum producer_result producer_abort(struct producer *producer, struct error *err);

/* Replace it before the next batch, although the last one is done. */
bool producer_is_doubtful(const struct producer *producer);

/* Whether a connection to a broker has ended since this was asked last: be it that the broker did, or that it was idle. */
bool producer_was_cut(struct producer *producer);

/* Serves delivery reports, without waiting: for a producer without batches (status records). */
void producer_poll(struct producer *producer);

/* Gives it its brokers anew (client_give_brokers): a call that waits for them looks at its time then. Thread: any. */
void producer_wake(struct producer *producer);
