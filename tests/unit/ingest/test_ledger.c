#include "processor/ingest/ledger.h"

#include "tests/expect.h"

#include <stdio.h>

static struct ledger ledger;
static char text[LEDGER_TEXT_BYTES];

static void tear_down(void)
{
    ledger_done(&ledger);
}

TestSuite(ledger, .fini = tear_down);

/* "5 7-9 12-13": the position, then the ranges. */
static void expect_ledger(const char *expected)
{
    char actual[1024];
    size_t len = (size_t)snprintf(actual, sizeof actual, "%lld", (long long)ledger.position);
    for (size_t i = 0; i < ledger.count && len < sizeof actual; i++)
        len += (size_t)snprintf(actual + len, sizeof actual - len, " %lld-%lld", (long long)ledger.ranges[i].from,
                                (long long)ledger.ranges[i].to);
    expect_text(actual, expected);
}

Test(ledger, joins_what_touches_and_moves_the_position_over_it)
{
    static const struct { int64_t from, to; const char *after; } marks[] = {
        {7, 8, "5 7-8"},          {8, 9, "5 7-9"},         {12, 13, "5 7-9 12-13"}, {20, 21, "5 7-9 12-13 20-21"},
        {11, 12, "5 7-9 11-13 20-21"}, {9, 11, "5 7-13 20-21"}, {8, 10, "5 7-13 20-21"},  {15, 15, "5 7-13 20-21"},
        {4, 6, "6 7-13 20-21"},   {6, 7, "13 20-21"},      {10, 30, "30"},          {2, 3, "30"},
    };
    ledger_init(&ledger, 5);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        ledger_mark(&ledger, marks[i].from, marks[i].to);
        expect_ledger(marks[i].after);
    }
}

Test(ledger, knows_what_is_done)
{
    ledger_init(&ledger, 5);
    ledger_mark(&ledger, 7, 9);
    ledger_mark(&ledger, 12, 13);
    static const bool done[] = {true, true, true, true, true, false, false, true, true, false, false, false, true, false};
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        cr_expect(eq(int, ledger_has(&ledger, (int64_t)i), done[i]), "offset %zu", i);
}

Test(ledger, reads_what_it_wrote)
{
    static const struct { int64_t position; struct ledger_range ranges[3]; size_t count; } cases[] = {
        {0, {{0}}, 0},
        {0, {{1, 2}}, 1},
        {5, {{7, 39}, {40, 73}, {106, 1131}}, 3},
        {INT64_C(1) << 40, {{(INT64_C(1) << 40) + 33, INT64_C(1) << 50}, {INT64_C(1) << 55, (INT64_C(1) << 55) + 1}}, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ledger_init(&ledger, cases[i].position);
        for (size_t j = 0; j < cases[i].count; j++)
            ledger_mark(&ledger, cases[i].ranges[j].from, cases[i].ranges[j].to);
        cr_assert(ledger_write(&ledger, text));
        ledger_done(&ledger);
        cr_assert(ledger_read(&ledger, cases[i].position, view_of(text)), "%s", text);
        cr_assert(eq(sz, ledger.count, cases[i].count));
        cr_expect(eq(i64, ledger.position, cases[i].position));
        for (size_t j = 0; j < cases[i].count; j++) {
            cr_expect(eq(i64, ledger.ranges[j].from, cases[i].ranges[j].from));
            cr_expect(eq(i64, ledger.ranges[j].to, cases[i].ranges[j].to));
        }
        ledger_done(&ledger);
    }
}

Test(ledger, writes_the_same_text_for_ever)
{
    ledger_init(&ledger, 5);
    ledger_mark(&ledger, 7, 9);
    ledger_mark(&ledger, 109, 110);
    cr_assert(ledger_write(&ledger, text));
    expect_text(text, "stanced1:BBjDA");
}

Test(ledger, refuses_a_text_that_is_not_its_own)
{
    static const char *const cases[] = {"x", "stanced1", "stanced2:AA", "stanced1:A", "stanced1:A!", "stanced1:gA", "stanced1:Ag",
                                        "stanced1://////////////AA", "stanced1:A///////////P"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(not(ledger_read(&ledger, INT64_MAX - 100, view_of(cases[i]))), "%s", cases[i]);
    cr_expect(not(ledger_read(&ledger, -1, view_of("stanced1:AA"))));
}

/* Every second record is done: the worst there is. */
Test(ledger, says_how_much_room_is_left_and_keeps_to_it)
{
    size_t marks = 0;
    int64_t next = 1;
    ledger_init(&ledger, 0);
    for (; ledger_fits(&ledger, next, next + 1); next += 2, marks++)
        ledger_mark(&ledger, next, next + 1);
    cr_expect(eq(sz, ledger_room(&ledger), 0));
    cr_expect(ge(sz, marks, 1900));
    cr_assert(ledger_write(&ledger, text));
    cr_expect(le(sz, strlen(text), (size_t)LEDGER_TEXT_MOST));
    cr_expect(ledger_fits(&ledger, 0, 1), "it moves the position");
    cr_expect(ledger_fits(&ledger, 100, 101), "it joins two ranges");
    cr_expect(eq(sz, ledger.count, marks), "it is only asked");
    for (int64_t i = 0; i < LEDGER_TEXT_MOST; i++)
        ledger_mark(&ledger, INT64_C(1) << 50 | i << 20, (INT64_C(1) << 50 | i << 20) + 1);
    cr_expect(eq(sz, ledger_room(&ledger), 0));
    cr_expect(not(ledger_write(&ledger, text)));
    expect_text(text, "");
}
