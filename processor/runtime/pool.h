/* N named threads that run one function, each with its own state. Signals stay as the starter has them (blocked). */
#pragma once

#include "processor/runtime/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

/* What each thread runs, once; returning ends the thread. `state` is the pool's array at its index. */
typedef void pool_work(void *state);

/* Starts `count` threads called NAME-0, NAME-1, ... (NAME of at most 10 bytes). states [count] must outlive them.
 * NULL with *err ERROR_RETRY "pool.start" where the system has no threads left; those already started are then waited for, so
 * `work` must end by itself (a closed queue does that) or the caller has to end the process. */
struct pool *pool_start(const char *name, size_t count, pool_work *work, void *const *states, struct error *err);

/* Waits until all have ended, at most timeout_ms (negative: for ever), and frees the pool. False: some still run, and the
 * pool stays; ask again or end the process. Thread: owner. */
bool pool_join(struct pool *pool, int64_t timeout_ms);
