#include "processor/extract/clusters.h"

#include "processor/extract/beside.h"
#include "processor/extract/first_names.h"
#include "processor/extract/marks.h"
#include "processor/extract/table.h"
#include "processor/text/words.h"

#include <stdlib.h>
#include <strings.h>
#include <xxhash.h>

enum { WORD_BYTES = 64, LOOKED_AT_MOST = 64, MISSPELT_LEAST = 6, ABBREVIATION_BYTES = 8, ALIKE_LEAST = 3 };

struct gathering {
    struct reading *reading;
    struct forms forms;
    struct clusters clusters;
    uint32_t *spelt; /* [forms] the longer name that stands before it, "Kurdistan Workers' Party (PKK)"; itself where none does */
    struct table by_word; /* clusters by the first and last words of their names, their acronyms, and known entities */
};

static uint64_t hash_of(struct view word, uint64_t kind)
{
    char buffer[WORD_BYTES];
    struct view lower = words_lower(word, buffer, sizeof buffer);
    return XXH3_64bits_withSeed(lower.data, lower.len, kind);
}

enum { HASH_FIRST = 1, HASH_LAST, HASH_ACRONYM, HASH_KNOWN };

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

/* "Yeltsin" is known as Boris; his wife is another, even if only she is named in full; Letitia James is not LeBron. */
static bool is_other_person(const struct form *form, const struct cluster *cluster)
{
    if (form->known == KNOWN_NONE || cluster->known != KNOWN_NONE)
        return false;
    size_t at = 0;
    struct view known = words_next(form->known_name, &at), first = cluster->words[0];
    size_t shorter = known.len < first.len ? known.len : first.len, same = 0;
    while (same < shorter && known.data[same] == first.data[same])
        same++;
    bool is_alike = same >= ALIKE_LEAST || (same > 0 && shorter <= 2); /* "Dmitri", "D." */
    return !is_alike && !same_word(known, first) && !first_names_are_one(known, first);
}

static bool is_part(const struct form *form, const struct cluster *cluster, size_t from)
{
    for (size_t i = 0; i < form->word_count; i++)
        if (!same_word(form->words[i], cluster->words[from + i]))
            return false;
    return true;
}

/* Words of a person's name without what tells the son from the father: "Jr.", "III". */
static size_t proper_words(const struct view *words, size_t count)
{
    static const char *const generations[] = {"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"};
    for (size_t i = 0; count > 1 && i < sizeof generations / sizeof *generations; i++)
        if (view_equal(words[count - 1], view_of(generations[i])))
            return count - 1;
    return count;
}

static struct view without_quotes(struct view word)
{
    static const char *const opening[] = {"\xE2\x80\x9C", "\"", "'", "("}, *const closing[] = {"\xE2\x80\x9D", "\"", "'", ")"}; /* U+201C, U+201D */
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++) {
        size_t start = view_starts_with(word, view_of(opening[i])) ? strlen(opening[i]) : 0, end = strlen(closing[i]);
        if (word.len > start + end && start > 0 && memcmp(word.data + word.len - end, closing[i], end) == 0)
            return view_slice(word, start, word.len - end);
    }
    return word;
}

/* All words of the one stand in the other, in this order: "Bo Lee" in "Robert "Bo" Lee". */
static bool is_within(const struct view *words, size_t count, const struct view *fuller, size_t fuller_count)
{
    size_t found = 0;
    for (size_t i = 0; i < fuller_count && found < count; i++)
        found += same_word(without_quotes(words[found]), without_quotes(fuller[i]));
    return found == count;
}

/* One letter wrong, missing, too much, or two swapped, between the first and the last. */
static bool is_misspelling(struct view a, struct view b)
{
    struct view shorter = a.len <= b.len ? a : b, longer = a.len <= b.len ? b : a;
    if (longer.len - shorter.len > 1 || view_equal(a, b))
        return false;
    size_t head = 0, tail = 0;
    while (head < shorter.len && shorter.data[head] == longer.data[head])
        head++;
    while (tail < shorter.len - head && shorter.data[shorter.len - 1 - tail] == longer.data[longer.len - 1 - tail])
        tail++;
    size_t left = longer.len - head - tail; /* letters of the longer one that differ */
    bool is_swap = left == 2 && a.len == b.len && a.data[head] == b.data[head + 1] && a.data[head + 1] == b.data[head];
    return head > 0 && tail > 0 && (left == 1 || is_swap) && beside_is_word_byte(longer.data[head]); /* Apollo 11 is not 12 */
}

