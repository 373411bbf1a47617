/* A bounded queue between threads: any number may push, any number may pop, first in, first out.
 *
 * It holds pointers and counts the bytes behind them, so that a memory budget can be kept over what waits. Stopping is a
 * message too: after queue_close() nothing more goes in, and whoever pops gets what is left, then QUEUE_CLOSED. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct queue;

enum queue_result {
    QUEUE_DONE,
    QUEUE_TIMEOUT, /* full (push) or empty (pop) for the whole time */
    QUEUE_CLOSED,  /* push: refused; pop: empty, and will stay so */
};

/* For at most `capacity` items (at least 1). Free with queue_free(), when no thread uses it any more; items that are left
 * are the caller's to pop first. */
struct queue *queue_new(size_t capacity);
void queue_free(struct queue *queue); /* NULL is fine */

/* Puts `item` (not NULL) in, which counts as `bytes`; waits at most timeout_ms for room, 0: not at all. On QUEUE_DONE the
 * item belongs to whoever pops it, else it stays the caller's. Thread: any. */
enum queue_result queue_push(struct queue *queue, void *item, size_t bytes, int64_t timeout_ms);

/* Takes the oldest item; waits at most timeout_ms for one. *item is written on QUEUE_DONE only. Thread: any. */
enum queue_result queue_pop(struct queue *queue, void **item, int64_t timeout_ms);

/* No more pushes; wakes all who wait. Again: nothing happens. Thread: any. */
void queue_close(struct queue *queue);

/* What waits now. Thread: any. */
size_t queue_count(const struct queue *queue);
size_t queue_bytes(const struct queue *queue);
