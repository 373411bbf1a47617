#include "processor/ops/health.h"

#include "processor/runtime/clock.h"
#include "tests/expect.h"

Test(health, is_alive_and_not_ready_before_it_runs)
{
    struct health health = {0};

    cr_expect(health_is_alive(&health));
    cr_expect(not(health_is_ready(&health)));
    expect_text(health_state_name(health_state(&health)), "starting");
}

Test(health, is_ready_only_while_running)
{
    static const struct { enum health_state state; bool is_alive, is_ready; } cases[] = {
        {HEALTH_STARTING, true, false}, {HEALTH_RUNNING, true, true},  {HEALTH_WAITING, true, false},
        {HEALTH_STOPPING, true, false}, {HEALTH_FAILED, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct health health = {0};
        health_set(&health, cases[i].state);
        health_beat(&health);

        cr_expect(eq(int, health_is_alive(&health), cases[i].is_alive), "%s", health_state_name(cases[i].state));
        cr_expect(eq(int, health_is_ready(&health), cases[i].is_ready), "%s", health_state_name(cases[i].state));
    }
}

Test(health, a_stall_hides_that_it_runs_and_nothing_else)
{
    static const struct { enum health_state state, shown; } cases[] = {
        {HEALTH_RUNNING, HEALTH_STALLED}, {HEALTH_WAITING, HEALTH_STALLED}, {HEALTH_STARTING, HEALTH_STARTING},
        {HEALTH_STOPPING, HEALTH_STOPPING}, {HEALTH_FAILED, HEALTH_FAILED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct health health = {0};
        health_set(&health, cases[i].state);
        health_stall(&health, true);
        cr_expect(eq(int, health_state(&health), cases[i].shown));
        cr_expect(not(health_is_ready(&health)));

        health_stall(&health, false);
        cr_expect(eq(int, health_state(&health), cases[i].state));
    }
}

Test(health, a_silent_poll_thread_is_noticed)
{
    struct health health = {0};
    health_set(&health, HEALTH_RUNNING);
    atomic_store(&health.beat_ms, clock_now_ms() - HEALTH_SILENT_MS - 1);

    cr_expect(not(health_is_alive(&health)));
    cr_expect(not(health_is_ready(&health)));

    health_beat(&health);
    cr_expect(health_is_alive(&health));
}
