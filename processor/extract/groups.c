#include "processor/extract/groups.h"

#include "processor/extract/table.h"
#include "processor/text/words.h"

#include <xxhash.h>

enum { WORD_BYTES = 32, BETWEEN_MOST = 2 };

/* Bodies and people that are named after a person. Not who speaks for him: his lawyers, his team. */
static const char *const bodies[] = {"administration", "campaign", "government", "cabinet"};
static const char *const people[] = {"supporters", "aides",  "allies",    "officials", "advisers",   "advisors", "backers",   "appointees",
                                     "voters",     "critics", "loyalists", "opponents", "surrogates", "donors",   "associates"};
static const char *const between[] = {"re-election", "reelection", "presidential", "transition", "senior",   "top",
                                      "former",      "close",      "closest",      "political",  "election", "own"};

/* Through whom a state acts. */
static const char *const organs[] = {"army",  "authorities", "diplomats", "forces",      "government", "leaders", "leadership",
                                     "military", "negotiators", "officials", "regime", "troops"};

static enum entity_type type_of(struct view head)
{
    if (words_is_listed(head, bodies, sizeof bodies / sizeof *bodies))
        return ENTITY_ORGANIZATION;
    return words_is_listed(head, people, sizeof people / sizeof *people) ? ENTITY_NORP : ENTITY_TYPE_COUNT;
}

static bool is_head(struct view word, bool is_state)
{
    return is_state ? words_is_listed(word, organs, sizeof organs / sizeof *organs) : type_of(word) != ENTITY_TYPE_COUNT;
}

/* The small word that starts at `at`, empty if there is none. */
static struct view word_at(struct view text, size_t at)
{
    size_t end = at;
    while (end < text.len && ((text.data[end] >= 'a' && text.data[end] <= 'z') || (text.data[end] == '-' && end > at)))
        end++;
    return view_slice(text, at, end);
}

/* The head of the group that is named after the name [.., end), empty if there is none: "aides" behind "Trump" or "Trump's former". */
static struct view head_behind(struct view text, size_t end, bool is_state)
{
    static const char *const possessives[] = {"'s", "\xE2\x80\x99s"};
    for (size_t i = 0; i < sizeof possessives / sizeof *possessives; i++)
        if (view_starts_with(view_slice(text, end, text.len), view_of(possessives[i])))
            end += strlen(possessives[i]);
    for (size_t words = 0; words <= BETWEEN_MOST && end < text.len && text.data[end] == ' '; words++) {
        struct view word = word_at(text, end + 1);
        if (is_head(word, is_state))
            return word;
        if (!words_is_listed(word, between, sizeof between / sizeof *between))
            break;
        end += 1 + word.len;
    }
    return (struct view){0};
}

void groups_add(struct reading *reading, size_t first_mark)
{
    size_t name_end = reading->mark_count;
    for (size_t i = first_mark; i < name_end; i++) {
        struct mark *name = &reading->marks[i];
        const struct sentence *sentence = &reading->sentences[name->sentence];
        bool is_state = name->type == ENTITY_NORP;
        if (name->kind != MENTION_NAME || name->span.end > sentence->span.end || (name->type != ENTITY_PERSON && !is_state))
            continue;
        struct view head = head_behind(view_slice(reading->text, 0, sentence->span.end), name->span.end, is_state);
        if (head.len == 0)
            continue;
        name->is_within = !is_state; /* of others it shows when they are settled */
        struct mark group = {.span = {name->span.start, (uint32_t)(head.data + head.len - reading->text.data)},
                             .sentence = name->sentence,
                             .kind = MENTION_NOMINAL,
                             .type = is_state ? ENTITY_LOCATION : type_of(head),
                             .score = name->score,
                             .is_group = true,
                             .is_state = is_state,
                             .entity = NOWHERE,
                             .attribution = NOWHERE};
        reading->marks = reading_room(reading->arena, reading->marks, reading->mark_count, &reading->mark_room, sizeof group);
        reading->marks[reading->mark_count++] = group;
    }
}

