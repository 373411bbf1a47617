/* Time. Durations are measured on the monotonic clock, which jumps of the wall clock do not touch; the wall clock is
 * for log lines and status records only. Thread: any. */
#pragma once

#include <stdint.h>
#include <time.h>

/* Milliseconds and nanoseconds on the monotonic clock, from a start of no meaning. */
int64_t clock_now_ms(void);
int64_t clock_now_ns(void);

/* Milliseconds since 1970 on the wall clock. */
int64_t clock_wall_ms(void);

/* The moment `timeout_ms` from now on the monotonic clock, for pthread_cond_clockwait(CLOCK_MONOTONIC)
 * or a condition variable whose clock was set so. Negative counts as 0. */
struct timespec clock_deadline(int64_t timeout_ms);

/* Milliseconds left until `deadline_ms` (of clock_now_ms()), never negative. */
int64_t clock_left_ms(int64_t deadline_ms);

enum { CLOCK_TEXT_BYTES = 32 };

/* "2019-10-19T09:00:00.000Z" for milliseconds since 1970. Years outside 0..9999 are held at the nearest. Returns `text`. */
char *clock_text(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);
