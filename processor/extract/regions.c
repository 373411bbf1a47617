#include "processor/extract/regions.h"

#include "processor/extract/beside.h"
#include "processor/extract/bounds.h"
#include "processor/extract/marks.h"

enum { SHORT_BYTES = 8, CANDIDATES_MOST = 4 };

/* Behind a name they make a province of it: "Buenos Aires province"; sorted. */
static const char *const unit_words[] = {"governorate", "oblast", "prefecture", "province", "provinces", "region", "regions"};
/* Before it, with "of": "the state of Washington"; sorted. */
static const char *const unit_words_of[] = {"province", "provinces", "state", "states"};
/* What states have and cities have not, behind the name; sorted. */
static const char *const office_words[] = {
    "assemblyman", "assemblywoman", "caucus", "caucuses", "congressman", "congresswoman", "delegation", "democrat", "gov", "governor",
    "legislature", "primary", "rep", "representative", "reps", "republican", "sen", "senator", "senators", "sens", "state",
};
/* And before it: "Senator Ann Lee of New York", "a Democrat from Georgia", "upstate New York"; sorted. */
static const char *const holder_words[] = {
    "congressman", "congresswoman", "democrat", "democrats", "governor", "legislature", "representative", "republican",
    "republicans", "senator", "senators",
};
static const char *const title_words[] = {
    "congressman", "congresswoman", "gov", "governor", "rep", "representative", "sen", "senator",
};
/* The post office's letters, as politicians bear them. */
static const struct {
    const char *code, *name;
} states[] = {
    {"AK", "Alaska"}, {"AL", "Alabama"}, {"AR", "Arkansas"}, {"AZ", "Arizona"}, {"CA", "California"}, {"CO", "Colorado"},
    {"CT", "Connecticut"}, {"DE", "Delaware"}, {"FL", "Florida"}, {"GA", "Georgia"}, {"HI", "Hawaii"}, {"IA", "Iowa"}, {"ID", "Idaho"},
    {"IL", "Illinois"}, {"IN", "Indiana"}, {"KS", "Kansas"}, {"KY", "Kentucky"}, {"LA", "Louisiana"}, {"MA", "Massachusetts"},
    {"MD", "Maryland"}, {"ME", "Maine"}, {"MI", "Michigan"}, {"MN", "Minnesota"}, {"MO", "Missouri"}, {"MS", "Mississippi"},
    {"MT", "Montana"}, {"NC", "North Carolina"}, {"ND", "North Dakota"}, {"NE", "Nebraska"}, {"NH", "New Hampshire"}, {"NJ", "New Jersey"},
    {"NM", "New Mexico"}, {"NV", "Nevada"}, {"NY", "New York"}, {"OH", "Ohio"}, {"OK", "Oklahoma"}, {"OR", "Oregon"},
    {"PA", "Pennsylvania"}, {"RI", "Rhode Island"}, {"SC", "South Carolina"}, {"SD", "South Dakota"}, {"TN", "Tennessee"}, {"TX", "Texas"},
    {"UT", "Utah"}, {"VA", "Virginia"}, {"VT", "Vermont"}, {"WA", "Washington"}, {"WI", "Wisconsin"}, {"WV", "West Virginia"},
    {"WY", "Wyoming"},
};
static const char *const place_words[] = {"around", "at", "from", "in", "near", "of", "outside"};

#define LIST(words) words, sizeof words / sizeof *words

bool regions_lists_are_sorted(void)
{
    return beside_is_sorted(LIST(unit_words)) && beside_is_sorted(LIST(unit_words_of)) && beside_is_sorted(LIST(office_words)) &&
           beside_is_sorted(LIST(holder_words)) && beside_is_sorted(LIST(title_words)) && beside_is_sorted(LIST(place_words));
}

/* What a name may be: its likeliest meaning, and the likeliest region; KNOWN_NONE. */
struct place {
    uint32_t entry, region;
    enum known_kind kind;
};

