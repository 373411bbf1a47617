#include "processor/pipeline.h"

#include "processor/committer.h"
#include "processor/ingest/suspects.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"
#include "processor/runtime/pool.h"
#include "processor/runtime/queue.h"
#include "processor/task.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { POLL_MS = 100, POP_MS = 500, PUSH_MS = 60000, LEAVE_MS = 7000, QUEUE_SLACK = 64, LAGS_MOST = 1024, SURVEY_MS = 5000, SCHEMA_STEP_MS = 100, WAKE_MS = 500 };
enum { OUTPUT_TIMES = 6 }; /* of 400 real articles the document alone is 4.4 times the article in the middle, 7 at most */

struct pipeline {
    struct pipeline_options options;
    struct offsets *offsets;
    struct queue *queue;
    struct consumer *consumer;
    struct committer *committer;
    struct suspects *suspects; /* NULL: switched off */
    struct article_fields fields;
    struct schemas *schemas; /* of framed articles; NULL: they are not looked up */
    struct schemas_counts schemas_told; /* what metrics know of its counts */
    struct worker **workers; /* [worker_count] */
    struct reading *readings; /* [worker_count] */
    size_t worker_count;
    struct pool *poll_pool, *worker_pool, *commit_pool; /* NULL once joined */
    int64_t deadline_ms;      /* of the whole stop */
    _Atomic int64_t stop_ms;  /* when drains end and the committer gives up; INT64_MAX while running */
    _Atomic int64_t leave_ms; /* when the group is left by; likewise */
    _Atomic(const char *) poll_at, commit_at; /* which call of the clients these threads are in */
    atomic_bool is_stopping;
    pthread_mutex_t lock;
    struct error failure; /* protected by lock: of the poll thread */
};

/* What one worker thread is given. */
struct reading {
    struct pipeline *pipeline;
    struct worker *worker;
    size_t index;
    clockid_t clock;              /* of its thread; set before begun_ms */
    _Atomic int64_t begun_cpu_ns; /* of that clock; set before begun_ms */
    _Atomic int64_t begun_ms;     /* when it began the article it is at; 0: none */
};

static void forget(struct tracked *tracked)
{
    task_free(task_of(tracked));
}

static void fail(struct pipeline *pipeline, const struct error *err)
{
    pthread_mutex_lock(&pipeline->lock);
    if (pipeline->failure.kind == ERROR_NONE)
        pipeline->failure = *err;
    pthread_mutex_unlock(&pipeline->lock);
}

bool pipeline_has_failed(struct pipeline *pipeline, struct error *err)
{
    pthread_mutex_lock(&pipeline->lock);
    bool failed = pipeline->failure.kind != ERROR_NONE;
    if (failed)
        *err = pipeline->failure;
    pthread_mutex_unlock(&pipeline->lock);
    return failed || committer_has_failed(pipeline->committer, err);
}

/* Hands a record on. The tracker has let it in, so the queue has room but for the instant in which a worker is late. */
static void hand_out(struct pipeline *pipeline, struct task *task)
{
    metrics_add(pipeline->options.metrics, METRIC_ARTICLES, NULL, 1);
    metrics_add(pipeline->options.metrics, METRIC_INPUT_BYTES, NULL, (int64_t)task->incoming.value.len);
    if (pipeline->options.spans != NULL) {
        task->trace = trace_begin(task->incoming.traceparent, (unsigned)pipeline->options.settings->otlp_percent);
        task->begun_ms = clock_wall_ms();
    }
    while (queue_push(pipeline->queue, task, task->incoming.value.len, PUSH_MS) == QUEUE_TIMEOUT)
        ;
}

