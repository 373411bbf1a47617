#include "processor/extract/antecedents.h"

#include "processor/extract/attributions.h"
#include "processor/extract/marks.h"
#include "processor/extract/nominals.h"

/* --- attributions --------------------------------------------------------------------------------------------------- */

/* Whether the byte `at` of an attribution's content stands within quotation marks. */
static bool is_quoted(const struct reading *reading, const struct attribution *attribution, uint32_t at)
{
    if (attribution->kind == ATTRIBUTION_DIRECT)
        return true;
    bool is_open = false;
    for (uint32_t i = attribution->content.start; i < at; i++) {
        struct view quote = view_slice(reading->text, i, i + 3 < at ? i + 3 : at);
        if (quote.data[0] == '"')
            is_open = !is_open;
        else if (view_equal(quote, view_of("\xE2\x80\x9C"))) /* U+201C, and U+201D */
            is_open = true;
        else if (view_equal(quote, view_of("\xE2\x80\x9D")))
            is_open = false;
    }
    return is_open;
}

static void mark_quoted(struct nominals *nominals, const struct attribution *attribution, int32_t speaker)
{
    const struct reading *reading = nominals->discourse.reading;
    for (size_t i = reading_first_mark(reading, attribution->content.start);
         i < reading->mark_count && reading->marks[i].span.start < attribution->content.end; i++) {
        const struct mark *mark = &reading->marks[i];
        if (!reading->sentences[mark->sentence].is_prose)
            break;
        if (mark->kind == MENTION_PRONOUN && is_quoted(reading, attribution, mark->span.start))
            nominals->discourse.quoted_by[i] = speaker;
    }
}

static void mark_sources(struct nominals *nominals)
{
    struct reading *reading = nominals->discourse.reading;
    nominals->discourse.source_of = arena_take_zeroed(reading->arena, reading->mark_count + 1, sizeof *nominals->discourse.source_of);
    nominals->discourse.quoted_by = arena_take_zeroed(reading->arena, reading->mark_count + 1, sizeof *nominals->discourse.quoted_by);
    for (size_t i = 0; i < reading->mark_count; i++)
        nominals->discourse.source_of[i] = nominals->discourse.quoted_by[i] = NOWHERE;
    for (size_t i = 0; i < reading->attribution_count; i++) {
        struct span source = reading->attributions[i].source;
        if (source.start == source.end)
            continue;
        size_t first = reading_first_mark(reading, source.start), end = first;
        while (end < reading->mark_count && reading->marks[end].span.start < source.end &&
               reading->marks[end].span.start >= source.start)
            end++;
        int32_t mark = attributions_source_mark(reading, source, first, end);
        if (mark == NOWHERE)
            continue;
        nominals->discourse.source_of[mark] = (int32_t)i;
        mark_quoted(nominals, &reading->attributions[i], mark);
    }
}

/* Gives attributions the entities of their sources' marks; every part of a discontinuous content shares its source. */
static void settle_attributions(struct nominals *nominals)
{
    struct reading *reading = nominals->discourse.reading;
    for (size_t i = 0; i < reading->mark_count; i++)
        if (nominals->discourse.source_of[i] != NOWHERE)
            reading->attributions[nominals->discourse.source_of[i]].entity = reading->marks[i].entity;
    for (size_t i = 1; i < reading->attribution_count; i++) {
        struct attribution *attribution = &reading->attributions[i];
        for (size_t k = i; k-- > 0 && i - k < 8;) {
            struct attribution *other = &reading->attributions[k];
            if (other->source.start != attribution->source.start || other->source.start == other->source.end)
                continue;
            if (attribution->entity == NOWHERE)
                attribution->entity = other->entity;
            else
                other->entity = attribution->entity;
        }
    }
}

static uint32_t content_bytes(const struct reading *reading, int32_t attribution)
{
    struct span content = reading->attributions[attribution].content;
    return content.end - content.start;
}

