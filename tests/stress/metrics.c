/* Threads count, observe, drop and render at once: nothing that was counted is lost, and each rendering is whole. Also the
 * log, whose lines must not mix. */
#include "processor/ops/health.h"
#include "processor/ops/metrics.h"
#include "processor/runtime/log.h"
#include "processor/runtime/pool.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 4, TURNS = 3000, RENDER_EVERY = 300 };

struct worker {
    struct metrics *metrics;
    struct health *health;
    struct log *log;
    size_t index;
    int failures;
};

static bool is_whole(struct view text)
{
    static const char end[] = "\"} 1\n";
    return text.len > sizeof end && memcmp(text.data + text.len - (sizeof end - 1), end, sizeof end - 1) == 0;
}

static void work(void *state)
{
    struct worker *worker = state;
    struct arena *arena = arena_new(64 * 1024);
    char own[32];
    snprintf(own, sizeof own, "articles,%zu", worker->index);
    for (int turn = 0; turn < TURNS; turn++) {
        metrics_add(worker->metrics, METRIC_ARTICLES, NULL, 1);
        metrics_add(worker->metrics, METRIC_DEAD_LETTERS, "json.syntax", 1);
        metrics_observe(worker->metrics, METRIC_ARTICLE_SECONDS, turn / 1e3);
        metrics_set(worker->metrics, METRIC_LAG, own, turn);
        health_beat(worker->health);
        log_repeated(worker->log, LOG_LEVEL_INFO, "stress.turn", "turn=%d", turn);
        if (turn % RENDER_EVERY != 0)
            continue;
        worker->failures += !is_whole(metrics_render(worker->metrics, "m", "v", arena)) || !health_is_alive(worker->health);
        metrics_drop(worker->metrics, METRIC_LAG, own);
        arena_reset(arena);
    }
    arena_free(arena);
}

int main(void)
{
    struct metrics *metrics = metrics_new();
    struct health health = {0};
    int nowhere = open("/dev/null", O_WRONLY);
    struct log *log = log_new(nowhere, LOG_LEVEL_INFO);
    struct worker workers[THREADS];
    void *states[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.metrics = metrics, .health = &health, .log = log, .index = i};
        states[i] = &workers[i];
    }

    struct error err = {0};
    struct pool *pool = pool_start("stress", THREADS, work, states, &err);
    if (!pool) {
        fprintf(stderr, "metrics: %s\n", err.text);
        return 1;
    }
    pool_join(pool, -1);

    int failures = 0;
    for (size_t i = 0; i < THREADS; i++)
        failures += workers[i].failures;
    failures += metrics_value(metrics, METRIC_ARTICLES, NULL) != THREADS * TURNS;
    failures += metrics_value(metrics, METRIC_DEAD_LETTERS, "json.syntax") != THREADS * TURNS;
    failures += metrics_value(metrics, METRIC_ARTICLE_SECONDS, NULL) != THREADS * TURNS;
    failures += metrics_value(metrics, METRIC_LAG, NULL) != THREADS * (TURNS - 1);
    log_free(log);
    close(nowhere);
    metrics_free(metrics);
    if (failures)
        fprintf(stderr, "metrics: %d checks failed\n", failures);
    return failures != 0;
}
