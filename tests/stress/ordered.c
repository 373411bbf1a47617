/* Many short jobs on several threads: each is read, worked on and written once, in order, also where writing stops early. A
 * plain program, so that it runs under ThreadSanitizer. */
#include "processor/commands/ordered.h"

#include <stdio.h>

enum { WORKER_COUNT = 4, JOB_COUNT = 9, TOTAL = 50000, STOP_AFTER = 12345 };

struct state {
    size_t read, written, stop_after; /* read: the reading thread's; written: whose turn it is to write */
    size_t wrong;
};

struct slot {
    size_t number, square;
};

static bool read_slot(void *context, void *job)
{
    struct state *state = context;
    *(struct slot *)job = (struct slot){.number = state->read};
    return state->read++ < TOTAL;
}

static void work_slot(void *context, void *worker, void *job)
{
    (void)context;
    size_t *count = worker;
    struct slot *slot = job;
    slot->square = slot->number * slot->number;
    (*count)++;
}

static bool write_slot(void *context, void *job)
{
    struct state *state = context;
    const struct slot *slot = job;
    state->wrong += slot->number != state->written || slot->square != slot->number * slot->number;
    return ++state->written != state->stop_after;
}

static bool run(size_t stop_after, size_t wanted)
{
    struct state state = {.stop_after = stop_after};
    struct slot slots[JOB_COUNT];
    size_t counts[WORKER_COUNT] = {0};
    void *jobs[JOB_COUNT], *workers[WORKER_COUNT];
    for (size_t i = 0; i < JOB_COUNT; i++)
        jobs[i] = &slots[i];
    for (size_t i = 0; i < WORKER_COUNT; i++)
        workers[i] = &counts[i];
    struct ordered ordered = {&state, read_slot, work_slot, write_slot, workers, WORKER_COUNT, jobs, JOB_COUNT};
    struct error err = {0};
    bool has_run = ordered_run(&ordered, &err);
    size_t worked = 0;
    for (size_t i = 0; i < WORKER_COUNT; i++)
        worked += counts[i];
    bool is_fine = has_run && state.wrong == 0 && state.written == wanted && worked >= wanted && worked <= wanted + JOB_COUNT;
    if (!is_fine)
        printf("ordered: %zu written of %zu, %zu worked on, %zu wrong\n", state.written, wanted, worked, state.wrong);
    return is_fine;
}

int main(void)
{
    bool is_fine = run(0, TOTAL);
    is_fine = run(STOP_AFTER, STOP_AFTER) && is_fine;
    return is_fine ? 0 : 1;
}
