#include "processor/extract/antecedents.h"

#include "processor/extract/attributions.h"
#include "processor/extract/handles.h"
#include "processor/extract/marks.h"
#include "processor/extract/offices.h"
#include "processor/extract/pronouns.h"
#include "processor/text/words.h"

enum { MARKS_BACK = 60, NOMINAL_SENTENCES_BACK = 8, ROLE_SENTENCES_BACK = 40, WORD_BYTES = 32, OUTSHINES = 3 };

struct search {
    struct discourse discourse;
    const struct knowledge *knowledge;
    bool *is_other;     /* [clusters] who is not, in this article, what he is known for */
};

static const struct cluster *cluster_of(const struct search *search, const struct mark *mark)
{
    return mark->entity == NOWHERE ? NULL : &search->discourse.clusters->items[mark->entity];
}

/* --- nominals ------------------------------------------------------------------------------------------------------- */

static struct view last_word(struct view text)
{
    size_t start = text.len;
    while (start > 0 && text.data[start - 1] != ' ' && text.data[start - 1] != '-')
        start--;
    return view_slice(text, start, text.len);
}

/* Heads that any company may be taken up by; the others must be part of the name ("the commission"). */
static bool is_company_head(struct view head)
{
    static const char *const heads[] = {"company", "firm", "group", "giant", "maker", "manufacturer", "carmaker", "automaker",
                                        "chipmaker", "drugmaker", "retailer", "bank", "lender", "airline", "broadcaster",
                                        "startup", "supplier", "developer", "publisher", "operator", "conglomerate",
                                        "corporation", "insurer", "miner", "brewer", "shipbuilder", "utility"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (view_equal(head, view_of(heads[i])))
            return true;
    return false;
}

/* Whether the name, as written or as it is known ("FBI": Federal Bureau of Investigation), has the word. */
static bool name_has_word(const struct search *search, const struct cluster *cluster, struct view head)
{
    char buffer[WORD_BYTES];
    for (size_t i = 0; i < cluster->word_count; i++)
        if (view_equal(words_lower(cluster->words[i], buffer, sizeof buffer), head))
            return true;
    if (!search->knowledge || cluster->known == KNOWN_NONE)
        return false;
    struct view known = knowledge_get(search->knowledge, cluster->known).name, word;
    for (size_t at = 0; (word = words_next(known, &at)).len > 0;)
        if (view_equal(words_lower(word, buffer, sizeof buffer), head))
            return true;
    return false;
}

static bool can_be_company(const struct search *search, const struct cluster *cluster)
{
    if (cluster->type != ENTITY_ORGANIZATION)
        return false;
    if (!search->knowledge || cluster->known == KNOWN_NONE)
        return true;
    enum known_kind kind = knowledge_get(search->knowledge, cluster->known).kind;
    return kind == KNOWN_KIND_COMPANY || kind == KNOWN_KIND_MEDIA || kind == KNOWN_KIND_ORGANIZATION;
}

/* The country of the first nationality in a nominal ("the Chinese telecoms giant" -> CN), or an empty string. */
static void nationality(const struct search *search, struct view nominal, char country[3])
{
    country[0] = '\0';
    if (!search->knowledge)
        return;
    for (size_t start = 0; start < nominal.len;) {
        size_t end = start;
        while (end < nominal.len && nominal.data[end] != ' ')
            end++;
        struct known_candidate candidate;
        if (nominal.data[start] >= 'A' && nominal.data[start] <= 'Z' &&
            knowledge_find(search->knowledge, view_slice(nominal, start, end), &candidate, 1) == 1) {
            struct known known = knowledge_get(search->knowledge, candidate.entry);
            if (known.kind == KNOWN_KIND_DEMONYM) {
                memcpy(country, known.country, sizeof known.country);
                return;
            }
        }
        start = end + 1;
    }
}

static bool is_of_other_country(const struct search *search, const struct cluster *cluster, const char *country)
{
    if (!country[0] || !search->knowledge || cluster->known == KNOWN_NONE)
        return false;
    struct known known = knowledge_get(search->knowledge, cluster->known);
    return known.country[0] && memcmp(known.country, country, 2) != 0;
}

/* "The Swiss firm Alpenbahn", "the railway's president, Isabel Cortina": the nominal belongs to the name that follows it. */
static int32_t find_apposition(const struct search *search, size_t at)
{
    const struct reading *reading = search->discourse.reading;
    const struct mark *mark = &reading->marks[at], *next = mark + 1, *end = reading->marks + reading->mark_count;
    while (next < end && next->span.start < mark->span.end) /* "The |Swiss firm" */
        next++;
    if (next == end || next->kind != MENTION_NAME || next->sentence != mark->sentence)
        return NOWHERE;
    struct view between = view_slice(reading->text, mark->span.end, next->span.start);
    if (!view_equal(between, view_of(" ")) && !(mark->type == ENTITY_PERSON && view_equal(between, view_of(", "))))
        return NOWHERE;
    const struct cluster *cluster = cluster_of(search, next);
    return cluster && (cluster->type == ENTITY_PERSON) == (mark->type == ENTITY_PERSON) ? next->entity : NOWHERE;
}

/* Heads that take up more than what bears them in its name: "the agency" is the I.R.S., "the panel" a committee. */
static const struct {
    const char *head, *other;
    bool is_agency;
} loose_heads[] = {{"agency", "service", true}, {"panel", "committee", false}, {"department", "ministry", false}, {"watchdog", "authority", true}};

/* A ministry or an office of a state, but no parliament and no court. */
static bool is_agency(const struct search *search, const struct cluster *cluster)
{
    static const char *const others[] = {"congress", "senate", "house", "parliament", "assembly", "court", "committee", "commons"};
    if (!search->knowledge || cluster->known == KNOWN_NONE || knowledge_get(search->knowledge, cluster->known).kind != KNOWN_KIND_AGENCY)
        return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (name_has_word(search, cluster, view_of(others[i])))
            return false;
    return true;
}

/* "the |House Budget |panel": whether the words with a capital all stand in the name. */
static bool has_capitals_of(const struct search *search, const struct cluster *cluster, struct view nominal)
{
    char buffer[WORD_BYTES];
    struct view word;
    for (size_t at = 0; (word = words_next(nominal, &at)).len > 0;)
        if (word.data != nominal.data && word.data[0] >= 'A' && word.data[0] <= 'Z' &&
            !name_has_word(search, cluster, words_lower(word, buffer, sizeof buffer)))
            return false;
    return true;
}

/* Whether the organisation may be called so: by a word of its name, or by what it is. */
static bool is_called(const struct search *search, const struct cluster *cluster, struct view head, struct view nominal, bool has_nationality)
{
    bool has_capitals = has_capitals_of(search, cluster, nominal);
    if (name_has_word(search, cluster, head))
        return has_capitals || has_nationality;
    for (size_t i = 0; i < sizeof loose_heads / sizeof *loose_heads; i++)
        if (view_equal(head, view_of(loose_heads[i].head)) && has_capitals)
            return name_has_word(search, cluster, view_of(loose_heads[i].other)) || (loose_heads[i].is_agency && is_agency(search, cluster));
    return false;
}

static int32_t find_organization(const struct search *search, size_t at)
{
    const struct reading *reading = search->discourse.reading;
    const struct mark *mark = &reading->marks[at];
    char buffer[WORD_BYTES], country[3];
    struct view nominal = reading_view(reading, mark->span);
    struct view head = words_lower(last_word(nominal), buffer, sizeof buffer);
    bool is_company = is_company_head(head);
    uint32_t far = view_equal(head, view_of("administration")) ? ROLE_SENTENCES_BACK : NOMINAL_SENTENCES_BACK;
    nationality(search, nominal, country);
    for (size_t i = at; i-- > 0 && at - i < 4 * MARKS_BACK;) {
        const struct mark *candidate = &reading->marks[i];
        if (!reading->sentences[candidate->sentence].is_prose || mark->sentence - candidate->sentence > far)
            break;
        const struct cluster *cluster = cluster_of(search, candidate);
        if (!cluster || (candidate->kind != MENTION_NAME && !candidate->is_group) || is_of_other_country(search, cluster, country))
            continue;
        if (is_company ? can_be_company(search, cluster) : cluster->type == ENTITY_ORGANIZATION && is_called(search, cluster, head, nominal, country[0] != '\0'))
            return candidate->entity;
    }
    return NOWHERE;
}

/* The office that a person is known for, "President of France"; empty where none is. */
static struct view known_office(const struct search *search, const struct cluster *cluster)
{
    if (!search->knowledge || cluster->type != ENTITY_PERSON || cluster->known == KNOWN_NONE)
        return (struct view){0};
    uint32_t office = knowledge_get(search->knowledge, cluster->known).parent;
    return office == KNOWN_NONE ? (struct view){0} : knowledge_get(search->knowledge, office).name;
}

/* Who is known for an office, but not called by it: "former President X", "Vice President Y", who came into it after the article. */
static void mark_others(struct search *search)
{
    const struct reading *reading = search->discourse.reading;
    search->is_other = arena_take_zeroed(reading->arena, search->discourse.clusters->count + 1, sizeof *search->is_other);
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct cluster *cluster = cluster_of(search, &reading->marks[i]);
        struct view office = cluster && reading->marks[i].kind == MENTION_NAME ? known_office(search, cluster) : (struct view){0};
        if (office.len > 0 && offices_is_other(reading, &reading->marks[i], office))
            search->is_other[reading->marks[i].entity] = true;
    }
}

