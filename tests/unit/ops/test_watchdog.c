#include "processor/ops/watchdog.h"

#include "tests/expect.h"

static const struct watchdog_limits limits = {.stall_ms = 300000, .busy_ms = 540000};
static const struct watchdog_view silent = {.settled = 7, .has_partitions = true};
static struct watchdog watchdog;

static bool is_due(struct watchdog_view view, int64_t now_ms)
{
    return watchdog_is_due(&watchdog, &limits, &view, now_ms);
}

/* With a look every WATCHDOG_LOOK_MS, a worker being at one article all the time. */
static bool is_lost_after(int64_t busy_ms)
{
    struct watchdog_view busy = silent;
    bool is_lost = false;
    for (busy.busy_ms = WATCHDOG_LOOK_MS; busy.busy_ms < busy_ms; busy.busy_ms += WATCHDOG_LOOK_MS)
        is_lost |= watchdog_is_lost(&watchdog, &limits, &busy);
    busy.busy_ms = busy_ms;
    return is_lost | watchdog_is_lost(&watchdog, &limits, &busy);
}

static void set_up(void)
{
    cr_assert(not(is_due(silent, 1000)));
}

TestSuite(watchdog, .init = set_up);

Test(watchdog, looks_once_nothing_was_settled_for_the_stated_time)
{
    cr_expect(not(is_due(silent, 300999)));
    cr_expect(is_due(silent, 301000));
}

Test(watchdog, starts_anew_with_each_record_that_is_settled)
{
    struct watchdog_view moved = silent;
    moved.settled++;
    cr_expect(not(is_due(moved, 301000)));
    cr_expect(not(is_due(moved, 600999)));
    cr_expect(is_due(moved, 601000));
}

Test(watchdog, does_not_look_without_partitions_nor_at_once_when_some_come)
{
    struct watchdog_view none = silent;
    none.has_partitions = false;
    cr_expect(not(is_due(none, 100000)));
    cr_expect(not(is_due(silent, 400000)));
    cr_expect(not(is_due(silent, 699999)));
    cr_expect(is_due(silent, 700000));
}

Test(watchdog, looks_at_a_client_that_is_outside_of_its_group)
{
    struct watchdog_view outside = {.settled = 7, .is_outside = true};
    cr_expect(not(is_due(outside, 300999)));
    cr_expect(is_due(outside, 301000));
    cr_expect(not(watchdog_judge(&watchdog, WATCHDOG_NO_ANSWER, 301000)));
    cr_expect(is_due(outside, 301000 + WATCHDOG_RETRY_MS));
    cr_expect(not(watchdog_judge(&watchdog, WATCHDOG_WORK, 301000 + WATCHDOG_RETRY_MS)), "it gets time to come back by itself");
    cr_expect(is_due(outside, 601000 + WATCHDOG_RETRY_MS));
    cr_expect(watchdog_judge(&watchdog, WATCHDOG_WORK, 601000 + WATCHDOG_RETRY_MS));
}

Test(watchdog, forgets_one_that_is_back_before_the_stated_time)
{
    struct watchdog_view outside = {.settled = 7, .is_outside = true}, idle = {.settled = 7};
    cr_expect(not(is_due(outside, 200000)));
    cr_expect(not(is_due(idle, 250000)));
    cr_expect(not(is_due(outside, 301000)));
}

Test(watchdog, is_off_at_zero)
{
    const struct watchdog_limits off = {.busy_ms = 10};
    const struct watchdog_view busy = {.settled = 7, .has_partitions = true, .busy_ms = 1000000};
    cr_expect(not(watchdog_is_due(&watchdog, &off, &silent, INT64_MAX)));
    cr_expect(not(watchdog_is_lost(&watchdog, &off, &busy)));
}

