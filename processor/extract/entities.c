#include "processor/extract/entities.h"

#include "processor/extract/antecedents.h"
#include "processor/extract/capitals.h"
#include "processor/extract/groups.h"

#include <stdlib.h>

struct order {
    uint32_t cluster, first_start;
};

static int by_first_mention(const void *left, const void *right)
{
    const struct order *a = left, *b = right;
    if (a->first_start != b->first_start)
        return a->first_start < b->first_start ? -1 : 1;
    return a->cluster < b->cluster ? -1 : a->cluster > b->cluster;
}

static int by_start(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    return a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
}

/* Houses that the news speak of as of who works in them, whatever the tags take them for. */
static bool is_body(struct view seat)
{
    static const char *const bodies[] = {"Blue House", "Downing Street", "Kremlin", "Pentagon", "White House"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (view_equal(seat, view_of(bodies[i])))
            return true;
    return false;
}

static void describe(struct entity *entity, const struct cluster *cluster, const struct knowledge *knowledge,
                     struct arena *arena)
{
    entity->name = cluster->name;
    entity->type = cluster->type;
    if (!knowledge || cluster->known == KNOWN_NONE)
        return;
    struct known known = knowledge_get(knowledge, cluster->known);
    if (known.type == KNOWN_MISC && cluster->type != ENTITY_MISC) /* "Medicare" said so: the agency */
        return;
    entity->is_measure = known.type == KNOWN_MISC;
    entity->name = known.name;
    /* A place that acts like an organisation is its team or its government, which has another identifier; only a country is the
     * same as its government. "Kurdish" is not the Kurds. */
    bool is_other = known.type == KNOWN_LOCATION && known.kind != KNOWN_KIND_COUNTRY && cluster->type == ENTITY_ORGANIZATION;
    if (known.kind == KNOWN_KIND_SEAT && is_body(entity->name))
        entity->type = ENTITY_ORGANIZATION;
    if (known.type == KNOWN_PERSON)
        entity->type = ENTITY_PERSON;
    entity->is_people = known.kind == KNOWN_KIND_DEMONYM;
    entity->is_state = known.kind == KNOWN_KIND_COUNTRY;
    memcpy(entity->country, known.country, sizeof entity->country);
    bool is_adjective = known.kind == KNOWN_KIND_GROUP && !cluster->has_plural;
    if (known.is_own || (!is_other && !is_adjective))
        entity->wikidata = arena_copy(arena, view_of(known.wikidata));
}

/* Renumbers marks and attributions from clusters to entities and collects each entity's mentions. */
static void collect_mentions(struct reading *reading, struct entities *entities, const int32_t *entity_of)
{
    for (size_t i = 0; i < reading->mark_count; i++) {
        struct mark *mark = &reading->marks[i];
        if (mark->entity == NOWHERE)
            continue;
        mark->entity = entity_of[mark->entity];
        entities->items[mark->entity].mention_count += !mark->is_saying;
    }
    for (size_t e = 0; e < entities->count; e++) {
        struct entity *entity = &entities->items[e];
        entity->mentions = arena_take_zeroed(reading->arena, entity->mention_count + 1, sizeof *entity->mentions);
        entity->mention_count = 0;
    }
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->entity == NOWHERE || mark->is_saying)
            continue;
        struct entity *entity = &entities->items[mark->entity];
        entity->mentions[entity->mention_count++] =
            (struct mention){.span = mark->span, .kind = mark->kind, .score = mark->score};
    }
    for (size_t e = 0; e < entities->count; e++)
        qsort(entities->items[e].mentions, entities->items[e].mention_count, sizeof *entities->items[e].mentions, by_start);
    for (size_t i = 0; i < reading->attribution_count; i++)
        if (reading->attributions[i].entity != NOWHERE)
            reading->attributions[i].entity = entity_of[reading->attributions[i].entity];
}

struct entities entities_of(struct reading *reading, const struct knowledge *knowledge)
{
    struct clusters clusters = clusters_of(reading, knowledge);
    groups_settle(reading, &clusters, knowledge);
    capitals_settle(reading, &clusters, knowledge);
    antecedents_set(reading, &clusters, knowledge);
    struct order *order = arena_take_zeroed(reading->arena, clusters.count + 1, sizeof *order);
    struct entities entities = {0};
    for (size_t i = 0; i < clusters.count; i++)
        if (clusters.items[i].mark_count > 0)
            order[entities.count++] = (struct order){.cluster = (uint32_t)i, .first_start = clusters.items[i].first_start};
    qsort(order, entities.count, sizeof *order, by_first_mention);

    entities.items = arena_take_zeroed(reading->arena, clusters.count + 1, sizeof *entities.items);
    int32_t *entity_of = arena_take_zeroed(reading->arena, clusters.count + 1, sizeof *entity_of);
    for (size_t i = 0; i < entities.count; i++) {
        entity_of[order[i].cluster] = (int32_t)i;
        describe(&entities.items[i], &clusters.items[order[i].cluster], knowledge, reading->arena);
    }
    collect_mentions(reading, &entities, entity_of);
    return entities;
}

/* --- which are kept -------------------------------------------------------------------------------------------------- */

struct place {
    uint32_t index, start;
};

static int by_place(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

void entities_keep(struct reading *reading, struct entities *entities, struct stances *stances)
{
    bool *is_target = arena_take_zeroed(reading->arena, entities->count + 1, sizeof *is_target);
    struct place *places = arena_take_zeroed(reading->arena, entities->count + 1, sizeof *places);
    struct entity *kept = arena_take_zeroed(reading->arena, entities->count + 1, sizeof *kept);
    int32_t *moved = arena_take_zeroed(reading->arena, entities->count + 1, sizeof *moved);
    size_t count = 0;
    for (size_t i = 0; i < stances->count; i++)
        if (stances->items[i].target != FINDINGS_NONE)
            is_target[stances->items[i].target] = true;
    for (size_t i = 0; i < entities->count; i++) {
        moved[i] = FINDINGS_NONE;
        bool is_named = i < reading->first_issue && (entities->items[i].salience > 0 || !reading->has_prose);
        if (is_named || is_target[i] || (i >= reading->first_issue && entities->items[i].is_measure))
            places[count++] = (struct place){.index = (uint32_t)i, .start = entities->items[i].mentions[0].span.start};
    }
    qsort(places, count, sizeof *places, by_place);
    for (size_t i = 0; i < count; i++) {
        kept[i] = entities->items[places[i].index];
        moved[places[i].index] = (int32_t)i;
    }
    *entities = (struct entities){.items = kept, .count = count};
    for (size_t i = 0; i < stances->count; i++) {
        struct stance *stance = &stances->items[i];
        stance->source = stance->source == FINDINGS_NONE ? FINDINGS_NONE : moved[stance->source];
        stance->target = stance->target == FINDINGS_NONE ? FINDINGS_NONE : moved[stance->target];
    }
    for (size_t i = 0; i < reading->attribution_count; i++)
        if (reading->attributions[i].entity != FINDINGS_NONE)
            reading->attributions[i].entity = moved[reading->attributions[i].entity];
}
