#include "processor/ingest/dates.h"

#include "tests/expect.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(dates, .init = set_up, .fini = tear_down);

Test(dates, reads_what_crawlers_write)
{
    static const struct {
        const char *text, *date;
    } cases[] = {
        {"2019-10-19T09:00:00Z", "2019-10-19T09:00:00Z"},
        {"2019-10-19t09:00:00z", "2019-10-19T09:00:00Z"},
        {"2019-10-19T11:00:00.123456+02:00", "2019-10-19T09:00:00Z"},
        {"2019-10-19T11:00:00+0200", "2019-10-19T09:00:00Z"},
        {"2019-10-19T01:30+02", "2019-10-18T23:30:00Z"},
        {"2019-10-19 09:00:00", "2019-10-19T09:00:00Z"},
        {"2019-10-19 09:00:00 UTC", "2019-10-19T09:00:00Z"},
        {" 2019-10-19\n", "2019-10-19T00:00:00Z"},
        {"Sat, 19 Oct 2019 11:00:00 +0200", "2019-10-19T09:00:00Z"},
        {"19 October 2019 05:00 EDT", "2019-10-19T09:00:00Z"},
        {"20191019", "2019-10-19T00:00:00Z"},
        {"20191019090000", "2019-10-19T09:00:00Z"},
        {"1571475600000", "2019-10-19T09:00:00Z"},
        {"1571475600999", "2019-10-19T09:00:00Z"},
        {"0", "1970-01-01T00:00:00Z"},
        {"-1", "1969-12-31T23:59:59Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
        {"2000-02-29", "2000-02-29T00:00:00Z"},
        {"0000-01-01", "0000-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct view date = dates_read(view_of(cases[i].text), arena);
        cr_expect(view_equal(date, view_of(cases[i].date)), "%s: %.*s", cases[i].text, (int)date.len, date.data);
    }
}

Test(dates, leaves_out_what_is_no_date)
{
    static const char *const cases[] = {
        "",           "tomorrow",   "2019",         "2019-10",      "2019-13-01",          "2019-02-29", "20191319",
        "1900-02-29", "2019-00-10", "2019-10-19T",  "2019-10-19T9", "2019-10-19T24:00:00Z", "2019-10-19T09:00:00X",
        "2019-10-19T09:00:00+25:00", "9999-12-31T23:59:59-01:00", "1234567890123456", "12345678901234567890", "Sat, 19 Foo 2019 11:00:00",
        "2019-10-19T09:00:00Z and more", "--1", "-",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, dates_read(view_of(cases[i]), arena).len, 0), "%s was read", cases[i]);
}

Test(dates, does_not_overflow_at_the_ends_of_the_epoch)
{
    static const int64_t cases[] = {INT64_MIN, INT64_MAX, 253402300800000, -62167219200001};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, dates_of_ms(cases[i], arena).len, 0), "%lld was read", (long long)cases[i]);
    expect_view(dates_of_ms(-62167219200000, arena), "0000-01-01T00:00:00Z");
}
