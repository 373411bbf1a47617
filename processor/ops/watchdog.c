#include "processor/ops/watchdog.h"

enum { MS_NS = 1000000, IDLE_NS_A_MS = 1000 }; /* CPU time of a worker that hangs: less than a thousandth */

bool watchdog_is_due(struct watchdog *watchdog, const struct watchdog_limits *limits, const struct watchdog_view *view, int64_t now_ms)
{
    bool had_duty = watchdog->has_duty;
    watchdog->has_duty = view->has_partitions || view->is_outside;
    if (!had_duty || !watchdog->has_duty || view->settled != watchdog->settled) {
        *watchdog = (struct watchdog){
            .has_duty = watchdog->has_duty, .settled = view->settled, .since_ms = now_ms, .examined_ms = now_ms,
            .over_count = watchdog->over_count, .over_cpu_ns = watchdog->over_cpu_ns};
        return false;
    }
    int64_t wait_ms = watchdog->is_away && limits->stall_ms > WATCHDOG_RETRY_MS ? WATCHDOG_RETRY_MS : limits->stall_ms;
    bool is_explained = view->busy_ms > 0 && view->busy_ms >= (now_ms - watchdog->since_ms) / 2;
    return limits->stall_ms > 0 && now_ms - watchdog->examined_ms >= wait_ms && !is_explained;
}

bool watchdog_judge(struct watchdog *watchdog, enum watchdog_finding finding, int64_t now_ms)
{
    bool was_away = watchdog->is_away;
    watchdog->examined_ms = now_ms;
    watchdog->is_stalled = finding != WATCHDOG_NOTHING;
    watchdog->is_away = finding == WATCHDOG_NO_ANSWER;
    if (finding == WATCHDOG_NOTHING)
        watchdog->since_ms = now_ms;
    return finding == WATCHDOG_WORK && !was_away;
}

bool watchdog_is_lost(struct watchdog *watchdog, const struct watchdog_limits *limits, const struct watchdog_view *view)
{
    bool is_over = limits->stall_ms > 0 && view->busy_ms > limits->stall_ms;
    if (is_over && (watchdog->over_count == 0 || view->busy_cpu_ns < watchdog->over_cpu_ns))
        watchdog->over_cpu_ns = view->busy_cpu_ns;
    watchdog->over_count = is_over ? watchdog->over_count + 1 : 0;
    int64_t over_ms = (int64_t)watchdog->over_count * WATCHDOG_LOOK_MS, used_ns = view->busy_cpu_ns - watchdog->over_cpu_ns;
    if (!is_over || view->busy_ms <= limits->busy_ms || over_ms <= limits->busy_ms - limits->stall_ms)
        return false;
    return used_ns < over_ms * IDLE_NS_A_MS || (used_ns > over_ms * MS_NS / 2 && !limits->may_work_on);
}
