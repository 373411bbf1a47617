/* What consumers and producers have in common: a librdkafka configuration made from the settings, and its log lines
 * and events turned into ours.
 *
 * Order: our defaults, then the user's properties (`kafka:`, then `consumer:` or `producer:`), then what the way of
 * working fixes. A property that has a setting of its own is refused, so that there is one place to look at. */
#pragma once

#include "processor/ingest/offsets.h"
#include "processor/runtime/error.h"
#include "processor/runtime/log.h"
#include "processor/runtime/settings.h"

#include <stdatomic.h>
#include <stdint.h>

struct rd_kafka_s;
struct rd_kafka_conf_s;
struct rd_kafka_topic_partition_list_s;

/* Where a client's events go: this folder knows no metrics. The function is called by the thread that polls the handle; the log is written
 * by librdkafka's threads, too. */
struct client_events {
    struct log *log;
    void *context;
    void (*error)(void *context, const char *code); /* NULL: not wanted */
    _Atomic(const char *) *at; /* is told which call is under way, for who waits for its thread in vain; NULL: nobody does */
};

/* `call` is a constant. */
static inline void client_at(const struct client_events *events, const char *call)
{
    if (events->at != NULL)
        atomic_store_explicit(events->at, call, memory_order_relaxed);
}

enum { CLIENT_TROUBLE_BYTES = 512 };

/* Every handle's opaque pointer is one, or a structure that starts with one. */
struct client {
    struct client_events events;
    const char *name; /* "consumer", "producer", ...: a constant */
    char trouble[CLIENT_TROUBLE_BYTES]; /* the last error of a connection; of the thread that polls the handle */
    _Atomic int64_t alone_ms;           /* when librdkafka last said that all brokers are away; 0: not since they were given again */
};

struct client_property {
    const char *name, *value;
};

/* The configuration for one side with `defaults` and `fixed` (both end with a NULL name), to be given to rd_kafka_new() or
 * rd_kafka_conf_destroy(). `client` must outlive the handle. NULL: err is ERROR_CONFIG "kafka.property".
 * Thread: any. */
struct rd_kafka_conf_s *client_conf(const struct settings *settings, enum property_side side,
                                    const struct client_property *defaults, const struct client_property *fixed,
                                    struct client *client, struct error *err);

/* Opens the handle; takes `conf` in any case. NULL: err is ERROR_CONFIG "kafka.open". */
struct rd_kafka_s *client_open(bool is_consumer, struct rd_kafka_conf_s *conf, struct error *err);

/* Destroys the handle (NULL is fine), then frees `client`, with which its owner's memory begins. By a thread of its own, for
 * rd_kafka_destroy() has no limit (2.15.1): over 15 s were seen where brokers hang. What a producer has under way is thrown away, and a
 * consumer does not leave its group by this. Where it takes longer than `timeout_ms` the thread is left at it, which is said in the log
 * (client.left). The next client need not wait for it: of one transactional id, or one instance, the newer one counts.
 * Thread: any, when no other one uses the handle. */
void client_close(struct rd_kafka_s *handle, struct client *client, int64_t timeout_ms);

/* How many handles are not closed yet, those that were left among them: their log must stay. Thread: any. */
size_t clients_left(void);

/* To be called after each poll of a handle that lives long. A broker on its way down or up may say for a moment that there are no
 * brokers at all; librdkafka (2.10 to 2.15.1, its issue 5301) then forgets them all, for good, and its own way back to
 * `bootstrap.servers` can be lost with them. So where it has said that all are away, and nothing more for some seconds (while they
 * are away indeed it goes on saying so), it is given these anew; which they are, if it still knows others, does no harm. */
void client_look_after(struct rd_kafka_s *handle);

/* Gives it these at once: where the thread that polls waits in a call that has no end without them. Thread: any. */
void client_give_brokers(struct rd_kafka_s *handle);

/* For a call that no broker answered and that returned `code`: the last error of a connection and what to look at, borrowed
 * from the handle's client. Serves the handle's events. Thread: the one that polls it. */
const char *client_trouble(struct rd_kafka_s *handle, int code);

/* A number among the handle's own properties, for example "max.poll.interval.ms". */
int64_t client_number(struct rd_kafka_s *handle, const char *name);

/* Without any right on the group its coordinator is not even named: librdkafka says so where a consumer hands out records, and calls time out. Takes one event of
 * the handle's, so only before partitions are assigned. Thread: the one that polls it. */
bool client_is_refused(struct rd_kafka_s *handle);

/* False, with ERROR_CONFIG that says which right ("READ") on which "topic" or "group" is missing, and how it is given. */
bool client_lacks_right(const char *operation, const char *kind, const char *name, struct error *err);

/* All partitions of a topic, without offsets; to be destroyed by the caller. Asks the brokers.
 * NULL: err is ERROR_CONFIG (there is no such topic, or no right to see it), ERROR_RETRY (no broker answers within timeout_ms). */
struct rd_kafka_topic_partition_list_s *client_partitions(struct rd_kafka_s *handle, const char *topic, int timeout_ms,
                                                          struct error *err);

/* Adds `positions` [count] with their notes. */
void client_add_positions(struct rd_kafka_topic_partition_list_s *list, const struct position *positions, size_t count);
