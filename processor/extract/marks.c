#include "processor/extract/marks.h"

#include "processor/extract/bounds.h"
#include "processor/extract/groups.h"
#include "processor/extract/handles.h"
#include "processor/extract/missed.h"
#include "processor/text/utf8.h"
#include "processor/text/words.h"

#include <stdlib.h>
#include <strings.h>

enum { WORD_BYTES = 32, NOMINAL_WORDS_MOST = 6, PLACES_IN_ROW = 6 };

/* --- words --------------------------------------------------------------------------------------------------------- */

struct pronoun {
    const char *word;
    enum entity_type type;
    char gender;
    bool is_first_person;
};

/* "his plan" stands for him, as holder and as target; "its" and "their" add nothing that is right more often than wrong. */
static const struct pronoun pronouns[] = {
    {"he", ENTITY_PERSON, 'm', false},  {"him", ENTITY_PERSON, 'm', false},  {"she", ENTITY_PERSON, 'f', false},
    {"i", ENTITY_PERSON, 0, true},      {"me", ENTITY_PERSON, 0, true},      {"we", ENTITY_PERSON, 0, true},
    {"us", ENTITY_PERSON, 0, true},     {"it", ENTITY_ORGANIZATION, 0, false}, {"they", ENTITY_NORP, 0, false},
    {"them", ENTITY_NORP, 0, false},        {"his", ENTITY_PERSON, 'm', false},  {"her", ENTITY_PERSON, 'f', false},
};

/* Heads of nominals that take up an actor named before. */
static const char *const organization_heads[] = {
    "company", "firm", "group", "giant", "maker", "manufacturer", "carmaker", "automaker", "chipmaker", "drugmaker",
    "retailer", "bank", "lender", "airline", "agency", "ministry", "commission", "committee", "court", "council", "party",
    "union", "government", "administration", "network", "broadcaster", "club", "team", "side", "organisation",
    "organization", "regulator", "watchdog", "startup", "start-up", "supplier", "developer", "publisher", "operator",
    "conglomerate", "corporation", "insurer", "miner", "brewer", "shipbuilder", "utility", "charity", "university",
    "newspaper", "bloc", "alliance", "militia", "movement", "studio", "champions", "department", "bureau", "fund", "foundation",
    "institute", "association", "federation", "parliament", "tribunal", "authority", "board", "panel",
};
static const char *const person_heads[] = {
    "president", "minister", "premier", "chancellor", "senator", "governor", "mayor", "leader", "chairman", "chairwoman",
    "chief", "ceo", "executive", "founder", "spokesman", "spokeswoman", "spokesperson", "official", "lawmaker", "congressman",
    "congresswoman", "candidate", "nominee", "billionaire", "tycoon", "player", "coach", "manager", "striker", "midfielder",
    "defender", "goalkeeper", "captain", "singer", "actor", "actress", "author", "writer", "director", "king", "queen",
    "prince", "princess", "pope", "judge", "justice", "general", "ambassador", "secretary", "commissioner", "economist",
    "analyst", "activist", "lawyer", "prosecutor", "champion", "diplomat", "envoy", "republican", "democrat",
    "attacker", "assailant", "gunman", "shooter", "bomber", "killer", "suspect", "defendant", "whistleblower", "journalist", "columnist",
    "professor", "historian", "cleric", "bishop", "archbishop", "cardinal", "dissident", "entrepreneur", "rapper", "filmmaker", "comedian",
};

/* What has been said, if nothing behind it tells what: "dismissed the idea", not "the idea of a ban". */
static const char *const sayings[] = {
    "accusation", "accusations", "allegation", "allegations", "argument", "arguments", "assertion", "assertions", "assurance",
    "assurances", "claim", "claims", "comment", "comments", "criticism", "criticisms", "explanation", "idea", "notion", "remark",
    "remarks", "sentiment", "sentiments", "statement", "suggestion", "suggestions", "warning", "warnings",
};

/* What is done about it; with `particles` between: "scoffed |at |the idea". */
static const char *const replies[] = {
    "agreed", "agrees", "applauded", "attacked", "backed", "backs", "blasted", "brushed", "called", "calls", "challenged", "condemned", "contested",
    "criticised", "criticized", "decried", "defended", "defends", "denied", "denies", "denounced", "derided", "disagreed", "disagrees", "dismissed", "dismisses",
    "disputed", "disputes", "echoed", "echoes", "embraced", "endorsed", "endorses", "hailed", "laughed", "mocked", "oppose", "opposed", "opposes",
    "praised", "pushed", "rebuffed", "rebutted", "refuted", "reject", "rejected", "rejects", "ridiculed", "rubbished", "scoffed",
    "scorned", "seconded", "shrugged", "slammed", "supported", "supports", "waved", "welcomed", "welcomes",
};
static const char *const particles[] = {"against", "aside", "at", "away", "off", "on", "with"};

