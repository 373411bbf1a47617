#include "processor/runtime/pool.h"

#include "processor/runtime/queue.h"
#include "tests/expect.h"

#include <pthread.h>
#include <stdio.h>

enum { COUNT = 4 };

struct state {
    int number;
    char name[16];
    struct queue *gate; /* waited for, where there is one */
};

static void note(void *argument)
{
    struct state *state = argument;
    void *item;
    if (state->gate)
        queue_pop(state->gate, &item, 60000);
    pthread_getname_np(pthread_self(), state->name, sizeof state->name);
    state->number++;
}

Test(pool, runs_each_state_once_in_a_named_thread)
{
    struct state states[COUNT] = {0};
    struct queue *gate = queue_new(1);
    void *pointers[COUNT];
    struct error err = {0};
    for (size_t i = 0; i < COUNT; i++) {
        states[i] = (struct state){.number = (int)i, .gate = gate};
        pointers[i] = &states[i];
    }

    struct pool *pool = pool_start("worker", COUNT, note, pointers, &err);
    cr_assert(pool != NULL, "%s", err.text);
    queue_close(gate); /* all have their names by now */
    cr_expect(pool_join(pool, -1));

    for (size_t i = 0; i < COUNT; i++) {
        char name[24];
        snprintf(name, sizeof name, "worker-%zu", i);
        cr_expect(eq(int, states[i].number, (int)i + 1));
        expect_text(states[i].name, name);
    }
    queue_free(gate);
}

Test(pool, joining_gives_up_in_time_and_can_be_asked_again)
{
    struct queue *gate = queue_new(1);
    struct state state = {.gate = gate};
    void *pointer = &state;
    struct error err = {0};
    struct pool *pool = pool_start("worker", 1, note, &pointer, &err);
    cr_assert(pool != NULL, "%s", err.text);

    cr_expect(not(pool_join(pool, 10)));
    queue_close(gate);
    cr_expect(pool_join(pool, 60000));

    cr_expect(eq(int, state.number, 1));
    queue_free(gate);
}

Test(pool, may_be_empty)
{
    struct error err = {0};
    struct pool *pool = pool_start("none", 0, note, NULL, &err);

    cr_expect(pool_join(pool, 0));
}
