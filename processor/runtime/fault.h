/* Points at which a test build can be made to fail. In the program that is installed they are nothing: only
 * build/tests/stanced-faults is compiled with STANCED_FAULTS.
 *
 * STANCED_FAULT in the environment: ACTION:POINT[:SUBJECT][@N],... SUBJECT restricts it to one (an article's id, a client's name), N to the
 * Nth time that the point is reached. Actions:
 *   kill    SIGKILL to itself         crash   a write to nowhere            abort   as the C library does it
 *   slow    three seconds of work     hang    for ever, without any work    stall   what the point itself understands
 *   wait    three seconds without any
 * Points: worker, before-produce, after-produce, between-offsets-and-commit, in-rebalance, in-close, in-release, destroy, fetch, member, landed, answer.
 * Thread: any. */
#pragma once

#include "processor/runtime/view.h"

#ifdef STANCED_FAULTS
/* True: stall. */
bool fault_reach(const char *point, struct view subject);
#else
static inline bool fault_reach(const char *point, struct view subject)
{
    (void)point;
    (void)subject;
    return false;
}
#endif
