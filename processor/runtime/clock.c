#include "processor/runtime/clock.h"

#include <pthread.h>
#include <stdio.h>

int64_t clock_read_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_now_ns(void)
{
    return clock_read_ns(CLOCK_MONOTONIC);
}

int64_t clock_now_ms(void)
{
    return clock_now_ns() / 1000000;
}

int64_t clock_wall_ms(void)
{
    return clock_read_ns(CLOCK_REALTIME) / 1000000;
}

int64_t clock_thread_ns(void)
{
    return clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

clockid_t clock_of_thread(void)
{
    clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
    pthread_getcpuclockid(pthread_self(), &clock);
    return clock;
}

int64_t clock_thread_deadline(int64_t budget_ms)
{
    return budget_ms > 0 ? clock_thread_ns() + budget_ms * 1000000 : 0;
}

bool clock_thread_is_past(int64_t deadline_ns)
{
    return deadline_ns != 0 && clock_thread_ns() >= deadline_ns;
}

struct timespec clock_deadline(int64_t timeout_ms)
{
    enum { YEAR_S = 365 * 24 * 3600 }; /* "for ever", without overflow */
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    if (timeout_ms < 0)
        timeout_ms = 0;
    if (timeout_ms > (int64_t)YEAR_S * 1000)
        timeout_ms = (int64_t)YEAR_S * 1000;
    at.tv_sec += (time_t)(timeout_ms / 1000);
    at.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    return at;
}

int64_t clock_left_ms(int64_t deadline_ms)
{
    int64_t left = deadline_ms - clock_now_ms();
    return left > 0 ? left : 0;
}

char *clock_text(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
    static const int64_t least = -62167219200000, most = 253402300799999; /* 0000-01-01 and the end of 9999 */
    int64_t held = wall_ms < least ? least : wall_ms > most ? most : wall_ms;
    int64_t millis = held % 1000;
    time_t seconds = (time_t)(held / 1000);
    if (millis < 0) {
        millis += 1000;
        seconds--;
    }
    struct tm parts;
    gmtime_r(&seconds, &parts);
    snprintf(text, CLOCK_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)(parts.tm_year + 1900) % 10000U,
             (unsigned)(parts.tm_mon + 1) % 100U, (unsigned)parts.tm_mday % 100U, (unsigned)parts.tm_hour % 100U,
             (unsigned)parts.tm_min % 100U, (unsigned)parts.tm_sec % 100U, (unsigned)millis % 1000U);
    return text;
}
