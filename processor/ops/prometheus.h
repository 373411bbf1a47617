/* What rendering needs to know of the registry: its table as data, and a histogram at one moment. */
#pragma once

#include "processor/ops/metrics.h"

enum metric_type { METRIC_TYPE_COUNTER, METRIC_TYPE_GAUGE, METRIC_TYPE_HISTOGRAM };

struct metric_row {
    enum metric_type type;
    const char *name;
    const char *labels; /* names, joined by commas; "" if none */
    const char *help;
};

extern const struct metric_row metrics_table[METRIC_COUNT];

enum { METRICS_BOUND_COUNT = 17 };
extern const double metrics_bounds[METRICS_BOUND_COUNT]; /* seconds, upper, rising */

struct metrics_histogram {
    int64_t cumulative[METRICS_BOUND_COUNT + 1]; /* observations up to each bound; the last: all */
    int64_t count;
    double sum_seconds;
};

void metrics_histogram(const struct metrics *metrics, enum metric metric, struct metrics_histogram *out);
