#include "processor/runtime/clock.h"

#include "tests/expect.h"

Test(clock, writes_moments_as_rfc_3339)
{
    static const struct { int64_t ms; const char *text; } cases[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {1571475600123, "2019-10-19T09:00:00.123Z"},
        {951782400000, "2000-02-29T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {INT64_MIN, "0000-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[CLOCK_TEXT_BYTES];
        expect_text(clock_text(cases[i].ms, text), cases[i].text);
    }
}

Test(clock, does_not_go_back)
{
    int64_t last = clock_now_ns();
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_now_ns();
        cr_assert(ge(i64, now, last));
        last = now;
    }
}

Test(clock, deadlines_lie_ahead_and_are_well_formed)
{
    static const int64_t timeouts[] = {INT64_MIN, -1, 0, 1, 999, 1000, 1999, 3600000, INT64_MAX};
    for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
        int64_t before = clock_now_ns();
        struct timespec at = clock_deadline(timeouts[i]);
        int64_t ahead_ms = ((int64_t)at.tv_sec * 1000000000 + at.tv_nsec - before) / 1000000;
        int64_t wanted_ms = timeouts[i] < 0 ? 0 : timeouts[i];

        cr_expect(at.tv_nsec >= 0 && at.tv_nsec < 1000000000);
        cr_expect(ahead_ms >= (wanted_ms < 3600000 ? wanted_ms : 3600000), "%lld ms lie %lld ms ahead",
                  (long long)timeouts[i], (long long)ahead_ms);
    }
}

Test(clock, time_left_is_never_negative)
{
    int64_t now_ms = clock_now_ms();

    cr_expect(eq(i64, clock_left_ms(now_ms - 1000), 0));
    cr_expect(gt(i64, clock_left_ms(now_ms + 60000), 50000));
}

Test(clock, a_thread_is_past_its_deadline_once_it_has_worked_that_long)
{
    int64_t deadline_ns = clock_thread_deadline(5), wall_ms = clock_now_ms();
    bool was_past = clock_thread_is_past(deadline_ns);
    while (!clock_thread_is_past(deadline_ns))
        ;

    cr_expect(not(was_past));
    cr_expect(ge(i64, clock_now_ms() - wall_ms, 4));
}

Test(clock, no_deadline_is_never_past)
{
    cr_expect(eq(i64, clock_thread_deadline(0), 0));
    cr_expect(not(clock_thread_is_past(0)));
}
