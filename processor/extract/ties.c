#include "processor/extract/ties.h"

#include "processor/extract/beside.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 8, BETWEEN_BYTES = 90, NEXT_MARKS = 2 };

/* What one is in a body; sorted. */
static const char *const offices[] = {
    "ambassador", "boss", "ceo", "chair", "chairman", "chairperson", "chairwoman", "chief", "co-chair", "co-founder", "commander", "commissioner",
    "delegate", "director", "envoy", "executive", "founder", "head", "leader", "manager", "minister", "negotiator", "officer", "official", "owner",
    "premier", "president", "secretary", "secretary-general", "spokesman", "spokesperson", "spokeswoman", "staff",
};
/* What can stand before an office, where no possessive says that the words belong to the body; sorted. */
static const char *const kinds[] = {
    "acting", "assistant", "board", "campaign", "chief", "communications", "cyber", "defence", "defense", "deputy", "economy", "education",
    "energy", "environment", "executive", "finance", "financial", "foreign", "general", "health", "information", "interior", "justice", "labor",
    "labour", "legal", "majority", "managing", "marketing", "military", "minority", "national", "of", "oil", "operating", "parliamentary", "personal", "policy",
    "press", "prime", "regional", "research", "security", "senior", "sporting", "technical", "technology", "trade", "transport", "vice",
};
/* What one is to a person, and of these who speaks for him; sorted. */
static const char *const servants[] = {
    "adviser", "advisor", "aide", "attorney", "counsel", "counselor", "daughter", "husband", "lawyer", "manager", "pollster", "secretary", "son",
    "spokesman", "spokesperson", "spokeswoman", "staff", "strategist", "surrogate", "wife",
};
static const char *const voices[] = {"attorney", "counsel", "counselor", "lawyer", "secretary", "spokesman", "spokesperson", "spokeswoman"};
/* Behind an office: whose it is; sorted. */
static const char *const owners[] = {"at", "for", "of", "with"};
static const char *const articles[] = {"a", "an", "the"};
/* These begin something else than an office; sorted. */
static const char *const clauses[] = {"and", "but", "that", "which", "while", "who", "whom", "whose"};
static const char *const pasts[] = {"ex", "fired", "former", "late", "ousted", "then"};

#define AMONG(word, list) beside_is_among(word, list, sizeof(list) / sizeof *(list))
#define IS_SORTED(list) beside_is_sorted(list, sizeof(list) / sizeof *(list))

bool ties_lists_are_sorted(void)
{
    return IS_SORTED(offices) && IS_SORTED(kinds) && IS_SORTED(owners) && IS_SORTED(articles) && IS_SORTED(clauses) && IS_SORTED(pasts) &&
           IS_SORTED(servants) && IS_SORTED(voices);
}

struct words {
    struct view items[WORDS_MOST];
    size_t count;
};

/* False: there are other signs than spaces between them, or too many. */
static bool read_words(struct view text, struct words *words)
{
    words->count = 0;
    for (size_t at = 0; at < text.len;) {
        if (text.data[at] == ' ') {
            at++;
            continue;
        }
        struct view word = beside_word_behind(view_slice(text, at, text.len));
        if (word.len == 0 || words->count == WORDS_MOST)
            return false;
        words->items[words->count++] = word;
        at += word.len;
    }
    return true;
}

/* The possessive at the start of a text: its length, or 0. */
static size_t possessive_of(struct view text)
{
    static const char *const forms[] = {"'s ", "’s ", "' ", "’ "};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (view_starts_with(text, view_of(forms[i])))
            return view_of(forms[i]).len;
    return 0;
}

static bool has_past(const struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (AMONG(words->items[i], pasts))
            return true;
    return false;
}

static bool is_office(struct view word, bool of_person)
{
    return of_person ? AMONG(word, servants) : AMONG(word, offices);
}

