#include "processor/emit/topics.h"

#include "processor/emit/admin.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEAD_LETTER_RETENTION_MS "2592000000" /* 30 days: time to look at them and send them back */

enum { TEXT_BYTES = 512, LOOK_MS = 100 };

static void add(struct topics *topics, const char *name, enum topic_role role)
{
    if (*name == '\0')
        return;
    for (size_t i = 0; i < topics->count; i++)
        if (strcmp(topics->items[i].name, name) == 0)
            return;
    topics->items[topics->count++] = (struct topic){.name = name, .role = role};
}

struct topics topics_of(const struct settings *settings, struct arena *arena)
{
    struct topics topics = {.items = arena_take_zeroed(arena, settings->input.count + 5, sizeof *topics.items)};
    for (size_t i = 0; i < settings->input.count; i++)
        add(&topics, settings->input.items[i], TOPIC_INPUT);
    add(&topics, settings->enriched_topic, TOPIC_OUTPUT);
    add(&topics, settings->stances_topic, TOPIC_OUTPUT);
    add(&topics, settings->entities_topic, TOPIC_OUTPUT);
    add(&topics, settings->dead_letter_topic, TOPIC_DEAD_LETTERS);
    add(&topics, settings->status_topic, TOPIC_STATUS);
    return topics;
}

struct rd_kafka_s *topics_open(const struct settings *settings, struct client *client, struct error *err)
{
    const struct client_property none[] = {{NULL, NULL}};
    rd_kafka_conf_t *conf = client_conf(settings, PROPERTY_PRODUCER, none, none, client, err);
    return conf != NULL ? client_open(false, conf, err) : NULL;
}

void topics_close(struct rd_kafka_s *handle)
{
    if (handle != NULL)
        rd_kafka_destroy(handle);
}

static void fill(struct topic *topic, const struct rd_kafka_metadata *metadata)
{
    for (int i = 0; i < metadata->topic_cnt; i++) {
        const rd_kafka_metadata_topic_t *found = &metadata->topics[i];
        if (strcmp(found->topic, topic->name) != 0)
            continue;
        topic->is_found = found->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        topic->problem = topic->is_found ? NULL : rd_kafka_err2str(found->err);
        topic->partition_count = found->partition_cnt;
        topic->replica_count = found->partition_cnt > 0 ? found->partitions[0].replica_cnt : 0;
        return;
    }
    topic->is_found = false;
    topic->problem = NULL;
}

bool topics_look(struct rd_kafka_s *handle, struct topics *topics, int timeout_ms, struct error *err)
{
    const struct rd_kafka_metadata *metadata;
    /* All topics, not these: a request by name may create them (auto.create.topics.enable). */
    rd_kafka_resp_err_t code = rd_kafka_metadata(handle, 1, NULL, &metadata, timeout_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_RETRY, "topics.brokers", "no broker answers: %s",
                         client_trouble(handle, code));
    topics->broker_count = metadata->broker_cnt;
    for (size_t i = 0; i < topics->count; i++)
        fill(&topics->items[i], metadata);
    rd_kafka_metadata_destroy(metadata);
    return true;
}

static void send_describe(rd_kafka_t *handle, const struct admin_request *request, const rd_kafka_AdminOptions_t *options,
                          rd_kafka_queue_t *queue)
{
    rd_kafka_DescribeConfigs(handle, request->items, request->count, options, queue);
}

static void fill_retention(struct topics *topics, const rd_kafka_ConfigResource_t *resource, struct arena *arena)
{
    size_t count;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
    const char *policy = "", *retention = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *name = rd_kafka_ConfigEntry_name(entries[i]), *value = rd_kafka_ConfigEntry_value(entries[i]);
        if (strcmp(name, "cleanup.policy") == 0 && value != NULL)
            policy = value;
        else if (strcmp(name, "retention.ms") == 0)
            retention = value;
    }
    const char *told = strstr(policy, "delete") == NULL && strstr(policy, "compact") != NULL ? "compact" : retention;
    for (size_t i = 0; i < topics->count && told != NULL; i++)
        if (strcmp(topics->items[i].name, rd_kafka_ConfigResource_name(resource)) == 0)
            topics->items[i].retention = arena_copy(arena, view_of(told)).data;
}

void topics_look_closer(struct rd_kafka_s *handle, struct topics *topics, int timeout_ms, struct arena *arena)
{
    rd_kafka_ConfigResource_t **resources = arena_take_zeroed(arena, topics->count + 1, sizeof *resources);
    size_t count = 0;
    for (size_t i = 0; i < topics->count; i++)
        if (topics->items[i].is_found)
            resources[count++] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topics->items[i].name);
    const struct admin_request request = {send_describe, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, resources, count, false, false};
    rd_kafka_event_t *event = count > 0 ? admin_ask(handle, &request, timeout_ms) : NULL;
    const rd_kafka_DescribeConfigs_result_t *result = event != NULL ? rd_kafka_event_DescribeConfigs_result(event) : NULL;
    if (result != NULL) {
        size_t found_count;
        const rd_kafka_ConfigResource_t **found = rd_kafka_DescribeConfigs_result_resources(result, &found_count);
        for (size_t i = 0; i < found_count; i++)
            fill_retention(topics, found[i], arena);
    }
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_ConfigResource_destroy_array(resources, count);
}

