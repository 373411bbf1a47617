#include "processor/ingest/orphans.h"

#include "processor/ingest/owned.h"
#include "processor/runtime/clock.h"

#include <librdkafka/rdkafka.h>

#include <string.h>

enum { STEP_MS = 100, LEAVE_MS = 2000 };

static bool is_next(const struct settings *settings)
{
    const char *protocol = settings_property(settings, PROPERTY_CONSUMER, "group.protocol");
    return protocol != NULL && strcmp(protocol, "consumer") == 0;
}

/* A member like the others, but for the instance. */
static rd_kafka_t *open_client(const struct settings *settings, struct client *client)
{
    const struct client_property defaults[] = {{"partition.assignment.strategy", "cooperative-sticky"}, {NULL, NULL}};
    const struct client_property fixed[] = {
        {"group.id", settings->group}, {"enable.auto.offset.store", "false"}, {"enable.auto.commit", "false"}, {NULL, NULL}};
    struct error err = {0};
    rd_kafka_conf_t *conf = client_conf(settings, PROPERTY_CONSUMER, defaults, fixed, client, &err);
    return conf != NULL ? client_open(true, conf, &err) : NULL;
}

/* How many partitions of the topic the members have together. */
static int count_owned(const struct rd_kafka_group_info *group, const char *topic)
{
    int count = 0;
    for (int i = 0; i < group->member_cnt; i++) {
        const struct rd_kafka_group_member_info *member = &group->members[i];
        const struct view assignment = {.data = member->member_assignment, .len = (size_t)member->member_assignment_size};
        count += owned_count(assignment, view_of(topic));
    }
    return count;
}

/* -1: not known. */
static int count_partitions(rd_kafka_t *handle, const char *name, int timeout_ms)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(handle, name, NULL);
    int count = -1;
    if (topic != NULL && rd_kafka_metadata(handle, 0, topic, &metadata, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        count = metadata->topic_cnt == 1 && metadata->topics[0].err == 0 ? metadata->topics[0].partition_cnt : -1;
        rd_kafka_metadata_destroy(metadata);
    }
    if (topic != NULL)
        rd_kafka_topic_destroy(topic);
    return count;
}

static bool has_orphans(rd_kafka_t *handle, const struct settings *settings, const struct rd_kafka_group_info *group, int timeout_ms)
{
    if (group->err != RD_KAFKA_RESP_ERR_NO_ERROR || strcmp(group->state, "Stable") != 0)
        return false;
    for (size_t i = 0; i < settings->input.count; i++) {
        const char *topic = settings->input.items[i];
        if (*topic != '^' && count_owned(group, topic) < count_partitions(handle, topic, timeout_ms))
            return true;
    }
    return false;
}

/* Not rd_kafka_DescribeConsumerGroups(): where its answer comes late, or the handle is closed before, an assertion of librdkafka
 * ends the process (2.15.1). */
bool orphans_exist(const struct settings *settings, const struct client_events *events, int timeout_ms)
{
    struct client client = {.events = *events, .name = "orphans"};
    const struct rd_kafka_group_list *list = NULL;
    rd_kafka_t *handle = is_next(settings) ? NULL : open_client(settings, &client);
    if (handle == NULL)
        return false;
    bool exist = rd_kafka_list_groups(handle, settings->group, &list, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR && list->group_cnt == 1 &&
                 has_orphans(handle, settings, &list->groups[0], timeout_ms);
    if (list != NULL)
        rd_kafka_group_list_destroy(list);
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return exist;
}

/* Whether the group has let it in: it has partitions. Where there are none to have, the time runs out. */
static bool is_member(rd_kafka_t *handle)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    bool has_some = rd_kafka_assignment(handle, &list) == RD_KAFKA_RESP_ERR_NO_ERROR && list->cnt > 0;
    if (list != NULL)
        rd_kafka_topic_partition_list_destroy(list);
    return has_some;
}

static void leave(rd_kafka_t *handle)
{
    int64_t deadline_ms = clock_now_ms() + LEAVE_MS;
    rd_kafka_queue_t *queue = rd_kafka_queue_new(handle);
    rd_kafka_error_destroy(rd_kafka_consumer_close_queue(handle, queue));
    while (!rd_kafka_consumer_closed(handle) && clock_left_ms(deadline_ms) > 0) {
        rd_kafka_message_t *message = rd_kafka_consume_queue(queue, STEP_MS);
        if (message != NULL)
            rd_kafka_message_destroy(message);
    }
    rd_kafka_queue_destroy(queue);
}

void orphans_place(const struct settings *settings, const struct client_events *events, int timeout_ms, bool (*is_over)(void))
{
    struct client client = {.events = *events, .name = "orphans"};
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    rd_kafka_t *handle = open_client(settings, &client);
    if (handle == NULL)
        return;
    rd_kafka_poll_set_consumer(handle);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new((int)settings->input.count);
    for (size_t i = 0; i < settings->input.count; i++)
        rd_kafka_topic_partition_list_add(topics, settings->input.items[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(handle, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    while (!is_member(handle) && clock_left_ms(deadline_ms) > 0 && !is_over()) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(handle, STEP_MS);
        if (message != NULL)
            rd_kafka_message_destroy(message);
    }
    leave(handle);
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}
