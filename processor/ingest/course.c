#include "processor/ingest/course.h"

#include "processor/ingest/places.h"
#include "processor/ingest/topic_ids.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdlib.h>

enum { PLACE_MS = 1000, INTERVAL_MS = 500, ANSWER_MS = 2000, STEP_MS = 100 };

struct course {
    const struct consumer_options *options;
    rd_kafka_t *handle;
    struct assignment *assignment;
    struct commits *commits;
    struct topic_ids *ids;
    struct places *places;
    int64_t drain_ms;
    struct error failure;
    int64_t next_ms; /* when it is asked again where partitions begin */
    _Atomic size_t anew; /* partitions whose log turned out to be another */
    _Atomic int64_t waits_ms; /* since when there have been partitions of which that is not known; 0: there is none */
};

struct course *course_new(const struct consumer_options *options, struct rd_kafka_s *handle, struct assignment *assignment,
                          struct commits *commits, int64_t drain_ms, struct error *err)
{
    struct places *places = places_new(handle, options->settings, err);
    if (places == NULL)
        return NULL;
    struct course *course = memory_new(1, sizeof *course);
    *course = (struct course){
        .options = options,
        .handle = handle,
        .assignment = assignment,
        .commits = commits,
        .ids = topic_ids_new(handle),
        .places = places,
        .drain_ms = drain_ms,
    };
    return course;
}

void course_free(struct course *course)
{
    if (course == NULL)
        return;
    topic_ids_free(course->ids);
    places_free(course->places);
    free(course);
}

static void tell(struct course *course, enum consumer_change change, size_t amount)
{
    if (course->options->changed != NULL)
        course->options->changed(course->options->events.context, change, amount);
}

/* What has come within `timeout_ms` of where partitions begin, or NULL. */
static rd_kafka_topic_partition_list_t *take(struct course *course, int timeout_ms)
{
    struct error err = {0};
    rd_kafka_topic_partition_list_t *found = places_take(course->places, timeout_ms, &err);
    char quoted[ERROR_TEXT_BYTES];
    if (err.kind == ERROR_RETRY)
        log_repeated(course->options->events.log, LOG_LEVEL_WARN, "consumer.place", "text=%s", log_quote(err.text, quoted, sizeof quoted));
    if (err.kind == ERROR_FATAL)
        course->failure = err;
    return found;
}

static void note_wait(struct course *course, bool waits)
{
    if (!waits)
        atomic_store(&course->waits_ms, 0);
    else if (atomic_load(&course->waits_ms) == 0)
        atomic_store(&course->waits_ms, clock_now_ms());
}

void course_open(struct course *course, struct rd_kafka_topic_partition_list_s *list)
{
    const int64_t deadline_ms = clock_now_ms() + PLACE_MS;
    assignment_add(course->assignment, list);
    places_forget(course->places);
    if (list->cnt > 0)
        places_ask(course->places, list);
    while (places_is_asking(course->places) && clock_left_ms(deadline_ms) > 0) {
        rd_kafka_topic_partition_list_t *found = take(course, (int)clock_left_ms(deadline_ms));
        for (int i = 0; found != NULL && i < found->cnt; i++) {
            const rd_kafka_topic_partition_t *element = &found->elems[i];
            struct assigned *assigned = assignment_find(course->assignment, element->topic, element->partition);
            rd_kafka_topic_partition_list_set_offset(list, element->topic, element->partition, element->offset);
            if (assigned != NULL)
                assignment_place(course->assignment, assigned, element->offset);
        }
        if (found != NULL)
            rd_kafka_topic_partition_list_destroy(found);
    }
    /* Those that are not known yet are paused at once; what comes of them until then is not let in. */
    for (int i = 0; i < list->cnt; i++) {
        if (list->elems[i].offset >= 0)
            continue;
        list->elems[i].offset = 0;
        note_wait(course, true);
    }
}

/* In steps, for the moment to stop may come meanwhile. */
static bool drain(struct course *course, const struct rd_kafka_topic_partition_list_s *list, int64_t drain_ms)
{
    const int64_t deadline_ms = clock_now_ms() + drain_ms;
    int64_t left_ms;
    bool drained;
    do {
        int64_t stop_ms = atomic_load(course->options->stop_ms);
        left_ms = clock_left_ms(stop_ms < deadline_ms ? stop_ms : deadline_ms);
        drained = assignment_drain(course->assignment, list, left_ms < STEP_MS ? left_ms : STEP_MS);
    } while (!drained && left_ms > 0);
    return drained;
}