Test(watchdog, a_slow_article_explains_the_silence_and_short_ones_do_not)
{
    static const struct { int64_t busy_ms; bool is_due; } cases[] = {{0, true}, {20000, true}, {150000, false}, {290000, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct watchdog_view busy = silent;
        busy.busy_ms = cases[i].busy_ms;
        cr_expect(eq(int, is_due(busy, 301000), cases[i].is_due), "busy for %lld ms", (long long)busy.busy_ms);
    }
}

Test(watchdog, a_worker_that_never_comes_back_is_lost_and_no_reason_to_replace_the_clients)
{
    struct watchdog_view busy = silent;
    busy.busy_ms = 540001;
    cr_expect(not(is_due(busy, 900000)));
    cr_expect(is_lost_after(busy.busy_ms));
    cr_expect(not(is_lost_after(540000)));
}

/* A worker over its time that gets so much CPU time with each look. */
static bool is_lost_with(const struct watchdog_limits *limits, int64_t cpu_ns_a_look)
{
    struct watchdog_view busy = silent;
    bool is_lost = false;
    watchdog.over_count = 0;
    for (busy.busy_ms = 300001; busy.busy_ms < 600000 && !is_lost; busy.busy_ms += WATCHDOG_LOOK_MS) {
        is_lost = watchdog_is_lost(&watchdog, limits, &busy);
        busy.busy_cpu_ns += cpu_ns_a_look;
    }
    return is_lost;
}

Test(watchdog, a_worker_that_others_leave_little_time_is_late_and_not_lost)
{
    static const struct { const char *what; int64_t cpu_ns; bool is_lost; } cases[] = {
        {"hangs", 0, true},
        {"wakes up now and then to look at a lock", WATCHDOG_LOOK_MS * 500, true},
        {"gets one part in a hundred of a CPU", WATCHDOG_LOOK_MS * 10000, false},
        {"gets a third of one", WATCHDOG_LOOK_MS * 333333, false},
        {"works for longer than any article may", WATCHDOG_LOOK_MS * 1000000, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(int, is_lost_with(&limits, cases[i].cpu_ns), cases[i].is_lost), "%s", cases[i].what);
}

Test(watchdog, where_articles_may_take_any_time_only_a_worker_that_hangs_is_lost)
{
    static const struct watchdog_limits endless = {.stall_ms = 300000, .busy_ms = 540000, .may_work_on = true};
    cr_expect(is_lost_with(&endless, 0));
    cr_expect(not(is_lost_with(&endless, WATCHDOG_LOOK_MS * 10000)));
    cr_expect(not(is_lost_with(&endless, WATCHDOG_LOOK_MS * 1000000)));
}

Test(watchdog, time_in_which_the_process_was_stopped_is_no_articles_fault)
{
    struct watchdog_view woken = silent;
    woken.busy_ms = 900000;
    for (int64_t awake_ms = 0; awake_ms < 240000; awake_ms += WATCHDOG_LOOK_MS)
        cr_assert(not(watchdog_is_lost(&watchdog, &limits, &woken)), "after %lld ms", (long long)awake_ms);
    woken.settled++;
    cr_expect(not(is_due(woken, 900000)));
    cr_expect(watchdog_is_lost(&watchdog, &limits, &woken));
    woken.busy_ms = 10;
    cr_expect(not(watchdog_is_lost(&watchdog, &limits, &woken)));
    woken.busy_ms = 900000;
    cr_expect(not(watchdog_is_lost(&watchdog, &limits, &woken)));
}

Test(watchdog, a_quiet_topic_is_no_stall)
{
    cr_assert(is_due(silent, 301000));
    cr_expect(not(watchdog_judge(&watchdog, WATCHDOG_NOTHING, 301000)));
    cr_expect(not(watchdog.is_stalled));
    cr_expect(not(is_due(silent, 600999)));
    cr_expect(is_due(silent, 601000));
}

Test(watchdog, heals_where_there_is_work_and_again_if_that_did_not_help)
{
    cr_assert(is_due(silent, 301000));
    cr_expect(watchdog_judge(&watchdog, WATCHDOG_WORK, 301000));
    cr_expect(watchdog.is_stalled);
    cr_expect(not(is_due(silent, 600999)));
    cr_expect(is_due(silent, 601000));
    cr_expect(watchdog_judge(&watchdog, WATCHDOG_WORK, 601000));

    struct watchdog_view moved = silent;
    moved.settled++;
    cr_expect(not(is_due(moved, 601001)));
    cr_expect(not(watchdog.is_stalled));
}

Test(watchdog, waits_for_brokers_that_are_away_and_gives_the_clients_time_when_they_are_back)
{
    cr_assert(is_due(silent, 301000));
    cr_expect(not(watchdog_judge(&watchdog, WATCHDOG_NO_ANSWER, 301000)));
    cr_expect(watchdog.is_stalled);
    cr_expect(not(is_due(silent, 301000 + WATCHDOG_RETRY_MS - 1)));
    cr_expect(is_due(silent, 301000 + WATCHDOG_RETRY_MS));
    cr_expect(not(watchdog_judge(&watchdog, WATCHDOG_WORK, 316000)));
    cr_expect(watchdog.is_stalled);
    cr_expect(not(is_due(silent, 615999)));
    cr_expect(is_due(silent, 616000));
    cr_expect(watchdog_judge(&watchdog, WATCHDOG_WORK, 616000));
}
