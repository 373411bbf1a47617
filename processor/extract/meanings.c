#include "processor/extract/meanings.h"

#include "processor/extract/beside.h"
#include "processor/extract/table.h"
#include "processor/text/words.h"

enum { CANDIDATES_MOST = 8, OFFICE_BYTES = 60, LETTERS = 26, COUNTRIES = LETTERS * LETTERS, PERSON_BYTES = 64 };
enum { MARKS_COUNTED = 5, POLITICIANS_LEAST = 2, YEAR_DIGITS = 4, YEAR_LEAST = 1900, YEARS_AHEAD = 2 };

/* From this chance on, in its context, a candidate is taken. */
static const float chance_least = 0.6f;
/* From this chance on a candidate outweighs the tags where they disagree ("Warsaw" is no person) and tells of its country. */
static const float prior_sure = 0.8f;
/* What the tags' type leaves of the chance that a name means something unknown. */
static const float unknown_of_type = 0.5f;
/* And what it leaves of a candidate of another type that may pass for it, where there is one of its own: "The Atlantic" is no ocean. */
static const float share_of_other_type = 0.15f;
/* How far a country that the article speaks of speaks for a candidate, and against those of others. */
static const float same_country = 3, other_country = 0.25f;
/* Last names: so famous that nobody else is meant; famous enough where a title or the country agrees; and how far the next of
 * that name must be behind in fame. */
static const float fame_alone = 0.965f, fame_supported = 0.8f, fame_lead = 0.25f;
/* Politicians below this fame are named only where their country is spoken of. */
static const float fame_everywhere = 0.6f;
/* So heavy must another country be to speak against parties and officials of one that is not named. */
static const float weight_against = 2;
/* Politicians below this fame, whom no title announces, are of a country that is spoken of at least so often as the first. */
static const float fame_at_home = 0.3f, home_share = 0.25f;

#define LIST(words) words, sizeof words / sizeof *words

/* Flags of a name that does not speak for itself. */
static const unsigned weak_flags = KNOWN_LAST_NAME | KNOWN_AMBIGUOUS | KNOWN_FOLDED;
static const enum entity_type types[KNOWN_TYPE_COUNT] = {ENTITY_PERSON, ENTITY_ORGANIZATION, ENTITY_LOCATION, ENTITY_NORP, ENTITY_FACILITY, ENTITY_MISC};

struct context {
    const struct knowledge *knowledge;
    float weights[COUNTRIES]; /* how often the article speaks of each country */
    float inner[COUNTRIES];   /* and of places in it */
    float heaviest;           /* of the weights */
    struct table regions;     /* states and provinces that are named without doubt */
    size_t politicians;       /* named in full, without doubt */
    unsigned latest_year;     /* of those that the article names; 0: none */
};

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
    case KNOWN_MISC:
        return type == ENTITY_MISC;
    default:
        return false;
    }
}

/* The year in "30 August 1996" or "1996-08-30"; 0 where none is. */
static unsigned year_in(struct view date)
{
    unsigned year = 0;
    size_t digits = 0;
    for (size_t i = 0; i < date.len; i++) {
        bool is_digit = date.data[i] >= '0' && date.data[i] <= '9';
        digits = is_digit ? digits + 1 : 0;
        year = is_digit && digits <= YEAR_DIGITS ? (digits == 1 ? 0 : year * 10) + (unsigned)(date.data[i] - '0') : 0;
        bool is_last = i + 1 == date.len || date.data[i + 1] < '0' || date.data[i + 1] > '9';
        if (digits == YEAR_DIGITS && is_last && year >= YEAR_LEAST)
            return year;
    }
    return 0;
}

/* Whether a name alone means what the candidate is, without one of the flags `weak`. */
static bool is_sure(const struct known_candidate *candidate, unsigned weak)
{
    return candidate->prior >= prior_sure && !(candidate->flags & weak);
}

/* "Affordable Care Act of 2010", "2015 Paris Agreement": the name alone. */
static struct view without_year(struct view name)
{
    const size_t behind = strlen(" of 2010");
    if (name.len > YEAR_DIGITS + 1 && name.data[YEAR_DIGITS] == ' ' && year_in(view_slice(name, 0, YEAR_DIGITS)))
        name = view_slice(name, YEAR_DIGITS + 1, name.len);
    bool has_year = name.len > behind && memcmp(name.data + name.len - behind, " of ", 4) == 0 &&
                    year_in(view_slice(name, name.len - YEAR_DIGITS, name.len));
    return has_year ? view_slice(name, 0, name.len - behind) : name;
}

