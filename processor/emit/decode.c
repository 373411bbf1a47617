#include "processor/emit/decode.h"

#include "processor/emit/writer.h"
#include "processor/ingest/frame.h"
#include "processor/ingest/unpack.h"
#include "processor/text/utf8.h"

#include "schemas/enriched.pb-c.h"
#include "schemas/stance.pb-c.h"

enum { MEMORY_TIMES = 16, ROW_BYTES = 1024 }; /* a mention takes 4 times what it has on the wire */

typedef Stanced__V1__Enriched Enriched; /* protobuf-c's names have the whole package in them */
typedef Stanced__V1__Enriched__Entity EnrichedEntity;
typedef Stanced__V1__Enriched__Span Span;
typedef Stanced__V1__Enriched__Stance EnrichedStance;
typedef Stanced__V1__Stance StanceRow;
typedef Stanced__V1__Stance__Party Party;

/* protobuf-c does not look whether a string is UTF-8, and these come from outside. */
static struct view text_of(const struct writer *writer, const char *text)
{
    return utf8_repaired(view_of(text), writer->arena);
}

static void put_string(struct writer *writer, const char *key, const char *text)
{
    writer_put_string(writer, key, text_of(writer, text));
}

static void put_field(struct writer *writer, const char *key, const char *text)
{
    writer_field(writer, key, text_of(writer, text));
}

static void put_offsets(struct writer *writer, uint32_t start, uint32_t end)
{
    writer_put_count(writer, "start", start);
    writer_put_count(writer, "end", end);
}

