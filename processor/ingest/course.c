#include "processor/ingest/course.h"

#include "processor/ingest/places.h"
#include "processor/ingest/topic_ids.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdlib.h>

enum { PLACE_MS = 1000, STEP_MS = 100, INTERVAL_MS = 500, ANSWER_MS = 2000 };

struct course {
    const struct consumer_options *options;
    rd_kafka_t *handle;
    struct assignment *assignment;
    struct commits *commits;
    struct topic_ids *ids;
    int64_t drain_ms;
    enum place_policy policy;
    struct error failure;
    int64_t next_ms; /* when it is asked again where partitions begin */
    unsigned turn;
};

struct course *course_new(const struct consumer_options *options, struct rd_kafka_s *handle, struct assignment *assignment,
                          struct commits *commits, int64_t drain_ms)
{
    struct course *course = memory_new(1, sizeof *course);
    *course = (struct course){
        .options = options,
        .handle = handle,
        .assignment = assignment,
        .commits = commits,
        .ids = topic_ids_new(handle),
        .drain_ms = drain_ms,
        .policy = places_policy(options->settings),
    };
    return course;
}

void course_free(struct course *course)
{
    if (course == NULL)
        return;
    topic_ids_free(course->ids);
    free(course);
}

static void tell(struct course *course, enum consumer_change change, size_t amount)
{
    if (course->options->changed != NULL)
        course->options->changed(course->options->events.context, change, amount);
}

/* Asks where the partitions of `list` begin; those of which it is not known yet get an offset below 0. */
static void find(struct course *course, enum place_policy policy, rd_kafka_topic_partition_list_t *list, int timeout_ms)
{
    struct error err = {0};
    if (places_find(course->handle, policy, list, timeout_ms, &err))
        return;
    char quoted[ERROR_TEXT_BYTES];
    log_repeated(course->options->events.log, LOG_LEVEL_INFO, "consumer.place", "partitions=%d text=%s", list->cnt,
                 log_quote(err.text, quoted, sizeof quoted));
    if (err.kind == ERROR_FATAL)
        course->failure = err;
}

static void note(struct course *course, const rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *element = &list->elems[i];
        struct assigned *assigned = assignment_find(course->assignment, element->topic, element->partition);
        if (assigned != NULL && element->err == RD_KAFKA_RESP_ERR_NO_ERROR && element->offset >= 0)
            assignment_place(course->assignment, assigned, element->offset);
    }
}

void course_open(struct course *course, struct rd_kafka_topic_partition_list_s *list)
{
    assignment_add(course->assignment, list);
    if (list->cnt > 0)
        find(course, course->policy, list, PLACE_MS);
    note(course, list);
    /* Those that are not known yet are paused at once; what comes of them until then is not let in. */
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = list->elems[i].offset < 0 ? 0 : list->elems[i].offset;
}

void course_close(struct course *course, const struct rd_kafka_topic_partition_list_s *list, int64_t drain_ms, bool is_lost)
{
    bool drained = is_lost || assignment_drain(course->assignment, list, drain_ms);
    if (!drained)
        log_write(course->options->events.log, LOG_LEVEL_WARN, "consumer.given_up", "partitions=%d drain_ms=%lld", list->cnt,
                  (long long)drain_ms);
    if (course->commits != NULL && !is_lost)
        commits_finish(course->commits, ANSWER_MS);
    assignment_remove(course->assignment, list, course->options->forget);
}

/* One partition after the other, for one of an open transaction keeps back the answer for all that are asked for at once. */
static void place_later(struct course *course)
{
    if (clock_now_ms() < course->next_ms)
        return;
    rd_kafka_topic_partition_list_t *waiting = assignment_list_unplaced(course->assignment);
    int64_t deadline_ms = clock_now_ms() + STEP_MS;
    for (int i = 0; i < waiting->cnt && clock_left_ms(deadline_ms) > 0; i++) {
        const rd_kafka_topic_partition_t *element = &waiting->elems[course->turn++ % (unsigned)waiting->cnt];
        rd_kafka_topic_partition_list_t *one = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(one, element->topic, element->partition);
        find(course, course->policy, one, STEP_MS);
        if (one->elems[0].offset >= 0) {
            rd_kafka_error_destroy(rd_kafka_seek_partitions(course->handle, one, PLACE_MS));
            note(course, one);
        }
        rd_kafka_topic_partition_list_destroy(one);
    }
    rd_kafka_topic_partition_list_destroy(waiting);
    course->next_ms = clock_now_ms() + INTERVAL_MS;
}

