#include "processor/emit/admin.h"

enum { TEXT_BYTES = 512, GRACE_MS = 1000 };

rd_kafka_event_t *admin_ask(rd_kafka_t *handle, const struct admin_request *request, int timeout_ms)
{
    char text[TEXT_BYTES];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(handle, request->operation);
    rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, text, sizeof text);
    if (request->wants_rights)
        rd_kafka_error_destroy(rd_kafka_AdminOptions_set_include_authorized_operations(options, 1));
    if (request->wants_committed)
        rd_kafka_error_destroy(rd_kafka_AdminOptions_set_isolation_level(options, RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED));
    rd_kafka_queue_t *queue = rd_kafka_queue_new(handle);
    request->send(handle, request, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, timeout_ms + GRACE_MS);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    return event;
}
