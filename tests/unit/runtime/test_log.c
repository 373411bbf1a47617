#include "processor/runtime/log.h"

#include "tests/expect.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static int ends[2];
static struct log *log_of_test;
static char lines[16384];

static void set_up(void)
{
    cr_assert(eq(int, pipe(ends), 0));
    log_of_test = log_new(ends[1], LOG_LEVEL_INFO);
}

static void tear_down(void)
{
    log_free(log_of_test);
    close(ends[0]);
}

/* What was written up to now; no more can be written afterwards. */
static const char *written(void)
{
    close(ends[1]);
    size_t len = 0;
    for (ssize_t got; (got = read(ends[0], lines + len, sizeof lines - 1 - len)) > 0;)
        len += (size_t)got;
    lines[len] = '\0';
    return lines;
}

static size_t line_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

TestSuite(log, .init = set_up, .fini = tear_down);

Test(log, a_line_has_time_level_event_and_values)
{
    log_write(log_of_test, LOG_LEVEL_WARN, "broker.down", "broker=%d", 3);

    const char *line = written();
    cr_expect(eq(int, strncmp(line, "ts=20", 5), 0));
    expect_says(line, "Z level=warn event=broker.down broker=3\n");
}

Test(log, lines_above_the_level_are_left_out)
{
    log_write(log_of_test, LOG_LEVEL_DEBUG, "detail", "a=%d", 1);

    expect_text(written(), "");
    cr_expect(not(log_is_on(log_of_test, LOG_LEVEL_DEBUG)));
    cr_expect(log_is_on(log_of_test, LOG_LEVEL_INFO));
}

Test(log, outside_text_cannot_forge_a_line)
{
    log_write(log_of_test, LOG_LEVEL_INFO, "bad", "key=%s", "a\nts=0 level=error\x1b[31m");

    const char *text = written();
    cr_expect(eq(sz, line_count(text), 1));
    cr_expect(eq(ptr, strchr(text, '\x1b'), NULL));
}

Test(log, a_long_line_is_cut_and_still_ends)
{
    char value[3 * LOG_LINE_BYTES];
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';

    log_write(log_of_test, LOG_LEVEL_INFO, "long", "value=%s", value);
    log_write(log_of_test, LOG_LEVEL_INFO, "next", "n=%d", 1);

    const char *text = written();
    cr_expect(eq(sz, line_count(text), 2));
    cr_expect(le(sz, (size_t)(strchr(text, '\n') - text), LOG_LINE_BYTES));
}

Test(log, repeated_events_are_counted_and_reported_once)
{
    for (int i = 0; i < 50; i++)
        log_repeated(log_of_test, LOG_LEVEL_WARN, "fetch.failed", "broker=%d", i);
    log_repeated(log_of_test, LOG_LEVEL_WARN, "other", "n=%d", 1);
    log_flush(log_of_test);
    log_flush(log_of_test);

    const char *text = written();
    cr_expect(eq(sz, line_count(text), 3), "%s", text);
    expect_says(text, "event=fetch.failed broker=0\n");
    expect_says(text, "event=other n=1\n");
    expect_says(text, "event=fetch.failed repeated=49\n");
}

Test(log, a_pipe_that_nobody_reads_holds_nobody_up_and_says_later_what_is_missing)
{
    enum { LINES = 2000 }; /* more than a pipe holds */
    alarm(20);
    for (int i = 0; i < LINES; i++)
        log_write(log_of_test, LOG_LEVEL_INFO, "step", "number=%04d of=many text=\"so that lines have some length\"", i);
    static char buffer[1 << 20];
    ssize_t got = read(ends[0], buffer, sizeof buffer - 1);
    buffer[got > 0 ? got : 0] = '\0';
    size_t kept = line_count(buffer);
    log_write(log_of_test, LOG_LEVEL_INFO, "last", "a=%d", 1);

    char wanted[64];
    snprintf(wanted, sizeof wanted, "event=log.dropped lines=%zu\n", LINES - kept);
    cr_expect(ge(sz, kept, 100));
    cr_expect(lt(sz, kept, (size_t)LINES));
    expect_says(written(), wanted);
    expect_says(lines, "event=last a=1\n");
}

Test(log, a_line_that_was_cut_off_by_a_full_disk_does_not_spoil_the_next)
{
    char name[] = "/tmp/log-XXXXXX";
    int file = mkstemp(name);
    struct log *log = log_new(file, LOG_LEVEL_INFO);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGXFSZ);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 20, .rlim_max = limit.rlim_max});
    log_write(log, LOG_LEVEL_INFO, "first", "a=%d", 1);
    log_write(log, LOG_LEVEL_INFO, "second", "a=%d", 1);
    setrlimit(RLIMIT_FSIZE, &limit);
    log_write(log, LOG_LEVEL_INFO, "third", "a=%d", 1);
    ssize_t got = pread(file, lines, sizeof lines - 1, 0);
    lines[got > 0 ? got : 0] = '\0';
    log_free(log);
    close(file);
    unlink(name);

    cr_expect(eq(sz, line_count(lines), 3));
    expect_says(lines, "event=log.dropped lines=2\nts=");
    expect_says(lines, "event=third a=1\n");
}

Test(log, errors_show_kind_code_and_quoted_text)
{
    struct error err = {0};
    error_set(&err, ERROR_CONFIG, "model.open", "no \"model\" here");

    log_error(log_of_test, LOG_LEVEL_ERROR, "start.failed", &err);

    expect_says(written(), "kind=config code=model.open text=\"no \\\"model\\\" here\"\n");
}

Test(log, quoted_text_is_cut_to_fit_and_stays_closed)
{
    char buffer[8];

    expect_text(log_quote("ab", buffer, sizeof buffer), "\"ab\"");
    expect_text(log_quote("abcdefghij", buffer, sizeof buffer), "\"abcd\"");
    expect_text(log_quote("abc\"def", buffer, sizeof buffer), "\"abc\\\"\"");
}

Test(log, no_log_is_fine)
{
    log_write(NULL, LOG_LEVEL_ERROR, "a", "b=%d", 1);
    log_repeated(NULL, LOG_LEVEL_ERROR, "a", "b=%d", 1);
    log_flush(NULL);

    expect_text(written(), "");
}

Test(log, levels_have_names)
{
    enum log_level level = LOG_LEVEL_ERROR;

    cr_expect(log_level_find("debug", &level));
    cr_expect(eq(int, level, LOG_LEVEL_DEBUG));
    cr_expect(not(log_level_find("verbose", &level)));
}
