#include "processor/emit/encode_json.h"

#include "processor/emit/writer.h"

enum { ROW_BYTES = 1024, ENRICHED_BYTES_MORE = 8192 };

static void put_offsets(struct writer *writer, const struct document *document, struct span span)
{
    writer_put_count(writer, "start", positions_find(&document->positions, span.start));
    writer_put_count(writer, "end", positions_find(&document->positions, span.end));
}

static void put_portrayal(struct writer *writer, const struct entity *entity)
{
    if (!entity->has_portrayal)
        return;
    writer_put_object(writer, "portrayal");
    writer_put_string(writer, "polarity", view_of(portrayal_polarity_name(entity->portrayal)));
    writer_put_score(writer, "score", entity->portrayal_score);
    writer_close(writer, '}');
}

static void put_regions(struct writer *writer, const struct document *document)
{
    writer_put_list(writer, "regions");
    for (size_t i = 0; i < document->findings->region_count; i++) {
        const struct region *region = &document->findings->regions[i];
        writer_open(writer, '{');
        writer_put_string(writer, "kind", view_of(region_kind_name(region->kind)));
        put_offsets(writer, document, region->span);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void put_entity(struct writer *writer, const struct document *document, size_t index)
{
    const struct entity *entity = &document->findings->entities[index];
    writer_open(writer, '{');
    writer_put_string(writer, "id", document->entity_ids[index]);
    writer_put_string(writer, "name", entity->name);
    writer_put_string(writer, "type", view_of(entity_type_name(entity->type)));
    writer_field(writer, "wikidata", entity->wikidata);
    writer_put_score(writer, "salience", entity->salience);
    writer_put_list(writer, "mentions");
    for (size_t i = 0; i < entity->mention_count; i++) {
        const struct mention *mention = &entity->mentions[i];
        writer_open(writer, '{');
        put_offsets(writer, document, mention->span);
        writer_put_string(writer, "kind", view_of(mention_kind_name(mention->kind)));
        writer_put_score(writer, "score", mention->score);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
    put_portrayal(writer, entity);
    writer_close(writer, '}');
}

static void put_part(struct writer *writer, const struct document *document, const char *key, struct span span, int32_t entity)
{
    if (span_is_empty(span))
        return;
    writer_put_object(writer, key);
    put_offsets(writer, document, span);
    if (entity != FINDINGS_NONE)
        writer_put_string(writer, "entity", document->entity_ids[entity]);
    writer_close(writer, '}');
}

static void put_attributions(struct writer *writer, const struct document *document)
{
    writer_put_list(writer, "attributions");
    for (size_t i = 0; i < document->findings->attribution_count; i++) {
        const struct attribution *attribution = &document->findings->attributions[i];
        writer_open(writer, '{');
        put_part(writer, document, "source", attribution->source, attribution->entity);
        put_part(writer, document, "cue", attribution->cue, FINDINGS_NONE);
        put_part(writer, document, "content", attribution->content, FINDINGS_NONE);
        writer_put_string(writer, "kind", view_of(attribution_kind_name(attribution->kind)));
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void put_stance(struct writer *writer, const struct document *document, const struct stance *stance)
{
    writer_open(writer, '{');
    writer_put_string(writer, "source", document_source(document, stance).id);
    writer_put_string(writer, "target", document_target(document, stance, writer->arena).id);
    writer_put_string(writer, "polarity", view_of(stance_polarity_name(stance->polarity)));
    writer_put_score(writer, "score", stance->score);
    writer_put_score(writer, "confidence", stance->confidence);
    writer_put_list(writer, "evidence");
    for (size_t i = 0; i < stance->evidence_count; i++) {
        const struct evidence *evidence = &stance->evidence[i];
        writer_open(writer, '{');
        put_offsets(writer, document, evidence->span);
        writer_put_score(writer, "score", evidence->score);
        if (evidence->attribution != FINDINGS_NONE)
            writer_put_count(writer, "attribution", (uint64_t)evidence->attribution);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
    writer_close(writer, '}');
}

/* Only where topics are watched. */
static void put_topic_mentions(struct writer *writer, const struct document *document)
{
    const struct findings *findings = document->findings;
    if (findings->topic_mention_count == 0)
        return;
    writer_put_list(writer, "topic_mentions");
    for (size_t i = 0; i < findings->topic_mention_count; i++) {
        writer_open(writer, '{');
        writer_put_string(writer, "target", document_topic(findings->topic_mentions[i].topic, writer->arena));
        put_offsets(writer, document, findings->topic_mentions[i].span);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void put_party(struct writer *writer, const char *key, struct party party)
{
    writer_put_object(writer, key);
    writer_put_string(writer, "name", party.name);
    writer_put_string(writer, "type", party.type);
    writer_field(writer, "wikidata", party.wikidata);
    writer_close(writer, '}');
}

static struct writer start_row(const struct document *document, const char *schema, struct arena *arena)
{
    struct writer writer = writer_start(arena, ROW_BYTES);
    writer_open(&writer, '{');
    writer_put_string(&writer, "schema", view_of(schema));
    writer_put_string(&writer, "article_id", document->article->id);
    writer_field(&writer, "url", document->article->url);
    writer_field(&writer, "published_at", document->article->published_at);
    return writer;
}

struct view encode_json_enriched(const struct document *document, struct arena *arena)
{
    const struct article *article = document->article;
    const struct findings *findings = document->findings;
    struct writer writer = writer_start(arena, findings->text.len * 2 + ENRICHED_BYTES_MORE);
    writer_open(&writer, '{');
    writer_put_string(&writer, "schema", view_of("stanced.article/1"));
    writer_put_string(&writer, "id", article->id);
    writer_field(&writer, "url", article->url);
    writer_field(&writer, "title", article->title);
    writer_field(&writer, "source", article->source);
    writer_field(&writer, "published_at", article->published_at);
    writer_field(&writer, "language", document->language);
    writer_put_string(&writer, "text", findings->text);
    put_regions(&writer, document);
    writer_put_list(&writer, "entities");
    for (size_t i = 0; i < findings->entity_count; i++)
        put_entity(&writer, document, i);
    writer_close(&writer, ']');
    put_attributions(&writer, document);
    writer_put_list(&writer, "stances");
    for (size_t i = 0; i < findings->stance_count; i++)
        put_stance(&writer, document, &findings->stances[i]);
    writer_close(&writer, ']');
    put_topic_mentions(&writer, document);
    writer_put_object(&writer, "fingerprint");
    writer_put_string(&writer, "sha256", document->sha256);
    writer_put_string(&writer, "simhash", document->simhash);
    writer_close(&writer, '}');
    writer_put_string(&writer, "model", document->model);
    writer_put_string(&writer, "version", document->version);
    writer_close(&writer, '}');
    return writer_result(&writer);
}

struct view encode_json_stance(const struct document *document, const struct stance *stance, struct arena *arena)
{
    struct writer writer = start_row(document, "stanced.stance/1", arena);
    put_party(&writer, "source", document_source(document, stance));
    put_party(&writer, "target", document_target(document, stance, arena));
    writer_put_string(&writer, "polarity", view_of(stance_polarity_name(stance->polarity)));
    writer_put_score(&writer, "score", stance->score);
    writer_put_score(&writer, "confidence", stance->confidence);
    writer_put_string(&writer, "evidence", document_evidence(document, stance));
    writer_close(&writer, '}');
    return writer_result(&writer);
}

struct view encode_json_entity(const struct document *document, const struct entity *entity, struct arena *arena)
{
    struct writer writer = start_row(document, "stanced.entity/1", arena);
    writer_put_string(&writer, "name", entity->name);
    writer_put_string(&writer, "type", view_of(entity_type_name(entity->type)));
    writer_field(&writer, "wikidata", entity->wikidata);
    writer_put_score(&writer, "salience", entity->salience);
    put_portrayal(&writer, entity);
    writer_put_count(&writer, "mention_count", entity->mention_count);
    writer_close(&writer, '}');
    return writer_result(&writer);
}
