#include "processor/runtime/log.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPEATS_MOST = 64 };

struct repeat {
    const char *event; /* a constant of the caller */
    enum log_level level;
    int64_t last_ms;
    uint64_t held_back;
};

struct log {
    int descriptor;       /* const after log_new() */
    enum log_level level; /* const after log_new() */
    pthread_mutex_t lock;
    struct repeat repeats[REPEATS_MOST]; /* protected by lock */
    size_t repeat_count;                 /* protected by lock */
    pthread_mutex_t writing;
    uint64_t dropped; /* protected by writing: lines, since the last that was written */
    bool is_torn;     /* protected by writing: the last line lacks its end */
};

static const char *const level_names[] = {
#define X(name, text) [LOG_LEVEL_##name] = text,
    LOG_LEVELS(X)
#undef X
};

struct log *log_new(int descriptor, enum log_level level)
{
    struct log *log = memory_new(1, sizeof *log);
    log->descriptor = descriptor;
    log->level = level;
    pthread_mutex_init(&log->lock, NULL);
    pthread_mutex_init(&log->writing, NULL);
    return log;
}

void log_free(struct log *log)
{
    if (!log)
        return;
    pthread_mutex_destroy(&log->lock);
    pthread_mutex_destroy(&log->writing);
    free(log);
}

bool log_is_on(const struct log *log, enum log_level level)
{
    return log && level <= log->level;
}

/* Whether a line can be written without waiting: a pipe that says so takes PIPE_BUF bytes, which is more than a line. */
static bool has_room(const struct log *log)
{
    struct pollfd out = {.fd = log->descriptor, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0;
}

static bool put(struct log *log, const char *line, size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t written = has_room(log) ? write(log->descriptor, line + done, len - done) : -1;
        if (written <= 0)
            break;
        done += (size_t)written;
    }
    if (done > 0)
        log->is_torn = done < len;
    return done == len;
}

/* A log that cannot be written (full disk, closed pipe, one whose reader has stopped) must not stop the stream: the line is
 * dropped, and the next one that can be written is told how many were. */
static void put_line(struct log *log, const char *line, size_t len)
{
    pthread_mutex_lock(&log->writing);
    bool fine = !log->is_torn || put(log, "\n", 1);
    if (fine && log->dropped > 0) {
        char text[LOG_LINE_BYTES], time[CLOCK_TEXT_BYTES];
        int size = snprintf(text, sizeof text, "ts=%s level=warn event=log.dropped lines=%llu\n", clock_text(clock_wall_ms(), time),
                            (unsigned long long)log->dropped);
        fine = put(log, text, (size_t)size);
    }
    fine = fine && put(log, line, len);
    log->dropped = fine ? 0 : log->dropped + 1;
    pthread_mutex_unlock(&log->writing);
}

static size_t append(char *line, size_t len, const char *format, va_list arguments)
{
    int more = vsnprintf(line + len, LOG_LINE_BYTES - len, format, arguments);
    if (more < 0)
        return len;
    size_t wanted = len + (size_t)more;
    return wanted < LOG_LINE_BYTES - 1 ? wanted : LOG_LINE_BYTES - 2;
}

__attribute__((format(printf, 3, 4))) static size_t append_plain(char *line, size_t len, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t end = append(line, len, format, arguments);
    va_end(arguments);
    return end;
}

__attribute__((format(printf, 5, 0))) static void write_line(struct log *log, enum log_level level, const char *event,
                                                             uint64_t repeated, const char *format, va_list arguments)
{
    char line[LOG_LINE_BYTES], time[CLOCK_TEXT_BYTES];
    size_t len = append_plain(line, 0, "ts=%s level=%s event=%s", clock_text(clock_wall_ms(), time), level_names[level],
                              event);
    if (repeated)
        len = append_plain(line, len, " repeated=%llu", (unsigned long long)repeated);
    len = append_plain(line, len, " ");
    len = append(line, len, format, arguments);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = ' ';
    line[len] = '\n';
    put_line(log, line, len + 1);
}

void log_write(struct log *log, enum log_level level, const char *event, const char *format, ...)
{
    if (!log_is_on(log, level))
        return;
    va_list arguments;
    va_start(arguments, format);
    write_line(log, level, event, 0, format, arguments);
    va_end(arguments);
}

/* Whether to write this one; *held_back is what was left out since the last. With a full table the rest is written. */
static bool is_due(struct log *log, enum log_level level, const char *event, uint64_t *held_back)
{
    int64_t now_ms = clock_now_ms();
    for (size_t i = 0; i < log->repeat_count; i++) {
        struct repeat *repeat = &log->repeats[i];
        if (strcmp(repeat->event, event) != 0)
            continue;
        if (now_ms - repeat->last_ms < LOG_REPEAT_MS) {
            repeat->held_back++;
            return false;
        }
        *held_back = repeat->held_back;
        repeat->held_back = 0;
        repeat->last_ms = now_ms;
        return true;
    }
    if (log->repeat_count < REPEATS_MOST)
        log->repeats[log->repeat_count++] = (struct repeat){.event = event, .level = level, .last_ms = now_ms};
    return true;
}

void log_repeated(struct log *log, enum log_level level, const char *event, const char *format, ...)
{
    if (!log_is_on(log, level))
        return;
    uint64_t held_back = 0;
    pthread_mutex_lock(&log->lock);
    bool due = is_due(log, level, event, &held_back);
    pthread_mutex_unlock(&log->lock);
    if (!due)
        return;
    va_list arguments;
    va_start(arguments, format);
    write_line(log, level, event, held_back, format, arguments);
    va_end(arguments);
}

void log_flush(struct log *log)
{
    if (!log)
        return;
    for (size_t i = 0; i < REPEATS_MOST; i++) {
        pthread_mutex_lock(&log->lock);
        struct repeat repeat = i < log->repeat_count ? log->repeats[i] : (struct repeat){0};
        log->repeats[i].held_back = 0;
        pthread_mutex_unlock(&log->lock);
        if (repeat.held_back)
            log_write(log, repeat.level, repeat.event, "repeated=%llu", (unsigned long long)repeat.held_back);
    }
}

void log_error(struct log *log, enum log_level level, const char *event, const struct error *err)
{
    char quoted[ERROR_TEXT_BYTES * 2];
    log_write(log, level, event, "kind=%s code=%s text=%s", error_kind_name(err->kind), err->code,
              log_quote(err->text, quoted, sizeof quoted));
}

const char *log_quote(const char *text, char *buffer, size_t bytes)
{
    size_t len = 0;
    buffer[len++] = '"';
    for (; *text && len + 3 < bytes; text++) {
        if (*text == '"' || *text == '\\')
            buffer[len++] = '\\';
        buffer[len++] = *text;
    }
    buffer[len++] = '"';
    buffer[len] = '\0';
    return buffer;
}

bool log_level_find(const char *name, enum log_level *level)
{
    for (size_t i = 0; i < LOG_LEVEL_COUNT; i++) {
        if (strcmp(level_names[i], name) != 0)
            continue;
        *level = (enum log_level)i;
        return true;
    }
    return false;
}
