/* Cuts what is read into records: the lines of JSON Lines, or a whole file as one article.
 *
 * A file is JSON Lines where most of its lines start with an opening brace; a document that is spread over lines has one
 * such line, its first. The first lines decide, as soon as they can. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stddef.h>

enum reader_split { READER_GUESS, READER_LINES, READER_WHOLE };

struct reader;

/* Reads `path` ("-": stdin) in records of at most `bytes_most`. Never NULL: a file that cannot be opened is a record that
 * cannot be read. Close with reader_close(). Thread: owner. */
struct reader *reader_open(const char *path, enum reader_split split, size_t bytes_most);
void reader_close(struct reader *reader);

struct reader_record {
    struct view payload; /* until the next call */
    size_t line;         /* from 1; 0: the whole file */
};

/* The next record; blank lines and an empty stdin are none. False at the end, with *err not set.
 * Where *err is set (and the result true), this one record cannot be read: ERROR_INPUT "file.open", "file.read",
 * "gzip.broken", "payload.large". */
bool reader_next(struct reader *reader, struct reader_record *record, struct error *err);

/* Bytes of the file read so far, as they lie on disk. */
size_t reader_consumed(const struct reader *reader);

/* What a piece of text from the start of a file says of it; `is_all`: it is the whole file. READER_GUESS: not yet. */
enum reader_split reader_guess(struct view start, bool is_all);
