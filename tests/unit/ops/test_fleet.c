#include "processor/ops/fleet.h"

#include "tests/expect.h"

#include <stdlib.h>

enum { NOW_MS = 1000000 };

static struct fleet *fleet;
static struct fleet_instance instances[FLEET_INSTANCES_MOST];
static struct fleet_partition partitions[FLEET_PARTITIONS_MOST];

static void set_up(void)
{
    fleet = fleet_new();
}

static void tear_down(void)
{
    fleet_free(fleet);
}

TestSuite(fleet, .init = set_up, .fini = tear_down);

/* A record of `name` with the lag of its partitions, as "0:5 1:7". */
static void add(const char *name, const char *state, double rate, const char *lags, int64_t at_ms)
{
    json_t *list = json_array();
    int partition, lag, used;
    for (; sscanf(lags, "%d:%d %n", &partition, &lag, &used) == 2; lags += used)
        json_array_append_new(list, json_pack("{s:s, s:i, s:i}", "topic", "raw", "partition", partition, "lag", lag));
    json_t *status = json_pack("{s:s, s:s, s:i, s:{s:f}, s:o}", "instance", name, "state", state, "interval_ms", 1000, "rates", "done", rate,
                               "lag", list);
    fleet_add(fleet, status, 0, at_ms);
    json_decref(status);
}

static void expect_lags(const char *expected, int64_t now_ms)
{
    char text[256] = "";
    size_t count = fleet_partitions(fleet, now_ms, partitions);
    for (size_t i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%d:%lld", i > 0 ? " " : "", partitions[i].partition,
                 (long long)partitions[i].lag);
    expect_text(text, expected);
}

Test(fleet, sums_up_who_is_present)
{
    add("b", "running", 2.5, "1:7 2:1", NOW_MS);
    add("a", "running", 1.5, "0:5", NOW_MS);

    struct fleet_sums sums = fleet_sum(fleet, NOW_MS + 500);
    cr_expect(eq(sz, sums.present, 2));
    cr_expect(eq(dbl, sums.done_rate, 4.0));
    cr_expect(eq(i64, sums.lag, 13));
    cr_expect(eq(sz, sums.unknown, 0));
    cr_assert(eq(sz, fleet_instances(fleet, NOW_MS + 500, instances), 2));
    expect_text(instances[0].name, "a");
    expect_lags("0:5 1:7 2:1", NOW_MS);
}

Test(fleet, who_does_not_report_is_in_no_sum_and_its_lag_is_unknown)
{
    add("a", "running", 1.5, "0:5", NOW_MS);
    add("b", "running", 2.5, "1:7", NOW_MS);
    for (int64_t at_ms = NOW_MS; at_ms <= NOW_MS + 4000; at_ms += 1000)
        add("a", "running", 1.5, "0:5", at_ms);

    struct fleet_sums sums = fleet_sum(fleet, NOW_MS + 4000);
    cr_expect(eq(sz, sums.present, 1));
    cr_expect(eq(sz, sums.silent, 1));
    cr_expect(eq(dbl, sums.done_rate, 1.5));
    cr_expect(eq(i64, sums.lag, 5));
    cr_expect(eq(sz, sums.unknown, 1));
    expect_lags("0:5 1:-1", NOW_MS + 4000);
}

Test(fleet, partitions_go_over_to_who_reports_them_last)
{
    add("a", "running", 1, "0:5", NOW_MS);
    add("b", "running", 1, "1:7", NOW_MS);
    add("a", "running", 1, "0:6 1:9", NOW_MS + 100);

    cr_expect(eq(i64, fleet_sum(fleet, NOW_MS + 100).lag, 15));
    expect_lags("0:6 1:9", NOW_MS + 100);
}

Test(fleet, a_partition_that_was_given_up_is_unknown_until_someone_has_it)
{
    add("a", "running", 1, "0:5 1:7", NOW_MS);
    add("a", "running", 1, "0:5", NOW_MS + 100);
    expect_lags("0:5 1:-1", NOW_MS + 100);
    add("b", "running", 1, "1:8", NOW_MS + 200);
    expect_lags("0:5 1:8", NOW_MS + 200);
}

