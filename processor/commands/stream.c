#include "processor/commands/stream.h"

#include "processor/emit/hanging.h"
#include "processor/emit/producer.h"
#include "processor/ingest/consumer.h"
#include "processor/ingest/orphans.h"
#include "processor/ops/http.h"
#include "processor/ops/watchdog.h"
#include "processor/pipeline.h"
#include "processor/reporter.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/fault.h"
#include "processor/runtime/fetch.h"
#include "processor/runtime/memory.h"
#include "processor/web/board.h"
#include "processor/web/site.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Time to stop a pipeline that is to be replaced; how many clients may be left that do not close; how much longer an article may
 * take on a busy machine than its CPU time. */
enum { ARENA_BYTES = 16 * 1024, SHOW_MS = 2000, REPLACE_MS = 15000, BUSY_MACHINE = 4, ASK_MS = 2000, PLACE_MS = 10000, AGAIN_MS = 2000, SPANS_MS = 3000, FENCED_MS = 600000, UNKNOWN_MS = 5000, HANGING_MS = 300000, WAKE_MS = 20000, UNDONE_MS = 4000, LEFT_MOST = 8 };

struct stream {
    const struct session *session;
    struct log *log;
    struct metrics *metrics;
    struct health health;
    struct live *live;   /* NULL, as is the board: no page */
    struct board *board;
    struct http *http; /* NULL: off */
    struct status_source source;
    struct status_last shown; /* for the page */
    int64_t show_ms;          /* when to show anew */
    struct reporter *reporter;
    struct spans *spans; /* NULL: no collector is set */
    struct registry *registry; /* NULL: none is set */
    struct pipeline *pipeline; /* NULL: it was stopped to be replaced, and the process is to end */
    bool is_stuck;             /* the pipeline could not be stopped */
    struct watchdog watchdog;
    int64_t wake_ms;     /* after so long a silence its clients are given their brokers anew */
    struct hanging *hanging; /* where transactions were open when positions could not be read; NULL: they can, or it was not looked */
    int64_t hanging_ms;      /* when to look at that again */
    int64_t orphans_ms;  /* when to look for orphans again */
    bool has_orphans;    /* there were some the last time */
    int64_t again_ms;    /* when to replace a pipeline that has failed for now; 0: it has not */
    int64_t fenced_ms;   /* until when its name must not be taken from it again; 0: it never was */
    int64_t flush_ms; /* when to report what log_repeated() held back */
};

/* A terminal that closes ends it like the others, but not under nohup: what is blocked is not ignored any more. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void stream_block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    if (!is_ignored(SIGHUP))
        sigaddset(signals, SIGHUP);
    sigset_t blocked = *signals;
    sigaddset(&blocked, SIGPIPE); /* a log that cannot be written, and a limit on its size, end nothing */
    sigaddset(&blocked, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
}

static bool start_http(struct stream *stream, struct error *err)
{
    const struct http_source source = {
        .model = stream->source.model,
        .version = stream->source.version,
        .health = &stream->health,
        .metrics = stream->metrics,
        .pages = stream->live != NULL ? site_pages(stream->live) : (struct http_pages){0},
    };
    if (*stream->session->settings->http_listen == '\0')
        return true;
    stream->http = http_start(stream->session->settings->http_listen, &source, err);
    return stream->http != NULL;
}

static void count_error(void *context, const char *code)
{
    metrics_add(context, METRIC_ERRORS, code, 1);
}

static bool start_pipeline(struct stream *stream, struct error *err)
{
    const struct pipeline_options options = {
        .settings = stream->session->settings,
        .extractor = stream->session->extractor,
        .registry = stream->registry,
        .metrics = stream->metrics,
        .live = stream->live,
        .spans = stream->spans,
        .health = &stream->health,
        .log = stream->log,
    };
    stream->pipeline = pipeline_start(&options, err);
    return stream->pipeline != NULL;
}

static bool start_spans(struct stream *stream, struct error *err)
{
    const struct settings *settings = stream->session->settings;
    const struct spans_options options = {
        .url = settings->otlp_url,
        .instance = settings->instance,
        .group = settings->group,
        .version = STANCED_VERSION,
        .model = stream->source.model,
        .metrics = stream->metrics,
    };
    if (*settings->otlp_url == '\0')
        return true;
    stream->spans = spans_open(&options, err);
    return stream->spans != NULL;
}

