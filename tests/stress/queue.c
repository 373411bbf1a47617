/* Threads push and pop at a small queue: each item comes out exactly once, in order per producer, and the counts end at
 * zero. A plain program, so that it runs under ThreadSanitizer. */
#include "processor/runtime/memory.h"
#include "processor/runtime/pool.h"
#include "processor/runtime/queue.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { PRODUCERS = 3, CONSUMERS = 3, ITEMS = 20000, CAPACITY = 7 };

struct item {
    size_t producer, number;
};

struct worker {
    struct queue *queue;
    size_t index;
    atomic_size_t *taken;             /* [PRODUCERS]: how many of each came out */
    size_t last[PRODUCERS];           /* highest number + 1 this consumer saw */
    bool is_out_of_order;
};

static void produce(void *state)
{
    struct worker *worker = state;
    for (size_t i = 0; i < ITEMS; i++) {
        struct item *item = memory_new(1, sizeof *item);
        *item = (struct item){.producer = worker->index, .number = i};
        while (queue_push(worker->queue, item, sizeof *item, (int64_t)(i % 3)) == QUEUE_TIMEOUT)
            ;
    }
}

static void consume(void *state)
{
    struct worker *worker = state;
    for (;;) {
        void *popped;
        enum queue_result result = queue_pop(worker->queue, &popped, 1);
        if (result == QUEUE_CLOSED)
            return;
        if (result == QUEUE_TIMEOUT)
            continue;
        struct item *item = popped;
        worker->is_out_of_order |= item->number < worker->last[item->producer];
        worker->last[item->producer] = item->number + 1;
        atomic_fetch_add(&worker->taken[item->producer], 1);
        free(item);
    }
}

static struct pool *start(const char *name, size_t count, pool_work *work, struct worker *workers)
{
    void *states[PRODUCERS + CONSUMERS];
    for (size_t i = 0; i < count; i++)
        states[i] = &workers[i];
    struct error err = {0};
    struct pool *pool = pool_start(name, count, work, states, &err);
    if (!pool) {
        fprintf(stderr, "queue: %s\n", err.text);
        exit(1);
    }
    return pool;
}

int main(void)
{
    struct queue *queue = queue_new(CAPACITY);
    atomic_size_t taken[PRODUCERS] = {0};
    struct worker producers[PRODUCERS] = {0}, consumers[CONSUMERS] = {0};
    for (size_t i = 0; i < PRODUCERS; i++)
        producers[i] = (struct worker){.queue = queue, .index = i};
    for (size_t i = 0; i < CONSUMERS; i++)
        consumers[i] = (struct worker){.queue = queue, .index = i, .taken = taken};

    struct pool *out = start("consume", CONSUMERS, consume, consumers);
    struct pool *in = start("produce", PRODUCERS, produce, producers);
    pool_join(in, -1);
    queue_close(queue);
    pool_join(out, -1);

    int failures = 0;
    for (size_t i = 0; i < PRODUCERS; i++)
        failures += atomic_load(&taken[i]) != ITEMS;
    for (size_t i = 0; i < CONSUMERS; i++)
        failures += consumers[i].is_out_of_order;
    failures += queue_count(queue) != 0 || queue_bytes(queue) != 0;
    failures += queue_push(queue, queue, 1, 0) != QUEUE_CLOSED;
    queue_free(queue);
    if (failures)
        fprintf(stderr, "queue: %d checks failed\n", failures);
    return failures != 0;
}
