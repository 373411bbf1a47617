#include "processor/emit/encode.h"

#include "schemas/enriched.pb-c.h"
#include "schemas/entity.pb-c.h"
#include "schemas/stance.pb-c.h"
#include "tests/expect.h"

/* "Zoë says Acme lies. Acme denies it." with a name that is longer in bytes than in code points. */
static const char text[] = "Zoë says Acme lies. Acme denies it.";

static struct arena *arena;
static struct article article;
static struct findings findings;
static struct entity entities[2];
static struct mention zoe[1], acme[2];
static struct attribution attribution;
static struct stance stances[3];
static struct evidence evidence[2];
static struct region region;

static struct span span_of(const char *part, size_t from)
{
    uint32_t start = (uint32_t)(strstr(text + from, part) - text);
    return (struct span){start, start + (uint32_t)strlen(part)};
}

static void set_up(void)
{
    arena = arena_new(4096);
    article = (struct article){.id = view_of("a1"), .url = view_of("https://example.org/1"), .title = view_of("\"Lies\""),
                               .published_at = view_of("2019-10-19T09:00:00Z"), .text = view_of(text)};
    zoe[0] = (struct mention){span_of("Zoë", 0), MENTION_NAME, 0.99f};
    acme[0] = (struct mention){span_of("Acme", 0), MENTION_NAME, 1.0f};
    acme[1] = (struct mention){span_of("Acme", 20), MENTION_NOMINAL, 0.5f};
    entities[0] = (struct entity){.name = view_of("Zoë"), .type = ENTITY_PERSON, .salience = 0.25f, .mentions = zoe, .mention_count = 1};
    entities[1] = (struct entity){.name = view_of("Acme"), .type = ENTITY_ORGANIZATION, .wikidata = view_of("Q42"), .salience = 0.75f,
                                  .mentions = acme, .mention_count = 2, .has_portrayal = true, .portrayal = POLARITY_AGAINST,
                                  .portrayal_score = -0.31f};
    attribution = (struct attribution){.source = span_of("Zoë", 0), .cue = span_of("says", 0), .content = span_of("Acme lies", 0),
                                       .entity = 0, .kind = ATTRIBUTION_INDIRECT};
    evidence[0] = (struct evidence){span_of("Zoë says Acme lies.", 0), -0.9f, 0};
    evidence[1] = (struct evidence){span_of("Acme denies it.", 0), -0.2f, FINDINGS_NONE};
    stances[0] = (struct stance){.source = 0, .target = 1, .polarity = POLARITY_AGAINST, .score = -0.84f, .confidence = 0.93f,
                                 .evidence = evidence, .evidence_count = 2};
    stances[1] = (struct stance){.source = FINDINGS_NONE, .target = 1, .polarity = POLARITY_MIXED, .score = 0, .confidence = 0.5f};
    stances[2] = (struct stance){.source = 0, .target = FINDINGS_NONE, .topic = view_of("honesty"), .polarity = POLARITY_FOR,
                                 .score = 0.4f, .confidence = 0.6f, .evidence = evidence, .evidence_count = 1};
    region = (struct region){REGION_BODY, {0, sizeof text - 1}};
    findings = (struct findings){.text = view_of(text), .language = view_of("en"), .regions = &region, .region_count = 1,
                                 .entities = entities, .entity_count = 2, .attributions = &attribution, .attribution_count = 1,
                                 .stances = stances, .stance_count = 3, .simhash = 0xABC};
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(encode, .init = set_up, .fini = tear_down);

Test(encode, writes_the_enriched_document_as_the_contract_says)
{
    expect_view(encode_document(&article, &findings, "model-1", arena),
        "{\"schema\":\"stanced.article/1\",\"id\":\"a1\",\"url\":\"https://example.org/1\",\"title\":\"\\\"Lies\\\"\","
        "\"published_at\":\"2019-10-19T09:00:00Z\",\"language\":\"en\",\"text\":\"Zoë says Acme lies. Acme denies it.\","
        "\"regions\":[{\"kind\":\"body\",\"start\":0,\"end\":35}],"
        "\"entities\":[{\"id\":\"E1\",\"name\":\"Zoë\",\"type\":\"Person\",\"salience\":0.25,"
        "\"mentions\":[{\"start\":0,\"end\":3,\"kind\":\"name\",\"score\":0.99}]},"
        "{\"id\":\"E2\",\"name\":\"Acme\",\"type\":\"Organization\",\"wikidata\":\"Q42\",\"salience\":0.75,"
        "\"mentions\":[{\"start\":9,\"end\":13,\"kind\":\"name\",\"score\":1.0},{\"start\":20,\"end\":24,\"kind\":\"nominal\",\"score\":0.5}],"
        "\"portrayal\":{\"polarity\":\"negative\",\"score\":-0.31}}],"
        "\"attributions\":[{\"source\":{\"start\":0,\"end\":3,\"entity\":\"E1\"},\"cue\":{\"start\":4,\"end\":8},"
        "\"content\":{\"start\":9,\"end\":18},\"kind\":\"indirect\"}],"
        "\"stances\":[{\"source\":\"E1\",\"target\":\"E2\",\"polarity\":\"against\",\"score\":-0.84,\"confidence\":0.93,"
        "\"evidence\":[{\"start\":0,\"end\":19,\"score\":-0.9,\"attribution\":0},{\"start\":20,\"end\":35,\"score\":-0.2}]},"
        "{\"source\":\"author\",\"target\":\"E2\",\"polarity\":\"mixed\",\"score\":0.0,\"confidence\":0.5,\"evidence\":[]},"
        "{\"source\":\"E1\",\"target\":\"T:honesty\",\"polarity\":\"for\",\"score\":0.4,\"confidence\":0.6,"
        "\"evidence\":[{\"start\":0,\"end\":19,\"score\":-0.9,\"attribution\":0}]}],"
        "\"fingerprint\":{\"sha256\":\"3d27eac6830ae7ece372903e228a45d9880dcd9b7e64d9355c00e4aa50a4ce11\",\"simhash\":\"0000000000000abc\"},"
        "\"model\":\"model-1\",\"version\":\"" STANCED_VERSION "\"}");
}

Test(encode, says_where_the_text_speaks_of_watched_topics)
{
    struct topic_mention mentions[] = {{span_of("says", 0), view_of("honesty")}, {span_of("denies", 0), view_of("\"lies\"")}};
    findings.topic_mentions = mentions;
    findings.topic_mention_count = 2;

    struct records records = encode_article(&article, &findings, "model-1", ENCODE_JSON, arena);

    expect_says(arena_copy(arena, records.items[0].value).data,
                "}],\"topic_mentions\":[{\"target\":\"T:honesty\",\"start\":4,\"end\":8},{\"target\":\"T:\\\"lies\\\"\",\"start\":25,\"end\":31}],\"fingerprint\"");
}

Test(encode, makes_a_row_of_each_stance_and_entity)
{
    static const struct {
        enum record_topic topic;
        const char *key, *says;
    } cases[] = {
        {RECORD_ENRICHED, "a1", "\"schema\":\"stanced.article/1\""},
        {RECORD_STANCE, "Zoë|Acme", "\"source\":{\"name\":\"Zoë\",\"type\":\"Person\"},\"target\":{\"name\":\"Acme\",\"type\":\"Organization\","
                                    "\"wikidata\":\"Q42\"},\"polarity\":\"against\",\"score\":-0.84,\"confidence\":0.93,"
                                    "\"evidence\":\"Zoë says Acme lies.\"}"},
        {RECORD_STANCE, "author|Acme", "\"source\":{\"name\":\"author\",\"type\":\"Author\"}"},
        {RECORD_STANCE, "Zoë|T:honesty", "\"target\":{\"name\":\"honesty\",\"type\":\"Topic\"}"},
        {RECORD_ENTITY, "Zoë", "\"name\":\"Zoë\",\"type\":\"Person\",\"salience\":0.25,\"mention_count\":1}"},
        {RECORD_ENTITY, "Acme", "{\"schema\":\"stanced.entity/1\",\"article_id\":\"a1\",\"url\":\"https://example.org/1\","
                                "\"published_at\":\"2019-10-19T09:00:00Z\",\"name\":\"Acme\",\"type\":\"Organization\",\"wikidata\":\"Q42\","
                                "\"salience\":0.75,\"portrayal\":{\"polarity\":\"negative\",\"score\":-0.31},\"mention_count\":2}"},
    };
    struct records records = encode_article(&article, &findings, "model-1", ENCODE_JSON, arena);
    cr_assert(eq(sz, records.count, sizeof cases / sizeof *cases));
    for (size_t i = 0; i < records.count; i++) {
        cr_expect(eq(int, records.items[i].topic, cases[i].topic));
        expect_view(records.items[i].key, cases[i].key);
        if (cases[i].topic == RECORD_STANCE)
            cr_expect(eq(chr, records.items[i].key.data[records.items[i].source_bytes], '|'));
        expect_says(arena_copy(arena, records.items[i].value).data, cases[i].says);
    }
}

Test(encode, gives_the_same_bytes_again)
{
    for (int format = ENCODE_JSON; format <= ENCODE_PROTOBUF; format++) {
        struct records first = encode_article(&article, &findings, "m", (enum encode_format)format, arena);
        struct records second = encode_article(&article, &findings, "m", (enum encode_format)format, arena);
        for (size_t i = 0; i < first.count; i++)
            cr_expect(view_equal(first.items[i].value, second.items[i].value), "format %d, record %zu", format, i);
    }
}

Test(encode, writes_an_article_in_which_nothing_was_found)
{
    findings = (struct findings){.text = view_of("x")};
    article = (struct article){.id = view_of("a")};
    struct records records = encode_article(&article, &findings, "m", ENCODE_JSON, arena);
    cr_assert(eq(sz, records.count, 1));
    expect_says(arena_copy(arena, records.items[0].value).data,
                "{\"schema\":\"stanced.article/1\",\"id\":\"a\",\"text\":\"x\",\"regions\":[],\"entities\":[],\"attributions\":[],\"stances\":[],");
    cr_expect(eq(sz, encode_article(&article, &findings, "m", ENCODE_PROTOBUF, arena).count, 1));
}

Test(encode, leaves_out_parts_of_an_attribution_that_are_not_there)
{
    attribution = (struct attribution){.content = span_of("Acme lies", 0), .entity = FINDINGS_NONE, .kind = ATTRIBUTION_DIRECT};
    struct view document = arena_copy(arena, encode_document(&article, &findings, "m", arena));
    expect_says(document.data, "\"attributions\":[{\"content\":{\"start\":9,\"end\":18},\"kind\":\"direct\"}]");
}

Test(encode, writes_the_same_as_protobuf)
{
    struct records records = encode_article(&article, &findings, "model-1", ENCODE_PROTOBUF, arena);
    cr_assert(eq(sz, records.count, 6));
    struct view value = records.items[0].value;
    Stanced__V1__Enriched *enriched = stanced__v1__enriched__unpack(NULL, value.len, (const uint8_t *)value.data);
    cr_assert(ne(ptr, enriched, NULL));
    expect_text(enriched->id, "a1");
    expect_text(enriched->text, text);
    cr_assert(eq(sz, enriched->n_entities, 2));
    expect_text(enriched->entities[1]->wikidata, "Q42");
    cr_expect(eq(u32, enriched->entities[1]->mentions[1]->start, 20));
    cr_expect(eq(flt, enriched->entities[1]->portrayal->score, -0.31f));
    cr_expect(eq(ptr, enriched->entities[0]->portrayal, NULL));
    expect_text(enriched->attributions[0]->source->entity, "E1");
    cr_assert(eq(sz, enriched->n_stances, 3));
    expect_text(enriched->stances[2]->target, "T:honesty");
    cr_expect(eq(int, enriched->stances[0]->evidence[0]->in_case, STANCED__V1__ENRICHED__EVIDENCE__IN_ATTRIBUTION));
    cr_expect(eq(int, enriched->stances[0]->evidence[1]->in_case, STANCED__V1__ENRICHED__EVIDENCE__IN__NOT_SET));
    stanced__v1__enriched__free_unpacked(enriched, NULL);

    value = records.items[1].value;
    Stanced__V1__Stance *stance = stanced__v1__stance__unpack(NULL, value.len, (const uint8_t *)value.data);
    cr_assert(ne(ptr, stance, NULL));
    expect_text(stance->source->name, "Zoë");
    expect_text(stance->evidence, "Zoë says Acme lies.");
    cr_expect(eq(flt, stance->score, -0.84f));
    stanced__v1__stance__free_unpacked(stance, NULL);

    value = records.items[5].value;
    Stanced__V1__Entity *entity = stanced__v1__entity__unpack(NULL, value.len, (const uint8_t *)value.data);
    cr_assert(ne(ptr, entity, NULL));
    expect_text(entity->name, "Acme");
    cr_expect(eq(u32, entity->mention_count, 2));
    stanced__v1__entity__free_unpacked(entity, NULL);
}
