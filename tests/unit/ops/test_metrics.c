#include "processor/ops/metrics.h"

#include "tests/expect.h"

#include <math.h>
#include <stdio.h>

static struct metrics *metrics;
static struct arena *arena;

static void set_up(void)
{
    metrics = metrics_new();
    arena = arena_new(64 * 1024);
}

static void tear_down(void)
{
    metrics_free(metrics);
    arena_free(arena);
}

static const char *rendered(void)
{
    return metrics_render(metrics, "model-1", "0.1.0", arena).data;
}

TestSuite(metrics, .init = set_up, .fini = tear_down);

Test(metrics, counters_add_and_gauges_are_set)
{
    metrics_add(metrics, METRIC_ARTICLES, NULL, 3);
    metrics_add(metrics, METRIC_ARTICLES, NULL, 4);
    metrics_set(metrics, METRIC_QUEUED, NULL, 9);
    metrics_set(metrics, METRIC_QUEUED, NULL, 5);

    cr_expect(eq(i64, metrics_value(metrics, METRIC_ARTICLES, NULL), 7));
    cr_expect(eq(i64, metrics_value(metrics, METRIC_QUEUED, NULL), 5));
    expect_says(rendered(), "# TYPE stanced_articles_total counter\nstanced_articles_total 7\n");
    expect_says(rendered(), "# TYPE stanced_queued_records gauge\nstanced_queued_records 5\n");
}

Test(metrics, each_combination_of_labels_is_a_series)
{
    metrics_add(metrics, METRIC_DEAD_LETTERS, "json.syntax", 1);
    metrics_add(metrics, METRIC_DEAD_LETTERS, "text.missing", 2);
    metrics_add(metrics, METRIC_DEAD_LETTERS, "json.syntax", 3);
    metrics_set(metrics, METRIC_LAG, "articles.raw,3", 17);

    cr_expect(eq(i64, metrics_value(metrics, METRIC_DEAD_LETTERS, "json.syntax"), 4));
    cr_expect(eq(i64, metrics_value(metrics, METRIC_DEAD_LETTERS, NULL), 6));
    cr_expect(eq(i64, metrics_value(metrics, METRIC_DEAD_LETTERS, "never"), 0));
    expect_says(rendered(), "stanced_dead_letters_total{code=\"json.syntax\"} 4\n"
                            "stanced_dead_letters_total{code=\"text.missing\"} 2\n");
    expect_says(rendered(), "stanced_lag_records{topic=\"articles.raw\",partition=\"3\"} 17\n");
}

Test(metrics, dropped_series_are_gone)
{
    metrics_set(metrics, METRIC_LAG, "a,0", 1);
    metrics_set(metrics, METRIC_LAG, "a,1", 2);
    metrics_set(metrics, METRIC_LAG, "b,0", 4);
    metrics_add(metrics, METRIC_DEAD_LETTERS, "x", 1);

    metrics_drop(metrics, METRIC_LAG, "a,1");
    cr_expect(eq(i64, metrics_value(metrics, METRIC_LAG, NULL), 5));
    metrics_drop(metrics, METRIC_LAG, NULL);

    cr_expect(eq(i64, metrics_value(metrics, METRIC_LAG, NULL), 0));
    cr_expect(strstr(rendered(), "stanced_lag_records{") == NULL);
    cr_expect(eq(i64, metrics_value(metrics, METRIC_DEAD_LETTERS, NULL), 1));
}

Test(metrics, known_series_are_there_before_they_count)
{
    expect_says(rendered(), "stanced_stalls_total{kind=\"stream\"} 0\n");
    expect_says(rendered(), "stanced_rebalances_total{kind=\"lost\"} 0\n");
    expect_says(rendered(), "stanced_commit_failures_total{kind=\"unknown\"} 0\n");
}

