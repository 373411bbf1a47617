/* What the last transaction committed that was said to be done, to look whether it still stands.
 *
 * A transaction is done for its producer as soon as its coordinator has decided so; the markers that make it count are written to the
 * partitions after that. A coordinator whose process ends in between writes them when it is back, but Kafka 4.3 leaves out every
 * partition that has no leader at that moment, as if it had been deleted (KRaftMetadataCache.getPartitionLeaderEndpoint(), from which
 * TransactionMarkerChannelManager takes it): all of them, where the only broker was killed. What was written then stays open, positions
 * included, and shares the fate of the next transaction of that producer, partition by partition: committed here, aborted there.
 * So where a connection ended since, nothing more is committed before the group's positions say that the last one counts. Thread: owner. */
#pragma once

#include "processor/ingest/consumer.h"

struct landed;

struct landed *landed_new(void);
void landed_free(struct landed *landed); /* NULL is fine */

/* The transaction with these positions [count] is done; they are copied. `anew`: consumer_anew() at that time. */
void landed_keep(struct landed *landed, const struct position *positions, size_t count, size_t anew);

/* A connection has ended: from now on landed_look() asks. Without a transaction nothing happens. */
void landed_doubt(struct landed *landed);
bool landed_is_in_doubt(const struct landed *landed);

enum landed_state {
    LANDED_STANDS, /* or nothing was in doubt */
    LANDED_UNDONE, /* the group's positions are behind it */
    LANDED_UNKNOWN /* ask again: err is ERROR_RETRY. Brokers are away, its positions are still open, or its topic may have been deleted */
};

/* Asks the broker, where there is a doubt; ends it with LANDED_STANDS. */
enum landed_state landed_look(struct landed *landed, struct consumer *consumer, int timeout_ms, struct error *err);