static bool person_fits(const struct form *form, const struct cluster *cluster)
{
    size_t count = proper_words(form->words, form->word_count), fuller = proper_words(cluster->words, cluster->word_count);
    bool is_own = form->is_famous && form->known != cluster->known && form->mark_count > cluster->mark_count;
    bool is_other = is_own || (is_other_person(form, cluster) && form->titles > 0); /* "President Yeltsin" beside "Naina Yeltsin" */
    if (count == 1 && is_other)
        return false;
    if ((count < form->word_count) != (fuller < cluster->word_count))
        return false;
    struct view last = form->words[count - 1], cluster_last = cluster->words[fuller - 1];
    if (count == 1)
        return same_word(last, cluster_last) || same_word(last, cluster->words[0]);
    if (!same_word(last, cluster_last))
        return (count > 2 || form->known != KNOWN_NONE) && fuller > count && is_part(form, cluster, 0); /* "Omar bin Said" of "Omar bin Said Al Nur" */
    return is_within(form->words, count, cluster->words, fuller) ||
           (form->words[0].data[0] == cluster->words[0].data[0] &&
            (form->words[0].len <= 2 || same_word(form->words[0], cluster->words[0]))) ||
           (count == 2 && fuller == 2 && first_names_are_one(form->words[0], cluster->words[0])) ||
           (form->words[0].len >= MISSPELT_LEAST && is_misspelling(form->words[0], cluster->words[0])); /* "Allison" for "Alison" */
}

/* Where nobody else has that last name, "King" is Martin Luther King Jr. */
static bool is_junior(const struct form *form, const struct cluster *cluster)
{
    size_t fuller = proper_words(cluster->words, cluster->word_count);
    return form->type == ENTITY_PERSON && cluster->type == ENTITY_PERSON && form->word_count == 1 && form->known == KNOWN_NONE &&
           fuller < cluster->word_count && same_word(form->words[0], cluster->words[fuller - 1]);
}

/* Where the words behind "of" start in the name of a body, "Department of |Commerce"; 0: there are none. */
static size_t behind_of(const struct view *words, size_t count)
{
    if (count < 3 || !same_word(words[1], view_of("of")))
        return 0;
    size_t start = same_word(words[2], view_of("the")) ? 3 : 2;
    return start < count ? start : 0;
}

/* "Commerce Department" beside "Department of Commerce". */
static bool is_turned(const struct form *form, const struct cluster *cluster)
{
    size_t start = behind_of(cluster->words, cluster->word_count), count = cluster->word_count - start;
    return start > 0 && form->word_count == count + 1 && same_word(form->words[count], cluster->words[0]) &&
           is_within(form->words, count, cluster->words + start, count);
}

static bool organization_fits(const struct form *form, const struct cluster *cluster)
{
    /* What is known is not what a longer, unknown name means: "Georgia" beside "Georgia Power". */
    if (form->word_count >= cluster->word_count || (form->known != KNOWN_NONE && cluster->known == KNOWN_NONE))
        return false;
    size_t behind = cluster->word_count - form->word_count;
    struct view before = cluster->words[behind - 1]; /* "Lee" is a person before he is Voss & Lee */
    bool is_partner = view_equal(before, view_of("&")) || view_equal(before, view_of("and"));
    return is_part(form, cluster, 0) || (is_part(form, cluster, behind) && !is_partner);
}

/* The tags may take a company's short name for a person's, "Halden" beside "Halden Shipping", and a person's first or last name for a company's. */
static bool fits_after_all(const struct form *form, const struct cluster *cluster)
{
    if (form->word_count > 1 || form->known != KNOWN_NONE || form->words[0].len < 4 || cluster->word_count < 2)
        return false;
    static const char *const houses[] = {"Administration", "Campaign", "Foundation", "Institute", "University"}; /* named after a person, who is another */
    if (form->type == ENTITY_PERSON && cluster->type == ENTITY_ORGANIZATION)
        return same_word(form->words[0], cluster->words[0]) &&
               !words_is_listed(cluster->words[cluster->word_count - 1], houses, sizeof houses / sizeof *houses);
    return is_organization_like(form->type) && form->neighbours <= 0 && cluster->type == ENTITY_PERSON &&
           (same_word(form->words[0], cluster->words[cluster->word_count - 1]) || same_word(form->words[0], cluster->words[0]));
}

