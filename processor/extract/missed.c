#include "processor/extract/missed.h"

#include "processor/extract/compounds.h"
#include "processor/extract/marks.h"
#include "processor/extract/meanings.h"
#include "processor/text/words.h"

enum { REPEAT_WORDS_MOST = 4, REPEAT_MARKS_BACK = 300, REPEAT_FOUND_LEAST = 2, MEASURE_WORDS_MOST = 8 };

static const float known_score = 0.9f; /* of a name that no tag has found, but the knowledge */

/* --- repeats ------------------------------------------------------------------------------------------------------- */

/* Whether `span` is the whole name of `mark`, or a person's last name in it. */
static bool is_named_by(const struct reading *reading, const struct mark *mark, struct view form)
{
    struct view name = reading_view(reading, mark->span);
    if (mark->kind != MENTION_NAME || mark->type >= ENTITY_MISC || name.len < form.len)
        return false;
    bool is_last_name = mark->type == ENTITY_PERSON && name.len > form.len && name.data[name.len - form.len - 1] == ' ';
    return (name.len == form.len || is_last_name) && view_equal(view_slice(name, name.len - form.len, name.len), form);
}

/* The latest of the names before `end` that are written like `form`, and the least score of all; NULL: too few of them. A
 * person's full name counts for two, as it is seldom a mistake. */
static const struct mark *find_found(const struct reading *reading, size_t end, struct view form, float *score)
{
    const struct mark *latest = NULL;
    size_t count = 0;
    for (size_t i = end; i-- > 0 && end - i <= REPEAT_MARKS_BACK;) {
        const struct mark *mark = &reading->marks[i];
        if (!is_named_by(reading, mark, form))
            continue;
        *score = latest && *score < mark->score ? *score : mark->score;
        latest = latest ? latest : mark;
        count += mark->span.end - mark->span.start > form.len ? 2 : 1;
    }
    return count >= REPEAT_FOUND_LEAST ? latest : NULL;
}

/* Whether the words [first, last] may be a part of a longer name that the tags have missed: "Melania Trump", "Senate Street".
 * A title, and the capital that starts a sentence, are no part of one. */
static bool is_part(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    if (window_is_in_sentence(window, last + 1, last) && words_starts_with_capital(window_word(reading, window, last + 1)))
        return true;
    if (first == 0 || !window_is_in_sentence(window, first - 1, first))
        return false;
    struct view before = window_word(reading, window, first - 1);
    bool is_first = first == 1 || !window_is_in_sentence(window, first - 2, first);
    return words_starts_with_capital(before) && !is_first && marks_head_type(before) != ENTITY_PERSON && !marks_gender(before);
}

/* Adds what is written like names that were found before or in this window: of ten mentions of a name the tags may miss one. */
static void add_repeats(struct reading *reading, const struct window *window, size_t first_mark)
{
    size_t name_end = reading->mark_count;
    for (size_t first = 0; first < window->word_count; first++) {
        uint32_t sentence = window->sentence_of[window->words[first]];
        if (!reading->sentences[sentence].is_prose || !words_starts_with_capital(window_word(reading, window, first)))
            continue;
        for (size_t last = first + REPEAT_WORDS_MOST; last-- > first;) {
            struct span span = window_words(window, first, last < window->word_count ? last : first);
            float score = 0;
            if (!window_is_in_sentence(window, last, first) || marks_is_taken(reading, first_mark, name_end, span))
                continue;
            const struct mark *found = find_found(reading, name_end, reading_view(reading, span), &score);
            if (!found || is_part(reading, window, first, last))
                continue;
            marks_add(reading, (struct mark){.span = span, .sentence = sentence, .kind = MENTION_NAME, .type = found->type, .score = score});
            first = last;
            break;
        }
    }
}

/* --- measures ------------------------------------------------------------------------------------------------------ */

/* The name that is the beginning of `span` and the only one that overlaps it, "Medicare" of "Medicare for All"; NULL where there is none. */
static struct mark *beginning_of(const struct reading *reading, size_t first_mark, size_t name_end, struct span span)
{
    struct mark *found = NULL;
    for (size_t i = first_mark; i < name_end; i++) {
        struct mark *mark = &reading->marks[i];
        if (!span_overlaps(mark->span, span))
            continue;
        if (found || mark->span.start != span.start || mark->span.end >= span.end)
            return NULL;
        found = mark;
    }
    return found;
}

/* Adds what is written like a law, an agreement or a programme that is known for sure, with capitals from its first to its last word. */
static void add_measures(struct reading *reading, const struct window *window, const struct knowledge *knowledge, size_t first_mark)
{
    size_t name_end = reading->mark_count;
    for (size_t first = 0; first < window->word_count; first++) {
        struct view word = window_word(reading, window, first);
        uint32_t sentence = window->sentence_of[window->words[first]];
        if (!reading->sentences[sentence].is_prose || !words_starts_with_capital(word) || marks_is_determiner(word))
            continue;
        for (size_t last = first + MEASURE_WORDS_MOST; last-- > first;) {
            struct span span = window_words(window, first, last < window->word_count ? last : first);
            if (!window_is_in_sentence(window, last, first) || !words_starts_with_capital(window_word(reading, window, last)))
                continue;
            struct mark *beginning = beginning_of(reading, first_mark, name_end, span);
            if ((!beginning && marks_is_taken(reading, first_mark, name_end, span)) ||
                meanings_measure(knowledge, reading_view(reading, span)) == KNOWN_NONE || is_part(reading, window, first, last))
                continue;
            if (beginning) {
                beginning->span = span;
                beginning->type = ENTITY_MISC;
            } else {
                marks_add(reading, (struct mark){.span = span, .sentence = sentence, .kind = MENTION_NAME, .type = ENTITY_MISC, .score = known_score});
            }
            first = last;
            break;
        }
    }
}

/* --- compounds ------------------------------------------------------------------------------------------------------ */

/* Adds the known states and bodies of states in compounds that no tag has found: "US-led", "NATO-backed". */
static void add_compounds(struct reading *reading, const struct window *window, const struct knowledge *knowledge, size_t first_mark)
{
    size_t name_end = reading->mark_count;
    for (size_t i = 0; i < window->word_count; i++) {
        struct span span = window_words(window, i, i);
        struct view name = reading_view(reading, span);
        struct known_candidate candidate;
        if (!words_starts_with_capital(name) || !compounds_tail(view_slice(reading->text, span.end, reading->text.len)) ||
            marks_is_taken(reading, first_mark, name_end, span) || is_part(reading, window, i, i) || knowledge_find(knowledge, name, &candidate, 1) == 0 ||
            candidate.flags & KNOWN_AMBIGUOUS)
            continue;
        enum known_kind kind = knowledge_get(knowledge, candidate.entry).kind;
        if (kind == KNOWN_KIND_COUNTRY || kind == KNOWN_KIND_INTERNATIONAL)
            marks_add(reading, (struct mark){.span = span,
                                            .sentence = window->sentence_of[window->words[i]],
                                            .kind = MENTION_NAME,
                                            .type = kind == KNOWN_KIND_COUNTRY ? ENTITY_LOCATION : ENTITY_ORGANIZATION,
                                            .score = known_score});
    }
}

void missed_add(struct reading *reading, const struct window *window, const struct knowledge *knowledge, size_t first_mark)
{
    add_repeats(reading, window, first_mark);
    if (!knowledge)
        return;
    add_measures(reading, window, knowledge, first_mark);
    add_compounds(reading, window, knowledge, first_mark);
}