static void poll_run(void *state)
{
    struct pipeline *pipeline = state;
    struct task *task = NULL;
    struct error err = {0};
    while (!atomic_load(&pipeline->is_stopping) && err.kind == ERROR_NONE) {
        health_beat(pipeline->options.health);
        if (task == NULL)
            task = memory_new(1, sizeof *task);
        if (consumer_poll(pipeline->consumer, POLL_MS, &task->incoming, &err)) {
            hand_out(pipeline, task);
            task = NULL;
        }
    }
    free(task);
    if (err.kind != ERROR_NONE)
        fail(pipeline, &err);
    bool drained = consumer_leave(pipeline->consumer);
    log_write(pipeline->options.log, LOG_LEVEL_INFO, "consumer.left", "drained=%d", drained);
}

static struct outcome *refuse(unsigned deaths)
{
    struct error err = {0};
    error_set(&err, ERROR_INPUT, "article.crashed", "the process died %u times while a worker was at this article", deaths);
    return worker_refuse(&err);
}

/* As worker_process(), but for a record at which the process died before. */
static struct outcome *process(struct reading *reading, const struct incoming *incoming)
{
    struct pipeline *pipeline = reading->pipeline;
    const struct suspect_place place = {
        .topic = incoming->topic, .partition = incoming->partition, .offset = incoming->offset, .value = incoming->value};
    if (pipeline->suspects == NULL)
        return worker_process(reading->worker, incoming->value, incoming->content_type);
    unsigned deaths;
    enum suspects_verdict verdict = suspects_begin(pipeline->suspects, reading->index, &place, &deaths);
    if (verdict != SUSPECTS_NONE) {
        metrics_add(pipeline->options.metrics, METRIC_SUSPECTS, NULL, 1);
        log_write(pipeline->options.log, LOG_LEVEL_WARN, "article.suspect", "topic=%s partition=%d offset=%lld deaths=%u given_up=%d",
                  place.topic, place.partition, (long long)place.offset, deaths, verdict == SUSPECTS_GUILTY);
    }
    struct outcome *outcome = verdict == SUSPECTS_GUILTY
                                  ? refuse(deaths)
                                  : worker_process(reading->worker, incoming->value, incoming->content_type);
    if (verdict != SUSPECTS_GUILTY)
        suspects_end(pipeline->suspects, reading->index);
    outcome->attempts = deaths + (verdict != SUSPECTS_GUILTY);
    return outcome;
}

/* The schema of a framed article, for which a registry that is away is waited for: with no time running for the article, and
 * nothing to blame on it. NULL with *is_found: read it. NULL without: its partition was given up meanwhile. */
static struct outcome *find_schema(struct reading *reading, struct task *task, bool *is_found)
{
    const struct incoming *incoming = &task->incoming;
    for (*is_found = false; !offsets_is_gone(&task->incoming.tracked);) {
        struct error err = {0};
        *is_found = worker_find_schema(reading->worker, incoming->value, incoming->content_type, &err);
        if (*is_found)
            return NULL;
        if (err.kind != ERROR_RETRY)
            return worker_refuse(&err);
        char quoted[ERROR_TEXT_BYTES];
        log_repeated(reading->pipeline->options.log, LOG_LEVEL_WARN, err.code, "topic=%s partition=%d offset=%lld text=%s", incoming->topic,
                     incoming->partition, (long long)incoming->offset, log_quote(err.text, quoted, sizeof quoted));
        nanosleep(&(struct timespec){.tv_nsec = SCHEMA_STEP_MS * 1000000L}, NULL);
    }
    return NULL;
}

static void read_one(struct reading *reading, struct task *task)
{
    struct pipeline *pipeline = reading->pipeline;
    struct metrics *metrics = pipeline->options.metrics;
    size_t bytes = 0;
    bool is_found;
    task->outcome = find_schema(reading, task, &is_found);
    if (is_found) {
        metrics_add(metrics, METRIC_WORKERS_BUSY, NULL, 1);
        atomic_store(&reading->begun_cpu_ns, clock_thread_ns());
        atomic_store(&reading->begun_ms, clock_now_ms());
        task->read_ms = clock_wall_ms();
        task->outcome = process(reading, &task->incoming);
        task->made_ms = clock_wall_ms();
        atomic_store(&reading->begun_ms, 0);
        metrics_observe(metrics, METRIC_ARTICLE_SECONDS, (double)task->outcome->work_ns / 1e9);
        if (task->outcome->is_repeated)
            metrics_add(metrics, METRIC_REPEATED, NULL, 1);
        metrics_add(metrics, METRIC_WORKERS_BUSY, NULL, -1);
    }
    if (task->outcome != NULL)
        bytes = task->outcome->bytes;
    if (!offsets_finish(&task->incoming.tracked, bytes))
        task_free(task);
}

