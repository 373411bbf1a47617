#include "processor/extract/marks.h"

#include "processor/extract/compounds.h"
#include "processor/extract/first_names.h"
#include "processor/extract/groups.h"
#include "processor/extract/meanings.h"
#include "processor/text/utf8.h"
#include "processor/text/words.h"

#include <stdlib.h>
#include <strings.h>

enum { WORD_BYTES = 32, NOMINAL_WORDS_MOST = 6 };
enum { REPEAT_WORDS_MOST = 4, REPEAT_MARKS_BACK = 300, REPEAT_FOUND_LEAST = 2, MEASURE_WORDS_MOST = 8 };

static const float known_score = 0.9f; /* of a name that no tag has found, but the knowledge */

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
};

static bool is_listed(struct view word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (view_equal(word, view_of(list[i])))
            return true;
    return false;
}

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

/* Whether `span` stands behind a party's letter and a dash, as "Calif." in "D-Calif." */
static bool is_behind_party(struct view text, struct span span)
{
    if (span.start < 2 || text.data[span.start - 1] != '-' || !memchr("DRI", text.data[span.start - 2], 3))
        return false;
    return span.start == 2 || memchr(" (,[\n", text.data[span.start - 3], 5) != NULL;
}

bool marks_is_of_party(const struct reading *reading, struct span span)
{
    return is_behind_party(reading->text, span);
}

bool marks_is_where(const struct reading *reading, const struct mark *mark)
{
    static const char *const places[] = {"in", "near", "across", "outside", "inside", "throughout", "around", "at"};
    static const char *const words_between[] = {"the", "northern", "southern", "eastern", "western", "central", "nearby", "downtown"};
    if (mark->kind != MENTION_NAME || (mark->type != ENTITY_LOCATION && mark->type != ENTITY_FACILITY))
        return false;
    if (is_behind_party(reading->text, mark->span))
        return true;
    char buffer[WORD_BYTES];
    size_t end = mark->span.start;
    struct view word = words_lower(word_before(reading->text, &end), buffer, sizeof buffer);
    if (is_listed(word, words_between, sizeof words_between / sizeof *words_between))
        word = words_lower(word_before(reading->text, &end), buffer, sizeof buffer);
    return is_listed(word, places, sizeof places / sizeof *places);
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
    if (is_listed(lower, men, sizeof men / sizeof *men))
        return 'm';
    return is_listed(lower, women, sizeof women / sizeof *women) ? 'f' : 0;
}

enum entity_type marks_head_type(struct view word)
{
    char buffer[WORD_BYTES];
    struct view lower = words_lower(word, buffer, sizeof buffer);
    if (is_listed(lower, organization_heads, sizeof organization_heads / sizeof *organization_heads))
        return ENTITY_ORGANIZATION;
    if (is_listed(lower, person_heads, sizeof person_heads / sizeof *person_heads))
        return ENTITY_PERSON;
    return ENTITY_TYPE_COUNT;
}

/* --- marks --------------------------------------------------------------------------------------------------------- */

static struct mark *add_mark(struct reading *reading, struct mark mark)
{
    reading->marks =
        reading_room(reading->arena, reading->marks, reading->mark_count, &reading->mark_room, sizeof *reading->marks);
    mark.entity = mark.attribution = NOWHERE;
    reading->marks[reading->mark_count] = mark;
    return &reading->marks[reading->mark_count++];
}

static bool has_capital(struct view text)
{
    for (size_t at = 0; at < text.len;)
        if (utf8_is_upper(utf8_next(text, &at)))
            return true;
    return false;
}

static bool starts_with_capital(struct view word)
{
    size_t at = 0;
    return word.len > 0 && utf8_is_upper(utf8_next(word, &at));
}

/* "centrist Mesa", "state media People's Daily": words before the first capital are not part of a name, but for particles; nor is
 * the stop of "Mr. Mesa". */
static size_t skip_small_words(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    static const char *const particles[] = {"al", "el", "de", "da", "di", "du", "del", "la", "le", "van", "von", "bin", "ibn", "abu", "ter", "ten"};
    size_t start = first;
    while (start < last) {
        struct view word = reading_view(reading, window_words(window, start, start));
        bool is_stop = word.len == 1 && strchr(".,;:-", word.data[0]) != NULL;
        bool is_small = word.len > 1 && word.data[0] >= 'a' && word.data[0] <= 'z' && !has_capital(word);
        bool is_joined = window->spans[window->words[start + 1]].start == window_words(window, start, start).end;
        if (!is_stop && (!is_small || is_joined || is_listed(word, particles, sizeof particles / sizeof *particles)))
            return start;
        start++;
    }
    return start;
}