static const struct pronoun *find_pronoun(struct view word)
{
    for (size_t i = 0; i < sizeof pronouns / sizeof *pronouns; i++)
        if (word.len == strlen(pronouns[i].word) && strncasecmp(word.data, pronouns[i].word, word.len) == 0)
            return &pronouns[i];
    return NULL;
}

/* The word that ends before `end`, which moves to its start. */
static struct view word_before(struct view text, size_t *end)
{
    size_t stop = *end;
    while (stop > 0 && (text.data[stop - 1] == ' ' || text.data[stop - 1] == '\n'))
        stop--;
    size_t start = stop;
    while (start > 0 && ((text.data[start - 1] | 0x20) >= 'a' && (text.data[start - 1] | 0x20) <= 'z') && stop - start < WORD_BYTES)
        start--;
    *end = start;
    return view_slice(text, start, stop);
}

/* Behind "in", "near", "in northern". */
static bool is_behind_place_word(struct view text, size_t end)
{
    static const char *const places[] = {"in", "near", "across", "outside", "inside", "throughout", "around", "at"};
    static const char *const words_between[] = {"the", "northern", "southern", "eastern", "western", "central", "nearby", "downtown"};
    char buffer[WORD_BYTES];
    struct view word = words_lower(word_before(text, &end), buffer, sizeof buffer);
    if (words_is_listed(word, words_between, sizeof words_between / sizeof *words_between))
        word = words_lower(word_before(text, &end), buffer, sizeof buffer);
    return words_is_listed(word, places, sizeof places / sizeof *places);
}

static bool is_place_name(const struct mark *mark)
{
    return mark->kind == MENTION_NAME && (mark->type == ENTITY_LOCATION || mark->type == ENTITY_FACILITY);
}

/* The place that is named right before, with "and" between: "in |Oslo and |Bergen"; NULL where there is none. */
static const struct mark *place_beside(const struct reading *reading, const struct mark *mark)
{
    static const char *const joints[] = {" and ", " or ", ", and "}; /* "In Oslo, Bergen said" is of Bergen */
    if (mark == reading->marks || !is_place_name(mark - 1) || mark[-1].span.end > mark->span.start)
        return NULL;
    struct view between = view_slice(reading->text, mark[-1].span.end, mark->span.start);
    return words_is_listed(between, joints, sizeof joints / sizeof *joints) ? mark - 1 : NULL;
}

bool marks_is_where(const struct reading *reading, const struct mark *mark)
{
    if (!is_place_name(mark))
        return false;
    if (bounds_is_behind_party(reading->text, mark->span))
        return true;
    for (size_t count = 0; mark && count < PLACES_IN_ROW; mark = place_beside(reading, mark), count++)
        if (is_behind_place_word(reading->text, mark->span.start))
            return true;
    return false;
}

bool marks_is_first_person(struct view word)
{
    const struct pronoun *pronoun = find_pronoun(word);
    return pronoun && pronoun->is_first_person;
}

char marks_gender(struct view word)
{
    static const char *const men[] = {"mr", "sir", "lord", "king", "prince", "spokesman", "chairman", "congressman", "actor", "pope"};
    static const char *const women[] = {"mrs", "ms", "miss", "lady", "dame", "queen", "princess", "spokeswoman", "chairwoman",
                                        "congresswoman", "actress"};
    const struct pronoun *pronoun = find_pronoun(word);
    if (pronoun)
        return pronoun->gender;
    char buffer[WORD_BYTES];
    struct view lower = words_lower(word, buffer, sizeof buffer);
    if (words_is_listed(lower, men, sizeof men / sizeof *men))
        return 'm';
    return words_is_listed(lower, women, sizeof women / sizeof *women) ? 'f' : 0;
}

