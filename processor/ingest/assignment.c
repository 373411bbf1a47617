#include "processor/ingest/assignment.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct assignment {
    struct offsets *offsets;
    bool is_full; /* poll thread only: everything is paused */
    pthread_mutex_t lock;

    /* Protected by lock; written by the poll thread only, which therefore reads without it. */
    struct assigned *items; /* [count], sorted by topic and partition */
    size_t count, capacity;
};

static int compare(const struct assigned *a, const char *topic, int32_t partition)
{
    int order = strcmp(a->topic, topic);
    return order != 0 ? order : (a->partition > partition) - (a->partition < partition);
}

/* Index of the first item that is not before it. */
static size_t lower_bound(const struct assignment *assignment, const char *topic, int32_t partition)
{
    size_t low = 0, high = assignment->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&assignment->items[middle], topic, partition) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct assignment *assignment_new(struct offsets *offsets)
{
    struct assignment *assignment = memory_new(1, sizeof *assignment);
    assignment->offsets = offsets;
    pthread_mutex_init(&assignment->lock, NULL);
    return assignment;
}

void assignment_free(struct assignment *assignment)
{
    if (assignment == NULL)
        return;
    free(assignment->items);
    pthread_mutex_destroy(&assignment->lock);
    free(assignment);
}

struct assigned *assignment_find(struct assignment *assignment, const char *topic, int32_t partition)
{
    size_t at = lower_bound(assignment, topic, partition);
    if (at == assignment->count || compare(&assignment->items[at], topic, partition) != 0)
        return NULL;
    return &assignment->items[at];
}

struct assigned *assignment_all(struct assignment *assignment, size_t *count)
{
    *count = assignment->count;
    return assignment->items;
}

void assignment_add(struct assignment *assignment, const struct rd_kafka_topic_partition_list_s *list)
{
    pthread_mutex_lock(&assignment->lock);
    for (int i = 0; i < list->cnt; i++) {
        const char *topic = list->elems[i].topic;
        int32_t partition = list->elems[i].partition;
        if (assignment_find(assignment, topic, partition) != NULL)
            continue;
        if (assignment->count == assignment->capacity) {
            assignment->capacity = assignment->capacity * 2 + 8;
            assignment->items = memory_resize(assignment->items, assignment->capacity, sizeof *assignment->items);
        }
        size_t at = lower_bound(assignment, topic, partition);
        struct assigned *item = &assignment->items[at];
        memmove(item + 1, item, (assignment->count - at) * sizeof *item);
        *item = (struct assigned){
            .topic = memory_copy(topic),
            .partition = partition,
            .lane = offsets_assign(assignment->offsets, topic, partition),
            .sent = -1,
            .next = -1,
            .begun = -1,
            .added_ms = clock_now_ms(),
        };
        assignment->count++;
    }
    pthread_mutex_unlock(&assignment->lock);
}

void assignment_place(struct assignment *assignment, struct assigned *assigned, int64_t offset)
{
    pthread_mutex_lock(&assignment->lock);
    assigned->next = assigned->begun = offset;
    pthread_mutex_unlock(&assignment->lock);
}

bool assignment_drain(struct assignment *assignment, const struct rd_kafka_topic_partition_list_s *list, int64_t timeout_ms)
{
    struct lane **lanes = memory_new((size_t)list->cnt + 1, sizeof(struct lane *));
    size_t count = 0;
    for (int i = 0; i < list->cnt; i++) {
        struct assigned *item = assignment_find(assignment, list->elems[i].topic, list->elems[i].partition);
        if (item != NULL)
            lanes[count++] = item->lane;
    }
    bool drained = offsets_drain(assignment->offsets, lanes, count, timeout_ms);
    free(lanes);
    return drained;
}

static void forget_all(struct tracked *list, void (*forget)(struct tracked *tracked))
{
    while (list != NULL) {
        struct tracked *next = list->next;
        forget(list);
        list = next;
    }
}

