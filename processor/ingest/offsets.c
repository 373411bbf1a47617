#include "processor/ingest/offsets.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct lane {
    struct offsets *offsets;
    int32_t partition;

    /* Protected by offsets->lock. */
    struct tracked *head, *tail; /* by offset: taken ones, then `next`, then the rest; empty once given up */
    struct tracked *next;        /* first that is not taken */
    struct lane *ready_next;
    bool is_ready; /* in the ready queue: next is finished */
    bool is_gone;
    size_t held;  /* records that will still come back, also after it was given up */
    size_t bytes; /* of them */
    int64_t position;
    int64_t reached; /* the partition's end, when it was last read up to there */

    char topic[];
};

struct offsets {
    struct offsets_limits limits;
    pthread_mutex_t lock;
    pthread_cond_t room;  /* a record was finished or left */
    pthread_cond_t ready; /* a lane became ready, a drain began, or closed */
    pthread_cond_t idle;  /* a lane became empty */

    /* Protected by lock. */
    struct lane *ready_head, *ready_tail;
    size_t lane_count, drain_count;
    size_t waiting, finished, taken, bytes, largest; /* largest: of all records so far, the most bytes */
    bool is_closed;
};

static void lock(struct offsets *offsets)
{
    pthread_mutex_lock(&offsets->lock);
}

static void unlock(struct offsets *offsets)
{
    pthread_mutex_unlock(&offsets->lock);
}

/* Waits for `condition` until `deadline_ms`; false at the deadline. */
static bool wait_until(struct offsets *offsets, pthread_cond_t *condition, int64_t deadline_ms)
{
    struct timespec deadline = clock_deadline(clock_left_ms(deadline_ms));
    return pthread_cond_clockwait(condition, &offsets->lock, CLOCK_MONOTONIC, &deadline) == 0;
}

static bool has_room(const struct offsets *offsets)
{
    size_t quarter = offsets->limits.bytes_most / 4, next = offsets->largest < quarter ? offsets->largest : quarter;
    return offsets->waiting < offsets->limits.waiting_most && offsets->bytes + next <= offsets->limits.bytes_most;
}

static void lane_free(struct lane *lane)
{
    lane->offsets->lane_count--;
    free(lane);
}

/* One record leaves the tracker, and with it the lane if it was waited for. */
static void leave(struct lane *lane, size_t bytes)
{
    struct offsets *offsets = lane->offsets;
    offsets->bytes -= bytes;
    lane->bytes -= bytes;
    lane->held--;
    pthread_cond_signal(&offsets->room);
    if (lane->held > 0)
        return;
    pthread_cond_signal(&offsets->idle);
    if (lane->is_gone)
        lane_free(lane);
}

static void make_ready(struct lane *lane)
{
    struct offsets *offsets = lane->offsets;
    lane->is_ready = true;
    lane->ready_next = NULL;
    if (offsets->ready_tail != NULL)
        offsets->ready_tail->ready_next = lane;
    else
        offsets->ready_head = lane;
    offsets->ready_tail = lane;
    pthread_cond_signal(&offsets->ready);
}

static struct lane *pop_ready(struct offsets *offsets)
{
    struct lane *lane = offsets->ready_head;
    offsets->ready_head = lane->ready_next;
    if (offsets->ready_head == NULL)
        offsets->ready_tail = NULL;
    lane->is_ready = false;
    return lane;
}

static void remove_ready(struct lane *lane)
{
    struct offsets *offsets = lane->offsets;
    struct lane *before = NULL;
    for (struct lane *at = offsets->ready_head; at != lane; at = at->ready_next)
        before = at;
    if (before != NULL)
        before->ready_next = lane->ready_next;
    else
        offsets->ready_head = lane->ready_next;
    if (offsets->ready_tail == lane)
        offsets->ready_tail = before;
    lane->is_ready = false;
}

struct offsets *offsets_new(const struct offsets_limits *limits)
{
    struct offsets *offsets = memory_new(1, sizeof *offsets);
    offsets->limits = *limits;
    pthread_mutex_init(&offsets->lock, NULL);
    pthread_cond_init(&offsets->room, NULL);
    pthread_cond_init(&offsets->ready, NULL);
    pthread_cond_init(&offsets->idle, NULL);
    return offsets;
}

