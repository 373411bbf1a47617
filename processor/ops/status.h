/* The status record: one JSON line an interval and instance, for a plain consumer of the status topic.
 * schemas/status.schema.json says the same. */
#pragma once

#include "processor/ops/health.h"
#include "processor/ops/metrics.h"

/* Who reports. Strings outlive the calls. */
struct status_source {
    const char *instance, *group, *model, *version, *delivery;
    int64_t interval_ms; /* between two records: who reads them knows when one is overdue */
    const struct health *health;
    const struct metrics *metrics;
};

/* What the rates are reckoned from: the counts at the last report. All zero before the first. Thread: owner. */
struct status_last {
    int64_t at_ms;
    int64_t articles, done, records;
};

/* The record as one line of JSON without a newline, in `arena`; *last becomes this moment. Thread: owner of *last. */
struct view status_render(const struct status_source *source, struct status_last *last, struct arena *arena);
