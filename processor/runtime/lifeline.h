/* The last resort against whatever hangs: the process ends when it has not said for too long that it lives.
 *
 * Threads that hang are found by ops/watchdog and by the deadlines of a stop; this is for the thread that looks after those, and
 * for calls of a library that never return. Uses SIGALRM and ITIMER_REAL, of which a process has one. */
#pragma once

#include <stdint.h>

/* The process ends with status 3 and a line on stderr, unless this is called again within `limit_ms`. A process that was
 * stopped meanwhile (SIGSTOP, a machine asleep) gets five seconds from then on. Thread: any one. */
void lifeline_hold(int64_t limit_ms);

/* It may take as long as it likes from here on. */
void lifeline_release(void);
