/* Time. Durations are measured on the monotonic clock, which jumps of the wall clock do not touch; the wall clock is
 * for log lines and status records only; the thread's own clock measures work. Thread: any. */
#pragma once

#include <stdbool.h>
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

/* CPU time that this thread has used: a busy machine does not touch it. A system call, 0.3 µs. */
int64_t clock_thread_ns(void);

/* The calling thread's clock, for other threads to read by clock_read_ns(), as long as this one lives. */
clockid_t clock_of_thread(void);
int64_t clock_read_ns(clockid_t clock);

/* The moment of clock_thread_ns() when this thread has used `budget_ms` more; 0, which is none, for 0. */
int64_t clock_thread_deadline(int64_t budget_ms);

/* Whether it has passed, for the thread that made it. Of 0 never, and the clock is not read. */
bool clock_thread_is_past(int64_t deadline_ns);

/* Milliseconds left until `deadline_ms` (of clock_now_ms()), never negative. */
int64_t clock_left_ms(int64_t deadline_ms);

enum { CLOCK_TEXT_BYTES = 32 };

/* "2019-10-19T09:00:00.000Z" for milliseconds since 1970. Years outside 0..9999 are held at the nearest. Returns `text`. */
char *clock_text(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);
