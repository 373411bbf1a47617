#include "processor/emit/encode_protobuf.h"

#include "processor/emit/writer.h"

#include "schemas/enriched.pb-c.h"
#include "schemas/entity.pb-c.h"
#include "schemas/stance.pb-c.h"

typedef Stanced__V1__Enriched Enriched; /* protobuf-c's names have the whole package in them */
typedef Stanced__V1__Enriched__Region Region;
typedef Stanced__V1__Enriched__Entity EnrichedEntity;
typedef Stanced__V1__Enriched__Mention Mention;
typedef Stanced__V1__Enriched__Portrayal Portrayal;
typedef Stanced__V1__Enriched__Attribution Attribution;
typedef Stanced__V1__Enriched__Span Span;
typedef Stanced__V1__Enriched__Stance EnrichedStance;
typedef Stanced__V1__Enriched__Evidence Evidence;
typedef Stanced__V1__Enriched__TopicMention TopicMention;

/* `text` has no zero byte (ingest/article sees to it). */
static char *string_of(struct view text, struct arena *arena)
{
    return (char *)arena_copy(arena, text).data;
}

/* protobuf-c does not write to strings, but has no const. */
static char *constant(const char *text)
{
    return (char *)(uintptr_t)text;
}

static float rounded(double score)
{
    return (float)writer_rounded(score);
}

static struct view pack(const ProtobufCMessage *message, struct arena *arena)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_take(arena, len);
    protobuf_c_message_pack(message, bytes);
    return (struct view){.data = (const char *)bytes, .len = len};
}

/* `count` messages that `init` fills with their defaults, one behind the other, and the pointers to them. */
#define MESSAGES(type, init, count, arena, pointers)                              \
    type *messages = arena_take((arena), (count) * sizeof(type));                 \
    (pointers) = arena_take((arena), (count) * sizeof(type *));                   \
    for (size_t i_ = 0; i_ < (count); i_++) {                                     \
        init(&messages[i_]);                                                      \
        (pointers)[i_] = &messages[i_];                                           \
    }

static void put_regions(Enriched *enriched, const struct document *document, struct arena *arena)
{
    const struct findings *findings = document->findings;
    enriched->n_regions = findings->region_count;
    MESSAGES(Region, stanced__v1__enriched__region__init, findings->region_count, arena, enriched->regions)
    for (size_t i = 0; i < findings->region_count; i++) {
        messages[i].kind = constant(region_kind_name(findings->regions[i].kind));
        messages[i].start = positions_find(&document->positions, findings->regions[i].span.start);
        messages[i].end = positions_find(&document->positions, findings->regions[i].span.end);
    }
}

static void put_mentions(EnrichedEntity *to, const struct document *document, const struct entity *entity, struct arena *arena)
{
    to->n_mentions = entity->mention_count;
    MESSAGES(Mention, stanced__v1__enriched__mention__init, entity->mention_count, arena, to->mentions)
    for (size_t i = 0; i < entity->mention_count; i++) {
        messages[i].start = positions_find(&document->positions, entity->mentions[i].span.start);
        messages[i].end = positions_find(&document->positions, entity->mentions[i].span.end);
        messages[i].kind = constant(mention_kind_name(entity->mentions[i].kind));
        messages[i].score = rounded(entity->mentions[i].score);
    }
}

static void put_entities(Enriched *enriched, const struct document *document, struct arena *arena)
{
    const struct findings *findings = document->findings;
    enriched->n_entities = findings->entity_count;
    MESSAGES(EnrichedEntity, stanced__v1__enriched__entity__init, findings->entity_count, arena, enriched->entities)
    for (size_t i = 0; i < findings->entity_count; i++) {
        const struct entity *entity = &findings->entities[i];
        messages[i].id = string_of(document->entity_ids[i], arena);
        messages[i].name = string_of(entity->name, arena);
        messages[i].type = constant(entity_type_name(entity->type));
        messages[i].wikidata = string_of(entity->wikidata, arena);
        messages[i].salience = rounded(entity->salience);
        put_mentions(&messages[i], document, entity, arena);
        if (!entity->has_portrayal)
            continue;
        messages[i].portrayal = arena_take(arena, sizeof(Portrayal));
        stanced__v1__enriched__portrayal__init(messages[i].portrayal);
        messages[i].portrayal->polarity = constant(portrayal_polarity_name(entity->portrayal));
        messages[i].portrayal->score = rounded(entity->portrayal_score);
    }
}

static Span *part_of(const struct document *document, struct span span, int32_t entity, struct arena *arena)
{
    if (span_is_empty(span))
        return NULL;
    Span *part = arena_take(arena, sizeof *part);
    stanced__v1__enriched__span__init(part);
    part->start = positions_find(&document->positions, span.start);
    part->end = positions_find(&document->positions, span.end);
    if (entity != FINDINGS_NONE)
        part->entity = string_of(document->entity_ids[entity], arena);
    return part;
}

static void put_attributions(Enriched *enriched, const struct document *document, struct arena *arena)
{
    const struct findings *findings = document->findings;
    enriched->n_attributions = findings->attribution_count;
    MESSAGES(Attribution, stanced__v1__enriched__attribution__init, findings->attribution_count, arena, enriched->attributions)
    for (size_t i = 0; i < findings->attribution_count; i++) {
        const struct attribution *attribution = &findings->attributions[i];
        messages[i].source = part_of(document, attribution->source, attribution->entity, arena);
        messages[i].cue = part_of(document, attribution->cue, FINDINGS_NONE, arena);
        messages[i].content = part_of(document, attribution->content, FINDINGS_NONE, arena);
        messages[i].kind = constant(attribution_kind_name(attribution->kind));
    }
}

