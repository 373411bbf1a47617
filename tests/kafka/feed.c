/* Puts test input into a topic, or takes a transactional id away.
 *   feed BROKERS articles TOPIC KEYS [RATE] < LINES   each line a record, keyed key-0 .. key-(KEYS-1) in turn, with headers;
 *                                              RATE a second, else as fast as it goes
 *   feed BROKERS malformed TOPIC               one record of each kind that must be dead-lettered, keyed by the kind
 *   feed BROKERS fence ID                      what a second process of the same transactional id does
 *   feed BROKERS abort ID GROUP TOPIC          and one that commits a position of the group, and then does not */
#include <librdkafka/rdkafka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEEP = 100000, BLANK = 64, WAIT_MS = 120000, STEP_MS = 500, ALONE_S = 5 };

struct state {
    size_t failed;
    time_t alone; /* when librdkafka last said that all brokers are away */
};

struct feed {
    rd_kafka_t *handle;
    const char *brokers, *topic;
    unsigned long long count;
    struct state state;
};

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "feed: %s: %s\n", what, why);
    return 1;
}

static void on_delivery(rd_kafka_t *handle, const rd_kafka_message_t *message, void *opaque)
{
    (void)handle;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        ((struct state *)opaque)->failed++;
}

static void on_error(rd_kafka_t *handle, int code, const char *reason, void *opaque)
{
    (void)handle, (void)reason;
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        ((struct state *)opaque)->alone = time(NULL);
}

/* librdkafka forgets its brokers for good where one on its way down says that there are none (processor/ingest/client.h). */
static void serve(struct feed *feed, int wait_ms)
{
    rd_kafka_poll(feed->handle, wait_ms);
    if (feed->state.alone == 0 || time(NULL) - feed->state.alone < ALONE_S)
        return;
    feed->state.alone = 0;
    rd_kafka_brokers_add(feed->handle, feed->brokers);
}

/* Whether all was acknowledged in time. */
static bool end(struct feed *feed)
{
    time_t until = time(NULL) + WAIT_MS / 1000;
    while (rd_kafka_outq_len(feed->handle) > 0 && time(NULL) < until)
        serve(feed, STEP_MS);
    return rd_kafka_outq_len(feed->handle) == 0 && feed->state.failed == 0;
}

static rd_kafka_t *open_producer(const char *brokers, const char *transactional_id, struct state *state)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", text, sizeof text);
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, text, sizeof text);
    rd_kafka_conf_set(conf, "partitioner", "murmur2_random", text, sizeof text);
    rd_kafka_conf_set(conf, "enable.idempotence", "true", text, sizeof text);
    rd_kafka_conf_set(conf, "message.max.bytes", "1048000", text, sizeof text);
    if (transactional_id != NULL)
        rd_kafka_conf_set(conf, "transactional.id", transactional_id, text, sizeof text);
    rd_kafka_conf_set_opaque(conf, state);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    return rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
}

