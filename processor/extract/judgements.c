#include "processor/extract/judgements.h"

#include "processor/extract/attributions.h"
#include "processor/extract/issues.h"
#include "processor/extract/watched.h"

/* A pair that the head finds neutral with more than this probability is not kept. */
static const float neutral_most = 0.9f;

struct judge {
    struct reading *reading;
    const struct window *window;
    const struct heads *heads;
    struct heads_scratch *scratch;
    const float *hidden;
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

static void judge_pair(const struct judge *judge, uint32_t a, uint32_t b, bool is_of_topic, uint32_t sentence, struct rows range)
{
    struct reading *reading = judge->reading;
    const struct mark *left = &reading->marks[a];
    struct span span = is_of_topic ? reading->topic_marks[b].span : reading->marks[b].span;
    if (span_overlaps(left->span, span) || view_equal(reading_view(reading, left->span), reading_view(reading, span)))
        return;
    struct rows left_rows = window_rows(judge->window, left->span), right_rows = window_rows(judge->window, span);
    if (left_rows.start == left_rows.end || right_rows.start == right_rows.end)
        return;
    uint32_t other = is_of_topic ? reading->topic_marks[b].sentence : reading->marks[b].sentence;
    struct judgement judgement = {
        .a = a, .b = b, .is_of_topic = is_of_topic, .sentence = sentence, .is_carried = left->sentence != other};
    heads_stance(judge->heads, judge->scratch, judge->hidden, left_rows, right_rows, range, judgement.probabilities);
    if (judgement.probabilities[STANCE_NONE] > neutral_most)
        return;
    reading->judgements = reading_room(reading->arena, reading->judgements, reading->judgement_count,
                                       &reading->judgement_room, sizeof judgement);
    reading->judgements[reading->judgement_count++] = judgement;
}

static void judge_mark(const struct judge *judge, uint32_t index, struct rows range)
{
    struct mark *mark = &judge->reading->marks[index];
    struct rows rows = window_rows(judge->window, mark->span);
    if (rows.start == rows.end)
        return;
    float portrayal[PORTRAYAL_CLASS_COUNT], author[STANCE_CLASS_COUNT];
    heads_portrayal(judge->heads, judge->scratch, judge->hidden, rows, range, portrayal);
    heads_stance(judge->heads, judge->scratch, judge->hidden, (struct rows){0}, rows, range, author);
    mark->lean = portrayal[PORTRAYAL_POSITIVE] - portrayal[PORTRAYAL_NEGATIVE];
    mark->author_for = author[STANCE_A_FOR_B];
    mark->author_against = author[STANCE_A_AGAINST_B];
    mark->is_weighed = true;
}

static void judge_topic(const struct judge *judge, uint32_t index, struct rows range)
{
    struct topic_mark *mark = &judge->reading->topic_marks[index];
    struct rows rows = window_rows(judge->window, mark->span);
    if (rows.start == rows.end)
        return;
    float author[STANCE_CLASS_COUNT];
    heads_stance(judge->heads, judge->scratch, judge->hidden, (struct rows){0}, rows, range, author);
    mark->author_for = author[STANCE_A_FOR_B];
    mark->author_against = author[STANCE_A_AGAINST_B];
    mark->is_weighed = true;
    if (mark->is_issue) {
        float portrayal[PORTRAYAL_CLASS_COUNT];
        heads_portrayal(judge->heads, judge->scratch, judge->hidden, rows, range, portrayal);
        mark->lean = portrayal[PORTRAYAL_POSITIVE] - portrayal[PORTRAYAL_NEGATIVE];
    }
}

/* A sentence within what somebody said whose speaker is named in another sentence of the window: the speaker with each target. */
static void judge_speakers(const struct judge *judge, const struct window_findings *own, const struct scene *scene,
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
static void judge_carried(const struct judge *judge, const struct window_findings *own, const struct scene *scene, struct targets targets)
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

static void judge_marks(const struct judge *judge, const struct window_findings *own)
{
    const struct reading *reading = judge->reading;
    for (size_t first = own->first_mark; first < own->mark_end;) {
        struct scene scene = scene_of(judge, reading->marks[first].sentence, first, own->mark_end);
        for (size_t i = 0; i < scene.count; i++) {
            judge_mark(judge, scene.chosen[i], scene.range);
            for (size_t k = i + 1; k < scene.count; k++)
                judge_pair(judge, scene.chosen[i], scene.chosen[k], false, scene.sentence, scene.range);
        }
        judge_speakers(judge, own, &scene, (struct targets){.items = scene.chosen, .count = scene.count});
        judge_carried(judge, own, &scene, (struct targets){.items = scene.chosen, .count = scene.name_count});
        first = scene.stop;
    }
}

static void judge_topics(const struct judge *judge, const struct window_findings *own)
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
            judge_topic(judge, topics[k], scene.range);
            for (size_t i = 0; i < scene.count; i++)
                judge_pair(judge, scene.chosen[i], topics[k], true, sentence, scene.range);
        }
        judge_speakers(judge, own, &scene, targets);
        judge_carried(judge, own, &scene, targets);
    }
}

void judgements_add(struct reading *reading, const struct window *window, const struct window_findings *own,
                    const struct heads *heads, struct heads_scratch *scratch, const float *hidden)
{
    if (own->first_mark == own->mark_end && own->first_topic == own->topic_end)
        return;
    struct judge judge = {.reading = reading, .window = window, .heads = heads, .scratch = scratch, .hidden = hidden};
    heads_pairs_prepare(heads, scratch, hidden, window->count);
    judge_marks(&judge, own);
    judge_topics(&judge, own);
}
