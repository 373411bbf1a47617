#include "processor/emit/writer.h"

#include "tests/expect.h"

#include <math.h>

static struct arena *arena;
static struct writer writer;

static void set_up(void)
{
    arena = arena_new(4096);
    writer = writer_start(arena, 0);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(writer, .init = set_up, .fini = tear_down);

Test(writer, puts_commas_where_they_belong)
{
    writer_open(&writer, '{');
    writer_key(&writer, "a");
    writer_open(&writer, '[');
    writer_count(&writer, 0);
    writer_count(&writer, UINT64_MAX);
    writer_open(&writer, '[');
    writer_close(&writer, ']');
    writer_string(&writer, view_of("x"));
    writer_close(&writer, ']');
    writer_field(&writer, "left_out", view_of(""));
    writer_field(&writer, "b", view_of("y"));
    writer_key(&writer, "c");
    writer_score(&writer, 0.5);
    writer_close(&writer, '}');
    expect_view(writer_result(&writer), "{\"a\":[0,18446744073709551615,[],\"x\"],\"b\":\"y\",\"c\":0.5}");
}

Test(writer, escapes_what_may_not_stand_in_a_string)
{
    writer_string(&writer, view_of("\"\\/\b\f\n\r\t\x01\x1f\x7f ü €"));
    expect_view(writer_result(&writer), "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f ü €\"");
}

Test(writer, rounds_scores_to_four_decimals)
{
    static const struct {
        double score;
        const char *text;
    } cases[] = {
        {0, "0.0"},           {1, "1.0"},      {-1, "-1.0"},    {0.91, "0.91"},       {(double)0.3f, "0.3"},
        {0.99996, "1.0"},     {0.00004, "0.0"}, {-0.00004, "0.0"}, {-0.31416, "-0.3142"}, {12345.00005, "12345.0001"},
        {0.0105, "0.0105"},   {NAN, "0.0"},    {INFINITY, "0.0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        writer = writer_start(arena, 0);
        writer_score(&writer, cases[i].score);
        expect_view(writer_result(&writer), cases[i].text);
    }
}

Test(writer, grows_as_needed)
{
    char text[3000];
    memset(text, 'x', sizeof text);
    writer_string(&writer, (struct view){text, sizeof text});
    cr_expect(eq(sz, writer_result(&writer).len, sizeof text + 2));
}
