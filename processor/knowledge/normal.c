#include "processor/knowledge/normal.h"

#include "processor/text/utf8.h"

#include <stdint.h>
#include <utf8proc.h>

enum { PARTS_MOST = 8 }; /* code points that one code point decomposes into */

/* Letters that canonical decomposition leaves alone, and signs with a plain twin. The same table stands in
 * training/knowledge.py; tests/unit/knowledge holds both to the same examples. */
static const struct {
    uint32_t code_point;
    const char *plain;
} twins[] = {
    {0x00A0, " "},  {0x00C6, "AE"}, {0x00D0, "D"},  {0x00D8, "O"},  {0x00DE, "Th"}, {0x00DF, "ss"}, {0x00E6, "ae"},
    {0x00F0, "d"},  {0x00F8, "o"},  {0x00FE, "th"}, {0x0110, "D"},  {0x0111, "d"},  {0x0131, "i"},  {0x0141, "L"},
    {0x0142, "l"},  {0x0152, "OE"}, {0x0153, "oe"}, {0x018F, "A"},  {0x0259, "a"},  {0x02BB, "'"},  {0x02BC, "'"},
    {0x02BE, "'"},  {0x02BF, "'"},  {0x2010, "-"},  {0x2011, "-"},  {0x2012, "-"},  {0x2013, "-"},  {0x2014, "-"},
    {0x2018, "'"},  {0x2019, "'"},  {0x201C, "\""}, {0x201D, "\""},
};

static const char *twin_of(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (twins[i].code_point == code_point)
            return twins[i].plain;
    return NULL;
}

struct writer {
    char *out;
    size_t most, len;
    bool failed;
};

static void put(struct writer *w, char c)
{
    if (c == ' ' && (w->len == 0 || w->out[w->len - 1] == ' '))
        return;
    if (w->len == w->most)
        w->failed = true;
    else
        w->out[w->len++] = c;
}

static void put_code_point(struct writer *w, uint32_t code_point)
{
    const char *twin = twin_of(code_point);
    if (twin != NULL) {
        for (; *twin != '\0'; twin++)
            put(w, *twin);
    } else if (utf8_is_space(code_point)) {
        put(w, ' ');
    } else if (code_point < 0x80) {
        put(w, (char)code_point);
    } else {
        utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
        bool is_mark = category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
        w->failed = w->failed || !is_mark;
    }
}

size_t normal_spelling(struct view name, char *out, size_t most)
{
    struct writer w = {.out = out, .most = most};
    for (size_t position = 0; position < name.len && !w.failed;) {
        uint32_t code_point = utf8_next(name, &position);
        utf8proc_int32_t parts[PARTS_MOST];
        int boundary = 0;
        utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)code_point, parts, PARTS_MOST,
                                                         UTF8PROC_DECOMPOSE, &boundary);
        if (count < 0 || count > PARTS_MOST)
            return 0;
        for (utf8proc_ssize_t i = 0; i < count; i++)
            put_code_point(&w, (uint32_t)parts[i]);
    }
    if (w.failed)
        return 0;
    return w.len > 0 && out[w.len - 1] == ' ' ? w.len - 1 : w.len;
}
