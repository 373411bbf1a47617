#include "processor/ingest/places.h"

#include "processor/runtime/clock.h"

#include <librdkafka/rdkafka.h>

#include <string.h>

enum place_policy places_policy(const struct settings *settings)
{
    /* The names that librdkafka knows; it refuses others. */
    static const struct {
        const char *name;
        enum place_policy policy;
    } names[] = {{"largest", PLACE_LAST}, {"latest", PLACE_LAST}, {"end", PLACE_LAST}, {"error", PLACE_NONE}};
    const char *value = settings_property(settings, PROPERTY_CONSUMER, "auto.offset.reset");
    for (size_t i = 0; value != NULL && i < sizeof names / sizeof *names; i++)
        if (strcmp(value, names[i].name) == 0)
            return names[i].policy;
    return PLACE_FIRST;
}

void places_find_ends(struct rd_kafka_s *handle, enum place_policy policy, struct rd_kafka_topic_partition_list_s *list, int timeout_ms)
{
    rd_kafka_topic_partition_list_t *ends = rd_kafka_topic_partition_list_new(list->cnt);
    for (int i = 0; i < list->cnt; i++)
        if (list->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR && list->elems[i].offset < 0)
            rd_kafka_topic_partition_list_add(ends, list->elems[i].topic, list->elems[i].partition)->offset =
                policy == PLACE_FIRST ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (ends->cnt > 0) /* the protocol's times -2 and -1 are these ends */
        code = rd_kafka_offsets_for_times(handle, ends, timeout_ms);
    for (int i = 0; i < ends->cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; i++)
        if (ends->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
            rd_kafka_topic_partition_list_set_offset(list, ends->elems[i].topic, ends->elems[i].partition, ends->elems[i].offset);
    rd_kafka_topic_partition_list_destroy(ends);
}

bool places_find(struct rd_kafka_s *handle, enum place_policy policy, struct rd_kafka_topic_partition_list_s *list, int timeout_ms,
                 struct error *err)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    rd_kafka_resp_err_t code = rd_kafka_committed(handle, list, timeout_ms);
    for (int i = 0; i < list->cnt; i++) {
        rd_kafka_topic_partition_t *element = &list->elems[i];
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR || element->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            element->offset = RD_KAFKA_OFFSET_INVALID;
        else if (element->offset < 0 && policy == PLACE_NONE)
            return error_set(err, ERROR_FATAL, "consumer.place", "nothing is committed of partition %d of %s, and kafka.auto.offset.reset is error",
                             element->partition, element->topic);
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_RETRY, "consumer.place", "committed offsets: %s", rd_kafka_err2str(code));
    places_find_ends(handle, policy, list, (int)clock_left_ms(deadline_ms) + 1);
    return true;
}
