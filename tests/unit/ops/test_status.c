#include "processor/ops/status.h"

#include "processor/runtime/clock.h"
#include "tests/expect.h"

#include <jansson.h>

static struct metrics *metrics;
static struct arena *arena;
static struct health health;
static struct status_source source;

static void set_up(void)
{
    metrics = metrics_new();
    arena = arena_new(4096);
    source = (struct status_source){.instance = "i", .group = "g", .model = "m", .version = "v",
                                    .delivery = "exactly_once", .health = &health, .metrics = metrics};
}

static void tear_down(void)
{
    metrics_free(metrics);
    arena_free(arena);
}

/* The record, parsed; the caller's to let go. */
static json_t *rendered(struct status_last *last)
{
    struct view text = status_render(&source, last, arena);
    cr_assert(memchr(text.data, '\n', text.len) == NULL);
    json_t *status = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    cr_assert(status != NULL, "not JSON: %s", text.data);
    return status;
}

static json_int_t integer(json_t *status, const char *object, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(status, object), name));
}

TestSuite(status, .init = set_up, .fini = tear_down);

Test(status, says_who_and_what)
{
    struct status_last last = {0};
    health_set(&health, HEALTH_RUNNING);

    json_t *status = rendered(&last);

    expect_text(json_string_value(json_object_get(status, "schema")), "stanced.status/1");
    expect_text(json_string_value(json_object_get(status, "instance")), "i");
    expect_text(json_string_value(json_object_get(status, "state")), "running");
    expect_text(json_string_value(json_object_get(status, "model")), "m");
    json_decref(status);
}

Test(status, has_counts_lag_and_dead_letters)
{
    struct status_last last = {0};
    metrics_add(metrics, METRIC_ARTICLES, NULL, 12);
    metrics_add(metrics, METRIC_DEAD_LETTERS, "json.syntax", 2);
    metrics_set(metrics, METRIC_LAG, "articles.raw,3", 17);
    metrics_set(metrics, METRIC_LAG, "articles.raw,4", 1);
    metrics_set(metrics, METRIC_MEMORY_BYTES, NULL, 99);
    metrics_add(metrics, METRIC_STALLS, "stream", 1);
    metrics_add(metrics, METRIC_SUSPECTS, NULL, 2);

    json_t *status = rendered(&last);

    const json_t *lag = json_array_get(json_object_get(status, "lag"), 0);
    cr_expect(eq(i64, integer(status, "counts", "articles"), 12));
    cr_expect(eq(i64, integer(status, "dead_letters", "json.syntax"), 2));
    cr_expect(eq(i64, integer(status, "memory", "in_hand_bytes"), 99));
    cr_expect(eq(i64, json_integer_value(json_object_get(json_object_get(json_object_get(status, "guards"), "stalls"), "stream")), 1));
    cr_expect(eq(i64, integer(status, "guards", "suspects"), 2));
    cr_expect(gt(i64, integer(status, "memory", "resident_bytes"), 0));
    expect_text(json_string_value(json_object_get(lag, "topic")), "articles.raw");
    cr_expect(eq(i64, json_integer_value(json_object_get(lag, "partition")), 3));
    cr_expect(eq(i64, json_integer_value(json_object_get(lag, "lag")), 17));
    cr_expect(eq(i64, json_integer_value(json_object_get(status, "lag_total")), 18));
    json_decref(status);
}

Test(status, rates_are_of_the_last_interval)
{
    struct status_last last = {.at_ms = clock_now_ms() - 10000, .articles = 100};
    metrics_add(metrics, METRIC_ARTICLES, NULL, 150);

    json_t *status = rendered(&last);

    double rate = json_real_value(json_object_get(json_object_get(status, "rates"), "articles"));
    cr_expect(rate > 4 && rate <= 5, "50 articles in 10 s gave %g", rate);
    cr_expect(eq(i64, last.articles, 150));
    json_decref(status);
}

Test(status, the_first_record_has_no_rates)
{
    struct status_last last = {0};
    metrics_add(metrics, METRIC_ARTICLES, NULL, 150);

    json_t *status = rendered(&last);

    cr_expect(eq(dbl, json_real_value(json_object_get(json_object_get(status, "rates"), "articles")), 0));
    json_decref(status);
}

Test(status, names_that_are_not_utf8_do_not_break_it)
{
    struct status_last last = {0};
    source.instance = "\xff\xfe";

    json_t *status = rendered(&last);

    expect_text(json_string_value(json_object_get(status, "instance")), "(not UTF-8)");
    json_decref(status);
}
