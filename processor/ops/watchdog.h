/* Notices that the stream stands still without a word: no record was settled for a stated time although something is there to
 * be read. Counts alone cannot tell that from a quiet topic or from brokers that are away, so somebody has to look: this says
 * when, and what follows from what was found. Pure: the caller brings the counts and the time. Thread: owner. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct watchdog_limits {
    int64_t stall_ms; /* 0: off */
    int64_t busy_ms;  /* longer at one article a worker never comes back */
    bool may_work_on; /* articles may take any time: a worker that works is never lost, one that hangs is */
};

struct watchdog_view {
    int64_t settled;     /* records, since the process started */
    bool has_partitions; /* without any, and with a place in the group, there is nothing to do */
    bool is_outside;     /* the client has no place in the group, and so cannot know whether there is something */
    int64_t busy_ms;     /* the longest that a worker has been at its article; 0: none is */
    int64_t busy_cpu_ns; /* CPU time that this worker has used since it is there */
};

enum watchdog_finding {
    WATCHDOG_NOTHING,   /* everything is read: a quiet topic */
    WATCHDOG_WORK,      /* a client of its own got a record that the group has not committed, or one that is outside of it an answer */
    WATCHDOG_NO_ANSWER, /* the brokers are away */
};

/* All zero at first. */
struct watchdog {
    bool has_duty, is_stalled, is_away; /* at the last look */
    unsigned over_count; /* looks one after the other that found a worker at its article for longer than stall_ms */
    int64_t over_cpu_ns; /* busy_cpu_ns at the first of them */
    int64_t settled;
    int64_t since_ms;    /* the last progress */
    int64_t examined_ms; /* the last examination, or since_ms */
};

enum { WATCHDOG_RETRY_MS = 15000, WATCHDOG_LOOK_MS = 250 };

/* Whether somebody should look now. A worker that was at one article for at least half of the silence explains it, until it
 * is lost: a new consumer does not help it. Where the brokers were away it is asked again after WATCHDOG_RETRY_MS. */
bool watchdog_is_due(struct watchdog *watchdog, const struct watchdog_limits *limits, const struct watchdog_view *view, int64_t now_ms);

/* What was found. True: the clients should be replaced. Not so directly after the brokers were away: those clients get the
 * stated time to come back by themselves. */
bool watchdog_judge(struct watchdog *watchdog, enum watchdog_finding finding, int64_t now_ms);

/* Whether a worker is lost: nothing but a new process helps. Called every WATCHDOG_LOOK_MS. Time counts from stall_ms on by
 * these calls, for the clock runs on also while the process is stopped, or its machine paused, and no article is to blame. Nor
 * is it while the worker gets on, however little time others leave it: that is one that uses CPU time, but not half as much as
 * time has gone by since stall_ms, which is more than articles may use. */
bool watchdog_is_lost(struct watchdog *watchdog, const struct watchdog_limits *limits, const struct watchdog_view *view);
