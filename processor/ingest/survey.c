#include "processor/ingest/survey.h"

#include "processor/runtime/clock.h"

#include <librdkafka/rdkafka.h>

enum { STEP_MS = 100, ASK_MS = 500 };

static rd_kafka_t *open_client(const struct settings *settings, const char *isolation, struct client *client)
{
    /* One small batch of a partition is enough to know. */
    const struct client_property defaults[] = {{"auto.offset.reset", "earliest"}, {NULL, NULL}};
    const struct client_property fixed[] = {
        {"group.id", settings->group},     {"enable.auto.offset.store", "false"}, {"enable.auto.commit", "false"},
        {"enable.partition.eof", "true"},  {"max.partition.fetch.bytes", "1024"}, {"queued.min.messages", "1"},
        {"isolation.level", isolation},    {NULL, NULL},
    };
    struct error err = {0};
    rd_kafka_conf_t *conf = client_conf(settings, PROPERTY_CONSUMER, defaults, fixed, client, &err);
    return conf != NULL ? client_open(true, conf, &err) : NULL;
}

/* Until a record comes, every partition has ended, or the time is over. */
static enum survey_result look(rd_kafka_t *handle, size_t count, int64_t deadline_ms, bool (*is_over)(void))
{
    size_t ended = 0;
    while (ended < count && clock_left_ms(deadline_ms) > 0) {
        if (is_over())
            return SURVEY_NOTHING;
        rd_kafka_message_t *message = rd_kafka_consumer_poll(handle, STEP_MS);
        rd_kafka_resp_err_t code = message != NULL ? message->err : RD_KAFKA_RESP_ERR__TIMED_OUT;
        if (message != NULL)
            rd_kafka_message_destroy(message);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            return SURVEY_RECORD;
        ended += code == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    }
    return ended < count ? SURVEY_NO_ANSWER : SURVEY_NOTHING;
}

enum survey_result survey_run(const struct settings *settings, const struct client_events *events, const struct lag *lags,
                              size_t count, int64_t timeout_ms, bool (*is_over)(void))
{
    struct client client = {.events = *events, .name = "survey"};
    rd_kafka_t *handle = open_client(settings, "read_committed", &client);
    if (handle == NULL)
        return SURVEY_NO_ANSWER;
    rd_kafka_poll_set_consumer(handle);
    /* Without an offset the client starts where the group has committed. */
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, lags[i].topic, lags[i].partition);
    rd_kafka_assign(handle, list);
    rd_kafka_topic_partition_list_destroy(list);
    enum survey_result result = look(handle, count, clock_now_ms() + timeout_ms, is_over);
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return result;
}

bool survey_is_answered(const struct settings *settings, const struct client_events *events, int timeout_ms)
{
    struct client client = {.events = *events, .name = "survey"};
    const struct rd_kafka_metadata *metadata;
    rd_kafka_t *handle = open_client(settings, "read_committed", &client);
    if (handle == NULL)
        return false;
    bool is = rd_kafka_metadata(handle, 1, NULL, &metadata, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (is)
        rd_kafka_metadata_destroy(metadata);
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return is;
}

/* Whether it is said what the group has committed. Who reads committed records is told only where no transaction holds it back;
 * librdkafka asks again until the time is over then. */
static bool can_read(const struct settings *settings, const struct client_events *events, const char *isolation, const struct lag *lags,
                     size_t count, int timeout_ms, bool (*is_over)(void))
{
    struct client client = {.events = *events, .name = "survey"};
    rd_kafka_t *handle = open_client(settings, isolation, &client);
    if (handle == NULL)
        return false;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, lags[i].topic, lags[i].partition);
    const int64_t deadline_ms = clock_now_ms() + timeout_ms;
    bool can = false;
    while (!can && !is_over() && clock_left_ms(deadline_ms) > 0)
        can = rd_kafka_committed(handle, list, ASK_MS) == RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; i < list->cnt; i++)
        can &= list->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return can;
}

bool survey_is_kept_back(const struct settings *settings, const struct client_events *events, const struct lag *lags, size_t count,
                         int timeout_ms, bool (*is_over)(void))
{
    return can_read(settings, events, "read_uncommitted", lags, count, timeout_ms, is_over) &&
           !can_read(settings, events, "read_committed", lags, count, timeout_ms, is_over) && !is_over();
}
