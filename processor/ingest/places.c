#include "processor/ingest/places.h"

#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { REQUEST_MS = 15000 };

struct places {
    rd_kafka_t *handle;
    const struct settings *settings;
    int64_t otherwise; /* where nothing is committed: RD_KAFKA_OFFSET_BEGINNING, _END, or _INVALID: that is an error */
    rd_kafka_queue_t *answers;
    uintptr_t epoch; /* of the questions whose answers count */
    size_t out;      /* answers of this epoch that have not come */
};

static int64_t find_otherwise(const struct settings *settings)
{
    /* The names that librdkafka knows; it refuses others. */
    static const struct {
        const char *name;
        int64_t offset;
    } names[] = {{"largest", RD_KAFKA_OFFSET_END}, {"latest", RD_KAFKA_OFFSET_END}, {"end", RD_KAFKA_OFFSET_END}, {"error", RD_KAFKA_OFFSET_INVALID}};
    const char *value = settings_property(settings, PROPERTY_CONSUMER, "auto.offset.reset");
    for (size_t i = 0; value != NULL && i < sizeof names / sizeof *names; i++)
        if (strcmp(value, names[i].name) == 0)
            return names[i].offset;
    return RD_KAFKA_OFFSET_BEGINNING;
}

struct places *places_new(struct rd_kafka_s *handle, const struct settings *settings)
{
    struct places *places = memory_new(1, sizeof *places);
    *places = (struct places){
        .handle = handle,
        .settings = settings,
        .otherwise = find_otherwise(settings),
        .answers = rd_kafka_queue_new(handle),
    };
    return places;
}

void places_free(struct places *places)
{
    if (places == NULL)
        return;
    rd_kafka_queue_destroy(places->answers);
    free(places);
}

static rd_kafka_AdminOptions_t *make_options(const struct places *places, rd_kafka_admin_op_t what)
{
    char text[256];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(places->handle, what);
    rd_kafka_AdminOptions_set_request_timeout(options, REQUEST_MS, text, sizeof text);
    rd_kafka_AdminOptions_set_opaque(options, (void *)places->epoch);
    return options;
}

void places_ask(struct places *places, const struct rd_kafka_topic_partition_list_s *list)
{
    rd_kafka_AdminOptions_t *options = make_options(places, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
    rd_kafka_error_destroy(rd_kafka_AdminOptions_set_require_stable_offsets(options, places->settings->delivery == DELIVERY_EXACTLY_ONCE));
    rd_kafka_ListConsumerGroupOffsets_t *question = rd_kafka_ListConsumerGroupOffsets_new(places->settings->group, list);
    rd_kafka_ListConsumerGroupOffsets(places->handle, &question, 1, options, places->answers);
    rd_kafka_ListConsumerGroupOffsets_destroy(question);
    rd_kafka_AdminOptions_destroy(options);
    places->out++;
}

/* RD_KAFKA_OFFSET_BEGINNING and _END are what the protocol has for these ends. */
static void ask_ends(struct places *places, const rd_kafka_topic_partition_list_t *list, int64_t end)
{
    rd_kafka_AdminOptions_t *options = make_options(places, RD_KAFKA_ADMIN_OP_LISTOFFSETS);
    rd_kafka_topic_partition_list_t *question = rd_kafka_topic_partition_list_copy(list);
    for (int i = 0; i < question->cnt; i++)
        question->elems[i].offset = end;
    rd_kafka_ListOffsets(places->handle, question, options, places->answers);
    rd_kafka_topic_partition_list_destroy(question);
    rd_kafka_AdminOptions_destroy(options);
    places->out++;
}

void places_ask_beginning(struct places *places, const struct rd_kafka_topic_partition_list_s *list)
{
    ask_ends(places, list, RD_KAFKA_OFFSET_BEGINNING);
}

bool places_is_asking(const struct places *places)
{
    return places->out > 0;
}

void places_forget(struct places *places)
{
    places->epoch++;
    places->out = 0;
}

/* Adds what is committed to `found`, and asks for the others. */
static void read_committed(struct places *places, const rd_kafka_topic_partition_list_t *list, rd_kafka_topic_partition_list_t *found,
                           struct error *err)
{
    rd_kafka_topic_partition_list_t *never = rd_kafka_topic_partition_list_new(1);
    for (int i = 0; list != NULL && i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *element = &list->elems[i];
        if (element->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            rd_kafka_topic_partition_list_add(element->offset >= 0 ? found : never, element->topic, element->partition)->offset = element->offset;
        else if (element->err != RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT)
            error_set(err, ERROR_RETRY, "consumer.place", "%s: %s", element->topic, rd_kafka_err2str(element->err));
    }
    if (never->cnt > 0 && places->otherwise == RD_KAFKA_OFFSET_INVALID)
        error_set(err, ERROR_FATAL, "consumer.place", "nothing is committed of partition %d of %s, and kafka.auto.offset.reset is error",
                  never->elems[0].partition, never->elems[0].topic);
    else if (never->cnt > 0)
        ask_ends(places, never, places->otherwise);
    rd_kafka_topic_partition_list_destroy(never);
}

static void read_ends(rd_kafka_event_t *event, rd_kafka_topic_partition_list_t *found, struct error *err)
{
    size_t count;
    const rd_kafka_ListOffsetsResultInfo_t **infos = rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event), &count);
    for (size_t i = 0; i < count; i++) {
        const rd_kafka_topic_partition_t *element = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
        if (element->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            error_set(err, ERROR_RETRY, "consumer.place", "%s: %s", element->topic, rd_kafka_err2str(element->err));
        else
            rd_kafka_topic_partition_list_add(found, element->topic, element->partition)->offset = element->offset;
    }
}

static void read_answer(struct places *places, rd_kafka_event_t *event, rd_kafka_topic_partition_list_t *found, struct error *err)
{
    size_t count;
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        error_set(err, ERROR_RETRY, "consumer.place", "%s", rd_kafka_event_error_string(event));
    } else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_LISTOFFSETS_RESULT) {
        read_ends(event, found, err);
    } else {
        const rd_kafka_group_result_t **groups =
            rd_kafka_ListConsumerGroupOffsets_result_groups(rd_kafka_event_ListConsumerGroupOffsets_result(event), &count);
        if (count == 1 && rd_kafka_group_result_error(groups[0]) == NULL)
            read_committed(places, rd_kafka_group_result_partitions(groups[0]), found, err);
    }
}

struct rd_kafka_topic_partition_list_s *places_take(struct places *places, int timeout_ms, struct error *err)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(places->answers, timeout_ms);
    if (event == NULL)
        return NULL;
    rd_kafka_topic_partition_list_t *found = NULL;
    if ((uintptr_t)rd_kafka_event_opaque(event) == places->epoch) {
        places->out--;
        found = rd_kafka_topic_partition_list_new(1);
        read_answer(places, event, found, err);
    }
    rd_kafka_event_destroy(event);
    if (found != NULL && found->cnt > 0)
        return found;
    if (found != NULL)
        rd_kafka_topic_partition_list_destroy(found);
    return NULL;
}
