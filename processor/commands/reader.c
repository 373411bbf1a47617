#include "processor/commands/reader.h"

#include "processor/commands/input.h"
#include "processor/runtime/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES_LEAST = 64 * 1024, GUESS_BYTES = 64 * 1024 };

struct reader {
    struct input *input;
    struct error failure; /* of the file; told with the record that it cut off */
    enum reader_split split;
    size_t bytes_most;
    char *data; /* [end] of [capacity]; the record to come starts at `start` */
    size_t capacity, start, end;
    size_t scanned; /* no newline in data[start, start + scanned) */
    size_t line;
    bool is_at_end, is_stdin;
};

static bool is_blank(struct view line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!memchr(" \t\r\n", line.data[i], 4))
            return false;
    return true;
}

static struct view trimmed(struct view line)
{
    while (line.len > 0 && memchr(" \t\r\n", line.data[line.len - 1], 4))
        line.len--;
    return line;
}

/* Reads more behind data[end]; false at the end of the file, which a failure is too. */
static bool fill(struct reader *reader)
{
    if (reader->start > 0) {
        memmove(reader->data, reader->data + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    if (reader->end == reader->capacity) {
        reader->capacity = reader->capacity ? reader->capacity * 2 : BUFFER_BYTES_LEAST;
        reader->data = memory_resize(reader->data, reader->capacity, 1);
    }
    size_t got = input_read(reader->input, reader->data + reader->end, reader->capacity - reader->end, &reader->failure);
    reader->end += got;
    reader->is_at_end = got == 0;
    return got > 0;
}

static struct view in_hand(const struct reader *reader)
{
    return (struct view){.data = reader->data + reader->start, .len = reader->end - reader->start};
}

static bool too_large(const struct reader *reader, struct error *err)
{
    error_set(err, ERROR_INPUT, "payload.large", "more than %zu bytes", reader->bytes_most);
    return true;
}

/* True if the file failed: the record that ends there is not whole. */
static bool tell_failure(struct reader *reader, struct error *err)
{
    if (reader->failure.kind == ERROR_NONE)
        return false;
    *err = reader->failure;
    reader->failure = (struct error){0};
    return true;
}

static bool next_whole(struct reader *reader, struct reader_record *record, struct error *err)
{
    if (reader->line++ > 0)
        return false;
    while (!reader->is_at_end && in_hand(reader).len <= reader->bytes_most)
        fill(reader);
    if (tell_failure(reader, err))
        return true;
    *record = (struct reader_record){.payload = in_hand(reader)};
    if (record->payload.len > reader->bytes_most)
        return too_large(reader, err);
    return record->payload.len > 0 || !reader->is_stdin;
}

/* Lets the rest of a line go that is longer than may be. */
static void skip_line(struct reader *reader)
{
    do {
        struct view rest = in_hand(reader);
        const char *newline = rest.len > 0 ? memchr(rest.data, '\n', rest.len) : NULL;
        reader->start = newline ? reader->start + (size_t)(newline - rest.data) + 1 : reader->end;
        if (newline)
            break;
    } while (fill(reader));
    reader->scanned = 0;
}

/* The next line, blank or not. */
static bool next_line(struct reader *reader, struct reader_record *record, struct error *err)
{
    reader->line++;
    for (;;) {
        struct view rest = in_hand(reader);
        const char *from = rest.data + reader->scanned;
        const char *newline = rest.len > reader->scanned ? memchr(from, '\n', rest.len - reader->scanned) : NULL;
        size_t len = newline ? (size_t)(newline - rest.data) : rest.len;
        if (len > reader->bytes_most) {
            skip_line(reader);
            *record = (struct reader_record){.line = reader->line};
            return too_large(reader, err);
        }
        if (!newline && reader->is_at_end && tell_failure(reader, err)) {
            *record = (struct reader_record){.line = reader->line};
            reader->start = reader->end;
            return true;
        }
        if (newline || reader->is_at_end) {
            *record = (struct reader_record){.payload = {.data = rest.data, .len = len}, .line = reader->line};
            reader->start += len + (newline ? 1 : 0);
            reader->scanned = 0;
            return newline || len > 0;
        }
        reader->scanned = rest.len;
        fill(reader);
    }
}

static void decide(struct reader *reader)
{
    while (reader->split == READER_GUESS) {
        reader->split = reader_guess(in_hand(reader), reader->is_at_end);
        if (reader->split == READER_GUESS)
            fill(reader);
    }
}

enum reader_split reader_guess(struct view start, bool is_all)
{
    size_t lines = 0, openers = 0, whole = 0;
    bool is_full = is_all || start.len >= GUESS_BYTES;
    for (size_t from = 0; from < start.len;) {
        const char *newline = memchr(start.data + from, '\n', start.len - from);
        if (!newline && !is_full)
            break;
        size_t end = newline ? (size_t)(newline - start.data) : start.len;
        struct view line = trimmed(view_slice(start, from, end));
        from = end + 1;
        if (line.len == 0)
            continue;
        bool is_opener = line.data[0] == '{', is_whole = is_opener && line.len > 1 && line.data[line.len - 1] == '}';
        if (is_whole && lines == 0)
            return READER_LINES; /* an object on a line of its own: also a file of one such line is read right so */
        lines++;
        openers += is_opener;
        whole += is_whole;
    }
    if (!is_full)
        return READER_GUESS;
    return openers * 2 >= lines && (openers > 1 || whole > 0) ? READER_LINES : READER_WHOLE;
}

struct reader *reader_open(const char *path, enum reader_split split, size_t bytes_most)
{
    struct reader *reader = memory_new(1, sizeof *reader);
    reader->split = split;
    reader->bytes_most = bytes_most;
    reader->is_stdin = strcmp(path, "-") == 0;
    reader->input = input_open(path, &reader->failure);
    reader->is_at_end = !reader->input;
    return reader;
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    input_close(reader->input);
    free(reader->data);
    free(reader);
}

size_t reader_consumed(const struct reader *reader)
{
    return reader->input ? input_consumed(reader->input) : 0;
}

bool reader_next(struct reader *reader, struct reader_record *record, struct error *err)
{
    assert(err->kind == ERROR_NONE);
    *record = (struct reader_record){0};
    decide(reader);
    if (reader->split == READER_WHOLE)
        return next_whole(reader, record, err);
    while (next_line(reader, record, err))
        if (err->kind != ERROR_NONE || !is_blank(record->payload))
            return true;
    return false;
}