static bool fits(const struct form *form, const struct cluster *cluster)
{
    if (form->known != KNOWN_NONE && cluster->known != KNOWN_NONE && (!form->is_last_name || cluster->type != ENTITY_PERSON))
        return form->known == cluster->known;
    if (form->word_count == cluster->word_count && form->is_namesake != cluster->is_namesake)
        return false;
    if (form->word_count == cluster->word_count && is_part(form, cluster, 0))
        return form->type == cluster->type || is_organization_like(form->type) == is_organization_like(cluster->type);
    if (form->type >= ENTITY_DATE || cluster->type >= ENTITY_DATE)
        return false;
    if (form->type == ENTITY_PERSON && cluster->type == ENTITY_PERSON)
        return person_fits(form, cluster);
    if (!is_organization_like(cluster->type) || form->type == ENTITY_PERSON || form->type == ENTITY_NORP)
        return false;
    if (form->type == ENTITY_ORGANIZATION && is_turned(form, cluster))
        return true;
    char acronym[NAME_WORDS], letters[NAME_WORDS];
    size_t length = acronym_of(cluster->words, cluster->word_count, acronym, sizeof acronym);
    struct view word = without_dots(form->words[0], letters, sizeof letters);
    bool is_its_own = form->known != KNOWN_NONE && !form->known_is_weak; /* "AP" is not Americans for Prosperity */
    if (form->word_count == 1 && length >= 2 && word.len == length && strncasecmp(word.data, acronym, length) == 0 &&
        word.data[1] == acronym[1] && !is_its_own)
        return true;
    return is_organization_like(form->type) && organization_fits(form, cluster);
}

static bool ends_alike(const struct form *form, const struct cluster *cluster)
{
    return same_word(form->words[proper_words(form->words, form->word_count) - 1],
                     cluster->words[proper_words(cluster->words, cluster->word_count) - 1]);
}

/* The one whom the title fits; else the one that is known as the form is; else the one of that last name, where it is another's first;
 * else a person who was named in full before; else the one named more often. */
static bool is_better(const struct form *form, const struct cluster *cluster, const struct cluster *best)
{
    bool is_fit = form->gender && first_names_gender(cluster->words[0]) == form->gender;
    bool is_best_fit = form->gender && first_names_gender(best->words[0]) == form->gender;
    if (is_fit != is_best_fit)
        return is_fit;
    bool is_same = form->known != KNOWN_NONE && cluster->known == form->known;
    bool is_best_same = form->known != KNOWN_NONE && best->known == form->known;
    if (is_same != is_best_same)
        return is_same;
    bool is_alike = ends_alike(form, cluster), is_best_alike = ends_alike(form, best);
    if (form->type == ENTITY_PERSON && is_alike != is_best_alike)
        return is_alike;
    bool is_before = cluster->first_start < form->first_start, is_best_before = best->first_start < form->first_start;
    if (form->type == ENTITY_PERSON && is_before != is_best_before)
        return is_before;
    return cluster->mark_count > best->mark_count;
}

/* The best cluster that the form fits by `test` among those filed under one of its words. */
static uint32_t find_cluster(const struct gathering *gathering, const struct form *form,
                             bool (*test)(const struct form *, const struct cluster *))
{
    const struct table *table = &gathering->by_word;
    uint64_t hashes[5];
    size_t count = 0;
    struct view first = form->words[0], last = form->words[proper_words(form->words, form->word_count) - 1];
    char letters[NAME_WORDS];
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
        for (uint32_t place = table_first(table, hashes[h]); place && looked < LOOKED_AT_MOST; place = table_next(table, place), looked++) {
            uint32_t index = table->items[place - 1];
            const struct cluster *cluster = &gathering->clusters.items[index];
            if (!test(form, cluster))
                continue;
            if (best == UINT32_MAX || is_better(form, cluster, &gathering->clusters.items[best]))
                best = index;
        }
    }
    return best;
}