static bool put(struct feed *feed, const char *key, const char *content_type, const void *value, size_t bytes)
{
    char trace[64];
    feed->count++;
    snprintf(trace, sizeof trace, "00-%032llx-%016llx-01", feed->count, feed->count);
    for (;;) {
        rd_kafka_headers_t *headers = rd_kafka_headers_new(3);
        rd_kafka_header_add(headers, "traceparent", -1, trace, -1);
        rd_kafka_header_add(headers, "empty", -1, "", 0);
        if (content_type != NULL)
            rd_kafka_header_add(headers, "content-type", -1, content_type, -1);
        rd_kafka_resp_err_t code =
            rd_kafka_producev(feed->handle, RD_KAFKA_V_TOPIC(feed->topic), RD_KAFKA_V_KEY(key, strlen(key)),
                              RD_KAFKA_V_VALUE((void *)(uintptr_t)value, bytes), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            return true;
        rd_kafka_headers_destroy(headers);
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            return fail(feed->topic, rd_kafka_err2str(code)) == 0;
        serve(feed, 100);
    }
}

static bool put_lines(struct feed *feed, unsigned keys, unsigned rate)
{
    char *line = NULL, key[32];
    size_t capacity = 0;
    ssize_t len;
    bool done = true;
    for (unsigned i = 0; done && (len = getline(&line, &capacity, stdin)) > 0; i++) {
        snprintf(key, sizeof key, "key-%u", i % keys);
        done = put(feed, key, NULL, line, (size_t)len - (line[len - 1] == '\n'));
        if (rate > 0)
            nanosleep(&(struct timespec){.tv_nsec = 999999999 / rate}, NULL);
        serve(feed, 0);
    }
    free(line);
    return done;
}

/* {"text": [[[[...]]]]} */
static size_t make_deep(char *to)
{
    size_t len = (size_t)sprintf(to, "{\"text\": ");
    memset(to + len, '[', DEEP);
    memset(to + len + DEEP, ']', DEEP);
    len += (size_t)2 * DEEP;
    to[len++] = '}';
    return len;
}

static bool put_malformed(struct feed *feed)
{
    static char deep[2 * DEEP + 16];
    static const struct {
        const char *key, *content_type, *value;
        size_t bytes;
    } kinds[] = {
#define TEXT(text) (text), sizeof(text) - 1
        {"empty", NULL, TEXT("")},
        {"tombstone", NULL, NULL, 0},
        {"broken-json", NULL, TEXT("{\"id\": \"m3\", \"text\": \"A minister")},
        {"no-text", NULL, TEXT("{\"id\": \"m4\", \"title\": \"A headline alone\"}")},
        {"wrong-type", NULL, TEXT("{\"id\": \"m5\", \"text\": 12}")},
        {"twice", NULL, TEXT("{\"id\": \"m6\", \"text\": \"One text.\", \"text\": \"Another text.\"}")},
        {"blank", NULL, TEXT("{\"id\": \"m7\", \"text\": \" \\n\\t \"}")},
        {"binary", NULL, TEXT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x00\x01\x02\x03\x04\x05\x06\x07")},
        {"cut-protobuf", "application/x-protobuf", TEXT("\x0a\x7fshort")},
        {"bad-frame", "application/x-protobuf", TEXT("\x00\x00\x00\x00\x07\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")},
#undef TEXT
    };
    bool done = put(feed, "deep", NULL, deep, make_deep(deep));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && done; i++)
        done = put(feed, kinds[i].key, kinds[i].content_type, kinds[i].value, kinds[i].bytes);
    return done;
}

/* Errors of librdkafka's calls, one after the other: the first counts. */
static bool is_done(rd_kafka_error_t *error, const char *what, int *status)
{
    bool done = error == NULL;
    if (!done)
        *status = fail(what, rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return done;
}

static int fence(const char *brokers, const char *id)
{
    struct state state = {0};
    int status = 0;
    rd_kafka_t *handle = open_producer(brokers, id, &state);
    is_done(rd_kafka_init_transactions(handle, WAIT_MS), id, &status);
    rd_kafka_destroy(handle);
    return status;
}

static int abort_positions(const char *brokers, const char *id, const char *group, const char *topic)
{
    struct state state = {0};
    int status = 0;
    rd_kafka_t *handle = open_producer(brokers, id, &state);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_consumer_group_metadata_t *metadata = rd_kafka_consumer_group_metadata_new(group);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = 0;
    if (is_done(rd_kafka_init_transactions(handle, WAIT_MS), id, &status) && is_done(rd_kafka_begin_transaction(handle), id, &status) &&
        is_done(rd_kafka_send_offsets_to_transaction(handle, list, metadata, WAIT_MS), group, &status))
        is_done(rd_kafka_abort_transaction(handle, WAIT_MS), id, &status);
    rd_kafka_consumer_group_metadata_destroy(metadata);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(handle);
    return status;
}

int main(int argc, char **argv)
{
    bool has_lines = argc >= 5 && argc <= 6 && strcmp(argv[2], "articles") == 0, has_kinds = argc == 4 && strcmp(argv[2], "malformed") == 0;
    if (argc == 4 && strcmp(argv[2], "fence") == 0)
        return fence(argv[1], argv[3]);
    if (argc == 6 && strcmp(argv[2], "abort") == 0)
        return abort_positions(argv[1], argv[3], argv[4], argv[5]);
    if (!has_lines && !has_kinds)
        return fail("usage", "feed BROKERS articles TOPIC KEYS [RATE] | malformed TOPIC | fence ID | abort ID GROUP TOPIC") + 1;
    struct feed feed = {.brokers = argv[1], .topic = argv[3]};
    feed.handle = open_producer(argv[1], NULL, &feed.state);
    unsigned keys = has_lines ? (unsigned)strtoul(argv[4], NULL, 10) : 0;
    unsigned rate = argc == 6 ? (unsigned)strtoul(argv[5], NULL, 10) : 0;
    bool done = has_lines ? put_lines(&feed, keys > 0 ? keys : 1, rate) : put_malformed(&feed);
    if (!end(&feed))
        done = fail(argv[3], "not everything was delivered") == 0;
    rd_kafka_destroy(feed.handle);
    return done ? 0 : 1;
}
