/* Compares input and output topics, record by record: verify BROKERS GROUP INPUT ENRICHED STANCES ENTITIES DLQ [OPTION...]
 *   --wait SECONDS   first waits until the group has committed all input and no transaction is open
 *   --repeats        outputs may come more than once (at least once): the first document of each input must be in order
 *   --window SECONDS that a document may come again after its input was committed: what was in hand then. Needs a topic ENRICHED
 *                    whose records have the time at which they were appended
 *   --codes          prints "KEY CODE" for each dead letter
 * Exits with 3 where that takes longer.
 * Proves, with only committed records read: each input has one document with all its rows, or one dead letter with its key,
 * value, headers and timestamp as they were (I1, I2); rows of one output partition stand in the order of their inputs, per
 * input partition (I3); the committed offset is the end (I4, I5); no transaction is open (I12). Prints the counts, and exits
 * with 0 only if nothing is wrong. */
#include "tests/kafka/commits.h"

#include <jansson.h>

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

enum { TRIES = 100, ASK_TIMES = 10, STATUS_WAITING = 3 };

static const struct timespec step = {.tv_nsec = 200000000}; /* between two tries */
enum kind { KIND_INPUT, KIND_DOCUMENT, KIND_STANCE, KIND_ENTITY, KIND_LETTER, KIND_COUNT };

struct input {
    rd_kafka_message_t *message;
    char *id; /* NULL: cannot be read */
    bool is_twin;
    size_t documents, letters, stances, entities; /* found */
    size_t stances_due, entities_due;             /* in the document */
};

struct run {
    const char *brokers, *group;
    const char *topics[KIND_COUNT];
    int wait_s;
    bool allows_repeats, prints_codes;
    int window_s; /* 0: not looked at */

    struct commit *commits; /* [commit_count], in the order of the log */
    size_t commit_count, commit_capacity;
    int64_t oldest_ms; /* the longest that the input of a repeated document had been committed */

    struct input *inputs; /* [count], by partition and offset once read; by_id sorted by id */
    struct input **by_id;
    size_t count, capacity, id_count;
    int64_t last[PARTITIONS_MOST][PARTITIONS_MOST]; /* of the topic in hand: output partition, input partition -> offset */

    size_t documents, letters, rows, twins;
    size_t lost, repeated, wrong_rows, out_of_order, altered, unknown, uncommitted, open, stale, aborted, again;
};

/* Takes the message. */
typedef void visit(struct run *run, rd_kafka_message_t *message, enum kind kind);

/* Where the partition ends for readers of this isolation level: the high watermark, or the last stable offset. */
static int64_t end_of(rd_kafka_t *handle, const rd_kafka_topic_partition_t *partition)
{
    int64_t low, high;
    for (int i = 0; i < TRIES; i++) {
        if (rd_kafka_query_watermark_offsets(handle, partition->topic, partition->partition, &low, &high, ASK_MS) == 0)
            return high;
        nanosleep(&step, NULL);
    }
    die(partition->topic, "no watermark");
}

/* Reads a topic from its beginning to its present end; returns the number of records. */
static size_t read_topic(struct run *run, rd_kafka_t *handle, enum kind kind, visit *visit)
{
    rd_kafka_topic_partition_list_t *list = partitions_of(handle, run->topics[kind]);
    size_t count = 0;
    int left = list->cnt;
    bool ended[PARTITIONS_MOST] = {false};
    rd_kafka_assign(handle, list);
    while (left > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(handle, ASK_MS);
        if (message == NULL)
            die(run->topics[kind], "reading stalls");
        bool is_record = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        left -= is_new_end(message, ended);
        count += is_record;
        if (is_record)
            visit(run, message, kind);
        else
            rd_kafka_message_destroy(message);
    }
    rd_kafka_assign(handle, NULL);
    rd_kafka_topic_partition_list_destroy(list);
    return count;
}

static void skip(struct run *run, rd_kafka_message_t *message, enum kind kind)
{
    (void)run, (void)kind;
    rd_kafka_message_destroy(message);
}