static struct place find_place(const struct knowledge *knowledge, struct view name)
{
    struct known_candidate candidates[CANDIDATES_MOST];
    struct place place = {.entry = KNOWN_NONE, .region = KNOWN_NONE};
    size_t count = knowledge_find(knowledge, name, candidates, CANDIDATES_MOST);
    for (size_t i = 0; i < count; i++) {
        enum known_kind kind = knowledge_get(knowledge, candidates[i].entry).kind;
        if (kind == KNOWN_KIND_REGION && place.region == KNOWN_NONE)
            place.region = candidates[i].entry;
        if (i == 0) {
            place.entry = candidates[i].entry;
            place.kind = kind;
        }
    }
    return place;
}

/* The start of the word before `end`, which ends in a full stop or not: "Sen. |Ann Lee". */
static struct view title_before(struct view text, size_t end)
{
    while (end > 0 && text.data[end - 1] == ' ')
        end--;
    if (end > 0 && text.data[end - 1] == '.')
        end--;
    return beside_word_before(text, end);
}

/* "Senator Ann Lee of |New York", "Gov. Ann Lee from |Washington". */
static bool follows_office(const struct reading *reading, size_t index)
{
    const struct mark *mark = &reading->marks[index];
    struct view link = beside_word_before(reading->text, mark->span.start);
    if (!view_equal(link, view_of("of")) && !view_equal(link, view_of("from")))
        return false;
    size_t start = (size_t)(link.data - reading->text.data);
    struct view word = beside_word_before(reading->text, start);
    if (beside_is_among(word, LIST(holder_words)) || (beside_is_among(word, LIST(unit_words_of)) && view_equal(link, view_of("of"))))
        return true;
    if (index == 0 || (mark - 1)->span.end + 1 != start || (mark - 1)->type != ENTITY_PERSON)
        return false;
    return beside_is_among(title_before(reading->text, (mark - 1)->span.start), LIST(title_words));
}

/* Behind "Portland, Maine": a list goes on with another name, or ends in one. */
static bool is_list(const struct reading *reading, struct span span)
{
    struct view after = beside_text_behind(reading, span), word = beside_word_behind(after);
    bool is_next_name = after.len > 2 && after.data[0] == ',' && after.data[1] == ' ' && after.data[2] >= 'A' && after.data[2] <= 'Z';
    return is_next_name || view_equal(word, view_of("and")) || view_equal(word, view_of("or")) ||
           view_starts_with(after, view_of(", and ")) || view_starts_with(after, view_of(", or "));
}

/* Whether `outer` stands behind `inner` and a comma, and no list goes on. */
static bool is_held(const struct reading *reading, const struct mark *inner, const struct mark *outer)
{
    if (inner->kind != MENTION_NAME || outer->kind != MENTION_NAME || outer->span.start < inner->span.end)
        return false;
    struct view between = view_slice(reading->text, inner->span.end, outer->span.start);
    return (view_equal(between, view_of(", ")) || view_equal(between, view_of(" , "))) && !is_list(reading, outer->span);
}

/* "Atlanta, |Georgia": the town is known, and lies in the region's country. */
static bool follows_town(const struct reading *reading, const struct knowledge *knowledge, size_t index, uint32_t region)
{
    const struct mark *mark = &reading->marks[index];
    if (index == 0 || region == KNOWN_NONE || !is_held(reading, mark - 1, mark))
        return false;
    struct place town = find_place(knowledge, reading_view(reading, (mark - 1)->span));
    return town.kind == KNOWN_KIND_CITY && knowledge_country(knowledge, town.entry) == knowledge_country(knowledge, region);
}

/* "California and |New York": another state of that country stands beside it, which is not named for a town of its own. */
static bool is_listed_with_region(const struct reading *reading, const struct knowledge *knowledge, const struct mark *mark,
                                  size_t other, uint32_t region)
{
    const struct mark *neighbour = &reading->marks[other];
    struct span between = neighbour < mark ? (struct span){neighbour->span.end, mark->span.start}
                                           : (struct span){mark->span.end, neighbour->span.start};
    if (neighbour->kind != MENTION_NAME || between.start > between.end)
        return false;
    struct view link = reading_view(reading, between);
    if (!view_equal(link, view_of(" and ")) && !view_equal(link, view_of(" or ")) && !view_equal(link, view_of(", and ")))
        return false;
    if (other > 0 && is_held(reading, neighbour - 1, neighbour))
        return false;
    struct place place = find_place(knowledge, reading_view(reading, neighbour->span));
    return place.kind == KNOWN_KIND_REGION && knowledge_country(knowledge, place.entry) == knowledge_country(knowledge, region);
}

