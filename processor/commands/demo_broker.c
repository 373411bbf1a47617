#include "processor/commands/demo_broker.h"

#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <stdlib.h>
#include <string.h>

enum { FLUSH_MS = 10000 };

struct demo_broker {
    rd_kafka_mock_cluster_t *cluster;
    rd_kafka_t *owner;    /* of the cluster */
    rd_kafka_t *producer; /* of demo_broker_put() */
};

static void be_quiet(const rd_kafka_t *handle, int level, const char *facility, const char *text)
{
    (void)handle, (void)level, (void)facility, (void)text;
}

static rd_kafka_t *open_producer(const char *address, struct error *err)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, be_quiet);
    if (address != NULL)
        rd_kafka_conf_set(conf, "bootstrap.servers", address, text, sizeof text);
    rd_kafka_conf_set(conf, "linger.ms", "0", text, sizeof text);
    rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (handle == NULL) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_FATAL, "demo.broker", "the embedded broker does not start: %s", text);
    }
    return handle;
}

struct demo_broker *demo_broker_start(struct error *err)
{
    struct demo_broker *broker = memory_new(1, sizeof *broker);
    broker->owner = open_producer(NULL, err);
    if (broker->owner != NULL)
        broker->cluster = rd_kafka_mock_cluster_new(broker->owner, 1);
    if (broker->cluster != NULL) {
        rd_kafka_mock_group_initial_rebalance_delay_ms(broker->cluster, 0);
        broker->producer = open_producer(demo_broker_address(broker), err);
    }
    if (broker->producer != NULL)
        return broker;
    error_set(err, ERROR_FATAL, "demo.broker", "the embedded broker does not start");
    demo_broker_stop(broker);
    return NULL;
}

void demo_broker_stop(struct demo_broker *broker)
{
    if (broker == NULL)
        return;
    if (broker->producer != NULL)
        rd_kafka_destroy(broker->producer);
    if (broker->cluster != NULL)
        rd_kafka_mock_cluster_destroy(broker->cluster);
    if (broker->owner != NULL)
        rd_kafka_destroy(broker->owner);
    free(broker);
}

const char *demo_broker_address(const struct demo_broker *broker)
{
    return rd_kafka_mock_cluster_bootstraps(broker->cluster);
}

bool demo_broker_create(struct demo_broker *broker, const char *topic, int partitions, struct error *err)
{
    rd_kafka_resp_err_t code = rd_kafka_mock_topic_create(broker->cluster, topic, partitions, 1);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        return error_set(err, ERROR_FATAL, "demo.topic", "topic %s: %s", topic, rd_kafka_err2str(code));
    return true;
}

bool demo_broker_put(struct demo_broker *broker, const char *topic, const char *key, const char *content_type, const void *value,
                     size_t bytes, struct error *err)
{
    size_t key_bytes = key != NULL ? strlen(key) : 0;
    rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
    if (content_type != NULL)
        rd_kafka_header_add(headers, "content-type", -1, content_type, -1);
    rd_kafka_resp_err_t code =
        rd_kafka_producev(broker->producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, key_bytes),
                          RD_KAFKA_V_VALUE((void *)(uintptr_t)value, bytes), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_headers_destroy(headers);
    else
        code = rd_kafka_flush(broker->producer, FLUSH_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_RETRY, "demo.put", "%s: %s", topic, rd_kafka_err2str(code));
    return true;
}
