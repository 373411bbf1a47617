#include "processor/runtime/pool.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pool_thread {
    pthread_t id;
    pool_work *work;
    void *state;
};

struct pool {
    size_t running; /* threads not joined yet: the first ones of threads */
    struct pool_thread threads[];
};

static void *run(void *argument)
{
    const struct pool_thread *thread = argument;
    thread->work(thread->state);
    return NULL;
}

struct pool *pool_start(const char *name, size_t count, pool_work *work, void *const *states, struct error *err)
{
    struct pool *pool = memory_new(1, sizeof *pool + count * sizeof *pool->threads);
    for (size_t i = 0; i < count; i++) {
        struct pool_thread *thread = &pool->threads[i];
        *thread = (struct pool_thread){.work = work, .state = states[i]};
        int problem = pthread_create(&thread->id, NULL, run, thread);
        if (problem) {
            error_set(err, ERROR_RETRY, "pool.start", "thread %zu of %zu cannot be started: %s", i + 1, count,
                      strerror(problem));
            pool_join(pool, -1);
            return NULL;
        }
        pool->running++;
        char label[16]; /* the system's limit */
        snprintf(label, sizeof label, "%.10s-%zu", name, i % 10000);
        pthread_setname_np(thread->id, label);
    }
    return pool;
}

bool pool_join(struct pool *pool, int64_t timeout_ms)
{
    struct timespec deadline = clock_deadline(timeout_ms);
    while (pool->running > 0) {
        pthread_t id = pool->threads[pool->running - 1].id;
        int problem = timeout_ms < 0 ? pthread_join(id, NULL) : pthread_clockjoin_np(id, NULL, CLOCK_MONOTONIC, &deadline);
        if (problem)
            return false;
        pool->running--;
    }
    free(pool);
    return true;
}
