#include "processor/extract/judgements.h"

#include "processor/extract/attributions.h"
#include "processor/extract/compounds.h"
#include "processor/extract/issues.h"
#include "processor/extract/marks.h"
#include "processor/extract/watched.h"

/* A pair that the head finds neutral with more than this probability is not kept. What it says of a pair in both orders is so
 * alike that where one finds it neutral with more than `sure_most` the mean is over neutral_most too, and the other is not
 * asked: of 17,598 pairs of news 42 % were over 0.93 in one order, and of these none was kept. */
static const float neutral_most = 0.9f, sure_most = 0.94f;

/* A mark that is to be weighed: how the text speaks of it. */
struct weighing {
    uint32_t mark; /* or topic mark */
    bool is_of_topic;
};

/* What is asked about a window, first gathered, then asked together. */
struct judge {
    struct reading *reading;
    const struct window *window;
    struct judgement *pairs;    size_t pair_count, pair_room; /* without their probabilities */
    struct pair_ask *pair_asks; size_t pair_ask_room;         /* [pair_count] */
    struct weighing *weighings; size_t weighing_count, weighing_room;
    struct pair_ask *mark_asks; size_t mark_ask_room;         /* [weighing_count] */
};

/* A sentence and those of its marks that take part, names first. */
struct scene {
    uint32_t sentence;
    struct rows range;
    size_t first, stop; /* its marks */
    uint32_t chosen[JUDGED_MARKS_MOST];
    size_t count, name_count;
};

/* Whom a stance may be toward: marks of a sentence, or topic marks. */
struct targets {
    const uint32_t *items;
    size_t count;
    bool are_topics;
};

static bool takes_part(const struct mark *mark)
{
    return mark->type != ENTITY_DATE && mark->type != ENTITY_MONEY && !mark->is_within;
}

static bool is_named(const struct mark *mark)
{
    return mark->kind == MENTION_NAME || mark->is_group;
}

/* The scene of `sentence`, whose marks, if it has any, start at `first`. */
static struct scene scene_of(const struct judge *judge, uint32_t sentence, size_t first, size_t end)
{
    const struct reading *reading = judge->reading;
    struct scene scene = {.sentence = sentence, .range = window_sentence(judge->window, sentence), .first = first, .stop = first};
    while (scene.stop < end && reading->marks[scene.stop].sentence == sentence)
        scene.stop++;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = first; i < scene.stop && scene.count < JUDGED_MARKS_MOST; i++)
            if (takes_part(&reading->marks[i]) && is_named(&reading->marks[i]) == (pass == 0))
                scene.chosen[scene.count++] = (uint32_t)i;
        if (pass == 0)
            scene.name_count = scene.count;
    }
    return scene;
}

/* Rows from the start of the earlier to the end of the later of two ranges. */
static struct rows rows_over(struct rows a, struct rows b)
{
    return (struct rows){.start = a.start < b.start ? a.start : b.start, .end = a.end > b.end ? a.end : b.end};
}

static void judge_pair(struct judge *judge, uint32_t a, uint32_t b, bool is_of_topic, uint32_t sentence, struct rows range)
{
    const struct reading *reading = judge->reading;
    const struct mark *left = &reading->marks[a];
    struct span span = is_of_topic ? reading->topic_marks[b].span : reading->marks[b].span;
    if (span_overlaps(left->span, span) || view_equal(reading_view(reading, left->span), reading_view(reading, span)))
        return;
    struct pair_ask ask = {.a = window_rows(judge->window, left->span), .b = window_rows(judge->window, span), .range = range};
    if (ask.a.start == ask.a.end || ask.b.start == ask.b.end)
        return;
    uint32_t other = is_of_topic ? reading->topic_marks[b].sentence : reading->marks[b].sentence;
    judge->pairs = reading_room(reading->arena, judge->pairs, judge->pair_count, &judge->pair_room, sizeof *judge->pairs);
    judge->pair_asks = reading_room(reading->arena, judge->pair_asks, judge->pair_count, &judge->pair_ask_room, sizeof ask);
    judge->pair_asks[judge->pair_count] = ask;
    judge->pairs[judge->pair_count++] = (struct judgement){
        .a = a, .b = b, .is_of_topic = is_of_topic, .sentence = sentence, .is_carried = left->sentence != other};
}

static void judge_mark(struct judge *judge, uint32_t index, bool is_of_topic, struct rows range)
{
    const struct reading *reading = judge->reading;
    struct span span = is_of_topic ? reading->topic_marks[index].span : reading->marks[index].span;
    struct pair_ask ask = {.b = window_rows(judge->window, span), .range = range};
    if (ask.b.start == ask.b.end)
        return;
    judge->weighings =
        reading_room(reading->arena, judge->weighings, judge->weighing_count, &judge->weighing_room, sizeof *judge->weighings);
    judge->mark_asks = reading_room(reading->arena, judge->mark_asks, judge->weighing_count, &judge->mark_ask_room, sizeof ask);
    judge->mark_asks[judge->weighing_count] = ask;
    judge->weighings[judge->weighing_count++] = (struct weighing){.mark = index, .is_of_topic = is_of_topic};
}

