#include "processor/ops/metrics.h"

#include "processor/ops/prometheus.h"
#include "processor/runtime/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct metric_row metrics_table[METRIC_COUNT] = {
#define X(type, id, name, labels, help) {METRIC_TYPE_##type, "stanced_" name, labels, help},
    METRICS(X)
#undef X
};

/* From a millisecond to an hour: an article takes tens of milliseconds, a backlog may be old. */
const double metrics_bounds[METRICS_BOUND_COUNT] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                    0.5,   1,      2.5,   5,    10,    30,   60,  300, 3600};

struct series {
    enum metric metric;
    char *labels;
    int64_t value;
};

struct plain {
    atomic_int_fast64_t value;                               /* of a histogram: observations */
    atomic_int_fast64_t buckets[METRICS_BOUND_COUNT + 1];    /* not cumulative; the last is above all bounds */
    atomic_int_fast64_t sum_us;
};

struct metrics {
    struct plain plain[METRIC_COUNT];
    pthread_mutex_t lock;
    struct series *series; /* [series_count], sorted by metric, then labels; protected by lock */
    size_t series_count;   /* protected by lock */
};

void metrics_free(struct metrics *metrics)
{
    if (!metrics)
        return;
    for (size_t i = 0; i < metrics->series_count; i++)
        free(metrics->series[i].labels);
    free(metrics->series);
    pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

/* Reading locks too; the numbers are not changed by it. */
static pthread_mutex_t *lock_of(const struct metrics *metrics)
{
    return (pthread_mutex_t *)(uintptr_t)&metrics->lock;
}

static bool has_labels(enum metric metric)
{
    return *metrics_table[metric].labels != '\0';
}

/* Index of the first series that is not before (metric, labels). The lock is held. */
static size_t lower_bound(const struct metrics *metrics, enum metric metric, const char *labels)
{
    size_t low = 0, high = metrics->series_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct series *series = &metrics->series[middle];
        bool is_before = series->metric != metric ? series->metric < metric : strcmp(series->labels, labels) < 0;
        if (is_before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct metrics *metrics, size_t index, enum metric metric, const char *labels)
{
    return index < metrics->series_count && metrics->series[index].metric == metric &&
           strcmp(metrics->series[index].labels, labels) == 0;
}

/* The series, made where it is new; NULL where there are too many. The lock is held. */
static struct series *series_at(struct metrics *metrics, enum metric metric, const char *labels)
{
    size_t index = lower_bound(metrics, metric, labels);
    if (is_at(metrics, index, metric, labels))
        return &metrics->series[index];
    if (metrics->series_count == METRICS_SERIES_MOST)
        return NULL;
    metrics->series = memory_resize(metrics->series, metrics->series_count + 1, sizeof *metrics->series);
    struct series *series = &metrics->series[index];
    memmove(series + 1, series, (metrics->series_count - index) * sizeof *series);
    *series = (struct series){.metric = metric, .labels = memory_copy(labels)};
    metrics->series_count++;
    return series;
}

static void change(struct metrics *metrics, enum metric metric, const char *labels, int64_t amount, bool is_absolute)
{
    if (!has_labels(metric)) {
        if (is_absolute)
            atomic_store_explicit(&metrics->plain[metric].value, amount, memory_order_relaxed);
        else
            atomic_fetch_add_explicit(&metrics->plain[metric].value, amount, memory_order_relaxed);
        return;
    }
    char cut[METRICS_LABELS_BYTES_MOST];
    snprintf(cut, sizeof cut, "%s", labels ? labels : "");
    pthread_mutex_lock(&metrics->lock);
    struct series *series = series_at(metrics, metric, cut);
    if (series)
        series->value = is_absolute ? amount : series->value + amount;
    pthread_mutex_unlock(&metrics->lock);
}

void metrics_add(struct metrics *metrics, enum metric metric, const char *labels, int64_t amount)
{
    change(metrics, metric, labels, amount, false);
}

void metrics_set(struct metrics *metrics, enum metric metric, const char *labels, int64_t value)
{
    change(metrics, metric, labels, value, true);
}

void metrics_observe(struct metrics *metrics, enum metric metric, double seconds)
{
    struct plain *plain = &metrics->plain[metric];
    size_t bucket = 0;
    double held = seconds > 0 ? seconds < 1e9 ? seconds : 1e9 : 0; /* a clock that jumped must not poison the sum; nor NaN */
    while (bucket < METRICS_BOUND_COUNT && held > metrics_bounds[bucket])
        bucket++;
    atomic_fetch_add_explicit(&plain->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&plain->sum_us, (int64_t)(held * 1e6), memory_order_relaxed);
    atomic_fetch_add_explicit(&plain->value, 1, memory_order_relaxed);
}

void metrics_drop(struct metrics *metrics, enum metric metric, const char *labels)
{
    pthread_mutex_lock(&metrics->lock);
    size_t kept = 0;
    for (size_t i = 0; i < metrics->series_count; i++) {
        struct series *series = &metrics->series[i];
        if (series->metric == metric && (!labels || strcmp(series->labels, labels) == 0))
            free(series->labels);
        else
            metrics->series[kept++] = *series;
    }
    metrics->series_count = kept;
    pthread_mutex_unlock(&metrics->lock);
}

int64_t metrics_value(const struct metrics *metrics, enum metric metric, const char *labels)
{
    if (!has_labels(metric))
        return atomic_load_explicit(&metrics->plain[metric].value, memory_order_relaxed);
    int64_t sum = 0;
    pthread_mutex_lock(lock_of(metrics));
    for (size_t i = 0; i < metrics->series_count; i++)
        if (metrics->series[i].metric == metric && (!labels || strcmp(metrics->series[i].labels, labels) == 0))
            sum += metrics->series[i].value;
    pthread_mutex_unlock(lock_of(metrics));
    return sum;
}

void metrics_histogram(const struct metrics *metrics, enum metric metric, struct metrics_histogram *out)
{
    const struct plain *plain = &metrics->plain[metric];
    *out = (struct metrics_histogram){0};
    for (size_t i = 0; i <= METRICS_BOUND_COUNT; i++) {
        out->count += atomic_load_explicit(&plain->buckets[i], memory_order_relaxed);
        out->cumulative[i] = out->count;
    }
    out->sum_seconds = (double)atomic_load_explicit(&plain->sum_us, memory_order_relaxed) / 1e6;
}

double metrics_quantile(const struct metrics *metrics, enum metric metric, double share)
{
    struct metrics_histogram histogram;
    metrics_histogram(metrics, metric, &histogram);
    if (histogram.count == 0)
        return 0;
    double rank = share * (double)histogram.count;
    size_t bucket = 0;
    while (bucket < METRICS_BOUND_COUNT && (double)histogram.cumulative[bucket] < rank)
        bucket++;
    if (bucket == METRICS_BOUND_COUNT)
        return metrics_bounds[METRICS_BOUND_COUNT - 1];
    double low = bucket ? metrics_bounds[bucket - 1] : 0, below = bucket ? (double)histogram.cumulative[bucket - 1] : 0;
    double inside = (double)histogram.cumulative[bucket] - below;
    return inside > 0 ? low + (metrics_bounds[bucket] - low) * (rank - below) / inside : low;
}

void metrics_each(const struct metrics *metrics, enum metric metric, metrics_visit *visit, void *context)
{
    pthread_mutex_lock(lock_of(metrics));
    for (size_t i = lower_bound(metrics, metric, ""); i < metrics->series_count && metrics->series[i].metric == metric; i++)
        visit(context, metrics->series[i].labels, metrics->series[i].value);
    pthread_mutex_unlock(lock_of(metrics));
}

struct metrics *metrics_new(void)
{
    struct metrics *metrics = memory_new(1, sizeof *metrics);
    pthread_mutex_init(&metrics->lock, NULL);
#define X(id, labels) metrics_add(metrics, METRIC_##id, labels, 0);
    METRICS_AT_ZERO(X)
#undef X
    return metrics;
}
