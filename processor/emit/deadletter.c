#include "processor/emit/deadletter.h"

#include <assert.h>
#include <inttypes.h>

enum { PROFILE_COUNT = PROFILE_SPRING + 1 };

/* Names by profile, in the order of the enum; NULL: the profile has no such header. */
static const struct {
    const char *exception, *message, *topic, *partition, *offset, *timestamp, *group;
} profiles[PROFILE_COUNT] = {
    [PROFILE_STREAMS] = {"__streams.errors.exception", "__streams.errors.message", "__streams.errors.topic",
                         "__streams.errors.partition", "__streams.errors.offset", NULL, NULL},
    [PROFILE_CONNECT] = {"__connect.errors.exception.class.name", "__connect.errors.exception.message",
                         "__connect.errors.topic", "__connect.errors.partition", "__connect.errors.offset", NULL, NULL},
    [PROFILE_SPRING] = {"kafka_dlt-exception-fqcn", "kafka_dlt-exception-message", "kafka_dlt-original-topic",
                        "kafka_dlt-original-partition", "kafka_dlt-original-offset", "kafka_dlt-original-timestamp",
                        "kafka_dlt-original-consumer-group"},
};

struct list {
    struct arena *arena;
    struct header *headers;
    size_t count;
};

static void add(struct list *list, const char *name, struct view value)
{
    if (!name)
        return;
    assert(list->count < DEADLETTER_HEADERS_MOST);
    list->headers[list->count++] = (struct header){.name = name, .value = arena_copy(list->arena, value)};
}

static void add_number(struct list *list, const char *name, int64_t number)
{
    add(list, name, arena_print(list->arena, "%" PRId64, number));
}

/* As Spring's ByteBuffer writes it. */
static void add_big_endian(struct list *list, const char *name, int64_t number, size_t bytes)
{
    char value[sizeof number];
    for (size_t i = 0; i < bytes; i++)
        value[i] = (char)((uint64_t)number >> 8 * (bytes - 1 - i) & 0xFFU);
    add(list, name, (struct view){.data = value, .len = bytes});
}

/* What stands for the exception's class: "stanced.input", "stanced.retry". */
static struct view exception_name(const struct error *err, struct arena *arena)
{
    return arena_print(arena, "stanced.%s", error_kind_name(err->kind));
}

size_t deadletter_headers(const struct deadletter *letter, enum dead_letter_profile profile, struct arena *arena,
                          struct header headers[DEADLETTER_HEADERS_MOST])
{
    assert((size_t)profile < PROFILE_COUNT);
    struct list list = {.arena = arena, .headers = headers};
    add(&list, profiles[profile].exception, exception_name(letter->err, arena));
    add(&list, profiles[profile].message, view_of(letter->err->text));
    add(&list, profiles[profile].topic, letter->topic);
    if (profile == PROFILE_SPRING) {
        add_big_endian(&list, profiles[profile].partition, letter->partition, sizeof letter->partition);
        add_big_endian(&list, profiles[profile].offset, letter->offset, sizeof letter->offset);
        add_big_endian(&list, profiles[profile].timestamp, letter->timestamp_ms, sizeof letter->timestamp_ms);
    } else {
        add_number(&list, profiles[profile].partition, letter->partition);
        add_number(&list, profiles[profile].offset, letter->offset);
    }
    add(&list, profiles[profile].group, letter->group);
    add(&list, "stanced.code", view_of(letter->err->code));
    add(&list, "stanced.group", letter->group);
    add_number(&list, "stanced.attempts", letter->attempts);
    add(&list, "stanced.version", view_of(STANCED_VERSION));
    add_number(&list, "stanced.timestamp", letter->now_ms);
    return list.count;
}

bool deadletter_is_own(struct view header_name)
{
    static const char *const prefixes[] = {"__streams.errors.", "__connect.errors.", "kafka_dlt-", "stanced."};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (view_starts_with(header_name, view_of(prefixes[i])))
            return true;
    return false;
}
