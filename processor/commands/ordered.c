#include "processor/commands/ordered.h"

#include "processor/runtime/memory.h"
#include "processor/runtime/pool.h"

#include <pthread.h>
#include <stdlib.h>

/* Jobs are counted from the start; job n is at n % job_count. written <= taken <= filled <= written + job_count. */
struct ring {
    const struct ordered *ordered;
    pthread_mutex_t lock;
    pthread_cond_t has_room, has_work;
    size_t filled, taken, written; /* protected by lock */
    bool *is_done;                 /* [job_count] protected by lock */
    bool is_closed;                /* protected by lock: nothing more will be filled */
    bool is_stopped;               /* protected by lock: write() said stop */
    bool is_writing;               /* protected by lock: some thread is in write() */
};

struct seat {
    struct ring *ring;
    void *worker;
    struct pool *pool; /* of this one thread */
};

static void *job_at(const struct ring *ring, size_t number)
{
    return ring->ordered->jobs[number % ring->ordered->job_count];
}

/* Writes what is ready. The lock is held, and let go while write() runs. */
static void write_ready(struct ring *ring)
{
    if (ring->is_writing)
        return;
    ring->is_writing = true;
    while (ring->written < ring->taken && ring->is_done[ring->written % ring->ordered->job_count]) {
        bool is_stopped = ring->is_stopped;
        pthread_mutex_unlock(&ring->lock);
        if (!is_stopped)
            is_stopped = !ring->ordered->write(ring->ordered->context, job_at(ring, ring->written));
        pthread_mutex_lock(&ring->lock);
        ring->is_stopped = is_stopped;
        ring->is_done[ring->written++ % ring->ordered->job_count] = false;
        pthread_cond_signal(&ring->has_room);
    }
    ring->is_writing = false;
}

static void run_worker(void *state)
{
    const struct seat *seat = state;
    struct ring *ring = seat->ring;
    pthread_mutex_lock(&ring->lock);
    for (;;) {
        while (ring->taken == ring->filled && !ring->is_closed)
            pthread_cond_wait(&ring->has_work, &ring->lock);
        if (ring->taken == ring->filled)
            break;
        size_t number = ring->taken++;
        pthread_mutex_unlock(&ring->lock);
        ring->ordered->work(ring->ordered->context, seat->worker, job_at(ring, number));
        pthread_mutex_lock(&ring->lock);
        ring->is_done[number % ring->ordered->job_count] = true;
        write_ready(ring);
    }
    pthread_mutex_unlock(&ring->lock);
}

static void fill_jobs(struct ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    for (;;) {
        while (ring->filled - ring->written == ring->ordered->job_count)
            pthread_cond_wait(&ring->has_room, &ring->lock);
        size_t number = ring->filled;
        bool is_stopped = ring->is_stopped;
        pthread_mutex_unlock(&ring->lock);
        bool has_job = !is_stopped && ring->ordered->read(ring->ordered->context, job_at(ring, number));
        pthread_mutex_lock(&ring->lock);
        if (!has_job)
            break;
        ring->filled++;
        pthread_cond_signal(&ring->has_work);
    }
    pthread_mutex_unlock(&ring->lock);
}

static void close_ring(struct ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    ring->is_closed = true;
    pthread_cond_broadcast(&ring->has_work);
    pthread_mutex_unlock(&ring->lock);
}

/* A machine that refuses some threads gets on with those it gave, at least one. */
static size_t start_threads(struct ring *ring, struct seat *seats, struct error *err)
{
    struct error refused = {0};
    size_t count = 0;
    for (; count < ring->ordered->worker_count; count++) {
        struct seat *seat = &seats[count];
        *seat = (struct seat){.ring = ring, .worker = ring->ordered->workers[count]};
        void *state = seat;
        seat->pool = pool_start("worker", 1, run_worker, &state, &refused);
        if (!seat->pool)
            break;
    }
    if (count == 0)
        *err = refused;
    return count;
}

bool ordered_run(const struct ordered *ordered, struct error *err)
{
    struct ring ring = {.ordered = ordered, .is_done = memory_new(ordered->job_count, sizeof(bool))};
    pthread_mutex_init(&ring.lock, NULL);
    pthread_cond_init(&ring.has_room, NULL);
    pthread_cond_init(&ring.has_work, NULL);
    struct seat *seats = memory_new(ordered->worker_count, sizeof *seats);
    size_t thread_count = start_threads(&ring, seats, err);
    if (thread_count > 0)
        fill_jobs(&ring);
    close_ring(&ring);
    for (size_t i = 0; i < thread_count; i++)
        pool_join(seats[i].pool, -1);
    free(seats);
    free(ring.is_done);
    pthread_cond_destroy(&ring.has_work);
    pthread_cond_destroy(&ring.has_room);
    pthread_mutex_destroy(&ring.lock);
    return thread_count > 0;
}
