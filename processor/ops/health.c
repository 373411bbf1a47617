#include "processor/ops/health.h"

#include "processor/runtime/clock.h"

void health_set(struct health *health, enum health_state state)
{
    atomic_store(&health->state, (int)state);
}

enum health_state health_state(const struct health *health)
{
    return (enum health_state)atomic_load(&health->state);
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
