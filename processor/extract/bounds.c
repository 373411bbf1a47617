#include "processor/extract/bounds.h"

#include "processor/extract/first_names.h"
#include "processor/text/words.h"

enum { RANK_BYTES = 8 };

bool bounds_is_behind_party(struct view text, struct span span)
{
    if (span.start < 2 || text.data[span.start - 1] != '-' || !memchr("DRI", text.data[span.start - 2], 3))
        return false;
    return span.start == 2 || memchr(" (,[\n", text.data[span.start - 3], 5) != NULL;
}

/* "centrist Mesa", "state media People's Daily": words before the first capital are not part of a name, but for particles; nor is
 * the stop of "Mr. Mesa", or the sign of "@mesa". */
static size_t skip_small_words(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    static const char *const particles[] = {"al", "el", "de", "da", "di", "du", "del", "la", "le", "van", "von", "bin", "ibn", "abu", "ter", "ten"};
    size_t start = first;
    while (start < last) {
        struct view word = window_word(reading, window, start);
        bool is_stop = word.len == 1 && strchr(".,;:-@", word.data[0]) != NULL;
        bool is_small = word.len > 1 && word.data[0] >= 'a' && word.data[0] <= 'z' && !words_has_capital(word);
        bool is_joined = window->spans[window->words[start + 1]].start == window_words(window, start, start).end;
        if (!is_stop && (!is_small || is_joined || words_is_listed(word, particles, sizeof particles / sizeof *particles)))
            return start;
        start++;
    }
    return start;
}

/* "California-based Law Center": where the body is says no part of its name. */
static size_t skip_base(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    for (size_t i = first; i + 3 <= last && i < first + 4; i++)
        if (view_equal(window_word(reading, window, i + 1), view_of("-")) && view_equal(window_word(reading, window, i + 2), view_of("based")))
            return i + 3;
    return first;
}

static bool is_known(const struct knowledge *knowledge, struct view name)
{
    struct known_candidate candidate;
    return knowledge && knowledge_find(knowledge, name, &candidate, 1) > 0 && !(candidate.flags & KNOWN_AMBIGUOUS);
}

/* "Ann Maria| “Jo” Lee": a name goes on behind a nickname in it, where the tags stop before that. */
static size_t take_nickname(const struct reading *reading, const struct window *window, size_t last)
{
    static const char *const opening[] = {"“", "\""}, *const closing[] = {"”", "\""};
    if (!window_is_in_sentence(window, last + 4, last) || !words_starts_with_capital(window_word(reading, window, last + 2)) ||
        !words_starts_with_capital(window_word(reading, window, last + 4)))
        return last;
    struct view left = window_word(reading, window, last + 1), right = window_word(reading, window, last + 3);
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
        if (view_equal(left, view_of(opening[i])) && view_equal(right, view_of(closing[i])))
            return last + 4;
    return last;
}

/* "|NEW YORK |Britain said": a dateline without a dash is no part of the name behind it; "LA Lakers" is none. */
static size_t skip_dateline(const struct reading *reading, const struct window *window, const struct knowledge *knowledge, size_t first, size_t last)
{
    enum { DATELINE_BYTES_LEAST = 4 };
    size_t behind = first;
    struct known_candidate candidate;
    while (behind <= last && words_is_all_capitals(window_word(reading, window, behind)))
        behind++;
    bool is_first = first == 0 || !window_is_in_sentence(window, first - 1, first);
    if (!knowledge || !is_first || behind == first || behind > last || !words_starts_with_capital(window_word(reading, window, behind)) ||
        is_known(knowledge, reading_view(reading, window_words(window, first, last))))
        return first;
    struct view place = reading_view(reading, window_words(window, first, behind - 1));
    if (place.len < DATELINE_BYTES_LEAST || knowledge_find(knowledge, place, &candidate, 1) == 0)
        return first;
    enum known_kind kind = knowledge_get(knowledge, candidate.entry).kind;
    return kind == KNOWN_KIND_CAPITAL || kind == KNOWN_KIND_CITY ? behind : first;
}

