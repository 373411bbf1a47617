#include "processor/extract/clusters.h"

#include "processor/extract/marks.h"
#include "processor/text/utf8.h"

#include <stdlib.h>
#include <strings.h>
#include <xxhash.h>

enum { CANDIDATES_MOST = 8, WORD_BYTES = 64 };

/* One way of writing a name, with all marks that are written so. */
struct form {
    struct view name;
    struct view words[CLUSTER_WORDS];
    size_t word_count;
    enum entity_type type;
    float votes[ENTITY_TYPE_COUNT];
    size_t mark_count;
    uint32_t first_start;
    uint32_t known;
    bool known_is_weak; /* by a last name or an ambiguous word only */
    uint32_t cluster;
};

/* A chained table from the hash of a string to items that have it. */
struct table {
    uint32_t *heads; /* [size], index + 1, or 0 */
    uint32_t *next;  /* [room], the same */
    uint32_t *items; /* [room] */
    uint64_t *hashes;
    size_t size, count, room;
};

struct gathering {
    struct reading *reading;
    const struct knowledge *knowledge;
    struct form *forms;
    size_t form_count;
    uint32_t *form_of; /* [mark_count] */
    struct clusters clusters;
    struct table by_word; /* clusters by the first and last words of their names, their acronyms, and known entities */
};

static struct table table_new(struct arena *arena, size_t room)
{
    struct table table = {.size = 64, .room = room};
    while (table.size < room * 2)
        table.size *= 2;
    table.heads = arena_take_zeroed(arena, table.size, sizeof *table.heads);
    table.next = arena_take_zeroed(arena, room + 1, sizeof *table.next);
    table.items = arena_take_zeroed(arena, room + 1, sizeof *table.items);
    table.hashes = arena_take_zeroed(arena, room + 1, sizeof *table.hashes);
    return table;
}

static void table_add(struct table *table, uint64_t hash, uint32_t item)
{
    if (table->count == table->room)
        return;
    size_t slot = hash & (table->size - 1), at = table->count++;
    table->items[at] = item;
    table->hashes[at] = hash;
    table->next[at] = table->heads[slot];
    table->heads[slot] = (uint32_t)at + 1;
}

static uint64_t hash_of(struct view word, uint64_t kind)
{
    char buffer[WORD_BYTES];
    struct view lower = marks_lower(word, buffer, sizeof buffer);
    return XXH3_64bits_withSeed(lower.data, lower.len, kind);
}

enum { HASH_FORM, HASH_FIRST, HASH_LAST, HASH_ACRONYM, HASH_KNOWN };

/* --- forms --------------------------------------------------------------------------------------------------------- */

static bool ends_with(struct view text, const char *end)
{
    size_t length = strlen(end);
    return text.len > length && memcmp(text.data + text.len - length, end, length) == 0;
}

/* A name without the article before and the possessive behind it. */
static struct view bare(struct view name)
{
    if (name.len > 4 && strncasecmp(name.data, "the ", 4) == 0)
        name = view_slice(name, 4, name.len);
    static const char *const possessives[] = {"'s", "\xE2\x80\x99s", "'", "\xE2\x80\x99"};
    for (size_t i = 0; i < sizeof possessives / sizeof *possessives; i++)
        if (ends_with(name, possessives[i]))
            return view_slice(name, 0, name.len - strlen(possessives[i]));
    return name;
}

static size_t split_words(struct view name, struct view words[CLUSTER_WORDS])
{
    size_t count = 0, at = 0;
    while (at < name.len && count < CLUSTER_WORDS) {
        size_t start = at;
        while (at < name.len) {
            size_t next = at;
            if (utf8_is_space(utf8_next(name, &next)))
                break;
            at = next;
        }
        if (at > start)
            words[count++] = view_slice(name, start, at);
        if (at < name.len)
            utf8_next(name, &at);
    }
    return count;
}

