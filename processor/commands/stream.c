#include "processor/commands/stream.h"

#include "processor/ops/http.h"
#include "processor/pipeline.h"
#include "processor/reporter.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct stream {
    const struct session *session;
    struct log *log;
    struct metrics *metrics;
    struct health health;
    struct http *http; /* NULL: off */
    struct status_source source;
    struct reporter *reporter;
    struct pipeline *pipeline;
    int64_t flush_ms; /* when to report what log_repeated() held back */
};

void stream_block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    sigset_t blocked = *signals;
    sigaddset(&blocked, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
}

static bool start_http(struct stream *stream, struct error *err)
{
    const struct http_source source = {
        .model = stream->source.model,
        .version = stream->source.version,
        .health = &stream->health,
        .metrics = stream->metrics,
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

static bool start_parts(struct stream *stream, struct error *err)
{
    const struct settings *settings = stream->session->settings;
    const struct client_events events = {.log = stream->log, .context = stream->metrics, .error = count_error};
    const struct pipeline_options options = {
        .settings = settings,
        .extractor = stream->session->extractor,
        .metrics = stream->metrics,
        .health = &stream->health,
        .log = stream->log,
    };
    if (!start_http(stream, err))
        return false;
    stream->reporter = reporter_open(settings, &stream->source, &events, err);
    if (stream->reporter == NULL)
        return false;
    stream->pipeline = pipeline_start(&options, err);
    return stream->pipeline != NULL;
}

static void release(struct stream *stream)
{
    reporter_close(stream->reporter);
    http_stop(stream->http);
    metrics_free(stream->metrics);
    log_flush(stream->log);
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
        .delivery = settings->delivery == DELIVERY_EXACTLY_ONCE ? "exactly_once" : "at_least_once",
        .health = &stream->health,
        .metrics = stream->metrics,
    };
    if (!start_parts(stream, err)) {
        release(stream);
        return NULL;
    }
    log_write(stream->log, LOG_LEVEL_INFO, "stream.started", "version=%s group=%s instance=%s delivery=%s workers=%lld model=%s kernels=%s",
              STANCED_VERSION, settings->group, settings->instance, stream->source.delivery, (long long)settings->workers,
              stream->source.model, extractor_kernel_name(session->extractor));
    return stream;
}

bool stream_tick(struct stream *stream, struct error *err)
{
    pipeline_measure(stream->pipeline);
    reporter_tick(stream->reporter);
    if (clock_now_ms() >= stream->flush_ms) {
        log_flush(stream->log);
        stream->flush_ms = clock_now_ms() + LOG_REPEAT_MS;
    }
    return !pipeline_has_failed(stream->pipeline, err);
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
    bool stopped = pipeline_stop(stream->pipeline);
    log_write(stream->log, stopped ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "stream.stopped", "in_time=%d articles=%lld done=%lld ms=%lld",
              stopped, (long long)metrics_value(stream->metrics, METRIC_ARTICLES, NULL),
              (long long)metrics_value(stream->metrics, METRIC_DONE, NULL), (long long)(clock_now_ms() - start_ms));
    if (stopped)
        release(stream);
    return stopped;
}
