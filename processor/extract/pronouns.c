#include "processor/extract/pronouns.h"

#include "processor/extract/beside.h"
#include "processor/extract/marks.h"
#include "processor/extract/pronoun_weights.h"
#include "processor/text/words.h"

#include <math.h>

enum { MARKS_BACK = 60, SENTENCES_BACK = 4, NEAR_BYTES = 60, FAR_BYTES = 600, POSSESSIVE_BYTES = 25, OFTEN = 8, CLAUSE_BYTES = 200, WORD_BYTES = 32, OWN_WORDS_MARKS = 40, OWN_PARTS = 4 };

static const char *const prepositions[] = {
    "about", "against", "as", "at", "behind", "between", "by", "for", "from", "in", "like", "of", "on", "over", "than", "to", "under", "with",
};
/* Behind these a pronoun is a subject. */
static const char *const openings[] = {
    "after", "although", "and", "as", "because", "before", "but", "how", "if", "once", "or", "said", "says", "since", "so", "than", "that",
    "though", "unless", "until", "what", "when", "where", "whether", "which", "while", "why", "yet",
};
/* Between these an object and its own subject do not stand. */
static const char *const clause_words[] = {
    "after", "and", "as", "because", "before", "but", "for", "if", "of", "that", "to", "when", "which", "while", "who",
};
/* "it seems", "it would": often nobody. */
static const char *const empty_verbs[] = {
    "appeared", "appears", "became", "becomes", "came", "can", "comes", "could", "feels", "felt", "gets", "got", "had", "happened", "has", "helps",
    "is", "looks", "made", "makes", "may", "means", "meant", "might", "must", "remains", "s", "seemed", "seems", "should", "sounds", "takes",
    "took", "turned", "was", "will", "would",
};
/* Behind "it is likely". */
static const char *const clause_openings[] = {"for", "how", "if", "that", "to", "what", "when", "whether", "who"};
/* Behind a name these say that the name stands for itself: "Oslo said", not "Oslo police". */
static const char *const no_nouns[] = {
    "after", "also", "and", "announced", "are", "as", "at", "because", "before", "but", "by", "called", "can", "could", "did", "do", "does",
    "for", "from", "had", "has", "have", "if", "in", "is", "may", "might", "must", "never", "not", "now", "of", "on", "or", "over", "reported",
    "said", "says", "should", "still", "than", "that", "to", "told", "warned", "was", "were", "when", "which", "while", "who", "will", "with",
    "would",
};
#define LIST(list) list, sizeof list / sizeof *(list)

bool pronouns_lists_are_sorted(void)
{
    return beside_is_sorted(LIST(prepositions)) && beside_is_sorted(LIST(openings)) && beside_is_sorted(LIST(clause_words)) &&
           beside_is_sorted(LIST(empty_verbs)) && beside_is_sorted(LIST(clause_openings)) && beside_is_sorted(LIST(no_nouns));
}

/* The pronoun, and what does not depend on who is meant. */
struct asked {
    const struct discourse *discourse;
    const struct mark *mark;
    size_t at;
    enum pronoun_class kind;
    char gender;
    bool is_at_start, is_object, is_possessive, acts, is_empty, is_of_clause, has_acted;
};

static const struct cluster *cluster_of(const struct asked *asked, const struct mark *mark)
{
    return mark->entity == NOWHERE ? NULL : &asked->discourse->clusters->items[mark->entity];
}

static bool is_word(struct view word, const char *other)
{
    char buffer[WORD_BYTES];
    return view_equal(words_lower(word, buffer, sizeof buffer), view_of(other));
}

/* Whether nothing but signs, and "the", stands between the start of its sentence and the mark. */
static bool is_at_start(const struct reading *reading, const struct mark *mark)
{
    size_t at = 0;
    struct view before = view_slice(reading->text, reading->sentences[mark->sentence].span.start, mark->span.start);
    struct view word = words_next(before, &at);
    return word.len == 0 || (is_word(word, "the") && words_next(before, &at).len == 0);
}

/* "it |is likely that", "it |'s hard to". */
static bool is_of_clause(struct view after)
{
    size_t at = 0;
    struct view word;
    for (size_t count = 0; count < 5 && (word = words_next(after, &at)).len > 0; count++)
        if (count > 0 && beside_is_among(word, LIST(clause_openings)))
            return true;
    return false;
}