static void send_create(rd_kafka_t *handle, const struct admin_request *request, const rd_kafka_AdminOptions_t *options,
                        rd_kafka_queue_t *queue)
{
    rd_kafka_CreateTopics(handle, request->items, request->count, options, queue);
}

static rd_kafka_NewTopic_t *new_topic(const struct topic *topic, const struct topic_wishes *wishes, struct error *err)
{
    char text[TEXT_BYTES] = "";
    bool is_flow = topic->role == TOPIC_INPUT || topic->role == TOPIC_OUTPUT;
    rd_kafka_NewTopic_t *new = rd_kafka_NewTopic_new(topic->name, is_flow ? wishes->partition_count : 1, wishes->replica_count,
                                                     text, sizeof text);
    if (new == NULL) {
        error_set(err, ERROR_CONFIG, "topics.create", "%s: %s", topic->name, text);
        return NULL;
    }
    if (topic->role == TOPIC_STATUS)
        rd_kafka_NewTopic_set_config(new, "cleanup.policy", "compact");
    if (topic->role == TOPIC_DEAD_LETTERS)
        rd_kafka_NewTopic_set_config(new, "retention.ms", DEAD_LETTER_RETENTION_MS);
    return new;
}

static const char *remedy_of(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        return " It may be there, hidden: this user needs DESCRIBE on it, and CREATE to make it";
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
        return " Choose another with --replication";
    default:
        return "";
    }
}

/* Somebody else may have made one at the same time: that is as good. */
static bool check_created(rd_kafka_event_t *event, size_t *created, struct error *err)
{
    const rd_kafka_CreateTopics_result_t *result = rd_kafka_event_CreateTopics_result(event);
    if (result == NULL || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_RETRY, "topics.create", "topics could not be created: %s",
                         rd_kafka_event_error_string(event));
    size_t count;
    const rd_kafka_topic_result_t **topics = rd_kafka_CreateTopics_result_topics(result, &count);
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t code = rd_kafka_topic_result_error(topics[i]);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            (*created)++;
        else if (code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            return error_set(err, ERROR_CONFIG, "topics.create", "%s: %s%s", rd_kafka_topic_result_name(topics[i]),
                             rd_kafka_topic_result_error_string(topics[i]), remedy_of(code));
    }
    return true;
}

bool topics_create(struct rd_kafka_s *handle, const struct topics *topics, const struct topic_wishes *wishes, int timeout_ms,
                   size_t *created, struct error *err)
{
    rd_kafka_NewTopic_t **wanted = memory_new(topics->count + 1, sizeof *wanted);
    size_t count = 0;
    bool done = true;
    *created = 0;
    for (size_t i = 0; i < topics->count && done; i++)
        if (!topics->items[i].is_found)
            done = (wanted[count] = new_topic(&topics->items[i], wishes, err)) != NULL && ++count > 0;
    if (done && count > 0) {
        const struct admin_request request = {send_create, RD_KAFKA_ADMIN_OP_CREATETOPICS, wanted, count, false, false};
        rd_kafka_event_t *event = admin_ask(handle, &request, timeout_ms);
        done = event != NULL ? check_created(event, created, err)
                             : error_set(err, ERROR_RETRY, "topics.create", "no broker answers");
        if (event != NULL)
            rd_kafka_event_destroy(event);
    }
    rd_kafka_NewTopic_destroy_array(wanted, count);
    free(wanted);
    return done;
}

bool topics_wait(struct rd_kafka_s *handle, struct topics *topics, int timeout_ms, struct error *err)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    for (;;) {
        bool is_complete = true;
        if (!topics_look(handle, topics, timeout_ms, err))
            return false;
        for (size_t i = 0; i < topics->count; i++)
            is_complete = is_complete && topics->items[i].is_found;
        if (is_complete)
            return true;
        if (clock_left_ms(deadline_ms) == 0)
            return error_set(err, ERROR_RETRY, "topics.create", "topics were created but are not there yet");
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
}

struct view topics_missing(const struct topics *topics, struct arena *arena)
{
    struct view names = {.data = "", .len = 0};
    for (size_t i = 0; i < topics->count; i++) {
        const struct topic *topic = &topics->items[i];
        if (topic->is_found)
            continue;
        names = arena_print(arena, "%.*s%s%s%s%s%s", (int)names.len, names.data, names.len > 0 ? ", " : "", topic->name,
                            topic->problem != NULL ? " (" : "", topic->problem != NULL ? topic->problem : "",
                            topic->problem != NULL ? ")" : "");
    }
    return names;
}