/* "NAFTA treaty": without the word for what it is. A Brexit deal is not Brexit. */
static struct view without_kind(struct view name)
{
    static const char *const kinds[] = {"accord", "act", "law", "pact", "program", "programme", "treaty"}; /* sorted */
    size_t start = name.len;
    while (start > 0 && name.data[start - 1] != ' ')
        start--;
    bool is_kind = start > 1 && beside_is_among(view_slice(name, start, name.len), LIST(kinds));
    return is_kind ? view_slice(name, 0, start - 1) : name;
}

/* "Paul D. Ryan" as "Paul Ryan", in `buffer`; empty where there is no initial between two names, or too little room. */
static struct view without_initial(struct view name, char buffer[PERSON_BYTES])
{
    const char *space = memchr(name.data, ' ', name.len);
    size_t first = space ? (size_t)(space - name.data) : 0;
    bool has_initial = first > 1 && first + 4 < name.len && name.len < PERSON_BYTES && name.data[first + 1] >= 'A' && name.data[first + 1] <= 'Z' &&
                       memcmp(name.data + first + 2, ". ", 2) == 0;
    if (!has_initial)
        return (struct view){0};
    memcpy(buffer, name.data, first);
    memcpy(buffer + first, name.data + first + 3, name.len - first - 3);
    return (struct view){.data = buffer, .len = name.len - 3};
}

/* knowledge_find(), a measure also where its year or its kind stands beside its name, and a person with an initial more. */
static size_t find_all(const struct knowledge *knowledge, struct view name, struct known_candidate *out, size_t most)
{
    size_t count = knowledge_find(knowledge, name, out, most);
    struct view bare = without_year(name), tries[] = {bare, without_kind(bare)};
    for (size_t i = 0, length = name.len; i < sizeof tries / sizeof *tries && count == 0; length = tries[i++].len)
        if (tries[i].len < length && knowledge_find(knowledge, tries[i], out, 1) > 0)
            count = is_sure(out, weak_flags) && knowledge_get(knowledge, out->entry).type == KNOWN_MISC;
    char buffer[PERSON_BYTES];
    struct view person = count == 0 ? without_initial(name, buffer) : (struct view){0};
    if (person.len > 0 && knowledge_find(knowledge, person, out, 1) > 0)
        count = is_sure(out, weak_flags) && knowledge_get(knowledge, out->entry).type == KNOWN_PERSON;
    return count;
}

uint32_t meanings_measure(const struct knowledge *knowledge, struct view name)
{
    struct known_candidate candidate;
    if (!knowledge || find_all(knowledge, name, &candidate, 1) == 0 || !is_sure(&candidate, weak_flags))
        return KNOWN_NONE;
    return knowledge_get(knowledge, candidate.entry).type == KNOWN_MISC ? candidate.entry : KNOWN_NONE;
}

enum entity_type meanings_type(const struct form *form, const struct knowledge *knowledge)
{
    struct known_candidate candidate;
    bool is_named_like_place = form->is_namesake && form->type == ENTITY_PERSON;
    if (!knowledge || is_named_like_place || form->type >= ENTITY_DATE || find_all(knowledge, form->name, &candidate, 1) == 0)
        return form->type;
    struct known known = knowledge_get(knowledge, candidate.entry);
    bool is_famous = candidate.flags == KNOWN_LAST_NAME && known.type == KNOWN_PERSON && known.fame >= fame_alone;
    if (is_famous && form->type == ENTITY_LOCATION) /* "Obama" is no place */
        return ENTITY_PERSON;
    return is_sure(&candidate, weak_flags) && !type_fits(known.type, form->type) ? types[known.type] : form->type;
}

/* --- neighbours ---------------------------------------------------------------------------------------------------- */

/* Words of public office and politics; sorted. */
static const char *const office_words[] = {
    "administration", "adviser", "advisor", "ambassador", "attorney", "cabinet", "campaign", "candidate", "chancellor",
    "commissioner", "congress", "congressman", "congresswoman", "conservative", "councilman", "delegate", "democrat",
    "democratic", "deputy", "diplomat", "election", "envoy", "federal", "gen", "gov", "government", "governor", "house",
    "justice", "king", "labour", "lawmaker", "lawmakers", "leader", "legislator", "liberal", "lord", "majority", "mayor",
    "minister", "ministry", "minority", "mp", "nominee", "parliament", "parliamentary", "party", "politician", "premier",
    "president", "presidential", "prime", "queen", "rep", "representative", "republican", "sec", "secretary", "sen", "senate",
    "senator", "senators", "speaker", "state", "treasury", "vice", "whip",
};