/* A sentence within what somebody said whose speaker is named in another sentence of the window: the speaker with each target. */
static void judge_speakers(struct judge *judge, const struct window_findings *own, const struct scene *scene,
                           struct targets targets)
{
    const struct reading *reading = judge->reading;
    struct span span = reading->sentences[scene->sentence].span;
    for (size_t i = own->first_attribution; i < own->attribution_end; i++) {
        const struct attribution *attribution = &reading->attributions[i];
        if (attribution->source.start == attribution->source.end || !span_overlaps(attribution->content, span))
            continue;
        int32_t speaker = attributions_source_mark(reading, attribution->source, own->first_mark, own->mark_end);
        if (speaker == NOWHERE || reading->marks[speaker].sentence == scene->sentence)
            continue;
        struct rows both = rows_over(window_sentence(judge->window, reading->marks[speaker].sentence), scene->range);
        for (size_t k = 0; k < targets.count; k++)
            judge_pair(judge, (uint32_t)speaker, targets.items[k], targets.are_topics, scene->sentence, both);
    }
}

static bool is_among(const struct reading *reading, struct view text, const uint32_t *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (view_equal(text, reading_view(reading, reading->marks[marks[i]].span)))
            return true;
    return false;
}

/* Who was named in the two sentences before and is not named here may still hold or receive what is said here: the last few
 * of them with each target. */
static void judge_carried(struct judge *judge, const struct window_findings *own, const struct scene *scene, struct targets targets)
{
    const struct reading *reading = judge->reading;
    uint32_t carried[CARRIED_MOST];
    size_t carried_count = 0;
    for (size_t i = scene->first; i-- > own->first_mark && carried_count < CARRIED_MOST;) {
        const struct mark *mark = &reading->marks[i];
        if (scene->sentence - mark->sentence > 2)
            break;
        struct view text = reading_view(reading, mark->span);
        if (is_named(mark) && !mark->is_within && mark->type <= ENTITY_NORP && !is_among(reading, text, carried, carried_count) &&
            !is_among(reading, text, scene->chosen, scene->count))
            carried[carried_count++] = (uint32_t)i;
    }
    for (size_t c = 0; c < carried_count; c++) {
        struct rows both = rows_over(window_sentence(judge->window, reading->marks[carried[c]].sentence), scene->range);
        for (size_t k = 0; k < targets.count; k++)
            judge_pair(judge, carried[c], targets.items[k], targets.are_topics, scene->sentence, both);
    }
}

static void judge_marks(struct judge *judge, const struct window_findings *own)
{
    const struct reading *reading = judge->reading;
    for (size_t first = own->first_mark; first < own->mark_end;) {
        struct scene scene = scene_of(judge, reading->marks[first].sentence, first, own->mark_end);
        for (size_t i = 0; i < scene.count; i++) {
            if (!reading->marks[scene.chosen[i]].is_saying)
                judge_mark(judge, scene.chosen[i], false, scene.range);
            for (size_t k = i + 1; k < scene.count; k++)
                judge_pair(judge, scene.chosen[i], scene.chosen[k], false, scene.sentence, scene.range);
        }
        judge_speakers(judge, own, &scene, (struct targets){.items = scene.chosen, .count = scene.count});
        judge_carried(judge, own, &scene, (struct targets){.items = scene.chosen, .count = scene.name_count});
        first = scene.stop;
    }
}

static void judge_topics(struct judge *judge, const struct window_findings *own)
{
    const struct reading *reading = judge->reading;
    size_t first_mark = own->first_mark;
    for (size_t first = own->first_topic, stop = first; first < own->topic_end; first = stop) {
        uint32_t sentence = reading->topic_marks[first].sentence, topics[WATCHED_MOST + ISSUES_MOST];
        struct targets targets = {.items = topics, .are_topics = true};
        for (; stop < own->topic_end && reading->topic_marks[stop].sentence == sentence; stop++)
            if (targets.count < WATCHED_MOST + ISSUES_MOST)
                topics[targets.count++] = (uint32_t)stop;
        while (first_mark < own->mark_end && reading->marks[first_mark].sentence < sentence)
            first_mark++;
        struct scene scene = scene_of(judge, sentence, first_mark, own->mark_end);
        for (size_t k = 0; k < targets.count; k++) {
            judge_mark(judge, topics[k], true, scene.range);
            for (size_t i = 0; i < scene.count; i++)
                judge_pair(judge, scene.chosen[i], topics[k], true, sentence, scene.range);
        }
        judge_speakers(judge, own, &scene, targets);
        judge_carried(judge, own, &scene, targets);
    }
}

