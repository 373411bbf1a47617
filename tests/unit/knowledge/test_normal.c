#include "processor/knowledge/normal.h"

#include <criterion/criterion.h>

static void expect_spelling(const char *name, const char *expected)
{
    char out[64];
    size_t len = normal_spelling(view_of(name), out, sizeof out);
    cr_expect(len == strlen(expected) && memcmp(out, expected, len) == 0, "'%s' became '%.*s', not '%s'", name, (int)len, out, expected);
}

/* training/knowledge.py checks itself against the same pairs before it writes the file. */
Test(normal, lets_go_of_what_differs_between_newspapers)
{
    static const char *const pairs[][2] = {
#include "tests/unit/knowledge/spellings.inc"
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        expect_spelling(pairs[i][0], pairs[i][1]);
}

Test(normal, has_nothing_for_names_without_a_latin_form_or_without_letters)
{
    static const char *const names[] = {"", " \t\n", "Москва", "华为", "Huawei 华为", "\xEF\xBF\xBD"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        expect_spelling(names[i], "");
}

Test(normal, has_nothing_for_a_name_that_does_not_fit)
{
    char out[4];
    cr_expect(normal_spelling(view_of("Oslo"), out, sizeof out) == 4);
    cr_expect(normal_spelling(view_of("Paris"), out, sizeof out) == 0);
    cr_expect(normal_spelling(view_of("Oslo"), out, 0) == 0);
}
