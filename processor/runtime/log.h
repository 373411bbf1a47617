/* Log lines: one line an event, key=value, to a file descriptor (stderr).
 *
 *   ts=2019-10-19T09:00:00.000Z level=warn event=broker.down broker=3 text="connection refused"
 *
 * Only commands and the pipeline log; all else returns errors. Ids, offsets and durations, never an article's text.
 * A line is one write(2), so that lines of several threads do not mix. Nobody waits for the log: a line for which there is no
 * room (full disk, a pipe that nobody reads) is left out, and counted in an event=log.dropped as soon as there is. Thread: any, unless said otherwise. */
#pragma once

#include "processor/runtime/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_LEVELS(X) \
    X(ERROR, "error") \
    X(WARN, "warn")   \
    X(INFO, "info")   \
    X(DEBUG, "debug")

enum log_level { /* not LOG_ERROR: syslog.h has such names as macros */
#define X(name, text) LOG_LEVEL_##name,
    LOG_LEVELS(X)
#undef X
    LOG_LEVEL_COUNT
};

enum { LOG_LINE_BYTES = 2048, LOG_REPEAT_MS = 10000 };

struct log;

/* Lines up to `level` go to `descriptor`, which stays the caller's. Free with log_free(). */
struct log *log_new(int descriptor, enum log_level level);
void log_free(struct log *log); /* after log_flush(); NULL is fine */

/* One line. `event` is a dotted constant; `format` gives the "key=value key=value" behind it. Line breaks and
 * other control characters are replaced by spaces; a line over LOG_LINE_BYTES is cut. `log` NULL: nothing. */
void log_write(struct log *log, enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same for what can happen once a message: of each `event` one line every LOG_REPEAT_MS at most, which then says
 * how many were left out (repeated=N). */
void log_repeated(struct log *log, enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* kind=config code=model.open text="..." for *err, as log_write(). */
void log_error(struct log *log, enum log_level level, const char *event, const struct error *err);

/* Reports the counts that log_repeated() still holds back: at the end, or now and then. */
void log_flush(struct log *log);

bool log_is_on(const struct log *log, enum log_level level);

/* `text` in double quotes, with \" and \\ escaped, for a value that may hold spaces; cut to fit. Returns `buffer`.
 * bytes >= 3. */
const char *log_quote(const char *text, char *buffer, size_t bytes);

/* "warn" -> LOG_LEVEL_WARN. False for an unknown name. */
bool log_level_find(const char *name, enum log_level *level);
