#include "processor/emit/deadletter.h"

#include "tests/expect.h"

static struct arena *arena;
static struct header headers[DEADLETTER_HEADERS_MOST];
static size_t count;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(deadletter, .init = set_up, .fini = tear_down);

static void given(enum dead_letter_profile profile)
{
    struct error err = {0};
    error_set(&err, ERROR_INPUT, "json.syntax", "not JSON: line 1");
    struct deadletter letter = {.err = &err, .topic = view_of("articles.raw"), .partition = 3, .offset = 258, .timestamp_ms = 1,
                                .group = view_of("stanced"), .attempts = 2, .now_ms = 1571475600000};
    count = deadletter_headers(&letter, profile, arena, headers);
}

static struct view find(const char *name)
{
    struct view value = {0};
    for (size_t i = 0; i < count; i++)
        if (strcmp(headers[i].name, name) == 0) {
            cr_expect(eq(sz, value.len, 0), "%s stands there twice", name);
            value = headers[i].value;
        }
    return value;
}

Test(deadletter, has_the_names_of_each_profile)
{
    static const struct {
        enum dead_letter_profile profile;
        const char *exception, *message, *topic;
    } cases[] = {
        {PROFILE_STREAMS, "__streams.errors.exception", "__streams.errors.message", "__streams.errors.topic"},
        {PROFILE_CONNECT, "__connect.errors.exception.class.name", "__connect.errors.exception.message", "__connect.errors.topic"},
        {PROFILE_SPRING, "kafka_dlt-exception-fqcn", "kafka_dlt-exception-message", "kafka_dlt-original-topic"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        given(cases[i].profile);
        expect_view(find(cases[i].exception), "stanced.input");
        expect_view(find(cases[i].message), "not JSON: line 1");
        expect_view(find(cases[i].topic), "articles.raw");
    }
}

Test(deadletter, says_what_stanced_knows_with_every_profile)
{
    for (int profile = PROFILE_STREAMS; profile <= PROFILE_SPRING; profile++) {
        given((enum dead_letter_profile)profile);
        expect_view(find("stanced.code"), "json.syntax");
        expect_view(find("stanced.group"), "stanced");
        expect_view(find("stanced.attempts"), "2");
        expect_view(find("stanced.version"), STANCED_VERSION);
        expect_view(find("stanced.timestamp"), "1571475600000");
    }
}

Test(deadletter, writes_numbers_as_the_profile_does)
{
    given(PROFILE_STREAMS);
    expect_view(find("__streams.errors.partition"), "3");
    expect_view(find("__streams.errors.offset"), "258");
    given(PROFILE_SPRING);
    struct view partition = find("kafka_dlt-original-partition"), offset = find("kafka_dlt-original-offset");
    cr_expect(view_equal(partition, (struct view){"\0\0\0\3", 4}));
    cr_expect(view_equal(offset, (struct view){"\0\0\0\0\0\0\1\2", 8}));
}

Test(deadletter, knows_its_own_headers)
{
    for (int profile = PROFILE_STREAMS; profile <= PROFILE_SPRING; profile++) {
        given((enum dead_letter_profile)profile);
        for (size_t i = 0; i < count; i++)
            cr_expect(deadletter_is_own(view_of(headers[i].name)), "%s", headers[i].name);
    }
    static const char *const others[] = {"traceparent", "content-type", "stanced", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect(not(deadletter_is_own(view_of(others[i]))), "%s", others[i]);
}