/* How many words at the end of a body's name say what it is, in small letters: "Xinhua |news agency", "Islamic State |group", but "House group". */
static size_t kind_words(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    static const char *const kinds[] = {"news agency", "news service", "wire service", "terrorist group", "terrorist network", "militant group"};
    static const char *const things[] = {"app", "brand", "militants", "razor", "terrorist", "website"};
    if (last >= first + 2 && words_is_listed(reading_view(reading, window_words(window, last - 1, last)), kinds, sizeof kinds / sizeof *kinds))
        return 2;
    struct view word = window_word(reading, window, last);
    if (last > first && words_is_listed(word, things, sizeof things / sizeof *things))
        return 1;
    return last >= first + 2 && view_equal(word, view_of("group")) && words_has_capital(window_word(reading, window, last - 1)) ? 1 : 0;
}

/* Whether the word ends a name as the title of who is named next: "Navy |Adm. |Lee", "Florida |Rep. |Ray". */
static bool is_rank(const struct reading *reading, const struct window *window, size_t word, bool *is_seat)
{
    static const char *const ranks[] = {"adm", "capt", "cmdr", "col", "gen", "lt", "maj", "rev", "sgt"};
    static const char *const seats[] = {"gov", "rep", "sen"};
    struct span span = window_words(window, word, word);
    char buffer[RANK_BYTES];
    if (span.end - span.start >= sizeof buffer || span.end >= reading->text.len || reading->text.data[span.end] != '.')
        return false;
    struct view lower = words_lower(reading_view(reading, span), buffer, sizeof buffer);
    *is_seat = words_is_listed(lower, seats, sizeof seats / sizeof *seats);
    return *is_seat || words_is_listed(lower, ranks, sizeof ranks / sizeof *ranks);
}

/* The first word of a bracket or quotation in a name that the name does not close; behind `last` where there is none. */
static size_t find_unclosed(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    static const char *const opening[] = {"(", "[", "“", "\""};
    static const char *const closing[] = {")", "]", "”", "\""};
    for (size_t i = first + 1; i <= last; i++) {
        size_t k = 0, end = i + 1;
        while (k < sizeof opening / sizeof *opening && !view_equal(window_word(reading, window, i), view_of(opening[k])))
            k++;
        if (k == sizeof opening / sizeof *opening)
            continue;
        while (end <= last && !view_equal(window_word(reading, window, end), view_of(closing[k])))
            end++;
        if (end > last)
            return i;
        i = end;
    }
    return last + 1;
}

/* The last word without a quotation mark that closes nothing in the name: "Joe|”". */
static size_t skip_closing(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    bool is_closed = last > first && view_equal(window_word(reading, window, last), view_of("”"));
    for (size_t i = first; i < last; i++)
        is_closed = is_closed && !view_equal(window_word(reading, window, i), view_of("“"));
    return is_closed ? last - 1 : last;
}

/* The last word without the possessive before something that was cut off, "CNN's |“New Day". */
static size_t skip_possessive(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    if (last > first + 1 && view_equal(window_word(reading, window, last), view_of("s")))
        last--;
    struct view word = window_word(reading, window, last);
    return last > first && (view_equal(word, view_of("'")) || view_equal(word, view_of("’"))) ? last - 1 : last;
}