enum entity_type marks_head_type(struct view word)
{
    char buffer[WORD_BYTES];
    struct view lower = words_lower(word, buffer, sizeof buffer);
    if (words_is_listed(lower, organization_heads, sizeof organization_heads / sizeof *organization_heads))
        return ENTITY_ORGANIZATION;
    if (words_is_listed(lower, person_heads, sizeof person_heads / sizeof *person_heads))
        return ENTITY_PERSON;
    return ENTITY_TYPE_COUNT;
}

/* --- marks --------------------------------------------------------------------------------------------------------- */

struct mark *marks_add(struct reading *reading, struct mark mark)
{
    reading->marks =
        reading_room(reading->arena, reading->marks, reading->mark_count, &reading->mark_room, sizeof *reading->marks);
    mark.entity = mark.attribution = NOWHERE;
    reading->marks[reading->mark_count] = mark;
    return &reading->marks[reading->mark_count++];
}

bool marks_is_cased(struct view text)
{
    enum { LOOK_BYTES = 20000, CAPITALS_OF_1000 = 8 };
    size_t letters = 0, capitals = 0;
    for (size_t at = 0; at < text.len && at < LOOK_BYTES;) {
        uint32_t code_point = utf8_next(text, &at);
        letters += utf8_is_letter(code_point);
        capitals += utf8_is_upper(code_point);
    }
    return capitals * 1000 > letters * CAPITALS_OF_1000;
}

bool marks_is_taken(const struct reading *reading, size_t first_mark, size_t name_end, struct span span)
{
    for (size_t i = first_mark; i < name_end; i++)
        if (span_overlaps(reading->marks[i].span, span))
            return true;
    return false;
}

bool marks_is_determiner(struct view word)
{
    return (word.len == 3 && strncasecmp(word.data, "the", 3) == 0) || (word.len == 4 && strncasecmp(word.data, "this", 4) == 0);
}

/* --- names and others ---------------------------------------------------------------------------------------------- */

void marks_add_names(struct reading *reading, const struct window *window, const uint8_t *tags, const float *scores,
                     const struct knowledge *knowledge)
{
    size_t first_mark = reading->mark_count;
    for (size_t first = 0; first < window->word_count; first++) {
        if (tags[first] == 0)
            continue;
        size_t last = first;
        float sum = scores[first];
        enum entity_type type = (enum entity_type)((tags[first] - 1) / 2);
        uint8_t inside = (uint8_t)(2 * type + 2);
        while (window_keeps_on(reading, window, last) && tags[last + 1] == inside)
            sum += scores[++last];
        float score = sum / (float)(last - first + 1);
        struct name_bounds name = {.first = first, .last = last, .type = type};
        if (bounds_correct(reading, window, knowledge, &name))
            marks_add(reading, (struct mark){.span = name.span,
                                            .sentence = window->sentence_of[window->words[first]],
                                            .kind = MENTION_NAME,
                                            .type = name.type,
                                            .score = score});
        last = name.last > last ? name.last : last;
        first = last;
    }
    if (reading->is_cased)
        missed_add(reading, window, knowledge, first_mark);
}

/* The last word of a nominal that starts with the determiner at `first`: the last head among the next words, if they all are
 * within the sentence and no punctuation or verb-like break comes before it. 0 if there is none. */
static size_t nominal_end(const struct reading *reading, const struct window *window, size_t first, enum entity_type *type)
{
    size_t found = 0;
    for (size_t i = first + 1; i < window->word_count && i <= first + NOMINAL_WORDS_MOST; i++) {
        struct view word = window_word(reading, window, i);
        if (word.len == 0 || window->sentence_of[window->words[i]] != window->sentence_of[window->words[first]])
            break;
        bool is_word = (word.data[0] >= 'A' && word.data[0] <= 'Z') || (word.data[0] >= 'a' && word.data[0] <= 'z') || word.data[0] == '-';
        static const char *const breaks[] = {"of",    "in",   "on",    "at",     "to",    "for",  "from",  "with",   "by",      "and",
                                             "or",    "that", "which", "who",    "is",    "was",  "has",   "had",    "will",    "would",
                                             "said",  "says", "the",   "a",      "an",    "are",  "were",  "be",     "but",     "as",
                                             "about", "into", "over",  "after",  "before", "than", "when", "against", "because", "during",
                                             "under", "if",   "while", "toward", "towards", "not", "can",  "could",  "may",     "should",
                                             "this",  "these", "those", "his",   "her",   "its", "their", "our",   "my",      "your",
                                             "include", "includes", "included", "year", "week", "month", "day", "time"};
        if (!is_word || words_is_listed(word, breaks, sizeof breaks / sizeof *breaks))
            break;
        enum entity_type head = marks_head_type(word);
        if (head != ENTITY_TYPE_COUNT) {
            found = i;
            *type = head;
        } else if (found) {
            break; /* "the company plans": the head is behind us; "the party leader" goes on to the next head */
        }
    }
    return found;
}

