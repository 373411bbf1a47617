#include "processor/emit/decode.h"

#include "tests/expect.h"

static const char text[] = "Zoë says Acme lies.";

static struct arena *arena;
static struct article article;
static struct findings findings;
static struct entity entities[2];
static struct mention zoe, acme;
static struct attribution attributions[2];
static struct stance stances[2];
static struct evidence evidence[2];
static struct region region;
static struct topic_mention topic_mentions[2];

static void set_up(void)
{
    arena = arena_new(4096);
    article = (struct article){.id = view_of("a1"), .title = view_of("\"Lies\" \\ <b>"), .published_at = view_of("2019-10-19T09:00:00Z"),
                               .text = view_of(text)};
    zoe = (struct mention){{0, 4}, MENTION_NAME, 0.9137f};
    acme = (struct mention){{10, 14}, MENTION_NOMINAL, 1.0f};
    entities[0] = (struct entity){.name = view_of("Zoë"), .type = ENTITY_PERSON, .salience = 0.3333f, .mentions = &zoe, .mention_count = 1};
    entities[1] = (struct entity){.name = view_of("Acme"), .type = ENTITY_ORGANIZATION, .wikidata = view_of("Q42"), .salience = 0.75f,
                                  .mentions = &acme, .mention_count = 1, .has_portrayal = true, .portrayal = POLARITY_AGAINST,
                                  .portrayal_score = -0.31f};
    attributions[0] = (struct attribution){.source = {0, 4}, .cue = {5, 9}, .content = {10, 19}, .entity = 0, .kind = ATTRIBUTION_INDIRECT};
    attributions[1] = (struct attribution){.content = {10, 19}, .entity = FINDINGS_NONE, .kind = ATTRIBUTION_DIRECT};
    evidence[0] = (struct evidence){{0, sizeof text - 1}, -0.9f, 0};
    evidence[1] = (struct evidence){{10, 14}, -0.1234f, FINDINGS_NONE};
    stances[0] = (struct stance){.source = 0, .target = 1, .polarity = POLARITY_AGAINST, .score = -0.8412f, .confidence = 0.9f,
                                 .evidence = evidence, .evidence_count = 2};
    stances[1] = (struct stance){.source = FINDINGS_NONE, .target = FINDINGS_NONE, .topic = view_of("honesty"), .polarity = POLARITY_FOR,
                                 .score = 0.4f, .confidence = 0.6f};
    region = (struct region){REGION_BODY, {0, sizeof text - 1}};
    topic_mentions[0] = (struct topic_mention){{5, 9}, view_of("honesty")};
    topic_mentions[1] = (struct topic_mention){{15, 19}, view_of("\"lies\"")};
    findings = (struct findings){.text = view_of(text), .language = view_of("en"), .regions = &region, .region_count = 1,
                                 .entities = entities, .entity_count = 2, .attributions = attributions, .attribution_count = 2,
                                 .stances = stances, .stance_count = 2, .topic_mentions = topic_mentions, .topic_mention_count = 2, .simhash = 0xABC};
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(decode, .init = set_up, .fini = tear_down);

static void expect_same(void)
{
    struct records json = encode_article(&article, &findings, "m", ENCODE_JSON, arena);
    struct records protobuf = encode_article(&article, &findings, "m", ENCODE_PROTOBUF, arena);
    for (size_t i = 0; i < json.count; i++) {
        struct view back;
        struct error err = {0};
        if (json.items[i].topic == RECORD_ENTITY)
            continue;
        cr_assert(decode_record(protobuf.items[i].value, json.items[i].topic, arena, &back, &err), "%s", err.text);
        expect_view(back, arena_copy(arena, json.items[i].value).data);
        cr_assert(decode_record(json.items[i].value, json.items[i].topic, arena, &back, &err));
        cr_expect(view_equal(back, json.items[i].value));
    }
}

Test(decode, makes_of_protobuf_the_json_that_would_have_left)
{
    expect_same();
}

Test(decode, reads_an_article_in_which_nothing_was_found)
{
    findings = (struct findings){.text = view_of("x")};
    article = (struct article){.id = view_of("a")};
    expect_same();
}

Test(decode, refuses_what_is_no_record)
{
    const struct view values[] = {{0}, view_of("\x01\x02"), view_of("[]"), {"\x0a\xff", 2}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct view json;
        struct error err = {0};
        cr_expect(not(decode_record(values[i], RECORD_ENRICHED, arena, &json, &err)), "accepted %zu", i);
        expect_text(err.code, "record.syntax");
    }
    struct view json;
    struct error err = {0};
    cr_expect(not(decode_record((struct view){"\0\0", 2}, RECORD_ENRICHED, arena, &json, &err)));
    expect_text(err.code, "confluent.frame");
}

Test(decode, refuses_a_message_that_would_take_far_more_memory_than_it_has_bytes)
{
    size_t len = 512 * 1024;
    char *bytes = arena_take(arena, len);
    for (size_t i = 0; i < len; i += 2)
        memcpy(bytes + i, "\x42\x00", 2); /* an empty region, again and again */
    struct view json;
    struct error err = {0};
    cr_expect(not(decode_record((struct view){bytes, len}, RECORD_ENRICHED, arena, &json, &err)));
}

Test(decode, repairs_text_that_is_no_utf8)
{
    struct view json;
    struct error err = {0};
    cr_assert(decode_record((struct view){"\x0a\x01\xff", 3}, RECORD_ENRICHED, arena, &json, &err));
    expect_says(arena_copy(arena, json).data, "\"id\":\"\xEF\xBF\xBD\"");
}
