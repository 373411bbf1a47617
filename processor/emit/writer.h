/* Writes JSON: compact, in the order of the calls, the same bytes every time. No tree is built and nothing can fail, for
 * text is valid UTF-8 and memory is the arena's.
 *
 * Numbers are written here and not by printf, because a record's bytes must not hang on a locale or a C library. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stdint.h>

struct writer {
    struct arena *arena;
    char *data; /* [len] of [capacity] */
    size_t len, capacity;
    bool follows; /* a value stands before: the next one takes a comma */
};

/* An empty document with room for `capacity` bytes; it grows. */
struct writer writer_start(struct arena *arena, size_t capacity);

void writer_open(struct writer *writer, char bracket);  /* '{' or '[' */
void writer_close(struct writer *writer, char bracket); /* '}' or ']' */
void writer_key(struct writer *writer, const char *key); /* plain letters */
void writer_string(struct writer *writer, struct view text); /* valid UTF-8 */
void writer_count(struct writer *writer, uint64_t number);
void writer_score(struct writer *writer, double score); /* rounded to 4 decimals; not a number: 0 */
void writer_bytes(struct writer *writer, struct view bytes); /* as they are; no comma is written */

/* A key and what follows it; writer_put_list() and writer_put_object() open one. */
void writer_put_string(struct writer *writer, const char *key, struct view text);
void writer_put_score(struct writer *writer, const char *key, double score);
void writer_put_count(struct writer *writer, const char *key, uint64_t number);
void writer_put_list(struct writer *writer, const char *key);
void writer_put_object(struct writer *writer, const char *key);

/* key and string, left out where the text is empty. */
void writer_field(struct writer *writer, const char *key, struct view text);

/* What was written; in the arena. */
struct view writer_result(const struct writer *writer);

/* `score` to 4 decimals, as it is written. */
double writer_rounded(double score);