static struct view next_word(const struct reading *reading, uint32_t end)
{
    size_t start = end;
    while (start < reading->text.len && reading->text.data[start] == ' ')
        start++;
    size_t stop = start;
    while (stop < reading->text.len && reading->text.data[stop] >= 'a' && reading->text.data[stop] <= 'z')
        stop++;
    return view_slice(reading->text, start, stop);
}

/* "the president of |Ukraine", "of the |company": whose office it is said to be. */
static bool has_realm(const struct reading *reading, const struct mark *mark)
{
    return view_equal(next_word(reading, mark->span.end), view_of("of"));
}

/* "the president": the last named of those who are one, unless another of them is what the article is about. */
static int32_t find_office_holder(const struct search *search, size_t at)
{
    const struct reading *reading = search->discourse.reading;
    const struct mark *mark = &reading->marks[at];
    struct view nominal = reading_view(reading, mark->span);
    char country[3];
    if (has_realm(reading, mark))
        return NOWHERE;
    nationality(search, nominal, country);
    const struct cluster *best = NULL;
    for (size_t i = at; i-- > 0 && at - i < 4 * MARKS_BACK;) {
        const struct mark *candidate = &reading->marks[i];
        if (!reading->sentences[candidate->sentence].is_prose || mark->sentence - candidate->sentence > ROLE_SENTENCES_BACK)
            break;
        const struct cluster *cluster = candidate->kind == MENTION_NAME ? cluster_of(search, candidate) : NULL;
        if (!cluster || candidate->type != ENTITY_PERSON || is_of_other_country(search, cluster, country))
            continue;
        if (best && cluster->mark_count < OUTSHINES * best->mark_count) /* nor is it `best` itself */
            continue;
        struct view office = search->is_other[candidate->entity] ? (struct view){0} : known_office(search, cluster);
        if ((office.len > 0 && offices_is_of(office, nominal)) || offices_fits(reading, candidate, nominal))
            best = cluster;
    }
    return best ? (int32_t)(best - search->discourse.clusters->items) : NOWHERE;
}

