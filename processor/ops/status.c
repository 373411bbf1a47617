#include "processor/ops/status.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A pack that fails is out of memory: jansson has no other reason with constant formats. */
static json_t *made(json_t *json)
{
    if (!json)
        memory_exhausted(0);
    return json;
}

/* jansson refuses text that is no UTF-8, as a host name or a setting may be. */
static json_t *string(const char *text)
{
    json_t *json = json_string(text);
    return json ? json : made(json_string("(not UTF-8)"));
}

/* Three digits behind the point are enough to look at, and stay short. */
static json_t *rounded(double value)
{
    return made(json_real(round(value * 1000) / 1000));
}

static json_t *integer(const struct metrics *metrics, enum metric metric)
{
    return made(json_integer(metrics_value(metrics, metric, NULL)));
}

/* Only what was counted. */
static void put_by_label(void *context, const char *labels, int64_t value)
{
    if (value != 0)
        json_object_set_new(context, labels, made(json_integer(value)));
}

static json_t *by_label(const struct metrics *metrics, enum metric metric)
{
    json_t *object = made(json_object());
    metrics_each(metrics, metric, put_by_label, object);
    return object;
}

/* "articles.raw,3" -> {"topic": "articles.raw", "partition": 3, "lag": 17} */
static void put_lag(void *context, const char *labels, int64_t value)
{
    const char *comma = strchr(labels, ',');
    if (!comma)
        return;
    json_t *entry = json_pack("{s:s%, s:i, s:I}", "topic", labels, (size_t)(comma - labels), "partition", atoi(comma + 1),
                              "lag", (json_int_t)value);
    json_array_append_new(context, made(entry));
}

static json_t *quantiles(const struct metrics *metrics, enum metric metric)
{
    return made(json_pack("{s:o, s:o, s:o, s:o}", "count", integer(metrics, metric), "p50",
                          rounded(metrics_quantile(metrics, metric, 0.5)), "p95",
                          rounded(metrics_quantile(metrics, metric, 0.95)), "p99",
                          rounded(metrics_quantile(metrics, metric, 0.99))));
}

static double rate(int64_t now, int64_t before, int64_t elapsed_ms)
{
    return elapsed_ms > 0 ? (double)(now - before) * 1000 / (double)elapsed_ms : 0;
}

static json_t *rates(const struct metrics *metrics, struct status_last *last)
{
    int64_t now_ms = clock_now_ms();
    struct status_last now = {.at_ms = now_ms,
                              .articles = metrics_value(metrics, METRIC_ARTICLES, NULL),
                              .done = metrics_value(metrics, METRIC_DONE, NULL),
                              .records = metrics_value(metrics, METRIC_RECORDS, NULL)};
    int64_t elapsed_ms = last->at_ms ? now_ms - last->at_ms : 0;
    json_t *object = made(json_pack("{s:o, s:o, s:o}", "articles", rounded(rate(now.articles, last->articles, elapsed_ms)),
                                    "done", rounded(rate(now.done, last->done, elapsed_ms)), "records",
                                    rounded(rate(now.records, last->records, elapsed_ms))));
    *last = now;
    return object;
}

/* Pages of memory that are in use now, from the kernel; 0 where it does not say. */
static int64_t resident_bytes(void)
{
    long long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%lld %lld", &total, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

static json_t *memory(const struct metrics *metrics)
{
    return made(json_pack("{s:o, s:o, s:o, s:I}", "in_hand_bytes", integer(metrics, METRIC_MEMORY_BYTES), "limit_bytes",
                          integer(metrics, METRIC_MEMORY_LIMIT), "web_bytes", integer(metrics, METRIC_WEB_BYTES), "resident_bytes",
                          (json_int_t)resident_bytes()));
}

static json_t *counts(const struct metrics *metrics)
{
    return made(json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "articles", integer(metrics, METRIC_ARTICLES), "input_bytes",
                          integer(metrics, METRIC_INPUT_BYTES), "done", integer(metrics, METRIC_DONE), "records",
                          by_label(metrics, METRIC_RECORDS), "commits", integer(metrics, METRIC_COMMITS), "commit_failures",
                          by_label(metrics, METRIC_COMMIT_FAILURES), "pauses", integer(metrics, METRIC_PAUSES)));
}

static json_t *work(const struct metrics *metrics)
{
    return made(json_pack("{s:o, s:o, s:o, s:o}", "in_hand", integer(metrics, METRIC_IN_HAND), "queued",
                          integer(metrics, METRIC_QUEUED), "workers", integer(metrics, METRIC_WORKERS), "workers_busy",
                          integer(metrics, METRIC_WORKERS_BUSY)));
}

static json_t *guards(const struct metrics *metrics)
{
    return made(json_pack("{s:o, s:o}", "stalls", by_label(metrics, METRIC_STALLS), "suspects", integer(metrics, METRIC_SUSPECTS)));
}

struct view status_render(const struct status_source *source, struct status_last *last, struct arena *arena)
{
    const struct metrics *metrics = source->metrics;
    char time[CLOCK_TEXT_BYTES];
    json_t *lag = made(json_array());
    metrics_each(metrics, METRIC_LAG, put_lag, lag);
    json_t *status = made(json_pack(
        "{s:s, s:o, s:o, s:s, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "schema", "stanced.status/1", "instance", string(source->instance), "group", string(source->group), "at",
        clock_text(clock_wall_ms(), time), "interval_ms", (json_int_t)source->interval_ms, "state", health_state_name(health_state(source->health)), "model",
        string(source->model), "version", string(source->version), "delivery", string(source->delivery), "counts",
        counts(metrics), "rates", rates(metrics, last), "lag", lag, "lag_total",
        (json_int_t)metrics_value(metrics, METRIC_LAG, NULL), "dead_letters", by_label(metrics, METRIC_DEAD_LETTERS), "work",
        work(metrics), "guards", guards(metrics), "memory", memory(metrics), "article_seconds", quantiles(metrics, METRIC_ARTICLE_SECONDS),
        "commit_seconds", quantiles(metrics, METRIC_COMMIT_SECONDS), "latency_seconds",
        quantiles(metrics, METRIC_LATENCY_SECONDS)));
    char *text = json_dumps(status, JSON_COMPACT | JSON_REAL_PRECISION(6));
    if (!text)
        memory_exhausted(0);
    struct view view = arena_copy(arena, view_of(text));
    free(text);
    json_decref(status);
    return view;
}
