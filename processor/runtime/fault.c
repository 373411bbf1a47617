#include "processor/runtime/fault.h"

#ifdef STANCED_FAULTS

#include "processor/runtime/clock.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { FAULTS_MOST = 8, SLOW_MS = 3000 };

struct fault {
    struct view action, point, subject; /* subject empty: any */
    unsigned long time;                 /* 0: each */
};

/* Cuts what stands before `mark` off the front of `rest`; all of it where there is none. */
static struct view cut(struct view *rest, char mark)
{
    const char *at = rest->len > 0 ? memchr(rest->data, mark, rest->len) : NULL;
    struct view part = {.data = rest->data, .len = at != NULL ? (size_t)(at - rest->data) : rest->len};
    *rest = at != NULL ? view_slice(*rest, part.len + 1, rest->len) : (struct view){0};
    return part;
}

static struct fault read_fault(struct view text)
{
    struct view what = cut(&text, '@');
    return (struct fault){
        .time = text.len > 0 ? strtoul(text.data, NULL, 10) : 0, .action = cut(&what, ':'), .point = cut(&what, ':'), .subject = what};
}

static bool perform(struct view action)
{
    if (view_equal(action, view_of("kill")))
        kill(getpid(), SIGKILL);
    if (view_equal(action, view_of("crash")))
        *(volatile int *)(uintptr_t)getpagesize() = 0;
    if (view_equal(action, view_of("abort")))
        abort();
    if (view_equal(action, view_of("slow")))
        for (int64_t deadline_ns = clock_thread_deadline(SLOW_MS); !clock_thread_is_past(deadline_ns);)
            ;
    if (view_equal(action, view_of("wait")))
        nanosleep(&(struct timespec){.tv_sec = SLOW_MS / 1000}, NULL);
    while (view_equal(action, view_of("hang")))
        pause();
    return view_equal(action, view_of("stall"));
}

bool fault_reach(const char *point, struct view subject)
{
    static atomic_ulong counts[FAULTS_MOST];
    const char *text = getenv("STANCED_FAULT");
    struct view rest = text != NULL ? view_of(text) : (struct view){0};
    bool stalls = false;
    for (size_t i = 0; i < FAULTS_MOST && rest.len > 0; i++) {
        struct fault fault = read_fault(cut(&rest, ','));
        if (!view_equal(fault.point, view_of(point)) || (fault.subject.len > 0 && !view_equal(fault.subject, subject)))
            continue;
        unsigned long time = atomic_fetch_add(&counts[i], 1) + 1;
        if (fault.time == 0 || fault.time == time)
            stalls |= perform(fault.action);
    }
    return stalls;
}

#endif