static bool start_parts(struct stream *stream, struct error *err)
{
    const struct settings *settings = stream->session->settings;
    const struct client_events events = {.log = stream->log, .context = stream->metrics, .error = count_error};
    if (!start_http(stream, err))
        return false;
    stream->reporter = reporter_open(settings, &stream->source, &events, err);
    if (stream->reporter == NULL)
        return false;
    fetch_init();
    if (!start_spans(stream, err))
        return false;
    if (*settings->schema_registry != '\0' && settings->schema_registry_for != REGISTRY_FOR_INPUT && (stream->registry = registry_open(settings, err)) == NULL)
        return false;
    return start_pipeline(stream, err);
}

static void release(struct stream *stream, int64_t spans_ms)
{
    fault_reach("in-release", (struct view){0});
    spans_close(stream->spans, spans_ms);
    reporter_close(stream->reporter);
    registry_close(stream->registry);
    http_stop(stream->http);
    hanging_free(stream->hanging);
    board_free(stream->board);
    live_free(stream->live);
    metrics_free(stream->metrics);
    log_flush(stream->log);
    if (clients_left() == 0) /* else they write to it */
        log_free(stream->log);
    free(stream);
}

struct stream *stream_start(const struct session *session, struct error *err)
{
    const struct settings *settings = session->settings;
    struct stream *stream = memory_new(1, sizeof *stream);
    stream->session = session;
    stream->log = log_new(STDERR_FILENO, (enum log_level)settings->log_level);
    stream->metrics = metrics_new();
    stream->source = (struct status_source){
        .instance = settings->instance,
        .group = settings->group,
        .model = extractor_model_name(session->extractor),
        .version = STANCED_VERSION,
        .interval_ms = settings->status_interval_ms,
        .delivery = settings->delivery == DELIVERY_EXACTLY_ONCE ? "exactly_once" : "at_least_once",
        .health = &stream->health,
        .metrics = stream->metrics,
    };
    if (*settings->http_listen != '\0' && settings->web_bytes > 0) {
        stream->live = live_new((size_t)settings->web_bytes);
        stream->board = board_new(stream->live);
    }
    if (!start_parts(stream, err)) {
        release(stream, 0);
        return NULL;
    }
    log_write(stream->log, LOG_LEVEL_INFO, "stream.started", "version=%s group=%s instance=%s delivery=%s workers=%lld model=%s kernels=%s",
              STANCED_VERSION, settings->group, settings->instance, stream->source.delivery, (long long)settings->workers,
              stream->source.model, extractor_kernel_name(session->extractor));
    return stream;
}

bool stream_is_to_stop(void)
{
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGHUP) == 1;
}

static void report_stall(struct stream *stream, const char *kind)
{
    metrics_add(stream->metrics, METRIC_STALLS, kind, 1);
    log_write(stream->log, LOG_LEVEL_ERROR, "stream.stalled", "kind=%s silent_ms=%lld in_hand=%lld lag=%lld", kind,
              (long long)(clock_now_ms() - stream->watchdog.since_ms), (long long)metrics_value(stream->metrics, METRIC_IN_HAND, NULL),
              (long long)metrics_value(stream->metrics, METRIC_LAG, NULL));
}

/* Brokers that answer, but not what the group has committed, wait for the end of a transaction: for seconds, or for good where its
 * coordinator has lost it. Such a one is ended by watch_positions() if it is this process's; else people have to. */
static void report_silence(struct stream *stream, bool is_answered)
{
    report_stall(stream, is_answered ? "offsets" : "brokers");
    if (is_answered)
        log_write(stream->log, LOG_LEVEL_ERROR, "stream.offsets", "group=%s text=\"what the group has committed cannot be read; if that lasts, a transaction was left open: "
                  "kafka-transactions.sh find-hanging\"", stream->session->settings->group);
}

/* False with *err: it does not stop, and the process has to end. */
static bool stop_pipeline(struct stream *stream, struct error *err)
{
    int64_t stop_ms = stream->session->settings->stop_ms;
    stream->is_stuck = !pipeline_stop(stream->pipeline, stop_ms < REPLACE_MS ? stop_ms : REPLACE_MS);
    if (stream->is_stuck) {
        pipeline_suspect(stream->pipeline);
        return error_set(err, ERROR_FATAL, "stream.stuck", "the stream stands still and cannot be stopped: start the process again");
    }
    stream->pipeline = NULL;
    if (clients_left() > LEFT_MOST)
        return error_set(err, ERROR_FATAL, "stream.stuck", "%zu clients do not close: start the process again", clients_left());
    return true;
}