/* "the next president", "the last administration": not who has just been named. */
static bool is_of_another_time(struct view nominal)
{
    static const char *const words[] = {"next", "future", "last", "previous", "prior", "past", "another"};
    char buffer[WORD_BYTES];
    struct view word;
    for (size_t at = 0; (word = words_next(nominal, &at)).len > 0;)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (view_equal(words_lower(word, buffer, sizeof buffer), view_of(words[i])))
                return true;
    return false;
}

/* "@realAnnLee": who is named before and has such an account. */
static int32_t find_account(const struct search *search, size_t at)
{
    const struct reading *reading = search->discourse.reading;
    struct view account = reading_view(reading, reading->marks[at].span);
    for (size_t i = at; i-- > 0 && at - i < 4 * MARKS_BACK;) {
        const struct mark *candidate = &reading->marks[i];
        const struct cluster *cluster = cluster_of(search, candidate);
        bool is_person = candidate->type == ENTITY_PERSON;
        if (candidate->kind != MENTION_NAME || !cluster || (!is_person && candidate->type != ENTITY_ORGANIZATION))
            continue;
        if (handles_fits(account, reading_view(reading, candidate->span), is_person) ||
            (search->knowledge && cluster->known != KNOWN_NONE && handles_fits(account, knowledge_get(search->knowledge, cluster->known).name, is_person)))
            return candidate->entity;
    }
    return NOWHERE;
}

