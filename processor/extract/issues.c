#include "processor/extract/issues.h"

#include "processor/extract/meanings.h"
#include "processor/text/utf8.h"
#include "processor/text/words.h"

#include <stdlib.h>

enum { WORD_BYTES = 64, WORDS_MOST = 8, JOINED_MOST = 256, SENTENCES_BACK = 20, TAKEN_UP_BACK = 64 };

static const float bare_score = 0.5f; /* of a mention that no tag has found */
static const float measure_score = 0.9f; /* nor has it, but the knowledge */

/* Mentions of the same words. */
struct wording {
    struct view key;      /* those words in lower case, the last one without its plural's s */
    uint32_t first, count; /* in the list of mentions */
    uint32_t first_mark;   /* the first of them in the text */
    uint32_t issue;        /* itself, or the longer wording that it stands for */
    uint32_t known;        /* the measure that it is in the knowledge, or KNOWN_NONE */
};

struct mention_of {
    struct view key;
    uint32_t mark;
};

/* --- marks --------------------------------------------------------------------------------------------------------- */

static bool is_article(struct view word)
{
    static const char *const words[] = {"the", "a", "an", "this", "that", "these", "those"};
    char buffer[WORD_BYTES];
    struct view lower = words_lower(word, buffer, sizeof buffer);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (view_equal(lower, view_of(words[i])))
            return true;
    return false;
}

static bool is_word(struct view text)
{
    size_t at = 0;
    return words_next(text, &at).len > 0;
}

static bool is_of_names(const struct reading *reading, struct span span, size_t first_mark)
{
    for (size_t i = first_mark; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->kind == MENTION_NAME && span_overlaps(mark->span, span) &&
            (span_holds(mark->span, span) || !span_holds(span, mark->span)))
            return true;
    }
    return false;
}

static bool is_preposition(struct view word)
{
    static const char *const words[] = {"of", "on", "in", "for", "to", "with", "against", "by", "from", "over", "into", "at", "that", "which"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (view_equal(word, view_of(words[i])))
            return true;
    return false;
}

static bool has_preposition(struct view words)
{
    struct view word;
    for (size_t at = 0; (word = words_next(words, &at)).len > 0;)
        if (is_preposition(word))
            return true;
    return false;
}

/* "the Finnish phone maker Norvik" is Norvik, with words before; "the war in Norway" is not Norway. */
static bool is_apposition(const struct reading *reading, struct span span, size_t first_mark)
{
    for (size_t i = first_mark; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->kind == MENTION_NAME && mark->type < ENTITY_MISC && mark->span.end == span.end && mark->span.start > span.start)
            return !has_preposition(view_slice(reading->text, span.start, mark->span.start));
    }
    return false;
}

/* "Oslo bans fur farms", said of Oslo, is no ban; "Oslo bans on fur" are. Words [first, last]. */
static bool is_predicate(const struct reading *reading, const struct window *window, size_t first, size_t last, size_t first_mark)
{
    struct view verb = reading_view(reading, window_words(window, first, first));
    if (first == last || verb.len == 0 || verb.data[verb.len - 1] != 's' || is_preposition(reading_view(reading, window_words(window, first + 1, first + 1))))
        return false;
    uint32_t start = window_words(window, first, first).start;
    for (size_t i = first_mark; i < reading->mark_count; i++)
        if (reading->marks[i].kind == MENTION_NAME && reading->marks[i].span.end + 1 == start)
            return true;
    return false;
}

