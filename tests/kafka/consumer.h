/* What the programs that look at a broker's logs have in common. They end with status 2 where they cannot go on. */
#pragma once

#include <librdkafka/rdkafka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { ASK_MS = 15000, PARTITIONS_MOST = 64 };

static inline _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, why);
    exit(2);
}

/* A consumer of group `group` that commits nothing and is told where partitions end. */
static inline rd_kafka_t *open_consumer(const char *brokers, const char *group, const char *isolation)
{
    const char *const properties[][2] = {
        {"bootstrap.servers", brokers},  {"group.id", group},          {"isolation.level", isolation},  {"log_level", "0"},
        {"enable.auto.commit", "false"}, {"fetch.wait.max.ms", "10"}, {"enable.partition.eof", "true"},
    };
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        rd_kafka_conf_set(conf, properties[i][0], properties[i][1], text, sizeof text);
    rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
    if (handle == NULL)
        die("consumer", text);
    rd_kafka_poll_set_consumer(handle);
    return handle;
}

/* All partitions of the topic, from their beginning. */
static inline rd_kafka_topic_partition_list_t *partitions_of(rd_kafka_t *handle, const char *topic)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_topic_t *named = rd_kafka_topic_new(handle, topic, NULL);
    rd_kafka_resp_err_t code = rd_kafka_metadata(handle, 0, named, &metadata, ASK_MS);
    rd_kafka_topic_destroy(named);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR || metadata->topics[0].partition_cnt == 0)
        die(topic, "no such topic, or no broker");
    int count = metadata->topics[0].partition_cnt;
    if (count > PARTITIONS_MOST)
        die(topic, "more than 64 partitions");
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(count);
    for (int i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, topic, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_metadata_destroy(metadata);
    return list;
}

/* Whether the message says that a partition's end is reached, for the first time: after a move of its leader it is said again. */
static inline bool is_new_end(const rd_kafka_message_t *message, bool ended[PARTITIONS_MOST])
{
    if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF)
        return false;
    if (message->partition < 0 || message->partition >= PARTITIONS_MOST)
        die("partition", "more than expected");
    bool was_ended = ended[message->partition];
    ended[message->partition] = true;
    return !was_ended;
}
