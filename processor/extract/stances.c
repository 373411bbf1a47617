#include "processor/extract/stances.h"

#include "processor/extract/beside.h"
#include "processor/extract/bystanders.h"
#include "processor/extract/issues.h"
#include "processor/extract/ties.h"
#include "processor/extract/watched.h"
#include "processor/text/words.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

/* A stance is mixed where both sides have a sentence of this probability and the weaker side this share of all the weight. */
static const float mixed_least = 0.5f, mixed_share = 0.3f;
static const float lean_least = 0.1f; /* of a stance's score, unless it is mixed */
/* What a sentence shows of somebody who was named only before it is worth this share of what it would be: at the same probability 41 % of
 * such stances of SEESAW dev are right where 57 % of the others are. */
static const float carried_share = 0.5f;
/* An article whose own words judge by this probability on average has a voice; in others the author must be heard more clearly. On SEESAW
 * dev 26 of 39 such stances are right, of all from 0.5 on 39 of 83. */
static const float author_voice = 0.15f, author_lift = 0.2f;
/* A product ("5G") is a thing to speak of more often than somebody to be for or against. */
static const float product_least = 0.7f;
/* So is a people, "Indian goods", "the American dream", where it is not its government: "Indian officials"; and a target that is named within an
 * issue: of 45 such stances below this 7 were right. */
static const float people_least = 0.5f;
/* Who is one of a body is hardly ever against it, nor it against him: of 36 such stances in 900 articles two were right. */
static const float tied_least = 0.8f;
/* But people do fire those who serve them. */
static const float master_least = 0.5f;
/* What is heard against him from who speaks for him ("the critics are lying, said his spokesman") is against others. */
static const float voice_least = 0.97f;
/* Of a country and who is of it ("Trump" and "the United States", "Iran" and "Iranians") much is said in one sentence, and little of that is a
 * stance: of 17 weak ones in SEESAW dev and 5 in what readers listed none was. Likewise against one's family: none of nine in 900 articles. */
static const float own_least = 0.5f;
/* What a state acts through; sorted. */
static const char *const organs[] = {
    "administration", "ambassador", "army", "authorities", "cabinet", "defence", "defense", "delegate", "delegation", "diplomat", "diplomats",
    "embassy", "envoy", "forces", "foreign", "government", "governments", "intelligence", "lawmaker", "lawmakers", "leader", "leaders",
    "leadership", "military", "minister", "ministers", "ministry", "negotiators", "officials", "parliament", "police", "president", "prime",
    "regime", "state", "troops",
};
/* A portrayal nearer to zero than this is neutral. */
static const float neutral_lean = 0.25f;

/* One sentence's word on one ordered pair. */
struct vote {
    int32_t source;
    int32_t target; /* entity, or FINDINGS_NONE where `topic` is none */
    int32_t topic;  /* watched, or FINDINGS_NONE */
    uint32_t sentence;
    float favour, against; /* probabilities */
    bool is_carried;       /* source or target was named only before the sentence */
};

struct votes {
    struct vote *items;
    size_t count;
};

bool stances_list_is_sorted(void)
{
    return beside_is_sorted(organs, sizeof organs / sizeof *organs);
}

static float strength_of(const struct vote *vote)
{
    return fmaxf(vote->favour, vote->against);
}

static bool can_hold(const struct reading *reading, const struct mark *holder, enum entity_type type)
{
    if (bystanders_is_left_out(reading, holder))
        return false;
    return type == ENTITY_PERSON || type == ENTITY_ORGANIZATION || type == ENTITY_LOCATION || type == ENTITY_NORP ||
           type == ENTITY_FACILITY;
}

/* "anti-Semitic", "pro-European": the name of a stance, not of anybody; but there is an Anti-Defamation League. */
static bool is_of_stance(struct view name)
{
    if (name.len > 0 && memchr(name.data, ' ', name.len))
        return false;
    return (name.len > 5 && strncasecmp(name.data, "anti-", 5) == 0) || (name.len > 4 && strncasecmp(name.data, "pro-", 4) == 0);
}

static bool can_receive(const struct entity *entity)
{
    return entity->type != ENTITY_DATE && entity->type != ENTITY_MONEY && !is_of_stance(entity->name);
}

static void add_vote(struct votes *votes, struct vote vote, float least)
{
    if (strength_of(&vote) >= least)
        votes->items[votes->count++] = vote;
}