Test(fleet, an_older_record_does_not_take_a_partition_back)
{
    add("b", "running", 1, "0:8", NOW_MS + 200);
    json_t *status = json_pack("{s:s, s:s, s:[{s:s, s:i, s:i}]}", "instance", "a", "state", "running", "lag", "topic", "raw", "partition", 0, "lag", 99);
    fleet_add(fleet, status, 300, NOW_MS + 300);
    json_decref(status);
    expect_lags("0:8", NOW_MS + 300);
}

Test(fleet, who_said_goodbye_has_ended_and_is_not_missed)
{
    add("a", "stopping", 3, "", NOW_MS);
    struct fleet_sums sums = fleet_sum(fleet, NOW_MS + 60000);
    cr_expect(eq(sz, sums.present + sums.silent, 0));
    cr_assert(eq(sz, fleet_instances(fleet, NOW_MS + 60000, instances), 1));
    cr_expect(eq(int, instances[0].presence, FLEET_ENDED));
}

Test(fleet, forgets_in_the_end)
{
    add("a", "running", 3, "0:5", NOW_MS);
    cr_expect(eq(sz, fleet_instances(fleet, NOW_MS + FLEET_FORGET_MS, instances), 1));
    cr_expect(eq(sz, fleet_instances(fleet, NOW_MS + FLEET_FORGET_MS + 10000, instances), 0));
    cr_expect(eq(sz, fleet_partitions(fleet, NOW_MS + 2 * FLEET_FORGET_MS, partitions), 0));
}

Test(fleet, holds_no_more_instances_than_it_may)
{
    char name[32];
    for (int i = 0; i < 3 * FLEET_INSTANCES_MOST; i++) {
        snprintf(name, sizeof name, "pod-%03d", i);
        add(name, "running", 1, "0:1", NOW_MS + i);
    }
    cr_assert(eq(sz, fleet_instances(fleet, NOW_MS + 200, instances), FLEET_INSTANCES_MOST));
    expect_text(instances[0].name, "pod-128");
}

Test(fleet, is_not_put_off_by_what_is_no_status_record)
{
    static const char *const texts[] = {"{}", "[]", "{\"instance\": 5}", "{\"instance\": \"a\", \"lag\": 7}",
                                        "{\"instance\": \"b\", \"lag\": [{}, 5, {\"topic\": \"t\"}, {\"topic\": \"t\", \"partition\": \"x\"}], \"interval_ms\": -1}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *status = json_loads(texts[i], 0, NULL);
        fleet_add(fleet, status, 0, NOW_MS);
        json_decref(status);
    }
    fleet_add(fleet, NULL, 0, NOW_MS);
    cr_expect(eq(sz, fleet_instances(fleet, NOW_MS, instances), 2));
    cr_expect(eq(sz, fleet_partitions(fleet, NOW_MS, partitions), 0));
}

Test(fleet, shows_no_number_of_who_is_silent)
{
    add("a", "running", 1.5, "0:5", NOW_MS);
    json_t *now = fleet_json(fleet, NOW_MS), *later = fleet_json(fleet, NOW_MS + 10000);
    const json_t *before = json_array_get(json_object_get(now, "instances"), 0), *after = json_array_get(json_object_get(later, "instances"), 0);
    cr_expect(eq(dbl, fleet_number(before, "done_rate", NULL), 1.5));
    cr_expect(eq(ptr, json_object_get(after, "done_rate"), NULL));
    expect_text(json_string_value(json_object_get(after, "presence")), "silent");
    const json_t *lag = json_object_get(json_array_get(json_object_get(later, "partitions"), 0), "lag");
    cr_expect(eq(ptr, (void *)(uintptr_t)lag, json_null()));
    json_decref(now);
    json_decref(later);
}