/* A new consumer, a new producer, new workers: what a new process would be, without losing the model. Should a signal come
 * meanwhile, the process ends with what it has stopped already. */
static bool replace_pipeline(struct stream *stream, struct error *err)
{
    if (!stop_pipeline(stream, err))
        return false;
    if (stream_is_to_stop())
        return true;
    log_write(stream->log, LOG_LEVEL_INFO, "stream.replaced", "clients=consumer,producer");
    return start_pipeline(stream, err);
}

/* A worker that never comes back cannot be ended: the process has to, and the article is to blame for it. */
static bool give_up(struct stream *stream, int64_t busy_ms, struct error *err)
{
    report_stall(stream, "worker");
    pipeline_blame(stream->pipeline, busy_ms);
    return error_set(err, ERROR_FATAL, "stream.stalled", "a worker has been at one article for over %lld ms", (long long)busy_ms);
}

/* Clients that have lost all brokers may wait for them in a call that never ends. Ever less often while nothing is done, for most
 * silence has other causes. */
static void wake_clients(struct stream *stream)
{
    int64_t silent_ms = clock_now_ms() - stream->watchdog.since_ms;
    if (silent_ms < WAKE_MS) {
        stream->wake_ms = WAKE_MS;
    } else if (silent_ms >= stream->wake_ms) {
        pipeline_wake(stream->pipeline);
        stream->wake_ms = 2 * silent_ms;
    }
}

/* Its own transaction, which nobody else can end without Kafka's tools (emit/hanging). The clients are new ones afterwards; false with
 * *err: the process has to end. */
static bool end_hanging(struct stream *stream, struct error *err)
{
    const struct settings *settings = stream->session->settings;
    const struct client_events events = {.log = stream->log, .context = stream->metrics, .error = count_error};
    struct error trouble = {0};
    char quoted[ERROR_TEXT_BYTES];
    size_t outputs = 0;
    report_stall(stream, "offsets");
    if (!stop_pipeline(stream, err))
        return false;
    if (stream_is_to_stop())
        return true;
    bool done = hanging_end(stream->hanging, settings, &events, &outputs, &trouble);
    log_write(stream->log, done ? LOG_LEVEL_WARN : LOG_LEVEL_ERROR, "stream.hanging", "done=%d outputs=%zu text=%s", done, outputs,
              log_quote(done ? "a transaction that its coordinator had lost was ended, as aborted" : trouble.text, quoted, sizeof quoted));
    /* Where that does not help it is another's, and new clients do not either. */
    stream->hanging_ms = clock_now_ms() + (done ? HANGING_MS : UNKNOWN_MS);
    return stream_is_to_stop() || start_pipeline(stream, err);
}

/* What the group has committed can be kept back by a transaction, for as long as that may be open; after that it hangs. False with
 * *err: the process has to end. */
static bool watch_positions(struct stream *stream, struct error *err)
{
    const struct settings *settings = stream->session->settings;
    if (settings->delivery != DELIVERY_EXACTLY_ONCE || settings->stall_ms == 0)
        return true;
    if (pipeline_unknown_ms(stream->pipeline) < UNKNOWN_MS) {
        hanging_free(stream->hanging);
        stream->hanging = NULL;
        return true;
    }
    if (clock_now_ms() < stream->hanging_ms)
        return true;
    bool ends = stream->hanging != NULL;
    if (!ends)
        stream->hanging = pipeline_look_at_hanging(stream->pipeline, stream_is_to_stop);
    stream->hanging_ms = clock_now_ms() + (stream->hanging != NULL ? hanging_wait_ms(settings) : UNKNOWN_MS);
    if (!ends && stream->hanging != NULL)
        log_write(stream->log, LOG_LEVEL_WARN, "stream.kept_back", "unknown_ms=%lld limit_ms=%lld text=\"a transaction keeps back what the group has committed\"",
                  (long long)pipeline_unknown_ms(stream->pipeline), (long long)hanging_wait_ms(settings));
    if (!ends)
        return true;
    bool goes_on = end_hanging(stream, err);
    hanging_free(stream->hanging);
    stream->hanging = NULL;
    return goes_on;
}