/* Of trades that a politician does not follow, before a name; sorted. */
static const char *const trade_words[] = {
    "actor", "actress", "adm", "admiral", "attendant", "author", "capt", "captain", "chef", "chemist", "cmdr", "coach", "col",
    "colonel", "commander", "constable", "cpl", "defender", "detective", "director", "driver", "engineer", "filmmaker",
    "goalkeeper", "guitarist", "inspector", "keeper", "lieutenant", "lt", "maj", "major", "manager", "midfielder", "musician",
    "novelist", "officer", "patrolman", "pfc", "photographer", "pilot", "pitcher", "player", "prof", "professor", "quarterback",
    "rapper", "sergeant", "sgt", "sheriff", "singer", "skipper", "spokesman", "spokesperson", "spokeswoman", "striker",
    "student", "surgeon", "trooper", "winger",
};

bool meanings_lists_are_sorted(void)
{
    return beside_is_sorted(LIST(office_words)) && beside_is_sorted(LIST(trade_words));
}

static bool is_office(struct view word)
{
    return beside_is_among(word, LIST(office_words));
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool holds_office(struct view text)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && is_letter(text.data[end]))
            end++;
        if (is_office(view_slice(text, at, end)))
            return true;
        at = end + 1;
    }
    return false;
}

bool meanings_has_office(const struct reading *reading, struct span span)
{
    size_t start = span.start > OFFICE_BYTES ? span.start - OFFICE_BYTES : 0;
    size_t end = span.end + OFFICE_BYTES < reading->text.len ? span.end + OFFICE_BYTES : reading->text.len;
    return holds_office(view_slice(reading->text, start, span.start)) || holds_office(view_slice(reading->text, span.end, end));
}

/* The word right before a name, without the full stop of "Sen."; empty where none is. */
static struct view title_of(const struct reading *reading, struct span span)
{
    size_t end = span.start;
    while (end > 0 && (reading->text.data[end - 1] == ' ' || reading->text.data[end - 1] == '.'))
        end--;
    return end < span.start ? beside_word_before(reading->text, end) : (struct view){0};
}

bool meanings_has_title(const struct reading *reading, struct span span)
{
    return is_office(title_of(reading, span));
}

bool meanings_has_trade(const struct reading *reading, struct span span)
{
    return beside_is_among(title_of(reading, span), LIST(trade_words));
}

/* --- countries ----------------------------------------------------------------------------------------------------- */

/* The place of a country's code in the weights, or NOWHERE. */
static int country_place(const char *code)
{
    bool is_code = code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z';
    return is_code ? (code[0] - 'A') * LETTERS + (code[1] - 'A') : NOWHERE;
}

/* Names of one meaning tell which countries the article is about. */
static void weigh_countries(struct context *context, const struct forms *forms)
{
    for (size_t i = 0; i < forms->count; i++) {
        const struct form *form = &forms->items[i];
        struct known_candidate candidate;
        if (form->is_namesake || knowledge_find(context->knowledge, form->name, &candidate, 1) == 0)
            continue;
        struct known known = knowledge_get(context->knowledge, candidate.entry);
        int place = country_place(known.country);
        if (!is_sure(&candidate, KNOWN_LAST_NAME | KNOWN_AMBIGUOUS) || place == NOWHERE || !type_fits(known.type, form->type))
            continue;
        context->politicians += known.kind == KNOWN_KIND_POLITICIAN;
        float times = (float)(form->mark_count < MARKS_COUNTED ? form->mark_count : MARKS_COUNTED);
        context->weights[place] += times;
        if (known.kind == KNOWN_KIND_REGION || known.kind == KNOWN_KIND_CITY)
            context->inner[place] += times;
        if (known.kind == KNOWN_KIND_REGION)
            table_add(&context->regions, candidate.entry, (uint32_t)i);
        context->heaviest = context->weights[place] > context->heaviest ? context->weights[place] : context->heaviest;
    }
}

static unsigned latest_year_of(const struct forms *forms)
{
    unsigned latest = 0;
    for (size_t i = 0; i < forms->count; i++) {
        unsigned year = forms->items[i].type == ENTITY_DATE ? year_in(forms->items[i].name) : 0;
        latest = year > latest ? year : latest;
    }
    return latest;
}

