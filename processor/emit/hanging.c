#include "processor/emit/hanging.h"

#include "processor/emit/admin.h"
#include "processor/emit/producer.h"
#include "processor/emit/topics.h"
#include "processor/ingest/survey.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <stdlib.h>

enum { ASK_MS = 3000, END_MS = 60000, TIMEOUT_MS = 60000, NOTICE_MS = 20000, ARENA_BYTES = 4096 };

struct hanging {
    rd_kafka_topic_partition_list_t *open; /* partitions of outputs with an open transaction, and where its first record is */
};

static void send_ends(rd_kafka_t *handle, const struct admin_request *request, const rd_kafka_AdminOptions_t *options, rd_kafka_queue_t *queue)
{
    rd_kafka_ListOffsets(handle, request->items, options, queue);
}

/* Where the logs of `list` end, as a new list; NULL: no answer. */
static rd_kafka_topic_partition_list_t *ask_ends(rd_kafka_t *handle, rd_kafka_topic_partition_list_t *list, bool wants_committed)
{
    const struct admin_request request = {
        .send = send_ends, .operation = RD_KAFKA_ADMIN_OP_LISTOFFSETS, .items = list, .count = (size_t)list->cnt, .wants_committed = wants_committed};
    rd_kafka_event_t *event = admin_ask(handle, &request, ASK_MS);
    const rd_kafka_ListOffsets_result_t *result = event != NULL ? rd_kafka_event_ListOffsets_result(event) : NULL;
    rd_kafka_topic_partition_list_t *ends = NULL;
    if (result != NULL && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        size_t count;
        const rd_kafka_ListOffsetsResultInfo_t **infos = rd_kafka_ListOffsets_result_infos(result, &count);
        ends = rd_kafka_topic_partition_list_new((int)count);
        for (size_t i = 0; i < count; i++) {
            const rd_kafka_topic_partition_t *found = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
            rd_kafka_topic_partition_list_add(ends, found->topic, found->partition)->offset =
                found->err == RD_KAFKA_RESP_ERR_NO_ERROR ? found->offset : RD_KAFKA_OFFSET_INVALID;
        }
    }
    if (event != NULL)
        rd_kafka_event_destroy(event);
    return ends;
}

/* All partitions that the outputs' transactions write to. NULL: no answer. */
static rd_kafka_topic_partition_list_t *list_outputs(rd_kafka_t *handle, const struct settings *settings)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct topics topics = topics_of(settings, arena);
    struct error err = {0};
    rd_kafka_topic_partition_list_t *list = topics_look(handle, &topics, ASK_MS, &err) ? rd_kafka_topic_partition_list_new(16) : NULL;
    for (size_t i = 0; i < topics.count && list != NULL; i++) {
        const struct topic *topic = &topics.items[i];
        for (int32_t partition = 0; partition < topic->partition_count && (topic->role == TOPIC_OUTPUT || topic->role == TOPIC_DEAD_LETTERS); partition++)
            rd_kafka_topic_partition_list_add(list, topic->name, partition)->offset = RD_KAFKA_OFFSET_END;
    }
    arena_free(arena);
    return list;
}

/* Those of `certain` that lie before the log's end. */
static rd_kafka_topic_partition_list_t *find_open(const rd_kafka_topic_partition_list_t *certain, rd_kafka_topic_partition_list_t *ends)
{
    rd_kafka_topic_partition_list_t *open = rd_kafka_topic_partition_list_new(1);
    for (int i = 0; i < certain->cnt; i++) {
        const rd_kafka_topic_partition_t *at = &certain->elems[i];
        const rd_kafka_topic_partition_t *end = rd_kafka_topic_partition_list_find(ends, at->topic, at->partition);
        if (end != NULL && at->offset >= 0 && end->offset > at->offset)
            rd_kafka_topic_partition_list_add(open, at->topic, at->partition)->offset = at->offset;
    }
    return open;
}

/* NULL: no answer. */
static rd_kafka_topic_partition_list_t *look_at_outputs(const struct settings *settings, const struct client_events *events)
{
    struct client client = {.events = *events, .name = "hanging"};
    struct error err = {0};
    rd_kafka_t *handle = topics_open(settings, &client, &err);
    rd_kafka_topic_partition_list_t *open = NULL, *list = handle != NULL ? list_outputs(handle, settings) : NULL;
    /* Certain first: what is written between the two looks must not hide what is open. */
    rd_kafka_topic_partition_list_t *certain = list != NULL ? ask_ends(handle, list, true) : NULL;
    rd_kafka_topic_partition_list_t *ends = certain != NULL ? ask_ends(handle, list, false) : NULL;
    if (ends != NULL)
        open = find_open(certain, ends);
    if (ends != NULL)
        rd_kafka_topic_partition_list_destroy(ends);
    if (certain != NULL)
        rd_kafka_topic_partition_list_destroy(certain);
    if (list != NULL)
        rd_kafka_topic_partition_list_destroy(list);
    topics_close(handle);
    return open;
}

