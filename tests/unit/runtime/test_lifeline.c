#include "processor/runtime/lifeline.h"

#include "tests/expect.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_ms(long ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0)
        ;
}

/* Says that it lives `count` times, every `every_ms`, and is done; its exit status. */
static pid_t start(int count, long every_ms, int64_t limit_ms)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    for (int i = 0; i < count; i++) {
        lifeline_hold(limit_ms);
        sleep_ms(every_ms);
    }
    lifeline_release();
    sleep_ms(limit_ms + 200);
    _exit(0);
}

static int end(pid_t child)
{
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(lifeline, ends_what_hangs)
{
    cr_assert(eq(int, end(start(1, 20000, 300)), 3));
}

Test(lifeline, leaves_alone_what_lives)
{
    cr_assert(eq(int, end(start(6, 200, 2000)), 0));
}

Test(lifeline, is_no_wiser_after_a_sleep)
{
    pid_t child = start(2, 500, 1000);
    sleep_ms(200);
    kill(child, SIGSTOP);
    sleep_ms(2500);
    kill(child, SIGCONT);
    cr_assert(eq(int, end(child), 0));
}
