#include "processor/runtime/trace.h"

#include "processor/runtime/clock.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

enum { ID_AT = 3, PARENT_AT = 36, FLAGS_AT = 53, FLAG_SAMPLED = 1 };

/* Lower-case hex, as the standard wants it; false for anything else. */
static bool read_hex(const char *text, unsigned char *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        const char *high = memchr(digits, text[2 * i], 16), *low = memchr(digits, text[2 * i + 1], 16);
        if (high == NULL || low == NULL)
            return false;
        bytes[i] = (unsigned char)((high - digits) << 4 | (low - digits));
    }
    return true;
}

static void write_hex(const unsigned char *bytes, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 0xF];
    }
}

static bool is_zero(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* A later version may have more behind the flags. */
static bool read_header(struct view header, struct trace *trace)
{
    unsigned char version, flags;
    const char *text = header.data;
    if (header.len < TRACE_PARENT_LEN || text[2] != '-' || text[PARENT_AT - 1] != '-' || text[FLAGS_AT - 1] != '-')
        return false;
    if (!read_hex(text, &version, 1) || version == 0xFF || !read_hex(text + ID_AT, trace->id, TRACE_ID_BYTES) ||
        !read_hex(text + PARENT_AT, trace->parent, TRACE_SPAN_BYTES) || !read_hex(text + FLAGS_AT, &flags, 1))
        return false;
    if (header.len > TRACE_PARENT_LEN && (version == 0 || text[TRACE_PARENT_LEN] != '-'))
        return false;
    trace->is_sampled = (flags & FLAG_SAMPLED) != 0;
    return !is_zero(trace->id, TRACE_ID_BYTES) && !is_zero(trace->parent, TRACE_SPAN_BYTES);
}

/* An id is never all zero. Without the kernel's random numbers the clock has to do: ids must differ, not be secret. */
static void make_up(unsigned char *bytes, size_t count)
{
    if (getrandom(bytes, count, GRND_NONBLOCK) != (ssize_t)count) {
        int64_t now_ns = clock_now_ns();
        for (size_t i = 0; i < count; i++)
            bytes[i] = (unsigned char)(now_ns >> 8 * (i % 8));
    }
    if (is_zero(bytes, count))
        bytes[0] = 1;
}

struct trace trace_begin(struct view header, unsigned percent)
{
    struct trace trace = {.is_sampled = false};
    unsigned char dice[2] = {0};
    trace.has_parent = read_header(header, &trace);
    if (!trace.has_parent) {
        trace = (struct trace){.is_sampled = false};
        make_up(trace.id, TRACE_ID_BYTES);
        make_up(dice, sizeof dice);
        trace.is_sampled = (dice[0] | dice[1] << 8) % 100 < (int)percent;
    }
    if (trace.is_sampled)
        make_up(trace.span, TRACE_SPAN_BYTES);
    return trace;
}

void trace_write(const struct trace *trace, char text[TRACE_PARENT_LEN + 1])
{
    memcpy(text, "00-", ID_AT);
    write_hex(trace->id, TRACE_ID_BYTES, text + ID_AT);
    text[PARENT_AT - 1] = '-';
    write_hex(trace->span, TRACE_SPAN_BYTES, text + PARENT_AT);
    memcpy(text + FLAGS_AT - 1, trace->is_sampled ? "-01" : "-00", 4);
}