static bool same_word(struct view a, struct view b)
{
    return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

static bool type_fits(enum known_type known, enum entity_type type)
{
    switch (known) {
    case KNOWN_PERSON:
        return type == ENTITY_PERSON;
    case KNOWN_ORGANIZATION:
        return type == ENTITY_ORGANIZATION || type == ENTITY_PRODUCT || type == ENTITY_FACILITY;
    case KNOWN_LOCATION:
        return type == ENTITY_LOCATION || type == ENTITY_ORGANIZATION || type == ENTITY_FACILITY;
    case KNOWN_NORP:
        return type == ENTITY_NORP;
    case KNOWN_FACILITY:
        return type == ENTITY_FACILITY || type == ENTITY_LOCATION || type == ENTITY_ORGANIZATION;
    default:
        return false;
    }
}

/* A candidate is taken from this chance on: identifiers must be right before they are many. */
static const float known_least = 0.5f;
/* From this chance on a candidate outweighs the tags where they disagree: "Warsaw" is no person. */
static const float known_sure = 0.8f;

/* The type of what the name is sure to mean, if the tags' type cannot be right; else the tags' type. */
static enum entity_type corrected_type(const struct form *form, const struct knowledge *knowledge)
{
    static const enum entity_type types[KNOWN_TYPE_COUNT] = {ENTITY_PERSON, ENTITY_ORGANIZATION, ENTITY_LOCATION, ENTITY_NORP,
                                                             ENTITY_FACILITY};
    struct known_candidate candidate;
    if (!knowledge || form->type >= ENTITY_DATE || knowledge_find(knowledge, form->name, &candidate, 1) == 0)
        return form->type;
    struct known known = knowledge_get(knowledge, candidate.entry);
    bool is_sure = candidate.prior >= known_sure && !(candidate.flags & (KNOWN_LAST_NAME | KNOWN_AMBIGUOUS | KNOWN_FOLDED));
    return is_sure && !type_fits(known.type, form->type) ? types[known.type] : form->type;
}

static void look_up(struct form *form, const struct knowledge *knowledge)
{
    form->known = KNOWN_NONE;
    if (!knowledge || form->type >= ENTITY_DATE)
        return;
    struct known_candidate candidates[CANDIDATES_MOST];
    size_t count = knowledge_find(knowledge, form->name, candidates, CANDIDATES_MOST);
    for (size_t i = 0; i < count; i++) {
        struct known known = knowledge_get(knowledge, candidates[i].entry);
        if (!type_fits(known.type, form->type))
            continue;
        form->known_is_weak = (candidates[i].flags & (KNOWN_LAST_NAME | KNOWN_AMBIGUOUS | KNOWN_FOLDED)) != 0;
        if (candidates[i].prior < known_least || (known.type == KNOWN_PERSON && form->word_count < 2))
            return;
        form->known = candidates[i].entry;
        return;
    }
}

static enum entity_type best_type(const float *votes)
{
    size_t best = 0;
    for (size_t i = 1; i < ENTITY_TYPE_COUNT; i++)
        if (votes[i] > votes[best])
            best = i;
    return (enum entity_type)best;
}

static void collect_forms(struct gathering *gathering)
{
    struct reading *reading = gathering->reading;
    gathering->forms = arena_take_zeroed(reading->arena, reading->mark_count + 1, sizeof *gathering->forms);
    gathering->form_of = arena_take_zeroed(reading->arena, reading->mark_count + 1, sizeof *gathering->form_of);
    struct table table = table_new(reading->arena, reading->mark_count + 1);
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->kind != MENTION_NAME)
            continue;
        struct view name = bare(reading_view(reading, mark->span));
        uint64_t hash = XXH3_64bits_withSeed(name.data, name.len, HASH_FORM);
        uint32_t at = table.heads[hash & (table.size - 1)];
        while (at && !(table.hashes[at - 1] == hash && view_equal(gathering->forms[table.items[at - 1]].name, name)))
            at = table.next[at - 1];
        uint32_t index = at ? table.items[at - 1] : (uint32_t)gathering->form_count;
        struct form *form = &gathering->forms[index];
        if (!at) {
            gathering->form_count++;
            table_add(&table, hash, index);
            form->name = name;
            form->word_count = split_words(name, form->words);
            form->first_start = mark->span.start;
        }
        form->votes[mark->type] += mark->score;
        form->mark_count++;
        gathering->form_of[i] = index;
        if (mark->span.start < form->first_start)
            form->first_start = mark->span.start;
    }
    for (size_t i = 0; i < gathering->form_count; i++) {
        struct form *form = &gathering->forms[i];
        form->type = best_type(form->votes);
        enum entity_type type = corrected_type(form, gathering->knowledge);
        if (type != form->type)
            form->votes[type] += 2 * form->votes[form->type];
        form->type = type;
        look_up(form, gathering->knowledge);
    }
}

/* --- joining ------------------------------------------------------------------------------------------------------- */

static bool is_organization_like(enum entity_type type)
{
    return type == ENTITY_ORGANIZATION || type == ENTITY_FACILITY || type == ENTITY_PRODUCT || type == ENTITY_MISC;
}

/* The capitals of a name, small words left out: "European Union" -> "EU". */
static size_t acronym_of(const struct view *words, size_t count, char *buffer, size_t room)
{
    size_t length = 0;
    for (size_t i = 0; i < count && length < room; i++)
        if (words[i].data[0] >= 'A' && words[i].data[0] <= 'Z')
            buffer[length++] = words[i].data[0];
    return length;
}

