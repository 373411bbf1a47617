/* A poll thread, workers and a committer at one tracker, with lanes given up at any moment: each record is settled or comes
 * back exactly once, positions only rise and never pass a record that is not settled. A plain program, so that it runs
 * under ThreadSanitizer. */
#include "processor/ingest/offsets.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"
#include "processor/runtime/pool.h"
#include "processor/runtime/queue.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LANES = 4, WORKERS = 3, RECORDS = 40000, GIVE_UP_EVERY = 97, SLOW_EVERY = 32, SLOW_NS = 100000, BATCH = 16, RECORD_BYTES = 100 };

struct record {
    struct tracked tracked;
    size_t lane;
};

struct scene {
    struct offsets *offsets;
    struct queue *queue;
    struct lane *lanes[LANES];
    atomic_size_t settled, came_back; /* every record is one or the other */
    atomic_bool is_wrong;
};

static void forget(struct scene *scene, struct record *record)
{
    atomic_fetch_add(&scene->came_back, 1);
    free(record);
}

static void give_up(struct scene *scene, size_t lane)
{
    struct tracked *list = offsets_give_up(scene->lanes[lane]);
    while (list != NULL) {
        struct tracked *next = list->next;
        forget(scene, (struct record *)list);
        list = next;
    }
}

static void poll_run(void *state)
{
    struct scene *scene = state;
    int64_t offset = 0, positions[LANES] = {-1, -1, -1, -1};
    for (size_t i = 0; i < RECORDS; i++) {
        size_t lane = i % LANES;
        while (!offsets_wait_room(scene->offsets, 1000))
            ;
        int64_t position = offsets_position(scene->lanes[lane]);
        if (position < positions[lane] || position > offset)
            atomic_store(&scene->is_wrong, true);
        positions[lane] = position;
        struct record *record = memory_new(1, sizeof *record);
        record->lane = lane;
        offsets_begin(scene->lanes[lane], &record->tracked, offset++, RECORD_BYTES);
        queue_push(scene->queue, record, RECORD_BYTES, 0);
        if (i % GIVE_UP_EVERY == GIVE_UP_EVERY - 1) {
            if (i % 3 == 0)
                offsets_drain(scene->offsets, &scene->lanes[lane], 1, 1);
            give_up(scene, lane);
            scene->lanes[lane] = offsets_assign(scene->offsets, "in", (int32_t)lane);
            positions[lane] = -1;
        }
    }
    offsets_drain(scene->offsets, scene->lanes, LANES, 10000);
    for (size_t lane = 0; lane < LANES; lane++)
        give_up(scene, lane);
    queue_close(scene->queue);
    offsets_close(scene->offsets);
}

static void worker_run(void *state)
{
    struct scene *scene = state;
    void *popped;
    enum queue_result result;
    while ((result = queue_pop(scene->queue, &popped, 1000)) != QUEUE_CLOSED) {
        struct record *record = popped;
        if (result == QUEUE_DONE && record->tracked.offset % SLOW_EVERY == 0)
            nanosleep(&(struct timespec){.tv_nsec = SLOW_NS}, NULL);
        if (result == QUEUE_DONE && !offsets_finish(&record->tracked, RECORD_BYTES))
            forget(scene, record);
    }
}

/* Settles whole batches; drops what went meanwhile, as the pipeline's committer does. */
static void commit_run(void *state)
{
    struct scene *scene = state;
    struct tracked *batch[BATCH];
    for (bool is_closed = false; !is_closed;) {
        size_t count = 0;
        while (count < BATCH && (batch[count] = offsets_take(scene->offsets, clock_now_ms() + 2, count > 0)) != NULL)
            count++;
        is_closed = count == 0 && offsets_is_closed(scene->offsets);
        for (size_t i = 0; i < count; i++) {
            struct record *record = (struct record *)batch[i];
            if (offsets_is_gone(batch[i])) {
                offsets_drop(batch[i]);
                forget(scene, record);
                continue;
            }
            offsets_settle(batch[i]);
            atomic_fetch_add(&scene->settled, 1);
            free(record);
        }
    }
}

int main(void)
{
    struct scene scene = {
        .offsets = offsets_new(&(struct offsets_limits){.waiting_most = 50, .bytes_most = 100 * RECORD_BYTES}),
        .queue = queue_new(64),
    };
    struct error err = {0};
    void *states[WORKERS] = {&scene, &scene, &scene};
    for (size_t lane = 0; lane < LANES; lane++)
        scene.lanes[lane] = offsets_assign(scene.offsets, "in", (int32_t)lane);
    struct pool *workers = pool_start("worker", WORKERS, worker_run, states, &err);
    struct pool *committer = pool_start("commit", 1, commit_run, states, &err);
    struct pool *poll = pool_start("poll", 1, poll_run, states, &err);
    bool ended = poll != NULL && pool_join(poll, -1) && pool_join(workers, -1) && pool_join(committer, -1);
    struct offsets_counts counts = offsets_count(scene.offsets);
    size_t settled = atomic_load(&scene.settled), came_back = atomic_load(&scene.came_back);
    bool fine = ended && !atomic_load(&scene.is_wrong) && settled + came_back == RECORDS && settled > 0 && came_back > 0 &&
                counts.lanes == 0 && counts.bytes == 0;
    printf("offsets: %zu settled, %zu came back, %zu lanes and %zu bytes left: %s\n", settled, came_back, counts.lanes, counts.bytes,
           fine ? "fine" : "WRONG");
    offsets_free(scene.offsets);
    queue_free(scene.queue);
    return fine ? 0 : 1;
}
