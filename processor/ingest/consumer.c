#include "processor/ingest/consumer.h"

#include "processor/ingest/commits.h"
#include "processor/ingest/course.h"
#include "processor/ingest/standing.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/fault.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long the poll thread waits for room before it pauses partitions: a pause throws prefetched records away. */
enum { ROOM_WAIT_MS = 200, BALANCE_RECORDS = 32, CLOSE_MS = 5000, CLOSE_STEP_MS = 20, MEMBER_BYTES = 256 };

struct consumer {
    struct client client; /* first: rd_kafka_opaque() */
    struct consumer_options options;
    const struct settings *settings;
    struct offsets *offsets;
    struct assignment *assignment;
    struct commits *commits; /* NULL where transactions commit */
    struct course *course;
    rd_kafka_t *handle;
    bool is_leaving;
    bool is_expelled; /* see look_at_member() */
    atomic_bool is_undone; /* see consumer_undo() */
    pthread_mutex_t member_lock;
    char member[MEMBER_BYTES]; /* protected by member_lock: what the group called it when its first partitions came */
    int64_t drain_ms; /* budget of a revocation */
    unsigned polls;
    _Atomic int64_t outside_ms; /* since when it has no place in the group (ingest/standing); 0: it has one */
    _Atomic int64_t asked_ms;   /* since when consumer_committed() has had no answer; 0: it had one, or was not asked */
};

void incoming_done(struct incoming *incoming)
{
    if (incoming->message != NULL)
        rd_kafka_message_destroy(incoming->message);
    incoming->message = NULL;
}

