/* One request to the brokers' admin API and its answer. Waits; not for hot paths. Thread: any. */
#pragma once

#include <librdkafka/rdkafka.h>

#include <stdbool.h>
#include <stddef.h>

struct admin_request {
    /* The rd_kafka_... call that sends it. */
    void (*send)(rd_kafka_t *handle, const struct admin_request *request, const rd_kafka_AdminOptions_t *options,
                 rd_kafka_queue_t *queue);
    rd_kafka_admin_op_t operation;
    void *items; /* [count], what is asked for */
    size_t count;
    bool wants_rights; /* also which operations are allowed, where the request can ask that */
    bool wants_committed; /* of logs, the end of what is certain: before the first record of an open transaction */
};

/* NULL: no answer within timeout_ms. Free with rd_kafka_event_destroy(). */
rd_kafka_event_t *admin_ask(rd_kafka_t *handle, const struct admin_request *request, int timeout_ms);
