#include "processor/extract/nominals.h"

#include "processor/extract/handles.h"
#include "processor/extract/offices.h"
#include "processor/text/words.h"

enum { MARKS_BACK = 60, NOMINAL_SENTENCES_BACK = 8, ROLE_SENTENCES_BACK = 40, WORD_BYTES = 32, OUTSHINES = 3 };

static const struct cluster *cluster_of(const struct nominals *nominals, const struct mark *mark)
{
    return mark->entity == NOWHERE ? NULL : &nominals->discourse.clusters->items[mark->entity];
}

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

/* Under what the cluster is known; empty where it is not. */
static struct view known_name(const struct nominals *nominals, const struct cluster *cluster)
{
    bool is_known = nominals->knowledge && cluster->known != KNOWN_NONE;
    return is_known ? knowledge_get(nominals->knowledge, cluster->known).name : (struct view){0};
}

/* Whether the name, as written or as it is known ("FBI": Federal Bureau of Investigation), has the word. */
static bool name_has_word(const struct nominals *nominals, const struct cluster *cluster, struct view head)
{
    char buffer[WORD_BYTES];
    for (size_t i = 0; i < cluster->word_count; i++)
        if (view_equal(words_lower(cluster->words[i], buffer, sizeof buffer), head))
            return true;
    struct view known = known_name(nominals, cluster), word;
    for (size_t at = 0; (word = words_next(known, &at)).len > 0;)
        if (view_equal(words_lower(word, buffer, sizeof buffer), head))
            return true;
    return false;
}

static bool can_be_company(const struct nominals *nominals, const struct cluster *cluster)
{
    if (cluster->type != ENTITY_ORGANIZATION)
        return false;
    if (!nominals->knowledge || cluster->known == KNOWN_NONE)
        return true;
    enum known_kind kind = knowledge_get(nominals->knowledge, cluster->known).kind;
    return kind == KNOWN_KIND_COMPANY || kind == KNOWN_KIND_MEDIA || kind == KNOWN_KIND_ORGANIZATION;
}

/* The country of the first nationality in a nominal ("the Chinese telecoms giant" -> CN), or an empty string. */
static void nationality(const struct nominals *nominals, struct view nominal, char country[3])
{
    country[0] = '\0';
    if (!nominals->knowledge)
        return;
    for (size_t start = 0; start < nominal.len;) {
        size_t end = start;
        while (end < nominal.len && nominal.data[end] != ' ')
            end++;
        struct known_candidate candidate;
        if (nominal.data[start] >= 'A' && nominal.data[start] <= 'Z' &&
            knowledge_find(nominals->knowledge, view_slice(nominal, start, end), &candidate, 1) == 1) {
            struct known known = knowledge_get(nominals->knowledge, candidate.entry);
            if (known.kind == KNOWN_KIND_DEMONYM) {
                memcpy(country, known.country, sizeof known.country);
                return;
            }
        }
        start = end + 1;
    }
}

