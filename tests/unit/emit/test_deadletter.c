#include "processor/emit/deadletter.h"

#include "tests/expect.h"

static struct arena *arena;
enum { BEFORE_MOST = 8 };
static struct header headers[DEADLETTER_HEADERS_MOST + BEFORE_MOST + 2];
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

static void given_behind(const struct header *before, size_t before_count, enum dead_letter_profile profile)
{
    struct error err = {0};
    for (size_t i = 0; i < before_count; i++)
        headers[i] = before[i];
    error_set(&err, ERROR_INPUT, "json.syntax", "not JSON: line 1");
    struct deadletter letter = {.err = &err, .topic = view_of("articles.raw"), .partition = 3, .offset = 258, .timestamp_ms = 1,
                                .group = view_of("stanced"), .attempts = 2, .now_ms = 1571475600000};
    count = before_count + deadletter_headers(&letter, profile, arena, headers + before_count);
}

static void given(enum dead_letter_profile profile)
{
    given_behind(NULL, 0, profile);
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

static void expect_read(const char *topic, const char *message)
{
    struct deadletter_found found;
    cr_assert(deadletter_read(headers, count, &found));
    expect_view(found.topic, topic);
    expect_view(found.message, message);
    expect_view(found.code, "json.syntax");
    cr_expect(eq(i32, found.partition, 3));
    cr_expect(eq(i64, found.offset, 258));
    cr_expect(eq(i64, found.given_up_ms, 1571475600000));
    cr_expect(eq(i32, found.redrives, 0));
    cr_expect(not(found.is_cut));
}

Test(deadletter, reads_what_it_wrote_in_every_profile)
{
    for (int profile = PROFILE_STREAMS; profile <= PROFILE_SPRING; profile++) {
        given((enum dead_letter_profile)profile);
        expect_read("articles.raw", "not JSON: line 1");
    }
}

/* The record came from somebody else's dead letters: its own headers of those names stay its own. */
static const struct header foreign[] = {
    {"traceparent", {"00-1", 4}},
    {"kafka_dlt-original-topic", {"orders", 6}},
    {"kafka_dlt-original-partition", {"\0\0\0\7", 4}},
    {"__connect.errors.topic", {"sink", 4}},
    {"__streams.errors.topic", {"source", 6}},
    {"stanced.code", {"old", 3}},
    {"empty", {"", 0}},
    {"null", {NULL, 0}},
};
enum { FOREIGN_COUNT = sizeof foreign / sizeof *foreign };

Test(deadletter, reads_its_own_behind_those_of_others)
{
    for (int profile = PROFILE_STREAMS; profile <= PROFILE_SPRING; profile++) {
        given_behind(foreign, FOREIGN_COUNT, (enum dead_letter_profile)profile);
        expect_read("articles.raw", "not JSON: line 1");
    }
}

Test(deadletter, gives_back_the_headers_as_they_came_and_counts)
{
    for (int profile = PROFILE_STREAMS; profile <= PROFILE_SPRING; profile++) {
        struct deadletter_found found;
        given_behind(foreign, FOREIGN_COUNT, (enum dead_letter_profile)profile);
        cr_assert(deadletter_read(headers, count, &found));
        count = deadletter_restore(headers, count, &found, arena);
        cr_assert(eq(sz, count, FOREIGN_COUNT + 1));
        for (size_t i = 0; i < FOREIGN_COUNT; i++) {
            expect_text(headers[i].name, foreign[i].name);
            cr_expect(eq(ptr, (void *)headers[i].value.data, (void *)foreign[i].value.data), "%s", foreign[i].name);
            cr_expect(eq(sz, headers[i].value.len, foreign[i].value.len));
        }
        expect_text(headers[FOREIGN_COUNT].name, DEADLETTER_REDRIVES);
        expect_view(headers[FOREIGN_COUNT].value, "1");
    }
}

Test(deadletter, finds_its_headers_where_a_tool_added_some_behind_them)
{
    struct deadletter_found found;
    given(PROFILE_CONNECT);
    headers[count++] = (struct header){"mirrored", {"yes", 3}};
    cr_assert(deadletter_read(headers, count, &found));
    count = deadletter_restore(headers, count, &found, arena);
    cr_expect(eq(sz, count, 2));
    expect_text(headers[0].name, "mirrored");
}

Test(deadletter, counts_how_often_a_record_went_back)
{
    static const struct { const char *before; int32_t redrives; const char *after; } cases[] = {
        {"0", 0, "1"}, {"1", 1, "2"}, {"41", 41, "42"}, {"2147483646", 2147483646, "2147483647"}, {"", DEADLETTER_UNCOUNTED, NULL},
        {"-1", DEADLETTER_UNCOUNTED, NULL}, {"many", DEADLETTER_UNCOUNTED, NULL}, {"99999999999999999999", DEADLETTER_UNCOUNTED, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct deadletter_found found;
        const struct header before = {DEADLETTER_REDRIVES, view_of(cases[i].before)};
        given_behind(&before, 1, PROFILE_STREAMS);
        cr_assert(deadletter_read(headers, count, &found));
        cr_expect(eq(i32, found.redrives, cases[i].redrives), "%s", cases[i].before);
        if (cases[i].after == NULL)
            continue;
        count = deadletter_restore(headers, count, &found, arena);
        cr_assert(eq(sz, count, 1));
        expect_view(headers[0].value, cases[i].after);
    }
}

Test(deadletter, knows_a_stub_by_the_header_behind_its_own)
{
    struct deadletter_found found;
    const struct header left_out = {DEADLETTER_LEFT_OUT, {"70000", 5}};
    given(PROFILE_STREAMS);
    headers[count++] = left_out;
    cr_assert(deadletter_read(headers, count, &found));
    cr_expect(found.is_cut);
    given_behind(&left_out, 1, PROFILE_STREAMS);
    cr_assert(deadletter_read(headers, count, &found));
    cr_expect(not(found.is_cut), "the record came with it");
    cr_expect(eq(sz, deadletter_restore(headers, count, &found, arena), 2));
    expect_text(headers[0].name, DEADLETTER_LEFT_OUT);
}

Test(deadletter, does_not_guess_what_is_not_said)
{
    static const struct { struct header header; bool is_letter; } cases[] = {
        {{"traceparent", {"00-1", 4}}, false},
        {{"stanced.code", {"json.syntax", 11}}, false},
        {{"__streams.errors.topic", {NULL, 0}}, false},
        {{"__streams.errors.topic", {"", 0}}, false},
        {{"__streams.errors.topic", {"t", 1}}, true},
        {{"kafka_dlt-original-topic", {"t", 1}}, true},
    };
    struct deadletter_found found;
    cr_expect(not(deadletter_read(headers, 0, &found)));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool is_letter = deadletter_read(&cases[i].header, 1, &found);
        cr_expect(eq(int, is_letter, cases[i].is_letter), "%s", cases[i].header.name);
        if (is_letter) {
            cr_expect(eq(i32, found.partition, -1));
            cr_expect(eq(i64, found.offset, -1));
            cr_expect(eq(i64, found.given_up_ms, 0));
        }
    }
}

Test(deadletter, takes_no_number_that_is_none)
{
    static const struct { const char *topic, *partition; struct view value; } cases[] = {
        {"__streams.errors.topic", "__streams.errors.partition", {"\0\0\0\3", 4}},
        {"__connect.errors.topic", "__connect.errors.partition", {"2147483648", 10}},
        {"kafka_dlt-original-topic", "kafka_dlt-original-partition", {"3", 1}},
        {"kafka_dlt-original-topic", "kafka_dlt-original-partition", {"\xff\xff\xff\xff", 4}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct deadletter_found found;
        const struct header given[] = {{cases[i].topic, {"t", 1}}, {cases[i].partition, cases[i].value}};
        cr_assert(deadletter_read(given, 2, &found));
        cr_expect(eq(i32, found.partition, -1), "case %zu", i);
    }
}
