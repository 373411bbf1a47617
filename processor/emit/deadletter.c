#include "processor/emit/deadletter.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { PROFILE_COUNT = PROFILE_SPRING + 1, DIGITS_MOST = 18 };
enum field { FIELD_EXCEPTION, FIELD_MESSAGE, FIELD_TOPIC, FIELD_PARTITION, FIELD_OFFSET, FIELD_TIMESTAMP, FIELD_GROUP, FIELD_COUNT };

/* Names by profile; NULL: the profile has no such header. */
static const char *const profiles[PROFILE_COUNT][FIELD_COUNT] = {
    [PROFILE_STREAMS] = {"__streams.errors.exception", "__streams.errors.message", "__streams.errors.topic",
                         "__streams.errors.partition", "__streams.errors.offset", NULL, NULL},
    [PROFILE_CONNECT] = {"__connect.errors.exception.class.name", "__connect.errors.exception.message",
                         "__connect.errors.topic", "__connect.errors.partition", "__connect.errors.offset", NULL,
                         "__connect.errors.connector.name"},
    [PROFILE_SPRING] = {"kafka_dlt-exception-fqcn", "kafka_dlt-exception-message", "kafka_dlt-original-topic",
                        "kafka_dlt-original-partition", "kafka_dlt-original-offset", "kafka_dlt-original-timestamp",
                        "kafka_dlt-original-consumer-group"},
};

/* With every profile. */
static const char code_name[] = "stanced.code", group_name[] = "stanced.group", attempts_name[] = "stanced.attempts",
                  version_name[] = "stanced.version", timestamp_name[] = "stanced.timestamp";
static const char *const common[] = {code_name, group_name, attempts_name, version_name, timestamp_name};
enum { COMMON_COUNT = sizeof common / sizeof *common };

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
    const char *const *names = profiles[profile];
    add(&list, names[FIELD_EXCEPTION], exception_name(letter->err, arena));
    add(&list, names[FIELD_MESSAGE], view_of(letter->err->text));
    add(&list, names[FIELD_TOPIC], letter->topic);
    if (profile == PROFILE_SPRING) {
        add_big_endian(&list, names[FIELD_PARTITION], letter->partition, sizeof letter->partition);
        add_big_endian(&list, names[FIELD_OFFSET], letter->offset, sizeof letter->offset);
        add_big_endian(&list, names[FIELD_TIMESTAMP], letter->timestamp_ms, sizeof letter->timestamp_ms);
    } else {
        add_number(&list, names[FIELD_PARTITION], letter->partition);
        add_number(&list, names[FIELD_OFFSET], letter->offset);
    }
    add(&list, names[FIELD_GROUP], letter->group);
    add(&list, code_name, view_of(letter->err->code));
    add(&list, group_name, letter->group);
    add_number(&list, attempts_name, letter->attempts);
    add(&list, version_name, view_of(STANCED_VERSION));
    add_number(&list, timestamp_name, letter->now_ms);
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

/* The index of the last header of that name, or `count`. */
static size_t find_last(const struct header *headers, size_t count, const char *name)
{
    for (size_t i = count; i-- > 0 && name != NULL;)
        if (strcmp(headers[i].name, name) == 0)
            return i;
    return count;
}

static struct view find_value(const struct header *headers, size_t count, const char *name)
{
    size_t i = find_last(headers, count, name);
    return i < count ? headers[i].value : (struct view){0};
}

/* A whole number without sign in decimal digits, else `otherwise`. */
static int64_t read_number(struct view text, int64_t otherwise)
{
    int64_t number = 0;
    if (text.len == 0 || text.len > DIGITS_MOST)
        return otherwise;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return otherwise;
        number = number * 10 + (text.data[i] - '0');
    }
    return number;
}

/* -1 where it has not exactly `bytes`. */
static int64_t read_big_endian(struct view value, size_t bytes)
{
    uint64_t number = 0;
    if (value.len != bytes)
        return -1;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | (unsigned char)value.data[i];
    return bytes == sizeof(int32_t) ? (int32_t)(uint32_t)number : (int64_t)number;
}

/* The record may have come with headers of another profile, so the one whose topic stands last is the dead letter's. */
static bool find_profile(const struct header *headers, size_t count, enum dead_letter_profile *profile, size_t *at)
{
    bool is_found = false;
    *profile = PROFILE_STREAMS;
    *at = 0;
    for (int i = 0; i < PROFILE_COUNT; i++) {
        size_t topic = find_last(headers, count, profiles[i][FIELD_TOPIC]);
        if (topic == count || (is_found && topic < *at))
            continue;
        is_found = true;
        *profile = (enum dead_letter_profile)i;
        *at = topic;
    }
    return is_found;
}

static int32_t read_redrives(const struct header *headers, size_t count)
{
    size_t i = find_last(headers, count, DEADLETTER_REDRIVES);
    int64_t redrives = i < count ? read_number(headers[i].value, DEADLETTER_UNCOUNTED) : 0;
    return redrives < DEADLETTER_UNCOUNTED ? (int32_t)redrives : DEADLETTER_UNCOUNTED;
}

bool deadletter_read(const struct header *headers, size_t count, struct deadletter_found *out)
{
    enum dead_letter_profile profile;
    size_t at;
    if (!find_profile(headers, count, &profile, &at) || headers[at].value.len == 0)
        return false;
    struct view partition = find_value(headers, count, profiles[profile][FIELD_PARTITION]);
    struct view offset = find_value(headers, count, profiles[profile][FIELD_OFFSET]);
    bool is_binary = profile == PROFILE_SPRING;
    int64_t number = is_binary ? read_big_endian(partition, sizeof out->partition) : read_number(partition, -1);
    size_t cut = find_last(headers, count, DEADLETTER_LEFT_OUT);
    *out = (struct deadletter_found){
        .topic = headers[at].value,
        .partition = number >= 0 && number <= INT32_MAX ? (int32_t)number : -1,
        .offset = is_binary ? read_big_endian(offset, sizeof out->offset) : read_number(offset, -1),
        .code = find_value(headers, count, code_name),
        .message = find_value(headers, count, profiles[profile][FIELD_MESSAGE]),
        .given_up_ms = read_number(find_value(headers, count, timestamp_name), 0),
        .redrives = read_redrives(headers, count),
        .is_cut = cut < count && cut > at,
    };
    return true;
}

size_t deadletter_restore(struct header *headers, size_t count, const struct deadletter_found *found, struct arena *arena)
{
    enum dead_letter_profile profile;
    size_t at, kept = 0;
    bool is_letter = find_profile(headers, count, &profile, &at);
    assert(is_letter && found->redrives < DEADLETTER_UNCOUNTED);
    size_t own[FIELD_COUNT + COMMON_COUNT];
    for (size_t i = 0; i < FIELD_COUNT; i++)
        own[i] = find_last(headers, count, is_letter ? profiles[profile][i] : NULL);
    for (size_t i = 0; i < COMMON_COUNT; i++)
        own[FIELD_COUNT + i] = find_last(headers, count, common[i]);
    for (size_t i = 0; i < count; i++) {
        bool is_own = strcmp(headers[i].name, DEADLETTER_REDRIVES) == 0;
        for (size_t j = 0; j < FIELD_COUNT + COMMON_COUNT; j++)
            is_own = is_own || own[j] == i;
        if (!is_own)
            headers[kept++] = headers[i];
    }
    headers[kept++] = (struct header){DEADLETTER_REDRIVES, arena_print(arena, "%d", (int)found->redrives + 1)};
    return kept;
}
