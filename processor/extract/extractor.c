#include "processor/extract/extractor.h"

#include "processor/extract/attributions.h"
#include "processor/extract/entities.h"
#include "processor/extract/issues.h"
#include "processor/extract/judgements.h"
#include "processor/extract/marks.h"
#include "processor/extract/stances.h"
#include "processor/extract/watched.h"
#include "processor/model/calibration.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"
#include "processor/text/inserts.h"
#include "processor/text/language.h"
#include "processor/text/sentences.h"
#include "processor/text/utf8.h"
#include "processor/text/words.h"
#include "processor/text/wrapped.h"

#include <stdlib.h>

struct extractor {
    struct model_file *file;
    struct tokenizer *tokenizer;
    struct encoder *encoder;
    struct heads *heads;
    struct knowledge *knowledge; /* NULL: none was asked for */
    struct watched *watched; /* NULL: none are watched */
    struct stance_thresholds thresholds;
    struct calibration calibration;
    float issue_lift; /* from the model file's "thresholds" */
    uint32_t window, width;
};

struct extractor_scratch {
    struct encoder_scratch *encoder;
    struct heads_scratch *heads;
    float *hidden;       /* [ENCODER_WINDOWS_MOST][window][width] */
    uint8_t *name_tags;  /* [window]; then those of issues */
    uint8_t *role_tags;  /* [ROLE_COUNT][window] */
    float *scores;       /* [window] */
};

/* --- opening ------------------------------------------------------------------------------------------------------- */

struct extractor *extractor_new(const struct extractor_options *options, struct error *err)
{
    struct extractor *extractor = memory_new(1, sizeof *extractor);
    extractor->file = model_file_open(options->model_path, err);
    if (!extractor->file)
        goto failed;
    extractor->tokenizer = tokenizer_new(extractor->file, err);
    extractor->encoder = extractor->tokenizer ? encoder_new(extractor->file, options->exact, err) : NULL;
    extractor->heads = extractor->encoder ? heads_new(extractor->file, err) : NULL;
    if (!extractor->heads || !calibration_read(extractor->file, &extractor->calibration, err))
        goto failed;
    if (options->knowledge_path) {
        extractor->knowledge = knowledge_open(options->knowledge_path, err);
        if (!extractor->knowledge || (options->own_path && !knowledge_add_own(extractor->knowledge, options->own_path, err)))
            goto failed;
    }
    if (options->topics && options->topics->count > 0) {
        extractor->watched = watched_new(options->topics, err);
        if (!extractor->watched)
            goto failed;
    }
    const struct model_config *config = model_file_config(extractor->file);
    extractor->window = config->window;
    extractor->width = config->width;
    extractor->thresholds = (struct stance_thresholds){
        .stance = model_file_number(extractor->file, "thresholds", "stance", 0.5f),
        .evidence = model_file_number(extractor->file, "thresholds", "evidence", 0.4f),
        .carried = model_file_number(extractor->file, "thresholds", "carried", 0.5f),
        .author = model_file_number(extractor->file, "thresholds", "author", 0.7f),
    };
    extractor->issue_lift = model_file_number(extractor->file, "thresholds", "issue_lift", 0);
    return extractor;
failed:
    extractor_free(extractor);
    return NULL;
}

void extractor_free(struct extractor *extractor)
{
    if (!extractor)
        return;
    watched_free(extractor->watched);
    knowledge_close(extractor->knowledge);
    heads_free(extractor->heads);
    encoder_free(extractor->encoder);
    tokenizer_free(extractor->tokenizer);
    model_file_close(extractor->file);
    free(extractor);
}

struct extractor_scratch *extractor_scratch_new(const struct extractor *extractor)
{
    struct extractor_scratch *scratch = memory_new(1, sizeof *scratch);
    scratch->encoder = encoder_scratch_new(extractor->encoder);
    scratch->heads = heads_scratch_new(extractor->heads);
    scratch->hidden = memory_new((size_t)ENCODER_WINDOWS_MOST * extractor->window * extractor->width, sizeof *scratch->hidden);
    scratch->name_tags = memory_new(extractor->window, sizeof *scratch->name_tags);
    scratch->role_tags = memory_new((size_t)ROLE_COUNT * extractor->window, sizeof *scratch->role_tags);
    scratch->scores = memory_new(extractor->window, sizeof *scratch->scores);
    return scratch;
}