/* "X said that Y, which Z calls unfair, ...": what is said of Y in Z's words is not X's, who stands outside them. */
static bool is_said_by_another(const struct reading *reading, const struct mark *holder, int32_t of_target)
{
    if (of_target == NOWHERE)
        return false;
    const struct attribution *attribution = &reading->attributions[of_target];
    return attribution->entity != NOWHERE && attribution->entity != holder->entity &&
           !span_holds(attribution->content, holder->span);
}

/* From which probability on a judgement is a vote for the holder's stance. The speaker of the words about the target is no less
 * its holder for being named in another sentence. `of_target`: whose words they are, NOWHERE if not in the judged sentence. */
static float least_of(const struct reading *reading, const struct judgement *judgement, const struct stance_thresholds *thresholds,
                      const struct mark *holder, int32_t of_target)
{
    bool is_speaker = of_target != NOWHERE && reading->attributions[of_target].entity == holder->entity;
    return judgement->is_carried && !is_speaker ? thresholds->carried : thresholds->evidence;
}

/* "Chinese goods", but not "Chinese officials". */
static bool is_people_at_large(const struct reading *reading, const struct mark *mark, const struct entity *entity)
{
    struct view behind = beside_word_behind(beside_text_behind(reading, mark->span));
    return entity->is_people && !beside_is_among(behind, organs, sizeof organs / sizeof *organs);
}

/* Whether the name stands in the mention of an issue, "Iran" in "the Iran deal": what is judged there is the issue more often. Marks of
 * issues are sorted, and a sentence has few. */
static bool is_in_issue(const struct reading *reading, const struct mark *mark)
{
    size_t low = 0, high = reading->topic_mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reading->topic_marks[middle].sentence < mark->sentence)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < reading->topic_mark_count && reading->topic_marks[low].sentence == mark->sentence; low++)
        if (reading->topic_marks[low].is_issue && span_holds(reading->topic_marks[low].span, mark->span))
            return true;
    return false;
}

/* From which probability on these two are a pair at all. */
static float least_between(const struct reading *reading, const struct entity *entities, const struct mark *holder, const struct mark *target)
{
    if (entities[target->entity].type == ENTITY_PRODUCT)
        return product_least;
    bool is_loose = is_people_at_large(reading, holder, &entities[holder->entity]) ||
                    is_people_at_large(reading, target, &entities[target->entity]);
    return is_loose || is_in_issue(reading, target) ? people_least : 0;
}

static void add_pair_votes(const struct reading *reading, const struct entity *entities, const struct judgement *judgement,
                           const struct stance_thresholds *thresholds, struct votes *votes)
{
    const struct mark *left = &reading->marks[judgement->a], *right = &reading->marks[judgement->b];
    int32_t a = left->entity, b = right->entity;
    if (a == NOWHERE || b == NOWHERE || a == b || bystanders_is_one(reading, left) || bystanders_is_one(reading, right))
        return;
    const float *p = judgement->probabilities;
    uint32_t sentence = judgement->sentence;
    if (can_hold(reading, left, entities[a].type) && can_receive(&entities[b]) && !is_said_by_another(reading, left, right->attribution))
        add_vote(votes, (struct vote){a, b, FINDINGS_NONE, sentence, p[STANCE_A_FOR_B], p[STANCE_A_AGAINST_B], judgement->is_carried},
                 fmaxf(least_of(reading, judgement, thresholds, left, right->attribution), least_between(reading, entities, left, right)));
    if (can_hold(reading, right, entities[b].type) && can_receive(&entities[a]) && !is_said_by_another(reading, right, left->attribution))
        add_vote(votes, (struct vote){b, a, FINDINGS_NONE, sentence, p[STANCE_B_FOR_A], p[STANCE_B_AGAINST_A], judgement->is_carried},
                 fmaxf(least_of(reading, judgement, thresholds, right, NOWHERE), least_between(reading, entities, right, left)));
}

/* A vote on a topic mark: on an issue, which is an entity, or on a watched topic. */
static struct vote vote_on(const struct reading *reading, int32_t source, const struct topic_mark *mark, uint32_t sentence,
                           float favour, float against)
{
    struct vote vote = {source, FINDINGS_NONE, (int32_t)mark->topic, sentence, favour, against, false};
    if (mark->is_issue) {
        vote.target = issues_entity(reading, mark->topic);
        vote.topic = FINDINGS_NONE;
    }
    return vote;
}