/* "The idea": who is the first that says something in the sentence before. */
static int32_t find_sayer(const struct search *search, size_t at)
{
    const struct reading *reading = search->discourse.reading;
    const struct mark *mark = &reading->marks[at];
    int32_t sayer = NOWHERE;
    for (size_t i = at; i-- > 0 && at - i < MARKS_BACK && reading->marks[i].sentence + 1 >= mark->sentence;) {
        const struct mark *candidate = &reading->marks[i];
        int32_t said = candidate->sentence < mark->sentence ? search->discourse.source_of[i] : NOWHERE;
        if (said != NOWHERE && reading->attributions[said].content.start < reading->attributions[said].content.end)
            sayer = candidate->entity;
    }
    return sayer;
}

static int32_t find_nominal(const struct search *search, size_t at)
{
    if (search->discourse.reading->marks[at].is_saying)
        return find_sayer(search, at);
    if (handles_is(search->discourse.reading->text, search->discourse.reading->marks[at].span))
        return find_account(search, at);
    int32_t entity = find_apposition(search, at);
    if (entity != NOWHERE)
        return entity;
    if (is_of_another_time(reading_view(search->discourse.reading, search->discourse.reading->marks[at].span)))
        return NOWHERE;
    return search->discourse.reading->marks[at].type == ENTITY_PERSON ? find_office_holder(search, at) : find_organization(search, at);
}

/* --- attributions --------------------------------------------------------------------------------------------------- */

/* Whether the byte `at` of an attribution's content stands within quotation marks. */
static bool is_quoted(const struct reading *reading, const struct attribution *attribution, uint32_t at)
{
    if (attribution->kind == ATTRIBUTION_DIRECT)
        return true;
    bool is_open = false;
    for (uint32_t i = attribution->content.start; i < at; i++) {
        struct view quote = view_slice(reading->text, i, i + 3 < at ? i + 3 : at);
        if (quote.data[0] == '"')
            is_open = !is_open;
        else if (view_equal(quote, view_of("\xE2\x80\x9C"))) /* U+201C, and U+201D */
            is_open = true;
        else if (view_equal(quote, view_of("\xE2\x80\x9D")))
            is_open = false;
    }
    return is_open;
}

static void mark_quoted(struct search *search, const struct attribution *attribution, int32_t speaker)
{
    const struct reading *reading = search->discourse.reading;
    for (size_t i = reading_first_mark(reading, attribution->content.start);
         i < reading->mark_count && reading->marks[i].span.start < attribution->content.end; i++) {
        const struct mark *mark = &reading->marks[i];
        if (!reading->sentences[mark->sentence].is_prose)
            break;
        if (mark->kind == MENTION_PRONOUN && is_quoted(reading, attribution, mark->span.start))
            search->discourse.quoted_by[i] = speaker;
    }
}

static void mark_sources(struct search *search)
{
    struct reading *reading = search->discourse.reading;
    search->discourse.source_of = arena_take_zeroed(reading->arena, reading->mark_count + 1, sizeof *search->discourse.source_of);
    search->discourse.quoted_by = arena_take_zeroed(reading->arena, reading->mark_count + 1, sizeof *search->discourse.quoted_by);
    for (size_t i = 0; i < reading->mark_count; i++)
        search->discourse.source_of[i] = search->discourse.quoted_by[i] = NOWHERE;
    for (size_t i = 0; i < reading->attribution_count; i++) {
        struct span source = reading->attributions[i].source;
        if (source.start == source.end)
            continue;
        size_t first = reading_first_mark(reading, source.start), end = first;
        while (end < reading->mark_count && reading->marks[end].span.start < source.end &&
               reading->marks[end].span.start >= source.start)
            end++;
        int32_t mark = attributions_source_mark(reading, source, first, end);
        if (mark == NOWHERE)
            continue;
        search->discourse.source_of[mark] = (int32_t)i;
        mark_quoted(search, &reading->attributions[i], mark);
    }
}

/* Gives attributions the entities of their sources' marks; every part of a discontinuous content shares its source. */
static void settle_attributions(struct search *search)
{
    struct reading *reading = search->discourse.reading;
    for (size_t i = 0; i < reading->mark_count; i++)
        if (search->discourse.source_of[i] != NOWHERE)
            reading->attributions[search->discourse.source_of[i]].entity = reading->marks[i].entity;
    for (size_t i = 1; i < reading->attribution_count; i++) {
        struct attribution *attribution = &reading->attributions[i];
        for (size_t k = i; k-- > 0 && i - k < 8;) {
            struct attribution *other = &reading->attributions[k];
            if (other->source.start != attribution->source.start || other->source.start == other->source.end)
                continue;
            if (attribution->entity == NOWHERE)
                attribution->entity = other->entity;
            else
                other->entity = attribution->entity;
        }
    }
}

