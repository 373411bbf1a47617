#include "processor/extract/watched.h"

#include "processor/runtime/memory.h"
#include "processor/text/utf8.h"
#include "processor/text/words.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { FOLDED_BYTES = 1024, PARTS_MOST = 8, ARENA_BYTES = 16 * 1024 };

/* A word of a pattern. Those of one pattern lie side by side. */
struct place {
    uint32_t topic;
    bool is_first, is_last;
    bool is_after_break; /* the pattern has a comma or the like before it */
};

/* A different word of the patterns, folded; and the places where it stands. */
struct symbol {
    struct view text;
    bool is_beginning; /* of words: it had a "*" */
    uint32_t place;    /* while compiling: the one place */
    uint32_t first, count; /* in `places_of` */
};

struct watched {
    struct arena *arena;
    struct view *names; /* [count] */
    size_t count;
    struct place *places;   size_t place_count, place_room;
    struct symbol *symbols; size_t symbol_count, symbol_room; /* by text; whole words before beginnings */
    uint32_t *places_of; /* [place_count] of each symbol */
    size_t beginning_bytes_most; /* of the longest symbol that is a beginning */
};

/* The search goes on over the sentences of an article. */
struct watched_search {
    struct seen {
        uint32_t word;  /* number of the word that matched the place last; 0: none yet */
        uint32_t start; /* of the phrase, in the text */
    } *seen[2];         /* [place_count]: of words with even and odd numbers */
    uint32_t word;
    size_t first; /* topic mark of the sentence */
    int32_t *last; /* [count] the topic's latest mark, or NOWHERE; one of another sentence overlaps nothing */
};

/* --- words --------------------------------------------------------------------------------------------------------- */

/* `word` without case and with accents taken apart, in `out`; *is_cut where it is longer. */
static struct view fold(struct view word, char out[FOLDED_BYTES], bool *is_cut)
{
    size_t len = 0;
    *is_cut = false;
    for (size_t at = 0; at < word.len;) {
        uint32_t c = utf8_next(word, &at);
        utf8proc_int32_t parts[PARTS_MOST];
        int boundary = 0;
        utf8proc_ssize_t count = utf8proc_decompose_char(c == 0x2019 ? '\'' : (utf8proc_int32_t)c, parts, PARTS_MOST,
                                                         UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);
        for (utf8proc_ssize_t i = 0; i < count && i < PARTS_MOST; i++) {
            if (len + 4 > FOLDED_BYTES) {
                *is_cut = true;
                return (struct view){.data = out, .len = len};
            }
            len += (size_t)utf8proc_encode_char(parts[i], (utf8proc_uint8_t *)out + len);
        }
    }
    return (struct view){.data = out, .len = len};
}

/* How many bytes the possessive at the end of `word` has. */
static size_t possessive_bytes(struct view word)
{
    static const char *const endings[] = {"'s", "'S", "\xE2\x80\x99s", "\xE2\x80\x99S"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = strlen(endings[i]);
        if (word.len > len && memcmp(word.data + word.len - len, endings[i], len) == 0)
            return len;
    }
    return 0;
}

/* Whether what stands between two words keeps them from being one phrase. */
static bool is_break(struct view between)
{
    for (size_t at = 0; at < between.len;) {
        uint32_t c = utf8_next(between, &at);
        if (c == 0x2014 || (c < 0x80 && strchr(",;:!?()[]{}", (int)c)))
            return true;
    }
    return false;
}

