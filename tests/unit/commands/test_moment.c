#include "processor/commands/moment.h"

#include "processor/runtime/clock.h"
#include "tests/expect.h"

Test(moment, reads_dates)
{
    static const struct { const char *text; int64_t moment_ms; } cases[] = {
        {"2019-10-19T09:00:00Z", 1571475600000}, {"2019-10-19T11:00:00+02:00", 1571475600000}, {"2019-10-19", 1571443200000},
        {"2019-10-19 09:00", 1571475600000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t moment_ms = 0;
        cr_expect(moment_read(cases[i].text, &moment_ms), "%s", cases[i].text);
        cr_expect(eq(i64, moment_ms, cases[i].moment_ms), "%s", cases[i].text);
    }
}

Test(moment, reads_durations_back_from_now)
{
    int64_t before_ms = clock_wall_ms(), moment_ms = 0;
    cr_assert(moment_read("10m", &moment_ms));
    cr_expect(ge(i64, moment_ms, before_ms - 600000));
    cr_expect(le(i64, moment_ms, clock_wall_ms() - 600000));
}

Test(moment, refuses_the_rest)
{
    static const char *const cases[] = {"", "yesterday", "-10m", "10x", "1960-01-01", "9999999999999999999"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t moment_ms = 7;
        cr_expect(not(moment_read(cases[i], &moment_ms)), "%s", cases[i]);
        cr_expect(eq(i64, moment_ms, 7));
    }
}