static void worker_run(void *state)
{
    struct reading *reading = state;
    void *stack = suspects_enter();
    reading->clock = clock_of_thread();
    for (;;) {
        void *task;
        enum queue_result result = queue_pop(reading->pipeline->queue, &task, POP_MS);
        if (result == QUEUE_DONE)
            read_one(reading, task);
        else if (result == QUEUE_CLOSED)
            break;
    }
    suspects_exit(stack);
}

static void count_error(void *context, const char *code)
{
    struct pipeline *pipeline = context;
    metrics_add(pipeline->options.metrics, METRIC_ERRORS, code, 1);
}

/* The lag of a partition that went away must not be shown on; that of the others is set again at the next measurement. */
static void count_change(void *context, enum consumer_change change, size_t amount)
{
    struct metrics *metrics = ((struct pipeline *)context)->options.metrics;
    static const char *const kinds[] = {"assigned", "revoked", "lost"};
    static const enum metric counters[] = {[CONSUMER_PAUSED] = METRIC_PAUSES, [CONSUMER_ANEW] = METRIC_ANEW, [CONSUMER_GONE] = METRIC_GONE};
    if (change >= CONSUMER_PAUSED) {
        metrics_add(metrics, counters[change], NULL, (int64_t)amount);
        return;
    }
    metrics_add(metrics, METRIC_REBALANCES, kinds[change], (int64_t)amount);
    if (change != CONSUMER_ASSIGNED)
        metrics_drop(metrics, METRIC_LAG, NULL);
}

static struct client_events find_events(struct pipeline *pipeline, _Atomic(const char *) *at)
{
    return (struct client_events){.log = pipeline->options.log, .context = pipeline, .error = count_error, .at = at};
}

static bool open_consumer(struct pipeline *pipeline, struct error *err)
{
    const struct settings *settings = pipeline->options.settings;
    const struct consumer_options options = {
        .settings = settings,
        .offsets = pipeline->offsets,
        .events = find_events(pipeline, &pipeline->poll_at),
        .changed = count_change,
        .commits_itself = settings->delivery == DELIVERY_AT_LEAST_ONCE,
        .forget = forget,
        .stop_ms = &pipeline->stop_ms,
        .leave_ms = &pipeline->leave_ms,
    };
    pipeline->consumer = consumer_open(&options, err);
    return pipeline->consumer != NULL;
}

/* Without a directory nothing is remembered. */
static bool open_suspects(struct pipeline *pipeline, struct error *err)
{
    const struct settings *settings = pipeline->options.settings;
    if (*settings->state_dir == '\0')
        return true;
    pipeline->suspects = suspects_open(settings->state_dir, settings->instance, (unsigned)settings->crashes_most, err);
    if (pipeline->suspects != NULL && suspects_count(pipeline->suspects) > 0)
        log_write(pipeline->options.log, LOG_LEVEL_WARN, "suspects.found", "count=%zu", suspects_count(pipeline->suspects));
    return pipeline->suspects != NULL;
}

static void make_workers(struct pipeline *pipeline)
{
    const struct worker_registries registries = {.out = pipeline->options.registry, .in = pipeline->schemas};
    pipeline->worker_count = (size_t)pipeline->options.settings->workers;
    pipeline->workers = memory_new(pipeline->worker_count, sizeof *pipeline->workers);
    pipeline->readings = memory_new(pipeline->worker_count, sizeof *pipeline->readings);
    for (size_t i = 0; i < pipeline->worker_count; i++) {
        pipeline->workers[i] = worker_new(pipeline->options.settings, pipeline->options.extractor, &registries);
        pipeline->readings[i].pipeline = pipeline;
        pipeline->readings[i].worker = pipeline->workers[i];
        pipeline->readings[i].index = i;
    }
}