/* An actor has no stance toward a topic that is named by a part of his own name. */
static void add_topic_vote(const struct reading *reading, const struct entity *entities, const struct judgement *judgement,
                           const struct stance_thresholds *thresholds, struct votes *votes)
{
    const struct mark *holder = &reading->marks[judgement->a];
    const struct topic_mark *topic = &reading->topic_marks[judgement->b];
    int32_t entity = holder->entity;
    if (entity == NOWHERE || !can_hold(reading, holder, entities[entity].type) || is_said_by_another(reading, holder, topic->attribution))
        return;
    if (topic->holder != NOWHERE && reading->marks[topic->holder].entity == entity)
        return;
    const float *p = judgement->probabilities;
    struct vote vote = vote_on(reading, entity, topic, judgement->sentence, p[STANCE_A_FOR_B], p[STANCE_A_AGAINST_B]);
    vote.is_carried = judgement->is_carried;
    add_vote(votes, vote, least_of(reading, judgement, thresholds, holder, topic->attribution));
}

/* From which probability on the article itself takes a stance. */
static float author_least(const struct reading *reading, float least)
{
    float sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (!mark->is_weighed || mark->attribution != NOWHERE || mark->entity == NOWHERE)
            continue;
        sum += fmaxf(mark->author_for, mark->author_against);
        count++;
    }
    return sum >= author_voice * (float)count ? least : fminf(least + author_lift, 1);
}

static struct votes collect_votes(const struct reading *reading, const struct entity *entities,
                                  const struct stance_thresholds *thresholds)
{
    size_t most = 2 * reading->judgement_count + reading->mark_count + reading->topic_mark_count + 1;
    struct votes votes = {.items = arena_take_zeroed(reading->arena, most, sizeof *votes.items)};
    for (size_t i = 0; i < reading->judgement_count; i++) {
        const struct judgement *judgement = &reading->judgements[i];
        if (judgement->is_of_topic)
            add_topic_vote(reading, entities, judgement, thresholds, &votes);
        else
            add_pair_votes(reading, entities, judgement, thresholds, &votes);
    }
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        if (mark->is_weighed && mark->attribution == NOWHERE && mark->entity != NOWHERE && can_receive(&entities[mark->entity]))
            add_vote(&votes, (struct vote){FINDINGS_NONE, mark->entity, FINDINGS_NONE, mark->sentence, mark->author_for,
                                           mark->author_against, false}, thresholds->author);
    }
    for (size_t i = 0; i < reading->topic_mark_count; i++) {
        const struct topic_mark *mark = &reading->topic_marks[i];
        if (mark->is_weighed && mark->attribution == NOWHERE)
            add_vote(&votes, vote_on(reading, FINDINGS_NONE, mark, mark->sentence, mark->author_for, mark->author_against),
                     thresholds->author);
    }
    return votes;
}

/* By source, then by target: entities before topics, as FINDINGS_NONE is the least. */
static int compare_pairs(const struct vote *a, const struct vote *b)
{
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->topic != b->topic)
        return a->topic < b->topic ? -1 : 1;
    return a->target < b->target ? -1 : a->target > b->target;
}

/* By pair, then by sentence, the strongest vote of a sentence first. */
static int by_pair(const void *left, const void *right)
{
    const struct vote *a = left, *b = right;
    int order = compare_pairs(a, b);
    if (order != 0)
        return order;
    if (a->sentence != b->sentence)
        return a->sentence < b->sentence ? -1 : 1;
    float x = strength_of(a), y = strength_of(b);
    return x > y ? -1 : x < y;
}

static int by_strength(const void *left, const void *right)
{
    const struct evidence *a = left, *b = right;
    float x = fabsf(a->score), y = fabsf(b->score);
    if (x != y)
        return x > y ? -1 : 1;
    return a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
}

/* The attribution that gives the sentence to the holder: its own words, or words about him. */
static int32_t find_attribution(const struct reading *reading, int32_t holder, struct span sentence)
{
    for (size_t i = 0; i < reading->attribution_count; i++) {
        const struct attribution *attribution = &reading->attributions[i];
        if (attribution->entity == holder && holder != NOWHERE && span_overlaps(attribution->content, sentence))
            return (int32_t)i;
    }
    return FINDINGS_NONE;
}

/* What all votes of a pair together say. */
struct balance {
    float not_for, not_against;     /* probability that no sentence shows it */
    float shown_for, shown_against; /* -ln of these, the shares of carried sentences taken */
    float most_for, most_against;
    float weight_for, weight_against;
};

static void add_to_balance(struct balance *balance, const struct vote *vote)
{
    balance->not_for *= 1 - vote->favour;
    balance->not_against *= 1 - vote->against;
    float share = vote->is_carried ? carried_share : 1;
    balance->shown_for -= share * log1pf(-vote->favour);
    balance->shown_against -= share * log1pf(-vote->against);
    balance->most_for = fmaxf(balance->most_for, vote->favour);
    balance->most_against = fmaxf(balance->most_against, vote->against);
    balance->weight_for += vote->favour * strength_of(vote);
    balance->weight_against += vote->against * strength_of(vote);
}

