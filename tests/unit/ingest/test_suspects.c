#include "processor/ingest/suspects.h"

#include "tests/expect.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "/tmp/suspects-XXXXXX";
static char path[64];
static struct error err;
static unsigned deaths;

static const struct suspect_place one = {.topic = "articles", .partition = 3, .offset = 17, .value = {"one", 3}};
static const struct suspect_place two = {.topic = "articles", .partition = 3, .offset = 18, .value = {"two", 3}};

static void set_up(void)
{
    cr_assert(mkdtemp(directory) != NULL);
    snprintf(path, sizeof path, "%s/a_b.hands", directory);
}

static void tear_down(void)
{
    unlink(path);
    rmdir(directory);
}

TestSuite(suspects, .init = set_up, .fini = tear_down);

static struct suspects *open_them(void)
{
    struct suspects *suspects;
    /* A child that was killed from outside leaves the file's lock with its killer, for an instant. */
    for (int i = 0; (suspects = suspects_open(directory, "a/b", 2, &err)) == NULL && i < 500; i++)
        usleep(10000);
    if (suspects == NULL) { /* cr_assert() in a child would keep Criterion waiting for ever */
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    return suspects;
}

enum death { BY_KILL, BY_FAULT, BY_ABORT, BY_DIVISION, BY_OVERFLOW, BY_SEGV_FROM_OUTSIDE, BY_EXIT, BY_BLAME, WHILE_STOPPING, BY_FAULT_WHILE_STOPPING, BY_STOP_THAT_FAILED };

static int overflow(volatile const char *above)
{
    volatile char here[4096];
    here[0] = above[0];
    return here[0] == 0 ? overflow(here) + here[0] : 0;
}

static void die(struct suspects *suspects, enum death death)
{
    volatile int zero = 0;
    switch (death) {
    case WHILE_STOPPING: suspects_leave(suspects); /* fall through */
    case BY_KILL: kill(getpid(), SIGKILL); break;
    case BY_FAULT_WHILE_STOPPING: suspects_leave(suspects); /* fall through */
    case BY_FAULT: *(volatile int *)(uintptr_t)getpagesize() = 0; break;
    case BY_ABORT: abort();
    case BY_DIVISION: raise(SIGFPE); break;
    case BY_OVERFLOW: overflow(&(char){0}); break;
    case BY_SEGV_FROM_OUTSIDE:
        if (fork() == 0)
            _exit(kill(getppid(), SIGSEGV));
        for (;;)
            pause();
    case BY_BLAME: suspects_blame(suspects, 0); suspects_leave(suspects); break;
    case BY_STOP_THAT_FAILED: suspects_leave(suspects), suspects_cannot_leave(suspects); break;
    case BY_EXIT: break;
    }
    _exit(zero);
}

/* Another process that reads `place` and dies of it. */
static void die_at(const struct suspect_place *place, enum death death)
{
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        struct suspects *suspects = open_them();
        suspects_enter();
        suspects_begin(suspects, 0, place, &deaths);
        die(suspects, death);
    }
    int status;
    cr_assert(eq(int, waitpid(child, &status, 0), child));
}

/* What a process that is started now says of the record, and how often it thinks that it died of it; nothing is changed. */
static enum suspects_verdict ask(const struct suspect_place *place)
{
    pid_t child = fork();
    if (child == 0) {
        struct suspects *suspects = open_them();
        suspects_leave(suspects);
        enum suspects_verdict verdict = suspects_begin(suspects, 0, place, &deaths);
        _exit((int)(verdict | deaths << 2));
    }
    int status;
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    bool has_exited = WIFEXITED(status);
    cr_assert(has_exited);
    deaths = (unsigned)WEXITSTATUS(status) >> 2;
    return (enum suspects_verdict)(WEXITSTATUS(status) & 3);
}

