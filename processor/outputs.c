#include "processor/outputs.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/fault.h"

enum { STUB_KEY_BYTES_MOST = 4096 };

const struct error *outputs_error(const struct task *task)
{
    static const struct error large = {
        .kind = ERROR_INPUT,
        .code = "output.large",
        .text = "a record made of this article is larger than the broker or message.max.bytes allows",
    };
    return task->outcome->err.kind != ERROR_NONE ? &task->outcome->err : &large;
}

void outputs_shrink(struct task *task)
{
    if (task->shape != TASK_STUB)
        task->shape = task->shape == TASK_RECORDS ? TASK_DEAD_LETTER : TASK_STUB;
}

/* NULL: the topic is switched off. */
static const char *topic_of(const struct record *record, const struct settings *settings)
{
    const char *topic = record->topic == RECORD_ENRICHED ? settings->enriched_topic
                        : record->topic == RECORD_STANCE ? settings->stances_topic
                                                         : settings->entities_topic;
    return *topic != '\0' ? topic : NULL;
}

static struct outgoing of_record(const struct task *task, const struct record *record, const struct settings *settings)
{
    return (struct outgoing){
        .topic = topic_of(record, settings),
        .key = record->key,
        .value = record->value,
        .timestamp_ms = task->incoming.timestamp_ms,
        .origin = &task->incoming,
        .trace = &task->trace,
    };
}

static bool fits(const struct task *task, struct producer *producer)
{
    const struct records *records = &task->outcome->records;
    size_t around = producer_bytes(&(struct outgoing){.origin = &task->incoming, .trace = &task->trace});
    for (size_t i = 0; i < records->count; i++)
        if (around + records->items[i].key.len + records->items[i].value.len > producer_bytes_most(producer))
            return false;
    return true;
}

static enum producer_result send_records(struct task *task, struct producer *producer, const struct settings *settings,
                                         struct error *err)
{
    const struct records *records = &task->outcome->records;
    enum producer_result result = PRODUCER_DONE;
    for (size_t i = 0; i < records->count && result == PRODUCER_DONE; i++) {
        const struct outgoing outgoing = of_record(task, &records->items[i], settings);
        if (outgoing.topic != NULL)
            result = producer_send(producer, &outgoing, &task->ticket, err);
    }
    return result;
}

/* The record as it came with the reason in its headers; as a stub without value, headers and timestamp of its own, any of
 * which may be what the broker does not take. */
static enum producer_result send_dead_letter(struct task *task, struct producer *producer, const struct settings *settings,
                                             struct arena *arena, struct error *err)
{
    const struct incoming *incoming = &task->incoming;
    const struct deadletter letter = {
        .err = outputs_error(task),
        .topic = view_of(incoming->topic),
        .partition = incoming->partition,
        .offset = incoming->offset,
        .timestamp_ms = incoming->timestamp_ms,
        .group = view_of(settings->group),
        .attempts = task->outcome->attempts,
        .now_ms = clock_wall_ms(),
    };
    struct header headers[DEADLETTER_HEADERS_MOST + 1];
    size_t count = deadletter_headers(&letter, (enum dead_letter_profile)settings->dead_letter_profile, arena, headers);
    struct outgoing outgoing = {
        .topic = settings->dead_letter_topic,
        .key = incoming->key,
        .value = incoming->value,
        .timestamp_ms = incoming->timestamp_ms,
        .origin = incoming,
        .is_original = true,
        .headers = headers,
        .header_count = count,
    };
    if (task->shape != TASK_STUB && producer_bytes(&outgoing) > producer_bytes_most(producer))
        task->shape = TASK_STUB;
    if (task->shape == TASK_STUB) {
        headers[outgoing.header_count++] = (struct header){DEADLETTER_LEFT_OUT, arena_print(arena, "%zu", incoming->value.len)};
        outgoing.origin = NULL;
        outgoing.value = (struct view){0};
        outgoing.timestamp_ms = 0;
        if (outgoing.key.len > STUB_KEY_BYTES_MOST)
            outgoing.key = (struct view){0};
    }
    enum producer_result result = producer_send(producer, &outgoing, &task->ticket, err);
    arena_reset(arena);
    return result;
}

enum producer_result outputs_send(struct task *task, struct producer *producer, const struct settings *settings,
                                  struct arena *arena, struct error *err)
{
    fault_reach("before-produce", task->incoming.key);
    if (task->shape == TASK_RECORDS && (task->outcome->err.kind != ERROR_NONE || !fits(task, producer)))
        task->shape = TASK_DEAD_LETTER;
    if (task->shape == TASK_RECORDS)
        return send_records(task, producer, settings, err);
    return send_dead_letter(task, producer, settings, arena, err);
}
