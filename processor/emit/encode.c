#include "processor/emit/encode.h"

#include "processor/emit/document.h"
#include "processor/emit/encode_json.h"
#include "processor/emit/encode_protobuf.h"

struct form {
    struct view (*enriched)(const struct document *document, struct arena *arena);
    struct view (*stance)(const struct document *document, const struct stance *stance, struct arena *arena);
    struct view (*entity)(const struct document *document, const struct entity *entity, struct arena *arena);
};

static const struct form forms[] = {
    [ENCODE_JSON] = {encode_json_enriched, encode_json_stance, encode_json_entity},
    [ENCODE_PROTOBUF] = {encode_protobuf_enriched, encode_protobuf_stance, encode_protobuf_entity},
};

static struct view join_key(struct view source, struct view target, struct arena *arena)
{
    return arena_print(arena, "%.*s|%.*s", (int)source.len, source.data, (int)target.len, target.data);
}

struct records encode_article(const struct article *article, const struct findings *findings, const char *model_name,
                              enum encode_format format, struct arena *arena)
{
    const struct form *form = &forms[format];
    struct document document = document_make(article, findings, model_name, arena);
    struct records records = {.count = 1 + findings->stance_count + findings->entity_count};
    records.items = arena_take(arena, records.count * sizeof *records.items);
    struct record *next = records.items;
    *next++ = (struct record){.topic = RECORD_ENRICHED, .key = article->id, .value = form->enriched(&document, arena)};
    for (size_t i = 0; i < findings->stance_count; i++) {
        const struct stance *stance = &findings->stances[i];
        struct view source = document_source(&document, stance).canonical;
        struct view target = document_target(&document, stance, arena).canonical;
        *next++ = (struct record){.topic = RECORD_STANCE,
                                  .key = join_key(source, target, arena),
                                  .value = form->stance(&document, stance, arena),
                                  .source_bytes = source.len,
                                  .polarity = stance->polarity};
    }
    for (size_t i = 0; i < findings->entity_count; i++)
        *next++ = (struct record){.topic = RECORD_ENTITY,
                                  .key = findings->entities[i].name,
                                  .value = form->entity(&document, &findings->entities[i], arena)};
    return records;
}

struct view encode_document(const struct article *article, const struct findings *findings, const char *model_name,
                            struct arena *arena)
{
    struct document document = document_make(article, findings, model_name, arena);
    return encode_json_enriched(&document, arena);
}