static float country_weight(const struct context *context, const struct known *known)
{
    int place = country_place(known->country);
    return place == NOWHERE ? 0 : context->weights[place];
}

/* Countries come in the company of others, states in that of their neighbours. */
static float support_of(const struct context *context, const struct known *known)
{
    int place = country_place(known->country);
    if (place == NOWHERE || context->heaviest == 0)
        return 1;
    if (context->weights[place] == 0)
        return known->kind == KNOWN_KIND_COUNTRY ? 1 : other_country;
    if (known->kind == KNOWN_KIND_REGION && context->inner[place] == 0)
        return 1;
    bool is_in_named = known->parent != KNOWN_NONE && table_first(&context->regions, known->parent) != 0;
    return is_in_named ? same_country * same_country : same_country;
}

/* --- candidates ---------------------------------------------------------------------------------------------------- */

/* Who came into office years after all that the article speaks of. */
static bool is_of_later_times(const struct context *context, const struct known *known)
{
    return context->latest_year && known->from > context->latest_year + YEARS_AHEAD;
}

/* A politician whom few know is not meant by "Captain Ann Lee", nor, where others have his name, long before his time. */
static bool is_likely_politician(const struct context *context, const struct form *form, const struct known *known, unsigned flags)
{
    bool is_known_well = known->kind != KNOWN_KIND_POLITICIAN || known->fame >= fame_everywhere;
    bool is_too_early = flags & KNOWN_AMBIGUOUS && is_of_later_times(context, known);
    bool is_abroad = known->fame < fame_at_home && country_place(known->country) != NOWHERE &&
                     country_weight(context, known) < home_share * context->heaviest;
    return is_known_well || form->titles > 0 || (form->others == 0 && !is_too_early && !is_abroad);
}

/* In a report on sport a politician's name is an athlete's, unless he is introduced as what he is. */
static bool is_of_this_field(const struct form *form, const struct known *known)
{
    bool is_sport = form->sports * 2 > (int)form->mark_count;
    return known->kind != KNOWN_KIND_POLITICIAN || !is_sport || form->offices > 0 || form->titles > 0;
}

/* Parties, laws and minor officials of one country, where only others are spoken of. */
static bool is_foreign(const struct context *context, const struct known *known)
{
    bool is_bound = known->kind == KNOWN_KIND_AGENCY || known->kind == KNOWN_KIND_PARTY || known->kind == KNOWN_KIND_MEASURE ||
                    (known->kind == KNOWN_KIND_POLITICIAN && known->fame < fame_everywhere);
    return is_bound && country_place(known->country) != NOWHERE && country_weight(context, known) == 0 &&
           context->heaviest >= weight_against;
}

/* "Obama": the most famous of that last name, if no other comes near and, but for the most famous of all, the article agrees. */
static uint32_t find_last_name(const struct context *context, struct form *form, const struct known_candidate *candidates,
                               size_t count)
{
    struct known first = knowledge_get(context->knowledge, candidates[0].entry);
    if (first.type != KNOWN_PERSON || !(candidates[0].flags & KNOWN_LAST_NAME) || candidates[0].flags & KNOWN_FOLDED)
        return KNOWN_NONE;
    float next = 0;
    for (size_t i = 1; i < count; i++) {
        struct known other = knowledge_get(context->knowledge, candidates[i].entry);
        if (other.type == KNOWN_PERSON && other.fame > next)
            next = other.fame;
    }
    bool is_agreed = form->titles > 0 || country_weight(context, &first) > 0;
    form->is_famous = first.fame >= fame_alone && first.fame - next >= fame_lead;
    form->is_last_name = form->is_famous || (first.fame >= fame_supported && first.fame - next >= fame_lead && is_agreed);
    return form->is_last_name && is_of_this_field(form, &first) ? candidates[0].entry : KNOWN_NONE;
}

/* What else must be seen, beside the type, before a name is believed. */
static bool is_believable(const struct context *context, const struct form *form, const struct known *known, unsigned flags)
{
    if (known->type == KNOWN_PERSON && form->word_count < 2)
        return !(flags & (KNOWN_LAST_NAME | KNOWN_AMBIGUOUS | KNOWN_FOLDED));
    bool is_political = form->offices > 0 || context->politicians >= POLITICIANS_LEAST;
    if (known->type == KNOWN_PERSON && flags & KNOWN_AMBIGUOUS && !is_political)
        return false;
    if (!is_likely_politician(context, form, known, flags))
        return false;
    if (!is_of_this_field(form, known) || is_foreign(context, known))
        return false;
    /* An acronym of several is spelled out somewhere. */
    if (flags & KNOWN_ACRONYM && flags & KNOWN_AMBIGUOUS)
        return false;
    /* Every state has a senate and an army. */
    if (known->kind == KNOWN_KIND_AGENCY && flags & KNOWN_AMBIGUOUS)
        return country_weight(context, known) > 0 && country_weight(context, known) >= context->heaviest / 2;
    return true;
}

