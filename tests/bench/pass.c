/* A plain pass-through, the limit that a broker sets: reads COUNT records of a topic and writes them to another, librdkafka and
 * nothing else.   pass BROKERS FROM TO COUNT
 * Prints the CPU seconds and the seconds of the clock that it took. */
#include <librdkafka/rdkafka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WAIT_MS = 30000 };

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static rd_kafka_t *open_client(rd_kafka_type_t type, const char *brokers)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const char *const settings[][2] = {{"bootstrap.servers", brokers}, {"group.id", "pass"}, {"auto.offset.reset", "earliest"}};
    for (size_t i = 0; i < (type == RD_KAFKA_CONSUMER ? 3 : 1); i++)
        rd_kafka_conf_set(conf, settings[i][0], settings[i][1], text, sizeof text);
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof text);
    if (client == NULL) {
        fprintf(stderr, "pass: %s\n", text);
        exit(1);
    }
    return client;
}

static void put(rd_kafka_t *producer, const char *topic, const rd_kafka_message_t *message)
{
    for (;;) {
        rd_kafka_resp_err_t code =
            rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(message->key, message->key_len),
                              RD_KAFKA_V_VALUE(message->payload, message->len), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            return;
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            fprintf(stderr, "pass: %s\n", rd_kafka_err2str(code));
            exit(1);
        }
        rd_kafka_poll(producer, 100);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    rd_kafka_t *consumer = open_client(RD_KAFKA_CONSUMER, argv[1]), *producer = open_client(RD_KAFKA_PRODUCER, argv[1]);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, argv[2], RD_KAFKA_PARTITION_UA);
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_subscribe(consumer, topics);
    double cpu = 0, wall = 0;
    for (long done = 0, count = atol(argv[4]); done < count;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, WAIT_MS);
        if (message == NULL) {
            fprintf(stderr, "pass: nothing for %d s after %ld records\n", WAIT_MS / 1000, done);
            return 1;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (done++ == 0) {
                cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
                wall = seconds(CLOCK_MONOTONIC);
            }
            put(producer, argv[3], message);
        }
        rd_kafka_message_destroy(message);
        rd_kafka_poll(producer, 0);
    }
    rd_kafka_flush(producer, WAIT_MS);
    printf("%.4f %.4f\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, seconds(CLOCK_MONOTONIC) - wall);
    rd_kafka_topic_partition_list_destroy(topics);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    return 0;
}
