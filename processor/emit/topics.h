/* The topics that the settings name: whether they are there, and how to make them. Asks the brokers; not for hot paths. */
#pragma once

#include "processor/ingest/client.h"
#include "processor/runtime/arena.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"

#include <stdbool.h>
#include <stddef.h>

enum topic_role { TOPIC_INPUT, TOPIC_OUTPUT, TOPIC_DEAD_LETTERS, TOPIC_STATUS };

struct topic {
    const char *name;
    enum topic_role role;
    int partition_count;   /* found; 0: it is not there, or nobody can say */
    int replica_count;
    bool is_found;
    const char *problem;   /* what the broker said of it, a constant; NULL: nothing */
    const char *retention; /* "retention.ms" of the broker, or "compact"; NULL: not asked, not told */
};

struct topics {
    struct topic *items; /* [count], each name once: input, outputs, dead letters, status */
    size_t count;
    int broker_count; /* found */
};

/* The topics of `settings`, not looked for yet. Strings are borrowed from it, the list is in `arena`. */
struct topics topics_of(const struct settings *settings, struct arena *arena);

/* A handle for the functions below. Close with topics_close(). err: ERROR_CONFIG. `client` outlives it. */
struct rd_kafka_s *topics_open(const struct settings *settings, struct client *client, struct error *err);
void topics_close(struct rd_kafka_s *handle); /* NULL is fine */

/* Fills in what the brokers know. err: ERROR_RETRY "topics.brokers" where none answers within timeout_ms. */
bool topics_look(struct rd_kafka_s *handle, struct topics *topics, int timeout_ms, struct error *err);

/* Fills in `retention`; leaves it NULL where the brokers do not tell. */
void topics_look_closer(struct rd_kafka_s *handle, struct topics *topics, int timeout_ms, struct arena *arena);

struct topic_wishes {
    int partition_count; /* of input and outputs; the dead letters and the status have one, and fewer are not made */
    int replica_count;   /* -1: the broker's default */
};

/* Makes those that are not there: the status compacted, dead letters kept for 30 days, the others as long as the broker
 * keeps topics. *created is how many. err: ERROR_RETRY, ERROR_CONFIG (not allowed) "topics.create". */
bool topics_create(struct rd_kafka_s *handle, const struct topics *topics, const struct topic_wishes *wishes, int timeout_ms,
                   size_t *created, struct error *err);

/* Looks until all are there: after topics_create() it takes a moment until every broker knows them.
 * err: ERROR_RETRY "topics.brokers", "topics.create" where some are not there after timeout_ms. */
bool topics_wait(struct rd_kafka_s *handle, struct topics *topics, int timeout_ms, struct error *err);

/* The names of those that are missing or refused, separated by ", ", in `arena`; empty if there are none. */
struct view topics_missing(const struct topics *topics, struct arena *arena);