static bool is_in_sentence(const struct window *window, size_t word, size_t of)
{
    return word < window->word_count && window->sentence_of[window->words[word]] == window->sentence_of[window->words[of]];
}

static struct view word_at(const struct reading *reading, const struct window *window, size_t word)
{
    return reading_view(reading, window_words(window, word, word));
}

/* "California-based Law Center": where the body is says no part of its name. */
static size_t skip_base(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    for (size_t i = first; i + 3 <= last && i < first + 4; i++)
        if (view_equal(word_at(reading, window, i + 1), view_of("-")) && view_equal(word_at(reading, window, i + 2), view_of("based")))
            return i + 3;
    return first;
}

/* How many words at the end of a body's name say what it is, in small letters: "Xinhua |news agency", "Islamic State |group", but "House group". */
static size_t kind_words(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    static const char *const kinds[] = {"news agency", "news service", "wire service", "terrorist group", "terrorist network", "militant group"};
    static const char *const things[] = {"app", "brand", "militants", "razor", "terrorist", "website"};
    if (last >= first + 2 && is_listed(reading_view(reading, window_words(window, last - 1, last)), kinds, sizeof kinds / sizeof *kinds))
        return 2;
    struct view word = word_at(reading, window, last);
    if (last > first && is_listed(word, things, sizeof things / sizeof *things))
        return 1;
    return last >= first + 2 && view_equal(word, view_of("group")) && has_capital(word_at(reading, window, last - 1)) ? 1 : 0;
}

/* Whether the word ends a name as the title of who is named next: "Navy |Adm. |Lee", "Florida |Rep. |Ray". */
static bool is_rank(const struct reading *reading, const struct window *window, size_t word, bool *is_seat)
{
    static const char *const ranks[] = {"adm", "capt", "cmdr", "col", "gen", "lt", "maj", "rev", "sgt"};
    static const char *const seats[] = {"gov", "rep", "sen"};
    struct span span = window_words(window, word, word);
    char buffer[WORD_BYTES];
    if (span.end - span.start >= sizeof buffer || span.end >= reading->text.len || reading->text.data[span.end] != '.')
        return false;
    struct view lower = words_lower(reading_view(reading, span), buffer, sizeof buffer);
    *is_seat = is_listed(lower, seats, sizeof seats / sizeof *seats);
    return *is_seat || is_listed(lower, ranks, sizeof ranks / sizeof *ranks);
}

/* The first word of a bracket or quotation in a name that the name does not close; behind `last` where there is none. */
static size_t find_unclosed(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    static const char *const opening[] = {"(", "[", "“", "\""};
    static const char *const closing[] = {")", "]", "”", "\""};
    for (size_t i = first + 1; i <= last; i++) {
        size_t k = 0, end = i + 1;
        while (k < sizeof opening / sizeof *opening && !view_equal(word_at(reading, window, i), view_of(opening[k])))
            k++;
        if (k == sizeof opening / sizeof *opening)
            continue;
        while (end <= last && !view_equal(word_at(reading, window, end), view_of(closing[k])))
            end++;
        if (end > last)
            return i;
        i = end;
    }
    return last + 1;
}

/* The last word without the possessive before something that was cut off, "CNN's |“New Day". */
static size_t skip_possessive(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    if (last > first + 1 && view_equal(word_at(reading, window, last), view_of("s")))
        last--;
    struct view word = word_at(reading, window, last);
    return last > first && (view_equal(word, view_of("'")) || view_equal(word, view_of("’"))) ? last - 1 : last;
}

/* Where a name really ends: before a bracket or a quotation mark that it does not close, before a party's letter ("Ann Lee D-Mass."), before
 * what is none of it. Before first: it is no name at all ("Rear Adm."). `type`: of a place that somebody sits for, it is one. */
