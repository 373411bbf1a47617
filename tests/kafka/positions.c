/* What a group has ever committed: positions BROKERS GROUP INPUT [--wait SECONDS]
 * First waits until all of INPUT is committed; exits with 3 where that takes longer. Then reads the brokers' own log of
 * positions, __consumer_offsets, from its beginning: within a partition no position may be below the one before it (I4), and
 * none beyond the end of the input. Prints the counts, and exits with 0 only if nothing is wrong. Positions of transactions
 * that were aborted do not count. */
#include "tests/kafka/consumer.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { STATUS_WAITING = 3, KEY_VERSION_MOST = 1 };

static const char log_name[] = "__consumer_offsets";
static const struct timespec step = {.tv_nsec = 100000000};

struct run {
    const char *group, *input;
    rd_kafka_t *handle;
    int64_t last[PARTITIONS_MOST], end[PARTITIONS_MOST];
    size_t commits, back, beyond;
};

/* What is still to be read of a record's key; `bytes` of NULL: there was less than expected. */
struct rest {
    const char *bytes;
    size_t len;
};

/* Records of the input that are not committed; also where the input ends. */
static int64_t find_lag(struct run *run)
{
    rd_kafka_topic_partition_list_t *list = partitions_of(run->handle, run->input);
    rd_kafka_resp_err_t code = rd_kafka_committed(run->handle, list, ASK_MS);
    int64_t lag = 0;
    for (int i = 0; i < list->cnt; i++) {
        int64_t low = 0, high = 0;
        if (code != 0 || rd_kafka_query_watermark_offsets(run->handle, run->input, i, &low, &high, ASK_MS) != 0) {
            lag++;
            continue;
        }
        run->end[i] = high;
        lag += high - (list->elems[i].offset > 0 ? list->elems[i].offset : 0);
    }
    rd_kafka_topic_partition_list_destroy(list);
    return lag;
}

static int64_t wait_for_commits(struct run *run, long wait_s)
{
    time_t deadline = time(NULL) + wait_s;
    int64_t lag;
    while ((lag = find_lag(run)) != 0 && time(NULL) < deadline)
        nanosleep(&step, NULL);
    return lag;
}

static void take(struct rest *rest, void *to, size_t bytes)
{
    if (rest->bytes == NULL || rest->len < bytes) {
        rest->bytes = NULL;
        memset(to, 0, bytes);
        return;
    }
    memcpy(to, rest->bytes, bytes);
    rest->bytes += bytes;
    rest->len -= bytes;
}

static uint16_t take_16(struct rest *rest)
{
    uint16_t number;
    take(rest, &number, sizeof number);
    return ntohs(number);
}

static bool take_equal(struct rest *rest, const char *wanted)
{
    size_t len = take_16(rest);
    bool is_equal = rest->bytes != NULL && rest->len >= len && len == strlen(wanted) && memcmp(rest->bytes, wanted, len) == 0;
    if (is_equal) {
        rest->bytes += len;
        rest->len -= len;
    }
    return is_equal;
}

/* The schemas OffsetCommitKey (versions 0 and 1) and OffsetCommitValue (all begin with version and offset) of Kafka. */
static void judge(struct run *run, const rd_kafka_message_t *message)
{
    struct rest key = {message->key, message->key_len}, value = {message->payload, message->len};
    uint32_t partition;
    uint64_t big;
    if (value.bytes == NULL || take_16(&key) > KEY_VERSION_MOST || !take_equal(&key, run->group) || !take_equal(&key, run->input))
        return;
    take(&key, &partition, sizeof partition);
    take_16(&value);
    take(&value, &big, sizeof big);
    partition = ntohl(partition);
    if (key.bytes == NULL || value.bytes == NULL || partition >= PARTITIONS_MOST)
        die(log_name, "a record of another form than expected");
    int64_t position = (int64_t)be64toh(big);
    run->commits++;
    run->back += position < run->last[partition];
    run->beyond += position > run->end[partition];
    run->last[partition] = position;
}

static void read_log(struct run *run)
{
    rd_kafka_topic_partition_list_t *list = partitions_of(run->handle, log_name);
    int left = list->cnt;
    rd_kafka_assign(run->handle, list);
    while (left > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(run->handle, ASK_MS);
        if (message == NULL)
            die(log_name, "reading stalls");
        left -= message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            judge(run, message);
        rd_kafka_message_destroy(message);
    }
    rd_kafka_topic_partition_list_destroy(list);
}

int main(int argc, char **argv)
{
    static struct run run;
    bool waits = argc == 6 && strcmp(argv[4], "--wait") == 0;
    if (argc != 4 && !waits)
        die("usage", "positions BROKERS GROUP INPUT [--wait SECONDS]");
    run.group = argv[2];
    run.input = argv[3];
    run.handle = open_consumer(argv[1], run.group, "read_committed");
    int64_t lag = waits ? wait_for_commits(&run, strtol(argv[5], NULL, 10)) : find_lag(&run);
    read_log(&run);
    rd_kafka_destroy(run.handle);
    printf("positions: lag=%lld commits=%zu back=%zu beyond=%zu\n", (long long)lag, run.commits, run.back, run.beyond);
    if (run.back + run.beyond > 0)
        return 1;
    return lag != 0 ? STATUS_WAITING : 0;
}
