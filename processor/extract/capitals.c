#include "processor/extract/capitals.h"

#include "processor/extract/beside.h"
#include "processor/extract/sides.h"

/* What governments do, also to each other, and towns do not; sorted. */
static const char *const acts[] = {
    "accepted", "accepts", "accused", "accuses", "asked", "asks", "backed", "backs", "banned", "blamed", "blames", "condemned", "condemns",
    "considers", "criticised", "criticises", "criticized", "criticizes", "denounced", "denounces", "deployed", "deploys", "dismissed",
    "dismisses", "disputes", "expelled", "expels", "hailed", "hails", "ignored", "ignores", "offered", "offers", "opposed", "opposes", "ordered", "orders",
    "pressed", "promised", "recognised", "recognises", "recognized", "recognizes", "refused", "refuses", "regarded", "regards", "rejected",
    "rejects", "sent", "summoned", "supported", "supports", "suspended", "threatened", "threatens", "trusts", "urged", "urges", "views",
    "warned", "warns", "welcomed", "welcomes",
};
/* The same, but not to each other; sorted. */
static const char *const own_acts[] = {
    "agreed", "agrees", "aims", "announced", "argued", "argues", "believes", "claimed", "claims", "decided", "demanded", "demands",
    "denied", "denies", "fears", "hopes", "imposed", "insisted", "insists", "intends", "maintains", "objected", "objects", "planned",
    "plans", "pledged", "prefers", "promises", "proposed", "proposes", "protested", "reacted", "recalled", "recalls", "relented",
    "responded", "retaliated", "said", "says", "scrapped", "seeks", "sees", "signaled", "signalled", "signed", "sought", "spent", "thinks",
    "tried", "tries", "vowed", "vows", "wanted", "wants", "wasted", "withdrew",
};
/* May stand before such a verb; sorted. */
static const char *const auxiliaries[] = {"also", "had", "has", "have", "later", "repeatedly", "strongly"};
/* What governments have with each other, or from each other; sorted. */
static const char *const relations[] = {
    "agreement", "agreements", "alliance", "allied", "clash", "clashed", "clashes", "collaborate", "collaborated",
    "collaborates", "collaborating", "collaboration", "confrontation", "cooperate", "cooperated", "cooperating", "cooperation", "deal",
    "deals", "demands", "dialogue", "diplomacy", "dispute", "embargo", "feud", "friction", "negotiate", "negotiated", "negotiating",
    "negotiations", "pact", "pacts", "partnership", "pressure", "rapprochement", "relations", "relationship", "rift", "row", "sanctions",
    "sided", "siding", "spat", "standoff", "summit", "talks", "tariffs", "tension", "tensions", "ties", "treaty",
    "truce", "war",
};
/* What a government has; sorted. */
static const char *const belongings[] = {
    "accusations", "aggression", "allegations", "allies", "ally", "ambassador", "ambitions", "annexation", "approval", "assertion",
    "backing", "claim", "claims", "consent", "decision", "demand", "demands", "denial", "embassy", "foreign", "influence", "intentions",
    "interests", "interference", "intervention", "invasion", "meddling", "military", "nuclear", "offer", "policies", "policy", "position",
    "proposal", "refusal", "rejection", "response", "retaliation", "role", "stance", "support", "threat", "threats", "willingness",
};
static const char *const links[] = {"against", "between", "by", "from", "of", "on", "to", "toward", "towards", "with"};

#define LIST(words) words, sizeof words / sizeof *words

bool capitals_lists_are_sorted(void)
{
    return beside_is_sorted(LIST(acts)) && beside_is_sorted(LIST(own_acts)) && beside_is_sorted(LIST(auxiliaries)) &&
           beside_is_sorted(LIST(relations)) && beside_is_sorted(LIST(belongings)) && beside_is_sorted(LIST(links));
}

static size_t offset_of(const struct reading *reading, struct view word)
{
    return (size_t)(word.data - reading->text.data);
}

