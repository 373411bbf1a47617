#include "processor/knowledge/csv.h"
#include "tests/expect.h"

#include <stdio.h>

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(csv, .init = set_up, .fini = tear_down);

/* All rows as "LINE:cell|cell;", then "!code" where it went wrong. */
static const char *rows_of(const char *text)
{
    static char out[512];
    struct csv csv = {.text = view_of(text)};
    struct csv_row row;
    struct error err = {0};
    size_t length = 0;
    out[0] = '\0';
    while (csv_next(&csv, arena, &row, &err)) {
        length += (size_t)snprintf(out + length, sizeof out - length, "%zu:", row.line);
        for (size_t i = 0; i < row.count; i++)
            length += (size_t)snprintf(out + length, sizeof out - length, "%.*s%s", (int)row.cells[i].len, row.cells[i].data,
                                       i + 1 < row.count ? "|" : ";");
    }
    if (err.kind != ERROR_NONE)
        snprintf(out + length, sizeof out - length, "!%s", err.code);
    return out;
}

Test(csv, reads_rows_as_the_rfc_writes_them)
{
    static const struct { const char *text, *rows; } cases[] = {
        {"a,b\nc,d\n", "1:a|b;2:c|d;"},
        {"a,b\r\nc,d", "1:a|b;2:c|d;"},
        {"a,,\n", "1:a||;"},
        {"\xEF\xBB\xBF" "a\n", "1:a;"},
        {" a , b \n", "1:a|b;"},
        {"\"a, b\",\"say \"\"c\"\"\"\n", "1:a, b|say \"c\";"},
        {"\" a \",b\n", "1: a |b;"},
        {"\"a\nb\",c\nd\n", "1:a\nb|c;3:d;"},
        {"a\n\n\r\nb\n", "1:a;4:b;"},
        {"\"\"\n,\n", "2:|;"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_text(rows_of(cases[i].text), cases[i].rows);
}

Test(csv, says_what_is_wrong)
{
    expect_text(rows_of("a\n\"b\nc\n"), "1:a;!csv.quote");
    expect_text(rows_of("\"a\" b\n"), "!csv.quote");
    expect_text(rows_of("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n"), "!csv.cells");
}