/* Whether "dismissed |the idea" stands at the word `first`: what has been said, and what somebody makes of it. */
static bool is_saying(const struct reading *reading, const struct window *window, size_t first)
{
    static const char *const determiners[] = {"the", "that", "those", "these", "this", "such"};
    static const char *const tellers[] = {"about", "against", "as", "at", "by", "for", "from", "in", "made", "of", "on", "over", "that", "to", "which", "who"};
    char buffer[WORD_BYTES];
    if (first == 0 || !window_is_in_sentence(window, first - 1, first) || !window_is_in_sentence(window, first + 1, first) ||
        !words_is_listed(window_word(reading, window, first), determiners, sizeof determiners / sizeof *determiners) ||
        !words_is_listed(window_word(reading, window, first + 1), sayings, sizeof sayings / sizeof *sayings))
        return false;
    if (window_is_in_sentence(window, first + 2, first) && words_is_listed(window_word(reading, window, first + 2), tellers, sizeof tellers / sizeof *tellers))
        return false;
    struct view verb = window_word(reading, window, first - 1);
    if (first > 1 && words_is_listed(verb, particles, sizeof particles / sizeof *particles))
        verb = window_word(reading, window, first - 2);
    return words_is_listed(words_lower(verb, buffer, sizeof buffer), replies, sizeof replies / sizeof *replies);
}

static int by_position(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;
    if (a->span.start != b->span.start)
        return a->span.start < b->span.start ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->span.end < b->span.end ? -1 : a->span.end > b->span.end;
}

static void set_order(struct reading *reading, size_t first_mark)
{
    if (reading->mark_count == first_mark)
        return;
    qsort(reading->marks + first_mark, reading->mark_count - first_mark, sizeof *reading->marks, by_position);
    for (size_t i = first_mark; i < reading->mark_count; i++) {
        struct mark *mark = &reading->marks[i];
        bool same = i > first_mark && mark[-1].sentence == mark->sentence;
        mark->order = same ? mark[-1].order + !(mark[-1].is_within || mark[-1].is_saying) : 0; /* a name and the group named after it are one */
    }
}

/* "i" of "i.e." */
static bool is_cut_off(const struct reading *reading, struct span span)
{
    return view_starts_with(view_slice(reading->text, span.start, reading->text.len), view_of("i.e."));
}

void marks_add_others(struct reading *reading, const struct window *window, size_t first_mark)
{
    groups_add(reading, first_mark);
    size_t name_end = reading->mark_count;
    for (size_t i = 0; i < window->word_count; i++) {
        struct span span = window_words(window, i, i);
        struct view word = reading_view(reading, span);
        struct mark mark = {.span = span, .sentence = window->sentence_of[window->words[i]], .score = 1};
        const struct pronoun *pronoun = is_cut_off(reading, span) ? NULL : find_pronoun(word);
        bool is_country = word.len == 2 && word.data[0] == 'U' && word.data[1] == 'S'; /* not "us" */
        size_t last = 0;
        if (pronoun && !is_country) {
            mark.kind = MENTION_PRONOUN;
            mark.type = pronoun->type;
        } else if (marks_is_determiner(word) && (last = nominal_end(reading, window, i, &mark.type)) > 0) {
            mark.kind = MENTION_NOMINAL;
            mark.span = window_words(window, i, last);
        } else if (handles_is(reading->text, span) && !handles_is_signature(reading->text, span)) {
            mark.kind = MENTION_NOMINAL;
            mark.type = ENTITY_PERSON;
            last = i;
        } else if (is_saying(reading, window, i)) {
            mark.kind = MENTION_NOMINAL;
            mark.type = ENTITY_ORGANIZATION;
            mark.is_saying = true;
            mark.span = window_words(window, i, last = i + 1);
        } else {
            continue;
        }
        if (mark.kind == MENTION_PRONOUN ? !marks_is_taken(reading, first_mark, name_end, mark.span)
                                         : !marks_is_taken(reading, first_mark, name_end, window_words(window, last, last)))
            marks_add(reading, mark);
    }
    set_order(reading, first_mark);
}
