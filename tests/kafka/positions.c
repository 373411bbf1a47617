/* What a group has ever committed: positions BROKERS GROUP INPUT [--wait SECONDS [--late POSITIONS]]
 * First waits until all of INPUT is committed; exits with 3 where that takes longer. Then reads the brokers' own log of
 * positions, __consumer_offsets, from its beginning: within a partition no position may be below the one before it (I4), and
 * none beyond the end of the input. Prints the counts, and exits with 0 only if nothing is wrong. Positions of transactions
 * that were aborted do not count. --late: so many positions may have come after newer ones, because the network held
 * their requests back and a broker takes any of a living member: at least once only, the next commit mends it. */
#include "tests/kafka/commits.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { STATUS_WAITING = 3 };

static const struct timespec step = {.tv_nsec = 100000000};

struct run {
    const char *group, *input;
    rd_kafka_t *handle;
    int64_t last[PARTITIONS_MOST], end[PARTITIONS_MOST];
    size_t commits, back, beyond, late; /* late: how many may be back */
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

static void judge(void *state, const struct commit *commit)
{
    struct run *run = state;
    run->commits++;
    if (commit->position < run->last[commit->partition]) {
        run->back++;
        fprintf(stderr, "positions: partition %u: %lld after %lld, at %lld.%03lld\n", commit->partition, (long long)commit->position,
                (long long)run->last[commit->partition], (long long)(commit->time_ms / 1000), (long long)(commit->time_ms % 1000));
    }
    run->beyond += commit->position > run->end[commit->partition];
    run->last[commit->partition] = commit->position;
}

int main(int argc, char **argv)
{
    static struct run run;
    bool waits = argc >= 6 && strcmp(argv[4], "--wait") == 0, has_late = argc == 8 && strcmp(argv[6], "--late") == 0;
    if (argc != 4 && !(waits && (argc == 6 || has_late)))
        die("usage", "positions BROKERS GROUP INPUT [--wait SECONDS [--late POSITIONS]]");
    run.group = argv[2];
    run.input = argv[3];
    run.late = has_late ? strtoul(argv[7], NULL, 10) : 0;
    run.handle = open_consumer(argv[1], run.group, "read_committed");
    int64_t lag = waits ? wait_for_commits(&run, strtol(argv[5], NULL, 10)) : find_lag(&run);
    read_commits(run.handle, run.group, run.input, judge, &run);
    rd_kafka_destroy(run.handle);
    printf("positions: lag=%lld commits=%zu back=%zu beyond=%zu\n", (long long)lag, run.commits, run.back, run.beyond);
    if (run.back > run.late || run.beyond > 0)
        return 1;
    return lag != 0 ? STATUS_WAITING : 0;
}
