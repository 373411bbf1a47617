#include "processor/runtime/error.h"

#include "tests/expect.h"

Test(error, keeps_the_first_of_two)
{
    struct error err = {0};

    error_set(&err, ERROR_INPUT, "json.syntax", "line %d", 3);
    error_set(&err, ERROR_FATAL, "disk.full", "later");

    cr_expect(eq(int, err.kind, ERROR_INPUT));
    expect_text(err.code, "json.syntax");
    expect_text(err.text, "line 3");
}

Test(error, gives_false_so_that_a_function_can_end_with_it)
{
    struct error err = {0};

    cr_expect(not(error_set(&err, ERROR_RETRY, "a.b", "c")));
    cr_expect(not(error_set(&err, ERROR_RETRY, "a.b", "c")));
    cr_expect(not(error_set(NULL, ERROR_RETRY, "a.b", "c")));
}

Test(error, is_one_line)
{
    struct error err = {0};

    error_set(&err, ERROR_INPUT, "a.b", "one\ntwo\r\n\tthree");

    expect_text(err.text, "one two   three");
}

Test(error, is_cut_between_code_points)
{
    static const char *const points[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}; /* of 2, 3, 4 bytes */
    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        for (size_t lead = 0; lead < 4; lead++) {
            struct error err = {0};
            size_t width = strlen(points[i]);
            char text[2 * ERROR_TEXT_BYTES] = "";
            memset(text, 'x', lead);
            while (strlen(text) < ERROR_TEXT_BYTES + 8)
                strcat(text, points[i]);

            error_set(&err, ERROR_INPUT, "a.b", "%s", text);

            cr_expect(eq(sz, (strlen(err.text) - lead) % width, 0), "cut inside a code point of %zu bytes", width);
            cr_expect(gt(sz, strlen(err.text), ERROR_TEXT_BYTES - 1 - width), "cut more than needed");
        }
}

Test(error, keeps_whole_code_points_that_just_fit)
{
    struct error err = {0};
    char text[ERROR_TEXT_BYTES] = "x";
    while (strlen(text) < ERROR_TEXT_BYTES - 2)
        strcat(text, "\xC3\xA9");

    error_set(&err, ERROR_INPUT, "a.b", "%s", text);

    expect_text(err.text, text);
}

Test(error, kinds_have_names)
{
    expect_text(error_kind_name(ERROR_NONE), "none");
    expect_text(error_kind_name(ERROR_CONFIG), "config");
    expect_text(error_kind_name((enum error_kind)77), "unknown");
}