/* The watchdog's round; false with *err: the process has to end. */
static bool watch(struct stream *stream, struct error *err)
{
    static const enum watchdog_finding findings[] = {
        [SURVEY_NOTHING] = WATCHDOG_NOTHING, [SURVEY_RECORD] = WATCHDOG_WORK, [SURVEY_NO_ANSWER] = WATCHDOG_NO_ANSWER};
    const struct settings *settings = stream->session->settings;
    const struct watchdog_limits limits = {
        .stall_ms = settings->stall_ms,
        .busy_ms = settings->article_ms > 0 ? settings->stall_ms + BUSY_MACHINE * settings->article_ms : 2 * settings->stall_ms,
        .may_work_on = settings->article_ms == 0,
    };
    const struct pipeline_busy busy = pipeline_busy(stream->pipeline);
    const struct watchdog_view view = {
        .settled = metrics_value(stream->metrics, METRIC_DONE, NULL),
        .has_partitions = metrics_value(stream->metrics, METRIC_PARTITIONS, NULL) > 0 && !pipeline_is_waiting(stream->pipeline),
        .is_outside = pipeline_outside_ms(stream->pipeline) > 0,
        .busy_ms = busy.ms,
        .busy_cpu_ns = busy.cpu_ns,
    };
    bool heals = false;
    if (watchdog_is_lost(&stream->watchdog, &limits, &view))
        return give_up(stream, limits.busy_ms, err);
    if (watchdog_is_due(&stream->watchdog, &limits, &view, clock_now_ms())) {
        bool was_away = stream->watchdog.is_away;
        enum watchdog_finding finding = view.is_outside ? pipeline_is_answered(stream->pipeline) ? WATCHDOG_WORK : WATCHDOG_NO_ANSWER
                                                        : findings[pipeline_survey(stream->pipeline, stream_is_to_stop)];
        heals = watchdog_judge(&stream->watchdog, finding, clock_now_ms());
        if (heals)
            report_stall(stream, "stream");
        else if (stream->watchdog.is_away && !was_away && stream->hanging == NULL)
            report_silence(stream, !view.is_outside && pipeline_is_answered(stream->pipeline)); /* who is outside has been asked for */
    }
    if (!heals)
        wake_clients(stream);
    health_stall(&stream->health, stream->watchdog.is_stalled);
    return !heals || replace_pipeline(stream, err);
}

/* Only a member with an instance leaves any. They are nobody's stall: the others work on, so that no watchdog sees them. */
static void watch_orphans(struct stream *stream)
{
    const struct settings *settings = stream->session->settings;
    const struct client_events events = {.log = stream->log, .context = stream->metrics, .error = count_error};
    int64_t now_ms = clock_now_ms();
    if (!settings->has_instance || settings->stall_ms == 0 || now_ms < stream->orphans_ms)
        return;
    bool is_first = stream->orphans_ms == 0, had_some = stream->has_orphans;
    stream->orphans_ms = now_ms + settings->stall_ms;
    stream->has_orphans = !is_first && orphans_exist(settings, &events, ASK_MS);
    if (!stream->has_orphans || !had_some)
        return;
    report_stall(stream, "orphans");
    orphans_place(settings, &events, PLACE_MS, stream_is_to_stop);
    stream->has_orphans = false;
}

/* The page shows what the status record says, more often than that is sent. */
static void show_status(struct stream *stream)
{
    if (stream->live == NULL)
        return;
    metrics_set(stream->metrics, METRIC_WEB_BYTES, NULL, (int64_t)live_bytes(stream->live));
    if (clock_now_ms() >= stream->show_ms) {
        struct arena *arena = arena_new(ARENA_BYTES);
        stream->show_ms = clock_now_ms() + SHOW_MS;
        struct view record = status_render(&stream->source, &stream->shown, arena);
        json_t *status = json_loadb(record.data, record.len, 0, NULL);
        board_add(stream->board, status, 0);
        board_set_letters(stream->board, json_object_get(status, "dead_letters"));
        json_decref(status);
        arena_free(arena);
    }
    board_tick(stream->board);
}

/* A name that is taken from the process may have been so by a join of its own that came late, and is taken back. If it is lost
 * again soon, another process has it, and two of that name would only fence each other for ever: the one that was there first ends. */