Test(suspects, a_record_is_given_up_after_as_many_deaths_as_its_blame_asks_for)
{
    static const struct { const char *name; enum death death; unsigned alone; } cases[] = {
        {"a fault", BY_FAULT, 1}, {"abort", BY_ABORT, 1}, {"a division", BY_DIVISION, 1}, {"a stack that ran over", BY_OVERFLOW, 1},
        {"blamed by the watchdog", BY_BLAME, 1}, {"a fault while stopping", BY_FAULT_WHILE_STOPPING, 1},
        {"killed", BY_KILL, 3}, {"gone without a word", BY_EXIT, 3}, {"a stop that failed", BY_STOP_THAT_FAILED, 3}, {"SIGSEGV from outside", BY_SEGV_FROM_OUTSIDE, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect(eq(int, ask(&one), SUSPECTS_NONE), "%s", cases[i].name);
        for (unsigned k = 1; k <= cases[i].alone; k++) {
            die_at(&one, cases[i].death);
            cr_expect(eq(int, ask(&one), SUSPECTS_ALONE), "%s, death %u", cases[i].name, k);
            cr_expect(eq(uint, deaths, k), "%s", cases[i].name);
        }
        die_at(&one, cases[i].death);
        cr_expect(eq(int, ask(&one), SUSPECTS_GUILTY), "%s", cases[i].name);
        unlink(path);
    }
}

Test(suspects, who_is_killed_while_the_process_stops_is_not_to_blame)
{
    for (int i = 0; i < 5; i++)
        die_at(&one, WHILE_STOPPING);
    cr_expect(eq(int, ask(&one), SUSPECTS_NONE));
}

Test(suspects, a_record_that_is_read_to_its_end_is_none_any_more)
{
    die_at(&one, BY_FAULT);
    struct suspects *suspects = open_them();
    cr_expect(eq(sz, suspects_count(suspects), 1));
    cr_expect(eq(int, suspects_begin(suspects, 5, &one, &deaths), SUSPECTS_ALONE));
    suspects_end(suspects, 5);
    cr_expect(eq(sz, suspects_count(suspects), 0));
    suspects_close(suspects);

    cr_expect(eq(int, ask(&one), SUSPECTS_NONE));
}

Test(suspects, only_the_very_record_is_one)
{
    die_at(&one, BY_FAULT);
    struct suspect_place others[] = {one, one, one, one};
    others[0].topic = "others";
    others[1].partition = 4;
    others[2].offset = 18;
    others[3].value = view_of("another");
    for (size_t i = 0; i < 4; i++)
        cr_expect(eq(int, ask(&others[i]), SUSPECTS_NONE), "case %zu", i);
}

static atomic_bool is_standing_by;

static void *stand_by(void *suspects)
{
    suspects_begin(suspects, 1, &two, &(unsigned){0});
    atomic_store(&is_standing_by, true);
    while (pause() < 0)
        ;
    return NULL;
}

Test(suspects, who_stood_by_when_another_died_is_not_to_blame)
{
    pid_t child = fork();
    if (child == 0) {
        struct suspects *suspects = open_them();
        pthread_t thread;
        pthread_create(&thread, NULL, stand_by, suspects);
        while (!atomic_load(&is_standing_by))
            sched_yield();
        suspects_begin(suspects, 0, &one, &deaths);
        die(suspects, BY_ABORT);
    }
    waitpid(child, NULL, 0);
    cr_expect(eq(int, ask(&one), SUSPECTS_ALONE));
    cr_expect(eq(int, ask(&two), SUSPECTS_NONE));
}

static atomic_bool other_is_done;

static void *read_alone(void *suspects)
{
    enum suspects_verdict verdict = suspects_begin(suspects, 1, &one, &(unsigned){0});
    bool was_done = atomic_load(&other_is_done);
    suspects_end(suspects, 1);
    return verdict == SUSPECTS_ALONE && was_done ? suspects : NULL;
}

Test(suspects, one_is_read_alone)
{
    die_at(&one, BY_FAULT);
    struct suspects *suspects = open_them();
    pthread_t thread;
    void *result;
    suspects_begin(suspects, 0, &two, &deaths);
    pthread_create(&thread, NULL, read_alone, suspects);
    for (int i = 0; i < 10000; i++)
        sched_yield();
    atomic_store(&other_is_done, true);
    suspects_end(suspects, 0);
    pthread_join(thread, &result);
    cr_expect(result != NULL);
    suspects_close(suspects);
}

Test(suspects, there_is_room_for_some_and_the_newest_are_kept)
{
    pid_t child = fork();
    if (child == 0) {
        struct suspects *suspects = open_them();
        struct suspect_place place = one;
        for (size_t i = 0; i < SUSPECTS_SLOTS_MOST; i++, place.offset++)
            suspects_begin(suspects, i, &place, &deaths);
        die(suspects, BY_KILL);
    }
    waitpid(child, NULL, 0);
    struct suspects *suspects = open_them();
    struct suspect_place last = one;
    last.offset += SUSPECTS_SLOTS_MOST - 1;
    cr_expect(eq(sz, suspects_count(suspects), SUSPECTS_MOST));
    cr_expect(eq(int, suspects_begin(suspects, 0, &last, &deaths), SUSPECTS_ALONE));
    suspects_end(suspects, 0);
    suspects_close(suspects);
}

Test(suspects, two_processes_cannot_share_a_file)
{
    struct suspects *suspects = open_them();
    cr_expect(suspects_open(directory, "a?b", 2, &err) == NULL);
    cr_expect(eq(int, err.kind, ERROR_CONFIG));
    expect_text(err.code, "state.locked");
    suspects_close(suspects);

    suspects_close(open_them());
}

Test(suspects, a_directory_that_is_not_there_is_said)
{
    cr_expect(suspects_open("/nonexistent/state", "a", 2, &err) == NULL);
    expect_text(err.code, "state.open");
    expect_says(err.text, "/nonexistent/state/a.hands");
}

static unsigned next_random(unsigned *seed)
{
    return *seed = *seed * 1103515245U + 12345U;
}

/* Overwrites `count` bytes of the file, anywhere. */
static void spoil(size_t count, unsigned *seed)
{
    int file = open(path, O_RDWR);
    off_t size = lseek(file, 0, SEEK_END);
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = (unsigned char)(next_random(seed) >> 16);
        cr_assert(eq(int, (int)pwrite(file, &byte, 1, (off_t)(next_random(seed) >> 4) % size), 1));
    }
    close(file);
}

Test(suspects, any_bytes_in_the_file_are_survived)
{
    unsigned seed = 7;
    for (int round = 0; round < 24; round++) {
        die_at(&one, BY_KILL);
        die_at(&two, BY_FAULT);
        spoil(round % 3 == 0 ? 20 : 100000, &seed);
        if (round % 4 == 1)
            cr_assert(eq(int, truncate(path, next_random(&seed) % 100000), 0));
        struct suspects *suspects = open_them();
        cr_expect(le(sz, suspects_count(suspects), SUSPECTS_MOST));
        if (suspects_begin(suspects, 0, &one, &deaths) != SUSPECTS_GUILTY)
            suspects_end(suspects, 0);
        suspects_close(suspects);
    }
}
