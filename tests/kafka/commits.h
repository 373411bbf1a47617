/* The brokers' own log of what a group has committed, for the programs that look at it. */
#pragma once

#include "tests/kafka/consumer.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { KEY_VERSION_MOST = 1 };

static const char log_name[] = "__consumer_offsets";

struct commit {
    uint32_t partition; /* of the input, below PARTITIONS_MOST */
    int64_t position, time_ms;
};

/* What is still to be read of a record's key; `bytes` of NULL: there was less than expected. */
struct rest {
    const char *bytes;
    size_t len;
};

static inline void take(struct rest *rest, void *to, size_t bytes)
{
    if (rest->bytes == NULL || rest->len < bytes) {
        rest->bytes = NULL;
        memset(to, 0, bytes);
        return;
    }
    memcpy(to, rest->bytes, bytes);
    rest->bytes += bytes;
    rest->len -= bytes;
}

static inline uint16_t take_16(struct rest *rest)
{
    uint16_t number;
    take(rest, &number, sizeof number);
    return ntohs(number);
}

static inline bool take_equal(struct rest *rest, const char *wanted)
{
    size_t len = take_16(rest);
    bool is_equal = rest->bytes != NULL && rest->len >= len && len == strlen(wanted) && memcmp(rest->bytes, wanted, len) == 0;
    if (is_equal) {
        rest->bytes += len;
        rest->len -= len;
    }
    return is_equal;
}

/* The schemas OffsetCommitKey (versions 0 and 1) and OffsetCommitValue (all begin with version and offset) of Kafka. */
static inline bool read_commit(const rd_kafka_message_t *message, const char *group, const char *input, struct commit *commit)
{
    struct rest key = {message->key, message->key_len}, value = {message->payload, message->len};
    rd_kafka_timestamp_type_t type;
    uint64_t big;
    if (value.bytes == NULL || take_16(&key) > KEY_VERSION_MOST || !take_equal(&key, group) || !take_equal(&key, input))
        return false;
    take(&key, &commit->partition, sizeof commit->partition);
    take_16(&value);
    take(&value, &big, sizeof big);
    commit->partition = ntohl(commit->partition);
    commit->position = (int64_t)be64toh(big);
    commit->time_ms = rd_kafka_message_timestamp(message, &type);
    if (key.bytes == NULL || value.bytes == NULL || commit->partition >= PARTITIONS_MOST)
        die(log_name, "a record of another form than expected");
    return true;
}

/* Each position that `group` has committed for topic `input`, in the order of the log. */
static inline void read_commits(rd_kafka_t *handle, const char *group, const char *input,
                                void (*visit)(void *state, const struct commit *commit), void *state)
{
    rd_kafka_topic_partition_list_t *list = partitions_of(handle, log_name);
    struct commit commit;
    int left = list->cnt;
    bool ended[PARTITIONS_MOST] = {false};
    rd_kafka_assign(handle, list);
    while (left > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(handle, ASK_MS);
        if (message == NULL)
            die(log_name, "reading stalls");
        left -= is_new_end(message, ended);
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && read_commit(message, group, input, &commit))
            visit(state, &commit);
        rd_kafka_message_destroy(message);
    }
    rd_kafka_assign(handle, NULL);
    rd_kafka_topic_partition_list_destroy(list);
}