struct rd_kafka_headers_s *incoming_headers(const struct incoming *incoming)
{
    rd_kafka_headers_t *headers = NULL;
    return rd_kafka_message_headers(incoming->message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR ? headers : NULL;
}

static void tell(struct consumer *consumer, enum consumer_change change, size_t amount)
{
    if (consumer->options.changed != NULL && amount > 0)
        consumer->options.changed(consumer->client.events.context, change, amount);
}

/* A member with an instance that was put out of its group, and hears so when it joins, keeps its partitions (librdkafka 2.15.1,
 * rd_kafka_cgrp_handle_JoinGroup(): UNKNOWN_MEMBER_ID), and reads on where it was, though they were another's meanwhile. It shows in the name
 * that the group has for it: what was in hand before counts no more. */
static void look_at_member(struct consumer *consumer)
{
    size_t kept;
    client_at(&consumer->options.events, "member");
    assignment_all(consumer->assignment, &kept);
    char *member = rd_kafka_memberid(consumer->handle);
    pthread_mutex_lock(&consumer->member_lock);
    if (kept == 0) {
        snprintf(consumer->member, sizeof consumer->member, "%s", member != NULL ? member : "");
    } else {
        if (fault_reach("member", (struct view){0})) /* a mock broker's groups know no instances */
            *consumer->member = '\0';
        consumer->is_expelled |= member == NULL || strcmp(member, consumer->member) != 0;
    }
    pthread_mutex_unlock(&consumer->member_lock);
    if (member != NULL)
        rd_kafka_mem_free(consumer->handle, member);
}

void consumer_undo(struct consumer *consumer)
{
    atomic_store(&consumer->is_undone, true);
}

bool consumer_is_member(struct consumer *consumer, const struct rd_kafka_consumer_group_metadata_s *group)
{
    const char *member = rd_kafka_consumer_group_metadata_member_id(group);
    pthread_mutex_lock(&consumer->member_lock);
    bool is_same = member != NULL && strcmp(member, consumer->member) == 0 && !atomic_load(&consumer->is_undone);
    pthread_mutex_unlock(&consumer->member_lock);
    return is_same;
}

static void take_over(struct consumer *consumer, rd_kafka_topic_partition_list_t *list, bool is_cooperative)
{
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (consumer->is_leaving) { /* nobody reads them any more, and an open lane would be left behind */
        rd_kafka_assign(consumer->handle, NULL);
        return;
    }
    look_at_member(consumer);
    client_at(&consumer->options.events, "assign");
    course_open(consumer->course, list);
    /* librdkafka keeps a partition paused that was so when it went away, for as long as the handle lives. */
    rd_kafka_resume_partitions(consumer->handle, list);
    if (is_cooperative) {
        rd_kafka_error_t *error = rd_kafka_incremental_assign(consumer->handle, list);
        code = error != NULL ? rd_kafka_error_code(error) : code;
        rd_kafka_error_destroy(error);
    } else {
        code = rd_kafka_assign(consumer->handle, list);
    }
    assignment_balance(consumer->assignment, consumer->handle, true);
    log_write(consumer->client.events.log, code == 0 ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "consumer.assigned", "partitions=%d result=%s",
              list->cnt, rd_kafka_err2name(code));
    tell(consumer, CONSUMER_ASSIGNED, (size_t)list->cnt);
}

static void let_go(struct consumer *consumer, rd_kafka_topic_partition_list_t *list, bool is_cooperative)
{
    bool is_lost = rd_kafka_assignment_lost(consumer->handle) != 0;
    if (!is_lost && !consumer->is_leaving)
        look_at_member(consumer);
    is_lost |= consumer->is_expelled;
    course_close(consumer->course, list, consumer->is_leaving ? 0 : consumer->drain_ms, is_lost);
    fault_reach("in-rebalance", (struct view){0});
    client_at(&consumer->options.events, "unassign");
    if (is_cooperative)
        rd_kafka_error_destroy(rd_kafka_incremental_unassign(consumer->handle, list));
    else
        rd_kafka_assign(consumer->handle, NULL);
    log_write(consumer->client.events.log, is_lost ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "consumer.revoked", "partitions=%d lost=%d",
              list->cnt, is_lost);
    tell(consumer, is_lost ? CONSUMER_LOST : CONSUMER_REVOKED, (size_t)list->cnt);
}

static void on_rebalance(rd_kafka_t *handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct consumer *consumer = opaque;
    const char *protocol = rd_kafka_rebalance_protocol(handle);
    bool is_cooperative = protocol != NULL && strcmp(protocol, "COOPERATIVE") == 0;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        take_over(consumer, list, is_cooperative);
    } else if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        let_go(consumer, list, is_cooperative);
    } else {
        log_write(consumer->client.events.log, LOG_LEVEL_ERROR, "consumer.rebalance", "code=%s", rd_kafka_err2name(code));
        rd_kafka_topic_partition_list_t *all = assignment_list(consumer->assignment);
        course_close(consumer->course, all, 0, true);
        rd_kafka_topic_partition_list_destroy(all);
        rd_kafka_assign(handle, NULL);
    }
}

static int on_statistics(rd_kafka_t *handle, char *json, size_t len, void *opaque)
{
    struct consumer *consumer = opaque;
    (void)handle;
    if (!standing_is_outside(json, len))
        atomic_store(&consumer->outside_ms, 0);
    else if (atomic_load(&consumer->outside_ms) == 0)
        atomic_store(&consumer->outside_ms, clock_now_ms());
    return 0; /* librdkafka frees it */
}

