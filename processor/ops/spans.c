#include "processor/ops/spans.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/fetch.h"
#include "processor/runtime/memory.h"
#include "processor/runtime/pool.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_MOST = 256, WAIT_MS = 1000, SEND_MS = 5000, PAUSE_MS = 1000, PAUSE_MOST_MS = 30000, ANSWER_BYTES_MOST = 64 * 1024 };
enum { KIND_CONSUMER = 5, STATUS_ERROR = 2 };

struct spans {
    struct spans_options options;
    char *url; /* own */
    struct pool *pool;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct traced ring[SPANS_MOST]; /* this and what follows is protected by lock */
    size_t first, count;
    bool is_closing;
    struct error trouble;
    atomic_bool is_over; /* a request that is out has to end */
};

static json_t *made(json_t *json)
{
    if (json == NULL)
        memory_exhausted(0);
    return json;
}

/* Settings and topics of others may be no UTF-8. */
static void put_text(json_t *attributes, const char *key, const char *text)
{
    json_t *value = json_string(text);
    json_array_append_new(attributes, made(json_pack("{s:s, s:{s:o}}", "key", key, "value", "stringValue", made(value != NULL ? value : json_string("(not UTF-8)")))));
}

/* OTLP writes 64-bit integers as strings, as Protobuf's JSON does. */
static void put_number(json_t *attributes, const char *key, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)number);
    json_array_append_new(attributes, made(json_pack("{s:s, s:{s:s}}", "key", key, "value", "intValue", digits)));
}

static void put_time(json_t *object, const char *key, int64_t wall_ms)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%lld000000", (long long)(wall_ms > 0 ? wall_ms : 0));
    json_object_set_new(object, key, made(json_string(digits)));
}

static void put_hex(json_t *object, const char *key, const unsigned char *bytes, size_t count)
{
    char hex[2 * TRACE_ID_BYTES + 1];
    for (size_t i = 0; i < count; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    json_object_set_new(object, key, made(json_string(hex)));
}

static void put_event(json_t *events, const char *name, int64_t wall_ms)
{
    json_t *event = made(json_pack("{s:s}", "name", name));
    if (wall_ms > 0) {
        put_time(event, "timeUnixNano", wall_ms);
        json_array_append(events, event);
    }
    json_decref(event);
}

static json_t *attributes_of(const struct spans_options *options, const struct traced *span)
{
    json_t *attributes = made(json_array());
    char partition[16];
    snprintf(partition, sizeof partition, "%d", span->partition);
    put_text(attributes, "messaging.system", "kafka");
    put_text(attributes, "messaging.operation.name", "process");
    put_text(attributes, "messaging.operation.type", "process");
    put_text(attributes, "messaging.destination.name", span->topic);
    put_text(attributes, "messaging.destination.partition.id", partition);
    put_text(attributes, "messaging.consumer.group.name", options->group);
    put_number(attributes, "messaging.kafka.offset", span->offset);
    put_number(attributes, "messaging.message.body.size", (int64_t)span->bytes);
    if (span->code[0] != '\0') {
        put_text(attributes, "error.type", span->code);
        return attributes;
    }
    put_number(attributes, "stanced.entities", (int64_t)span->entity_count);
    put_number(attributes, "stanced.stances", (int64_t)span->stance_count);
    json_array_append_new(attributes, made(json_pack("{s:s, s:{s:b}}", "key", "stanced.repeated", "value", "boolValue", span->is_repeated)));
    return attributes;
}

static json_t *render_span(const struct spans_options *options, const struct traced *span)
{
    char name[SPANS_TOPIC_BYTES + 16];
    snprintf(name, sizeof name, "process %s", span->topic);
    json_t *events = made(json_array()), *title = json_string(name), *text = json_string(span->text);
    put_event(events, "read", span->read_ms);
    put_event(events, "made", span->made_ms);
    json_t *object = made(json_pack("{s:o, s:i, s:i, s:o, s:o}", "name", made(title != NULL ? title : json_string("process")), "kind", KIND_CONSUMER, "flags", 1,
                                    "attributes", attributes_of(options, span), "events", events));
    put_hex(object, "traceId", span->trace.id, TRACE_ID_BYTES);
    put_hex(object, "spanId", span->trace.span, TRACE_SPAN_BYTES);
    if (span->trace.has_parent)
        put_hex(object, "parentSpanId", span->trace.parent, TRACE_SPAN_BYTES);
    put_time(object, "startTimeUnixNano", span->begun_ms);
    put_time(object, "endTimeUnixNano", span->done_ms);
    text = made(text != NULL ? text : json_string(span->code));
    json_t *status = made(span->code[0] != '\0' ? json_pack("{s:i, s:O}", "code", STATUS_ERROR, "message", text) : json_object());
    json_object_set_new(object, "status", status);
    json_decref(text);
    return object;
}

char *spans_render(const struct spans_options *options, const struct traced *spans, size_t count)
{
    json_t *resource = made(json_array()), *list = made(json_array());
    put_text(resource, "service.name", "stanced");
    put_text(resource, "service.version", options->version);
    put_text(resource, "service.instance.id", options->instance);
    put_text(resource, "stanced.model", options->model);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, render_span(options, &spans[i]));
    json_t *root = made(json_pack("{s:[{s:{s:o}, s:[{s:{s:s, s:s}, s:o}]}]}", "resourceSpans", "resource", "attributes", resource, "scopeSpans", "scope",
                                  "name", "stanced", "version", options->version, "spans", list));
    char *text = json_dumps(root, JSON_COMPACT);
    if (text == NULL)
        memory_exhausted(0);
    json_decref(root);
    return text;
}