/* "Huawei|'s chief executive |Ren", "US |foreign minister |Lee", "Lee|'s lawyer |Ray": the office between body and person; empty where none is. */
static struct view office_between(const struct reading *reading, const struct mark *body, struct view between, bool of_person)
{
    size_t start = possessive_of(between), end = between.len;
    struct words words;
    while (end > start && (between.data[end - 1] == ' ' || between.data[end - 1] == ','))
        end--;
    if (end == between.len || !read_words(view_slice(between, start, end), &words) || words.count == 0 ||
        !is_office(words.items[words.count - 1], of_person) || has_past(&words))
        return (struct view){0};
    for (size_t i = 0; start == 0 && i + 1 < words.count; i++)
        if (!AMONG(words.items[i], kinds))
            return (struct view){0};
    return AMONG(beside_word_before(reading->text, body->span.start), pasts) ? (struct view){0} : words.items[words.count - 1];
}

/* "Lee|, the deputy director of |the FBI", "Lee|, a lawyer for President |Ray": the office between person and body; empty where none is. */
static struct view office_behind(struct view between, bool of_person)
{
    struct words words;
    if (!view_starts_with(between, view_of(", ")) || !read_words(view_slice(between, 2, between.len), &words))
        return (struct view){0};
    if (words.count > 0 && of_person && view_equal(words.items[words.count - 1], view_of("President")))
        words.count--;
    if (words.count > 0 && AMONG(words.items[words.count - 1], articles))
        words.count--;
    bool is_one = words.count >= 2 && AMONG(words.items[words.count - 1], owners) && is_office(words.items[words.count - 2], of_person) &&
                  !AMONG(words.items[0], clauses) && !has_past(&words);
    return is_one ? words.items[words.count - 2] : (struct view){0};
}

/* "Lee, the |FBI| deputy director,": the office behind the body where nothing but an article is before it; empty where none is. */
static struct view office_around(const struct reading *reading, struct view between, const struct mark *body, bool of_person)
{
    static const char *const gaps[] = {", ", ", the ", ", a ", ", an "};
    bool is_apposition = false;
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
        is_apposition |= view_equal(between, view_of(gaps[i]));
    struct view behind = beside_text_behind(reading, body->span);
    size_t at = possessive_of(behind);
    bool is_owned = at > 0;
    while (is_apposition && body->kind == MENTION_NAME && at < behind.len) {
        struct view word = beside_word_behind(view_slice(behind, at, behind.len));
        if (word.len == 0 || (word.data != behind.data + at && behind.data[at] != ' '))
            break;
        at = (size_t)(word.data - behind.data) + word.len;
        if (is_office(word, of_person))
            return at < behind.len && strchr(",.;)", behind.data[at]) ? word : (struct view){0};
        if (AMONG(word, pasts) || (!is_owned && !AMONG(word, kinds)))
            break;
    }
    return (struct view){0};
}

static bool is_body(enum entity_type type)
{
    return type == ENTITY_ORGANIZATION || type == ENTITY_LOCATION || type == ENTITY_NORP;
}

/* Whether two marks, the second close behind the first, tie their entities. */
static bool find_tie(const struct reading *reading, const struct entity *entities, const struct mark *left, const struct mark *right, struct tie *tie)
{
    if (left->entity == NOWHERE || right->entity == NOWHERE || left->entity == right->entity || left->sentence != right->sentence ||
        right->span.start < left->span.end || right->span.start - left->span.end > BETWEEN_BYTES)
        return false;
    struct view between = view_slice(reading->text, left->span.end, right->span.start);
    enum entity_type first = entities[left->entity].type, second = entities[right->entity].type;
    if (second == ENTITY_PERSON && (is_body(first) || first == ENTITY_PERSON)) {
        struct view office = office_between(reading, left, between, first == ENTITY_PERSON);
        *tie = (struct tie){.person = right->entity, .body = left->entity, .is_voice = AMONG(office, voices)};
        if (office.len > 0)
            return true;
    }
    if (first != ENTITY_PERSON || (!is_body(second) && second != ENTITY_PERSON))
        return false;
    struct view office = office_behind(between, second == ENTITY_PERSON);
    if (office.len == 0)
        office = office_around(reading, between, right, second == ENTITY_PERSON);
    *tie = (struct tie){.person = left->entity, .body = right->entity, .is_voice = AMONG(office, voices)};
    return office.len > 0;
}