void extractor_scratch_free(struct extractor_scratch *scratch)
{
    if (!scratch)
        return;
    encoder_scratch_free(scratch->encoder);
    heads_scratch_free(scratch->heads);
    free(scratch->hidden);
    free(scratch->name_tags);
    free(scratch->role_tags);
    free(scratch->scores);
    free(scratch);
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static bool is_prose(enum region_kind kind)
{
    return kind == REGION_BODY || kind == REGION_TITLE || kind == REGION_SUMMARY;
}

static bool has_prose(const struct regions *regions)
{
    for (size_t i = 0; i < regions->count; i++)
        if (is_prose(regions->items[i].kind))
            return true;
    return false;
}

/* Captions may be where somebody is named in full; menus and headlines of other articles name who has nothing to do with this one. But
 * where nothing is prose, a headline alone may be all there is. */
static bool is_read(const struct reading *reading, enum region_kind kind)
{
    return is_prose(kind) || kind == REGION_CAPTION || !reading->has_prose;
}

static void split_sentences(struct reading *reading, const struct regions *regions)
{
    size_t room = 0;
    reading->has_prose = has_prose(regions);
    for (size_t i = 0; i < regions->count; i++) {
        const struct region *region = &regions->items[i];
        if (!is_read(reading, region->kind))
            continue;
        struct sentences sentences = sentences_split(reading->text, region->span, reading->arena);
        for (size_t k = 0; k < sentences.count; k++) {
            reading->sentences = reading_room(reading->arena, reading->sentences, reading->sentence_count, &room,
                                              sizeof *reading->sentences);
            reading->sentences[reading->sentence_count++] =
                (struct sentence){.span = sentences.items[k],
                                  .kind = region->kind,
                                  .region = (uint32_t)i,
                                  .is_prose = is_prose(region->kind)};
        }
    }
}

/* hidden: [window->count][width] */
static void read_window(const struct extractor *extractor, struct extractor_scratch *scratch, struct reading *reading,
                        const struct window *window, const float *hidden, bool prose)
{
    struct window_findings own = {.first_mark = reading->mark_count,
                                  .first_attribution = reading->attribution_count,
                                  .first_topic = reading->topic_mark_count};
    heads_names(extractor->heads, scratch->heads, hidden, window->words, window->word_count, scratch->name_tags,
                scratch->scores);
    marks_add_names(reading, window, scratch->name_tags, scratch->scores, extractor->knowledge);
    if (!prose)
        return;
    marks_add_others(reading, window, own.first_mark);
    heads_roles(extractor->heads, scratch->heads, hidden, window->words, window->word_count, scratch->role_tags, NULL);
    attributions_add(reading, window, extractor->heads, scratch->heads, hidden, scratch->role_tags);
    heads_issues(extractor->heads, scratch->heads, hidden, window->words, window->word_count, extractor->issue_lift,
                 scratch->name_tags, scratch->scores);
    issues_add(reading, window, own.first_mark, scratch->name_tags, scratch->scores, extractor->knowledge);
    watched_add(reading, window, own.first_mark, own.first_topic);
    own.mark_end = reading->mark_count;
    own.topic_end = reading->topic_mark_count;
    own.attribution_end = reading->attribution_count;
    judgements_add(reading, window, &own, extractor->heads, scratch->heads, hidden);
}

/* Encodes `count` windows (at most ENCODER_WINDOWS_MOST) into scratch->hidden, one behind the other. */
static void encode(const struct extractor *extractor, struct extractor_scratch *scratch, const struct window *windows, size_t count)
{
    struct encoder_window wanted[ENCODER_WINDOWS_MOST];
    for (size_t i = 0; i < count; i++)
        wanted[i] = (struct encoder_window){.ids = windows[i].ids, .shapes = windows[i].shapes, .count = windows[i].count};
    encoder_run(extractor->encoder, scratch->encoder, wanted, count, scratch->hidden);
}

static bool is_time_over(const struct extractor_input *input)
{
    return clock_thread_is_past(input->deadline_ns) || (input->is_over && atomic_load(input->is_over));
}

/* Where the time goes: false as soon as the time is over. Windows are encoded a few at a time, as many each time. */
static bool read_windows(const struct extractor *extractor, struct extractor_scratch *scratch, struct reading *reading,
                         bool prose, const struct extractor_input *input)
{
    struct windows windows = windows_of(reading, extractor->tokenizer, extractor->window, prose);
    size_t batches = (windows.count + ENCODER_WINDOWS_MOST - 1) / ENCODER_WINDOWS_MOST;
    for (size_t batch = 0; batch < batches; batch++) {
        size_t first = windows.count * batch / batches, end = windows.count * (batch + 1) / batches;
        const float *hidden = scratch->hidden;
        if (is_time_over(input))
            return false;
        encode(extractor, scratch, windows.items + first, end - first);
        for (size_t i = first; i < end; hidden += windows.items[i++].count * extractor->width)
            read_window(extractor, scratch, reading, &windows.items[i], hidden, prose);
    }
    return !is_time_over(input);
}

static bool is_blank(struct view text)
{
    for (size_t at = 0; at < text.len;)
        if (!utf8_is_space(utf8_next(text, &at)))
            return false;
    return true;
}

/* The prose alone, for what is said of the article as a whole. */
static struct view prose_of(const struct reading *reading)
{
    size_t length = 0;
    for (size_t i = 0; i < reading->sentence_count; i++)
        length += reading->sentences[i].span.end - reading->sentences[i].span.start + 1;
    char *prose = arena_take(reading->arena, length);
    size_t used = 0;
    for (size_t i = 0; i < reading->sentence_count; i++) {
        const struct sentence *sentence = &reading->sentences[i];
        if (!sentence->is_prose)
            continue;
        struct view text = reading_view(reading, sentence->span);
        memcpy(prose + used, text.data, text.len);
        used += text.len;
        prose[used++] = ' ';
    }
    return (struct view){.data = prose, .len = used};
}

/* Last of all, when everything is decided. */
static void calibrate_names(struct calibration_curve curve, struct entities entities)
{
    for (size_t i = 0; i < entities.count; i++)
        for (size_t k = 0; k < entities.items[i].mention_count; k++) {
            struct mention *mention = &entities.items[i].mentions[k];
            if (mention->kind == MENTION_NAME)
                mention->score = calibration_bend(curve, mention->score);
        }
}

static bool is_late(struct error *err)
{
    return error_set(err, ERROR_INPUT, "article.deadline", "reading this article takes more CPU time than article_ms allows");
}

bool extractor_run(const struct extractor *extractor, struct extractor_scratch *scratch,
                   const struct extractor_input *input, struct arena *arena, struct findings *out, struct error *err)
{
    if (is_blank(input->text))
        return error_set(err, ERROR_INPUT, "text.blank", "the text is empty or all white space");
    struct view text = input->hint_count ? input->text : wrapped_joined(input->text, arena); /* a page's lines are paragraphs */
    struct inserts inserts = inserts_find(text, arena);
    struct reading reading = {.text = inserts_blank(text, inserts, arena),
                              .title = input->title,
                              .listener = input->listener,
                              .arena = arena,
                              .is_cased = marks_is_cased(text),
                              .watched = extractor->watched};
    struct regions regions = boilerplate_mark(text, input->hints, input->hint_count, arena);
    split_sentences(&reading, &regions);
    regions = inserts_cut(text, regions, inserts, arena);
    if (!read_windows(extractor, scratch, &reading, true, input) ||
        !read_windows(extractor, scratch, &reading, false, input))
        return is_late(err);

    struct entities entities = entities_of(&reading, extractor->knowledge);
    if (is_time_over(input))
        return is_late(err);
    watched_settle(&reading);
    issues_settle(&reading, &entities, extractor->knowledge);
    struct stances stances = stances_of(&reading, entities.items, &extractor->thresholds, extractor->calibration.confidence);
    if (is_time_over(input))
        return is_late(err);
    stances_portray(&reading, entities.items, entities.count);
    entities_keep(&reading, &entities, &stances);
    calibrate_names(extractor->calibration.name, entities);
    struct view prose = prose_of(&reading);
    size_t topic_mention_count;
    struct topic_mention *topic_mentions = watched_mentions(&reading, &topic_mention_count);
    *out = (struct findings){.text = input->text,
                             .language = view_of(language_guess(prose)),
                             .regions = regions.items,
                             .region_count = regions.count,
                             .entities = entities.items,
                             .entity_count = entities.count,
                             .attributions = reading.attributions,
                             .attribution_count = reading.attribution_count,
                             .stances = stances.items,
                             .stance_count = stances.count,
                             .topic_mentions = topic_mentions,
                             .topic_mention_count = topic_mention_count,
                             .simhash = words_simhash(prose)};
    return true;
}

/* --- asking -------------------------------------------------------------------------------------------------------- */

static bool is_span_of(struct span span, struct view text)
{
    return span.start < span.end && span.end <= text.len;
}

/* The window around the mentions: all of a short text; of a longer one whole sentences around the target, the source's with
 * them where they fit. */
static const struct window *find_window(const struct windows *windows, const struct span *source, struct span target)
{
    const struct window *found = NULL;
    for (size_t i = 0; i < windows->count; i++) {
        const struct window *window = &windows->items[i];
        struct rows rows = window_rows(window, target);
        if (rows.start == rows.end)
            continue;
        if (!source)
            return window;
        struct rows holder = window_rows(window, *source);
        if (holder.start < holder.end)
            return window;
        if (!found)
            found = window;
    }
    return found;
}

bool extractor_ask(const struct extractor *extractor, struct extractor_scratch *scratch, struct view text,
                   const struct span *source, struct span target, struct arena *arena, float probabilities[3],
                   struct error *err)
{
    if (!is_span_of(target, text) || (source && !is_span_of(*source, text)))
        return error_set(err, ERROR_INPUT, "ask.span", "a span is empty or outside the text");
    struct reading reading = {.text = text, .arena = arena};
    struct region whole = {.kind = REGION_BODY, .span = {0, (uint32_t)text.len}};
    struct regions regions = {.items = &whole, .count = 1};
    split_sentences(&reading, &regions);
    struct windows windows = windows_of(&reading, extractor->tokenizer, extractor->window, true);
    const struct window *window = find_window(&windows, source, target);
    if (!window)
        return error_set(err, ERROR_INPUT, "ask.span", "the target's span holds no word");
    struct rows b = window_rows(window, target), a = source ? window_rows(window, *source) : (struct rows){0};
    if (source && a.start == a.end)
        return error_set(err, ERROR_INPUT, "ask.span", "source and target are too far apart, or the source's span holds no word");
    struct rows range = {.start = 1, .end = (uint32_t)window->count - 1};
    encode(extractor, scratch, window, 1);
    heads_pairs_prepare(extractor->heads, scratch->heads, scratch->hidden, window->count);
    if (source) {
        float stance[STANCE_CLASS_COUNT];
        heads_stance(extractor->heads, scratch->heads, scratch->hidden, a, b, range, stance);
        calibration_scale(extractor->calibration.stance, stance, STANCE_CLASS_COUNT, STANCE_NONE);
        probabilities[0] = stance[STANCE_A_AGAINST_B];
        probabilities[2] = stance[STANCE_A_FOR_B];
        probabilities[1] = 1 - probabilities[0] - probabilities[2];
    } else {
        heads_portrayal(extractor->heads, scratch->heads, scratch->hidden, b, range, probabilities);
        calibration_scale(extractor->calibration.portrayal, probabilities, PORTRAYAL_CLASS_COUNT, PORTRAYAL_NEUTRAL);
    }
    return true;
}

const char *extractor_model_name(const struct extractor *extractor)
{
    return model_file_config(extractor->file)->name;
}

const char *extractor_kernel_name(const struct extractor *extractor)
{
    return encoder_kernel_name(extractor->encoder);
}