/* What the heads say of a mark: of how the text speaks of it only where it is a name, or an issue. */
static void weigh(struct reading *reading, struct weighing weighing, const float author[STANCE_CLASS_COUNT],
                  const float portrayal[PORTRAYAL_CLASS_COUNT])
{
    float lean = portrayal[PORTRAYAL_POSITIVE] - portrayal[PORTRAYAL_NEGATIVE];
    if (weighing.is_of_topic) {
        struct topic_mark *mark = &reading->topic_marks[weighing.mark];
        mark->author_for = author[STANCE_A_FOR_B];
        mark->author_against = author[STANCE_A_AGAINST_B];
        mark->lean = mark->is_issue ? lean : mark->lean;
        mark->is_weighed = true;
    } else {
        struct mark *mark = &reading->marks[weighing.mark];
        mark->author_for = author[STANCE_A_FOR_B];
        mark->author_against = author[STANCE_A_AGAINST_B];
        mark->lean = lean;
        mark->is_weighed = true;
    }
}

static void weigh_marks(const struct judge *judge, const struct heads *heads, struct heads_scratch *scratch, const float *hidden)
{
    size_t count = judge->weighing_count;
    float(*author)[STANCE_CLASS_COUNT] = arena_take_zeroed(judge->reading->arena, count, sizeof *author);
    float(*portrayal)[PORTRAYAL_CLASS_COUNT] = arena_take_zeroed(judge->reading->arena, count, sizeof *portrayal);
    heads_stances(heads, scratch, hidden, judge->mark_asks, count, 1, author);
    heads_portrayals(heads, scratch, hidden, judge->mark_asks, count, portrayal);
    for (size_t i = 0; i < count; i++)
        weigh(judge->reading, judge->weighings[i], author[i], portrayal[i]);
}

/* Takes a holder away who is none: what would be its stances is silence. */
static void silence(float *probabilities, int first, int second)
{
    probabilities[STANCE_NONE] += probabilities[first] + probabilities[second];
    probabilities[first] = probabilities[second] = 0;
}

/* A place where something happens holds no stance, nor who only stands by: "Iranian-backed fighters". */
static bool is_no_holder(const struct reading *reading, const struct mark *mark)
{
    return mark->is_saying || marks_is_where(reading, mark) || compounds_is_bystander(reading, mark);
}

static void silence_bystanders(const struct reading *reading, const struct judgement *pair, float *probabilities)
{
    if (is_no_holder(reading, &reading->marks[pair->a]))
        silence(probabilities, STANCE_A_FOR_B, STANCE_A_AGAINST_B);
    if (!pair->is_of_topic && is_no_holder(reading, &reading->marks[pair->b]))
        silence(probabilities, STANCE_B_FOR_A, STANCE_B_AGAINST_A);
}

static void weigh_pairs(const struct judge *judge, const struct heads *heads, struct heads_scratch *scratch, const float *hidden)
{
    struct reading *reading = judge->reading;
    float(*stances)[STANCE_CLASS_COUNT] = arena_take_zeroed(reading->arena, judge->pair_count, sizeof *stances);
    heads_stances(heads, scratch, hidden, judge->pair_asks, judge->pair_count, sure_most, stances);
    for (size_t i = 0; i < judge->pair_count; i++) {
        silence_bystanders(reading, &judge->pairs[i], stances[i]);
        if (stances[i][STANCE_NONE] > neutral_most)
            continue;
        struct judgement judgement = judge->pairs[i];
        memcpy(judgement.probabilities, stances[i], sizeof stances[i]);
        reading->judgements = reading_room(reading->arena, reading->judgements, reading->judgement_count,
                                           &reading->judgement_room, sizeof judgement);
        reading->judgements[reading->judgement_count++] = judgement;
    }
}

void judgements_add(struct reading *reading, const struct window *window, const struct window_findings *own,
                    const struct heads *heads, struct heads_scratch *scratch, const float *hidden)
{
    if (own->first_mark == own->mark_end && own->first_topic == own->topic_end)
        return;
    struct judge judge = {.reading = reading, .window = window};
    judge_marks(&judge, own);
    judge_topics(&judge, own);
    if (judge.weighing_count == 0 && judge.pair_count == 0)
        return;
    heads_pairs_prepare(heads, scratch, hidden, window->count);
    weigh_marks(&judge, heads, scratch, hidden);
    weigh_pairs(&judge, heads, scratch, hidden);
}
