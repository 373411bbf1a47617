/* A mock cluster for the tests beside it: broker TOPIC... makes the topics (3 partitions each), prints its address, and then
 * does what the lines of its input say, until they end:
 *   errors API COUNT CODE    the next COUNT requests of that API (number) are answered with that error (number)
 *   rtt MS                   every answer takes that long
 *   down MS                  the broker is away for that long
 *   join NODE                one more broker, with that number (the first is 1)
 *   gone NODE                that one is away for good; its partitions go to the others
 *   coordinator KIND KEY NODE   who that is for the group or transaction KEY
 *   count API                prints how many requests of that API have come */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <stdio.h>
#include <time.h>

enum { BROKER = 1, ERRORS_MOST = 100 };

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

static void count_requests(rd_kafka_mock_cluster_t *cluster, int api)
{
    size_t count, found = 0;
    rd_kafka_mock_request_t **requests = rd_kafka_mock_get_requests(cluster, &count);
    for (size_t i = 0; i < count; i++)
        found += rd_kafka_mock_request_api_key(requests[i]) == api;
    rd_kafka_mock_request_destroy_array(requests, count);
    printf("%zu\n", found);
    fflush(stdout);
}

static void obey(rd_kafka_mock_cluster_t *cluster, const char *line)
{
    int api, count, code, ms, node;
    char kind[16], key[32];
    if (sscanf(line, "errors %d %d %d", &api, &count, &code) == 3 && count <= ERRORS_MOST) {
        rd_kafka_resp_err_t codes[ERRORS_MOST];
        for (int i = 0; i < count; i++)
            codes[i] = (rd_kafka_resp_err_t)code;
        rd_kafka_mock_push_request_errors_array(cluster, (int16_t)api, (size_t)count, codes);
    } else if (sscanf(line, "rtt %d", &ms) == 1) {
        rd_kafka_mock_broker_set_rtt(cluster, BROKER, ms);
    } else if (sscanf(line, "down %d", &ms) == 1) {
        rd_kafka_mock_broker_set_down(cluster, BROKER);
        sleep_ms(ms);
        rd_kafka_mock_broker_set_up(cluster, BROKER);
    } else if (sscanf(line, "join %d", &node) == 1) {
        rd_kafka_mock_broker_add(cluster, node);
    } else if (sscanf(line, "gone %d", &node) == 1) {
        rd_kafka_mock_broker_decommission(cluster, node);
    } else if (sscanf(line, "coordinator %15s %31s %d", kind, key, &node) == 3) {
        rd_kafka_mock_coordinator_set(cluster, kind, key, node);
    } else if (sscanf(line, "count %d", &api) == 1) {
        count_requests(cluster, api);
    } else {
        fprintf(stderr, "broker: what is %s", line);
    }
}

int main(int argc, char **argv)
{
    char text[256], line[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", text, sizeof text);
    rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    rd_kafka_mock_cluster_t *cluster = handle != NULL ? rd_kafka_mock_cluster_new(handle, 1) : NULL;
    if (cluster == NULL) {
        fprintf(stderr, "broker: %s\n", text);
        return 1;
    }
    rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0);
    rd_kafka_mock_start_request_tracking(cluster);
    for (int i = 1; i < argc; i++)
        rd_kafka_mock_topic_create(cluster, argv[i], 3, 1);
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL)
        obey(cluster, line);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(handle);
    return 0;
}