static bool follows_sign(const struct reading *reading, uint32_t start)
{
    size_t end = start;
    while (end > 0 && reading->text.data[end - 1] == ' ')
        end--;
    return end > 0 && (strchr(",;:\"", reading->text.data[end - 1]) || (unsigned char)reading->text.data[end - 1] >= 0x80);
}

static struct asked ask(const struct discourse *discourse, size_t at)
{
    const struct reading *reading = discourse->reading;
    const struct mark *mark = &reading->marks[at];
    struct view word = reading_view(reading, mark->span), after = beside_text_behind(reading, mark->span);
    struct view behind = beside_word_behind(after), before = beside_word_before(reading->text, mark->span.start);
    bool is_her = is_word(word, "her"), has_noun = after.len > 1 && after.data[0] == ' ' && after.data[1] >= 'a' && after.data[1] <= 'z';
    size_t skipped = after.len > 0 && after.data[0] == '\'' ? 1 : view_starts_with(after, view_of("\xE2\x80\x99")) ? 3 : 0;
    struct view verb = skipped > 0 ? beside_word_behind(view_slice(after, skipped, after.len)) : behind;
    struct asked asked = {.discourse = discourse, .mark = mark, .at = at, .gender = marks_gender(word)};
    asked.kind = mark->type == ENTITY_PERSON ? PRONOUN_PERSON : mark->type == ENTITY_ORGANIZATION ? PRONOUN_THING : PRONOUN_GROUP;
    asked.is_at_start = is_at_start(reading, mark);
    asked.is_object = is_word(word, "him") || is_word(word, "them") || (is_her && !has_noun);
    asked.is_possessive = is_word(word, "his") || (is_her && has_noun);
    asked.acts = asked.is_at_start || beside_is_among(before, LIST(openings)) || follows_sign(reading, mark->span.start);
    asked.is_empty = beside_is_among(verb, LIST(empty_verbs));
    asked.is_of_clause = asked.is_empty && is_of_clause(after);
    asked.has_acted = is_word(behind, "has") || is_word(behind, "had");
    return asked;
}

static bool may_mean(const struct asked *asked, const struct cluster *cluster)
{
    const char *genders = asked->discourse->genders;
    char gender = cluster->gender || genders == NULL ? cluster->gender : genders[cluster - asked->discourse->clusters->items];
    if (asked->kind == PRONOUN_PERSON)
        return cluster->type == ENTITY_PERSON && !(asked->gender && gender && gender != asked->gender);
    return cluster->type != ENTITY_PERSON && cluster->type < ENTITY_DATE;
}

/* Whether the mark and a pronoun behind it stand in one clause: "Ann Lee praised her" is not Ann Lee. */
static bool is_same_clause(struct view between)
{
    if (between.len > CLAUSE_BYTES)
        return false;
    for (size_t i = 0; i < between.len; i++)
        if (strchr(",;:\"", between.data[i]) || (unsigned char)between.data[i] == 0xE2)
            return false;
    struct view word;
    for (size_t at = 0; (word = words_next(between, &at)).len > 0;)
        if (beside_is_among(word, LIST(clause_words)))
            return false;
    return true;
}

static bool has_possessive(const struct reading *reading, const struct mark *mark)
{
    struct view after = beside_text_behind(reading, mark->span), name = reading_view(reading, mark->span);
    bool is_inside = name.len > 2 && name.data[name.len - 1] == 's' && (name.data[name.len - 2] == '\'' || (unsigned char)name.data[name.len - 2] >= 0x80);
    return is_inside || view_starts_with(after, view_of("'s")) || view_starts_with(after, view_of("\xE2\x80\x99s"));
}

/* "Oslo |police": a small word that goes on with the name. */
static bool is_before_noun(const struct reading *reading, const struct mark *mark)
{
    struct view after = beside_text_behind(reading, mark->span);
    return after.len > 1 && after.data[0] == ' ' && after.data[1] >= 'a' && after.data[1] <= 'z' && !beside_is_among(beside_word_behind(after), LIST(no_nouns));
}

/* Whether who is meant by `entity` is named in what the pronoun says: "“I vote for Lee,” he said". */
static bool is_named_in(const struct reading *reading, struct span words, int32_t entity)
{
    size_t first = reading_first_mark(reading, words.start);
    for (size_t i = first; i < reading->mark_count && i - first < OWN_WORDS_MARKS && reading->marks[i].span.start < words.end; i++)
        if (reading->marks[i].entity == entity && reading->marks[i].kind == MENTION_NAME)
            return true;
    return false;
}

