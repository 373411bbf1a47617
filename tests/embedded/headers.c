/* The header NAME of each record of a topic, one line each: KEY, a space, its value or "-"; the last one where there are more, which is an
 * error of its own ("KEY twice").
 *   headers BROKERS TOPIC NAME */
#include "tests/kafka/consumer.h"

#include <string.h>

static void print(const rd_kafka_message_t *message, const char *name)
{
    rd_kafka_headers_t *headers;
    const void *value;
    size_t size, count = 0;
    printf("%.*s ", (int)message->key_len, (const char *)message->key);
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
        while (rd_kafka_header_get(headers, count, name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
            count++;
    if (count == 1)
        printf("%.*s\n", (int)size, (const char *)value);
    else
        puts(count == 0 ? "-" : "twice");
}

int main(int argc, char **argv)
{
    if (argc != 4)
        die("arguments", "headers BROKERS TOPIC NAME");
    rd_kafka_t *handle = open_consumer(argv[1], "headers", "read_committed");
    rd_kafka_topic_partition_list_t *list = partitions_of(handle, argv[2]);
    rd_kafka_assign(handle, list);
    for (int ends = 0; ends < list->cnt;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(handle, ASK_MS);
        if (message == NULL)
            die(argv[2], "no answer");
        ends += message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            print(message, argv[3]);
        rd_kafka_message_destroy(message);
    }
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(handle);
    return 0;
}