static size_t skip_tail(const struct reading *reading, const struct window *window, size_t first, size_t last, enum entity_type *type)
{
    static const char *const letters[] = {"D", "I", "R"};
    static const char *const parts[] = {"Brig", "Lt", "Maj", "Rear", "Sgt", "Vice"};
    static const char *const parties[] = {"Democratic", "House", "Independent", "Republican", "Senate", "State"};
    static const char *const bodies[] = {"Administration", "Campaign", "Foundation", "University", "administration", "campaign"}; /* named after a person */
    static const char *const sides[] = {"Majority", "Minority"}; /* of the House: "House Majority Leader Lee" */
    static const char *const leads[] = {"Leader", "Whip", "leader", "whip"};
    size_t unclosed = find_unclosed(reading, window, first, last);
    if (unclosed <= last)
        last = skip_possessive(reading, window, first, unclosed - 1);
    if (last >= first + 2 && *type == ENTITY_PERSON && view_equal(word_at(reading, window, last), view_of("-")) &&
        is_listed(word_at(reading, window, last - 1), letters, sizeof letters / sizeof *letters))
        return last - 2;
    if (last > first && *type == ENTITY_PERSON && is_listed(word_at(reading, window, last), bodies, sizeof bodies / sizeof *bodies))
        *type = ENTITY_ORGANIZATION;
    if (last > first && *type == ENTITY_ORGANIZATION && is_listed(word_at(reading, window, last), sides, sizeof sides / sizeof *sides) &&
        last + 1 < window->word_count && is_listed(word_at(reading, window, last + 1), leads, sizeof leads / sizeof *leads))
        return last - 1;
    bool is_seat;
    if (*type != ENTITY_PERSON && last > first && is_rank(reading, window, last, &is_seat)) {
        struct view rest = reading_view(reading, window_words(window, first, last - 1));
        if (is_listed(rest, parts, sizeof parts / sizeof *parts))
            return first - 1;
        if (is_seat && !is_listed(rest, parties, sizeof parties / sizeof *parties) && last == first + 1)
            *type = ENTITY_LOCATION;
        return last - 1;
    }
    return *type == ENTITY_ORGANIZATION ? last - kind_words(reading, window, first, last) : last;
}

/* "Bergen Trawlers|' Union": the body's word behind the apostrophe is part of the name, where the tags stop before that. */
static size_t take_union(const struct reading *reading, const struct window *window, size_t last)
{
    static const char *const unions[] = {"Alliance", "Association", "Club", "Council", "Federation", "Guild", "League", "Party", "Society", "Union"};
    struct view word = word_at(reading, window, last);
    if (!is_in_sentence(window, last + 2, last) || word.len < 2 || word.data[word.len - 1] != 's')
        return last;
    struct view mark = word_at(reading, window, last + 1);
    bool is_one = (view_equal(mark, view_of("'")) || view_equal(mark, view_of("’"))) && mark.data == word.data + word.len &&
                  is_listed(word_at(reading, window, last + 2), unions, sizeof unions / sizeof *unions);
    return is_one ? last + 2 : last;
}

static bool is_known(const struct knowledge *knowledge, struct view name)
{
    struct known_candidate candidate;
    return knowledge && knowledge_find(knowledge, name, &candidate, 1) > 0 && !(candidate.flags & KNOWN_AMBIGUOUS);
}

/* "CNN's Ann Lee" is she, and "Johnson's Conservative Party" the party that is known, but "People's Bank of China" is no Bank of China. */
static size_t skip_owner(const struct reading *reading, const struct window *window, const struct knowledge *knowledge, size_t first, size_t last,
                         enum entity_type *type)
{
    static const char *const owners[] = {"Children", "Farmer", "Father", "King", "Men", "Mother", "People", "Queen", "Veteran", "Women", "Worker"};
    static const char *const houses[] = {"Center", "Centre", "Church", "Club", "College", "Company", "Foundation", "Hospital", "Institute", "Institution", "School",
                                         "University"};
    if (is_known(knowledge, reading_view(reading, window_words(window, first, last))))
        return first;
    for (size_t i = first + 1; i + 2 <= last; i++) {
        struct view mark = word_at(reading, window, i), next = word_at(reading, window, i + 2);
        if ((!view_equal(mark, view_of("'")) && !view_equal(mark, view_of("’"))) || !view_equal(word_at(reading, window, i + 1), view_of("s")) ||
            !starts_with_capital(next))
            continue;
        bool is_of_many = is_listed(word_at(reading, window, i - 1), owners, sizeof owners / sizeof *owners);
        size_t count = last - (i + 1);
        if (*type == ENTITY_PERSON || (!is_of_many && count >= 2 && is_known(knowledge, reading_view(reading, window_words(window, i + 2, last)))))
            return i + 2;
        if (*type == ENTITY_ORGANIZATION && count >= 2 && count <= 3 && first_names_gender(next) &&
            !is_listed(word_at(reading, window, last), houses, sizeof houses / sizeof *houses)) {
            *type = ENTITY_PERSON;
            return i + 2;
        }
    }
    return first;
}

