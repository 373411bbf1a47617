#include "processor/commands/ordered.h"

#include "tests/expect.h"

#include <sched.h>
#include <stdatomic.h>

enum { WORKER_COUNT = 3, JOB_COUNT = 5, TOTAL = 2000 };

struct state {
    size_t read, stop_after;
    size_t written;
    bool is_in_order;
    atomic_size_t worked;
};

struct slot {
    size_t number;
    bool is_worked;
};

static bool read_slot(void *context, void *job)
{
    struct state *state = context;
    struct slot *slot = job;
    *slot = (struct slot){.number = state->read};
    return state->read++ < TOTAL;
}

static void work_slot(void *context, void *worker, void *job)
{
    struct state *state = context;
    struct slot *slot = job;
    (void)worker;
    for (size_t i = 0; i < slot->number * 7 % 5; i++) /* some are slower, so that later ones overtake */
        sched_yield();
    slot->is_worked = true;
    atomic_fetch_add(&state->worked, 1);
}

static bool write_slot(void *context, void *job)
{
    struct state *state = context;
    const struct slot *slot = job;
    state->is_in_order = state->is_in_order && slot->number == state->written && slot->is_worked;
    return ++state->written != state->stop_after;
}

static void run(struct state *state)
{
    struct slot slots[JOB_COUNT];
    void *jobs[JOB_COUNT], *workers[WORKER_COUNT] = {0};
    for (size_t i = 0; i < JOB_COUNT; i++)
        jobs[i] = &slots[i];
    struct ordered ordered = {state, read_slot, work_slot, write_slot, workers, WORKER_COUNT, jobs, JOB_COUNT};
    struct error err = {0};
    expect_fine(ordered_run(&ordered, &err), err);
}

Test(ordered, writes_every_job_in_the_order_it_was_read)
{
    struct state state = {.is_in_order = true};
    run(&state);
    cr_expect(state.is_in_order);
    cr_expect(eq(sz, state.written, TOTAL));
    cr_expect(eq(sz, atomic_load(&state.worked), TOTAL));
}

Test(ordered, stops_when_writing_says_so)
{
    struct state state = {.is_in_order = true, .stop_after = 10};
    run(&state);
    cr_expect(state.is_in_order);
    cr_expect(eq(sz, state.written, 10));
    cr_expect(le(sz, state.read, 10 + JOB_COUNT + 1));
}