static bool is_mixed(const struct balance *balance)
{
    float weaker = fminf(balance->weight_for, balance->weight_against);
    return fminf(balance->most_for, balance->most_against) >= mixed_least &&
           weaker >= mixed_share * (balance->weight_for + balance->weight_against);
}

/* How sure a stance of this polarity is. */
static float confidence_of(const struct balance *balance, enum polarity polarity, struct calibration_curve curve)
{
    float shown = polarity == POLARITY_FOR       ? balance->shown_for
                  : polarity == POLARITY_AGAINST ? balance->shown_against
                                                 : fminf(balance->shown_for, balance->shown_against);
    float confidence = calibration_bend(curve, -expm1f(-shown));
    return polarity == POLARITY_MIXED ? confidence * confidence : confidence;
}

/* Keeps the evidence that agrees with the stance, all of it where that is mixed, strongest first. */
static void keep_evidence(const struct reading *reading, struct stance *stance, struct evidence *evidence, size_t count)
{
    stance->evidence = evidence;
    for (size_t i = 0; i < count; i++) {
        if (stance->polarity != POLARITY_MIXED && (evidence[i].score > 0) != (stance->score > 0))
            continue;
        evidence[i].attribution = find_attribution(reading, stance->source, evidence[i].span);
        evidence[stance->evidence_count++] = evidence[i];
    }
    qsort(evidence, stance->evidence_count, sizeof *evidence, by_strength);
}

/* One stance from the votes [0, count) of a pair. false: too weak. */
static bool weigh(const struct reading *reading, const struct vote *votes, size_t count, float least, struct calibration_curve curve,
                  struct stance *stance)
{
    struct balance balance = {.not_for = 1, .not_against = 1};
    struct evidence *evidence = arena_take_zeroed(reading->arena, count, sizeof *evidence);
    size_t kept = 0;
    float weight = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && votes[i].sentence == votes[i - 1].sentence)
            continue;
        add_to_balance(&balance, &votes[i]);
        weight += strength_of(&votes[i]);
        evidence[kept++] = (struct evidence){.span = reading->sentences[votes[i].sentence].span,
                                             .score = votes[i].favour - votes[i].against,
                                             .attribution = FINDINGS_NONE};
    }
    if (1 - fminf(balance.not_for, balance.not_against) < least)
        return false;
    *stance = (struct stance){.source = votes[0].source,
                              .target = votes[0].target,
                              .topic = votes[0].topic == FINDINGS_NONE ? (struct view){0}
                                                                       : watched_name(reading->watched, (size_t)votes[0].topic),
                              .score = (balance.weight_for - balance.weight_against) / weight};
    if (is_mixed(&balance))
        stance->polarity = POLARITY_MIXED;
    else if (fabsf(stance->score) < lean_least)
        return false; /* for and against nearly cancel out, and neither is clear */
    else
        stance->polarity = stance->score > 0 ? POLARITY_FOR : POLARITY_AGAINST;
    stance->confidence = confidence_of(&balance, stance->polarity, curve);
    keep_evidence(reading, stance, evidence, kept);
    return stance->evidence_count > 0;
}

static int strongest_first(const void *left, const void *right)
{
    const struct stance *a = left, *b = right;
    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    return view_order(a->topic, b->topic); /* no two topics have one name */
}

/* Whether one is the state or the people of the other. */
static bool is_of_state(const struct entity *state, const struct entity *other)
{
    return (state->is_state || state->is_people) && *state->country != '\0' && strcmp(state->country, other->country) == 0;
}

/* Empty of a name of one word. */
static struct view last_name(struct view name)
{
    if (view_ends_with(name, view_of(" Jr.")))
        name = view_slice(name, 0, name.len - 4);
    struct view last = words_last(name);
    return last.len < name.len ? last : (struct view){0};
}

/* Whether they are people of one last name, and most likely of one family. */
static bool is_of_family(const struct entity *one, const struct entity *other)
{
    if (one->type != ENTITY_PERSON || other->type != ENTITY_PERSON)
        return false;
    struct view name = last_name(one->name);
    return name.len > 0 && view_equal(name, last_name(other->name));
}