/* "Sprayer" once, in an article on Robert Strayer. */
static uint32_t find_misspelt(const struct gathering *gathering, const struct form *form)
{
    struct view word = form->words[0];
    if (form->type != ENTITY_PERSON || form->word_count > 1 || form->mark_count > 1 || form->known != KNOWN_NONE || word.len < MISSPELT_LEAST)
        return UINT32_MAX;
    for (uint32_t i = 0; i < gathering->clusters.count && i < LOOKED_AT_MOST; i++) {
        const struct cluster *cluster = &gathering->clusters.items[i];
        if (cluster->type == ENTITY_PERSON && cluster->word_count > 1 && cluster->mark_count > 1 &&
            is_misspelling(word, cluster->words[cluster->word_count - 1]))
            return i;
    }
    return UINT32_MAX;
}

static size_t count_capitals(struct view word)
{
    size_t capitals = 0;
    for (size_t i = 0; i < word.len; i++)
        capitals += word.data[i] >= 'A' && word.data[i] <= 'Z';
    return capitals;
}

/* "PKK", "AfD": two capitals at least; or two words of nothing else, "PM CARES". */
static bool is_abbreviation(const struct form *form)
{
    bool is_one = form->word_count == 1 && count_capitals(form->words[0]) >= 2;
    bool is_two = form->word_count == 2 && count_capitals(form->words[0]) == form->words[0].len && count_capitals(form->words[1]) == form->words[1].len;
    return (is_one || is_two) && form->words[form->word_count - 1].len <= ABBREVIATION_BYTES;
}

/* Whether the second mark stands behind the first as its abbreviation does: "A (B)", "A, or B,". */
static bool is_spelt_before(const struct reading *reading, const struct mark *name, const struct mark *mark)
{
    if (name->sentence != mark->sentence || mark->span.start < name->span.end)
        return false;
    struct view between = view_slice(reading->text, name->span.end, mark->span.start);
    char after = mark->span.end < reading->text.len ? reading->text.data[mark->span.end] : ' ';
    return (view_equal(between, view_of(" (")) && after == ')') || (view_equal(between, view_of(", or ")) && after == ',');
}

static void read_spelt(struct gathering *gathering)
{
    const struct reading *reading = gathering->reading;
    gathering->spelt = arena_take_zeroed(reading->arena, gathering->forms.count + 1, sizeof *gathering->spelt);
    for (uint32_t i = 0; i < gathering->forms.count; i++)
        gathering->spelt[i] = i;
    for (size_t i = 1; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i], *name = mark - 1;
        if (mark->kind != MENTION_NAME || name->kind != MENTION_NAME || !is_spelt_before(reading, name, mark))
            continue;
        uint32_t shorter = gathering->forms.of_mark[i], longer = gathering->forms.of_mark[i - 1];
        const struct form *a = &gathering->forms.items[longer], *b = &gathering->forms.items[shorter];
        bool are_different = a->known != KNOWN_NONE && b->known != KNOWN_NONE && a->known != b->known;
        if (is_abbreviation(b) && a->word_count > 1 && !are_different && is_organization_like(a->type) && is_organization_like(b->type))
            gathering->spelt[shorter] = longer;
    }
}

static uint32_t new_cluster(struct gathering *gathering, const struct form *form)
{
    uint32_t index = (uint32_t)gathering->clusters.count++;
    struct cluster *cluster = &gathering->clusters.items[index];
    *cluster = (struct cluster){.name = form->name,
                                .word_count = form->word_count,
                                .type = form->type,
                                .known = form->known_is_weak && form->word_count < 2 ? KNOWN_NONE : form->known,
                                .is_namesake = form->is_namesake,
                                .first_start = form->first_start};
    memcpy(cluster->words, form->words, sizeof cluster->words);
    struct table *table = &gathering->by_word;
    table_add(table, hash_of(form->words[0], HASH_FIRST), index);
    table_add(table, hash_of(form->words[0], HASH_LAST), index); /* a form of one word may be the first or the last */
    table_add(table, hash_of(form->words[proper_words(form->words, form->word_count) - 1], HASH_LAST), index);
    size_t behind = behind_of(form->words, form->word_count);
    if (behind > 0)
        table_add(table, hash_of(form->words[behind], HASH_FIRST), index);
    char acronym[NAME_WORDS];
    size_t length = acronym_of(form->words, form->word_count, acronym, sizeof acronym);
    if (length >= 2)
        table_add(table, hash_of((struct view){.data = acronym, .len = length}, HASH_ACRONYM), index);
    if (form->known != KNOWN_NONE)
        table_add(table, XXH3_64bits_withSeed(&form->known, sizeof form->known, HASH_KNOWN), index);
    return index;
}

