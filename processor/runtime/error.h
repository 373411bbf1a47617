/* The one error type: what to do about it, and a sentence that says what is wrong.
 *
 * The kind is the decision the caller has to take; the list below gives the enum and its names. The first
 * error wins: error_set() on an error that is already set does nothing. */
#pragma once

#include <stdbool.h>

#define ERROR_KINDS(X)                                                     \
    X(NONE, "none", "no error")                                            \
    X(INPUT, "input", "this message cannot be processed: dead-letter it")  \
    X(RETRY, "retry", "may heal: the same message again later")            \
    X(CONFIG, "config", "settings, files or rights are wrong: do not start") \
    X(FATAL, "fatal", "the process cannot go on: stop")

enum error_kind {
#define X(name, text, meaning) ERROR_##name,
    ERROR_KINDS(X)
#undef X
};

enum { ERROR_TEXT_BYTES = 512, ERROR_CODE_BYTES = 40 };

struct error {
    enum error_kind kind;
    char code[ERROR_CODE_BYTES]; /* stable, for counting: "json.syntax", "text.missing"; "" if none was given */
    char text[ERROR_TEXT_BYTES]; /* for people: one line, NUL-terminated, cut on a UTF-8 boundary */
};

/* Fills *err unless it is already set (or NULL); returns false always, so that a function can end with it.
 * `code` is a short dotted name of the cause. Thread: owner of *err. */
bool error_set(struct error *err, enum error_kind kind, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "input", "retry", ... A constant. Thread: any. */
const char *error_kind_name(enum error_kind kind);