static bool is_of_other_country(const struct nominals *nominals, const struct cluster *cluster, const char *country)
{
    if (!country[0] || !nominals->knowledge || cluster->known == KNOWN_NONE)
        return false;
    struct known known = knowledge_get(nominals->knowledge, cluster->known);
    return known.country[0] && memcmp(known.country, country, 2) != 0;
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

/* "The Swiss firm Alpenbahn", "the railway's president, Isabel Cortina": the nominal belongs to the name that follows it. */
static int32_t find_apposition(const struct nominals *nominals, size_t at)
{
    const struct reading *reading = nominals->discourse.reading;
    const struct mark *mark = &reading->marks[at], *next = mark + 1, *end = reading->marks + reading->mark_count;
    while (next < end && next->span.start < mark->span.end) /* "The |Swiss firm" */
        next++;
    if (next == end || next->kind != MENTION_NAME || next->sentence != mark->sentence)
        return NOWHERE;
    struct view between = view_slice(reading->text, mark->span.end, next->span.start);
    if (!view_equal(between, view_of(" ")) && !(mark->type == ENTITY_PERSON && view_equal(between, view_of(", "))))
        return NOWHERE;
    if (between.len > 1 && !offices_is_apposed(reading, next->span))
        return NOWHERE;
    const struct cluster *cluster = cluster_of(nominals, next);
    return cluster && (cluster->type == ENTITY_PERSON) == (mark->type == ENTITY_PERSON) ? next->entity : NOWHERE;
}

/* Heads that take up more than what bears them in its name: "the agency" is the I.R.S., "the panel" a committee. */
static const struct {
    const char *head, *other;
    bool is_agency;
} loose_heads[] = {{"agency", "service", true}, {"panel", "committee", false}, {"department", "ministry", false}, {"watchdog", "authority", true}};

/* A ministry or an office of a state, but no parliament and no court. */
static bool is_agency(const struct nominals *nominals, const struct cluster *cluster)
{
    static const char *const others[] = {"congress", "senate", "house", "parliament", "assembly", "court", "committee", "commons"};
    if (!nominals->knowledge || cluster->known == KNOWN_NONE || knowledge_get(nominals->knowledge, cluster->known).kind != KNOWN_KIND_AGENCY)
        return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (name_has_word(nominals, cluster, view_of(others[i])))
            return false;
    return true;
}

/* "the |House Budget |panel": whether the words with a capital all stand in the name. */
static bool has_capitals_of(const struct nominals *nominals, const struct cluster *cluster, struct view nominal)
{
    char buffer[WORD_BYTES];
    struct view word;
    for (size_t at = 0; (word = words_next(nominal, &at)).len > 0;)
        if (word.data != nominal.data && word.data[0] >= 'A' && word.data[0] <= 'Z' &&
            !name_has_word(nominals, cluster, words_lower(word, buffer, sizeof buffer)))
            return false;
    return true;
}

/* Whether the organisation may be called so: by a word of its name, or by what it is. */
static bool is_called(const struct nominals *nominals, const struct cluster *cluster, struct view head, struct view nominal, bool has_nationality)
{
    bool has_capitals = has_capitals_of(nominals, cluster, nominal);
    if (name_has_word(nominals, cluster, head))
        return has_capitals || has_nationality;
    for (size_t i = 0; i < sizeof loose_heads / sizeof *loose_heads; i++)
        if (view_equal(head, view_of(loose_heads[i].head)) && has_capitals)
            return name_has_word(nominals, cluster, view_of(loose_heads[i].other)) || (loose_heads[i].is_agency && is_agency(nominals, cluster));
    return false;
}

/* "the fund" behind "the relief fund", "the court" behind "the court": whether it says nothing of its own. */
static bool is_said_again(struct view nominal, struct view before, struct view head)
{
    char buffer[WORD_BYTES];
    const char *gap = memchr(nominal.data, ' ', nominal.len);
    bool is_bare = gap && gap + 1 + head.len == nominal.data + nominal.len;
    return view_equal(nominal, before) || (is_bare && view_equal(words_lower(last_word(before), buffer, sizeof buffer), head));
}

static int32_t find_organization(const struct nominals *nominals, size_t at)
{
    const struct reading *reading = nominals->discourse.reading;
    const struct mark *mark = &reading->marks[at];
    char buffer[WORD_BYTES], country[3];
    struct view nominal = reading_view(reading, mark->span);
    struct view head = words_lower(last_word(nominal), buffer, sizeof buffer);
    bool is_company = is_company_head(head);
    uint32_t far = view_equal(head, view_of("administration")) ? ROLE_SENTENCES_BACK : NOMINAL_SENTENCES_BACK;
    nationality(nominals, nominal, country);
    for (size_t i = at; i-- > 0 && at - i < 4 * MARKS_BACK;) {
        const struct mark *candidate = &reading->marks[i];
        if (!reading->sentences[candidate->sentence].is_prose || mark->sentence - candidate->sentence > far)
            break;
        const struct cluster *cluster = cluster_of(nominals, candidate);
        if (!cluster || is_of_other_country(nominals, cluster, country))
            continue;
        if (candidate->kind == MENTION_NOMINAL && is_said_again(nominal, reading_view(reading, candidate->span), head))
            return candidate->entity;
        if (candidate->kind != MENTION_NAME && !candidate->is_group)
            continue;
        if (is_company ? can_be_company(nominals, cluster) : cluster->type == ENTITY_ORGANIZATION && is_called(nominals, cluster, head, nominal, country[0] != '\0'))
            return candidate->entity;
    }
    return NOWHERE;
}

/* The office that a person is known for, "President of France"; empty where none is. */
static struct view known_office(const struct nominals *nominals, const struct cluster *cluster)
{
    if (!nominals->knowledge || cluster->type != ENTITY_PERSON || cluster->known == KNOWN_NONE)
        return (struct view){0};
    uint32_t office = knowledge_get(nominals->knowledge, cluster->known).parent;
    return office == KNOWN_NONE ? (struct view){0} : knowledge_get(nominals->knowledge, office).name;
}

void nominals_prepare(struct nominals *nominals)
{
    const struct reading *reading = nominals->discourse.reading;
    nominals->is_other = arena_take_zeroed(reading->arena, nominals->discourse.clusters->count + 1, sizeof *nominals->is_other);
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct cluster *cluster = cluster_of(nominals, &reading->marks[i]);
        struct view office = cluster && reading->marks[i].kind == MENTION_NAME ? known_office(nominals, cluster) : (struct view){0};
        if (office.len > 0 && offices_is_other(reading, &reading->marks[i], office))
            nominals->is_other[reading->marks[i].entity] = true;
    }
}

/* "the company that makes them", "the senator who did": another one, which this tells apart; but "told |the company that",
 * "Pogue, |the columnist who". */