/* --- settling ------------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(struct view owner, struct view head)
{
    char buffer[WORD_BYTES];
    struct view lower = words_lower(head, buffer, sizeof buffer);
    return XXH3_64bits_withSeed(lower.data, lower.len, XXH3_64bits(owner.data, owner.len));
}

static struct clusters with_room(const struct clusters *clusters, size_t more, struct arena *arena)
{
    struct clusters larger = {.items = arena_take_zeroed(arena, clusters->count + more + 1, sizeof *larger.items), .count = clusters->count};
    if (clusters->count > 0)
        memcpy(larger.items, clusters->items, clusters->count * sizeof *larger.items);
    return larger;
}

/* The name mark within the group mark at `at`: the two start together, names first. */
static struct mark *name_within(const struct reading *reading, size_t at)
{
    uint32_t start = reading->marks[at].span.start;
    while (at > 0 && !(reading->marks[at].kind == MENTION_NAME && reading->marks[at].span.start == start))
        at--;
    return &reading->marks[at];
}

static uint32_t new_cluster(struct clusters *clusters, struct view owner, struct view head, const struct mark *group, struct arena *arena)
{
    uint32_t index = (uint32_t)clusters->count++;
    clusters->items[index] = (struct cluster){
        .name = arena_print(arena, "%.*s %.*s", (int)owner.len, owner.data, (int)head.len, head.data),
        .words = {owner, head},
        .word_count = 2,
        .type = group->type,
        .known = KNOWN_NONE,
        .first_start = group->span.start};
    return index;
}

/* "Russian officials" are Russia, and "Russian" has no part of its own then; "Kurdish forces" are nobody. A country is looked for once. */
static void settle_state(struct clusters *clusters, const struct knowledge *knowledge, struct table *countries, struct mark *group, struct mark *name)
{
    uint32_t known = clusters->items[name->entity].known;
    if (!knowledge || known == KNOWN_NONE || knowledge_get(knowledge, known).kind != KNOWN_KIND_DEMONYM)
        return;
    uint32_t country = knowledge_country(knowledge, known);
    if (country == KNOWN_NONE)
        return;
    uint64_t hash = XXH3_64bits(&country, sizeof country);
    uint32_t place = table_first(countries, hash), index = place ? countries->items[place - 1] : clusters_country(clusters, country, knowledge);
    if (!place)
        table_add(countries, hash, index);
    struct cluster *cluster = &clusters->items[index];
    cluster->mark_count++;
    cluster->first_start = group->span.start < cluster->first_start ? group->span.start : cluster->first_start;
    group->entity = (int32_t)index;
    name->is_within = true;
}

void groups_settle(struct reading *reading, struct clusters *clusters, const struct knowledge *knowledge)
{
    size_t groups = 0;
    for (size_t i = 0; i < reading->mark_count; i++)
        groups += reading->marks[i].is_group;
    if (groups == 0)
        return;
    *clusters = with_room(clusters, groups, reading->arena);
    struct table table = table_new(reading->arena, clusters->count + groups + 1), countries = table_new(reading->arena, groups + 1);
    for (size_t i = 0; i < clusters->count; i++) {
        const struct cluster *cluster = &clusters->items[i];
        if (cluster->word_count > 1)
            table_add(&table, hash_of(cluster->words[cluster->word_count - 2], cluster->words[cluster->word_count - 1]), (uint32_t)i);
    }
    for (size_t i = 0; i < reading->mark_count; i++) {
        struct mark *group = &reading->marks[i];
        if (!group->is_group)
            continue;
        struct mark *name = name_within(reading, i);
        if (group->is_state) {
            settle_state(clusters, knowledge, &countries, group, name);
            continue;
        }
        const struct cluster *person = &clusters->items[name->entity];
        struct view owner = person->words[person->word_count - 1], head = words_last(reading_view(reading, group->span));
        uint64_t hash = hash_of(owner, head);
        uint32_t place = table_first(&table, hash);
        group->entity = (int32_t)(place ? table.items[place - 1] : new_cluster(clusters, owner, head, group, reading->arena));
        if (!place)
            table_add(&table, hash, (uint32_t)group->entity);
        clusters->items[group->entity].mark_count++;
    }
}
