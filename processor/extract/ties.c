#include "processor/extract/ties.h"

#include "processor/extract/beside.h"

#include <stdlib.h>

enum { WORDS_MOST = 8, BETWEEN_BYTES = 90, NEXT_MARKS = 2 };

/* What one is in a body; sorted. */
static const char *const offices[] = {
    "ambassador", "boss", "ceo", "chair", "chairman", "chairperson", "chairwoman", "chief", "co-chair", "co-founder", "commander", "commissioner",
    "delegate", "director", "envoy", "executive", "founder", "head", "leader", "manager", "minister", "negotiator", "officer", "official", "owner",
    "premier", "president", "secretary", "secretary-general", "spokesman", "spokesperson", "spokeswoman",
};
/* What can stand before an office, where no possessive says that the words belong to the body; sorted. */
static const char *const kinds[] = {
    "acting", "assistant", "board", "campaign", "chief", "communications", "cyber", "defence", "defense", "deputy", "economy", "education",
    "energy", "environment", "executive", "finance", "financial", "foreign", "general", "health", "information", "interior", "justice", "labor",
    "labour", "legal", "majority", "managing", "marketing", "military", "minority", "national", "oil", "operating", "parliamentary", "policy",
    "press", "prime", "regional", "research", "security", "senior", "sporting", "technical", "technology", "trade", "transport", "vice",
};
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
    return IS_SORTED(offices) && IS_SORTED(kinds) && IS_SORTED(owners) && IS_SORTED(articles) && IS_SORTED(clauses) && IS_SORTED(pasts);
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

/* "Huawei|'s chief executive |Ren", "US |foreign minister |Lee": between body and person. */
static bool is_office_between(const struct reading *reading, const struct mark *body, struct view between)
{
    size_t start = possessive_of(between), end = between.len;
    struct words words;
    while (end > start && (between.data[end - 1] == ' ' || between.data[end - 1] == ','))
        end--;
    if (end == between.len || !read_words(view_slice(between, start, end), &words) || words.count == 0 ||
        !AMONG(words.items[words.count - 1], offices) || has_past(&words))
        return false;
    for (size_t i = 0; start == 0 && i + 1 < words.count; i++)
        if (!AMONG(words.items[i], kinds))
            return false;
    return !AMONG(beside_word_before(reading->text, body->span.start), pasts);
}

/* "Lee|, the deputy director of |the FBI": between person and body. */
static bool is_office_behind(struct view between)
{
    struct words words;
    if (!view_starts_with(between, view_of(", ")) || !read_words(view_slice(between, 2, between.len), &words))
        return false;
    if (words.count > 0 && AMONG(words.items[words.count - 1], articles))
        words.count--;
    return words.count >= 2 && AMONG(words.items[words.count - 1], owners) && AMONG(words.items[words.count - 2], offices) &&
           !AMONG(words.items[0], clauses) && !has_past(&words);
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
    if (is_body(first) && second == ENTITY_PERSON && is_office_between(reading, left, between)) {
        *tie = (struct tie){.person = right->entity, .body = left->entity};
        return true;
    }
    *tie = (struct tie){.person = left->entity, .body = right->entity};
    return first == ENTITY_PERSON && is_body(second) && is_office_behind(between);
}

static int by_entities(const void *left, const void *right)
{
    const struct tie *a = left, *b = right;
    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    return a->body < b->body ? -1 : a->body > b->body;
}

struct ties ties_of(const struct reading *reading, const struct entity *entities)
{
    struct ties ties = {.items = arena_take_zeroed(reading->arena, NEXT_MARKS * reading->mark_count + 1, sizeof *ties.items)};
    for (size_t i = 0; i < reading->mark_count; i++)
        for (size_t j = i + 1; j < reading->mark_count && j <= i + NEXT_MARKS; j++)
            ties.count += find_tie(reading, entities, &reading->marks[i], &reading->marks[j], &ties.items[ties.count]);
    qsort(ties.items, ties.count, sizeof *ties.items, by_entities);
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