static rd_kafka_conf_t *make_conf(struct consumer *consumer, struct error *err)
{
    const struct settings *settings = consumer->settings;
    const char *protocol = settings_property(settings, PROPERTY_CONSUMER, "group.protocol");
    bool is_next = protocol != NULL && strcmp(protocol, "consumer") == 0; /* KIP-848: the broker assigns */
    const struct client_property defaults[] = {
        {"queued.min.messages", "1000"},
        {"queued.max.messages.kbytes", "16384"},
        /* What is asked of a coordinator that is away for good waits until some connection comes or goes (as in emit/producer). */
        {"connections.max.idle.ms", "10000"},
        /* Last, so that it can be left out. */
        {is_next ? NULL : "partition.assignment.strategy", "cooperative-sticky"},
        {NULL, NULL},
    };
    const struct client_property fixed[] = {
        {"group.id", settings->group},
        {"enable.auto.offset.store", "false"},
        {"enable.auto.commit", "false"},
        {"enable.partition.eof", "true"},
        {"statistics.interval.ms", "5000"}, /* for on_statistics() alone */
        /* What is meant for partitions of which nothing is committed is done by ingest/places. This is for logs that lost
         * records which were not read yet: what is still there has to be. */
        {"auto.offset.reset", "earliest"},
        {settings->has_instance ? "group.instance.id" : NULL, settings->instance},
        {NULL, NULL},
    };
    rd_kafka_conf_t *conf = client_conf(settings, PROPERTY_CONSUMER, defaults, fixed, &consumer->client, err);
    if (conf == NULL)
        return NULL;
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_stats_cb(conf, on_statistics);
    return conf;
}

static bool subscribe(struct consumer *consumer, struct error *err)
{
    const struct settings_list *input = &consumer->settings->input;
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new((int)input->count);
    for (size_t i = 0; i < input->count; i++)
        rd_kafka_topic_partition_list_add(topics, input->items[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(consumer->handle, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_CONFIG, "kafka.subscribe", "cannot subscribe: %s", rd_kafka_err2str(code));
    return true;
}

struct consumer *consumer_open(const struct consumer_options *options, struct error *err)
{
    struct consumer *consumer = memory_new(1, sizeof *consumer);
    *consumer = (struct consumer){
        .options = *options,
        .client = {.events = options->events, .name = "consumer"},
        .settings = options->settings,
        .offsets = options->offsets,
        .assignment = assignment_new(options->offsets),
    };
    pthread_mutex_init(&consumer->member_lock, NULL);
    rd_kafka_conf_t *conf = make_conf(consumer, err);
    if (conf != NULL)
        consumer->handle = client_open(true, conf, err);
    if (consumer->handle == NULL)
        goto failed;
    rd_kafka_poll_set_consumer(consumer->handle);
    if (options->commits_itself)
        consumer->commits = commits_new(consumer->handle, consumer->assignment, options->events.log);
    consumer->drain_ms = client_number(consumer->handle, "max.poll.interval.ms") / 5;
    consumer->course = course_new(&consumer->options, consumer->handle, consumer->assignment, consumer->commits, consumer->drain_ms, err);
    if (consumer->course != NULL && subscribe(consumer, err))
        return consumer;
failed:
    consumer_close(consumer, CLOSE_MS);
    return NULL;
}

/* Behind the last record there may be markers of transactions, which are never handed out. */
static void note_end(struct consumer *consumer, const rd_kafka_message_t *message)
{
    struct assigned *assigned = course_follow(consumer->course, message);
    if (assigned == NULL)
        return;
    assigned->next = message->offset;
    offsets_reach(assigned->lane, message->offset);
}

/* False with err untouched: an event that heals by itself. */
static bool check_event(struct consumer *consumer, const rd_kafka_message_t *message, struct error *err)
{
    char text[512] = "";
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(consumer->handle, text, sizeof text);
    /* KIP-848: the group keeps the name of a member that died until its session has run out. */
    if (fatal == RD_KAFKA_RESP_ERR_UNRELEASED_INSTANCE_ID)
        return error_set(err, ERROR_RETRY, "consumer.unreleased", "%s", text);
    if (fatal == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
        return error_set(err, ERROR_RETRY, CONSUMER_FENCED, "somebody else joined the group as `%s`: %s", consumer->settings->instance, text);
    if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_FATAL, "consumer.fatal", "%s: %s", rd_kafka_err2name(fatal), text);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        note_end(consumer, message);
    } else {
        char quoted[600];
        log_repeated(consumer->client.events.log, LOG_LEVEL_WARN, "consumer.error", "code=%s text=%s",
                     rd_kafka_err2name(message->err), log_quote(rd_kafka_message_errstr(message), quoted, sizeof quoted));
    }
    return false;
}

static struct view find_header(rd_kafka_message_t *message, const char *name)
{
    rd_kafka_headers_t *headers;
    const void *value;
    size_t size;
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR || value == NULL)
        return (struct view){0};
    return (struct view){.data = value, .len = size};
}