bool course_close(struct course *course, const struct rd_kafka_topic_partition_list_s *list, int64_t drain_ms, bool is_lost)
{
    client_at(&course->options->events, "drain");
    bool drained = is_lost || drain(course, list, drain_ms);
    if (!drained)
        log_write(course->options->events.log, LOG_LEVEL_WARN, "consumer.given_up", "partitions=%d drain_ms=%lld", list->cnt,
                  (long long)drain_ms);
    client_at(&course->options->events, "commit");
    /* Half of the time there is to leave, for a coordinator that does not answer this does not answer what comes then either. */
    int64_t left_ms = clock_left_ms(atomic_load(course->options->leave_ms)) / 2;
    if (course->commits != NULL && !is_lost)
        commits_finish(course->commits, left_ms < ANSWER_MS ? left_ms : ANSWER_MS);
    assignment_remove(course->assignment, list, course->options->forget);
    places_forget(course->places);
    return drained;
}

/* What is in the log now are other records than those that were read. What is in hand of these is finished first. */
static struct assigned *begin_anew(struct course *course, const struct assigned *old, int64_t offset)
{
    bool is_paused = old->is_paused;
    rd_kafka_topic_partition_list_t *one = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *element = rd_kafka_topic_partition_list_add(one, old->topic, old->partition);
    log_write(course->options->events.log, LOG_LEVEL_ERROR, "consumer.anew", "topic=%s partition=%d read_to=%lld offset=%lld", element->topic,
              element->partition, (long long)old->next, (long long)offset);
    atomic_fetch_add(&course->anew, 1); /* before what is in hand is waited for: a commit of that may wait for this (landed.h) */
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

/* Has those of `found` read from where they begin: partitions that waited for that, and those of topics made anew, of which
 * nothing else has told that they are. What fails is asked for again. */
static void go_to(struct course *course, rd_kafka_topic_partition_list_t *found)
{
    rd_kafka_error_destroy(rd_kafka_seek_partitions(course->handle, found, PLACE_MS));
    for (int i = 0; i < found->cnt; i++) {
        const rd_kafka_topic_partition_t *element = &found->elems[i];
        struct assigned *assigned = assignment_find(course->assignment, element->topic, element->partition);
        if (assigned == NULL || element->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        if (assigned->begun < 0)
            assignment_place(course->assignment, assigned, element->offset);
        else
            begin_anew(course, assigned, element->offset);
    }
}

void course_step(struct course *course, struct error *err)
{
    rd_kafka_topic_partition_list_t *changed = topic_ids_step(course->ids, course->assignment);
    if (changed != NULL) {
        places_ask_beginning(course->places, changed);
        rd_kafka_topic_partition_list_destroy(changed);
    }
    if (!places_is_asking(course->places) && clock_now_ms() >= course->next_ms) {
        rd_kafka_topic_partition_list_t *waiting = assignment_list_unplaced(course->assignment);
        if (waiting->cnt > 0) {
            log_repeated(course->options->events.log, LOG_LEVEL_INFO, "consumer.waits", "partitions=%d for=offsets", waiting->cnt);
            places_ask(course->places, waiting);
        }
        note_wait(course, waiting->cnt > 0);
        rd_kafka_topic_partition_list_destroy(waiting);
        course->next_ms = clock_now_ms() + INTERVAL_MS;
    }
    rd_kafka_topic_partition_list_t *found = places_is_asking(course->places) ? take(course, 0) : NULL;
    if (found != NULL) {
        go_to(course, found);
        rd_kafka_topic_partition_list_destroy(found);
    }
    if (course->failure.kind != ERROR_NONE && err->kind == ERROR_NONE)
        *err = course->failure;
}

size_t course_anew(const struct course *course)
{
    return atomic_load(&course->anew);
}

int64_t course_waits_ms(const struct course *course)
{
    int64_t since_ms = atomic_load(&course->waits_ms);
    return since_ms > 0 ? clock_now_ms() - since_ms : 0;
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