static void put_regions(struct writer *writer, const Enriched *enriched)
{
    writer_put_list(writer, "regions");
    for (size_t i = 0; i < enriched->n_regions; i++) {
        writer_open(writer, '{');
        put_string(writer, "kind", enriched->regions[i]->kind);
        put_offsets(writer, enriched->regions[i]->start, enriched->regions[i]->end);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void put_entity(struct writer *writer, const EnrichedEntity *entity)
{
    writer_open(writer, '{');
    put_string(writer, "id", entity->id);
    put_string(writer, "name", entity->name);
    put_string(writer, "type", entity->type);
    put_field(writer, "wikidata", entity->wikidata);
    writer_put_score(writer, "salience", (double)entity->salience);
    writer_put_list(writer, "mentions");
    for (size_t i = 0; i < entity->n_mentions; i++) {
        writer_open(writer, '{');
        put_offsets(writer, entity->mentions[i]->start, entity->mentions[i]->end);
        put_string(writer, "kind", entity->mentions[i]->kind);
        writer_put_score(writer, "score", (double)entity->mentions[i]->score);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
    if (entity->portrayal != NULL) {
        writer_put_object(writer, "portrayal");
        put_string(writer, "polarity", entity->portrayal->polarity);
        writer_put_score(writer, "score", (double)entity->portrayal->score);
        writer_close(writer, '}');
    }
    writer_close(writer, '}');
}

static void put_part(struct writer *writer, const char *key, const Span *part)
{
    if (part == NULL)
        return;
    writer_put_object(writer, key);
    put_offsets(writer, part->start, part->end);
    put_field(writer, "entity", part->entity);
    writer_close(writer, '}');
}

static void put_attributions(struct writer *writer, const Enriched *enriched)
{
    writer_put_list(writer, "attributions");
    for (size_t i = 0; i < enriched->n_attributions; i++) {
        writer_open(writer, '{');
        put_part(writer, "source", enriched->attributions[i]->source);
        put_part(writer, "cue", enriched->attributions[i]->cue);
        put_part(writer, "content", enriched->attributions[i]->content);
        put_string(writer, "kind", enriched->attributions[i]->kind);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void put_stance(struct writer *writer, const EnrichedStance *stance)
{
    writer_open(writer, '{');
    put_string(writer, "source", stance->source);
    put_string(writer, "target", stance->target);
    put_string(writer, "polarity", stance->polarity);
    writer_put_score(writer, "score", (double)stance->score);
    writer_put_score(writer, "confidence", (double)stance->confidence);
    writer_put_list(writer, "evidence");
    for (size_t i = 0; i < stance->n_evidence; i++) {
        writer_open(writer, '{');
        put_offsets(writer, stance->evidence[i]->start, stance->evidence[i]->end);
        writer_put_score(writer, "score", (double)stance->evidence[i]->score);
        if (stance->evidence[i]->in_case == STANCED__V1__ENRICHED__EVIDENCE__IN_ATTRIBUTION)
            writer_put_count(writer, "attribution", stance->evidence[i]->attribution);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
    writer_close(writer, '}');
}

static void put_topic_mentions(struct writer *writer, const Enriched *enriched)
{
    writer_put_list(writer, "topic_mentions");
    for (size_t i = 0; i < enriched->n_topic_mentions; i++) {
        writer_open(writer, '{');
        put_string(writer, "target", enriched->topic_mentions[i]->target);
        put_offsets(writer, enriched->topic_mentions[i]->start, enriched->topic_mentions[i]->end);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void put_enriched(struct writer *writer, const Enriched *enriched)
{
    writer_put_string(writer, "schema", view_of("stanced.article/1"));
    put_string(writer, "id", enriched->id);
    put_field(writer, "url", enriched->url);
    put_field(writer, "title", enriched->title);
    put_field(writer, "source", enriched->source);
    put_field(writer, "published_at", enriched->published_at);
    put_field(writer, "language", enriched->language);
    put_string(writer, "text", enriched->text);
    put_regions(writer, enriched);
    writer_put_list(writer, "entities");
    for (size_t i = 0; i < enriched->n_entities; i++)
        put_entity(writer, enriched->entities[i]);
    writer_close(writer, ']');
    put_attributions(writer, enriched);
    writer_put_list(writer, "stances");
    for (size_t i = 0; i < enriched->n_stances; i++)
        put_stance(writer, enriched->stances[i]);
    writer_close(writer, ']');
    if (enriched->n_topic_mentions > 0)
        put_topic_mentions(writer, enriched);
    writer_put_object(writer, "fingerprint");
    put_string(writer, "sha256", enriched->fingerprint != NULL ? enriched->fingerprint->sha256 : "");
    put_string(writer, "simhash", enriched->fingerprint != NULL ? enriched->fingerprint->simhash : "");
    writer_close(writer, '}');
    put_string(writer, "model", enriched->model);
    put_string(writer, "version", enriched->version);
}

static void put_party(struct writer *writer, const char *key, const Party *party)
{
    writer_put_object(writer, key);
    put_string(writer, "name", party != NULL ? party->name : "");
    put_string(writer, "type", party != NULL ? party->type : "");
    put_field(writer, "wikidata", party != NULL ? party->wikidata : "");
    writer_close(writer, '}');
}

static void put_row(struct writer *writer, const StanceRow *row)
{
    writer_put_string(writer, "schema", view_of("stanced.stance/1"));
    put_string(writer, "article_id", row->article_id);
    put_field(writer, "url", row->url);
    put_field(writer, "published_at", row->published_at);
    put_party(writer, "source", row->source);
    put_party(writer, "target", row->target);
    put_string(writer, "polarity", row->polarity);
    writer_put_score(writer, "score", (double)row->score);
    writer_put_score(writer, "confidence", (double)row->confidence);
    put_string(writer, "evidence", row->evidence);
}

bool decode_record(struct view value, enum record_topic topic, struct arena *arena, struct view *json, struct error *err)
{
    struct frame frame;
    if (frame_is_likely(value)) {
        if (!frame_decode(value, &frame, err))
            return false;
        value = frame.message;
    }
    /* 0x7B would be a field 15 that is a group, which none of the messages has. */
    if (value.len > 0 && value.data[0] == '{') {
        *json = value;
        return true;
    }
    bool is_row = topic == RECORD_STANCE;
    const ProtobufCMessageDescriptor *kind = is_row ? &stanced__v1__stance__descriptor : &stanced__v1__enriched__descriptor;
    const ProtobufCMessage *message = value.len > 0 ? unpack_message(kind, value, MEMORY_TIMES, arena) : NULL;
    if (message == NULL || topic == RECORD_ENTITY)
        return error_set(err, ERROR_INPUT, "record.syntax", "neither JSON nor Protobuf of an output record");
    struct writer writer = writer_start(arena, value.len * 2 + ROW_BYTES);
    writer_open(&writer, '{');
    if (is_row)
        put_row(&writer, (const StanceRow *)message);
    else
        put_enriched(&writer, (const Enriched *)message);
    writer_close(&writer, '}');
    *json = writer_result(&writer);
    return true;
}