/* The last word before a comma at the end, and before another actor without a name: "House Republicans| and the administration". */
static size_t skip_rest(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    while (last > first && view_equal(window_word(reading, window, last), view_of(",")))
        last--;
    for (size_t i = first + 1; i + 2 <= last; i++)
        if (view_equal(window_word(reading, window, i), view_of("and")) && view_equal(window_word(reading, window, i + 1), view_of("the")) &&
            !words_has_capital(reading_view(reading, window_words(window, i + 2, last))))
            return i - 1;
    return last;
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
    last = skip_rest(reading, window, first, last);
    size_t unclosed = find_unclosed(reading, window, first, last);
    if (unclosed <= last)
        last = skip_possessive(reading, window, first, unclosed - 1);
    if (last >= first + 2 && *type == ENTITY_PERSON && view_equal(window_word(reading, window, last), view_of("-")) &&
        words_is_listed(window_word(reading, window, last - 1), letters, sizeof letters / sizeof *letters))
        return last - 2;
    if (last > first && *type == ENTITY_PERSON && words_is_listed(window_word(reading, window, last), bodies, sizeof bodies / sizeof *bodies))
        *type = ENTITY_ORGANIZATION;
    if (last > first && *type == ENTITY_ORGANIZATION && words_is_listed(window_word(reading, window, last), sides, sizeof sides / sizeof *sides) &&
        last + 1 < window->word_count && words_is_listed(window_word(reading, window, last + 1), leads, sizeof leads / sizeof *leads))
        return last - 1;
    bool is_seat;
    struct view behind = view_slice(reading->text, window_words(window, first, last).end, reading->text.len);
    if (*type != ENTITY_PERSON && last == first && view_starts_with(behind, view_of(".")) &&
        (view_equal(window_word(reading, window, first), view_of("Brig")) || is_rank(reading, window, first, &is_seat)))
        return first - 1;
    if (*type != ENTITY_PERSON && last > first && is_rank(reading, window, last, &is_seat)) {
        struct view rest = reading_view(reading, window_words(window, first, last - 1));
        if (words_is_listed(rest, parts, sizeof parts / sizeof *parts))
            return first - 1;
        if (is_seat && !words_is_listed(rest, parties, sizeof parties / sizeof *parties) && last == first + 1)
            *type = ENTITY_LOCATION;
        return last - 1;
    }
    if (*type == ENTITY_LOCATION && last > first && view_equal(window_word(reading, window, last), view_of("state")))
        return last - 1;
    return *type == ENTITY_ORGANIZATION ? last - kind_words(reading, window, first, last) : last;
}

/* "Bergen Trawlers|' Union": the body's word behind the apostrophe is part of the name, where the tags stop before that. */
static size_t take_union(const struct reading *reading, const struct window *window, size_t last)
{
    static const char *const unions[] = {"Alliance", "Association", "Club", "Council", "Federation", "Guild", "League", "Party", "Society", "Union"};
    struct view word = window_word(reading, window, last);
    if (!window_is_in_sentence(window, last + 2, last) || word.len < 2 || word.data[word.len - 1] != 's')
        return last;
    struct view mark = window_word(reading, window, last + 1);
    bool is_one = (view_equal(mark, view_of("'")) || view_equal(mark, view_of("’"))) && mark.data == word.data + word.len &&
                  words_is_listed(window_word(reading, window, last + 2), unions, sizeof unions / sizeof *unions);
    return is_one ? last + 2 : last;
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
        struct view mark = window_word(reading, window, i), next = window_word(reading, window, i + 2);
        if ((!view_equal(mark, view_of("'")) && !view_equal(mark, view_of("’"))) || !view_equal(window_word(reading, window, i + 1), view_of("s")) ||
            !words_starts_with_capital(next))
            continue;
        bool is_of_many = words_is_listed(window_word(reading, window, i - 1), owners, sizeof owners / sizeof *owners);
        size_t count = last - (i + 1);
        if (*type == ENTITY_PERSON || (!is_of_many && count >= 2 && is_known(knowledge, reading_view(reading, window_words(window, i + 2, last)))))
            return i + 2;
        if (*type == ENTITY_ORGANIZATION && count >= 2 && count <= 3 && first_names_gender(next) &&
            !words_is_listed(window_word(reading, window, last), houses, sizeof houses / sizeof *houses)) {
            *type = ENTITY_PERSON;
            return i + 2;
        }
    }
    return first;
}

/* "Republican |Ann Lee", where she is known: a party's member is no body. */
static size_t skip_party(const struct reading *reading, const struct window *window, const struct knowledge *knowledge, size_t first, size_t last,
                         enum entity_type *type)
{
    static const char *const members[] = {"Conservative", "Democrat", "Democratic", "Independent", "Labour", "Liberal", "Republican"};
    struct known_candidate candidate;
    if (!knowledge || last < first + 2 || !words_is_listed(window_word(reading, window, first), members, sizeof members / sizeof *members) ||
        knowledge_find(knowledge, reading_view(reading, window_words(window, first + 1, last)), &candidate, 1) == 0 ||
        knowledge_get(knowledge, candidate.entry).type != KNOWN_PERSON)
        return first;
    *type = ENTITY_PERSON;
    return first + 1;
}