/* "the president", "President |Lee". */
static bool is_called_president(const struct reading *reading, const struct mark *mark)
{
    static const char *const others[] = {"former", "vice"};
    struct view said = reading_view(reading, mark->span);
    if (mark->kind == MENTION_NOMINAL)
        return view_equal(said, view_of("the president")) || view_equal(said, view_of("The president")) || view_equal(said, view_of("the President"));
    struct view before = beside_word_before(reading->text, mark->span.start);
    return mark->kind == MENTION_NAME && view_equal(before, view_of("President")) &&
           !AMONG(beside_word_before(reading->text, (size_t)(before.data - reading->text.data)), others);
}

/* The entity that is called so most often, or NOWHERE. */
static int32_t find_president(const struct reading *reading, const struct entity *entities)
{
    int32_t best = NOWHERE, last = NOWHERE;
    for (size_t i = 0; i < reading->mark_count; i++)
        last = reading->marks[i].entity > last ? reading->marks[i].entity : last;
    size_t *counts = arena_take_zeroed(reading->arena, (size_t)(last + 2), sizeof *counts);
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->entity == NOWHERE || entities[mark->entity].type != ENTITY_PERSON || !is_called_president(reading, mark))
            continue;
        counts[mark->entity]++;
        if (best == NOWHERE || counts[mark->entity] > counts[best])
            best = mark->entity;
    }
    return best;
}

/* "White House spokesman |Lee" speaks for the president, too. */
static void add_presidents(const struct reading *reading, const struct entity *entities, struct ties *ties)
{
    int32_t president = find_president(reading, entities);
    for (size_t i = 0, count = ties->count; i < count && president != NOWHERE; i++)
        if (view_equal(entities[ties->items[i].body].name, view_of("White House")) && ties->items[i].person != president)
            ties->items[ties->count++] = (struct tie){.person = ties->items[i].person, .body = president, .is_voice = true};
}

static int by_entities(const void *left, const void *right)
{
    const struct tie *a = left, *b = right;
    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    return a->body < b->body ? -1 : a->body > b->body;
}

/* Of the same two the voice first. */
static int by_entities_and_voice(const void *left, const void *right)
{
    const struct tie *a = left, *b = right;
    int order = by_entities(a, b);
    return order ? order : b->is_voice - a->is_voice;
}

struct ties ties_of(const struct reading *reading, const struct entity *entities)
{
    struct ties ties = {.items = arena_take_zeroed(reading->arena, 2 * NEXT_MARKS * reading->mark_count + 1, sizeof *ties.items)};
    for (size_t i = 0; i < reading->mark_count; i++)
        for (size_t j = i + 1; j < reading->mark_count && j <= i + NEXT_MARKS; j++)
            ties.count += find_tie(reading, entities, &reading->marks[i], &reading->marks[j], &ties.items[ties.count]);
    add_presidents(reading, entities, &ties);
    qsort(ties.items, ties.count, sizeof *ties.items, by_entities_and_voice);
    size_t kept = 0;
    for (size_t i = 0; i < ties.count; i++)
        if (i == 0 || by_entities(&ties.items[i], &ties.items[kept - 1]) != 0)
            ties.items[kept++] = ties.items[i];
    ties.count = kept;
    return ties;
}

bool ties_bind(const struct ties *ties, int32_t a, int32_t b)
{
    const struct tie one = {.person = a, .body = b}, other = {.person = b, .body = a};
    return bsearch(&one, ties->items, ties->count, sizeof one, by_entities) != NULL ||
           bsearch(&other, ties->items, ties->count, sizeof other, by_entities) != NULL;
}

bool ties_is_one_of(const struct ties *ties, int32_t person, int32_t body)
{
    const struct tie one = {.person = person, .body = body};
    return bsearch(&one, ties->items, ties->count, sizeof one, by_entities) != NULL;
}

bool ties_is_voice(const struct ties *ties, int32_t person, int32_t body)
{
    const struct tie one = {.person = person, .body = body};
    const struct tie *found = bsearch(&one, ties->items, ties->count, sizeof one, by_entities);
    return found != NULL && found->is_voice;
}
