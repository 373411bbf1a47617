/* Follows topics without joining a group: every partition, from a moment on, nothing committed. For watch and demo.
 * Thread: owner. */
#pragma once

#include "processor/ingest/client.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"
#include "processor/runtime/view.h"

#include <stdbool.h>

struct rd_kafka_message_s;
struct follower;

/* One record; everything is borrowed from `message`, which lives until the next call. */
struct followed {
    const char *topic;
    int32_t partition;
    int64_t offset, timestamp_ms;
    struct view key, value; /* data NULL: null */
    struct rd_kafka_message_s *message;
};

/* A message as such a record; its owner stays the same. */
struct followed followed_of(struct rd_kafka_message_s *message);

enum { FOLLOWER_BEGINNING = 0, FOLLOWER_END = -1 };

/* Opens the topics [count] from `since_ms` on: milliseconds since 1970, FOLLOWER_BEGINNING or FOLLOWER_END. Aborted and
 * open transactions are not seen. err: ERROR_CONFIG (a topic is missing), ERROR_RETRY (no broker answers). */
struct follower *follower_open(const struct settings *settings, const char *const *topics, size_t count, int64_t since_ms,
                               const struct client_events *events, struct error *err);
void follower_close(struct follower *follower); /* NULL is fine */

/* The next record. False: none within timeout_ms, or *err: ERROR_FATAL, ERROR_CONFIG (a topic may not be read). */
bool follower_next(struct follower *follower, int timeout_ms, struct followed *out, struct error *err);

/* The last header of that name, or an empty view. */
struct view followed_header(const struct followed *followed, const char *name);