/* The same, over all parts of a quotation that its cue interrupts; `is_quote`: of one in quotation marks. */
static bool is_in_own_words(const struct asked *asked, int32_t entity, bool *is_quote)
{
    const struct reading *reading = asked->discourse->reading;
    int32_t last = asked->discourse->source_of[asked->at];
    for (int32_t i = last; i >= 0 && last - i < OWN_PARTS; i--) {
        const struct attribution *said = &reading->attributions[i];
        if (said->source.start != reading->attributions[last].source.start || !is_named_in(reading, said->content, entity))
            continue;
        *is_quote = said->kind == ATTRIBUTION_DIRECT;
        return true;
    }
    return false;
}

/* `mark` is the nearest mark of the candidate, `first` its first one in that sentence, `rank` how many candidates are nearer. */
static void read_signs(const struct asked *asked, size_t index, size_t first, size_t rank, float *signs)
{
    const struct discourse *discourse = asked->discourse;
    const struct reading *reading = discourse->reading;
    const struct mark *mark = &reading->marks[index], *own = asked->mark;
    const struct cluster *cluster = cluster_of(asked, mark);
    struct view between = view_slice(reading->text, mark->span.end, own->span.start);
    struct view before = beside_word_before(reading->text, mark->span.start);
    uint32_t distance = own->sentence - mark->sentence;
    bool starts = reading->marks[first].order == 0, is_same = distance == 0;
    int32_t quote = discourse->quoted_by[asked->at], other_quote = discourse->quoted_by[index];
    bool is_first = is_at_start(reading, &reading->marks[first]), follows = asked->is_at_start && distance == 1 && is_first;
    bool speaks = discourse->source_of[asked->at] != NOWHERE, spoke = discourse->source_of[index] != NOWHERE;
    bool is_quote = false, is_own = is_in_own_words(asked, mark->entity, &is_quote);
    const float all[PRONOUN_SIGN_COUNT] = {
        [SIGN_SAME_SENTENCE] = is_same,
        [SIGN_LAST_SENTENCE] = distance == 1,
        [SIGN_SECOND_LAST] = distance == 2,
        [SIGN_FARTHER] = distance > 2,
        [SIGN_STARTS_SAME] = is_same && starts,
        [SIGN_STARTS_LAST] = distance == 1 && starts,
        [SIGN_NEAREST] = rank == 0,
        [SIGN_THIRD] = rank > 1,
        [SIGN_BOTH_SPEAK] = speaks && spoke,
        [SIGN_SPOKE_BEFORE] = speaks && spoke && !is_same,
        [SIGN_IS_PRONOUN] = mark->kind == MENTION_PRONOUN,
        [SIGN_IS_NOMINAL] = mark->kind == MENTION_NOMINAL,
        [SIGN_IS_PRONOUN_AT_START] = mark->kind == MENTION_PRONOUN && asked->is_at_start,
        [SIGN_FULL_NAME] = cluster->word_count > 1,
        [SIGN_KNOWN_GENDER] = cluster->gender != 0,
        [SIGN_NAMED_OFTEN] = fminf((float)cluster->mark_count, OFTEN) / OFTEN,
        [SIGN_BEHIND_PREPOSITION] = mark->kind != MENTION_PRONOUN && beside_is_among(before, LIST(prepositions)),
        [SIGN_BEHIND_AND] = is_word(before, "and"),
        [SIGN_IS_SPEAKER] = quote != NOWHERE && reading->marks[quote].entity == mark->entity,
        [SIGN_SAME_QUOTE] = quote != NOWHERE && quote == other_quote,
        [SIGN_ONLY_IT_QUOTED] = quote == NOWHERE && other_quote != NOWHERE,
        [SIGN_SAME_CLAUSE_OBJECT] = is_same && asked->is_object && is_same_clause(between),
        [SIGN_OBJECT_SAME] = is_same && asked->is_object,
        [SIGN_POSSESSIVE_SAME] = is_same && asked->is_possessive,
        [SIGN_POSSESSIVE_NEAR] = is_same && asked->is_possessive && between.len < POSSESSIVE_BYTES,
        [SIGN_CLOSENESS] = expf(-(float)between.len / NEAR_BYTES),
        [SIGN_DISTANCE] = fminf((float)between.len, FAR_BYTES) / FAR_BYTES,
        [SIGN_BEFORE_WHO] = is_same && (view_starts_with(between, view_of(" who ")) || view_starts_with(between, view_of(", who "))),
        [SIGN_OTHER_PARAGRAPH] = memchr(between.data, '\n', between.len) != NULL,
        [SIGN_AT_START_LAST] = asked->is_at_start && distance == 1,
        [SIGN_AT_START_STARTS_LAST] = asked->is_at_start && distance == 1 && starts,
        [SIGN_NO_COMMA] = is_same && !memchr(between.data, ',', between.len),
        [SIGN_BEFORE_NOUN] = is_before_noun(reading, mark),
        [SIGN_OWNS] = has_possessive(reading, mark),
        [SIGN_ORGANIZATION] = cluster->type == ENTITY_ORGANIZATION,
        [SIGN_LOCATION] = cluster->type == ENTITY_LOCATION,
        [SIGN_PEOPLE] = cluster->type == ENTITY_NORP,
        [SIGN_OTHER_THING] = cluster->type == ENTITY_MISC || cluster->type == ENTITY_PRODUCT,
        [SIGN_PLURAL] = cluster->has_plural || mark->is_group,
        [SIGN_PRONOUN_ACTS] = asked->acts,
        [SIGN_PRONOUN_EMPTY] = asked->is_empty,
        [SIGN_PRONOUN_OF_CLAUSE] = asked->is_of_clause,
        [SIGN_PRONOUN_QUOTED] = quote != NOWHERE,
        [SIGN_HAS_ACTED] = asked->has_acted,
        [SIGN_FIRST_WORDS_SAME] = is_same && is_first,
        [SIGN_FIRST_WORDS_LAST] = distance == 1 && is_first,
        [SIGN_AT_START_FIRST_WORDS] = follows,
        [SIGN_AT_START_FIRST_WORDS_ACTS] = follows && (!asked->is_empty || asked->has_acted),
        [SIGN_IN_OWN_WORDS] = is_own,
        [SIGN_IN_OWN_QUOTE] = is_quote,
    };
    memcpy(signs, all, sizeof all);
}