struct hanging *hanging_look(const struct settings *settings, const struct client_events *events, const struct lag *lags, size_t count,
                             bool (*is_over)(void))
{
    if (!survey_is_kept_back(settings, events, lags, count, ASK_MS, is_over))
        return NULL;
    rd_kafka_topic_partition_list_t *open = look_at_outputs(settings, events);
    if (open == NULL)
        return NULL;
    struct hanging *hanging = memory_new(1, sizeof *hanging);
    *hanging = (struct hanging){.open = open};
    return hanging;
}

void hanging_free(struct hanging *hanging)
{
    if (hanging == NULL)
        return;
    rd_kafka_topic_partition_list_destroy(hanging->open);
    free(hanging);
}

int64_t hanging_wait_ms(const struct settings *settings)
{
    const char *value = settings_property(settings, PROPERTY_PRODUCER, "transaction.timeout.ms");
    int64_t timeout_ms = value != NULL ? strtoll(value, NULL, 10) : TIMEOUT_MS;
    return timeout_ms + NOTICE_MS;
}

/* A record that nobody will see, in each partition whose certain end stands where it stood; `was` NULL: wherever it stood. */
static enum producer_result end_in_outputs(rd_kafka_topic_partition_list_t *was, const rd_kafka_topic_partition_list_t *now, struct producer *producer,
                                           size_t *outputs, struct error *err)
{
    enum producer_result result = producer_begin(producer, err);
    for (int i = 0; i < now->cnt && result == PRODUCER_DONE; i++) {
        const rd_kafka_topic_partition_t *at = &now->elems[i];
        const rd_kafka_topic_partition_t *before = was != NULL ? rd_kafka_topic_partition_list_find(was, at->topic, at->partition) : at;
        if (before == NULL || before->offset != at->offset)
            continue;
        const struct outgoing outgoing = {.topic = at->topic, .key = view_of("hanging"), .is_placed = true, .partition = at->partition};
        result = producer_send(producer, &outgoing, NULL, err);
        ++*outputs;
    }
    if (result == PRODUCER_DONE)
        result = producer_flush(producer, err);
    return result == PRODUCER_DONE ? producer_abort(producer, err) : result;
}

/* Any position will do: it is aborted with the rest. */
static enum producer_result end_in_positions(const struct settings *settings, struct producer *producer, struct error *err)
{
    const struct position position = {.topic = settings->input.items[0]};
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata_new(settings->group);
    enum producer_result result = producer_begin(producer, err);
    if (result == PRODUCER_DONE)
        result = producer_send_positions(producer, &position, 1, group, err);
    rd_kafka_consumer_group_metadata_destroy(group);
    return result == PRODUCER_DONE ? producer_abort(producer, err) : result;
}

/* hanging_end(); `was` NULL: wherever a transaction is open. */
static bool end_all(rd_kafka_topic_partition_list_t *was, const struct settings *settings, const struct client_events *events, int64_t timeout_ms,
                    size_t *outputs, struct error *err)
{
    *outputs = 0;
    const _Atomic int64_t stop_ms = clock_now_ms() + timeout_ms;
    struct producer *producer = producer_open(settings, PRODUCER_EXACTLY_ONCE, events, &stop_ms, err);
    if (producer == NULL)
        return false;
    rd_kafka_topic_partition_list_t *now = look_at_outputs(settings, events);
    enum producer_result result = PRODUCER_STOPPED;
    if (now == NULL)
        error_set(err, ERROR_RETRY, "hanging.outputs", "no broker says where the outputs' logs end");
    else
        result = end_in_outputs(was, now, producer, outputs, err);
    if (result == PRODUCER_AGAIN) /* is what an abort that went well says */
        result = end_in_positions(settings, producer, err);
    if (now != NULL)
        rd_kafka_topic_partition_list_destroy(now);
    producer_close(producer);
    return result == PRODUCER_AGAIN;
}

bool hanging_end(const struct hanging *hanging, const struct settings *settings, const struct client_events *events, size_t *outputs,
                 struct error *err)
{
    return end_all(hanging->open, settings, events, END_MS, outputs, err);
}

bool hanging_end_undone(const struct settings *settings, const struct client_events *events, int64_t timeout_ms, size_t *outputs,
                        struct error *err)
{
    return end_all(NULL, settings, events, timeout_ms, outputs, err);
}
