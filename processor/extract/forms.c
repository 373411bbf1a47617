#include "processor/extract/forms.h"

#include "processor/extract/beside.h"
#include "processor/extract/compounds.h"
#include "processor/extract/handles.h"
#include "processor/extract/marks.h"
#include "processor/extract/meanings.h"
#include "processor/extract/regions.h"
#include "processor/extract/sides.h"
#include "processor/extract/table.h"
#include "processor/knowledge/normal.h"
#include "processor/text/utf8.h"
#include "processor/text/words.h"

#include <xxhash.h>

static const float compound_vote = 0.01f; /* of a name's mark: tags of "US-led" speak of the whole */

enum { SHARED_LOOKS = 32, NEIGHBOUR_BYTES = 70, SPELLING_BYTES = 64, TITLE_BYTES = 512 };

/* A name without the article, the form of address or the office before and the possessive, or the rest of a compound, behind it. */
static struct view bare(struct view whole, enum entity_type type)
{
    struct view name = compounds_name(whole);
    static const char *const openings[] = {
        "the ", "The ", "THE ", "Mr. ", "Mr ", "Mrs. ", "Mrs ", "Ms. ", "Ms ", "Dr. ", "Dr ", "Frau ", "Herr ", "Madame ", "Monsieur ", "Sen. ", "Rep. ", "Gov. ", "Gen. ",
        "President ", "Vice President ", "Prime Minister ", "Chancellor ", "Senator ", "Governor ", "Congressman ", "Congresswoman ",
        "Secretary ", "Secretary of State ", "Attorney General ", "Speaker ", "Justice ", "Chief Justice ", "Sec. ", "Lt. Gov. ", "Prof. ",
        "Professor ", "Rev. ", "Lt. ", "Maj. ", "Adm. ", "Col. ", "Capt. ", "Sgt. ", "Lt. Col. ", "Lt. Gen. ", "Maj. Gen. ", "Brig. Gen. ", "Rear Adm. ",
        "Vice Adm. ", "Judge ", "Mayor ", "Ambassador ", "Taoiseach ", "Cardinal ", "Archbishop ", "Bishop ", "Rabbi ", "Sheriff ", "Former President ",
    };
    enum { ARTICLES = 3 }; /* of these, for names of any type */
    size_t count = type == ENTITY_PERSON ? sizeof openings / sizeof *openings : ARTICLES;
    for (size_t i = count; i-- > 0;)
        if (view_starts_with(name, view_of(openings[i])) && name.len > strlen(openings[i])) {
            name = view_slice(name, strlen(openings[i]), name.len);
            break;
        }
    static const char *const possessives[] = {"'s", "\xE2\x80\x99s", "'", "\xE2\x80\x99"};
    for (size_t i = 0; i < sizeof possessives / sizeof *possessives; i++)
        if (name.len > strlen(possessives[i]) && view_ends_with(name, view_of(possessives[i])))
            return view_slice(name, 0, name.len - strlen(possessives[i]));
    return name;
}

/* As words are compared: without accents, where they have a Latin form. */
static struct view spelling_of(struct view word, struct arena *arena)
{
    char spelling[SPELLING_BYTES];
    for (size_t i = 0; i < word.len; i++)
        if ((unsigned char)word.data[i] >= 0x80) {
            size_t length = normal_spelling(word, spelling, sizeof spelling);
            return length > 0 ? arena_copy(arena, (struct view){.data = spelling, .len = length}) : word;
        }
    return word;
}

static size_t split_words(struct view name, struct view words[NAME_WORDS])
{
    size_t count = 0, at = 0;
    while (at < name.len && count < NAME_WORDS) {
        size_t start = at;
        while (at < name.len) {
            size_t next = at;
            if (utf8_is_space(utf8_next(name, &next)))
                break;
            at = next;
        }
        if (at > start)
            words[count++] = view_slice(name, start, at);
        if (at < name.len)
            utf8_next(name, &at);
    }
    return count;
}

enum entity_type forms_best_type(const float *votes)
{
    size_t best = 0;
    for (size_t i = 1; i < ENTITY_TYPE_COUNT; i++)
        if (votes[i] > votes[best])
            best = i;
    return (enum entity_type)best;
}

/* --- neighbours ---------------------------------------------------------------------------------------------------- */