static bool start_threads(struct pipeline *pipeline, struct error *err)
{
    void **states = memory_new(pipeline->worker_count, sizeof *states);
    for (size_t i = 0; i < pipeline->worker_count; i++)
        states[i] = &pipeline->readings[i];
    pipeline->worker_pool = pool_start("worker", pipeline->worker_count, worker_run, states, err);
    free(states);
    void *committer = pipeline->committer, *self = pipeline;
    if (pipeline->worker_pool != NULL)
        pipeline->commit_pool = pool_start("commit", 1, committer_run, &committer, err);
    if (pipeline->commit_pool != NULL)
        pipeline->poll_pool = pool_start("poll", 1, poll_run, &self, err);
    return pipeline->poll_pool != NULL;
}

/* The consumer's handle has half of what is left of the time. */
static void release(struct pipeline *pipeline)
{
    suspects_close(pipeline->suspects);
    committer_free(pipeline->committer);
    consumer_close(pipeline->consumer, clock_left_ms(pipeline->deadline_ms) / 2);
    offsets_free(pipeline->offsets);
    queue_free(pipeline->queue);
    for (size_t i = 0; i < pipeline->worker_count; i++)
        worker_free(pipeline->workers[i]);
    schemas_free(pipeline->schemas);
    free(pipeline->workers);
    free(pipeline->readings);
    pthread_mutex_destroy(&pipeline->lock);
    free(pipeline);
}

static bool join(struct pipeline *pipeline, struct pool **pool, const char *name, _Atomic(const char *) *at)
{
    if (*pool != NULL && !pool_join(*pool, clock_left_ms(pipeline->deadline_ms))) {
        const char *call = at != NULL ? atomic_load(at) : NULL;
        log_write(pipeline->options.log, LOG_LEVEL_ERROR, "stream.late", "thread=%s at=%s busy_ms=%lld", name, call != NULL ? call : "work",
                  (long long)pipeline_busy(pipeline).ms);
        return false;
    }
    *pool = NULL;
    return true;
}

void pipeline_wake(struct pipeline *pipeline)
{
    consumer_wake(pipeline->consumer);
    committer_wake(pipeline->committer);
}

bool pipeline_stop(struct pipeline *pipeline, int64_t stop_ms)
{
    int64_t drain_ms = pipeline->options.settings->drain_ms, now_ms = clock_now_ms();
    int64_t most_ms = stop_ms > 2 * LEAVE_MS ? stop_ms - LEAVE_MS : stop_ms / 2;
    health_set(pipeline->options.health, HEALTH_STOPPING);
    if (pipeline->suspects != NULL)
        suspects_leave(pipeline->suspects);
    pipeline->deadline_ms = now_ms + stop_ms;
    drain_ms = drain_ms < most_ms ? drain_ms : most_ms;
    int64_t leave_ms = (stop_ms - drain_ms) / 2;
    atomic_store(&pipeline->leave_ms, now_ms + drain_ms + (leave_ms < LEAVE_MS ? leave_ms : LEAVE_MS));
    atomic_store(&pipeline->stop_ms, now_ms + drain_ms);
    atomic_store(&pipeline->is_stopping, true);
    if (!join(pipeline, &pipeline->poll_pool, "poll", &pipeline->poll_at))
        return false;
    for (size_t i = 0; i < pipeline->worker_count; i++)
        worker_give_up(pipeline->workers[i]); /* their partitions are gone */
    if (pipeline->schemas != NULL)
        schemas_stop(pipeline->schemas);
    queue_close(pipeline->queue);
    offsets_close(pipeline->offsets);
    if (!join(pipeline, &pipeline->worker_pool, "worker", NULL))
        return false;
    int64_t stop_left_ms = clock_left_ms(atomic_load(&pipeline->stop_ms));
    if (pipeline->commit_pool != NULL && !pool_join(pipeline->commit_pool, stop_left_ms + WAKE_MS))
        pipeline_wake(pipeline);
    else
        pipeline->commit_pool = NULL;
    if (!join(pipeline, &pipeline->commit_pool, "commit", &pipeline->commit_at))
        return false;
    release(pipeline);
    return true;
}

