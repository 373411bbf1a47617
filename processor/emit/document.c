#include "processor/emit/document.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/evp.h>

static struct view sha256_hex(struct view bytes, struct arena *arena)
{
    unsigned char hash[32];
    unsigned hash_bytes = sizeof hash;
    EVP_Digest(bytes.len > 0 ? bytes.data : "", bytes.len, hash, &hash_bytes, EVP_sha256(), NULL);
    char *hex = arena_take(arena, 2 * sizeof hash);
    for (size_t i = 0; i < sizeof hash; i++) {
        hex[2 * i] = "0123456789abcdef"[hash[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[hash[i] & 0xF];
    }
    return (struct view){.data = hex, .len = 2 * sizeof hash};
}

static struct party party_of_entity(const struct document *document, int32_t index)
{
    assert(index >= 0 && (size_t)index < document->findings->entity_count);
    const struct entity *entity = &document->findings->entities[index];
    return (struct party){.id = document->entity_ids[index],
                          .canonical = entity->name,
                          .name = entity->name,
                          .type = view_of(entity_type_name(entity->type)),
                          .wikidata = entity->wikidata};
}

struct document document_make(const struct article *article, const struct findings *findings, const char *model_name,
                              struct arena *arena)
{
    struct document document = {
        .article = article,
        .findings = findings,
        .language = article->language.len > 0 ? article->language : findings->language,
        .sha256 = sha256_hex(findings->text, arena),
        .simhash = arena_print(arena, "%016" PRIx64, findings->simhash),
        .model = view_of(model_name),
        .version = view_of(STANCED_VERSION),
        .entity_ids = arena_take(arena, findings->entity_count * sizeof(struct view)),
        .positions = positions_of(findings->text, arena),
    };
    for (size_t i = 0; i < findings->entity_count; i++)
        document.entity_ids[i] = arena_print(arena, "E%zu", i + 1);
    return document;
}

struct party document_source(const struct document *document, const struct stance *stance)
{
    if (stance->source != FINDINGS_NONE)
        return party_of_entity(document, stance->source);
    struct view author = view_of("author");
    return (struct party){.id = author, .canonical = author, .name = author, .type = view_of("Author")};
}

struct view document_topic(struct view name, struct arena *arena)
{
    return arena_print(arena, "T:%.*s", (int)name.len, name.data);
}

struct party document_target(const struct document *document, const struct stance *stance, struct arena *arena)
{
    if (stance->topic.len == 0)
        return party_of_entity(document, stance->target);
    struct view id = document_topic(stance->topic, arena);
    return (struct party){.id = id, .canonical = id, .name = stance->topic, .type = view_of("Topic")};
}

struct view document_evidence(const struct document *document, const struct stance *stance)
{
    if (stance->evidence_count == 0)
        return (struct view){0};
    struct span span = stance->evidence[0].span;
    return view_slice(document->findings->text, span.start, span.end);
}