static bool starts_with_any(struct view text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (view_starts_with(text, view_of(list[i])))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
}

/* "phone maker Nordvik": the word before the name is a head that organisations have. */
static bool follows_head(struct view text, size_t start)
{
    size_t end = start;
    if (end == 0 || text.data[end - 1] != ' ')
        return false;
    size_t first = --end;
    while (first > 0 && is_letter(text.data[first - 1]))
        first--;
    return marks_head_type(view_slice(text, first, end)) == ENTITY_ORGANIZATION;
}

/* "Renval, the French van maker, ...": up to the next comma or stop there is such a head; but "Brix, the leader of the Alliance, ...". */
static bool precedes_apposition(struct view after)
{
    static const char *const openings[] = {", the ", ", a ", ", an ", ", its ", ", one of "};
    if (!starts_with_any(after, openings, sizeof openings / sizeof *openings))
        return false;
    for (size_t at = 2; at < after.len;) {
        size_t end = at;
        while (end < after.len && is_letter(after.data[end]))
            end++;
        struct view word = view_slice(after, at, end);
        if (marks_head_type(word) == ENTITY_ORGANIZATION)
            return true;
        if (marks_head_type(word) == ENTITY_PERSON || view_equal(word, view_of("of")))
            return false;
        if (end < after.len && after.data[end] != ' ')
            return false;
        at = end + 1;
    }
    return false;
}

/* "Renval's chairwoman", "Nordvik's servers": what people do not have. */
static bool owns_as_organization(struct view after)
{
    static const char *const owned[] = {
        "chief", "chair", "founder", "spokes", "head ", "director", "manager", "board", "shares", "share price", "profit", "sales",
        "customers", "users", "servers", "factor", "plant", "network", "equipment", "products", "stores", "headquarters", "staff",
        "workers", "employees", "shareholders", "lawyers", "technology", "software", "executives", "managing", "president", "owner",
    };
    size_t skip = view_starts_with(after, view_of("'s ")) ? 3 : view_starts_with(after, view_of("\xE2\x80\x99s ")) ? 5 : 0;
    return skip && starts_with_any(view_slice(after, skip, after.len), owned, sizeof owned / sizeof *owned);
}

/* 1: the words around the name speak of an organisation, -1: of a person, 0: of neither. */
static int read_neighbours(const struct reading *reading, struct span span)
{
    static const char *const of_people[] = {", who ", ", whose ", " himself", " herself"};
    size_t end = span.end + NEIGHBOUR_BYTES < reading->text.len ? span.end + NEIGHBOUR_BYTES : reading->text.len;
    struct view after = view_slice(reading->text, span.end, end);
    if (starts_with_any(after, of_people, sizeof of_people / sizeof *of_people))
        return -1;
    return follows_head(reading->text, span.start) || precedes_apposition(after) || owns_as_organization(after);
}

/* The tags take short names of companies for persons, places or products; their neighbours know better. */
static bool is_organization_after_all(const struct form *form)
{
    bool is_open = (form->type == ENTITY_PERSON && form->word_count == 1) || form->type == ENTITY_FACILITY ||
                   form->type == ENTITY_PRODUCT || form->type == ENTITY_MISC;
    return is_open && form->known == KNOWN_NONE && form->neighbours > 0;
}

/* The last words of the full names of people: where there is a "Neil Jordan", a "Jordan" may be no country. */
static struct table last_names_of(const struct reading *reading)
{
    struct table table = table_new(reading->arena, reading->mark_count + 1);
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->kind != MENTION_NAME || mark->type != ENTITY_PERSON)
            continue;
        struct view words[NAME_WORDS];
        size_t count = split_words(bare(reading_view(reading, mark->span), mark->type), words);
        if (count > 1)
            table_add(&table, XXH3_64bits(words[count - 1].data, words[count - 1].len), (uint32_t)i);
    }
    return table;
}

static bool holds_name(const struct table *names, struct view name)
{
    return table_first(names, XXH3_64bits(name.data, name.len)) != 0;
}

