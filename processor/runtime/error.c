#include "processor/runtime/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf cuts anywhere: a half code point at the end would make the log line or the header it goes to invalid UTF-8. */
static void cut_on_boundary(char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (len - (start - 1) < need)
        text[start - 1] = '\0';
}

static void keep_to_one_line(char *text)
{
    for (; *text; text++)
        if (*text == '\n' || *text == '\r' || *text == '\t')
            *text = ' ';
}

bool error_set(struct error *err, enum error_kind kind, const char *code, const char *format, ...)
{
    if (!err || err->kind != ERROR_NONE)
        return false;
    err->kind = kind;
    snprintf(err->code, sizeof err->code, "%s", code);
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    if (len < 0)
        err->text[0] = '\0';
    else if ((size_t)len >= sizeof err->text)
        cut_on_boundary(err->text, sizeof err->text - 1);
    keep_to_one_line(err->text);
    return false;
}

const char *error_kind_name(enum error_kind kind)
{
    static const char *const names[] = {
#define X(name, text, meaning) [ERROR_##name] = text,
        ERROR_KINDS(X)
#undef X
    };
    return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "unknown";
}