void offsets_free(struct offsets *offsets)
{
    if (offsets == NULL)
        return;
    assert(offsets->lane_count == 0);
    pthread_cond_destroy(&offsets->room);
    pthread_cond_destroy(&offsets->ready);
    pthread_cond_destroy(&offsets->idle);
    pthread_mutex_destroy(&offsets->lock);
    free(offsets);
}

struct lane *offsets_assign(struct offsets *offsets, const char *topic, int32_t partition)
{
    size_t topic_bytes = strlen(topic) + 1;
    struct lane *lane = memory_new(1, sizeof *lane + topic_bytes);
    lane->offsets = offsets;
    lane->partition = partition;
    lane->position = lane->reached = -1;
    memcpy(lane->topic, topic, topic_bytes);
    lock(offsets);
    offsets->lane_count++;
    unlock(offsets);
    return lane;
}

void offsets_begin(struct lane *lane, struct tracked *tracked, int64_t offset, size_t bytes)
{
    struct offsets *offsets = lane->offsets;
    size_t kept = bytes * offsets->limits.output_times;
    bytes += kept;
    *tracked = (struct tracked){.lane = lane, .offset = offset, .bytes = bytes, .kept = kept, .state = TRACKED_WAITING};
    lock(offsets);
    assert(lane->tail == NULL || lane->tail->offset < offset);
    assert(lane->position <= offset);
    if (lane->tail != NULL)
        lane->tail->next = tracked;
    else
        lane->head = tracked;
    lane->tail = tracked;
    if (lane->next == NULL)
        lane->next = tracked;
    lane->held++;
    lane->bytes += bytes;
    offsets->bytes += bytes;
    offsets->largest = bytes > offsets->largest ? bytes : offsets->largest;
    offsets->waiting++;
    unlock(offsets);
}

/* With nothing in hand there is nothing between the last record and the end. */
static void move_to_end(struct lane *lane)
{
    if (lane->head == NULL && lane->position < lane->reached)
        lane->position = lane->reached;
}

void offsets_reach(struct lane *lane, int64_t offset)
{
    lock(lane->offsets);
    lane->reached = offset;
    move_to_end(lane);
    unlock(lane->offsets);
}

bool offsets_wait_room(struct offsets *offsets, int64_t timeout_ms)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    lock(offsets);
    while (!has_room(offsets) && wait_until(offsets, &offsets->room, deadline_ms))
        ;
    bool room = has_room(offsets);
    unlock(offsets);
    return room;
}

bool offsets_has_slack(struct offsets *offsets)
{
    lock(offsets);
    bool slack =
        offsets->waiting <= offsets->limits.waiting_most / 2 && offsets->bytes <= offsets->limits.bytes_most / 2;
    unlock(offsets);
    return slack;
}

bool offsets_is_heavy(struct lane *lane)
{
    struct offsets *offsets = lane->offsets;
    lock(offsets);
    bool heavy = offsets->lane_count > 1 && lane->bytes > offsets->limits.bytes_most / 2;
    unlock(offsets);
    return heavy;
}

bool offsets_is_light(struct lane *lane)
{
    struct offsets *offsets = lane->offsets;
    lock(offsets);
    bool light = offsets->lane_count <= 1 || lane->bytes <= offsets->limits.bytes_most / 4;
    unlock(offsets);
    return light;
}

int64_t offsets_position(struct lane *lane)
{
    lock(lane->offsets);
    int64_t position = lane->position;
    unlock(lane->offsets);
    return position;
}

static bool is_idle(struct lane *const *lanes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lanes[i]->held > 0)
            return false;
    return true;
}

bool offsets_drain(struct offsets *offsets, struct lane *const *lanes, size_t count, int64_t timeout_ms)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    lock(offsets);
    offsets->drain_count++;
    pthread_cond_signal(&offsets->ready);
    while (!is_idle(lanes, count) && wait_until(offsets, &offsets->idle, deadline_ms))
        ;
    bool idle = is_idle(lanes, count);
    offsets->drain_count--;
    unlock(offsets);
    return idle;
}