static void explain(const char *url, const struct fetch_answer *answer, struct error *err)
{
    if (answer->status > 0)
        error_set(err, ERROR_RETRY, "spans.refused", "%.300s answers %ld", url, answer->status);
    else
        error_set(err, ERROR_RETRY, "spans.away", "the collector does not answer: %.300s", answer->problem);
}

static void note(struct spans *spans, const struct fetch_answer *answer)
{
    pthread_mutex_lock(&spans->lock);
    spans->trouble = (struct error){0};
    explain(spans->url, answer, &spans->trouble);
    pthread_mutex_unlock(&spans->lock);
}

/* Those that the collector took, but did not like. */
static int64_t count_rejected(const struct fetch_answer *answer)
{
    json_auto_t *root = json_loadb(answer->text, answer->len, 0, NULL);
    const json_t *rejected = json_object_get(json_object_get(root, "partialSuccess"), "rejectedSpans");
    return json_is_string(rejected) ? atoll(json_string_value(rejected)) : json_integer_value(rejected);
}

/* True: the batch is done with. */
static bool send(struct spans *spans, const struct traced *batch, size_t count)
{
    char *body = spans_render(&spans->options, batch, count);
    const struct fetch_request request = {
        .url = spans->url, .type = "application/json", .body = view_of(body), .timeout_ms = SEND_MS, .is_over = &spans->is_over};
    struct fetch_answer answer;
    bool has_answer = fetch(&request, ANSWER_BYTES_MOST, &answer);
    bool is_taken = has_answer && answer.status >= 200 && answer.status < 300;
    bool comes_again = !has_answer || answer.status == 429 || (answer.status >= 502 && answer.status <= 504);
    int64_t rejected = is_taken ? count_rejected(&answer) : comes_again ? 0 : (int64_t)count;
    rejected = rejected < 0 ? 0 : rejected > (int64_t)count ? (int64_t)count : rejected;
    if (!is_taken)
        note(spans, &answer);
    if (!comes_again) {
        metrics_add(spans->options.metrics, METRIC_SPANS, "refused", rejected);
        metrics_add(spans->options.metrics, METRIC_SPANS, "sent", (int64_t)count - rejected);
    }
    free(body);
    fetch_done(&answer);
    return !comes_again;
}

/* Takes a batch, once it is full, a second is over, or it is time to end. 0: it is, and nothing is left. */
static size_t take(struct spans *spans, struct traced *batch)
{
    const struct timespec deadline = clock_deadline(WAIT_MS);
    size_t count = 0;
    pthread_mutex_lock(&spans->lock);
    int result = 0;
    while (result == 0 && !spans->is_closing && spans->count < BATCH_MOST)
        result = pthread_cond_timedwait(&spans->changed, &spans->lock, &deadline);
    while (spans->count > 0 && count < BATCH_MOST) {
        batch[count++] = spans->ring[spans->first];
        spans->first = (spans->first + 1) % SPANS_MOST;
        spans->count--;
    }
    pthread_mutex_unlock(&spans->lock);
    return count;
}

