#include "processor/ops/spans.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/fetch.h"
#include "tests/expect.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct spans_options plain = {.instance = "i-1", .group = "g", .version = "0", .model = "m"};

static struct traced span_of(bool has_parent)
{
    struct traced span = {.begun_ms = 1000, .read_ms = 2000, .made_ms = 3000, .done_ms = 4000, .topic = "raw", .partition = 3, .offset = 17, .bytes = 99, .entity_count = 2};
    span.trace = trace_begin(view_of(has_parent ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : ""), 100);
    return span;
}

static const json_t *first_span(const json_t *root)
{
    const json_t *resource = json_array_get(json_object_get(root, "resourceSpans"), 0);
    return json_array_get(json_object_get(json_array_get(json_object_get(resource, "scopeSpans"), 0), "spans"), 0);
}

static const char *string_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "(none)";
}

Test(spans, are_written_as_the_protocol_wants_them)
{
    struct traced span = span_of(true);
    char *text = spans_render(&plain, &span, 1);
    json_auto_t *root = json_loads(text, 0, NULL);
    const json_t *made = first_span(root);

    expect_text(string_of(made, "traceId"), "0af7651916cd43dd8448eb211c80319c");
    expect_text(string_of(made, "parentSpanId"), "b7ad6b7169203331");
    cr_expect(eq(sz, strlen(string_of(made, "spanId")), 16));
    expect_text(string_of(made, "name"), "process raw");
    expect_text(string_of(made, "startTimeUnixNano"), "1000000000");
    expect_text(string_of(made, "endTimeUnixNano"), "4000000000");
    cr_expect(eq(sz, json_array_size(json_object_get(made, "events")), 2));
    cr_expect(eq(sz, json_object_size(json_object_get(made, "status")), 0));
    expect_says(text, "{\"key\":\"messaging.kafka.offset\",\"value\":{\"intValue\":\"17\"}}");
    expect_says(text, "{\"key\":\"service.instance.id\",\"value\":{\"stringValue\":\"i-1\"}}");
    free(text);
}

Test(spans, say_what_failed)
{
    struct traced span = span_of(false);
    snprintf(span.code, sizeof span.code, "json.syntax");
    snprintf(span.text, sizeof span.text, "cut within a letter: \xc3");
    span.read_ms = 0; /* it was not read */
    char *text = spans_render(&plain, &span, 1);
    json_auto_t *root = json_loads(text, 0, NULL);

    cr_expect(eq(int, (int)json_integer_value(json_object_get(json_object_get(first_span(root), "status"), "code")), 2));
    expect_says(text, "{\"key\":\"error.type\",\"value\":{\"stringValue\":\"json.syntax\"}}");
    cr_expect(json_object_get(first_span(root), "parentSpanId") == NULL);
    cr_expect(eq(sz, json_array_size(json_object_get(first_span(root), "events")), 1));
    free(text);
}

/* A collector that takes connections and says nothing: the worst there is. */
Test(spans, drop_what_has_no_room_and_never_wait)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 8) == 0);
    getsockname(listener, (struct sockaddr *)&address, &len);
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u", ntohs(address.sin_port));
    struct metrics *metrics = metrics_new();
    struct spans_options options = plain;
    options.url = url;
    options.metrics = metrics;
    struct error err = {0};
    fetch_init();
    struct spans *spans = spans_open(&options, &err);
    cr_assert(spans != NULL, "%s", err.text);
    struct traced span = span_of(false);

    int64_t begun_ms = clock_now_ms();
    for (int i = 0; i < 3 * SPANS_MOST; i++)
        spans_add(spans, &span);
    cr_expect(clock_now_ms() - begun_ms < 2000, "%lld ms", (long long)(clock_now_ms() - begun_ms));
    spans_close(spans, 0);
    cr_expect(clock_now_ms() - begun_ms < 6000, "%lld ms", (long long)(clock_now_ms() - begun_ms));

    cr_expect(eq(i64, metrics_value(metrics, METRIC_SPANS, "dropped"), 3 * SPANS_MOST));
    cr_expect(eq(i64, metrics_value(metrics, METRIC_SPANS, "sent"), 0));
    metrics_free(metrics);
    close(listener);
}