/* What is in the log now are other records than those that were read. What is in hand of these is finished first. */
static struct assigned *begin_anew(struct course *course, const struct assigned *old, int64_t offset)
{
    bool is_paused = old->is_paused;
    rd_kafka_topic_partition_list_t *one = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *element = rd_kafka_topic_partition_list_add(one, old->topic, old->partition);
    log_write(course->options->events.log, LOG_LEVEL_ERROR, "consumer.anew", "topic=%s partition=%d read_to=%lld offset=%lld", element->topic,
              element->partition, (long long)old->next, (long long)offset);
    course_close(course, one, course->drain_ms, false);
    assignment_add(course->assignment, one);
    struct assigned *assigned = assignment_find(course->assignment, element->topic, element->partition);
    assigned->is_paused = is_paused;
    assignment_place(course->assignment, assigned, offset);
    /* So that who comes next does not begin at the old position, in the middle of the new records. */
    element->offset = offset;
    rd_kafka_commit(course->handle, one, 1);
    rd_kafka_topic_partition_list_destroy(one);
    tell(course, CONSUMER_ANEW, 1);
    return assigned;
}

/* Topics made anew of which nothing else has told that they are: all they have is to be read. What cannot be done now is tried
 * again after the next answer. */
static void read_again(struct course *course, rd_kafka_topic_partition_list_t *changed)
{
    for (int i = 0; i < changed->cnt; i++)
        changed->elems[i].offset = RD_KAFKA_OFFSET_INVALID;
    places_find_ends(course->handle, PLACE_FIRST, changed, PLACE_MS);
    for (int i = changed->cnt - 1; i >= 0; i--)
        if (changed->elems[i].offset < 0)
            rd_kafka_topic_partition_list_del_by_idx(changed, i);
    if (changed->cnt > 0)
        rd_kafka_error_destroy(rd_kafka_seek_partitions(course->handle, changed, PLACE_MS));
    for (int i = 0; i < changed->cnt; i++) {
        const rd_kafka_topic_partition_t *element = &changed->elems[i];
        struct assigned *assigned = assignment_find(course->assignment, element->topic, element->partition);
        if (assigned != NULL && element->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            begin_anew(course, assigned, element->offset);
    }
}

void course_step(struct course *course, struct error *err)
{
    place_later(course);
    rd_kafka_topic_partition_list_t *changed = topic_ids_step(course->ids, course->assignment);
    if (changed != NULL) {
        read_again(course, changed);
        rd_kafka_topic_partition_list_destroy(changed);
    }
    if (course->failure.kind != ERROR_NONE && err->kind == ERROR_NONE)
        *err = course->failure;
}

/* Markers of transactions and what compaction took leave gaps; retention leaves records out that nobody has read. */
static void note_gap(struct course *course, const struct assigned *assigned)
{
    int64_t low = RD_KAFKA_OFFSET_INVALID, high;
    rd_kafka_get_watermark_offsets(course->handle, assigned->topic, assigned->partition, &low, &high);
    if (low <= assigned->next)
        return;
    log_write(course->options->events.log, LOG_LEVEL_ERROR, "consumer.gone", "topic=%s partition=%d offset=%lld records=%lld", assigned->topic,
              assigned->partition, (long long)assigned->next, (long long)(low - assigned->next));
    tell(course, CONSUMER_GONE, (size_t)(low - assigned->next));
}

struct assigned *course_follow(struct course *course, const struct rd_kafka_message_s *message)
{
    struct assigned *assigned = assignment_find(course->assignment, rd_kafka_topic_name(message->rkt), message->partition);
    if (assigned == NULL || assigned->next < 0)
        return NULL;
    if (message->offset < assigned->next)
        return begin_anew(course, assigned, message->offset);
    if (message->offset > assigned->next)
        note_gap(course, assigned);
    return assigned;
}