static uint32_t content_bytes(const struct reading *reading, int32_t attribution)
{
    struct span content = reading->attributions[attribution].content;
    return content.end - content.start;
}

/* What is said is not the article's own; "I", "we" inside a quotation are its speaker. */
static void settle_contents(struct search *search)
{
    struct reading *reading = search->discourse.reading;
    for (size_t i = 0; i < reading->attribution_count; i++) {
        const struct attribution *attribution = &reading->attributions[i];
        bool is_speech = attribution->entity != NOWHERE && attribution->kind != ATTRIBUTION_INDIRECT;
        for (size_t k = reading_first_mark(reading, attribution->content.start);
             k < reading->mark_count && reading->marks[k].span.start < attribution->content.end; k++) {
            struct mark *mark = &reading->marks[k];
            if (!reading->sentences[mark->sentence].is_prose)
                break;
            if (mark->attribution == NOWHERE || content_bytes(reading, (int32_t)i) < content_bytes(reading, mark->attribution))
                mark->attribution = (int32_t)i;
            if (is_speech && mark->kind == MENTION_PRONOUN && marks_is_first_person(reading_view(reading, mark->span)))
                mark->entity = attribution->entity;
        }
    }
}

/* Whoever is "he" in one place and "she" in another, because the name does not tell, is what most of these places say. */
static char *genders_of(struct search *search)
{
    struct reading *reading = search->discourse.reading;
    const struct clusters *clusters = search->discourse.clusters;
    struct counts { uint32_t women, men; } *counts = arena_take_zeroed(reading->arena, clusters->count + 1, sizeof *counts);
    char *genders = arena_take_zeroed(reading->arena, clusters->count + 1, 1);
    bool has_women = false, has_men = false;
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        char gender = mark->kind == MENTION_PRONOUN ? marks_gender(reading_view(reading, mark->span)) : 0;
        has_women |= gender == 'f';
        has_men |= gender == 'm';
    }
    if (!has_women || !has_men)
        return NULL;
    const struct pronouns_listener *listener = reading->listener;
    reading->listener = NULL; /* this is not yet said */
    for (size_t i = 0; i < reading->mark_count; i++) {
        struct mark *mark = &reading->marks[i];
        char gender = mark->kind == MENTION_PRONOUN ? marks_gender(reading_view(reading, mark->span)) : 0;
        if (!gender || !reading->sentences[mark->sentence].is_prose)
            continue;
        mark->entity = pronouns_antecedent(&search->discourse, i);
        if (mark->entity == NOWHERE || clusters->items[mark->entity].gender)
            continue;
        struct counts *own = &counts[mark->entity];
        own->women += gender == 'f';
        own->men += gender == 'm';
        genders[mark->entity] = own->women > own->men ? 'f' : own->men > own->women ? 'm' : 0;
    }
    reading->listener = listener;
    return genders;
}

/* "the |Swiss company", once it is known which: the people have no part in what is said of it. */
static void take_in_people(struct reading *reading, size_t at)
{
    struct mark *mark = &reading->marks[at], *end = reading->marks + reading->mark_count;
    for (struct mark *inner = mark + 1; inner < end && inner->span.end <= mark->span.end; inner++)
        inner->is_within = inner->is_within || (inner->kind == MENTION_NAME && inner->type == ENTITY_NORP);
}

void antecedents_set(struct reading *reading, const struct clusters *clusters, const struct knowledge *knowledge)
{
    struct search search = {.discourse = {.reading = reading, .clusters = clusters}, .knowledge = knowledge};
    mark_sources(&search);
    mark_others(&search);
    search.discourse.genders = genders_of(&search);
    for (size_t i = 0; i < reading->mark_count; i++) {
        struct mark *mark = &reading->marks[i];
        if (!reading->sentences[mark->sentence].is_prose)
            break;
        if (mark->kind == MENTION_NAME || mark->is_group || marks_is_first_person(reading_view(reading, mark->span)))
            continue;
        if (mark->kind == MENTION_PRONOUN)
            mark->entity = pronouns_antecedent(&search.discourse, i);
        else
            mark->entity = find_nominal(&search, i);
        if (mark->kind != MENTION_PRONOUN && mark->entity != NOWHERE)
            take_in_people(reading, i);
    }
    settle_attributions(&search);
    settle_contents(&search);
}
