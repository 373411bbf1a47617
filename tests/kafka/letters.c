/* Looks at what `stanced redrive` did, and makes dead letters that no processor would.
 *   letters BROKERS count TOPIC           prints how many records there are, only committed ones
 *   letters BROKERS compare INPUT DLQ     prints what became of the records of INPUT that are in DLQ: each has been sent back
 *                                         once, with key, value, timestamp and headers as they were and one header more, and
 *                                         in the order of its key
 *   letters BROKERS make DLQ ORIGIN [MS [TIMES]]  dead letters with headers as given in `made` below, keyed by what they are, of that time
 * A record is known by its key and its header "traceparent". */
#include "tests/kafka/consumer.h"

#include <stdbool.h>
#include <string.h>

enum { NAME_BYTES = 512 };

static const char count_name[] = "stanced.redrives";

struct record {
    rd_kafka_message_t *message;
    char name[NAME_BYTES];
    size_t copies;
    bool is_letter, is_copy;
};

struct records {
    struct record *items; /* [count] */
    size_t count, capacity;
};

static rd_kafka_t *open_producer(const char *brokers)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", text, sizeof text);
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, text, sizeof text);
    rd_kafka_conf_set(conf, "partitioner", "murmur2_random", text, sizeof text);
    rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (handle == NULL)
        die("producer", text);
    return handle;
}

static rd_kafka_headers_t *headers_of(const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers = NULL;
    rd_kafka_message_headers(message, &headers);
    return headers;
}