Test(metrics, series_are_bounded)
{
    for (int i = 0; i < METRICS_SERIES_MOST + 10; i++) {
        char labels[32];
        snprintf(labels, sizeof labels, "t,%d", i);
        metrics_set(metrics, METRIC_LAG, labels, 1);
    }
    metrics_set(metrics, METRIC_LAG, "t,5", 2);

#define X(id, labels) +1
    cr_expect(eq(i64, metrics_value(metrics, METRIC_LAG, NULL), METRICS_SERIES_MOST - (METRICS_AT_ZERO(X)) + 1));
#undef X
}

Test(metrics, labels_from_outside_cannot_break_the_format)
{
    metrics_add(metrics, METRIC_ERRORS, "a\"b\\c\nd", 1);
    metrics_add(metrics, METRIC_LAG, "only-topic", 1);
    metrics_add(metrics, METRIC_LAG, "topic,1,more", 1);

    expect_says(rendered(), "stanced_errors_total{code=\"a\\\"b\\\\c\\nd\"} 1\n");
    expect_says(rendered(), "stanced_lag_records{topic=\"only-topic\",partition=\"\"} 1\n");
    expect_says(rendered(), "stanced_lag_records{topic=\"topic\",partition=\"1\"} 1\n");
}

Test(metrics, histograms_count_up_to_each_bound)
{
    static const double seconds[] = {0.0005, 0.001, 0.04, 0.3, 5000};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        metrics_observe(metrics, METRIC_ARTICLE_SECONDS, seconds[i]);

    const char *text = rendered();
    expect_says(text, "# TYPE stanced_article_seconds histogram\n");
    expect_says(text, "stanced_article_seconds_bucket{le=\"0.001\"} 2\n");
    expect_says(text, "stanced_article_seconds_bucket{le=\"0.05\"} 3\n");
    expect_says(text, "stanced_article_seconds_bucket{le=\"3600\"} 4\n");
    expect_says(text, "stanced_article_seconds_bucket{le=\"+Inf\"} 5\n");
    expect_says(text, "stanced_article_seconds_count 5\n");
    expect_says(text, "stanced_article_seconds_sum 5000.341500\n");
}

Test(metrics, quantiles_lie_within_their_bucket)
{
    cr_expect(eq(dbl, metrics_quantile(metrics, METRIC_LATENCY_SECONDS, 0.5), 0));
    for (int i = 0; i < 100; i++)
        metrics_observe(metrics, METRIC_LATENCY_SECONDS, i < 90 ? 0.04 : 0.8);

    double p50 = metrics_quantile(metrics, METRIC_LATENCY_SECONDS, 0.5);
    double p99 = metrics_quantile(metrics, METRIC_LATENCY_SECONDS, 0.99);

    cr_expect(p50 > 0.025 && p50 <= 0.05, "p50 is %g", p50);
    cr_expect(p99 > 0.5 && p99 <= 1, "p99 is %g", p99);
    cr_expect(epsilon_eq(dbl, p50, 0.025 + 0.025 * 50 / 90, 1e-12));
}

Test(metrics, times_that_cannot_be_are_held)
{
    static const double seconds[] = {-5, NAN, INFINITY};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        metrics_observe(metrics, METRIC_LATENCY_SECONDS, seconds[i]);

    cr_expect(eq(i64, metrics_value(metrics, METRIC_LATENCY_SECONDS, NULL), 3));
    cr_expect(eq(dbl, metrics_quantile(metrics, METRIC_LATENCY_SECONDS, 1), 3600));
}

static void collect(void *context, const char *labels, int64_t value)
{
    char *text = context;
    size_t len = strlen(text);
    snprintf(text + len, 256 - len, "%s=%lld;", labels, (long long)value);
}

Test(metrics, series_are_visited_in_order)
{
    char text[256] = "";
    metrics_add(metrics, METRIC_RECORDS, "stance", 2);
    metrics_add(metrics, METRIC_RECORDS, "enriched", 1);
    metrics_add(metrics, METRIC_COMMIT_FAILURES, "aborted", 9);

    metrics_each(metrics, METRIC_RECORDS, collect, text);

    expect_text(text, "enriched=1;entity=0;stance=2;");
}