static void fill(struct incoming *incoming, rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    *incoming = (struct incoming){
        .message = message,
        .key = {.data = message->key, .len = message->key_len},
        .value = {.data = message->payload, .len = message->len},
        .content_type = find_header(message, "content-type"),
        .traceparent = find_header(message, "traceparent"),
        .topic = rd_kafka_topic_name(message->rkt),
        .partition = message->partition,
        .offset = message->offset,
        .timestamp_ms = rd_kafka_message_timestamp(message, &type),
    };
}

static bool admit(struct consumer *consumer, rd_kafka_message_t *message, struct incoming *incoming)
{
    struct assigned *assigned = course_follow(consumer->course, message);
    if (assigned == NULL)
        return false;
    assigned->next = message->offset + 1;
    fill(incoming, message);
    offsets_begin(assigned->lane, &incoming->tracked, message->offset, sizeof *incoming + message->len + message->key_len);
    return true;
}

/* What a client does that has stopped fetching and does not know it. */
static void stop_fetching(struct consumer *consumer)
{
    rd_kafka_topic_partition_list_t *all = assignment_list(consumer->assignment);
    rd_kafka_pause_partitions(consumer->handle, all);
    rd_kafka_topic_partition_list_destroy(all);
}

/* Makes room, or pauses; then the time to wait for a record. */
static int prepare(struct consumer *consumer, int timeout_ms)
{
    bool has_room = offsets_wait_room(consumer->offsets, ROOM_WAIT_MS);
    if (!has_room || consumer->polls++ % BALANCE_RECORDS == 0)
        tell(consumer, CONSUMER_PAUSED, assignment_balance(consumer->assignment, consumer->handle, has_room));
    if (consumer->commits != NULL)
        commits_step(consumer->commits, consumer->settings->commit_interval_ms);
    return has_room ? timeout_ms : 0;
}

bool consumer_poll(struct consumer *consumer, int timeout_ms, struct incoming *incoming, struct error *err)
{
    if (atomic_load(&consumer->is_undone)) {
        consumer->is_expelled = true;
        return error_set(err, ERROR_RETRY, CONSUMER_UNDONE, "a transaction that was said to be done was lost by its brokers: it is ended, as aborted, and done again");
    }
    if (consumer->is_expelled)
        return error_set(err, ERROR_RETRY, CONSUMER_EXPELLED, "the group had put this member out and gave its partitions to others meanwhile");
    client_at(&consumer->options.events, "prepare");
    int wait_ms = prepare(consumer, timeout_ms);
    course_step(consumer->course, err);
    client_at(&consumer->options.events, "poll");
    rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer->handle, wait_ms);
    client_look_after(consumer->handle);
    if (message == NULL) {
        consumer->polls = 0; /* idle: look at the balance each time */
        return false;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        check_event(consumer, message, err);
    } else if (admit(consumer, message, incoming)) {
        if (fault_reach("fetch", incoming->key))
            stop_fetching(consumer);
        return true;
    }
    rd_kafka_message_destroy(message);
    return false;
}

/* Leaves the group without rd_kafka_consumer_close(), which waits for the broker as long as it takes. Records that were
 * fetched already come along with the events (rd_kafka_queue_poll_callback() would trip over them); nobody wants them. */
