#include "processor/commands/table.h"

#include "tests/expect.h"

#include <stdlib.h>

/* What `columns` and `pad` make of `text`; to be freed. */
static char *cut(struct view text, size_t columns, size_t pad, size_t *used)
{
    char *written = NULL;
    size_t bytes = 0;
    FILE *to = open_memstream(&written, &bytes);
    *used = table_print_text(to, text, columns, pad);
    fclose(to);
    return written;
}

Test(table, cuts_and_pads_by_columns)
{
    static const struct {
        const char *text;
        size_t columns, pad;
        const char *expected;
        size_t used;
    } cases[] = {
        {"Huawei", 10, 0, "Huawei", 6},
        {"Huawei", 10, 8, "Huawei  ", 8},
        {"Huawei", 6, 6, "Huawei", 6},
        {"Huawei", 5, 5, "Huaw…", 5},
        {"Hélène Marchetti", 8, 0, "Hélène …", 8},
        {"e\xCC\x81t\xC3\xA9", 3, 0, "e\xCC\x81t\xC3\xA9", 3}, /* a combining mark takes no column */
        {"\xE4\xB8\xAD\xE5\x9B\xBD\xE4\xBA\xBA", 6, 0, "\xE4\xB8\xAD\xE5\x9B\xBD\xE4\xBA\xBA", 6}, /* wide ones take two */
        {"\xE4\xB8\xAD\xE5\x9B\xBD\xE4\xBA\xBA", 4, 0, "\xE4\xB8\xAD…", 3},
        {"", 4, 4, "    ", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t used;
        char *written = cut(view_of(cases[i].text), cases[i].columns, cases[i].pad, &used);
        expect_text(written, cases[i].expected);
        cr_expect(eq(sz, used, cases[i].used), "case %zu", i);
        free(written);
    }
}

Test(table, lets_no_article_steer_the_terminal)
{
    static const struct {
        struct view text;
        const char *expected;
    } cases[] = {
        {{"a\033[2Jb", 6}, "a [2Jb"},
        {{"a\r\nb\tc", 6}, "a  b c"},
        {{"a\0b", 3}, "a b"},
        {{"a\x7f" "b", 3}, "a b"},
        {{"a\xC2\x9B" "31mb", 7}, "a 31mb"},             /* C1: CSI in one character */
        {{"a\xE2\x80\xAE" "b", 5}, "a b"},               /* right-to-left override */
        {{"a\xE2\x80\xA8" "b", 5}, "a b"},               /* line separator */
        {{"a\xFF\xC3" "b", 4}, "a\xEF\xBF\xBD\xEF\xBF\xBD" "b"}, /* not UTF-8 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t used;
        char *written = cut(cases[i].text, 40, 0, &used);
        expect_text(written, cases[i].expected);
        free(written);
    }
}

Test(table, a_stance_is_one_line_of_the_tables_width)
{
    const struct row_stance stance = {
        .source = view_of("Robert Strayer, deputy assistant secretary of state"),
        .target = view_of("Huawei"),
        .polarity = view_of("against"),
        .evidence = view_of("“We don’t think that they can be trusted,” Strayer said in an interview in Brussels on Friday morning."),
        .confidence = 0.934,
    };
    for (size_t width = 60; width <= 130; width += 35) {
        char *written = NULL;
        size_t bytes = 0;
        struct table table = {.to = open_memstream(&written, &bytes), .width = width};
        table_print_stance(&table, &stance);
        fclose(table.to);
        size_t columns = 0;
        for (const char *at = written; *at != '\0' && *at != '\n'; at++)
            columns += ((unsigned char)*at & 0xC0) != 0x80;
        cr_expect(le(sz, columns, width));
        cr_expect(eq(ptr, strchr(written, '\n'), written + bytes - 1));
        expect_says(written, "→ Huawei");
        expect_says(written, "against 0.93");
        free(written);
    }
}

Test(table, a_watched_topic_is_marked_as_one)
{
    const struct row_stance stance = {
        .source = view_of("Ada"), .target = view_of("a very long name of a topic that is cut"), .polarity = view_of("for"), .is_topic = true};
    char *written = NULL;
    size_t bytes = 0;
    struct table table = {.to = open_memstream(&written, &bytes), .width = 80};
    table_print_stance(&table, &stance);
    fclose(table.to);
    expect_says(written, "→ T:a very long n… for");
    free(written);
}
