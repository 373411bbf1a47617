#include "processor/ingest/places.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"
#include "processor/runtime/pool.h"

#include <librdkafka/rdkafka.h>

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { REQUEST_MS = 15000, TRY_MS = 1000, STEP_MS = 10 };

/* What the group has committed: asked by a thread, which waits for the coordinator while the owner goes on. */
struct inquiry {
    pthread_mutex_t lock;
    pthread_cond_t asked;
    /* Protected by lock. */
    rd_kafka_topic_partition_list_t *question; /* NULL: the thread has it, or there is none */
    rd_kafka_topic_partition_list_t *answer;   /* NULL: none yet */
    rd_kafka_resp_err_t code;                  /* of the answer */
    bool is_open;                              /* asked, and the answer not taken */
    bool is_over;
};

struct places {
    rd_kafka_t *handle;
    const struct settings *settings;
    int64_t otherwise; /* where nothing is committed: RD_KAFKA_OFFSET_BEGINNING, _END, or _INVALID: that is an error */
    struct inquiry inquiry;
    struct pool *thread;
    rd_kafka_queue_t *answers; /* of where logs begin and end */
    uintptr_t epoch;           /* of the questions whose answers count */
    size_t out;                /* answers of this epoch that have not come */
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

static void destroy(rd_kafka_topic_partition_list_t **list)
{
    if (*list != NULL)
        rd_kafka_topic_partition_list_destroy(*list);
    *list = NULL;
}

/* --- what is committed ---------------------------------------------------------------------------------------------- */

/* The next question, or NULL where there will be none. */
static rd_kafka_topic_partition_list_t *wait_for_question(struct inquiry *inquiry)
{
    pthread_mutex_lock(&inquiry->lock);
    while (inquiry->question == NULL && !inquiry->is_over)
        pthread_cond_wait(&inquiry->asked, &inquiry->lock);
    rd_kafka_topic_partition_list_t *list = inquiry->question;
    inquiry->question = NULL;
    pthread_mutex_unlock(&inquiry->lock);
    return list;
}

/* Whether the question in hand is still the one: no other was asked, and nobody has lost interest. With the lock held. */
static bool is_current(const struct inquiry *inquiry)
{
    return inquiry->is_open && inquiry->question == NULL && !inquiry->is_over;
}

static bool is_wanted(struct inquiry *inquiry)
{
    pthread_mutex_lock(&inquiry->lock);
    bool wanted = is_current(inquiry);
    pthread_mutex_unlock(&inquiry->lock);
    return wanted;
}

/* Takes over the list. */
static void give_answer(struct inquiry *inquiry, rd_kafka_topic_partition_list_t *list, rd_kafka_resp_err_t code)
{
    pthread_mutex_lock(&inquiry->lock);
    bool wanted = is_current(inquiry);
    if (wanted) {
        inquiry->answer = list; /* there is none: who asks lets the last one go */
        inquiry->code = code;
    }
    pthread_mutex_unlock(&inquiry->lock);
    if (!wanted)
        rd_kafka_topic_partition_list_destroy(list);
}

static void answer_questions(void *state)
{
    struct places *places = state;
    rd_kafka_topic_partition_list_t *list;
    while ((list = wait_for_question(&places->inquiry)) != NULL) {
        const int64_t deadline_ms = clock_now_ms() + REQUEST_MS;
        rd_kafka_resp_err_t code;
        do
            code = rd_kafka_committed(places->handle, list, TRY_MS);
        while (code == RD_KAFKA_RESP_ERR__TIMED_OUT && is_wanted(&places->inquiry) && clock_left_ms(deadline_ms) > 0);
        give_answer(&places->inquiry, list, code);
    }
}

/* Asks (NULL: nothing more), and lets go what was asked before. */
static void ask(struct inquiry *inquiry, rd_kafka_topic_partition_list_t *question)
{
    pthread_mutex_lock(&inquiry->lock);
    destroy(&inquiry->question);
    destroy(&inquiry->answer);
    inquiry->question = question;
    inquiry->is_open = question != NULL;
    pthread_cond_signal(&inquiry->asked);
    pthread_mutex_unlock(&inquiry->lock);
}

/* The answer, the caller's to destroy; NULL where it has not come. */
static rd_kafka_topic_partition_list_t *take_answer(struct inquiry *inquiry, rd_kafka_resp_err_t *code)
{
    pthread_mutex_lock(&inquiry->lock);
    rd_kafka_topic_partition_list_t *list = inquiry->answer;
    *code = inquiry->code;
    inquiry->answer = NULL;
    inquiry->is_open &= list == NULL;
    pthread_mutex_unlock(&inquiry->lock);
    return list;
}

struct places *places_new(struct rd_kafka_s *handle, const struct settings *settings, struct error *err)
{
    struct places *places = memory_new(1, sizeof *places);
    *places = (struct places){.handle = handle, .settings = settings, .otherwise = find_otherwise(settings)};
    pthread_mutex_init(&places->inquiry.lock, NULL);
    pthread_cond_init(&places->inquiry.asked, NULL);
    places->thread = pool_start("places", 1, answer_questions, (void *const[]){places}, err);
    if (places->thread == NULL) {
        places_free(places);
        return NULL;
    }
    places->answers = rd_kafka_queue_new(handle);
    return places;
}

void places_free(struct places *places)
{
    if (places == NULL)
        return;
    pthread_mutex_lock(&places->inquiry.lock);
    places->inquiry.is_over = true;
    destroy(&places->inquiry.question);
    pthread_cond_signal(&places->inquiry.asked);
    pthread_mutex_unlock(&places->inquiry.lock);
    if (places->thread != NULL)
        pool_join(places->thread, -1);
    if (places->answers != NULL)
        rd_kafka_queue_destroy(places->answers);
    destroy(&places->inquiry.answer);
    pthread_cond_destroy(&places->inquiry.asked);
    pthread_mutex_destroy(&places->inquiry.lock);
    free(places);
}

void places_ask(struct places *places, const struct rd_kafka_topic_partition_list_s *list)
{
    ask(&places->inquiry, rd_kafka_topic_partition_list_copy(list));
    places->out++;
}

/* --- where logs begin and end --------------------------------------------------------------------------------------- */

/* RD_KAFKA_OFFSET_BEGINNING and _END are what the protocol has for these ends. */
static void ask_ends(struct places *places, const rd_kafka_topic_partition_list_t *list, int64_t end)
{
    char text[256];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(places->handle, RD_KAFKA_ADMIN_OP_LISTOFFSETS);
    rd_kafka_AdminOptions_set_request_timeout(options, REQUEST_MS, text, sizeof text);
    rd_kafka_AdminOptions_set_opaque(options, (void *)places->epoch);
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

/* --- answers -------------------------------------------------------------------------------------------------------- */

bool places_is_asking(const struct places *places)
{
    return places->out > 0;
}

void places_forget(struct places *places)
{
    ask(&places->inquiry, NULL);
    places->epoch++;
    places->out = 0;
}

/* Adds what is committed to `found`, and asks for the others. */
static void read_committed(struct places *places, const rd_kafka_topic_partition_list_t *list, rd_kafka_topic_partition_list_t *found,
                           struct error *err)
{
    rd_kafka_topic_partition_list_t *never = rd_kafka_topic_partition_list_new(1);
    for (int i = 0; i < list->cnt; i++) {
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

/* Whether there was an answer to what is committed; `found` gets what is known by it. */
static bool take_committed(struct places *places, rd_kafka_topic_partition_list_t *found, struct error *err)
{
    rd_kafka_resp_err_t code;
    rd_kafka_topic_partition_list_t *list = take_answer(&places->inquiry, &code);
    if (list == NULL)
        return false;
    places->out--;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        read_committed(places, list, found, err);
    else
        error_set(err, ERROR_RETRY, "consumer.place", "%s", rd_kafka_err2str(code));
    rd_kafka_topic_partition_list_destroy(list);
    return true;
}

/* The same of where logs begin and end, within `timeout_ms`. */
static bool take_ends(struct places *places, int timeout_ms, rd_kafka_topic_partition_list_t *found, struct error *err)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(places->answers, timeout_ms);
    bool is_ours = event != NULL && (uintptr_t)rd_kafka_event_opaque(event) == places->epoch;
    if (is_ours) {
        places->out--;
        if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
            error_set(err, ERROR_RETRY, "consumer.place", "%s", rd_kafka_event_error_string(event));
        else
            read_ends(event, found, err);
    }
    if (event != NULL)
        rd_kafka_event_destroy(event);
    return is_ours;
}

struct rd_kafka_topic_partition_list_s *places_take(struct places *places, int timeout_ms, struct error *err)
{
    const int64_t deadline_ms = clock_now_ms() + timeout_ms;
    rd_kafka_topic_partition_list_t *found = rd_kafka_topic_partition_list_new(1);
    for (;;) {
        int64_t left_ms = clock_left_ms(deadline_ms);
        if (take_committed(places, found, err) || take_ends(places, (int)(left_ms < STEP_MS ? left_ms : STEP_MS), found, err) || left_ms <= 0)
            break;
    }
    if (found->cnt > 0)
        return found;
    rd_kafka_topic_partition_list_destroy(found);
    return NULL;
}