static void close_with_deadline(struct consumer *consumer, int64_t timeout_ms)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    rd_kafka_queue_t *queue = rd_kafka_queue_new(consumer->handle);
    rd_kafka_error_t *error = rd_kafka_consumer_close_queue(consumer->handle, queue);
    while (error == NULL && !rd_kafka_consumer_closed(consumer->handle) && clock_left_ms(deadline_ms) > 0) {
        client_at(&consumer->options.events, "close");
        rd_kafka_message_t *message = rd_kafka_consume_queue(queue, CLOSE_STEP_MS);
        if (message != NULL)
            rd_kafka_message_destroy(message);
    }
    rd_kafka_error_destroy(error);
    rd_kafka_queue_destroy(queue);
}

bool consumer_leave(struct consumer *consumer)
{
    rd_kafka_topic_partition_list_t *all = assignment_list(consumer->assignment);
    client_at(&consumer->options.events, "pause");
    rd_kafka_pause_partitions(consumer->handle, all);
    int64_t stop_ms = atomic_load(consumer->options.stop_ms);
    consumer->is_leaving = true;
    bool drained = course_close(consumer->course, all, stop_ms != INT64_MAX ? clock_left_ms(stop_ms) : 0, consumer->is_expelled);
    rd_kafka_topic_partition_list_destroy(all);
    fault_reach("in-close", (struct view){0});
    int64_t left_ms = clock_left_ms(atomic_load(consumer->options.leave_ms));
    close_with_deadline(consumer, left_ms < CLOSE_MS ? left_ms : CLOSE_MS);
    return drained;
}

void consumer_close(struct consumer *consumer, int64_t timeout_ms)
{
    if (consumer == NULL)
        return;
    client_at(&consumer->options.events, "destroy");
    course_free(consumer->course);
    commits_free(consumer->commits);
    assignment_free(consumer->assignment);
    pthread_mutex_destroy(&consumer->member_lock);
    client_close(consumer->handle, &consumer->client, timeout_ms);
}

size_t consumer_lags(struct consumer *consumer, struct lag *lags, size_t most)
{
    return assignment_lags(consumer->assignment, consumer->handle, lags, most);
}

void consumer_wake(struct consumer *consumer)
{
    client_give_brokers(consumer->handle);
}

int64_t consumer_outside_ms(const struct consumer *consumer)
{
    int64_t since_ms = atomic_load(&consumer->outside_ms);
    return since_ms > 0 ? clock_now_ms() - since_ms : 0;
}

int64_t consumer_unknown_ms(const struct consumer *consumer)
{
    int64_t since_ms = atomic_load(&consumer->asked_ms), waits_ms = course_waits_ms(consumer->course);
    int64_t asked_ms = since_ms > 0 ? clock_now_ms() - since_ms : 0;
    return asked_ms > waits_ms ? asked_ms : waits_ms;
}

size_t consumer_anew(const struct consumer *consumer)
{
    return course_anew(consumer->course);
}

struct rd_kafka_consumer_group_metadata_s *consumer_group(struct consumer *consumer)
{
    return rd_kafka_consumer_group_metadata(consumer->handle);
}

void consumer_group_free(struct rd_kafka_consumer_group_metadata_s *group)
{
    if (group != NULL)
        rd_kafka_consumer_group_metadata_destroy(group);
}

bool consumer_committed(struct consumer *consumer, const struct position *positions, size_t count, int timeout_ms, int64_t *offsets,
                        struct error *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, positions[i].topic, positions[i].partition);
    rd_kafka_resp_err_t code = rd_kafka_committed(consumer->handle, list, timeout_ms);
    for (size_t i = 0; i < count && code == RD_KAFKA_RESP_ERR_NO_ERROR; i++) {
        const rd_kafka_topic_partition_t *found = rd_kafka_topic_partition_list_find(list, positions[i].topic, positions[i].partition);
        code = found->err;
        offsets[i] = found->offset >= 0 ? found->offset : -1;
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        atomic_store(&consumer->asked_ms, 0);
    else if (atomic_load(&consumer->asked_ms) == 0)
        atomic_store(&consumer->asked_ms, clock_now_ms());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_RETRY, "consumer.committed", "committed offsets: %s", rd_kafka_err2str(code));
    return true;
}