static struct view without_dots(struct view word, char *buffer, size_t room)
{
    size_t length = 0;
    for (size_t i = 0; i < word.len && length < room; i++)
        if (word.data[i] != '.')
            buffer[length++] = word.data[i];
    return (struct view){.data = buffer, .len = length};
}

static bool person_fits(const struct form *form, const struct cluster *cluster)
{
    struct view last = form->words[form->word_count - 1];
    if (form->word_count == 1)
        return same_word(last, cluster->words[cluster->word_count - 1]) || same_word(last, cluster->words[0]);
    return same_word(last, cluster->words[cluster->word_count - 1]) && form->words[0].data[0] == cluster->words[0].data[0] &&
           (form->words[0].len <= 2 || same_word(form->words[0], cluster->words[0]));
}

static bool is_part(const struct form *form, const struct cluster *cluster, size_t from)
{
    for (size_t i = 0; i < form->word_count; i++)
        if (!same_word(form->words[i], cluster->words[from + i]))
            return false;
    return true;
}

static bool organization_fits(const struct form *form, const struct cluster *cluster)
{
    if (form->word_count >= cluster->word_count)
        return false;
    return is_part(form, cluster, 0) || is_part(form, cluster, cluster->word_count - form->word_count);
}

/* The tags may take a company's short name for a person's: "Halden" beside "Halden Shipping". */
static bool fits_after_all(const struct form *form, const struct cluster *cluster)
{
    return form->type == ENTITY_PERSON && form->word_count == 1 && form->known == KNOWN_NONE && form->words[0].len >= 4 &&
           cluster->type == ENTITY_ORGANIZATION && cluster->word_count > 1 && same_word(form->words[0], cluster->words[0]);
}

static bool fits(const struct form *form, const struct cluster *cluster)
{
    if (form->known != KNOWN_NONE && cluster->known != KNOWN_NONE)
        return form->known == cluster->known;
    if (form->word_count == cluster->word_count && is_part(form, cluster, 0))
        return form->type == cluster->type || is_organization_like(form->type) == is_organization_like(cluster->type);
    if (form->type >= ENTITY_DATE || cluster->type >= ENTITY_DATE)
        return false;
    if (form->type == ENTITY_PERSON && cluster->type == ENTITY_PERSON)
        return person_fits(form, cluster);
    if (!is_organization_like(cluster->type) || form->type == ENTITY_PERSON || form->type == ENTITY_NORP)
        return false;
    char acronym[CLUSTER_WORDS], letters[CLUSTER_WORDS];
    size_t length = acronym_of(cluster->words, cluster->word_count, acronym, sizeof acronym);
    struct view word = without_dots(form->words[0], letters, sizeof letters);
    if (form->word_count == 1 && length >= 2 && word.len == length && strncasecmp(word.data, acronym, length) == 0 &&
        word.data[1] == acronym[1])
        return true;
    return is_organization_like(form->type) && organization_fits(form, cluster);
}

/* The best cluster that the form fits by `test`: the one named most often among those filed under one of its words. */
static uint32_t find_cluster(const struct gathering *gathering, const struct form *form,
                             bool (*test)(const struct form *, const struct cluster *))
{
    const struct table *table = &gathering->by_word;
    uint64_t hashes[5];
    size_t count = 0;
    struct view first = form->words[0], last = form->words[form->word_count - 1];
    char letters[CLUSTER_WORDS];
    hashes[count++] = hash_of(first, HASH_FIRST);
    hashes[count++] = hash_of(last, HASH_LAST);
    if (form->word_count == 1) {
        hashes[count++] = hash_of(without_dots(first, letters, sizeof letters), HASH_ACRONYM);
    }
    if (form->known != KNOWN_NONE)
        hashes[count++] = XXH3_64bits_withSeed(&form->known, sizeof form->known, HASH_KNOWN);
    uint32_t best = UINT32_MAX;
    for (size_t h = 0; h < count; h++) {
        size_t looked = 0;
        for (uint32_t at = table->heads[hashes[h] & (table->size - 1)]; at && looked < 64; at = table->next[at - 1], looked++) {
            uint32_t index = table->items[at - 1];
            const struct cluster *cluster = &gathering->clusters.items[index];
            if (table->hashes[at - 1] != hashes[h] || !test(form, cluster))
                continue;
            if (best == UINT32_MAX || cluster->mark_count > gathering->clusters.items[best].mark_count)
                best = index;
        }
    }
    return best;
}