static bool is_told_apart(const struct reading *reading, const struct mark *mark)
{
    static const char *const tellers[] = {"advised", "assure", "assured", "convince", "convinced", "inform", "informed", "notified", "persuaded",
                                          "promised", "remind", "reminded", "show", "showed", "tell", "telling", "tells", "told", "warn", "warned", "warning", "warns"};
    if (!view_equal(next_word(reading, mark->span.end), view_of(mark->type == ENTITY_PERSON ? "who" : "that")))
        return false;
    struct view before = view_slice(reading->text, reading->sentences[mark->sentence].span.start, mark->span.start);
    while (before.len > 0 && before.data[before.len - 1] == ' ')
        before.len--;
    bool is_apposition = before.len > 0 && before.data[before.len - 1] == ',';
    return !is_apposition && !words_is_listed(last_word(before), tellers, sizeof tellers / sizeof *tellers);
}

/* "the president of |Ukraine", "of the |company": whose office it is said to be. */
static bool has_realm(const struct reading *reading, const struct mark *mark)
{
    return view_equal(next_word(reading, mark->span.end), view_of("of"));
}

/* "the president": the last named of those who are one, unless another of them is what the article is about. */
static int32_t find_office_holder(const struct nominals *nominals, size_t at)
{
    const struct reading *reading = nominals->discourse.reading;
    const struct mark *mark = &reading->marks[at];
    struct view nominal = reading_view(reading, mark->span);
    char country[3];
    if (has_realm(reading, mark))
        return NOWHERE;
    nationality(nominals, nominal, country);
    const struct cluster *best = NULL;
    for (size_t i = at; i-- > 0 && at - i < 4 * MARKS_BACK;) {
        const struct mark *candidate = &reading->marks[i];
        if (!reading->sentences[candidate->sentence].is_prose || mark->sentence - candidate->sentence > ROLE_SENTENCES_BACK)
            break;
        const struct cluster *cluster = candidate->kind == MENTION_NAME ? cluster_of(nominals, candidate) : NULL;
        if (!cluster || candidate->type != ENTITY_PERSON || is_of_other_country(nominals, cluster, country))
            continue;
        if (best && cluster->mark_count < OUTSHINES * best->mark_count) /* nor is it `best` itself */
            continue;
        struct view office = nominals->is_other[candidate->entity] ? (struct view){0} : known_office(nominals, cluster);
        if ((office.len > 0 && offices_is_of(office, nominal)) || offices_fits(reading, candidate, nominal))
            best = cluster;
    }
    return best ? (int32_t)(best - nominals->discourse.clusters->items) : NOWHERE;
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
static int32_t find_account(const struct nominals *nominals, size_t at)
{
    const struct reading *reading = nominals->discourse.reading;
    struct view account = reading_view(reading, reading->marks[at].span);
    for (size_t i = at; i-- > 0 && at - i < 4 * MARKS_BACK;) {
        const struct mark *candidate = &reading->marks[i];
        const struct cluster *cluster = cluster_of(nominals, candidate);
        bool is_person = candidate->type == ENTITY_PERSON;
        if (candidate->kind != MENTION_NAME || !cluster || (!is_person && candidate->type != ENTITY_ORGANIZATION))
            continue;
        struct view name = reading_view(reading, candidate->span), known = known_name(nominals, cluster);
        if (handles_fits(account, name, is_person) || handles_fits(account, known, is_person))
            return candidate->entity;
    }
    return NOWHERE;
}

/* "The idea": who is the first that says something in the sentence before. */
static int32_t find_sayer(const struct nominals *nominals, size_t at)
{
    const struct reading *reading = nominals->discourse.reading;
    const struct mark *mark = &reading->marks[at];
    int32_t sayer = NOWHERE;
    for (size_t i = at; i-- > 0 && at - i < MARKS_BACK && reading->marks[i].sentence + 1 >= mark->sentence;) {
        const struct mark *candidate = &reading->marks[i];
        int32_t said = candidate->sentence < mark->sentence ? nominals->discourse.source_of[i] : NOWHERE;
        if (said != NOWHERE && reading->attributions[said].content.start < reading->attributions[said].content.end)
            sayer = candidate->entity;
    }
    return sayer;
}

int32_t nominals_antecedent(const struct nominals *nominals, size_t at)
{
    if (nominals->discourse.reading->marks[at].is_saying)
        return find_sayer(nominals, at);
    if (handles_is(nominals->discourse.reading->text, nominals->discourse.reading->marks[at].span))
        return find_account(nominals, at);
    int32_t entity = find_apposition(nominals, at);
    if (entity != NOWHERE)
        return entity;
    const struct mark *mark = &nominals->discourse.reading->marks[at];
    if (is_of_another_time(reading_view(nominals->discourse.reading, mark->span)) || is_told_apart(nominals->discourse.reading, mark))
        return NOWHERE;
    return nominals->discourse.reading->marks[at].type == ENTITY_PERSON ? find_office_holder(nominals, at) : find_organization(nominals, at);
}