static void set_known(struct form *form, const struct context *context, uint32_t entry)
{
    form->known = entry;
    if (entry != KNOWN_NONE)
        form->known_name = knowledge_get(context->knowledge, entry).name;
}

/* "Portland, Maine" is not in Oregon; of those whose region is not known the country must be the same. */
static bool is_held(const struct context *context, const struct form *form, uint32_t entry)
{
    struct known holder = knowledge_get(context->knowledge, form->holder), known = knowledge_get(context->knowledge, entry);
    if (known.kind == KNOWN_KIND_COUNTRY && holder.kind == KNOWN_KIND_COUNTRY) /* "in France, Belgium" */
        return true;
    bool is_in_region = known.parent != KNOWN_NONE && knowledge_get(context->knowledge, known.parent).kind == KNOWN_KIND_REGION;
    if (holder.kind == KNOWN_KIND_REGION && is_in_region)
        return known.parent == form->holder;
    return knowledge_country(context->knowledge, entry) == knowledge_country(context->knowledge, form->holder);
}

/* Whether the words beside the name leave the candidate open. */
static bool is_open(const struct context *context, const struct form *form, uint32_t entry)
{
    if (form->is_region)
        return knowledge_get(context->knowledge, entry).kind == KNOWN_KIND_REGION;
    enum known_type type = knowledge_get(context->knowledge, entry).type;
    bool is_elsewhere = type == KNOWN_MISC || type == KNOWN_PERSON; /* "Of Obamacare, Jordan said", "Lindsey Graham, South Carolina Republican" */
    return is_elsewhere || form->holder == KNOWN_NONE || is_held(context, form, entry);
}

static void choose(const struct context *context, struct form *form, const struct known_candidate *candidates, size_t count)
{
    float best_score = 0, sum = 0, unknown = 1;
    size_t best = count;
    bool has_own_type = false;
    for (size_t i = 0; i < count; i++)
        has_own_type |= types[knowledge_get(context->knowledge, candidates[i].entry).type] == form->type;
    for (size_t i = 0; i < count; i++) {
        struct known known = knowledge_get(context->knowledge, candidates[i].entry);
        unknown -= candidates[i].prior;
        bool is_later = count > 1 && is_of_later_times(context, &known);
        if (!type_fits(known.type, form->type) || is_later || !is_open(context, form, candidates[i].entry))
            continue;
        bool is_other = has_own_type && types[known.type] != form->type;
        float score = candidates[i].prior * support_of(context, &known) * (is_other ? share_of_other_type : 1);
        sum += score;
        if (score > best_score) {
            best_score = score;
            best = i;
        }
    }
    if (form->is_region) /* all regions are known */
        unknown = 0;
    if (best == count || best_score < chance_least * (sum + (unknown > 0 ? unknown * unknown_of_type : 0)))
        return;
    struct known known = knowledge_get(context->knowledge, candidates[best].entry);
    unsigned flags = candidates[best].flags;
    if (!is_believable(context, form, &known, flags))
        return;
    /* Headlines and datelines are in capitals. */
    bool is_shouted = flags & KNOWN_FOLDED && known.type == KNOWN_LOCATION && words_is_all_capitals(form->name);
    set_known(form, context, candidates[best].entry);
    form->known_is_weak = (flags & KNOWN_LAST_NAME) || (flags & KNOWN_FOLDED && !is_shouted);
}

static bool ends_in(struct view name, struct view word)
{
    return name.len > word.len + 1 && name.data[name.len - word.len - 1] == ' ' &&
           memcmp(name.data + name.len - word.len, word.data, word.len) == 0;
}

static struct view without_ending(struct view name)
{
    static const char *const endings[] = {"Inc", "Inc.", "Incorporated", "Corp", "Corp.", "Corporation", "Co", "Co.", "Company", "Ltd",
                                          "Ltd.", "Limited", "Plc", "PLC", "plc", "AG", "SA", "S.A.", "NV", "N.V.", "SE", "LLC", "SpA",
                                          "AB", "GmbH", "Holdings", "Group", "and", "&"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct view ending = view_of(endings[i]);
        if (!ends_in(name, ending))
            continue;
        name = view_slice(name, 0, name.len - ending.len - 1);
        return name.data[name.len - 1] == ',' ? view_slice(name, 0, name.len - 1) : name;
    }
    return name;
}