/* Heads of what is decided, agreed or looked into; those of one kind take each other up: "the law" may be a bill named before. */
static const struct {
    const char *word;
    char kind;
} heads[] = {
    {"accord", 'a'},  {"act", 'l'},         {"agreement", 'a'}, {"amendment", 'm'}, {"attack", 'k'},   {"ban", 'b'},        {"bill", 'l'},
    {"deal", 'a'},    {"decision", 'd'},    {"edict", 'd'},     {"inquiry", 'i'},   {"investigation", 'i'}, {"law", 'l'},   {"legislation", 'l'},
    {"measure", 'l'}, {"nomination", 'n'},  {"order", 'd'},     {"overhaul", 'l'},  {"pact", 'a'},     {"pipeline", 'j'},   {"plan", 'p'},
    {"policy", 'y'},  {"prohibition", 'b'}, {"probe", 'i'},     {"program", 'y'},   {"programme", 'y'}, {"project", 'j'},   {"proposal", 'p'},
    {"reform", 'l'},  {"resolution", 'r'},  {"rule", 'u'},      {"ruling", 'd'},    {"sanctions", 's'}, {"scheme", 'p'},    {"shutdown", 'h'},
    {"strike", 't'},  {"tariffs", 'f'},     {"treaty", 'a'},    {"verdict", 'd'},   {"wall", 'w'},     {"war", 'v'},
};

static char kind_of(struct view word)
{
    char buffer[WORD_BYTES];
    struct view lower = words_lower(word, buffer, sizeof buffer);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (view_equal(lower, view_of(heads[i].word)))
            return heads[i].kind;
    return 0;
}

/* The kind of the head of an issue's words: of the last one before a preposition. */
static char kind_of_issue(struct view words)
{
    char kind = 0;
    struct view word;
    for (size_t at = 0; (word = words_next(words, &at)).len > 0 && !is_preposition(word);)
        kind = kind_of(word);
    return kind;
}

/* "the law", "this law": what has been named already. */
static bool is_behind_article(const struct reading *reading, const struct window *window, size_t word)
{
    if (word == 0)
        return false;
    char buffer[WORD_BYTES];
    struct view before = words_lower(reading_view(reading, window_words(window, word - 1, word - 1)), buffer, sizeof buffer);
    return view_equal(before, view_of("the")) || view_equal(before, view_of("this")) || view_equal(before, view_of("that")) ||
           view_equal(before, view_of("these"));
}

/* The words of the latest issue of that kind that has more than one; of `bare` itself where there is none. */
static struct span taken_up(const struct reading *reading, const struct topic_mark *bare, char kind)
{
    for (size_t i = reading->topic_mark_count; i-- > 0 && reading->topic_mark_count - i <= TAKEN_UP_BACK;) {
        const struct topic_mark *mark = &reading->topic_marks[i];
        if (bare->sentence - mark->sentence > SENTENCES_BACK)
            break;
        struct view words = mark->is_issue ? reading_view(reading, mark->wording) : (struct view){0};
        if (words.len > 0 && memchr(words.data, ' ', words.len) && kind_of_issue(words) == kind)
            return mark->wording;
    }
    return bare->wording;
}

static void add_mark(struct reading *reading, struct topic_mark mark)
{
    reading->topic_marks = reading_room(reading->arena, reading->topic_marks, reading->topic_mark_count, &reading->topic_mark_room,
                                        sizeof *reading->topic_marks);
    mark.is_issue = true;
    mark.attribution = mark.holder = NOWHERE;
    reading->topic_marks[reading->topic_mark_count++] = mark;
}

/* "the ban", where no tag is: an issue only if one stands before that it takes up. */
static bool find_bare(const struct reading *reading, const struct window *window, size_t first_mark, size_t word, struct topic_mark *out)
{
    struct span span = window_words(window, word, word);
    char kind = kind_of(reading_view(reading, span));
    if (!kind || !is_behind_article(reading, window, word) || is_of_names(reading, span, first_mark))
        return false;
    *out = (struct topic_mark){.span = span, .wording = span, .sentence = window->sentence_of[window->words[word]], .score = bare_score};
    out->wording = taken_up(reading, out, kind);
    return out->wording.start != span.start;
}

/* A known measure from word `first` on that is named by more than a name, where no tag is: "the Iran nuclear deal". */
static bool find_measure(const struct reading *reading, const struct window *window, size_t first_mark, size_t first,
                         const struct knowledge *knowledge, size_t *next, struct topic_mark *out)
{
    size_t at = 0;
    uint32_t sentence = window->sentence_of[window->words[first]];
    struct view word = reading_view(reading, window_words(window, first, first));
    if (!knowledge || is_article(word) || !utf8_is_upper(utf8_next(word, &at)))
        return false;
    for (size_t end = first + 2; end <= window->word_count && end <= first + WORDS_MOST && window->sentence_of[window->words[end - 1]] == sentence; end++) {
        struct span span = window_words(window, first, end - 1);
        if (!kind_of(reading_view(reading, window_words(window, end - 1, end - 1))) ||
            meanings_measure(knowledge, reading_view(reading, span)) == KNOWN_NONE || is_of_names(reading, span, first_mark))
            continue;
        *next = end;
        *out = (struct topic_mark){.span = span, .wording = span, .sentence = sentence, .score = measure_score};
        return true;
    }
    return false;
}