/* "Beijing |has repeatedly denied", "Moscow, which |wants", but neither "a court in |London rejected" nor "the capital |Pretoria". */
static bool acts_itself(const struct reading *reading, const struct knowledge *knowledge, size_t index)
{
    const struct mark *mark = &reading->marks[index];
    struct view before = beside_word_before(reading->text, mark->span.start);
    if (sides_is_place(reading, knowledge, index) || view_equal(before, view_of("of")) || view_equal(before, view_of("capital")))
        return false;
    static const char relative[] = ", which ";
    struct view after = beside_text_behind(reading, mark->span);
    while (view_starts_with(after, view_of(" ")))
        after = view_slice(after, 1, after.len);
    if (view_starts_with(after, view_of(relative)))
        after = view_slice(after, strlen(relative), after.len);
    struct view word = beside_word_behind(after);
    for (size_t i = 0; i < 2 && beside_is_among(word, LIST(auxiliaries)); i++)
        word = beside_word_behind(beside_text_behind(reading, (struct span){mark->span.start, (uint32_t)(offset_of(reading, word) + word.len)}));
    return beside_is_among(word, LIST(acts)) || beside_is_among(word, LIST(own_acts));
}

/* "accused |Beijing", "sanctions on |Beijing", "ties with |Beijing". */
static bool is_dealt_with(const struct reading *reading, uint32_t start)
{
    struct view before = beside_word_before(reading->text, start);
    if (beside_is_among(before, LIST(acts)))
        return true;
    return beside_is_among(before, LIST(links)) &&
           beside_is_among(beside_word_before(reading->text, offset_of(reading, before)), LIST(relations));
}

/* "Beijing's |support". */
static bool owns_as_government(const struct reading *reading, const struct mark *mark)
{
    static const char *const possessives[] = {"'s ", "\xE2\x80\x99s "};
    struct view after = beside_text_behind(reading, mark->span);
    for (size_t i = 0; i < sizeof possessives / sizeof *possessives; i++) {
        if (!view_starts_with(after, view_of(possessives[i])))
            continue;
        struct view word = beside_word_behind(view_slice(after, strlen(possessives[i]), after.len));
        return word.len > 0 && word.data[0] >= 'a' && beside_is_among(word, LIST(belongings)); /* not "Rome's Foreign Press Club" */
    }
    return false;
}

/* "ties between Paris and |Berlin": what is said of the first holds for the second. */
static bool is_second(const struct reading *reading, size_t index)
{
    if (index == 0)
        return false;
    const struct mark *mark = &reading->marks[index], *first = mark - 1;
    return first->span.end < mark->span.start &&
           view_equal(view_slice(reading->text, first->span.end, mark->span.start), view_of(" and ")) &&
           view_equal(beside_word_before(reading->text, first->span.start), view_of("between")) && is_dealt_with(reading, first->span.start);
}

static bool is_government(const struct reading *reading, const struct knowledge *knowledge, size_t index)
{
    const struct mark *mark = &reading->marks[index];
    return acts_itself(reading, knowledge, index) || is_dealt_with(reading, mark->span.start) || owns_as_government(reading, mark) ||
           is_second(reading, index);
}

/* The country whose capital the cluster is known to be, or KNOWN_NONE. */
static uint32_t country_of(const struct cluster *cluster, const struct knowledge *knowledge)
{
    if (cluster->known == KNOWN_NONE || knowledge_get(knowledge, cluster->known).kind != KNOWN_KIND_CAPITAL)
        return KNOWN_NONE;
    return knowledge_country(knowledge, cluster->known);
}

static void move_mark(struct mark *mark, struct clusters *clusters, uint32_t to)
{
    clusters->items[mark->entity].mark_count--;
    struct cluster *country = &clusters->items[to];
    country->mark_count++;
    country->first_start = mark->span.start < country->first_start ? mark->span.start : country->first_start;
    mark->entity = (int32_t)to;
}

void capitals_settle(struct reading *reading, struct clusters *clusters, const struct knowledge *knowledge)
{
    size_t named = clusters->count;
    if (!knowledge)
        return;
    struct clusters larger = {.items = arena_take_zeroed(reading->arena, 2 * named + 1, sizeof *larger.items), .count = named};
    memcpy(larger.items, clusters->items, named * sizeof *larger.items);
    uint32_t *moved = arena_take_zeroed(reading->arena, named + 1, sizeof *moved); /* the country's cluster + 1 of each capital's */
    for (size_t i = 0; i < reading->mark_count; i++) {
        struct mark *mark = &reading->marks[i];
        if (mark->kind != MENTION_NAME || mark->is_within)
            continue;
        int32_t capital = mark->entity;
        uint32_t country = country_of(&larger.items[capital], knowledge);
        if (country == KNOWN_NONE || !is_government(reading, knowledge, i))
            continue;
        if (!moved[capital])
            moved[capital] = clusters_country(&larger, country, knowledge) + 1;
        move_mark(mark, &larger, moved[capital] - 1);
    }
    *clusters = larger;
}
