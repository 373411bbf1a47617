#include "processor/ingest/backlog.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdlib.h>
#include <time.h>

enum { ASK_MS = 15000, TRY_MS = 3000, STEP_MS = 200 };

struct backlog {
    struct client client; /* first: rd_kafka_opaque() */
    rd_kafka_t *handle;
    char *topic;
    const char *group; /* the settings' */
    struct backlog_part *parts; /* [count] */
    size_t count;
};

static rd_kafka_t *open_handle(struct backlog *backlog, const struct settings *settings, struct error *err)
{
    const struct client_property defaults[] = {{"queued.max.messages.kbytes", "8192"}, {NULL, NULL}};
    const struct client_property fixed[] = {
        {"group.id", settings->group},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"enable.partition.eof", "true"}, /* the last offsets may be ends of transactions, which are no records */
        {"isolation.level", "read_committed"},
        {"auto.offset.reset", "earliest"},
        {NULL, NULL},
    };
    rd_kafka_conf_t *conf = client_conf(settings, PROPERTY_CONSUMER, defaults, fixed, &backlog->client, err);
    return conf != NULL ? client_open(true, conf, err) : NULL;
}

/* Where to start and to end. A position outside of what is there, as after retention or in a topic made anew, is moved. */
static bool fill_part(struct backlog *backlog, struct backlog_part *part, const rd_kafka_topic_partition_t *committed, struct error *err)
{
    int64_t low, high;
    const struct view note = {committed->metadata, committed->metadata_size};
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(backlog->handle, backlog->topic, committed->partition, &low, &high, ASK_MS);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = committed->err;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_RETRY, "backlog.ask", "%s: %s", backlog->topic, rd_kafka_err2str(code));
    part->partition = committed->partition;
    part->end = high;
    part->had_position = committed->offset >= 0 && committed->offset <= high;
    if (!part->had_position) {
        ledger_init(&part->ledger, low);
    } else if (!ledger_read(&part->ledger, committed->offset, note)) {
        return error_set(err, ERROR_CONFIG, "backlog.note", "the group's position in %s was not written by this command: use another group",
                         backlog->topic);
    }
    ledger_mark(&part->ledger, part->ledger.position, low);
    part->is_read = part->ledger.position >= part->end;
    part->is_known = part->had_position || part->is_read;
    return true;
}

/* The first question to a group may come before its coordinator is ready, and to one that is not allowed none is answered. */
static bool ask_positions(struct backlog *backlog, rd_kafka_topic_partition_list_t *list, struct error *err)
{
    const int64_t deadline_ms = clock_now_ms() + ASK_MS;
    for (;;) {
        rd_kafka_resp_err_t code = rd_kafka_committed(backlog->handle, list, TRY_MS);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            return true;
        if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED || client_is_refused(backlog->handle))
            return client_lacks_right("READ", "group", backlog->group, err);
        if (clock_left_ms(deadline_ms) == 0)
            return error_set(err, ERROR_RETRY, "backlog.ask", "committed positions: %s", rd_kafka_err2str(code));
        nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
    }
}