/* Whether people of several first names have that last name. Of the last few full names: bounded. */
static bool is_shared(const struct reading *reading, const struct table *people, struct view last_name)
{
    struct view first = {0};
    size_t looked = 0;
    for (uint32_t place = table_first(people, XXH3_64bits(last_name.data, last_name.len)); place && looked < SHARED_LOOKS; place = table_next(people, place), looked++) {
        struct view words[NAME_WORDS];
        split_words(bare(reading_view(reading, reading->marks[people->items[place - 1]].span), ENTITY_PERSON), words);
        if (first.len > 0 && !same_word(first, words[0]))
            return true;
        first = words[0];
    }
    return false;
}

/* "Mrs. |Lee": 'm', 'f', or 0 where no title tells; of a last name that several people have. `name` is a part of the text. */
static char gender_of(const struct reading *reading, const struct table *people, const struct mark *mark, struct view name)
{
    if (mark->type != ENTITY_PERSON || name.len == 0 || memchr(name.data, ' ', name.len))
        return 0;
    size_t end = (size_t)(name.data - reading->text.data);
    while (end > 0 && (reading->text.data[end - 1] == ' ' || reading->text.data[end - 1] == '.'))
        end--;
    struct view title = beside_word_before(reading->text, end);
    char gender = marks_is_first_person(title) ? 0 : marks_gender(title);
    return gender && is_shared(reading, people, name) ? gender : 0;
}

/* The names that stand outside sentences on sport, in an article that is not on sport. */
static struct table plain_names_of(const struct reading *reading, const struct sides *sides)
{
    struct table table = table_new(reading->arena, reading->mark_count + 1);
    for (size_t i = 0; i < reading->mark_count && !sides->is_sport && !sides->is_result_list; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->kind != MENTION_NAME || sides->is_sport_sentence[mark->sentence])
            continue;
        struct view name = bare(reading_view(reading, mark->span), mark->type);
        table_add(&table, XXH3_64bits(name.data, name.len), (uint32_t)i);
    }
    return table;
}

/* "in Jordan's film" is no place where there is a Neil Jordan. */
static bool is_owner(const struct reading *reading, struct span span)
{
    struct view after = view_slice(reading->text, span.end, reading->text.len);
    return view_ends_with(reading_view(reading, span), view_of("'s")) || view_starts_with(after, view_of("'s ")) || view_starts_with(after, view_of(" 's ")) ||
           view_starts_with(after, view_of("\xE2\x80\x99s "));
}

/* "WASHINGTON — Ann Lee left": where a report comes from, at the start of a line. */
static bool is_dateline(const struct reading *reading, struct span span)
{
    static const char *const behind[] = {" — ", " – ", " - ", " -- ", " ("};
    struct view name = reading_view(reading, span);
    bool is_first = span.start == 0 || reading->text.data[span.start - 1] == '\n';
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] >= 'a' && name.data[i] <= 'z')
            return false;
    return is_first && starts_with_any(beside_text_behind(reading, span), behind, sizeof behind / sizeof *behind);
}

