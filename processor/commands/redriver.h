/* Sends dead letters back to where they came from: reads them in order, decides for each, sends in batches. In exactly-once
 * mode outputs and positions of a batch are one transaction, whose transactional id is the group's name: a call that starts
 * takes over from one that was killed or hangs. In at-least-once mode positions are committed after the outputs are
 * acknowledged. Nothing is repeated here after a failure: the next call goes on where the last batch ended.
 * Thread: main. */
#pragma once

#include "processor/emit/deadletter.h"
#include "processor/ingest/client.h"
#include "processor/ingest/follower.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"

#include <signal.h>

enum { REDRIVER_POSITION_DAYS = 7 }; /* brokers keep a group's position so long after its last commit, unless told otherwise */

struct redriver_filter {
    const char *code, *topic, *key; /* NULL: any */
    int64_t since_ms, until_ms;     /* of when it was given up, [since, until); 0: any */
};

enum redriver_verdict {
    REDRIVER_SENT,  /* counts; in a dry run: would be sent */
    REDRIVER_STAYS, /* matches, but cannot be sent */
    REDRIVER_LEFT   /* the filter leaves it out */
};

struct redriver_options {
    const struct settings *settings; /* its group is that of the redrive */
    struct redriver_filter filter;
    int32_t redrives_most;
    int64_t limit; /* records to send; 0: no limit */
    bool is_dry, is_skipping, has_no_past; /* sends nothing; done with what the filter leaves out; never redriven before */
    struct client_events events;
    const sigset_t *signals; /* blocked; any of them ends it, and what was not sent yet is for the next call */
    /* Called for each record that was sent (once it counts) or stays; `why` is for those that stay. */
    void (*tell)(void *context, enum redriver_verdict verdict, const struct followed *record, const struct deadletter_found *found,
                 const char *why);
    void *context;
};

struct redriver_counts {
    int64_t sent, stayed, left;
};

/* Runs to the present end of the dead letters. `counts` is right also on failure.
 *   err  ERROR_CONFIG: topics, properties, rights, or a past that cannot be known; ERROR_RETRY: brokers, signals: call again */
bool redriver_run(const struct redriver_options *options, struct redriver_counts *counts, struct error *err);
