/* What state the process is in, as probes ask for it. Thread: any. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define HEALTH_STATES(X)                                           \
    X(STARTING, "starting")                                        \
    X(RUNNING, "running")                                          \
    X(WAITING, "waiting")   /* no partitions, or brokers are away */ \
    X(STALLED, "stalled")   /* work is there and none is done: ops/watchdog */ \
    X(STOPPING, "stopping")                                        \
    X(FAILED, "failed")

enum health_state {
#define X(name, text) HEALTH_##name,
    HEALTH_STATES(X)
#undef X
};

/* All zero is a process that starts. */
struct health {
    atomic_int state;              /* enum health_state */
    atomic_bool is_stalled;        /* seen instead of running and waiting */
    atomic_int_fast64_t beat_ms;   /* clock_now_ms() of the poll thread's last turn; 0: not polling yet */
};

enum { HEALTH_SILENT_MS = 60000 };

void health_set(struct health *health, enum health_state state);
void health_stall(struct health *health, bool is_stalled);
enum health_state health_state(const struct health *health);
const char *health_state_name(enum health_state state);

/* Called by the poll thread on every turn: a stall becomes visible. */
void health_beat(struct health *health);

/* Alive: not failed, and the poll thread has turned within HEALTH_SILENT_MS (before its first turn: alive). A restart
 * would help where this is false. */
bool health_is_alive(const struct health *health);

/* Ready: running. */
bool health_is_ready(const struct health *health);