static bool may_join_again(struct stream *stream)
{
    int64_t now_ms = clock_now_ms();
    bool may = now_ms >= stream->fenced_ms;
    stream->fenced_ms = now_ms + FENCED_MS;
    return may;
}

/* What its own transaction left open, of which the brokers have lost the end (processor/landed); then new clients. False with *err:
 * the process has to end. */
static bool end_undone(struct stream *stream, struct error *err)
{
    const struct settings *settings = stream->session->settings;
    const struct client_events events = {.log = stream->log, .context = stream->metrics, .error = count_error};
    bool done;
    if (!stop_pipeline(stream, err))
        return false;
    do { /* before anything else: new clients would commit what is left with what they do */
        struct error trouble = {0};
        size_t outputs = 0;
        done = hanging_end_undone(settings, &events, UNDONE_MS, &outputs, &trouble);
        char quoted[ERROR_TEXT_BYTES];
        log_write(stream->log, LOG_LEVEL_WARN, "stream.undone", "done=%d outputs=%zu text=%s", done, outputs,
                  log_quote(done ? "what the lost transaction had left was ended, as aborted" : trouble.text, quoted, sizeof quoted));
        if (trouble.kind == ERROR_CONFIG) {
            *err = trouble;
            return false;
        }
    } while (!done && !stream_is_to_stop());
    return stream_is_to_stop() || start_pipeline(stream, err);
}

/* What has failed for now is tried again after a moment. False with *err: the process has to end. */
static bool outlast(struct stream *stream, struct error *err)
{
    struct error failure = {0};
    if (!pipeline_has_failed(stream->pipeline, &failure))
        return true;
    if (failure.kind != ERROR_RETRY) {
        *err = failure;
        return false;
    }
    if (stream->again_ms == 0 && strcmp(failure.code, CONSUMER_FENCED) == 0 && !may_join_again(stream))
        return error_set(err, ERROR_FATAL, failure.code, "%s", failure.text);
    if (stream->again_ms == 0) {
        log_error(stream->log, LOG_LEVEL_WARN, "stream.waiting", &failure);
        stream->again_ms = clock_now_ms() + AGAIN_MS;
    }
    if (clock_now_ms() < stream->again_ms)
        return true;
    stream->again_ms = 0;
    return strcmp(failure.code, CONSUMER_UNDONE) == 0 ? end_undone(stream, err) : replace_pipeline(stream, err);
}

bool stream_tick(struct stream *stream, struct error *err)
{
    pipeline_measure(stream->pipeline);
    show_status(stream);
    if (!watch(stream, err))
        return false;
    if (stream->pipeline == NULL)
        return true;
    if (!watch_positions(stream, err))
        return false;
    if (stream->pipeline == NULL)
        return true;
    watch_orphans(stream);
    reporter_tick(stream->reporter);
    struct error trouble = {0};
    if (stream->spans != NULL && spans_trouble(stream->spans, &trouble)) {
        char quoted[ERROR_TEXT_BYTES];
        log_repeated(stream->log, LOG_LEVEL_WARN, trouble.code, "text=%s", log_quote(trouble.text, quoted, sizeof quoted));
    }
    if (clock_now_ms() >= stream->flush_ms) {
        log_flush(stream->log);
        stream->flush_ms = clock_now_ms() + LOG_REPEAT_MS;
    }
    return outlast(stream, err);
}

struct log *stream_log(struct stream *stream)
{
    return stream->log;
}

const struct metrics *stream_metrics(const struct stream *stream)
{
    return stream->metrics;
}

bool stream_stop(struct stream *stream)
{
    int64_t start_ms = clock_now_ms();
    bool stopped = !stream->is_stuck && (stream->pipeline == NULL || pipeline_stop(stream->pipeline, stream->session->settings->stop_ms));
    log_write(stream->log, stopped ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "stream.stopped", "in_time=%d articles=%lld done=%lld ms=%lld",
              stopped, (long long)metrics_value(stream->metrics, METRIC_ARTICLES, NULL),
              (long long)metrics_value(stream->metrics, METRIC_DONE, NULL), (long long)(clock_now_ms() - start_ms));
    int64_t left_ms = clock_left_ms(start_ms + stream->session->settings->stop_ms) / 2;
    if (stopped)
        release(stream, left_ms < SPANS_MS ? left_ms : SPANS_MS);
    return stopped;
}