static bool is_of_own(const struct ties *ties, const struct entity *entities, const struct stance *stance)
{
    if (stance->topic.len != 0 || stance->source == FINDINGS_NONE)
        return false;
    const struct entity *source = &entities[stance->source], *target = &entities[stance->target];
    if (stance->confidence < own_least && (is_of_state(source, target) || is_of_state(target, source)))
        return true;
    if (stance->confidence < own_least && stance->polarity != POLARITY_FOR && is_of_family(source, target))
        return true;
    bool is_of_people = source->type == ENTITY_PERSON && target->type == ENTITY_PERSON;
    float least = is_of_people && !ties_is_one_of(ties, stance->source, stance->target) ? master_least : tied_least;
    return stance->polarity != POLARITY_FOR && stance->confidence < least && ties_bind(ties, stance->source, stance->target);
}

static void mute_voices(const struct ties *ties, struct votes *votes)
{
    for (size_t i = 0; i < votes->count; i++) {
        struct vote *vote = &votes->items[i];
        if (vote->against < voice_least && vote->source != FINDINGS_NONE && vote->target != FINDINGS_NONE && ties_is_voice(ties, vote->source, vote->target))
            vote->against = 0;
    }
}

struct stances stances_of(const struct reading *reading, const struct entity *entities,
                          const struct stance_thresholds *thresholds, struct calibration_curve curve)
{
    struct stance_thresholds heard = *thresholds;
    heard.author = author_least(reading, thresholds->author);
    struct votes votes = collect_votes(reading, entities, &heard);
    const struct ties ties = ties_of(reading, entities);
    mute_voices(&ties, &votes);
    qsort(votes.items, votes.count, sizeof *votes.items, by_pair);
    struct stances stances = {.items = arena_take_zeroed(reading->arena, votes.count + 1, sizeof *stances.items)};
    for (size_t first = 0; first < votes.count;) {
        size_t end = first;
        while (end < votes.count && compare_pairs(&votes.items[end], &votes.items[first]) == 0)
            end++;
        float least = votes.items[first].source == FINDINGS_NONE ? heard.author : heard.stance;
        struct stance *stance = &stances.items[stances.count];
        if (weigh(reading, votes.items + first, end - first, least, curve, stance) && !is_of_own(&ties, entities, stance))
            stances.count++;
        first = end;
    }
    qsort(stances.items, stances.count, sizeof *stances.items, strongest_first);
    return stances;
}

/* How an entity is spoken of over the article. */
struct tally {
    float lean;
    size_t weighed, prose; /* mentions */
    bool is_titled;
    uint32_t first_sentence;
};

static void add_to_tally(struct tally *tally, const struct sentence *sentence, uint32_t index, bool is_weighed, float lean)
{
    if (tally->prose++ == 0)
        tally->first_sentence = index;
    tally->is_titled |= sentence->kind == REGION_TITLE;
    if (is_weighed) {
        tally->lean += lean;
        tally->weighed++;
    }
}

void stances_portray(const struct reading *reading, struct entity *entities, size_t entity_count)
{
    struct tally *tallies = arena_take_zeroed(reading->arena, entity_count + 1, sizeof *tallies);
    size_t most = 1;
    for (size_t i = 0; i < reading->mark_count; i++) {
        const struct mark *mark = &reading->marks[i];
        const struct sentence *sentence = &reading->sentences[mark->sentence];
        if (mark->entity == NOWHERE || mark->is_saying || !sentence->is_prose)
            continue;
        struct tally *tally = &tallies[mark->entity];
        add_to_tally(tally, sentence, mark->sentence, mark->is_weighed, mark->lean);
        if (tally->prose > most && entities[mark->entity].type < ENTITY_DATE)
            most = tally->prose;
    }
    for (size_t i = 0; i < reading->topic_mark_count; i++) {
        const struct topic_mark *mark = &reading->topic_marks[i];
        if (mark->is_issue)
            add_to_tally(&tallies[issues_entity(reading, mark->topic)], &reading->sentences[mark->sentence], mark->sentence,
                         mark->is_weighed, mark->lean);
    }
    for (size_t e = 0; e < entity_count; e++) {
        const struct tally *tally = &tallies[e];
        struct entity *entity = &entities[e];
        if (tally->prose == 0)
            continue;
        float share = fminf(1, (float)tally->prose / (float)most);
        float early = 1 - (float)tally->first_sentence / (float)(reading->sentence_count + 1);
        entity->salience = 0.6f * share + 0.2f * early + (tally->is_titled ? 0.2f : 0);
        if (tally->weighed == 0 || !can_receive(entity))
            continue;
        entity->has_portrayal = true;
        entity->portrayal_score = tally->lean / (float)tally->weighed;
        entity->portrayal = entity->portrayal_score > neutral_lean    ? POLARITY_FOR
                            : entity->portrayal_score < -neutral_lean ? POLARITY_AGAINST
                                                                      : POLARITY_NEUTRAL;
    }
}
