#include "processor/text/wrapped.h"

#include "processor/text/utf8.h"

#include <string.h>

enum { WIDTH_LEAST = 40, WIDTH_MOST = 100, FULL_LEAST = 3, FULL_OF_10 = 7 };

/* A line as far as its break matters; widths in characters. */
struct line {
    size_t end;        /* bytes, with the line's own newline */
    size_t width;      /* without white space at its end; 0: blank */
    size_t first_word; /* width of the first word */
    bool is_indented;
};

/* The line that starts at `start`. */
static struct line read_line(struct view text, size_t start)
{
    struct line line = {.end = start};
    bool is_first_word = true;
    for (size_t characters = 0; line.end < text.len;) {
        uint32_t c = utf8_next(text, &line.end);
        if (c == '\n')
            break;
        bool is_space = utf8_is_space(c);
        line.is_indented |= is_space && characters == 0;
        characters++;
        is_first_word &= !is_space || line.width == 0;
        line.first_word += is_first_word && !is_space;
        if (!is_space)
            line.width = characters;
    }
    return line;
}

/* Whether `line` goes on in `next`, which would not have found room behind it. */
static bool is_full(const struct line *line, const struct line *next, size_t width)
{
    return line->width + 1 + next->first_word > width && !(next->is_indented && !line->is_indented);
}

/* The width at which `text` is wrapped; 0 where it is not. */
static size_t width_of(struct view text)
{
    size_t width = 0, full = 0, followed = 0;
    for (size_t at = 0; at < text.len;) {
        struct line line = read_line(text, at);
        width = line.width > width ? line.width : width;
        if (width > WIDTH_MOST)
            return 0;
        at = line.end;
    }
    struct line line = {0};
    for (size_t at = 0; at < text.len;) {
        struct line next = read_line(text, at);
        if (line.width && next.width) {
            followed++;
            full += is_full(&line, &next, width);
        }
        line = next;
        at = next.end;
    }
    return width >= WIDTH_LEAST && full >= FULL_LEAST && full * 10 >= followed * FULL_OF_10 ? width : 0;
}

struct view wrapped_joined(struct view text, struct arena *arena)
{
    size_t width = width_of(text);
    if (width == 0)
        return text;
    char *joined = arena_take(arena, text.len);
    memcpy(joined, text.data, text.len);
    struct line line = {0};
    for (size_t at = 0; at < text.len;) {
        struct line next = read_line(text, at);
        if (line.width && next.width && is_full(&line, &next, width)) {
            joined[at - 1] = ' ';
            if (at >= 2 && joined[at - 2] == '\r')
                joined[at - 2] = ' ';
        }
        line = next;
        at = next.end;
    }
    return (struct view){.data = joined, .len = text.len};
}