struct pipeline *pipeline_start(const struct pipeline_options *options, struct error *err)
{
    const struct settings *settings = options->settings;
    const struct offsets_limits limits = {
        .waiting_most = (size_t)settings->queue_records,
        .bytes_most = (size_t)settings->memory_bytes,
        .output_times = OUTPUT_TIMES,
    };
    struct pipeline *pipeline = memory_new(1, sizeof *pipeline);
    pipeline->options = *options;
    atomic_store(&pipeline->stop_ms, INT64_MAX);
    atomic_store(&pipeline->leave_ms, INT64_MAX);
    pipeline->deadline_ms = clock_now_ms() + settings->stop_ms;
    pthread_mutex_init(&pipeline->lock, NULL);
    pipeline->offsets = offsets_new(&limits);
    pipeline->queue = queue_new(limits.waiting_most + QUEUE_SLACK);
    pipeline->fields = article_fields_of(settings);
    if (*settings->schema_registry != '\0' && settings->schema_registry_for != REGISTRY_FOR_OUTPUT)
        pipeline->schemas = schemas_new(settings->schema_registry, &pipeline->fields);
    if (!open_suspects(pipeline, err) || !open_consumer(pipeline, err)) {
        release(pipeline);
        return NULL;
    }
    pipeline->committer = committer_new(&(struct committer_options){
        .settings = settings,
        .offsets = pipeline->offsets,
        .consumer = pipeline->consumer,
        .metrics = options->metrics,
        .live = options->live,
        .spans = options->spans,
        .events = find_events(pipeline, &pipeline->commit_at),
        .stop_ms = &pipeline->stop_ms,
    });
    make_workers(pipeline);
    if (start_threads(pipeline, err))
        return pipeline;
    pipeline_stop(pipeline, settings->stop_ms);
    return NULL;
}

static void measure_lags(struct pipeline *pipeline)
{
    struct metrics *metrics = pipeline->options.metrics;
    struct lag *lags = memory_new(LAGS_MOST, sizeof *lags);
    size_t count = consumer_lags(pipeline->consumer, lags, LAGS_MOST);
    metrics_set(metrics, METRIC_PARTITIONS, NULL, (int64_t)count);
    for (size_t i = 0; i < count && i < LAGS_MOST; i++) {
        char labels[METRICS_LABELS_BYTES_MOST];
        snprintf(labels, sizeof labels, "%s,%d", lags[i].topic, lags[i].partition);
        if (lags[i].messages >= 0)
            metrics_set(metrics, METRIC_LAG, labels, lags[i].messages);
    }
    free(lags);
}

static void measure_schemas(struct pipeline *pipeline)
{
    struct metrics *metrics = pipeline->options.metrics;
    struct schemas_counts told = pipeline->schemas_told, now = schemas_count(pipeline->schemas);
    metrics_add(metrics, METRIC_SCHEMAS, "found", now.found - told.found);
    metrics_add(metrics, METRIC_SCHEMAS, "refused", now.refused - told.refused);
    metrics_add(metrics, METRIC_SCHEMAS, "away", now.away - told.away);
    pipeline->schemas_told = now;
}

bool pipeline_is_waiting(const struct pipeline *pipeline)
{
    return pipeline->schemas != NULL && schemas_is_away(pipeline->schemas);
}

static enum health_state find_state(struct pipeline *pipeline, size_t lanes)
{
    if (pipeline_has_failed(pipeline, &(struct error){0}))
        return HEALTH_FAILED;
    return lanes == 0 || committer_is_troubled(pipeline->committer) || pipeline_is_waiting(pipeline) ? HEALTH_WAITING : HEALTH_RUNNING;
}

