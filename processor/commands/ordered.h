/* Work that threads do in parallel and that comes out in the order it went in.
 *
 * A ring of jobs: the caller's thread fills them one after the other, workers take them up, and whoever finishes the oldest
 * one writes it and all that are ready behind it. As soon as a job is the oldest and done it is written, so nothing waits
 * for more to come. */
#pragma once

#include "processor/runtime/error.h"

#include <stdbool.h>
#include <stddef.h>

struct ordered {
    void *context;
    bool (*read)(void *context, void *job);               /* the caller's thread; false: there is no more */
    void (*work)(void *context, void *worker, void *job); /* any worker's thread */
    bool (*write)(void *context, void *job);              /* in order, one at a time; false: stop */
    void *const *workers;                                 /* [worker_count], one state a thread */
    size_t worker_count;
    void *const *jobs; /* [job_count], at least one a worker; more let the others go on while one is slow */
    size_t job_count;
};

/* Runs until read() or write() says stop; all jobs that were read are then done, and written unless write() said stop.
 * err: ERROR_RETRY "pool.start" where threads cannot be started. */
bool ordered_run(const struct ordered *ordered, struct error *err);
