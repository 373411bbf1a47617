#include "processor/runtime/queue.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct slot {
    void *item;
    size_t bytes;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t has_item; /* on the monotonic clock; with lock */
    pthread_cond_t has_room; /* on the monotonic clock; with lock */
    size_t capacity;         /* const after queue_new() */
    struct slot *slots;      /* [capacity], a ring; protected by lock */
    size_t first, count;     /* protected by lock */
    size_t bytes;            /* of all items; protected by lock */
    bool is_closed;          /* protected by lock */
};

struct queue *queue_new(size_t capacity)
{
    struct queue *queue = memory_new(1, sizeof *queue);
    queue->capacity = capacity > 0 ? capacity : 1;
    queue->slots = memory_new(queue->capacity, sizeof *queue->slots);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->has_item, &attributes);
    pthread_cond_init(&queue->has_room, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

void queue_free(struct queue *queue)
{
    if (!queue)
        return;
    pthread_cond_destroy(&queue->has_room);
    pthread_cond_destroy(&queue->has_item);
    pthread_mutex_destroy(&queue->lock);
    free(queue->slots);
    free(queue);
}

/* Waits with the lock held until woken; false once the time is up. */
static bool wait_for(struct queue *queue, pthread_cond_t *condition, const struct timespec *deadline)
{
    return pthread_cond_timedwait(condition, &queue->lock, deadline) == 0;
}

enum queue_result queue_push(struct queue *queue, void *item, size_t bytes, int64_t timeout_ms)
{
    assert(item);
    struct timespec deadline = clock_deadline(timeout_ms);
    pthread_mutex_lock(&queue->lock);
    while (!queue->is_closed && queue->count == queue->capacity && timeout_ms > 0 &&
           wait_for(queue, &queue->has_room, &deadline))
        ;
    enum queue_result result = queue->is_closed                     ? QUEUE_CLOSED
                               : queue->count == queue->capacity ? QUEUE_TIMEOUT
                                                                  : QUEUE_DONE;
    if (result == QUEUE_DONE) {
        queue->slots[(queue->first + queue->count) % queue->capacity] = (struct slot){.item = item, .bytes = bytes};
        queue->count++;
        queue->bytes += bytes;
        pthread_cond_signal(&queue->has_item);
    }
    pthread_mutex_unlock(&queue->lock);
    return result;
}

enum queue_result queue_pop(struct queue *queue, void **item, int64_t timeout_ms)
{
    struct timespec deadline = clock_deadline(timeout_ms);
    pthread_mutex_lock(&queue->lock);
    while (!queue->is_closed && queue->count == 0 && timeout_ms > 0 && wait_for(queue, &queue->has_item, &deadline))
        ;
    enum queue_result result = queue->count > 0 ? QUEUE_DONE : queue->is_closed ? QUEUE_CLOSED : QUEUE_TIMEOUT;
    if (result == QUEUE_DONE) {
        struct slot *slot = &queue->slots[queue->first];
        *item = slot->item;
        queue->bytes -= slot->bytes;
        queue->first = (queue->first + 1) % queue->capacity;
        queue->count--;
        pthread_cond_signal(&queue->has_room);
    }
    pthread_mutex_unlock(&queue->lock);
    return result;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->is_closed = true;
    pthread_cond_broadcast(&queue->has_item);
    pthread_cond_broadcast(&queue->has_room);
    pthread_mutex_unlock(&queue->lock);
}

/* Counting locks too, which `const` hides: the queue's content is not changed by it. */
static size_t read_locked(const struct queue *queue, const size_t *member)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&queue->lock;
    pthread_mutex_lock(lock);
    size_t value = *member;
    pthread_mutex_unlock(lock);
    return value;
}

size_t queue_count(const struct queue *queue)
{
    return read_locked(queue, &queue->count);
}

size_t queue_bytes(const struct queue *queue)
{
    return read_locked(queue, &queue->bytes);
}
