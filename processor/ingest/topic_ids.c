#include "processor/ingest/topic_ids.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdlib.h>
#include <string.h>

enum { INTERVAL_MS = 5000 };

struct topic_ids {
    rd_kafka_t *handle;
    rd_kafka_queue_t *answers;
    bool is_out;              /* a request is, whose answer has not come */
    int64_t sent_ms, next_ms; /* moments of that one and of the next */
};

struct topic_ids *topic_ids_new(struct rd_kafka_s *handle)
{
    struct topic_ids *ids = memory_new(1, sizeof *ids);
    *ids = (struct topic_ids){.handle = handle, .answers = rd_kafka_queue_new(handle)};
    return ids;
}

void topic_ids_free(struct topic_ids *ids)
{
    if (ids == NULL)
        return;
    rd_kafka_queue_destroy(ids->answers);
    free(ids);
}

static void ask(struct topic_ids *ids, const struct assigned *items, size_t count)
{
    const char **names = memory_new(count, sizeof *names);
    size_t names_count = 0;
    for (size_t i = 0; i < count; i++) /* they are sorted */
        if (names_count == 0 || strcmp(names[names_count - 1], items[i].topic) != 0)
            names[names_count++] = items[i].topic;
    rd_kafka_TopicCollection_t *topics = rd_kafka_TopicCollection_of_topic_names(names, names_count);
    rd_kafka_DescribeTopics(ids->handle, topics, NULL, ids->answers);
    rd_kafka_TopicCollection_destroy(topics);
    free(names);
    ids->is_out = true;
    ids->sent_ms = clock_now_ms();
}

static void compare(const struct topic_ids *ids, struct assigned *assigned, const rd_kafka_Uuid_t *uuid, rd_kafka_topic_partition_list_t *changed)
{
    const int64_t id[2] = {rd_kafka_Uuid_most_significant_bits(uuid), rd_kafka_Uuid_least_significant_bits(uuid)};
    if ((id[0] == 0 && id[1] == 0) || assigned->added_ms >= ids->sent_ms)
        return;
    if (assigned->topic_id[0] == 0 && assigned->topic_id[1] == 0)
        memcpy(assigned->topic_id, id, sizeof id);
    else if (memcmp(assigned->topic_id, id, sizeof id) != 0)
        rd_kafka_topic_partition_list_add(changed, assigned->topic, assigned->partition);
}

/* A topic that is not there at the moment has no id. */
static void read_answer(const struct topic_ids *ids, const rd_kafka_event_t *event, struct assigned *items, size_t count,
                        rd_kafka_topic_partition_list_t *changed)
{
    size_t topic_count = 0;
    const rd_kafka_DescribeTopics_result_t *result = rd_kafka_event_DescribeTopics_result((rd_kafka_event_t *)(uintptr_t)event);
    const rd_kafka_TopicDescription_t **topics = result != NULL ? rd_kafka_DescribeTopics_result_topics(result, &topic_count) : NULL;
    for (size_t i = 0; i < topic_count; i++) {
        if (rd_kafka_error_code(rd_kafka_TopicDescription_error(topics[i])) != RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        for (size_t j = 0; j < count; j++)
            if (strcmp(items[j].topic, rd_kafka_TopicDescription_name(topics[i])) == 0)
                compare(ids, &items[j], rd_kafka_TopicDescription_topic_id(topics[i]), changed);
    }
}

struct rd_kafka_topic_partition_list_s *topic_ids_step(struct topic_ids *ids, struct assignment *assignment)
{
    size_t count;
    struct assigned *items = assignment_all(assignment, &count);
    if (!ids->is_out && count > 0 && clock_now_ms() >= ids->next_ms)
        ask(ids, items, count);
    rd_kafka_event_t *event = ids->is_out ? rd_kafka_queue_poll(ids->answers, 0) : NULL;
    if (event == NULL)
        return NULL;
    rd_kafka_topic_partition_list_t *changed = rd_kafka_topic_partition_list_new(1);
    read_answer(ids, event, items, count, changed);
    rd_kafka_event_destroy(event);
    ids->is_out = false;
    ids->next_ms = clock_now_ms() + INTERVAL_MS;
    if (changed->cnt > 0)
        return changed;
    rd_kafka_topic_partition_list_destroy(changed);
    return NULL;
}