static int compare_symbols(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;
    int order = view_order(a->text, b->text);
    if (order == 0)
        order = a->is_beginning - b->is_beginning;
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* --- compiling ----------------------------------------------------------------------------------------------------- */

static bool say(const struct settings_topic *topic, const char *pattern, const char *says, struct error *err)
{
    return error_set(err, ERROR_CONFIG, "topics.pattern", "%s: topic \"%s\": pattern \"%s\" %s", topic->where, topic->name, pattern, says);
}

static void add_place(struct watched *watched, struct place place, struct view word, bool is_beginning)
{
    watched->places = reading_room(watched->arena, watched->places, watched->place_count, &watched->place_room, sizeof place);
    watched->symbols = reading_room(watched->arena, watched->symbols, watched->symbol_count, &watched->symbol_room, sizeof *watched->symbols);
    watched->symbols[watched->symbol_count++] = (struct symbol){
        .text = arena_copy(watched->arena, word), .is_beginning = is_beginning, .place = (uint32_t)watched->place_count};
    watched->places[watched->place_count++] = place;
    if (is_beginning && word.len > watched->beginning_bytes_most)
        watched->beginning_bytes_most = word.len;
}

static bool add_pattern(struct watched *watched, const struct settings_topic *topic, const char *pattern, struct error *err)
{
    struct view text = view_of(pattern);
    size_t before = watched->place_count, end = 0, at = 0;
    char folded[FOLDED_BYTES];
    bool is_cut;
    for (struct view word; (word = words_next(text, &at)).len > 0; end = at) {
        struct view between = view_slice(text, end, (size_t)(word.data - text.data));
        bool is_beginning = at < text.len && text.data[at] == '*';
        at += is_beginning;
        size_t next = at;
        struct view following = words_next(text, &next);
        if (memchr(between.data, '*', between.len) || (is_beginning && following.len > 0 && following.data == text.data + at))
            return say(topic, pattern, "has a * that does not end a word", err);
        struct place place = {.topic = (uint32_t)watched->count, .is_first = watched->place_count == before, .is_after_break = is_break(between)};
        add_place(watched, place, fold(word, folded, &is_cut), is_beginning);
    }
    if (memchr(text.data + end, '*', text.len - end))
        return say(topic, pattern, "has a * that does not end a word", err);
    if (watched->place_count == before)
        return say(topic, pattern, "has no word", err);
    watched->places[watched->place_count - 1].is_last = true;
    return true;
}

/* Joins equal symbols; each gets the list of its places. */
static void gather_symbols(struct watched *watched)
{
    qsort(watched->symbols, watched->symbol_count, sizeof *watched->symbols, compare_symbols);
    watched->places_of = arena_take(watched->arena, watched->place_count * sizeof *watched->places_of);
    size_t count = 0;
    for (size_t i = 0; i < watched->symbol_count; i++) {
        struct symbol symbol = watched->symbols[i];
        watched->places_of[i] = symbol.place;
        struct symbol *last = count > 0 ? &watched->symbols[count - 1] : NULL;
        if (last && last->is_beginning == symbol.is_beginning && view_equal(last->text, symbol.text)) {
            last->count++;
            continue;
        }
        symbol.first = (uint32_t)i;
        symbol.count = 1;
        watched->symbols[count++] = symbol;
    }
    watched->symbol_count = count;
}

struct watched *watched_new(const struct settings_topics *settings, struct error *err)
{
    struct watched *watched = memory_new(1, sizeof *watched);
    watched->arena = arena_new(ARENA_BYTES);
    watched->names = arena_take_zeroed(watched->arena, settings->count, sizeof *watched->names);
    for (; watched->count < settings->count; watched->count++) {
        const struct settings_topic *topic = &settings->items[watched->count];
        watched->names[watched->count] = arena_copy(watched->arena, view_of(topic->name));
        for (size_t i = 0; i < topic->patterns.count; i++)
            if (!add_pattern(watched, topic, topic->patterns.items[i], err)) {
                watched_free(watched);
                return NULL;
            }
    }
    gather_symbols(watched);
    return watched;
}

void watched_free(struct watched *watched)
{
    if (!watched)
        return;
    arena_free(watched->arena);
    free(watched);
}

struct view watched_name(const struct watched *watched, size_t index)
{
    return watched->names[index];
}

/* --- searching ----------------------------------------------------------------------------------------------------- */

static const struct symbol *find_symbol(const struct watched *watched, struct view text, bool is_beginning)
{
    size_t low = 0, high = watched->symbol_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct symbol *symbol = &watched->symbols[middle];
        int order = view_order(symbol->text, text);
        if (order == 0)
            order = symbol->is_beginning - is_beginning;
        if (order == 0)
            return symbol;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void search_start(struct reading *reading)
{
    if (reading->watched_search)
        return;
    const struct watched *watched = reading->watched;
    struct watched_search *search = arena_take_zeroed(reading->arena, 1, sizeof *search);
    for (size_t i = 0; i < 2; i++)
        search->seen[i] = arena_take_zeroed(reading->arena, watched->place_count, sizeof *search->seen[i]);
    search->last = arena_take(reading->arena, watched->count * sizeof *search->last);
    for (size_t i = 0; i < watched->count; i++)
        search->last[i] = NOWHERE;
    search->word = 2; /* so that the word before the first is not 0 */
    reading->watched_search = search;
}

/* The name that the topic's mention is all in, if there is one: "Huawei" in "Huawei Technologies". */
static int32_t holder_of(const struct reading *reading, struct span span, size_t first_mark)
{
    for (size_t i = first_mark; i < reading->mark_count; i++)
        if (reading->marks[i].kind == MENTION_NAME && span_holds(reading->marks[i].span, span))
            return (int32_t)i;
    return NOWHERE;
}

/* Of two overlapping mentions of a topic the one that starts first stays, as the other does not end later or is cut into. */
static void add_mark(struct reading *reading, uint32_t topic, uint32_t sentence, struct span span)
{
    int32_t *last = &reading->watched_search->last[topic];
    struct topic_mark mark = {.span = span, .sentence = sentence, .topic = topic, .attribution = NOWHERE, .holder = NOWHERE};
    if (*last != NOWHERE && span_overlaps(reading->topic_marks[*last].span, span)) {
        if (span.start <= reading->topic_marks[*last].span.start)
            reading->topic_marks[*last] = mark;
        return;
    }
    if (reading->topic_mark_count - reading->watched_search->first == WATCHED_MOST)
        return;
    reading->topic_marks = reading_room(reading->arena, reading->topic_marks, reading->topic_mark_count, &reading->topic_mark_room, sizeof mark);
    *last = (int32_t)reading->topic_mark_count;
    reading->topic_marks[reading->topic_mark_count++] = mark;
}

/* The word `span`, number search->word, stands at each place of `symbol` that begins a phrase or goes on with one. */
static void step(struct reading *reading, uint32_t sentence, const struct symbol *symbol, struct span span, bool is_after_break)
{
    const struct watched *watched = reading->watched;
    struct watched_search *search = reading->watched_search;
    const struct seen *before = search->seen[(search->word - 1) & 1];
    struct seen *now = search->seen[search->word & 1];
    for (uint32_t i = 0; symbol && i < symbol->count; i++) {
        uint32_t index = watched->places_of[symbol->first + i];
        const struct place *place = &watched->places[index];
        if (!place->is_first && (before[index - 1].word != search->word - 1 || (is_after_break && !place->is_after_break)))
            continue;
        now[index] = (struct seen){.word = search->word, .start = place->is_first ? span.start : before[index - 1].start};
        if (place->is_last)
            add_mark(reading, place->topic, sentence, (struct span){.start = now[index].start, .end = span.end});
    }
}

static void take_word(struct reading *reading, uint32_t sentence, struct view word, bool is_after_break)
{
    const struct watched *watched = reading->watched;
    char folded[FOLDED_BYTES];
    bool is_cut;
    struct view text = fold(word, folded, &is_cut);
    uint32_t start = (uint32_t)(word.data - reading->text.data);
    struct span span = {.start = start, .end = start + (uint32_t)word.len};
    size_t possessive = possessive_bytes(word);
    if (possessive > 0 && !is_cut) {
        struct span bare = {.start = start, .end = span.end - (uint32_t)possessive};
        step(reading, sentence, find_symbol(watched, view_slice(text, 0, text.len - 2), false), bare, is_after_break);
    }
    if (!is_cut)
        step(reading, sentence, find_symbol(watched, text, false), span, is_after_break);
    for (size_t len = 1; len <= text.len && len <= watched->beginning_bytes_most; len++)
        step(reading, sentence, find_symbol(watched, view_slice(text, 0, len), true), span, is_after_break);
}

/* The part `part` of a sentence: all of it but for one that is longer than a window. */
static void search_sentence(struct reading *reading, uint32_t sentence, struct span part)
{
    struct view text = reading_view(reading, part);
    size_t end = 0, at = 0;
    reading->watched_search->first = reading->topic_mark_count;
    for (struct view word; (word = words_next(text, &at)).len > 0; end = at) {
        struct view between = view_slice(text, end, (size_t)(word.data - text.data));
        take_word(reading, sentence, word, is_break(between));
        reading->watched_search->word++;
    }
    reading->watched_search->word++; /* no phrase goes over the end of a sentence */
}

static int by_position(const void *left, const void *right)
{
    const struct topic_mark *a = left, *b = right;
    if (a->span.start != b->span.start)
        return a->span.start < b->span.start ? -1 : 1;
    if (a->span.end != b->span.end)
        return a->span.end < b->span.end ? -1 : 1;
    if (a->is_issue != b->is_issue)
        return a->is_issue ? 1 : -1;
    return a->topic < b->topic ? -1 : a->topic > b->topic;
}

void watched_add(struct reading *reading, const struct window *window, size_t first_mark, size_t first_topic)
{
    if (!reading->watched)
        return;
    search_start(reading);
    size_t first = reading->topic_mark_count;
    for (size_t start = 1, end; start + 1 < window->count; start = end) {
        for (end = start; end + 1 < window->count && window->sentence_of[end] == window->sentence_of[start]; end++) {}
        search_sentence(reading, window->sentence_of[start],
                        (struct span){.start = window->spans[start].start, .end = window->spans[end - 1].end});
    }
    if (reading->topic_mark_count == first)
        return;
    for (size_t i = first; i < reading->topic_mark_count; i++)
        reading->topic_marks[i].holder = holder_of(reading, reading->topic_marks[i].span, first_mark);
    qsort(reading->topic_marks + first_topic, reading->topic_mark_count - first_topic, sizeof *reading->topic_marks, by_position);
}

/* --- attributions -------------------------------------------------------------------------------------------------- */

static uint32_t content_bytes(const struct reading *reading, int32_t attribution)
{
    struct span content = reading->attributions[attribution].content;
    return content.end - content.start;
}

static size_t first_topic_mark_at(const struct reading *reading, uint32_t start)
{
    size_t low = 0, high = reading->topic_mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reading->topic_marks[middle].span.start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void watched_settle(struct reading *reading)
{
    for (size_t i = 0; i < reading->attribution_count; i++) {
        struct span content = reading->attributions[i].content;
        for (size_t k = first_topic_mark_at(reading, content.start);
             k < reading->topic_mark_count && reading->topic_marks[k].span.start < content.end; k++) {
            struct topic_mark *mark = &reading->topic_marks[k];
            if (mark->attribution == NOWHERE || content_bytes(reading, (int32_t)i) < content_bytes(reading, mark->attribution))
                mark->attribution = (int32_t)i;
        }
    }
}

static int by_place(const void *a, const void *b)
{
    const struct topic_mention *left = a, *right = b;
    int order = (left->span.start > right->span.start) - (left->span.start < right->span.start);
    return order ? order : view_order(left->topic, right->topic);
}

struct topic_mention *watched_mentions(const struct reading *reading, size_t *count)
{
    struct topic_mention *mentions = arena_take(reading->arena, reading->topic_mark_count * sizeof *mentions);
    *count = 0;
    for (size_t i = 0; i < reading->topic_mark_count; i++)
        if (!reading->topic_marks[i].is_issue)
            mentions[(*count)++] = (struct topic_mention){reading->topic_marks[i].span, watched_name(reading->watched, reading->topic_marks[i].topic)};
    if (*count > 1)
        qsort(mentions, *count, sizeof *mentions, by_place);
    return mentions;
}