static void join(struct gathering *gathering, struct form *form)
{
    uint32_t own = (uint32_t)(form - gathering->forms.items), longer = gathering->spelt[own];
    uint32_t index = longer != own ? gathering->forms.items[longer].cluster : find_cluster(gathering, form, fits);
    if (index == UINT32_MAX)
        index = find_cluster(gathering, form, fits_after_all);
    if (index == UINT32_MAX)
        index = find_cluster(gathering, form, is_junior);
    if (index == UINT32_MAX)
        index = find_misspelt(gathering, form);
    if (index == UINT32_MAX)
        index = new_cluster(gathering, form);
    struct cluster *cluster = &gathering->clusters.items[index];
    form->cluster = index;
    cluster->mark_count += form->mark_count;
    if (cluster->known == KNOWN_NONE && !form->known_is_weak && (form->word_count > 1 || !is_other_person(form, cluster))) {
        cluster->known = form->known;
        if (form->known != KNOWN_NONE && form->type == ENTITY_PERSON && form->word_count > 1)
            cluster->name = form->name; /* "Sanctimonious James Comey" is nobody's name */
    }
    cluster->has_plural = cluster->has_plural || form->name.data[form->name.len - 1] == 's';
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

/* Where no title tells, the first name may, of "Merkel" too, who is known as Angela. */
static void read_first_names(struct clusters *clusters, const struct knowledge *knowledge)
{
    for (size_t i = 0; i < clusters->count; i++) {
        struct cluster *cluster = &clusters->items[i];
        if (cluster->gender || cluster->type != ENTITY_PERSON)
            continue;
        size_t at = 0;
        struct view first = cluster->words[0];
        if (cluster->word_count == 1)
            first = cluster->known == KNOWN_NONE ? (struct view){0} : words_next(knowledge_get(knowledge, cluster->known).name, &at);
        cluster->gender = first_names_gender(first);
    }
}

struct clusters clusters_of(struct reading *reading, const struct knowledge *knowledge)
{
    struct gathering gathering = {.reading = reading};
    gathering.forms = forms_of(reading, knowledge);
    struct form **order = arena_take_zeroed(reading->arena, gathering.forms.count + 1, sizeof *order);
    for (size_t i = 0; i < gathering.forms.count; i++)
        order[i] = &gathering.forms.items[i];
    qsort(order, gathering.forms.count, sizeof *order, fuller_first);
    read_spelt(&gathering);
    gathering.by_word = table_new(reading->arena, gathering.forms.count * 6 + 1);
    gathering.clusters.items = arena_take_zeroed(reading->arena, gathering.forms.count + 1, sizeof *gathering.clusters.items);
    for (size_t i = 0; i < gathering.forms.count; i++)
        join(&gathering, order[i]);
    for (size_t i = 0; i < gathering.clusters.count; i++)
        gathering.clusters.items[i].type = forms_best_type(gathering.clusters.items[i].votes);
    for (size_t i = 0; i < reading->mark_count; i++)
        if (reading->marks[i].kind == MENTION_NAME)
            reading->marks[i].entity = (int32_t)gathering.forms.items[gathering.forms.of_mark[i]].cluster;
    read_titles(&gathering);
    read_first_names(&gathering.clusters, knowledge);
    return gathering.clusters;
}

uint32_t clusters_country(struct clusters *clusters, uint32_t country, const struct knowledge *knowledge)
{
    for (uint32_t i = 0; i < clusters->count; i++)
        if (clusters->items[i].known == country)
            return i;
    struct view name = knowledge_get(knowledge, country).name;
    clusters->items[clusters->count] = (struct cluster){
        .name = name, .words = {name}, .word_count = 1, .type = ENTITY_LOCATION, .known = country, .first_start = UINT32_MAX};
    return (uint32_t)clusters->count++;
}
