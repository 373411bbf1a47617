#include "processor/ingest/owned.h"

#include "tests/expect.h"

/* Version 3, then "in" with partitions 0, 2 and 5, "other" with 1, and three bytes of the assignor. */
static const char assignment[] = "\0\3"
                                 "\0\0\0\2"
                                 "\0\2in"
                                 "\0\0\0\3\0\0\0\0\0\0\0\2\0\0\0\5"
                                 "\0\5other"
                                 "\0\0\0\1\0\0\0\1"
                                 "\0\0\0\3xyz";
enum { UP_TO_TOPICS = 2 + 4 + 2 + 2 + 4 + 12 + 2 + 5 + 4 + 4 };

static int count(const char *bytes, size_t len, const char *topic)
{
    return owned_count((struct view){.data = bytes, .len = len}, view_of(topic));
}

Test(owned, counts_the_partitions_of_a_topic)
{
    static const struct { const char *topic; int count; } cases[] = {{"in", 3}, {"other", 1}, {"i", 0}, {"", 0}, {"none", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(int, count(assignment, sizeof assignment - 1, cases[i].topic), cases[i].count), "%s", cases[i].topic);
}

Test(owned, is_nothing_where_bytes_are_missing)
{
    for (size_t len = 0; len < UP_TO_TOPICS; len++)
        cr_expect(eq(int, count(assignment, len, "in"), 0), "%zu bytes", len);
    cr_expect(eq(int, count(assignment, UP_TO_TOPICS, "in"), 3));
}

Test(owned, is_nothing_where_numbers_cannot_be)
{
    static const char negative[] = "\0\0\0\0\0\1\0\2in\xff\xff\xff\xff";
    static const char huge[] = "\0\0\x7f\xff\xff\xff\0\2in\x7f\xff\xff\xff";
    static const char name[] = "\0\0\0\0\0\1\xff\xffin\0\0\0\0";
    cr_expect(eq(int, count(negative, sizeof negative - 1, "in"), 0));
    cr_expect(eq(int, count(huge, sizeof huge - 1, "in"), 0));
    cr_expect(eq(int, count(name, sizeof name - 1, "in"), 0));
}