/* "Ann Lee (D-Calif.)", "Bo Ray, R-Texas": whether the words from `first` to `last` are a party's letter and a state; D-Link is a company. */
static bool is_party_and_state(const struct reading *reading, const struct window *window, size_t first, size_t last, enum entity_type type)
{
    if (last < first + 2 || !is_behind_party(reading->text, window_words(window, first + 2, first + 2)))
        return false;
    struct view before = view_slice(reading->text, 0, window_words(window, first, first).start);
    bool is_behind = before.len > 2 && (before.data[before.len - 1] == '(' || before.data[before.len - 2] == ',');
    return (type == ENTITY_LOCATION || is_behind) && has_capital(reading_view(reading, window_words(window, first + 2, last)));
}

/* The end of a state's name with the stop of its abbreviation, where that cannot be a sentence's: "D-Calif., said", "(R-Ky.)". */
static uint32_t abbreviation_end(struct view text, uint32_t end)
{
    bool is_stopped = end + 2 < text.len && text.data[end] == '.' && text.data[end - 1] != '.';
    bool has_small_word = is_stopped && text.data[end + 1] == ' ' && text.data[end + 2] >= 'a' && text.data[end + 2] <= 'z';
    return is_stopped && (has_small_word || memchr(",)]", text.data[end + 1], 3)) ? end + 1 : end;
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

static bool is_taken(const struct reading *reading, size_t first_mark, size_t name_end, struct span span)
{
    for (size_t i = first_mark; i < name_end; i++)
        if (span_overlaps(reading->marks[i].span, span))
            return true;
    return false;
}

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
    if (is_in_sentence(window, last + 1, last) && starts_with_capital(reading_view(reading, window_words(window, last + 1, last + 1))))
        return true;
    if (first == 0 || !is_in_sentence(window, first - 1, first))
        return false;
    struct view before = reading_view(reading, window_words(window, first - 1, first - 1));
    bool is_first = first == 1 || !is_in_sentence(window, first - 2, first);
    return starts_with_capital(before) && !is_first && marks_head_type(before) != ENTITY_PERSON && !marks_gender(before);
}

/* Adds what is written like names that were found before or in this window: of ten mentions of a name the tags may miss one. */
static void add_repeats(struct reading *reading, const struct window *window, size_t first_mark)
{
    size_t name_end = reading->mark_count;
    for (size_t first = 0; first < window->word_count; first++) {
        uint32_t sentence = window->sentence_of[window->words[first]];
        if (!reading->sentences[sentence].is_prose || !starts_with_capital(reading_view(reading, window_words(window, first, first))))
            continue;
        for (size_t last = first + REPEAT_WORDS_MOST; last-- > first;) {
            struct span span = window_words(window, first, last < window->word_count ? last : first);
            float score = 0;
            if (!is_in_sentence(window, last, first) || is_taken(reading, first_mark, name_end, span))
                continue;
            const struct mark *found = find_found(reading, name_end, reading_view(reading, span), &score);
            if (!found || is_part(reading, window, first, last))
                continue;
            add_mark(reading, (struct mark){.span = span, .sentence = sentence, .kind = MENTION_NAME, .type = found->type, .score = score});
            first = last;
            break;
        }
    }
}

/* --- measures ------------------------------------------------------------------------------------------------------ */

