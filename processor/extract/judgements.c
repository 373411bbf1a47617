#include "processor/extract/judgements.h"

#include "processor/extract/attributions.h"

/* A pair that the head finds neutral with more than this probability is not kept. */
static const float neutral_most = 0.9f;

struct judge {
    struct reading *reading;
    const struct window *window;
    const struct heads *heads;
    struct heads_scratch *scratch;
    const float *hidden;
};

static bool takes_part(const struct mark *mark)
{
    return mark->type != ENTITY_DATE && mark->type != ENTITY_MONEY;
}

/* The marks of the sentence that starts at `first`: names, then others, as many as may take part. Returns where it ends. */
static size_t choose_marks(const struct reading *reading, size_t first, size_t end, uint32_t chosen[JUDGED_MARKS_MOST],
                           size_t *count)
{
    size_t stop = first;
    while (stop < end && reading->marks[stop].sentence == reading->marks[first].sentence)
        stop++;
    *count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = first; i < stop && *count < JUDGED_MARKS_MOST; i++)
            if (takes_part(&reading->marks[i]) && (reading->marks[i].kind == MENTION_NAME) == (pass == 0))
                chosen[(*count)++] = (uint32_t)i;
    return stop;
}

/* Rows from the start of the earlier to the end of the later of two ranges. */
static struct rows rows_over(struct rows a, struct rows b)
{
    return (struct rows){.start = a.start < b.start ? a.start : b.start, .end = a.end > b.end ? a.end : b.end};
}

static void judge_pair(const struct judge *judge, uint32_t a, uint32_t b, uint32_t sentence, struct rows range)
{
    struct reading *reading = judge->reading;
    const struct mark *left = &reading->marks[a], *right = &reading->marks[b];
    if (span_overlaps(left->span, right->span) ||
        view_equal(reading_view(reading, left->span), reading_view(reading, right->span)))
        return;
    struct rows left_rows = window_rows(judge->window, left->span), right_rows = window_rows(judge->window, right->span);
    if (left_rows.start == left_rows.end || right_rows.start == right_rows.end)
        return;
    struct judgement judgement = {.a = a, .b = b, .sentence = sentence, .is_carried = left->sentence != right->sentence};
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

/* A sentence within what somebody said whose speaker is named in another sentence of the window: the speaker with each mark. */
static void judge_speakers(const struct judge *judge, const struct window_findings *own, uint32_t sentence,
                           const uint32_t *chosen, size_t count, struct rows range)
{
    const struct reading *reading = judge->reading;
    struct span span = reading->sentences[sentence].span;
    for (size_t i = own->first_attribution; i < own->attribution_end; i++) {
        const struct attribution *attribution = &reading->attributions[i];
        if (attribution->source.start == attribution->source.end || !span_overlaps(attribution->content, span))
            continue;
        int32_t speaker = attributions_source_mark(reading, attribution->source, own->first_mark, own->mark_end);
        if (speaker == NOWHERE || reading->marks[speaker].sentence == sentence)
            continue;
        struct rows both = rows_over(window_sentence(judge->window, reading->marks[speaker].sentence), range);
        for (size_t k = 0; k < count; k++)
            judge_pair(judge, (uint32_t)speaker, chosen[k], sentence, both);
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
 * of them with each name of the sentence. */
static void judge_carried(const struct judge *judge, const struct window_findings *own, size_t first, const uint32_t *chosen,
                          size_t count, struct rows range)
{
    const struct reading *reading = judge->reading;
    uint32_t sentence = reading->marks[first].sentence, carried[CARRIED_MOST];
    size_t carried_count = 0;
    for (size_t i = first; i-- > own->first_mark && carried_count < CARRIED_MOST;) {
        const struct mark *mark = &reading->marks[i];
        if (sentence - mark->sentence > 2)
            break;
        struct view text = reading_view(reading, mark->span);
        if (mark->kind == MENTION_NAME && mark->type <= ENTITY_NORP && !is_among(reading, text, carried, carried_count) &&
            !is_among(reading, text, chosen, count))
            carried[carried_count++] = (uint32_t)i;
    }
    for (size_t c = 0; c < carried_count; c++) {
        struct rows both = rows_over(window_sentence(judge->window, reading->marks[carried[c]].sentence), range);
        for (size_t k = 0; k < count; k++)
            if (reading->marks[chosen[k]].kind == MENTION_NAME)
                judge_pair(judge, carried[c], chosen[k], sentence, both);
    }
}

void judgements_add(struct reading *reading, const struct window *window, const struct window_findings *own,
                    const struct heads *heads, struct heads_scratch *scratch, const float *hidden)
{
    if (own->first_mark == own->mark_end)
        return;
    struct judge judge = {.reading = reading, .window = window, .heads = heads, .scratch = scratch, .hidden = hidden};
    heads_pairs_prepare(heads, scratch, hidden, window->count);
    for (size_t first = own->first_mark; first < own->mark_end;) {
        uint32_t chosen[JUDGED_MARKS_MOST];
        size_t count;
        uint32_t sentence = reading->marks[first].sentence;
        size_t stop = choose_marks(reading, first, own->mark_end, chosen, &count);
        struct rows range = window_sentence(window, sentence);
        for (size_t i = 0; i < count; i++) {
            judge_mark(&judge, chosen[i], range);
            for (size_t k = i + 1; k < count; k++)
                judge_pair(&judge, chosen[i], chosen[k], sentence, range);
        }
        judge_speakers(&judge, own, sentence, chosen, count, range);
        judge_carried(&judge, own, first, chosen, count, range);
        first = stop;
    }
}