static bool fill(struct backlog *backlog, rd_kafka_topic_partition_list_t *list, struct error *err)
{
    if (!ask_positions(backlog, list, err))
        return false;
    backlog->parts = memory_new((size_t)list->cnt, sizeof *backlog->parts);
    for (int i = 0; i < list->cnt; i++) {
        backlog->count++;
        if (!fill_part(backlog, &backlog->parts[i], &list->elems[i], err))
            return false;
        list->elems[i].offset = backlog->parts[i].ledger.position;
    }
    rd_kafka_resp_err_t code = rd_kafka_assign(backlog->handle, list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           error_set(err, ERROR_RETRY, "backlog.assign", "cannot read %s: %s", backlog->topic, rd_kafka_err2str(code));
}

struct backlog *backlog_open(const struct settings *settings, const char *topic, const struct client_events *events, struct error *err)
{
    struct backlog *backlog = memory_new(1, sizeof *backlog);
    backlog->client = (struct client){.events = *events, .name = "backlog"};
    backlog->topic = memory_copy(topic);
    backlog->group = settings->group;
    backlog->handle = open_handle(backlog, settings, err);
    if (backlog->handle != NULL) {
        rd_kafka_poll_set_consumer(backlog->handle);
        rd_kafka_topic_partition_list_t *list = client_partitions(backlog->handle, topic, ASK_MS, err);
        bool done = list != NULL && fill(backlog, list, err);
        if (list != NULL)
            rd_kafka_topic_partition_list_destroy(list);
        if (done)
            return backlog;
    }
    backlog_close(backlog);
    return NULL;
}

void backlog_close(struct backlog *backlog)
{
    if (backlog == NULL)
        return;
    if (backlog->handle != NULL)
        rd_kafka_destroy_flags(backlog->handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    for (size_t i = 0; i < backlog->count; i++)
        ledger_done(&backlog->parts[i].ledger);
    free(backlog->parts);
    free(backlog->topic);
    free(backlog);
}

struct backlog_part *backlog_parts(struct backlog *backlog, size_t *count)
{
    *count = backlog->count;
    return backlog->parts;
}

bool backlog_is_read(const struct backlog *backlog)
{
    for (size_t i = 0; i < backlog->count; i++)
        if (!backlog->parts[i].is_read)
            return false;
    return true;
}

static struct backlog_part *find(struct backlog *backlog, int32_t partition)
{
    for (size_t i = 0; i < backlog->count; i++)
        if (backlog->parts[i].partition == partition)
            return &backlog->parts[i];
    return NULL;
}

/* Whether the message is a record to hand out. */
static bool admit(struct backlog *backlog, const rd_kafka_message_t *message, struct backlog_part **part, struct error *err)
{
    char text[256];
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(backlog->handle, text, sizeof text);
    if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_FATAL, "backlog.fatal", "%s: %s", rd_kafka_err2name(fatal), text);
    bool has_place = message->err == RD_KAFKA_RESP_ERR_NO_ERROR || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    *part = has_place ? find(backlog, message->partition) : NULL;
    if (*part == NULL)
        return false;
    if (message->offset >= (*part)->end)
        (*part)->is_read = true;
    return message->err == RD_KAFKA_RESP_ERR_NO_ERROR && message->offset < (*part)->end;
}

bool backlog_next(struct backlog *backlog, int timeout_ms, struct followed *out, struct backlog_part **part, struct error *err)
{
    rd_kafka_message_t *message = backlog_is_read(backlog) ? NULL : rd_kafka_consumer_poll(backlog->handle, timeout_ms);
    client_look_after(backlog->handle);
    if (message == NULL)
        return false;
    if (!admit(backlog, message, part, err)) {
        rd_kafka_message_destroy(message);
        return false;
    }
    (*part)->is_read = message->offset + 1 >= (*part)->end;
    *out = followed_of(message);
    return true;
}

void backlog_let_go(struct followed *followed)
{
    if (followed->message != NULL)
        rd_kafka_message_destroy(followed->message);
    followed->message = NULL;
}

bool backlog_position(struct backlog *backlog, struct backlog_part *part, struct position *position)
{
    *position = (struct position){backlog->topic, part->partition, part->ledger.position, part->note};
    return ledger_write(&part->ledger, part->note);
}

/* What the answer to a commit says. */
static rd_kafka_resp_err_t read_answer(rd_kafka_event_t *event)
{
    const rd_kafka_topic_partition_list_t *list = rd_kafka_event_topic_partition_list(event);
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    for (int i = 0; list != NULL && i < list->cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; i++)
        code = list->elems[i].err;
    return code;
}

bool backlog_commit(struct backlog *backlog, const struct position *positions, size_t count, int timeout_ms, struct error *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    client_add_positions(list, positions, count);
    rd_kafka_queue_t *answers = rd_kafka_queue_new(backlog->handle);
    rd_kafka_resp_err_t code = rd_kafka_commit_queue(backlog->handle, list, answers, NULL, NULL);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_event_t *event = rd_kafka_queue_poll(answers, timeout_ms);
        code = event != NULL ? read_answer(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
        if (event != NULL)
            rd_kafka_event_destroy(event);
    }
    rd_kafka_queue_destroy(answers);
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           error_set(err, ERROR_RETRY, "backlog.commit", "the position in %s was not committed: %s", backlog->topic, rd_kafka_err2str(code));
}

struct rd_kafka_consumer_group_metadata_s *backlog_group(struct backlog *backlog)
{
    return rd_kafka_consumer_group_metadata(backlog->handle);
}