static void keep_input(struct run *run, rd_kafka_message_t *message, enum kind kind)
{
    (void)kind;
    if (run->count == run->capacity) {
        run->capacity = run->capacity * 2 + 1024;
        run->inputs = realloc(run->inputs, run->capacity * sizeof *run->inputs);
    }
    json_t *root = json_loadb(message->payload, message->len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    const char *id = json_string_value(json_object_get(root, "id"));
    run->inputs[run->count++] = (struct input){.message = message, .id = id != NULL ? strdup(id) : NULL};
    json_decref(root);
}

static int by_place(const void *a, const void *b)
{
    const rd_kafka_message_t *x = ((const struct input *)a)->message, *y = ((const struct input *)b)->message;
    if (x->partition != y->partition)
        return x->partition < y->partition ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(struct input *const *)a)->id, (*(struct input *const *)b)->id);
}

/* Those of one id in their order. */
static int by_id_and_place(const void *a, const void *b)
{
    int order = by_id(a, b);
    return order != 0 ? order : by_place(*(struct input *const *)a, *(struct input *const *)b);
}

static void index_inputs(struct run *run)
{
    qsort(run->inputs, run->count, sizeof *run->inputs, by_place);
    run->by_id = calloc(run->count + 1, sizeof *run->by_id);
    for (size_t i = 0; i < run->count; i++)
        if (run->inputs[i].id != NULL)
            run->by_id[run->id_count++] = &run->inputs[i];
    qsort(run->by_id, run->id_count, sizeof *run->by_id, by_id_and_place);
    for (size_t i = 1; i < run->id_count; i++) {
        struct input *input = run->by_id[i], *before = run->by_id[i - 1];
        if (strcmp(before->id, input->id) != 0)
            continue;
        if (before->message->partition != input->message->partition)
            die(input->id, "stands in two partitions: nothing can be proved");
        input->is_twin = before->is_twin = true;
        run->twins++;
    }
}

static bool wants(const struct input *input, enum kind kind)
{
    return kind == KIND_DOCUMENT ? input->documents == 0
           : kind == KIND_STANCE ? input->stances < input->stances_due
                                 : input->entities < input->entities_due;
}

/* The input with this id. Where the feeder's own producer wrote a record twice, each copy is an input, and what comes of them comes in
 * their order: the first that still wants a record of this kind, or else the last. NULL: there is none. */
static struct input *find_id(const struct run *run, const char *id, enum kind kind)
{
    struct input wanted = {.id = (char *)(uintptr_t)id}, *key = &wanted;
    if (id == NULL)
        return NULL;
    struct input **found = bsearch(&key, run->by_id, run->id_count, sizeof *run->by_id, by_id);
    if (found == NULL)
        return NULL;
    struct input **end = run->by_id + run->id_count;
    while (found > run->by_id && strcmp(found[-1]->id, id) == 0)
        found--;
    while (!wants(*found, kind) && found + 1 < end && strcmp(found[1]->id, id) == 0)
        found++;
    return *found;
}

static struct input *find_place(const struct run *run, int32_t partition, int64_t offset)
{
    rd_kafka_message_t place = {.partition = partition, .offset = offset};
    struct input wanted = {.message = &place};
    return bsearch(&wanted, run->inputs, run->count, sizeof *run->inputs, by_place);
}

static void check_order(struct run *run, const rd_kafka_message_t *message, const struct input *input)
{
    int64_t *last = &run->last[message->partition][input->message->partition];
    if (input->message->offset < *last)
        run->out_of_order++;
    else
        *last = input->message->offset;
}