static void put_evidence(EnrichedStance *to, const struct document *document, const struct stance *stance, struct arena *arena)
{
    to->n_evidence = stance->evidence_count;
    MESSAGES(Evidence, stanced__v1__enriched__evidence__init, stance->evidence_count, arena, to->evidence)
    for (size_t i = 0; i < stance->evidence_count; i++) {
        const struct evidence *evidence = &stance->evidence[i];
        messages[i].start = positions_find(&document->positions, evidence->span.start);
        messages[i].end = positions_find(&document->positions, evidence->span.end);
        messages[i].score = rounded(evidence->score);
        if (evidence->attribution == FINDINGS_NONE)
            continue;
        messages[i].in_case = STANCED__V1__ENRICHED__EVIDENCE__IN_ATTRIBUTION;
        messages[i].attribution = (uint32_t)evidence->attribution;
    }
}

static void put_stances(Enriched *enriched, const struct document *document, struct arena *arena)
{
    const struct findings *findings = document->findings;
    enriched->n_stances = findings->stance_count;
    MESSAGES(EnrichedStance, stanced__v1__enriched__stance__init, findings->stance_count, arena, enriched->stances)
    for (size_t i = 0; i < findings->stance_count; i++) {
        const struct stance *stance = &findings->stances[i];
        messages[i].source = string_of(document_source(document, stance).id, arena);
        messages[i].target = string_of(document_target(document, stance, arena).id, arena);
        messages[i].polarity = constant(stance_polarity_name(stance->polarity));
        messages[i].score = rounded(stance->score);
        messages[i].confidence = rounded(stance->confidence);
        put_evidence(&messages[i], document, stance, arena);
    }
}

static void put_topic_mentions(Enriched *enriched, const struct document *document, struct arena *arena)
{
    const struct findings *findings = document->findings;
    enriched->n_topic_mentions = findings->topic_mention_count;
    MESSAGES(TopicMention, stanced__v1__enriched__topic_mention__init, findings->topic_mention_count, arena, enriched->topic_mentions)
    for (size_t i = 0; i < findings->topic_mention_count; i++) {
        messages[i].target = string_of(document_topic(findings->topic_mentions[i].topic, arena), arena);
        messages[i].start = positions_find(&document->positions, findings->topic_mentions[i].span.start);
        messages[i].end = positions_find(&document->positions, findings->topic_mentions[i].span.end);
    }
}

struct view encode_protobuf_enriched(const struct document *document, struct arena *arena)
{
    const struct article *article = document->article;
    Enriched enriched = STANCED__V1__ENRICHED__INIT;
    Stanced__V1__Enriched__Fingerprint fingerprint = STANCED__V1__ENRICHED__FINGERPRINT__INIT;
    fingerprint.sha256 = string_of(document->sha256, arena);
    fingerprint.simhash = string_of(document->simhash, arena);
    enriched.id = string_of(article->id, arena);
    enriched.url = string_of(article->url, arena);
    enriched.title = string_of(article->title, arena);
    enriched.source = string_of(article->source, arena);
    enriched.published_at = string_of(article->published_at, arena);
    enriched.language = string_of(document->language, arena);
    enriched.text = string_of(document->findings->text, arena);
    put_regions(&enriched, document, arena);
    put_entities(&enriched, document, arena);
    put_attributions(&enriched, document, arena);
    put_stances(&enriched, document, arena);
    put_topic_mentions(&enriched, document, arena);
    enriched.fingerprint = &fingerprint;
    enriched.model = string_of(document->model, arena);
    enriched.version = string_of(document->version, arena);
    return pack(&enriched.base, arena);
}

static Stanced__V1__Stance__Party *party_of(struct party from, struct arena *arena)
{
    Stanced__V1__Stance__Party *party = arena_take(arena, sizeof *party);
    stanced__v1__stance__party__init(party);
    party->name = string_of(from.name, arena);
    party->type = string_of(from.type, arena);
    party->wikidata = string_of(from.wikidata, arena);
    return party;
}

struct view encode_protobuf_stance(const struct document *document, const struct stance *stance, struct arena *arena)
{
    Stanced__V1__Stance row = STANCED__V1__STANCE__INIT;
    row.article_id = string_of(document->article->id, arena);
    row.url = string_of(document->article->url, arena);
    row.published_at = string_of(document->article->published_at, arena);
    row.source = party_of(document_source(document, stance), arena);
    row.target = party_of(document_target(document, stance, arena), arena);
    row.polarity = constant(stance_polarity_name(stance->polarity));
    row.score = rounded(stance->score);
    row.confidence = rounded(stance->confidence);
    row.evidence = string_of(document_evidence(document, stance), arena);
    return pack(&row.base, arena);
}

struct view encode_protobuf_entity(const struct document *document, const struct entity *entity, struct arena *arena)
{
    Stanced__V1__Entity row = STANCED__V1__ENTITY__INIT;
    Stanced__V1__Entity__Portrayal portrayal = STANCED__V1__ENTITY__PORTRAYAL__INIT;
    row.article_id = string_of(document->article->id, arena);
    row.url = string_of(document->article->url, arena);
    row.published_at = string_of(document->article->published_at, arena);
    row.name = string_of(entity->name, arena);
    row.type = constant(entity_type_name(entity->type));
    row.wikidata = string_of(entity->wikidata, arena);
    row.salience = rounded(entity->salience);
    row.mention_count = (uint32_t)entity->mention_count;
    if (entity->has_portrayal) {
        portrayal.polarity = constant(portrayal_polarity_name(entity->portrayal));
        portrayal.score = rounded(entity->portrayal_score);
        row.portrayal = &portrayal;
    }
    return pack(&row.base, arena);
}