/* "the company", "this president" */
static bool is_determiner(struct view word)
{
    return (word.len == 3 && strncasecmp(word.data, "the", 3) == 0) || (word.len == 4 && strncasecmp(word.data, "this", 4) == 0);
}

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
        struct view word = reading_view(reading, window_words(window, first, first));
        uint32_t sentence = window->sentence_of[window->words[first]];
        if (!reading->sentences[sentence].is_prose || !starts_with_capital(word) || is_determiner(word))
            continue;
        for (size_t last = first + MEASURE_WORDS_MOST; last-- > first;) {
            struct span span = window_words(window, first, last < window->word_count ? last : first);
            if (!is_in_sentence(window, last, first) || !starts_with_capital(reading_view(reading, window_words(window, last, last))))
                continue;
            struct mark *beginning = beginning_of(reading, first_mark, name_end, span);
            if ((!beginning && is_taken(reading, first_mark, name_end, span)) ||
                meanings_measure(knowledge, reading_view(reading, span)) == KNOWN_NONE || is_part(reading, window, first, last))
                continue;
            if (beginning) {
                beginning->span = span;
                beginning->type = ENTITY_MISC;
            } else {
                add_mark(reading, (struct mark){.span = span, .sentence = sentence, .kind = MENTION_NAME, .type = ENTITY_MISC, .score = known_score});
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
        if (!starts_with_capital(name) || !compounds_tail(view_slice(reading->text, span.end, reading->text.len)) ||
            is_taken(reading, first_mark, name_end, span) || is_part(reading, window, i, i) || knowledge_find(knowledge, name, &candidate, 1) == 0 ||
            candidate.flags & KNOWN_AMBIGUOUS)
            continue;
        enum known_kind kind = knowledge_get(knowledge, candidate.entry).kind;
        if (kind == KNOWN_KIND_COUNTRY || kind == KNOWN_KIND_INTERNATIONAL)
            add_mark(reading, (struct mark){.span = span,
                                            .sentence = window->sentence_of[window->words[i]],
                                            .kind = MENTION_NAME,
                                            .type = kind == KNOWN_KIND_COUNTRY ? ENTITY_LOCATION : ENTITY_ORGANIZATION,
                                            .score = known_score});
    }
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
        bool is_proper = reading->is_cased && type < ENTITY_MISC;
        size_t start = is_proper ? skip_small_words(reading, window, first, last) : first;
        bool is_state = is_party_and_state(reading, window, start, last, type);
        start += is_state ? 2 : 0;
        start = is_proper && !is_state ? skip_base(reading, window, start, last) : start;
        size_t end = is_proper && !is_state ? skip_tail(reading, window, start, last, &type) : last;
        if (end + 1 == start) {
            first = last;
            continue;
        }
        if (is_proper && !is_state)
            start = skip_owner(reading, window, knowledge, start, end, &type);
        size_t after = type == ENTITY_ORGANIZATION && end == last ? take_union(reading, window, end) : end;
        last = after > last ? after : last;
        end = after;
        struct span span = window_words(window, start, end);
        if (is_state) {
            type = ENTITY_LOCATION;
            span.end = abbreviation_end(reading->text, span.end);
        }
        if (span.start < span.end && (!is_proper || has_capital(reading_view(reading, span))))
            add_mark(reading, (struct mark){.span = span,
                                            .sentence = window->sentence_of[window->words[first]],
                                            .kind = MENTION_NAME,
                                            .type = type,
                                            .score = score});
        first = last;
    }
    if (!reading->is_cased)
        return;
    add_repeats(reading, window, first_mark);
    if (!knowledge)
        return;
    add_measures(reading, window, knowledge, first_mark);
    add_compounds(reading, window, knowledge, first_mark);
}

/* The last word of a nominal that starts with the determiner at `first`: the last head among the next words, if they all are
 * within the sentence and no punctuation or verb-like break comes before it. 0 if there is none. */
static size_t nominal_end(const struct reading *reading, const struct window *window, size_t first, enum entity_type *type)
{
    size_t found = 0;
    for (size_t i = first + 1; i < window->word_count && i <= first + NOMINAL_WORDS_MOST; i++) {
        struct view word = reading_view(reading, window_words(window, i, i));
        if (word.len == 0 || window->sentence_of[window->words[i]] != window->sentence_of[window->words[first]])
            break;
        bool is_word = (word.data[0] >= 'A' && word.data[0] <= 'Z') || (word.data[0] >= 'a' && word.data[0] <= 'z') || word.data[0] == '-';
        static const char *const breaks[] = {"of",    "in",   "on",    "at",     "to",    "for",  "from",  "with",   "by",      "and",
                                             "or",    "that", "which", "who",    "is",    "was",  "has",   "had",    "will",    "would",
                                             "said",  "says", "the",   "a",      "an",    "are",  "were",  "be",     "but",     "as",
                                             "about", "into", "over",  "after",  "before", "than", "when", "against", "because", "during",
                                             "under", "if",   "while", "toward", "towards", "not", "can",  "could",  "may",     "should"};
        if (!is_word || is_listed(word, breaks, sizeof breaks / sizeof *breaks))
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
        mark->order = same ? mark[-1].order + !mark[-1].is_within : 0; /* a name and the group named after it are one */
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
        } else if (is_determiner(word) && (last = nominal_end(reading, window, i, &mark.type)) > 0) {
            mark.kind = MENTION_NOMINAL;
            mark.span = window_words(window, i, last);
        } else {
            continue;
        }
        if (mark.kind == MENTION_PRONOUN ? !is_taken(reading, first_mark, name_end, mark.span)
                                         : !is_taken(reading, first_mark, name_end, window_words(window, last, last)))
            add_mark(reading, mark);
    }
    set_order(reading, first_mark);
}
