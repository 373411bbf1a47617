#include "processor/ops/prometheus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = {"counter", "gauge", "histogram"};

struct rendering {
    FILE *to;
    const struct metric_row *row;
};

/* Backslash, quote and newline are what the format escapes in a label's value. */
static void put_escaped(FILE *to, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n')
            fputs("\\n", to);
        else if (text[i] == '"' || text[i] == '\\')
            fprintf(to, "\\%c", text[i]);
        else
            fputc(text[i], to);
    }
}

/* name{topic="articles.raw",partition="3"} 17; a value that is missing is empty, what is too much is left out. */
static void put_series(void *context, const char *labels, int64_t value)
{
    const struct rendering *rendering = context;
    FILE *to = rendering->to;
    const char *name = rendering->row->labels;
    fprintf(to, "%s{", rendering->row->name);
    while (*name) {
        size_t name_len = strcspn(name, ","), value_len = strcspn(labels, ",");
        fprintf(to, "%.*s=\"", (int)name_len, name);
        put_escaped(to, labels, value_len);
        fputc('"', to);
        name += name_len + (name[name_len] == ',');
        labels += value_len + (labels[value_len] == ',');
        if (*name)
            fputc(',', to);
    }
    fprintf(to, "} %lld\n", (long long)value);
}

static void put_histogram(FILE *to, const char *name, const struct metrics_histogram *histogram)
{
    for (size_t i = 0; i < METRICS_BOUND_COUNT; i++)
        fprintf(to, "%s_bucket{le=\"%g\"} %lld\n", name, metrics_bounds[i], (long long)histogram->cumulative[i]);
    fprintf(to, "%s_bucket{le=\"+Inf\"} %lld\n%s_sum %.6f\n%s_count %lld\n", name, (long long)histogram->count, name,
            histogram->sum_seconds, name, (long long)histogram->count);
}

static void put_info(FILE *to, const char *model, const char *version)
{
    fputs("# HELP stanced_info What runs here.\n# TYPE stanced_info gauge\nstanced_info{model=\"", to);
    put_escaped(to, model, strlen(model));
    fputs("\",version=\"", to);
    put_escaped(to, version, strlen(version));
    fputs("\"} 1\n", to);
}

struct view metrics_render(const struct metrics *metrics, const char *model, const char *version, struct arena *arena)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    if (!to)
        return (struct view){0};
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        const struct metric_row *row = &metrics_table[i];
        fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name, type_names[row->type]);
        if (row->type == METRIC_TYPE_HISTOGRAM) {
            struct metrics_histogram histogram;
            metrics_histogram(metrics, (enum metric)i, &histogram);
            put_histogram(to, row->name, &histogram);
        } else if (*row->labels) {
            struct rendering rendering = {.to = to, .row = row};
            metrics_each(metrics, (enum metric)i, put_series, &rendering);
        } else {
            fprintf(to, "%s %lld\n", row->name, (long long)metrics_value(metrics, (enum metric)i, NULL));
        }
    }
    put_info(to, model, version);
    fclose(to);
    struct view view = arena_copy(arena, (struct view){.data = text, .len = len});
    free(text);
    return view;
}