/* The issue that is tagged from word `first` on; `next` is the word behind the tags. */
static bool find_tagged(const struct reading *reading, const struct window *window, size_t first_mark, const uint8_t *tags,
                        const float *scores, size_t first, size_t *next, struct topic_mark *out)
{
    uint32_t sentence = window->sentence_of[window->words[first]];
    float sum = scores[first];
    for (*next = first + 1; *next < window->word_count && tags[*next] == TAG_INSIDE && window->sentence_of[window->words[*next]] == sentence; ++*next)
        sum += scores[*next];
    size_t start = first, end = *next;
    while (start < end && !is_word(reading_view(reading, window_words(window, end - 1, end - 1))))
        end--;
    while (start < end && is_article(reading_view(reading, window_words(window, start, start))))
        start++;
    if (start == end || end - start > WORDS_MOST) /* a longer one is a clause, not the name of anything */
        return false;
    struct span span = window_words(window, start, end - 1);
    if (span.start >= span.end || is_of_names(reading, span, first_mark) || is_apposition(reading, span, first_mark) ||
        is_predicate(reading, window, start, end - 1, first_mark))
        return false;
    *out = (struct topic_mark){.span = span, .wording = span, .sentence = sentence, .score = sum / (float)(*next - first)};
    char kind = end == start + 1 ? kind_of(reading_view(reading, span)) : 0;
    if (kind && is_behind_article(reading, window, start))
        out->wording = taken_up(reading, out, kind);
    return true;
}

void issues_add(struct reading *reading, const struct window *window, size_t first_mark, const uint8_t *tags, const float *scores,
                const struct knowledge *knowledge)
{
    uint32_t last_sentence = UINT32_MAX;
    size_t of_sentence = 0;
    for (size_t first = 0, next = 0; first < window->word_count; first = next) {
        struct topic_mark mark;
        next = first + 1;
        bool is_found = tags[first] == TAG_OUTSIDE ? find_bare(reading, window, first_mark, first, &mark)
                                                   : find_tagged(reading, window, first_mark, tags, scores, first, &next, &mark);
        if (!is_found && !find_measure(reading, window, first_mark, first, knowledge, &next, &mark))
            continue;
        of_sentence = mark.sentence == last_sentence ? of_sentence + 1 : 1;
        last_sentence = mark.sentence;
        if (of_sentence <= ISSUES_MOST)
            add_mark(reading, mark);
    }
}

/* --- which are one -------------------------------------------------------------------------------------------------- */

static struct view key_of(const struct reading *reading, struct view text)
{
    struct view word = {0};
    char *key = arena_take(reading->arena, text.len + 1);
    size_t used = 0, count = 0;
    for (size_t at = 0; count < WORDS_MOST && (word = words_next(text, &at)).len > 0; count++) {
        if (count > 0)
            key[used++] = ' ';
        struct view lower = words_lower(word, key + used, word.len);
        used += lower.len;
    }
    if (used > 3 && key[used - 1] == 's' && key[used - 2] != 's')
        used--;
    return (struct view){.data = key, .len = used};
}

static int by_key(const void *left, const void *right)
{
    const struct mention_of *a = left, *b = right;
    int order = view_order(a->key, b->key);
    return order ? order : (a->mark > b->mark) - (a->mark < b->mark);
}

