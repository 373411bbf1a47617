#include "processor/emit/writer.h"

#include <math.h>
#include <string.h>

enum { CAPACITY_LEAST = 256, DECIMALS = 4, SCALE = 10000, NUMBER_BYTES = 24 };

static void reserve(struct writer *writer, size_t more)
{
    if (writer->capacity - writer->len >= more)
        return;
    size_t capacity = writer->capacity;
    while (capacity - writer->len < more)
        capacity *= 2;
    char *data = arena_take(writer->arena, capacity);
    memcpy(data, writer->data, writer->len);
    writer->data = data;
    writer->capacity = capacity;
}

static void put(struct writer *writer, char byte)
{
    reserve(writer, 1);
    writer->data[writer->len++] = byte;
}

static void before_value(struct writer *writer)
{
    if (writer->follows)
        put(writer, ',');
    writer->follows = true;
}

/* The escape of a byte that may not stand in a string, or NULL. */
static const char *escape_of(unsigned char byte, char hex[7])
{
    switch (byte) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
    }
    if (byte >= 0x20)
        return NULL;
    memcpy(hex, "\\u00", 4);
    hex[4] = (char)('0' + (byte >> 4));
    hex[5] = "0123456789abcdef"[byte & 0xF];
    hex[6] = '\0';
    return hex;
}

struct writer writer_start(struct arena *arena, size_t capacity)
{
    if (capacity < CAPACITY_LEAST)
        capacity = CAPACITY_LEAST;
    return (struct writer){.arena = arena, .data = arena_take(arena, capacity), .capacity = capacity};
}

void writer_bytes(struct writer *writer, struct view bytes)
{
    reserve(writer, bytes.len);
    if (bytes.len > 0)
        memcpy(writer->data + writer->len, bytes.data, bytes.len);
    writer->len += bytes.len;
}

void writer_open(struct writer *writer, char bracket)
{
    before_value(writer);
    put(writer, bracket);
    writer->follows = false;
}

void writer_close(struct writer *writer, char bracket)
{
    put(writer, bracket);
    writer->follows = true;
}

void writer_key(struct writer *writer, const char *key)
{
    before_value(writer);
    put(writer, '"');
    writer_bytes(writer, view_of(key));
    writer_bytes(writer, view_of("\":"));
    writer->follows = false;
}

void writer_string(struct writer *writer, struct view text)
{
    before_value(writer);
    put(writer, '"');
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        char hex[7];
        const char *escape = escape_of((unsigned char)text.data[i], hex);
        if (!escape)
            continue;
        writer_bytes(writer, view_slice(text, from, i));
        writer_bytes(writer, view_of(escape));
        from = i + 1;
    }
    if (text.len > 0)
        writer_bytes(writer, view_slice(text, from, text.len));
    put(writer, '"');
}

void writer_count(struct writer *writer, uint64_t number)
{
    char digits[NUMBER_BYTES];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    before_value(writer);
    writer_bytes(writer, (struct view){.data = digits + at, .len = sizeof digits - at});
}

/* `score` in units of the last decimal. */
static int64_t scaled(double score)
{
    if (!isfinite(score) || fabs(score) > 1e12)
        return 0;
    return llround(score * SCALE);
}

void writer_score(struct writer *writer, double score)
{
    int64_t value = scaled(score);
    uint64_t magnitude = (uint64_t)(value < 0 ? -value : value);
    before_value(writer);
    if (value < 0)
        put(writer, '-');
    writer->follows = false;
    writer_count(writer, magnitude / SCALE);
    char decimals[DECIMALS];
    uint64_t rest = magnitude % SCALE;
    for (size_t i = DECIMALS; i-- > 0; rest /= 10)
        decimals[i] = (char)('0' + rest % 10);
    size_t len = DECIMALS;
    while (len > 1 && decimals[len - 1] == '0') /* "1.0": always a fraction, so that readers see one type */
        len--;
    put(writer, '.');
    writer_bytes(writer, (struct view){.data = decimals, .len = len});
}

void writer_put_string(struct writer *writer, const char *key, struct view text)
{
    writer_key(writer, key);
    writer_string(writer, text);
}

void writer_put_score(struct writer *writer, const char *key, double score)
{
    writer_key(writer, key);
    writer_score(writer, score);
}

void writer_put_count(struct writer *writer, const char *key, uint64_t number)
{
    writer_key(writer, key);
    writer_count(writer, number);
}

void writer_put_list(struct writer *writer, const char *key)
{
    writer_key(writer, key);
    writer_open(writer, '[');
}

void writer_put_object(struct writer *writer, const char *key)
{
    writer_key(writer, key);
    writer_open(writer, '{');
}

void writer_field(struct writer *writer, const char *key, struct view text)
{
    if (text.len > 0)
        writer_put_string(writer, key, text);
}

struct view writer_result(const struct writer *writer)
{
    return (struct view){.data = writer->data, .len = writer->len};
}

double writer_rounded(double score)
{
    return (double)scaled(score) / SCALE;
}
