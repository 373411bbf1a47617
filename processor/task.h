/* One record on its way through the pipeline: as it came, what a worker made of it, what becomes of its outputs. Owned by
 * one stage at a time: poll thread, queue, worker, tracker, committer. */
#pragma once

#include "processor/emit/producer.h"
#include "processor/ingest/consumer.h"
#include "processor/runtime/trace.h"
#include "processor/worker.h"

#include <stdlib.h>

/* What is sent for it. Each is what is tried when the one before cannot be delivered, whatever is done. */
enum task_shape { TASK_RECORDS, TASK_DEAD_LETTER, TASK_STUB };

struct task {
    struct incoming incoming; /* first, and in it the tracker's part */
    struct outcome *outcome;  /* NULL until a worker was there */
    struct ticket ticket;
    enum task_shape shape;
    struct trace trace; /* no span where there is no collector */
    int64_t begun_ms, read_ms, made_ms; /* since 1970: for the span */
};

static inline struct task *task_of(struct tracked *tracked)
{
    return (struct task *)tracked;
}

static inline void task_free(struct task *task)
{
    incoming_done(&task->incoming);
    free(task->outcome);
    free(task);
}
