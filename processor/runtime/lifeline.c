#include "processor/runtime/lifeline.h"

#include "processor/runtime/clock.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <unistd.h>

enum { STATUS_HANGS = 3, ASLEEP_MS = 1000, GRACE_MS = 5000 };

static _Atomic int64_t due_ms;

static void arm(int64_t limit_ms)
{
    atomic_store(&due_ms, clock_now_ms() + limit_ms);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000}}, NULL);
}

/* Only what a signal handler may call, and nothing that waits. */
static void on_alarm(int number)
{
    static const char text[] = "level=error event=process.hangs text=\"something does not return: the process ends\"\n";
    struct pollfd log = {.fd = STDERR_FILENO, .events = POLLOUT};
    (void)number;
    if (clock_now_ms() - atomic_load(&due_ms) > ASLEEP_MS) {
        arm(GRACE_MS);
        return;
    }
    ssize_t written = poll(&log, 1, 0) == 1 ? write(STDERR_FILENO, text, sizeof text - 1) : 0;
    (void)written;
    _exit(STATUS_HANGS);
}

void lifeline_hold(int64_t limit_ms)
{
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm, .sa_flags = SA_RESTART}, NULL);
    arm(limit_ms);
}

void lifeline_release(void)
{
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
}
