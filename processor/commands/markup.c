#include "processor/commands/markup.h"

#include "processor/text/utf8.h"

#include <stdarg.h>
#include <stdio.h>

enum { PRINT_BYTES = 512 };

static const char *escape_of(char byte)
{
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\r': return "&#13;"; /* a bare one would become a line feed */
    default: return NULL;
    }
}

void markup_raw(struct writer *writer, const char *html)
{
    writer_bytes(writer, view_of(html));
}

void markup_print(struct writer *writer, const char *format, ...)
{
    char text[PRINT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len > 0)
        writer_bytes(writer, (struct view){.data = text, .len = (size_t)len < sizeof text ? (size_t)len : sizeof text - 1});
}

void markup_text(struct writer *writer, struct view text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *escape = escape_of(text.data[i]);
        if (!escape)
            continue;
        writer_bytes(writer, view_slice(text, from, i));
        markup_raw(writer, escape);
        from = i + 1;
    }
    if (text.len > 0)
        writer_bytes(writer, view_slice(text, from, text.len));
}

void markup_short(struct writer *writer, struct view text, size_t most)
{
    size_t position = 0;
    for (size_t i = 0; i < most && position < text.len; i++)
        utf8_next(text, &position);
    markup_text(writer, (struct view){.data = text.data, .len = position});
    if (position < text.len)
        markup_raw(writer, "…");
}

void markup_score(struct writer *writer, double score)
{
    double rounded = writer_rounded(score);
    markup_print(writer, "%s%.2f", rounded < 0 ? "−" : "+", rounded < 0 ? -rounded : rounded);
}