/* "State of |Ohio", "(D., |Ohio)": where the name of a state begins. */
static size_t skip_to_state(const struct reading *reading, const struct window *window, size_t first, size_t last)
{
    static const char *const letters[] = {"D", "I", "R"};
    bool is_of = last >= first + 2 && view_equal(window_word(reading, window, first + 1), view_of("of"));
    if (is_of && view_equal(window_word(reading, window, first), view_of("State")))
        return first + 2;
    if (last >= first + 3 && words_is_listed(window_word(reading, window, first), letters, sizeof letters / sizeof *letters) &&
        view_equal(window_word(reading, window, first + 1), view_of(".")) && view_equal(window_word(reading, window, first + 2), view_of(",")))
        return first + 3;
    return first;
}

/* "Ann Lee (D-Calif.)", "Bo Ray, R-Texas": whether the words from `first` to `last` are a party's letter and a state; D-Link is a company. */
static bool is_party_and_state(const struct reading *reading, const struct window *window, size_t first, size_t last, enum entity_type type)
{
    if (last < first + 2 || !bounds_is_behind_party(reading->text, window_words(window, first + 2, first + 2)))
        return false;
    struct view before = view_slice(reading->text, 0, window_words(window, first, first).start);
    bool is_behind = before.len > 2 && (before.data[before.len - 1] == '(' || before.data[before.len - 2] == ',');
    return (type == ENTITY_LOCATION || is_behind) && words_has_capital(reading_view(reading, window_words(window, first + 2, last)));
}

/* The end of a state's name with the stop of its abbreviation, where that cannot be a sentence's: "D-Calif., said", "(R-Ky.)". */
static uint32_t abbreviation_end(struct view text, uint32_t end)
{
    bool is_stopped = end + 2 < text.len && text.data[end] == '.' && text.data[end - 1] != '.';
    bool has_small_word = is_stopped && text.data[end + 1] == ' ' && text.data[end + 2] >= 'a' && text.data[end + 2] <= 'z';
    return is_stopped && (has_small_word || memchr(",)]", text.data[end + 1], 3)) ? end + 1 : end;
}

bool bounds_correct(const struct reading *reading, const struct window *window, const struct knowledge *knowledge, struct name_bounds *name)
{
    bool is_proper = reading->is_cased && name->type < ENTITY_MISC;
    size_t last = name->last;
    if (is_proper)
        name->first = skip_small_words(reading, window, name->first, last);
    bool is_state = is_party_and_state(reading, window, name->first, last, name->type);
    if (is_state) {
        name->first += 2;
        name->type = ENTITY_LOCATION;
    } else if (is_proper) {
        name->first = skip_dateline(reading, window, knowledge, name->first, last);
        name->first = skip_party(reading, window, knowledge, name->first, last, &name->type);
        if (name->type == ENTITY_LOCATION)
            name->first = skip_to_state(reading, window, name->first, last);
        name->first = skip_base(reading, window, name->first, last);
        name->last = skip_tail(reading, window, name->first, skip_closing(reading, window, name->first, last), &name->type);
        if (name->last + 1 == name->first)
            return false;
        name->first = skip_owner(reading, window, knowledge, name->first, name->last, &name->type);
    }
    if (name->type == ENTITY_ORGANIZATION && name->last == last)
        name->last = take_union(reading, window, last);
    if (name->type == ENTITY_PERSON && name->last == last)
        name->last = take_nickname(reading, window, last);
    name->span = window_words(window, name->first, name->last);
    if (is_state)
        name->span.end = abbreviation_end(reading->text, name->span.end);
    return name->span.start < name->span.end && (!is_proper || words_has_capital(reading_view(reading, name->span)));
}