static struct pronoun_choice *find_choice(struct pronoun_choice *choices, size_t count, int32_t entity)
{
    for (size_t i = 0; i < count; i++)
        if (choices[i].entity == entity)
            return &choices[i];
    return NULL;
}

size_t pronouns_choices(const struct discourse *discourse, size_t at, enum pronoun_class *kind,
                        struct pronoun_choice choices[PRONOUN_CHOICES_MOST])
{
    const struct reading *reading = discourse->reading;
    struct asked asked = ask(discourse, at);
    size_t first[PRONOUN_CHOICES_MOST], count = 0, in_sentence = 0;
    for (size_t i = at; i-- > 0 && at - i < MARKS_BACK;) {
        const struct mark *mark = &reading->marks[i];
        const struct cluster *cluster = cluster_of(&asked, mark);
        if (!reading->sentences[mark->sentence].is_prose || asked.mark->sentence - mark->sentence > SENTENCES_BACK)
            break;
        if (!cluster || mark->is_saying || mark->span.end > asked.mark->span.start || !may_mean(&asked, cluster))
            continue;
        struct pronoun_choice *known = find_choice(choices, count, mark->entity);
        if (known && mark->sentence == reading->marks[known->mark].sentence)
            first[known - choices] = i;
        if (known || count == PRONOUN_CHOICES_MOST)
            continue;
        in_sentence += mark->sentence == asked.mark->sentence;
        choices[count].entity = mark->entity;
        choices[count].mark = first[count] = i;
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        read_signs(&asked, choices[i].mark, first[i], i, choices[i].signs);
        choices[i].signs[SIGN_ALONE] = in_sentence == 1 && reading->marks[choices[i].mark].sentence == asked.mark->sentence;
    }
    *kind = asked.kind;
    return count;
}

int32_t pronouns_antecedent(const struct discourse *discourse, size_t at)
{
    struct pronoun_choice choices[PRONOUN_CHOICES_MOST];
    enum pronoun_class kind;
    size_t count = pronouns_choices(discourse, at, &kind, choices);
    const struct pronouns_listener *listener = discourse->reading->listener;
    int32_t best = NOWHERE;
    float most = nobody[kind];
    if (listener)
        listener->heard(listener->context, discourse, at, kind, choices, count);
    for (size_t i = 0; i < count; i++) {
        float sum = 0;
        for (size_t k = 0; k < PRONOUN_SIGN_COUNT; k++)
            sum += weights[kind][k] * choices[i].signs[k];
        if (sum > most) {
            most = sum;
            best = choices[i].entity;
        }
    }
    return best;
}