struct tracked *offsets_give_up(struct lane *lane)
{
    struct offsets *offsets = lane->offsets;
    struct tracked *list = NULL, **end = &list;
    lock(offsets);
    if (lane->is_ready)
        remove_ready(lane);
    lane->is_gone = true;
    lane->held++; /* so that the lane outlives the loop */
    for (struct tracked *tracked = lane->next, *next; tracked != NULL; tracked = next) {
        next = tracked->next;
        if (tracked->state != TRACKED_FINISHED)
            continue;
        *end = tracked;
        end = &tracked->next;
        offsets->finished--;
        leave(lane, tracked->bytes);
    }
    *end = NULL;
    lane->head = lane->tail = lane->next = NULL;
    leave(lane, 0);
    unlock(offsets);
    return list;
}

bool offsets_finish(struct tracked *tracked, size_t bytes)
{
    struct lane *lane = tracked->lane;
    struct offsets *offsets = lane->offsets;
    lock(offsets);
    assert(tracked->state == TRACKED_WAITING);
    offsets->waiting--;
    bool wanted = !lane->is_gone;
    if (wanted) {
        tracked->state = TRACKED_FINISHED;
        tracked->bytes = tracked->bytes - tracked->kept + bytes;
        lane->bytes = lane->bytes - tracked->kept + bytes;
        offsets->bytes = offsets->bytes - tracked->kept + bytes;
        offsets->finished++;
        pthread_cond_signal(&offsets->room);
        if (lane->next == tracked)
            make_ready(lane);
    } else {
        leave(lane, tracked->bytes);
    }
    unlock(offsets);
    return wanted;
}

bool offsets_is_gone(struct tracked *tracked)
{
    struct offsets *offsets = tracked->lane->offsets;
    lock(offsets);
    bool gone = tracked->lane->is_gone;
    unlock(offsets);
    return gone;
}

struct tracked *offsets_take(struct offsets *offsets, int64_t deadline_ms, bool is_open)
{
    struct tracked *tracked = NULL;
    lock(offsets);
    while (offsets->ready_head == NULL && !offsets->is_closed && !(is_open && offsets->drain_count > 0) &&
           wait_until(offsets, &offsets->ready, deadline_ms))
        ;
    if (offsets->ready_head != NULL) {
        struct lane *lane = pop_ready(offsets);
        tracked = lane->next;
        tracked->state = TRACKED_TAKEN;
        offsets->finished--;
        offsets->taken++;
        lane->next = tracked->next;
        if (lane->next != NULL && lane->next->state == TRACKED_FINISHED)
            make_ready(lane);
    }
    unlock(offsets);
    return tracked;
}

bool offsets_settle(struct tracked *tracked)
{
    struct lane *lane = tracked->lane;
    struct offsets *offsets = lane->offsets;
    lock(offsets);
    assert(tracked->state == TRACKED_TAKEN);
    bool wanted = !lane->is_gone;
    if (wanted) {
        assert(lane->head == tracked);
        lane->head = tracked->next;
        if (lane->head == NULL)
            lane->tail = NULL;
        lane->position = tracked->offset + 1;
        move_to_end(lane);
    }
    offsets->taken--;
    leave(lane, tracked->bytes);
    unlock(offsets);
    return wanted;
}

void offsets_drop(struct tracked *tracked)
{
    struct lane *lane = tracked->lane;
    struct offsets *offsets = lane->offsets;
    lock(offsets);
    assert(tracked->state == TRACKED_TAKEN && lane->is_gone);
    offsets->taken--;
    leave(lane, tracked->bytes);
    unlock(offsets);
}

struct position offsets_place(const struct tracked *tracked)
{
    return (struct position){
        .topic = tracked->lane->topic,
        .partition = tracked->lane->partition,
        .offset = tracked->offset + 1,
    };
}

void offsets_close(struct offsets *offsets)
{
    lock(offsets);
    offsets->is_closed = true;
    pthread_cond_broadcast(&offsets->ready);
    unlock(offsets);
}

bool offsets_is_closed(struct offsets *offsets)
{
    lock(offsets);
    bool closed = offsets->is_closed;
    unlock(offsets);
    return closed;
}

struct offsets_counts offsets_count(struct offsets *offsets)
{
    lock(offsets);
    struct offsets_counts counts = {
        .lanes = offsets->lane_count,
        .waiting = offsets->waiting,
        .finished = offsets->finished,
        .taken = offsets->taken,
        .bytes = offsets->bytes,
    };
    unlock(offsets);
    return counts;
}