/* "ban" may stand for "ban on fur", "declaration" for "emergency declaration"; but "fur" is no "ban on fur". */
static bool may_stand_for(struct view shorter, struct view longer)
{
    if (shorter.len + 1 >= longer.len)
        return false;
    size_t at = shorter.len, rest = longer.len - shorter.len;
    if (longer.data[at] == ' ' && memcmp(longer.data, shorter.data, shorter.len) == 0 && is_preposition(words_next(longer, &at)))
        return true;
    return longer.data[rest - 1] == ' ' && memcmp(longer.data + rest, shorter.data, shorter.len) == 0 &&
           !has_preposition(view_slice(longer, 0, rest));
}

/* The first wording of what this one is known as; itself where it is not known. */
static uint32_t first_known(const struct wording *wordings, uint32_t index)
{
    for (uint32_t i = 0; wordings[index].known != KNOWN_NONE && i < index; i++)
        if (wordings[i].known == wordings[index].known)
            return i;
    return index;
}

/* The one longer wording that this one may stand for; itself where there is none, or more than one. */
static uint32_t longer_of(const struct wording *wordings, size_t count, uint32_t index)
{
    uint32_t found = index;
    for (uint32_t i = 0; i < count && i < JOINED_MOST; i++) {
        if (!may_stand_for(wordings[index].key, wordings[i].key))
            continue;
        if (found != index)
            return index;
        found = i;
    }
    return found;
}

static struct wording *gather(const struct reading *reading, struct mention_of *mentions, size_t count, const struct knowledge *knowledge,
                              size_t *wording_count)
{
    struct wording *wordings = arena_take_zeroed(reading->arena, count + 1, sizeof *wordings);
    qsort(mentions, count, sizeof *mentions, by_key);
    *wording_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct wording *last = *wording_count > 0 ? &wordings[*wording_count - 1] : NULL;
        if (last && view_equal(last->key, mentions[i].key)) {
            last->count++;
            continue;
        }
        struct view text = reading_view(reading, reading->topic_marks[mentions[i].mark].wording);
        wordings[(*wording_count)++] = (struct wording){.key = mentions[i].key,
                                                        .first = (uint32_t)i,
                                                        .count = 1,
                                                        .first_mark = mentions[i].mark,
                                                        .known = meanings_measure(knowledge, text)};
    }
    for (uint32_t i = 0; i < *wording_count; i++)
        wordings[i].issue = i >= JOINED_MOST                  ? i
                            : wordings[i].known != KNOWN_NONE ? first_known(wordings, i)
                                                              : longer_of(wordings, *wording_count, i);
    for (uint32_t i = 0; i < *wording_count; i++) /* joined ones may be joined: lengths grow up to a known one, so this ends */
        while (wordings[wordings[i].issue].issue != wordings[i].issue)
            wordings[i].issue = wordings[wordings[i].issue].issue;
    return wordings;
}

/* The thing that the text names by the words of the issue, "Remdesivir" where "remdesivir" is one; NOWHERE if there is none. */
static int32_t namesake_of(const struct reading *reading, const struct wording *wording, const struct entity *items)
{
    for (size_t i = 0; i < reading->first_issue && i < JOINED_MOST; i++)
        if ((items[i].type == ENTITY_MISC || items[i].type == ENTITY_PRODUCT) && items[i].name.len >= wording->key.len && view_equal(key_of(reading, items[i].name), wording->key))
            return (int32_t)i;
    return NOWHERE;
}

/* The entity of a wording that is an issue: what the text names by it, too, or its own, `own`, which is made. */
static int32_t entity_of(const struct reading *reading, const struct wording *wording, const struct knowledge *knowledge, struct entity *items,
                         int32_t own)
{
    int32_t namesake = wording->known == KNOWN_NONE ? namesake_of(reading, wording, items) : NOWHERE;
    items[own] = (struct entity){.name = reading_view(reading, reading->topic_marks[wording->first_mark].span), .type = ENTITY_MISC};
    if (wording->known == KNOWN_NONE)
        return namesake != NOWHERE ? namesake : own;
    struct known known = knowledge_get(knowledge, wording->known);
    for (size_t i = 0; i < reading->first_issue; i++)
        if (items[i].is_measure && view_equal(items[i].name, known.name))
            return (int32_t)i;
    items[own].name = known.name;
    items[own].wikidata = arena_copy(reading->arena, view_of(known.wikidata));
    items[own].is_measure = true;
    return own;
}

