#include "processor/ingest/follower.h"

#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdlib.h>
#include <string.h>

enum { ASK_MS = 10000 };

struct follower {
    struct client client; /* first: rd_kafka_opaque() */
    rd_kafka_t *handle;
    rd_kafka_message_t *message; /* handed out last */
};

static rd_kafka_t *open_handle(struct follower *follower, const struct settings *settings, struct error *err)
{
    const struct client_property defaults[] = {{"queued.max.messages.kbytes", "8192"}, {NULL, NULL}};
    const struct client_property fixed[] = {
        {"group.id", settings->group}, /* never joined; the library wants a name */
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"auto.offset.reset", "earliest"},
        {NULL, NULL},
    };
    rd_kafka_conf_t *conf = client_conf(settings, PROPERTY_CONSUMER, defaults, fixed, &follower->client, err);
    return conf != NULL ? client_open(true, conf, err) : NULL;
}

/* All partitions of the topics, at the offset that stands for `since_ms`. */
static bool list_partitions(struct follower *follower, const char *topic, int64_t since_ms, rd_kafka_topic_partition_list_t *list,
                            struct error *err)
{
    rd_kafka_topic_partition_list_t *partitions = client_partitions(follower->handle, topic, ASK_MS, err);
    if (partitions == NULL)
        return false;
    for (int i = 0; i < partitions->cnt; i++)
        rd_kafka_topic_partition_list_add(list, topic, partitions->elems[i].partition)->offset =
            since_ms == FOLLOWER_BEGINNING ? RD_KAFKA_OFFSET_BEGINNING
            : since_ms == FOLLOWER_END     ? RD_KAFKA_OFFSET_END
                                           : since_ms;
    rd_kafka_topic_partition_list_destroy(partitions);
    return true;
}

static bool assign(struct follower *follower, const char *const *topics, size_t count, int64_t since_ms, struct error *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    bool done = true;
    for (size_t i = 0; i < count && done; i++)
        done = list_partitions(follower, topics[i], since_ms, list, err);
    if (done && since_ms > 0)
        code = rd_kafka_offsets_for_times(follower->handle, list, ASK_MS); /* nothing later: the end */
    if (done && code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = rd_kafka_assign(follower->handle, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (done && code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_RETRY, "follower.assign", "cannot follow: %s", rd_kafka_err2str(code));
    return done;
}

struct follower *follower_open(const struct settings *settings, const char *const *topics, size_t count, int64_t since_ms,
                               const struct client_events *events, struct error *err)
{
    struct follower *follower = memory_new(1, sizeof *follower);
    follower->client = (struct client){.events = *events, .name = "follower"};
    follower->handle = open_handle(follower, settings, err);
    if (follower->handle != NULL) {
        rd_kafka_poll_set_consumer(follower->handle);
        if (assign(follower, topics, count, since_ms, err))
            return follower;
    }
    follower_close(follower);
    return NULL;
}

static void let_go(struct follower *follower)
{
    if (follower->message != NULL)
        rd_kafka_message_destroy(follower->message);
    follower->message = NULL;
}

void follower_close(struct follower *follower)
{
    if (follower == NULL)
        return;
    let_go(follower);
    if (follower->handle != NULL)
        rd_kafka_destroy_flags(follower->handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    free(follower);
}

bool follower_next(struct follower *follower, int timeout_ms, struct followed *out, struct error *err)
{
    let_go(follower);
    rd_kafka_message_t *message = rd_kafka_consumer_poll(follower->handle, timeout_ms);
    client_look_after(follower->handle);
    if (message == NULL)
        return false;
    follower->message = message;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        char text[256];
        rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(follower->handle, text, sizeof text);
        if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR)
            error_set(err, ERROR_FATAL, "follower.fatal", "%s: %s", rd_kafka_err2name(fatal), text);
        else if (message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
            client_lacks_right("READ", "topic", message->rkt != NULL ? rd_kafka_topic_name(message->rkt) : "TOPIC", err);
        return false;
    }
    *out = followed_of(message);
    return true;
}

struct followed followed_of(rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    return (struct followed){
        .topic = rd_kafka_topic_name(message->rkt),
        .partition = message->partition,
        .offset = message->offset,
        .timestamp_ms = rd_kafka_message_timestamp(message, &type),
        .key = {.data = message->key, .len = message->key_len},
        .value = {.data = message->payload, .len = message->len},
        .message = message,
    };
}

struct view followed_header(const struct followed *followed, const char *name)
{
    rd_kafka_headers_t *headers;
    const void *value;
    size_t size;
    if (rd_kafka_message_headers(followed->message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR || value == NULL)
        return (struct view){0};
    return (struct view){.data = value, .len = size};
}
