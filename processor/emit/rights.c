#include "processor/emit/rights.h"

#include "processor/emit/admin.h"
#include "processor/runtime/clock.h"

#include <string.h>

enum { STEP_MS = 50 };

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
    const struct admin_request request = {send_topics, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, collection, 1, true, false};
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

/* The group's client, which is no member: nobody notices it. */
static rd_kafka_t *open_client(const struct settings *settings, struct client *client, struct error *err)
{
    const struct client_property none[] = {{NULL, NULL}};
    const struct client_property fixed[] = {{"group.id", settings->group}, {NULL, NULL}};
    rd_kafka_conf_t *conf = client_conf(settings, PROPERTY_CONSUMER, none, fixed, client, err);
    return conf != NULL ? client_open(true, conf, err) : NULL;
}

struct answer {
    bool has_come;
    rd_kafka_resp_err_t code;
};

static void on_commit(rd_kafka_t *handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list, void *opaque)
{
    (void)handle;
    struct answer *answer = opaque;
    bool is_of_partition = code == RD_KAFKA_RESP_ERR_NO_ERROR && list != NULL && list->cnt == 1;
    *answer = (struct answer){.has_come = true, .code = is_of_partition ? list->elems[0].err : code};
}

/* Whether the coordinator has looked at the request: librdkafka's own codes are negative. */
static bool is_answer(const struct answer *answer)
{
    switch (answer->code) {
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
        return false;
    default:
        return answer->has_come && answer->code >= RD_KAFKA_RESP_ERR_NO_ERROR;
    }
}

/* A position is sent for a partition that no topic has: the coordinator first asks whether READ on the group is given, then
 * finds that there is no such partition, and keeps nothing. */
static struct answer try_commit(rd_kafka_t *handle, const char *topic, int64_t timeout_ms)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    struct answer answer = {.has_come = false};
    rd_kafka_queue_t *answers = rd_kafka_queue_new(handle);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, INT32_MAX)->offset = 0;
    answer.code = rd_kafka_commit_queue(handle, list, answers, on_commit, &answer);
    while (answer.code == RD_KAFKA_RESP_ERR_NO_ERROR && !answer.has_come && clock_left_ms(deadline_ms) > 0)
        if (client_is_refused(handle))
            answer = (struct answer){.has_come = true, .code = RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED};
        else
            rd_kafka_queue_poll_callback(answers, STEP_MS);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_queue_destroy(answers);
    return answer;
}

/* Not rd_kafka_DescribeConsumerGroups(): where its answer comes late, or the handle is closed before, an assertion of librdkafka
 * ends the process (2.15.1, issue 4605). */
static bool look_at_group(const struct settings *settings, struct client *client, int timeout_ms, struct rights *rights, struct error *err)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    struct answer answer;
    rd_kafka_t *handle = open_client(settings, client, err);
    if (handle == NULL)
        return false;
    for (;;) {
        answer = try_commit(handle, settings->input.items[0], clock_left_ms(deadline_ms));
        if (is_answer(&answer) || clock_left_ms(deadline_ms) == 0)
            break;
        rd_kafka_poll(handle, STEP_MS);
    }
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    if (!is_answer(&answer))
        return error_set(err, ERROR_RETRY, "rights.brokers", "the group's coordinator does not say whether the group may be read");
    bool is_denied = answer.code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
    rights->items[rights->count++] = (struct right){"group", settings->group, is_denied ? "READ" : NULL};
    return true;
}

bool rights_look(struct rd_kafka_s *handle, const struct settings *settings, const struct topics *topics, struct client *client,
                 int timeout_ms, struct arena *arena, struct rights *rights, struct error *err)
{
    *rights = (struct rights){.items = arena_take_zeroed(arena, topics->count + 1, sizeof *rights->items)};
    return look_at_topics(handle, topics, timeout_ms, arena, rights, err) && look_at_group(settings, client, timeout_ms, rights, err);
}