void pipeline_measure(struct pipeline *pipeline)
{
    struct metrics *metrics = pipeline->options.metrics;
    struct offsets_counts counts = offsets_count(pipeline->offsets);
    metrics_set(metrics, METRIC_IN_HAND, NULL, (int64_t)(counts.waiting + counts.finished + counts.taken));
    metrics_set(metrics, METRIC_QUEUED, NULL, (int64_t)queue_count(pipeline->queue));
    metrics_set(metrics, METRIC_WORKERS, NULL, (int64_t)pipeline->worker_count);
    metrics_set(metrics, METRIC_MEMORY_BYTES, NULL, (int64_t)counts.bytes);
    metrics_set(metrics, METRIC_MEMORY_LIMIT, NULL, pipeline->options.settings->memory_bytes);
    measure_lags(pipeline);
    if (pipeline->schemas != NULL)
        measure_schemas(pipeline);
    health_set(pipeline->options.health, find_state(pipeline, counts.lanes));
}

static int64_t busy_ms_of(const struct reading *reading)
{
    int64_t begun_ms = atomic_load(&reading->begun_ms);
    return begun_ms > 0 ? clock_now_ms() - begun_ms : 0;
}

struct pipeline_busy pipeline_busy(struct pipeline *pipeline)
{
    struct pipeline_busy busy = {0};
    const struct reading *longest = NULL;
    for (size_t i = 0; i < pipeline->worker_count; i++) {
        int64_t ms = busy_ms_of(&pipeline->readings[i]);
        if (ms <= busy.ms)
            continue;
        busy.ms = ms;
        longest = &pipeline->readings[i];
    }
    if (longest != NULL)
        busy.cpu_ns = clock_read_ns(longest->clock) - atomic_load(&longest->begun_cpu_ns);
    return busy;
}

void pipeline_blame(struct pipeline *pipeline, int64_t busy_ms)
{
    for (size_t i = 0; i < pipeline->worker_count && pipeline->suspects != NULL; i++)
        if (busy_ms_of(&pipeline->readings[i]) > busy_ms)
            suspects_blame(pipeline->suspects, i);
}

void pipeline_suspect(struct pipeline *pipeline)
{
    if (pipeline->suspects != NULL)
        suspects_cannot_leave(pipeline->suspects);
}

int64_t pipeline_outside_ms(const struct pipeline *pipeline)
{
    return consumer_outside_ms(pipeline->consumer);
}

int64_t pipeline_unknown_ms(const struct pipeline *pipeline)
{
    return consumer_unknown_ms(pipeline->consumer);
}

bool pipeline_is_answered(struct pipeline *pipeline)
{
    const struct client_events events = find_events(pipeline, NULL);
    return survey_is_answered(pipeline->options.settings, &events, SURVEY_MS);
}

/* To be freed. */
static struct lag *find_lags(struct pipeline *pipeline, size_t *count)
{
    struct lag *lags = memory_new(LAGS_MOST, sizeof *lags);
    size_t all = consumer_lags(pipeline->consumer, lags, LAGS_MOST);
    *count = all < LAGS_MOST ? all : LAGS_MOST;
    return lags;
}

struct hanging *pipeline_look_at_hanging(struct pipeline *pipeline, bool (*is_over)(void))
{
    const struct client_events events = find_events(pipeline, NULL);
    size_t count;
    struct lag *lags = find_lags(pipeline, &count);
    struct hanging *hanging = count > 0 ? hanging_look(pipeline->options.settings, &events, lags, count, is_over) : NULL;
    free(lags);
    return hanging;
}

enum survey_result pipeline_survey(struct pipeline *pipeline, bool (*is_over)(void))
{
    const struct client_events events = find_events(pipeline, NULL);
    size_t count;
    struct lag *lags = find_lags(pipeline, &count);
    enum survey_result result = survey_run(pipeline->options.settings, &events, lags, count, SURVEY_MS, is_over);
    free(lags);
    return result;
}
