#include "processor/emit/rights.h"

#include "processor/emit/admin.h"

#include <string.h>

static bool is_allowed(const rd_kafka_AclOperation_t *operations, size_t count, rd_kafka_AclOperation_t wanted)
{
    for (size_t i = 0; i < count; i++)
        if (operations[i] == wanted || operations[i] == RD_KAFKA_ACL_OPERATION_ALL)
            return true;
    return false;
}

static void send_topics(rd_kafka_t *handle, const struct admin_request *request, const rd_kafka_AdminOptions_t *options,
                        rd_kafka_queue_t *queue)
{
    rd_kafka_DescribeTopics(handle, request->items, options, queue);
}

static void send_group(rd_kafka_t *handle, const struct admin_request *request, const rd_kafka_AdminOptions_t *options,
                       rd_kafka_queue_t *queue)
{
    rd_kafka_DescribeConsumerGroups(handle, request->items, request->count, options, queue);
}

static void judge_topic(struct rights *rights, const struct topics *topics, const rd_kafka_TopicDescription_t *found)
{
    size_t count;
    const rd_kafka_AclOperation_t *operations = rd_kafka_TopicDescription_authorized_operations(found, &count);
    for (size_t i = 0; i < topics->count; i++) {
        const struct topic *topic = &topics->items[i];
        if (strcmp(topic->name, rd_kafka_TopicDescription_name(found)) != 0)
            continue;
        bool is_input = topic->role == TOPIC_INPUT;
        bool fine = is_allowed(operations, count, is_input ? RD_KAFKA_ACL_OPERATION_READ : RD_KAFKA_ACL_OPERATION_WRITE);
        rights->items[rights->count++] = (struct right){"topic", topic->name, fine ? NULL : is_input ? "READ" : "WRITE"};
    }
}

static bool look_at_topics(rd_kafka_t *handle, const struct topics *topics, int timeout_ms, struct arena *arena,
                           struct rights *rights, struct error *err)
{
    const char **names = arena_take_zeroed(arena, topics->count + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < topics->count; i++)
        if (topics->items[i].is_found)
            names[count++] = topics->items[i].name;
    if (count == 0)
        return true;
    rd_kafka_TopicCollection_t *collection = rd_kafka_TopicCollection_of_topic_names(names, count);
    const struct admin_request request = {send_topics, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, collection, 1, true};
    rd_kafka_event_t *event = admin_ask(handle, &request, timeout_ms);
    rd_kafka_TopicCollection_destroy(collection);
    const rd_kafka_DescribeTopics_result_t *result = event != NULL ? rd_kafka_event_DescribeTopics_result(event) : NULL;
    bool answered = result != NULL && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (answered) {
        const rd_kafka_TopicDescription_t **found = rd_kafka_DescribeTopics_result_topics(result, &count);
        for (size_t i = 0; i < count; i++)
            judge_topic(rights, topics, found[i]);
    }
    if (event != NULL)
        rd_kafka_event_destroy(event);
    return answered || error_set(err, ERROR_RETRY, "rights.brokers", "the brokers do not say which operations are allowed");
}

static bool look_at_group(rd_kafka_t *handle, const char *group, int timeout_ms, struct rights *rights, struct error *err)
{
    const char *names[] = {group};
    const struct admin_request request = {send_group, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, names, 1, true};
    rd_kafka_event_t *event = admin_ask(handle, &request, timeout_ms);
    const rd_kafka_DescribeConsumerGroups_result_t *result =
        event != NULL ? rd_kafka_event_DescribeConsumerGroups_result(event) : NULL;
    size_t count = 0;
    const rd_kafka_ConsumerGroupDescription_t **found =
        result != NULL ? rd_kafka_DescribeConsumerGroups_result_groups(result, &count) : NULL;
    bool answered = count == 1;
    if (answered) {
        size_t operation_count;
        const rd_kafka_error_t *error = rd_kafka_ConsumerGroupDescription_error(found[0]);
        bool is_denied = error != NULL && rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
        const rd_kafka_AclOperation_t *operations =
            rd_kafka_ConsumerGroupDescription_authorized_operations(found[0], &operation_count);
        /* A group that is not there yet has no list of operations, which says nothing against it. */
        bool fine = !is_denied && (operations == NULL || is_allowed(operations, operation_count, RD_KAFKA_ACL_OPERATION_READ));
        rights->items[rights->count++] = (struct right){"group", group, fine ? NULL : "READ"};
    }
    if (event != NULL)
        rd_kafka_event_destroy(event);
    return answered || error_set(err, ERROR_RETRY, "rights.brokers", "the brokers do not say whether the group may be read");
}

bool rights_look(struct rd_kafka_s *handle, const struct topics *topics, const char *group, int timeout_ms, struct arena *arena,
                 struct rights *rights, struct error *err)
{
    *rights = (struct rights){.items = arena_take_zeroed(arena, topics->count + 1, sizeof *rights->items)};
    return look_at_topics(handle, topics, timeout_ms, arena, rights, err) && look_at_group(handle, group, timeout_ms, rights, err);
}