/* A company's name without its legal form, "Morgan Stanley and Co Inc"; the name itself where there is none. */
static struct view without_legal_form(struct view name)
{
    for (;;) {
        struct view shorter = without_ending(name);
        if (shorter.len == name.len)
            return name;
        name = shorter;
    }
}

/* General Electric Co is not General Electric Co plc. */
static bool has_british_form(struct view name)
{
    char lower[] = "....";
    return name.len > 4 && view_equal(words_lower(view_slice(name, name.len - 4, name.len), lower, 4), view_of(" plc"));
}

/* A legal form behind a name that only one thing has shows the company. */
static void look_up_company(const struct context *context, struct form *form)
{
    struct view bare = without_legal_form(form->name);
    struct known_candidate candidate;
    if (bare.len == form->name.len || bare.len == 0 || form->type != ENTITY_ORGANIZATION ||
        knowledge_find(context->knowledge, bare, &candidate, 1) == 0)
        return;
    struct known known = knowledge_get(context->knowledge, candidate.entry);
    enum known_kind kind = known.kind;
    bool is_british = strcmp(known.country, "GB") == 0 || strcmp(known.country, "IE") == 0;
    bool is_other_form = known.country[0] && !is_british && has_british_form(form->name);
    bool is_sure = candidate.prior >= 0.5f && !(candidate.flags & (KNOWN_LAST_NAME | KNOWN_AMBIGUOUS | KNOWN_FOLDED));
    if (is_sure && (kind == KNOWN_KIND_COMPANY || kind == KNOWN_KIND_MEDIA) && !is_other_form)
        set_known(form, context, candidate.entry);
}

static void look_up(const struct context *context, struct form *form)
{
    if (form->type >= ENTITY_DATE || form->is_namesake)
        return;
    struct known_candidate candidates[CANDIDATES_MOST];
    size_t count = find_all(context->knowledge, form->name, candidates, CANDIDATES_MOST);
    if (count == 0) {
        look_up_company(context, form);
        return;
    }
    if (form->type == ENTITY_PERSON && form->word_count == 1)
        set_known(form, context, find_last_name(context, form, candidates, count));
    if (form->known == KNOWN_NONE)
        choose(context, form, candidates, count);
}

/* "PDI", where the "Indonesian Democratic Party" is named too; "ACA", where the "Affordable Care Act" is. */
static void look_up_acronym(const struct context *context, const struct table *meant, struct form *form)
{
    struct known_candidate candidates[CANDIDATES_MOST];
    if (form->known != KNOWN_NONE || (form->type != ENTITY_ORGANIZATION && form->type != ENTITY_MISC) || form->word_count > 1)
        return;
    size_t count = knowledge_find(context->knowledge, form->name, candidates, CANDIDATES_MOST);
    for (size_t i = 0; i < count; i++)
        if (candidates[i].flags & KNOWN_ACRONYM && table_first(meant, candidates[i].entry)) {
            set_known(form, context, candidates[i].entry);
            form->known_is_weak = false;
            if (knowledge_get(context->knowledge, form->known).type == KNOWN_MISC)
                forms_take_type(form, ENTITY_MISC);
            return;
        }
}

void meanings_set(struct forms *forms, const struct knowledge *knowledge, struct arena *arena)
{
    struct context context = {.knowledge = knowledge, .regions = table_new(arena, forms->count)};
    for (size_t i = 0; i < forms->count; i++)
        forms->items[i].known = KNOWN_NONE;
    if (!knowledge)
        return;
    weigh_countries(&context, forms);
    context.latest_year = latest_year_of(forms);
    struct table meant = table_new(arena, forms->count);
    for (size_t i = 0; i < forms->count; i++) {
        if (forms->items[i].venues == forms->items[i].mark_count) /* town or team: in doubt nothing */
            continue;
        look_up(&context, &forms->items[i]);
        if (forms->items[i].known != KNOWN_NONE)
            table_add(&meant, forms->items[i].known, (uint32_t)i);
    }
    for (size_t i = 0; i < forms->count; i++)
        look_up_acronym(&context, &meant, &forms->items[i]);
}
