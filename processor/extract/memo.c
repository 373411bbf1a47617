#include "processor/extract/memo.h"

#include "processor/runtime/memory.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { PLACES = 1024, BLOCK_BYTES = 4096 };

struct entry {
    uint64_t hash;
    struct arena *arena; /* NULL: the place is free. Holds all that follows */
    struct extractor_input input;
    struct findings findings;
};

/* An entry stands at the place its hash says; who stood there is forgotten. */
struct memo {
    struct entry entries[PLACES];
    size_t order[PLACES]; /* places in the order they were taken, a ring */
    size_t first, count;
    size_t bytes, limit;
};

struct memo *memo_new(size_t bytes)
{
    if (bytes == 0)
        return NULL;
    struct memo *memo = memory_new(1, sizeof *memo);
    memo->limit = bytes;
    return memo;
}

void memo_free(struct memo *memo)
{
    if (memo == NULL)
        return;
    for (size_t i = 0; i < PLACES; i++)
        arena_free(memo->entries[i].arena);
    free(memo);
}

/* --- the same input ------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(const struct extractor_input *input)
{
    uint64_t hash = XXH3_64bits_withSeed(input->title.data, input->title.len, input->hint_count);
    return XXH3_64bits_withSeed(input->text.data, input->text.len, hash);
}

static bool is_same(const struct extractor_input *a, const struct extractor_input *b)
{
    if (!view_equal(a->text, b->text) || !view_equal(a->title, b->title) || a->hint_count != b->hint_count)
        return false;
    for (size_t i = 0; i < a->hint_count; i++) {
        const struct text_hint *left = &a->hints[i], *right = &b->hints[i];
        if (left->span.start != right->span.start || left->span.end != right->span.end || left->kind != right->kind)
            return false;
    }
    return true;
}

bool memo_find(const struct memo *memo, const struct extractor_input *input, struct findings *out)
{
    if (memo == NULL)
        return false;
    uint64_t hash = hash_of(input);
    const struct entry *entry = &memo->entries[hash % PLACES];
    if (entry->arena == NULL || entry->hash != hash || !is_same(&entry->input, input))
        return false;
    *out = entry->findings;
    out->text = input->text;
    return true;
}

/* --- copies --------------------------------------------------------------------------------------------------------- */

static void *copy_of(struct arena *arena, const void *items, size_t count, size_t item_bytes)
{
    void *copy = arena_take_zeroed(arena, count, item_bytes);
    if (count > 0)
        memcpy(copy, items, count * item_bytes);
    return copy;
}

static struct findings findings_copy(struct arena *arena, struct view text, const struct findings *findings)
{
    struct findings copy = *findings;
    copy.text = text;
    copy.language = arena_copy(arena, findings->language);
    copy.regions = copy_of(arena, findings->regions, findings->region_count, sizeof *copy.regions);
    copy.attributions = copy_of(arena, findings->attributions, findings->attribution_count, sizeof *copy.attributions);
    copy.entities = copy_of(arena, findings->entities, findings->entity_count, sizeof *copy.entities);
    for (size_t i = 0; i < copy.entity_count; i++) {
        struct entity *entity = &copy.entities[i];
        entity->name = arena_copy(arena, entity->name);
        entity->wikidata = arena_copy(arena, entity->wikidata);
        entity->mentions = copy_of(arena, entity->mentions, entity->mention_count, sizeof *entity->mentions);
    }
    copy.stances = copy_of(arena, findings->stances, findings->stance_count, sizeof *copy.stances);
    for (size_t i = 0; i < copy.stance_count; i++) {
        struct stance *stance = &copy.stances[i];
        stance->topic = arena_copy(arena, stance->topic);
        stance->evidence = copy_of(arena, stance->evidence, stance->evidence_count, sizeof *stance->evidence);
    }
    copy.topic_mentions = copy_of(arena, findings->topic_mentions, findings->topic_mention_count, sizeof *copy.topic_mentions);
    for (size_t i = 0; i < copy.topic_mention_count; i++)
        copy.topic_mentions[i].topic = arena_copy(arena, copy.topic_mentions[i].topic);
    return copy;
}

/* --- what is kept --------------------------------------------------------------------------------------------------- */

static void forget(struct memo *memo, struct entry *entry)
{
    if (entry->arena == NULL)
        return;
    memo->bytes -= arena_bytes(entry->arena);
    arena_free(entry->arena);
    *entry = (struct entry){.arena = NULL};
}

static void forget_oldest(struct memo *memo)
{
    forget(memo, &memo->entries[memo->order[memo->first]]);
    memo->first = (memo->first + 1) % PLACES;
    memo->count--;
}

void memo_add(struct memo *memo, const struct extractor_input *input, const struct findings *findings)
{
    if (memo == NULL || input->text.len > memo->limit / 4)
        return;
    struct entry entry = {.hash = hash_of(input), .arena = arena_new(BLOCK_BYTES), .input = *input};
    entry.input.text = arena_copy(entry.arena, input->text);
    entry.input.title = arena_copy(entry.arena, input->title);
    entry.input.hints = copy_of(entry.arena, input->hints, input->hint_count, sizeof *input->hints);
    entry.findings = findings_copy(entry.arena, entry.input.text, findings);
    size_t bytes = arena_bytes(entry.arena), place = entry.hash % PLACES;
    if (bytes > memo->limit / 4) {
        arena_free(entry.arena);
        return;
    }
    forget(memo, &memo->entries[place]);
    while (memo->count > 0 && (memo->bytes + bytes > memo->limit || memo->count == PLACES))
        forget_oldest(memo);
    memo->order[(memo->first + memo->count++) % PLACES] = place;
    memo->entries[place] = entry;
    memo->bytes += bytes;
}

size_t memo_bytes(const struct memo *memo)
{
    return memo != NULL ? memo->bytes : 0;
}