/* False: it is time to end. */
static bool pause_for(struct spans *spans, int64_t pause_ms)
{
    const struct timespec deadline = clock_deadline(pause_ms);
    pthread_mutex_lock(&spans->lock);
    int result = 0;
    while (result == 0 && !spans->is_closing)
        result = pthread_cond_timedwait(&spans->changed, &spans->lock, &deadline);
    bool goes_on = !spans->is_closing;
    pthread_mutex_unlock(&spans->lock);
    return goes_on;
}

static bool is_closing(struct spans *spans)
{
    pthread_mutex_lock(&spans->lock);
    bool closing = spans->is_closing;
    pthread_mutex_unlock(&spans->lock);
    return closing;
}

static void run(void *state)
{
    struct spans *spans = state;
    struct traced *batch = memory_new(BATCH_MOST, sizeof *batch);
    for (;;) {
        bool was_closing = is_closing(spans);
        size_t count = take(spans, batch);
        if (count == 0 && was_closing)
            break;
        bool is_done = count == 0 || send(spans, batch, count);
        for (int64_t pause_ms = PAUSE_MS; !is_done && pause_for(spans, pause_ms); pause_ms = pause_ms * 2 < PAUSE_MOST_MS ? pause_ms * 2 : PAUSE_MOST_MS)
            is_done = send(spans, batch, count);
        if (!is_done)
            metrics_add(spans->options.metrics, METRIC_SPANS, "dropped", (int64_t)count);
    }
    free(batch);
}

/* An address without a path is a collector's. */
static char *whole_url(const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    return path == NULL || path[1] == '\0' ? fetch_url(url, "/v1/traces") : memory_copy(url);
}

bool spans_look(const char *url, struct error *err)
{
    char *whole = whole_url(url);
    struct fetch_answer answer;
    const struct fetch_request request = {.url = whole, .type = "application/json", .body = view_of("{\"resourceSpans\":[]}"), .timeout_ms = SEND_MS};
    fetch(&request, ANSWER_BYTES_MOST, &answer);
    bool fine = answer.status >= 200 && answer.status < 300;
    if (!fine)
        explain(whole, &answer, err);
    free(whole);
    fetch_done(&answer);
    return fine;
}

struct spans *spans_open(const struct spans_options *options, struct error *err)
{
    struct spans *spans = memory_new(1, sizeof *spans);
    pthread_condattr_t attributes;
    spans->options = *options;
    spans->url = whole_url(options->url);
    pthread_mutex_init(&spans->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&spans->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    void *self = spans;
    spans->pool = pool_start("spans", 1, run, &self, err);
    if (spans->pool != NULL)
        return spans;
    spans_close(spans, 0);
    return NULL;
}

void spans_close(struct spans *spans, int64_t timeout_ms)
{
    if (spans == NULL)
        return;
    pthread_mutex_lock(&spans->lock);
    spans->is_closing = true;
    pthread_cond_broadcast(&spans->changed);
    pthread_mutex_unlock(&spans->lock);
    if (spans->pool != NULL && !pool_join(spans->pool, timeout_ms)) {
        atomic_store(&spans->is_over, true);
        pool_join(spans->pool, -1);
    }
    pthread_cond_destroy(&spans->changed);
    pthread_mutex_destroy(&spans->lock);
    free(spans->url);
    free(spans);
}

void spans_add(struct spans *spans, const struct traced *span)
{
    pthread_mutex_lock(&spans->lock);
    bool has_room = spans->count < SPANS_MOST;
    if (has_room) {
        spans->ring[(spans->first + spans->count) % SPANS_MOST] = *span;
        spans->count++;
    }
    if (spans->count == BATCH_MOST)
        pthread_cond_signal(&spans->changed);
    pthread_mutex_unlock(&spans->lock);
    if (!has_room)
        metrics_add(spans->options.metrics, METRIC_SPANS, "dropped", 1);
}

bool spans_trouble(struct spans *spans, struct error *err)
{
    pthread_mutex_lock(&spans->lock);
    bool is_there = spans->trouble.kind != ERROR_NONE;
    if (is_there)
        *err = spans->trouble;
    spans->trouble = (struct error){0};
    pthread_mutex_unlock(&spans->lock);
    return is_there;
}