static bool header_is(const rd_kafka_message_t *message, const char *name, size_t index, const void **value, size_t *size)
{
    rd_kafka_headers_t *headers;
    return rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR &&
           rd_kafka_header_get(headers, index, name, value, size) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static bool has_same_trace(const rd_kafka_message_t *message, const struct input *input)
{
    const void *ours, *theirs;
    size_t our_size, their_size;
    return header_is(message, "traceparent", 0, &ours, &our_size) &&
           header_is(input->message, "traceparent", 0, &theirs, &their_size) && our_size == their_size &&
           memcmp(ours, theirs, our_size) == 0;
}

static void keep_commit(void *state, const struct commit *commit)
{
    struct run *run = state;
    if (run->commit_count == run->commit_capacity) {
        run->commit_capacity = run->commit_capacity * 2 + 1024;
        run->commits = realloc(run->commits, run->commit_capacity * sizeof *run->commits);
    }
    run->commits[run->commit_count++] = *commit;
}

/* Whoever repeats a document has read its input before the position behind it was committed, or was in its work then. */
static void check_window(struct run *run, const rd_kafka_message_t *message, const struct input *input)
{
    rd_kafka_timestamp_type_t type;
    int64_t now_ms = rd_kafka_message_timestamp(message, &type);
    if (type != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME)
        die(run->topics[KIND_DOCUMENT], "--window needs message.timestamp.type=LogAppendTime");
    for (size_t i = 0; i < run->commit_count; i++) {
        const struct commit *commit = &run->commits[i];
        if ((int32_t)commit->partition != input->message->partition || commit->position <= input->message->offset)
            continue;
        int64_t age_ms = now_ms - commit->time_ms;
        run->oldest_ms = age_ms > run->oldest_ms ? age_ms : run->oldest_ms;
        run->stale += age_ms > 1000 * (int64_t)run->window_s;
        return;
    }
}

/* Documents and rows. */
static void check_output(struct run *run, rd_kafka_message_t *message, enum kind kind)
{
    json_t *root = json_loadb(message->payload, message->len, JSON_ALLOW_NUL, NULL);
    struct input *input = find_id(run, json_string_value(json_object_get(root, kind == KIND_DOCUMENT ? "id" : "article_id")), kind);
    if (input == NULL) {
        run->unknown++;
    } else {
        bool is_first = kind == KIND_DOCUMENT && input->documents == 0;
        if (is_first || (!run->allows_repeats && !input->is_twin)) /* whose a twin's row in one partition is depends on the others */
            check_order(run, message, input);
        run->altered += !has_same_trace(message, input);
        if (kind == KIND_DOCUMENT) {
            if (input->documents > 0 && run->window_s > 0)
                check_window(run, message, input);
            input->documents++;
            input->stances_due = json_array_size(json_object_get(root, "stances"));
            input->entities_due = json_array_size(json_object_get(root, "entities"));
        } else if (kind == KIND_STANCE) {
            input->stances++;
        } else {
            input->entities++;
        }
    }
    json_decref(root);
    rd_kafka_message_destroy(message);
}

static bool same_bytes(const void *a, size_t a_size, const void *b, size_t b_size)
{
    return (a == NULL) == (b == NULL) && a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

/* Key, value, timestamp, and the input's headers at the front, all byte for byte. */
static bool is_unaltered(const rd_kafka_message_t *letter, const rd_kafka_message_t *input)
{
    rd_kafka_headers_t *ours, *theirs;
    rd_kafka_timestamp_type_t type;
    if (!same_bytes(letter->key, letter->key_len, input->key, input->key_len) ||
        !same_bytes(letter->payload, letter->len, input->payload, input->len) ||
        rd_kafka_message_timestamp(letter, &type) != rd_kafka_message_timestamp(input, &type))
        return false;
    if (rd_kafka_message_headers(input, &theirs) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    if (rd_kafka_message_headers(letter, &ours) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    const char *our_name, *their_name;
    const void *our_value, *their_value;
    size_t our_size, their_size;
    for (size_t i = 0; rd_kafka_header_get_all(theirs, i, &their_name, &their_value, &their_size) == 0; i++)
        if (rd_kafka_header_get_all(ours, i, &our_name, &our_value, &our_size) != 0 || strcmp(our_name, their_name) != 0 ||
            !same_bytes(our_value, our_size, their_value, their_size))
            return false;
    return true;
}

static int64_t number_header(const rd_kafka_message_t *message, const char *name)
{
    const void *value;
    size_t size;
    return header_is(message, name, 0, &value, &size) ? strtoll(value, NULL, 10) : -1;
}

static void check_letter(struct run *run, rd_kafka_message_t *message, enum kind kind)
{
    (void)kind;
    const void *code = "", *left_out;
    size_t size = 0;
    header_is(message, "stanced.code", 0, &code, &size);
    struct input *input = find_place(run, (int32_t)number_header(message, "__streams.errors.partition"),
                                     number_header(message, "__streams.errors.offset"));
    if (run->prints_codes)
        printf("%.*s %.*s\n", (int)message->key_len, (const char *)message->key, (int)size, (const char *)code);
    if (input == NULL) {
        run->unknown++;
    } else {
        if (input->letters++ == 0 || !run->allows_repeats)
            check_order(run, message, input);
        if (!header_is(message, "stanced.left_out_bytes", 0, &left_out, &size))
            run->altered += !is_unaltered(message, input->message);
    }
    rd_kafka_message_destroy(message);
}

static void tell(const struct input *input, const char *what)
{
    fprintf(stderr, "verify: partition %" PRId32 ", offset %" PRId64 " (%s) %s: %zu documents, %zu letters, %zu stances for %zu, %zu entities for %zu\n",
            input->message->partition, input->message->offset, input->id != NULL ? input->id : "no id", what, input->documents, input->letters,
            input->stances, input->stances_due, input->entities, input->entities_due);
}

static void judge_inputs(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct input *input = &run->inputs[i];
        size_t outputs = input->documents + input->letters;
        run->documents += input->documents > 0;
        run->letters += input->letters > 0;
        run->rows += input->stances + input->entities;
        run->lost += outputs == 0;
        run->again += outputs > 1 ? outputs - 1 : 0;
        run->repeated += outputs > 1 && !(run->allows_repeats && (input->documents == 0 || input->letters == 0));
        bool has_all = run->allows_repeats ? input->stances >= input->stances_due && input->entities >= input->entities_due
                                           : input->stances == input->stances_due && input->entities == input->entities_due;
        run->wrong_rows += !has_all;
        if (outputs != 1 && !run->allows_repeats)
            tell(input, "has not one output");
        else if (outputs == 0)
            tell(input, "is lost");
        if (!has_all)
            tell(input, "has not the rows that it should have");
    }
}

/* Records between the group's committed offsets and the ends of the input. */
static size_t find_uncommitted(const struct run *run, rd_kafka_t *handle)
{
    rd_kafka_topic_partition_list_t *list = partitions_of(handle, run->topics[KIND_INPUT]);
    rd_kafka_resp_err_t code = rd_kafka_committed(handle, list, ASK_MS);
    size_t left = 0;
    for (int i = 0; i < list->cnt; i++) {
        int64_t end = end_of(handle, &list->elems[i]), committed = list->elems[i].offset;
        left += (size_t)(code != 0 || committed < 0 ? end : committed > end ? committed - end : end - committed);
    }
    rd_kafka_topic_partition_list_destroy(list);
    return left;
}

/* Partitions whose last stable offset lies before their end: a transaction is open there. */
static size_t find_open(const struct run *run, rd_kafka_t *committed, rd_kafka_t *all, enum kind kind)
{
    rd_kafka_topic_partition_list_t *list = partitions_of(all, run->topics[kind]);
    size_t open = 0;
    for (int i = 0; i < list->cnt; i++)
        open += end_of(committed, &list->elems[i]) != end_of(all, &list->elems[i]);
    rd_kafka_topic_partition_list_destroy(list);
    return open;
}

static size_t find_open_anywhere(const struct run *run, rd_kafka_t *committed, rd_kafka_t *all)
{
    size_t open = 0;
    for (enum kind kind = KIND_DOCUMENT; kind < KIND_COUNT; kind++)
        open += find_open(run, committed, all, kind);
    return open;
}

/* Until all input is committed, and until the broker has ended what a killed process left open: before that a reader of
 * committed records does not see what stands behind it. */
static bool wait_for_commits(const struct run *run, rd_kafka_t *committed, rd_kafka_t *all)
{
    size_t left = 0, open = 0;
    for (time_t until = time(NULL) + run->wait_s; time(NULL) <= until;) {
        left = find_uncommitted(run, committed);
        open = left ? 0 : find_open_anywhere(run, committed, all);
        if (left + open == 0)
            return true;
        nanosleep(&step, NULL);
    }
    fprintf(stderr, "verify: %zu inputs are not committed, %zu partitions have an open transaction after %d s\n", left, open, run->wait_s);
    return false;
}

static bool check(struct run *run)
{
    rd_kafka_t *committed = open_consumer(run->brokers, run->group, "read_committed"), *all = open_consumer(run->brokers, run->group, "read_uncommitted");
    if (run->wait_s > 0 && !wait_for_commits(run, committed, all))
        exit(STATUS_WAITING);
    if (run->window_s > 0)
        read_commits(committed, run->group, run->topics[KIND_INPUT], keep_commit, run);
    read_topic(run, committed, KIND_INPUT, keep_input);
    index_inputs(run);
    for (enum kind kind = KIND_DOCUMENT; kind < KIND_COUNT; kind++) {
        memset(run->last, -1, sizeof run->last);
        size_t seen = read_topic(run, committed, kind, kind == KIND_LETTER ? check_letter : check_output);
        run->aborted += read_topic(run, all, kind, skip) - seen;
        run->open += find_open(run, committed, all, kind);
    }
    judge_inputs(run);
    for (int tries = 0; (run->uncommitted = find_uncommitted(run, committed)) > 0 && tries < ASK_TIMES; tries++)
        nanosleep(&(struct timespec){.tv_sec = 1}, NULL); /* no answer counts as nothing committed */
    printf("verify: inputs=%zu twins=%zu documents=%zu dead_letters=%zu rows=%zu aborted_records=%zu again=%zu oldest_ms=%" PRId64 " | lost=%zu repeated=%zu "
           "wrong_rows=%zu out_of_order=%zu altered=%zu unknown=%zu uncommitted=%zu open=%zu stale=%zu\n",
           run->count, run->twins, run->documents, run->letters, run->rows, run->aborted, run->again, run->oldest_ms, run->lost, run->repeated,
           run->wrong_rows, run->out_of_order, run->altered, run->unknown, run->uncommitted, run->open, run->stale);
    for (size_t i = 0; i < run->count; i++) {
        free(run->inputs[i].id);
        rd_kafka_message_destroy(run->inputs[i].message);
    }
    free(run->inputs);
    free(run->by_id);
    free(run->commits);
    rd_kafka_destroy(committed);
    rd_kafka_destroy(all);
    return run->lost + run->repeated + run->wrong_rows + run->out_of_order + run->altered + run->unknown + run->uncommitted +
                   run->open + run->stale == 0;
}

int main(int argc, char **argv)
{
    static struct run run;
    if (argc < 8)
        die("usage", "verify BROKERS GROUP INPUT ENRICHED STANCES ENTITIES DLQ [--wait SECONDS] [--repeats] [--window SECONDS] [--codes]");
    run.brokers = argv[1];
    run.group = argv[2];
    for (size_t i = 0; i < KIND_COUNT; i++)
        run.topics[i] = argv[3 + i];
    for (int i = 8; i < argc; i++) {
        if (strcmp(argv[i], "--wait") == 0 && i + 1 < argc)
            run.wait_s = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--repeats") == 0)
            run.allows_repeats = true;
        else if (strcmp(argv[i], "--window") == 0 && i + 1 < argc)
            run.window_s = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--codes") == 0)
            run.prints_codes = true;
        else
            die("unknown option", argv[i]);
    }
    return check(&run) ? 0 : 1;
}