/* What is said is not the article's own; "I", "we" inside a quotation are its speaker. */
static void settle_contents(struct nominals *nominals)
{
    struct reading *reading = nominals->discourse.reading;
    for (size_t i = 0; i < reading->attribution_count; i++) {
        const struct attribution *attribution = &reading->attributions[i];
        bool is_speech = attribution->entity != NOWHERE && attribution->kind != ATTRIBUTION_INDIRECT;
        for (size_t k = reading_first_mark(reading, attribution->content.start);
             k < reading->mark_count && reading->marks[k].span.start < attribution->content.end; k++) {
            struct mark *mark = &reading->marks[k];
            if (!reading->sentences[mark->sentence].is_prose)
                break;
            if (mark->attribution == NOWHERE || content_bytes(reading, (int32_t)i) < content_bytes(reading, mark->attribution))
                mark->attribution = (int32_t)i;
            if (is_speech && mark->kind == MENTION_PRONOUN && marks_is_first_person(reading_view(reading, mark->span)))
                mark->entity = attribution->entity;
        }
    }
}

/* Whoever is "he" in one place and "she" in another, because the name does not tell, is what most of these places say. */
static char *genders_of(struct nominals *nominals)
{
    struct reading *reading = nominals->discourse.reading;
    const struct clusters *clusters = nominals->discourse.clusters;
    struct counts { uint32_t women, men; } *counts = arena_take_zeroed(reading->arena, clusters->count + 1, sizeof *counts);
    char *genders = arena_take_zeroed(reading->arena, clusters->count + 1, 1);
    bool has_women = false, has_men = false;
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        char gender = mark->kind == MENTION_PRONOUN ? marks_gender(reading_view(reading, mark->span)) : 0;
        has_women |= gender == 'f';
        has_men |= gender == 'm';
    }
    if (!has_women || !has_men)
        return NULL;
    const struct pronouns_listener *listener = reading->listener;
    reading->listener = NULL; /* this is not yet said */
    for (size_t i = 0; i < reading->mark_count; i++) {
        struct mark *mark = &reading->marks[i];
        char gender = mark->kind == MENTION_PRONOUN ? marks_gender(reading_view(reading, mark->span)) : 0;
        if (!gender || !reading->sentences[mark->sentence].is_prose)
            continue;
        mark->entity = pronouns_antecedent(&nominals->discourse, i);
        if (mark->entity == NOWHERE || clusters->items[mark->entity].gender)
            continue;
        struct counts *own = &counts[mark->entity];
        own->women += gender == 'f';
        own->men += gender == 'm';
        genders[mark->entity] = own->women > own->men ? 'f' : own->men > own->women ? 'm' : 0;
    }
    reading->listener = listener;
    return genders;
}

/* "the |Swiss company", once it is known which: the people have no part in what is said of it. */
static void take_in_people(struct reading *reading, size_t at)
{
    struct mark *mark = &reading->marks[at], *end = reading->marks + reading->mark_count;
    for (struct mark *inner = mark + 1; inner < end && inner->span.end <= mark->span.end; inner++)
        inner->is_within = inner->is_within || (inner->kind == MENTION_NAME && inner->type == ENTITY_NORP);
}

void antecedents_set(struct reading *reading, const struct clusters *clusters, const struct knowledge *knowledge)
{
    struct nominals nominals = {.discourse = {.reading = reading, .clusters = clusters}, .knowledge = knowledge};
    mark_sources(&nominals);
    nominals_prepare(&nominals);
    nominals.discourse.genders = genders_of(&nominals);
    for (size_t i = 0; i < reading->mark_count; i++) {
        struct mark *mark = &reading->marks[i];
        if (!reading->sentences[mark->sentence].is_prose)
            break;
        if (mark->kind == MENTION_NAME || mark->is_group || marks_is_first_person(reading_view(reading, mark->span)))
            continue;
        if (mark->kind == MENTION_PRONOUN)
            mark->entity = pronouns_antecedent(&nominals.discourse, i);
        else
            mark->entity = nominals_antecedent(&nominals, i);
        if (mark->kind != MENTION_PRONOUN && mark->entity != NOWHERE)
            take_in_people(reading, i);
    }
    settle_attributions(&nominals);
    settle_contents(&nominals);
}