/* "The state |Senate" is not that of the country. */
static bool is_of_state(const struct reading *reading, const struct mark *mark)
{
    static const char *const bodies[] = {"Assembly", "House", "Senate", "Supreme Court"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (view_equal(reading_view(reading, mark->span), view_of(bodies[i])))
            return view_equal(beside_word_before(reading->text, mark->span.start), view_of("state"));
    return false;
}

/* "USA |TODAY": a paper or company that is known by the name and the word behind it, where the tags take only the first. */
static struct view with_next_word(const struct reading *reading, const struct knowledge *knowledge, struct span span, struct view name)
{
    struct view after = view_slice(reading->text, span.end, reading->text.len), word = beside_word_behind(after);
    bool is_next = word.len > 1 && word.data == after.data + 1 && word.data[0] >= 'A' && word.data[0] <= 'Z';
    if (!knowledge || !is_next)
        return name;
    struct view longer = {.data = name.data, .len = (size_t)(word.data + word.len - name.data)};
    struct known_candidate candidate;
    if (knowledge_find(knowledge, longer, &candidate, 1) == 0 || candidate.flags & KNOWN_AMBIGUOUS)
        return name;
    enum known_kind kind = knowledge_get(knowledge, candidate.entry).kind;
    return kind == KNOWN_KIND_MEDIA || kind == KNOWN_KIND_COMPANY ? longer : name;
}

/* "Jeb Bush" for "Bush": the person known by that last name and the word before it in the record's title; empty where there is none. */
static struct view in_title(const struct reading *reading, const struct knowledge *knowledge, struct view last)
{
    struct view before = {0}, word;
    for (size_t at = 0; at < TITLE_BYTES && (word = words_next(reading->title, &at)).len > 0; before = word) {
        if (before.len == 0 || !view_equal(word, last) || word.data != before.data + before.len + 1)
            continue;
        struct view name = {.data = before.data, .len = before.len + 1 + word.len};
        struct known_candidate candidate;
        if (knowledge_find(knowledge, name, &candidate, 1) > 0 && (candidate.flags & (KNOWN_AMBIGUOUS | KNOWN_FOLDED)) == 0 &&
            knowledge_get(knowledge, candidate.entry).type == KNOWN_PERSON)
            return name;
    }
    return (struct view){0};
}

/* What is meant by a name that is a place's. */
enum sense { SENSE_PLAIN, SENSE_NAMESAKE, SENSE_REGION };

/* The form of a name: the one there is, or a new one. */
static uint32_t find_form(struct forms *forms, struct table *table, struct view name, enum sense sense, char gender, uint32_t start,
                          struct arena *arena)
{
    uint64_t hash = XXH3_64bits_withSeed(name.data, name.len, (uint64_t)sense + ((uint64_t)(unsigned char)gender << 8));
    for (uint32_t place = table_first(table, hash); place; place = table_next(table, place))
        if (view_equal(forms->items[table->items[place - 1]].name, name))
            return table->items[place - 1];
    uint32_t index = (uint32_t)forms->count++;
    table_add(table, hash, index);
    struct form *form = &forms->items[index];
    form->name = name;
    form->is_namesake = sense == SENSE_NAMESAKE;
    form->is_region = sense == SENSE_REGION;
    form->holder = KNOWN_NONE;
    form->first_start = start;
    form->gender = gender;
    form->word_count = split_words(name, form->words);
    for (size_t i = 0; i < form->word_count; i++)
        form->words[i] = spelling_of(form->words[i], arena);
    if (form->word_count == 0) { /* nothing but a possessive: cannot be named, but must stand somewhere */
        form->words[0] = name;
        form->word_count = 1;
    }
    return index;
}

/* Last names whose first ones only the title has. */
static void take_from_title(struct forms *forms, const struct reading *reading, const struct knowledge *knowledge, const struct table *people)
{
    for (size_t i = 0; knowledge && i < forms->count; i++) {
        struct form *form = &forms->items[i];
        if (form->word_count != 1 || holds_name(people, form->name))
            continue;
        struct view name = in_title(reading, knowledge, form->name);
        if (name.len == 0)
            continue;
        form->name = name;
        form->word_count = split_words(name, form->words);
        form->votes[ENTITY_PERSON] += 2 * form->votes[forms_best_type(form->votes)];
    }
}

void forms_take_type(struct form *form, enum entity_type type)
{
    if (type != form->type)
        form->votes[type] += 2 * form->votes[form->type];
    form->type = type;
}

static void settle_type(struct form *form, const struct knowledge *knowledge)
{
    form->type = forms_best_type(form->votes);
    forms_take_type(form, meanings_type(form, knowledge));
}

static void settle_organizations(struct forms *forms)
{
    for (size_t i = 0; i < forms->count; i++) {
        struct form *form = &forms->items[i];
        if (is_organization_after_all(form))
            forms_take_type(form, ENTITY_ORGANIZATION);
    }
}

/* A town's name that stands first in a company's: "Halden" beside "Halden Shipping" is the company, where nothing happens in it. */
static void take_from_towns(struct forms *forms, const struct reading *reading, const struct knowledge *knowledge)
{
    struct table companies = table_new(reading->arena, forms->count + 1);
    for (size_t i = 0; i < forms->count; i++) {
        const struct form *form = &forms->items[i];
        if (form->word_count > 1 && form->type == ENTITY_ORGANIZATION && form->known == KNOWN_NONE)
            table_add(&companies, XXH3_64bits(form->words[0].data, form->words[0].len), (uint32_t)i);
    }
    for (size_t i = 0; i < forms->count; i++) {
        struct form *form = &forms->items[i];
        bool is_short = form->word_count == 1 && form->type == ENTITY_ORGANIZATION && form->known != KNOWN_NONE && holds_name(&companies, form->name);
        form->is_company = is_short && knowledge_get(knowledge, form->known).kind == KNOWN_KIND_CITY;
    }
    for (size_t i = 0; i < reading->mark_count; i++) {
        struct form *form = reading->marks[i].kind == MENTION_NAME ? &forms->items[forms->of_mark[i]] : NULL;
        if (form != NULL && form->is_company && sides_is_place(reading, knowledge, i))
            form->is_company = false;
    }
    for (size_t i = 0; i < forms->count; i++)
        if (forms->items[i].is_company)
            forms->items[i].known = KNOWN_NONE;
}

struct forms forms_of(const struct reading *reading, const struct knowledge *knowledge)
{
    struct arena *arena = reading->arena;
    struct forms forms = {.items = arena_take_zeroed(arena, reading->mark_count + 1, sizeof *forms.items),
                          .of_mark = arena_take_zeroed(arena, reading->mark_count + 1, sizeof *forms.of_mark)};
    struct table table = table_new(arena, reading->mark_count + 1);
    struct sides sides = sides_of(reading, knowledge);
    struct table people = last_names_of(reading), plain = plain_names_of(reading, &sides);
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->kind != MENTION_NAME)
            continue;
        struct view written = bare(reading_view(reading, mark->span), mark->type);
        bool is_account = handles_is(reading->text, mark->span);
        struct view state = regions_of_party(reading, mark->span);
        uint32_t holder = KNOWN_NONE;
        if (mark->type == ENTITY_LOCATION)
            written = regions_town(knowledge, written, &holder);
        struct view name = state.len > 0 ? state : is_account ? handles_name(written, arena) : with_next_word(reading, knowledge, mark->span, written);
        enum entity_type type = state.len > 0 ? ENTITY_LOCATION : !is_account && name.len > written.len ? ENTITY_ORGANIZATION : mark->type;
        bool is_person = holder == KNOWN_NONE && holds_name(&people, name) && sides_has_place(knowledge, name) &&
                         (!sides_is_place(reading, knowledge, i) || is_owner(reading, mark->span));
        bool is_side = sides_is_side(&sides, reading, knowledge, i) && (!holds_name(&plain, name) || sides_has_cue(reading, i));
        bool is_region = state.len > 0 || regions_is_region(reading, knowledge, i);
        enum sense sense = is_person || is_side || is_of_state(reading, mark) || sides_is_village(reading, knowledge, i) ? SENSE_NAMESAKE : is_region ? SENSE_REGION : SENSE_PLAIN;
        char gender = is_account ? 0 : gender_of(reading, &people, mark, name);
        forms.of_mark[i] = find_form(&forms, &table, name, sense, gender, mark->span.start, arena);
        struct form *form = &forms.items[forms.of_mark[i]];
        bool is_compound = compounds_name(reading_view(reading, mark->span)).len < mark->span.end - mark->span.start;
        bool is_town = type == ENTITY_ORGANIZATION && is_dateline(reading, mark->span) && sides_has_place(knowledge, name);
        form->votes[is_person ? ENTITY_PERSON : is_town ? ENTITY_LOCATION : type] += is_compound ? compound_vote * mark->score : mark->score;
        form->mark_count++;
        int neighbours = read_neighbours(reading, mark->span); /* beside a "Hillary Clinton" "Clinton's chief of staff" tells nothing */
        form->neighbours += neighbours > 0 && holds_name(&people, name) ? 0 : neighbours;
        form->offices += meanings_has_office(reading, mark->span);
        form->sports += sides.is_sport || sides.is_result_list || sides.is_sport_sentence[mark->sentence];
        form->venues += sides_is_venue(reading, i);
        form->titles += meanings_has_title(reading, mark->span);
        form->others += meanings_has_trade(reading, mark->span);
        if (form->holder == KNOWN_NONE)
            form->holder = holder != KNOWN_NONE ? holder : regions_holder(reading, knowledge, i);
        if (mark->span.start < form->first_start)
            form->first_start = mark->span.start;
    }
    take_from_title(&forms, reading, knowledge, &people);
    for (size_t i = 0; i < forms.count; i++)
        settle_type(&forms.items[i], knowledge);
    meanings_set(&forms, knowledge, arena);
    settle_organizations(&forms);
    take_from_towns(&forms, reading, knowledge);
    return forms;
}