bool regions_is_region(const struct reading *reading, const struct knowledge *knowledge, size_t index)
{
    const struct mark *mark = &reading->marks[index];
    if (!knowledge)
        return false;
    struct view behind = beside_word_behind(beside_text_behind(reading, mark->span));
    struct view before = beside_word_before(reading->text, mark->span.start);
    bool is_unit = beside_is_among(behind, LIST(unit_words)) ||
                   (view_equal(before, view_of("of")) &&
                    beside_is_among(beside_word_before(reading->text, (size_t)(before.data - reading->text.data)), LIST(unit_words_of)));
    bool is_state = beside_is_among(behind, LIST(office_words)) || view_starts_with(behind, view_of("state-")) || view_equal(before, view_of("upstate")) || follows_office(reading, index);
    struct place place = find_place(knowledge, reading_view(reading, mark->span));
    if (place.entry == KNOWN_NONE)
        return false;
    bool has_region = place.region != KNOWN_NONE;
    is_state = is_state || (has_region && ((index > 0 && is_listed_with_region(reading, knowledge, mark, index - 1, place.region)) ||
                                           (index + 1 < reading->mark_count &&
                                            is_listed_with_region(reading, knowledge, mark, index + 1, place.region))));
    if (!is_unit && !is_state && !follows_town(reading, knowledge, index, place.region))
        return false;
    bool is_also_region = place.kind == KNOWN_KIND_CITY || place.kind == KNOWN_KIND_CAPITAL ||
                          (place.kind == KNOWN_KIND_COUNTRY && has_region);
    return is_also_region && (is_unit || has_region);
}

uint32_t regions_holder(const struct reading *reading, const struct knowledge *knowledge, size_t index)
{
    const struct mark *inner = &reading->marks[index], *outer = inner + 1;
    if (!knowledge || index + 1 >= reading->mark_count || !is_held(reading, inner, outer))
        return KNOWN_NONE;
    struct place place = find_place(knowledge, reading_view(reading, outer->span));
    if (place.entry == KNOWN_NONE)
        return KNOWN_NONE;
    if (place.kind == KNOWN_KIND_REGION) /* of a country: "Moscow, Europe" says nothing */
        return knowledge_country(knowledge, place.entry) == KNOWN_NONE ? KNOWN_NONE : place.entry;
    bool is_placed = beside_is_among(beside_word_before(reading->text, inner->span.start), LIST(place_words));
    return place.kind == KNOWN_KIND_COUNTRY && is_placed ? place.entry : KNOWN_NONE;
}

struct view regions_town(const struct knowledge *knowledge, struct view name, uint32_t *holder)
{
    *holder = KNOWN_NONE;
    const char *comma = knowledge ? memmem(name.data, name.len, ", ", 2) : NULL;
    if (!comma || comma == name.data || find_place(knowledge, name).entry != KNOWN_NONE)
        return name;
    size_t end = (size_t)(comma - name.data);
    struct view tail = view_slice(name, end + 2, name.len);
    struct place place = find_place(knowledge, tail);
    char stopped[SHORT_BYTES]; /* "Devon, Pa": the stop ended the sentence, too */
    if (place.entry == KNOWN_NONE && tail.len + 1 < sizeof stopped) {
        memcpy(stopped, tail.data, tail.len);
        stopped[tail.len] = '.';
        place = find_place(knowledge, (struct view){.data = stopped, .len = tail.len + 1});
    }
    if (place.entry == KNOWN_NONE || (place.kind != KNOWN_KIND_REGION && place.kind != KNOWN_KIND_COUNTRY))
        return name;
    *holder = place.entry;
    return view_slice(name, 0, end);
}

struct view regions_of_party(const struct reading *reading, struct span span)
{
    struct view code = reading_view(reading, span);
    if (code.len != 2 || !bounds_is_behind_party(reading->text, span))
        return (struct view){0};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (view_equal(code, view_of(states[i].code)))
            return view_of(states[i].name);
    return (struct view){0};
}