static uint32_t new_cluster(struct gathering *gathering, const struct form *form)
{
    uint32_t index = (uint32_t)gathering->clusters.count++;
    struct cluster *cluster = &gathering->clusters.items[index];
    *cluster = (struct cluster){.name = form->name,
                                .word_count = form->word_count,
                                .type = form->type,
                                .known = form->known_is_weak && form->word_count < 2 ? KNOWN_NONE : form->known,
                                .first_start = form->first_start};
    memcpy(cluster->words, form->words, sizeof cluster->words);
    struct table *table = &gathering->by_word;
    table_add(table, hash_of(form->words[0], HASH_FIRST), index);
    table_add(table, hash_of(form->words[0], HASH_LAST), index); /* a form of one word may be the first or the last */
    table_add(table, hash_of(form->words[form->word_count - 1], HASH_LAST), index);
    char acronym[CLUSTER_WORDS];
    size_t length = acronym_of(form->words, form->word_count, acronym, sizeof acronym);
    if (length >= 2)
        table_add(table, hash_of((struct view){.data = acronym, .len = length}, HASH_ACRONYM), index);
    if (form->known != KNOWN_NONE)
        table_add(table, XXH3_64bits_withSeed(&form->known, sizeof form->known, HASH_KNOWN), index);
    return index;
}

static void join(struct gathering *gathering, struct form *form)
{
    if (form->word_count == 0) { /* nothing but a possessive: cannot be named, but must stand somewhere */
        form->words[0] = form->name;
        form->word_count = 1;
    }
    uint32_t index = find_cluster(gathering, form, fits);
    if (index == UINT32_MAX)
        index = find_cluster(gathering, form, fits_after_all);
    if (index == UINT32_MAX)
        index = new_cluster(gathering, form);
    struct cluster *cluster = &gathering->clusters.items[index];
    form->cluster = index;
    cluster->mark_count += form->mark_count;
    if (cluster->known == KNOWN_NONE && !form->known_is_weak)
        cluster->known = form->known;
    for (size_t t = 0; t < ENTITY_TYPE_COUNT; t++)
        cluster->votes[t] += form->votes[t] * (float)form->word_count;
    if (form->first_start < cluster->first_start)
        cluster->first_start = form->first_start;
}

static int fuller_first(const void *left, const void *right)
{
    const struct form *a = *(struct form *const *)left, *b = *(struct form *const *)right;
    if (a->word_count != b->word_count)
        return a->word_count > b->word_count ? -1 : 1;
    if (a->mark_count != b->mark_count)
        return a->mark_count > b->mark_count ? -1 : 1;
    if (a->first_start != b->first_start)
        return a->first_start < b->first_start ? -1 : 1;
    return 0;
}

/* "Mr Kato", "Spokeswoman Ana Lind": the word before a person's name. */
static void read_titles(struct gathering *gathering)
{
    const struct reading *reading = gathering->reading;
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->kind != MENTION_NAME || mark->type != ENTITY_PERSON || mark->span.start < 3)
            continue;
        size_t end = mark->span.start - 1;
        if (reading->text.data[end] != ' ')
            continue;
        if (reading->text.data[end - 1] == '.')
            end--;
        size_t start = end;
        while (start > 0 && end - start < 16 && reading->text.data[start - 1] != ' ' && reading->text.data[start - 1] != '\n')
            start--;
        char gender = marks_gender(view_slice(reading->text, start, end));
        struct cluster *cluster = &gathering->clusters.items[mark->entity];
        if (gender && !cluster->gender)
            cluster->gender = gender;
    }
}

struct clusters clusters_of(struct reading *reading, const struct knowledge *knowledge)
{
    struct gathering gathering = {.reading = reading, .knowledge = knowledge};
    collect_forms(&gathering);
    struct form **order = arena_take_zeroed(reading->arena, gathering.form_count + 1, sizeof *order);
    for (size_t i = 0; i < gathering.form_count; i++)
        order[i] = &gathering.forms[i];
    qsort(order, gathering.form_count, sizeof *order, fuller_first);
    gathering.by_word = table_new(reading->arena, gathering.form_count * 5 + 1);
    gathering.clusters.items = arena_take_zeroed(reading->arena, gathering.form_count + 1, sizeof *gathering.clusters.items);
    for (size_t i = 0; i < gathering.form_count; i++)
        join(&gathering, order[i]);
    for (size_t i = 0; i < gathering.clusters.count; i++)
        gathering.clusters.items[i].type = best_type(gathering.clusters.items[i].votes);
    for (size_t i = 0; i < reading->mark_count; i++)
        if (reading->marks[i].kind == MENTION_NAME)
            reading->marks[i].entity = (int32_t)gathering.forms[gathering.form_of[i]].cluster;
    read_titles(&gathering);
    return gathering.clusters;
}