void assignment_remove(struct assignment *assignment, const struct rd_kafka_topic_partition_list_s *list,
                       void (*forget)(struct tracked *tracked))
{
    pthread_mutex_lock(&assignment->lock);
    for (int i = 0; i < list->cnt; i++) {
        struct assigned *item = assignment_find(assignment, list->elems[i].topic, list->elems[i].partition);
        if (item == NULL)
            continue;
        forget_all(offsets_give_up(item->lane), forget);
        free(item->topic);
        size_t behind = assignment->count - (size_t)(item - assignment->items) - 1;
        memmove(item, item + 1, behind * sizeof *item);
        assignment->count--;
    }
    pthread_mutex_unlock(&assignment->lock);
}

struct rd_kafka_topic_partition_list_s *assignment_list_unplaced(struct assignment *assignment)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    for (size_t i = 0; i < assignment->count; i++)
        if (assignment->items[i].begun < 0)
            rd_kafka_topic_partition_list_add(list, assignment->items[i].topic, assignment->items[i].partition);
    return list;
}

struct rd_kafka_topic_partition_list_s *assignment_list(struct assignment *assignment)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)assignment->count + 1);
    for (size_t i = 0; i < assignment->count; i++)
        rd_kafka_topic_partition_list_add(list, assignment->items[i].topic, assignment->items[i].partition);
    return list;
}

size_t assignment_balance(struct assignment *assignment, struct rd_kafka_s *handle, bool has_room)
{
    if (!has_room)
        assignment->is_full = true;
    else if (assignment->is_full && offsets_has_slack(assignment->offsets))
        assignment->is_full = false;
    rd_kafka_topic_partition_list_t *pause = NULL, *resume = NULL;
    for (size_t i = 0; i < assignment->count; i++) {
        struct assigned *item = &assignment->items[i];
        bool wanted = assignment->is_full || item->begun < 0 || (item->is_paused ? !offsets_is_light(item->lane) : offsets_is_heavy(item->lane));
        if (wanted == item->is_paused)
            continue;
        rd_kafka_topic_partition_list_t **list = wanted ? &pause : &resume;
        if (*list == NULL)
            *list = rd_kafka_topic_partition_list_new((int)assignment->count);
        rd_kafka_topic_partition_list_add(*list, item->topic, item->partition);
        item->is_paused = wanted;
    }
    size_t paused_count = pause != NULL ? (size_t)pause->cnt : 0;
    if (pause != NULL) {
        rd_kafka_pause_partitions(handle, pause);
        rd_kafka_topic_partition_list_destroy(pause);
    }
    if (resume != NULL) {
        rd_kafka_resume_partitions(handle, resume);
        rd_kafka_topic_partition_list_destroy(resume);
    }
    return paused_count;
}

static int64_t find_lag(const struct assigned *item, int64_t position, int64_t low, int64_t high)
{
    int64_t from = position >= 0 ? position : item->begun;
    if (high < 0 || from < 0)
        return -1;
    from = from < low ? low : from;
    return high > from ? high - from : 0;
}

size_t assignment_lags(struct assignment *assignment, struct rd_kafka_s *handle, struct lag *lags, size_t most)
{
    pthread_mutex_lock(&assignment->lock);
    size_t count = assignment->count;
    for (size_t i = 0; i < count && i < most; i++) {
        const struct assigned *item = &assignment->items[i];
        struct lag *lag = &lags[i];
        int64_t low = RD_KAFKA_OFFSET_INVALID, high = RD_KAFKA_OFFSET_INVALID;
        snprintf(lag->topic, sizeof lag->topic, "%s", item->topic);
        lag->partition = item->partition;
        lag->position = offsets_position(item->lane);
        rd_kafka_get_watermark_offsets(handle, item->topic, item->partition, &low, &high);
        lag->messages = find_lag(item, lag->position, low, high);
    }
    pthread_mutex_unlock(&assignment->lock);
    return count;
}