static void keep(struct records *records, rd_kafka_message_t *message)
{
    const void *trace = "";
    size_t size = 0;
    rd_kafka_headers_t *headers = headers_of(message);
    if (records->count == records->capacity) {
        records->capacity = records->capacity * 2 + 1024;
        records->items = realloc(records->items, records->capacity * sizeof *records->items);
    }
    struct record *record = &records->items[records->count++];
    *record = (struct record){.message = message};
    if (headers != NULL) {
        rd_kafka_header_get(headers, 0, "traceparent", &trace, &size);
        record->is_copy = rd_kafka_header_get(headers, 0, count_name, &(const void *){NULL}, &(size_t){0}) == RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    snprintf(record->name, sizeof record->name, "%.*s %.*s", (int)message->key_len, (const char *)message->key, (int)size, (const char *)trace);
}

/* All of the topic, in the order of each partition. */
static struct records read_topic(const char *brokers, const char *topic)
{
    struct records records = {0};
    rd_kafka_t *handle = open_consumer(brokers, "letters", "read_committed");
    rd_kafka_topic_partition_list_t *list = partitions_of(handle, topic);
    int left = list->cnt;
    bool ended[PARTITIONS_MOST] = {false};
    rd_kafka_assign(handle, list);
    rd_kafka_topic_partition_list_destroy(list);
    while (left > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(handle, ASK_MS);
        if (message == NULL)
            die(topic, "reading stalls");
        left -= is_new_end(message, ended);
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            keep(&records, message);
        else
            rd_kafka_message_destroy(message);
    }
    return records; /* the process is short: messages and handle stay */
}

static struct record *find(const struct records *records, const char *name)
{
    for (size_t i = 0; i < records->count; i++)
        if (!records->items[i].is_copy && strcmp(records->items[i].name, name) == 0)
            return &records->items[i];
    return NULL;
}

static bool is_same(const void *a, size_t a_size, const void *b, size_t b_size)
{
    return (a == NULL) == (b == NULL) && a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

/* As the original, and "stanced.redrives: 1" behind its headers. */
static bool is_unaltered(const rd_kafka_message_t *copy, const rd_kafka_message_t *original)
{
    rd_kafka_headers_t *ours = headers_of(copy), *theirs = headers_of(original);
    rd_kafka_timestamp_type_t type;
    size_t count = theirs != NULL ? rd_kafka_header_cnt(theirs) : 0;
    const char *our_name, *their_name;
    const void *our_value, *their_value;
    size_t our_size, their_size;
    if (!is_same(copy->key, copy->key_len, original->key, original->key_len) ||
        !is_same(copy->payload, copy->len, original->payload, original->len) || rd_kafka_header_cnt(ours) != count + 1 ||
        rd_kafka_message_timestamp(copy, &type) != rd_kafka_message_timestamp(original, &type))
        return false;
    for (size_t i = 0; i < count; i++)
        if (rd_kafka_header_get_all(theirs, i, &their_name, &their_value, &their_size) != 0 ||
            rd_kafka_header_get_all(ours, i, &our_name, &our_value, &our_size) != 0 || strcmp(our_name, their_name) != 0 ||
            !is_same(our_value, our_size, their_value, their_size))
            return false;
    return rd_kafka_header_get_all(ours, count, &our_name, &our_value, &our_size) == 0 && strcmp(our_name, count_name) == 0 &&
           is_same(our_value, our_size, "1", 1);
}

static int compare(const char *brokers, const char *input, const char *dead_letters)
{
    struct records inputs = read_topic(brokers, input), letters = read_topic(brokers, dead_letters);
    size_t letter_count = 0, sent = 0, lost = 0, repeated = 0, altered = 0, unknown = 0, out_of_order = 0;
    for (size_t i = 0; i < letters.count; i++) {
        struct record *original = find(&inputs, letters.items[i].name);
        if (original != NULL)
            original->is_letter = true;
    }
    for (size_t i = 0; i < inputs.count; i++) {
        struct record *copy = &inputs.items[i], *original = copy->is_copy ? find(&inputs, copy->name) : NULL;
        if (copy->is_copy && (original == NULL || !original->is_letter)) {
            unknown++;
        } else if (copy->is_copy) {
            original->copies++;
            altered += !is_unaltered(copy->message, original->message);
            for (size_t j = 0; j < i; j++) { /* an earlier copy of the key is of an earlier original */
                const struct record *other = &inputs.items[j], *its = other->is_copy ? find(&inputs, other->name) : NULL;
                out_of_order += its != NULL && is_same(other->message->key, other->message->key_len, copy->message->key, copy->message->key_len) &&
                                its->message->offset > original->message->offset;
            }
        }
    }
    for (size_t i = 0; i < inputs.count; i++) {
        const struct record *original = &inputs.items[i];
        letter_count += original->is_letter;
        sent += original->copies > 0;
        lost += original->is_letter && original->copies == 0;
        repeated += original->copies > 1;
    }
    printf("letters=%zu sent=%zu lost=%zu repeated=%zu altered=%zu unknown=%zu out_of_order=%zu\n", letter_count, sent, lost, repeated, altered,
           unknown, out_of_order);
    return 0;
}

struct made_header {
    const char *name, *value;
    size_t bytes;
};

/* ORIGIN stands where a value is NULL. */
static const struct {
    const char *key;
    struct made_header headers[6];
} made[] = {
#define TEXT(text) (text), sizeof(text) - 1
    {"bare", {{"traceparent", TEXT("00-1")}}},
    {"gone", {{"__streams.errors.topic", TEXT("no.such.topic")}}},
    {"inside", {{"__streams.errors.topic", TEXT("__consumer_offsets")}}},
    {"cut", {{"__streams.errors.topic", NULL, 0}, {"stanced.left_out_bytes", TEXT("70000")}}},
    {"often", {{"stanced.redrives", TEXT("3")}, {"__streams.errors.topic", NULL, 0}}},
    {"uncounted", {{"stanced.redrives", TEXT("x")}, {"__streams.errors.topic", NULL, 0}}},
    {"streams", {{"__streams.errors.topic", NULL, 0}, {"__streams.errors.partition", TEXT("0")}, {"stanced.code", TEXT("made.streams")}}},
    {"connect", {{"__connect.errors.topic", NULL, 0}, {"__connect.errors.offset", TEXT("7")}, {"stanced.code", TEXT("made.connect")}}},
    {"spring", {{"kafka_dlt-original-topic", NULL, 0}, {"kafka_dlt-original-partition", TEXT("\0\0\0\1")}, {"stanced.code", TEXT("made.spring")}}},
#undef TEXT
};

enum { MADE_COUNT = sizeof made / sizeof *made };

static int make(const char *brokers, const char *dead_letters, const char *origin, int64_t timestamp_ms, size_t times)
{
    rd_kafka_t *handle = open_producer(brokers);
    for (size_t number = 0; number < times * MADE_COUNT; number++) {
        size_t i = number % MADE_COUNT;
        rd_kafka_headers_t *headers = rd_kafka_headers_new(6);
        for (const struct made_header *header = made[i].headers; header->name != NULL; header++)
            rd_kafka_header_add(headers, header->name, -1, header->value != NULL ? header->value : origin,
                                header->value != NULL ? (ssize_t)header->bytes : -1);
        rd_kafka_resp_err_t code =
            rd_kafka_producev(handle, RD_KAFKA_V_TOPIC(dead_letters), RD_KAFKA_V_KEY(made[i].key, strlen(made[i].key)),
                              RD_KAFKA_V_VALUE((char[]){"made by hand"}, 12), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_TIMESTAMP(timestamp_ms), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            die(made[i].key, rd_kafka_err2str(code));
    }
    if (rd_kafka_flush(handle, ASK_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        die(dead_letters, "not everything was delivered");
    rd_kafka_destroy(handle);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[2], "count") == 0) {
        printf("%zu\n", read_topic(argv[1], argv[3]).count);
        return 0;
    }
    if (argc == 5 && strcmp(argv[2], "compare") == 0)
        return compare(argv[1], argv[3], argv[4]);
    if (argc >= 5 && argc <= 7 && strcmp(argv[2], "make") == 0)
        return make(argv[1], argv[3], argv[4], argc > 5 ? strtoll(argv[5], NULL, 10) : 0, argc > 6 ? strtoul(argv[6], NULL, 10) : 1);
    die("usage", "letters BROKERS count TOPIC | compare INPUT DLQ | make DLQ ORIGIN [MS [TIMES]]");
}