static int by_position(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    if (a->span.start != b->span.start)
        return a->span.start < b->span.start ? -1 : 1;
    return a->kind < b->kind ? -1 : a->kind > b->kind;
}

/* By position, without nominals that hold a name: "NAFTA" in "the NAFTA treaty". */
static void order_mentions(struct entity *entity)
{
    size_t kept = 0;
    qsort(entity->mentions, entity->mention_count, sizeof *entity->mentions, by_position);
    for (size_t i = 0; i < entity->mention_count; i++) {
        const struct mention *mention = &entity->mentions[i], *next = i + 1 < entity->mention_count ? mention + 1 : NULL;
        bool is_before = next && span_overlaps(mention->span, next->span);
        bool is_behind = kept > 0 && span_overlaps(mention->span, entity->mentions[kept - 1].span);
        if (mention->kind == MENTION_NAME || (!is_before && !is_behind))
            entity->mentions[kept++] = *mention;
    }
    entity->mention_count = kept;
}

/* Adds the issues' marks to the mentions of their entities [count]. */
static void add_mentions(const struct reading *reading, struct entity *items, size_t count)
{
    size_t *added = arena_take_zeroed(reading->arena, count + 1, sizeof *added);
    for (size_t i = 0; i < reading->topic_mark_count; i++)
        if (reading->topic_marks[i].is_issue)
            added[issues_entity(reading, reading->topic_marks[i].topic)]++;
    for (size_t e = 0; e < count; e++) {
        if (added[e] == 0)
            continue;
        struct mention *mentions = arena_take_zeroed(reading->arena, items[e].mention_count + added[e], sizeof *mentions);
        if (items[e].mention_count > 0)
            memcpy(mentions, items[e].mentions, items[e].mention_count * sizeof *mentions);
        items[e].mentions = mentions;
    }
    for (size_t i = 0; i < reading->topic_mark_count; i++) {
        const struct topic_mark *mark = &reading->topic_marks[i];
        if (!mark->is_issue)
            continue;
        struct entity *entity = &items[issues_entity(reading, mark->topic)];
        entity->mentions[entity->mention_count++] = (struct mention){.span = mark->span, .kind = MENTION_NOMINAL, .score = mark->score};
    }
    for (size_t e = 0; e < reading->first_issue; e++)
        if (added[e] > 0)
            order_mentions(&items[e]);
}

void issues_settle(struct reading *reading, struct entities *entities, const struct knowledge *knowledge)
{
    size_t count = 0, wording_count = 0;
    struct mention_of *mentions = arena_take_zeroed(reading->arena, reading->topic_mark_count + 1, sizeof *mentions);
    for (size_t i = 0; i < reading->topic_mark_count; i++)
        if (reading->topic_marks[i].is_issue)
            mentions[count++] = (struct mention_of){.key = key_of(reading, reading_view(reading, reading->topic_marks[i].wording)), .mark = (uint32_t)i};
    struct wording *wordings = gather(reading, mentions, count, knowledge, &wording_count);
    struct entity *items = arena_take_zeroed(reading->arena, entities->count + wording_count + 1, sizeof *items);
    int32_t *issue_entities = arena_take_zeroed(reading->arena, wording_count + 1, sizeof *issue_entities);
    if (entities->count > 0)
        memcpy(items, entities->items, entities->count * sizeof *items);
    reading->first_issue = entities->count;
    reading->issue_entities = issue_entities;
    for (size_t i = 0; i < wording_count; i++) {
        if (wordings[i].issue == i)
            issue_entities[i] = entity_of(reading, &wordings[i], knowledge, items, (int32_t)(reading->first_issue + i));
        for (uint32_t k = 0; k < wordings[i].count; k++)
            reading->topic_marks[mentions[wordings[i].first + k].mark].topic = wordings[i].issue;
    }
    *entities = (struct entities){.items = items, .count = entities->count + wording_count};
    add_mentions(reading, items, entities->count);
}

int32_t issues_entity(const struct reading *reading, uint32_t index)
{
    return reading->issue_entities[index];
}
