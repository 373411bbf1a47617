#include "processor/ingest/commits.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdlib.h>

enum { STEP_MS = 20, CONFIRM_MS = 20000 };

struct commits {
    rd_kafka_t *handle;
    struct assignment *assignment;
    struct log *log;
    rd_kafka_queue_t *answers;
    bool is_out;     /* a request is, whose answer has not come */
    int64_t next_ms; /* moment of the next one */
};

struct commits *commits_new(struct rd_kafka_s *handle, struct assignment *assignment, struct log *log)
{
    struct commits *commits = memory_new(1, sizeof *commits);
    *commits = (struct commits){.handle = handle, .assignment = assignment, .log = log};
    commits->answers = rd_kafka_queue_new(handle);
    return commits;
}

void commits_free(struct commits *commits)
{
    if (commits == NULL)
        return;
    rd_kafka_queue_destroy(commits->answers);
    free(commits);
}

/* What was refused counts as not sent, so that the next request has it again. */
static void on_answer(rd_kafka_t *handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct commits *commits = opaque;
    (void)handle;
    commits->is_out = false;
    for (int i = 0; list != NULL && i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *element = &list->elems[i];
        rd_kafka_resp_err_t own = code != RD_KAFKA_RESP_ERR_NO_ERROR ? code : element->err;
        struct assigned *assigned = assignment_find(commits->assignment, element->topic, element->partition);
        if (own == RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        log_repeated(commits->log, LOG_LEVEL_WARN, "consumer.commit", "code=%s", rd_kafka_err2name(own));
        if (assigned != NULL)
            assigned->sent = -1;
    }
}

static void send_moved(struct commits *commits)
{
    size_t count;
    int64_t now_ms = clock_now_ms();
    struct assigned *items = assignment_all(commits->assignment, &count);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count + 1);
    for (size_t i = 0; i < count; i++) {
        int64_t position = offsets_position(items[i].lane);
        bool has_moved = position > items[i].sent;
        bool is_to_confirm = items[i].confirm_ms > 0 && now_ms >= items[i].confirm_ms;
        if (!has_moved && !is_to_confirm)
            continue;
        rd_kafka_topic_partition_list_add(list, items[i].topic, items[i].partition)->offset = position;
        items[i].sent = position;
        items[i].confirm_ms = has_moved ? now_ms + CONFIRM_MS : 0;
    }
    if (list->cnt > 0) {
        commits->is_out = true;
        rd_kafka_resp_err_t code = rd_kafka_commit_queue(commits->handle, list, commits->answers, on_answer, commits);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            on_answer(commits->handle, code, list, commits);
    }
    rd_kafka_topic_partition_list_destroy(list);
}

void commits_step(struct commits *commits, int64_t interval_ms)
{
    if (commits->is_out) /* called for every record: the queue's lock is taken only when an answer can be there */
        rd_kafka_queue_poll_callback(commits->answers, 0);
    if (commits->is_out || clock_now_ms() < commits->next_ms)
        return;
    send_moved(commits);
    commits->next_ms = clock_now_ms() + interval_ms;
}

void commits_finish(struct commits *commits, int64_t timeout_ms)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    while (commits->is_out && clock_left_ms(deadline_ms) > 0)
        rd_kafka_queue_poll_callback(commits->answers, STEP_MS);
    send_moved(commits);
}
