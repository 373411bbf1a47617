#include "processor/ops/health.h"

#include "processor/runtime/clock.h"

void health_set(struct health *health, enum health_state state)
{
    atomic_store(&health->state, (int)state);
}

void health_stall(struct health *health, bool is_stalled)
{
    atomic_store(&health->is_stalled, is_stalled);
}

enum health_state health_state(const struct health *health)
{
    enum health_state state = (enum health_state)atomic_load(&health->state);
    bool is_at_work = state == HEALTH_RUNNING || state == HEALTH_WAITING;
    return is_at_work && atomic_load(&health->is_stalled) ? HEALTH_STALLED : state;
}

const char *health_state_name(enum health_state state)
{
    static const char *const names[] = {
#define X(name, text) [HEALTH_##name] = text,
        HEALTH_STATES(X)
#undef X
    };
    return names[state];
}

void health_beat(struct health *health)
{
    atomic_store(&health->beat_ms, clock_now_ms());
}

bool health_is_alive(const struct health *health)
{
    int64_t beat_ms = atomic_load(&health->beat_ms);
    if (health_state(health) == HEALTH_FAILED)
        return false;
    return beat_ms == 0 || clock_now_ms() - beat_ms < HEALTH_SILENT_MS;
}

bool health_is_ready(const struct health *health)
{
    return health_state(health) == HEALTH_RUNNING && health_is_alive(health);
}
