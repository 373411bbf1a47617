#include "processor/extract/attributions.h"

#include "processor/text/utf8.h"

/* A cue takes a source or a content from this probability on. A content without a cue is dropped: on PolNeAR dev three of four
 * such are none. */
static const float source_least = 0.5f, content_least = 0.2f;

static const char dash[] = "\xE2\x80\x94 "; /* U+2014, before the signature of a post */
enum { SIGNATURE_BYTES = 80, POST_BYTES = 1200 };

struct part {
    struct span span;
    struct rows rows;
    size_t word; /* of the window, where it starts */
    int cue;     /* index, or NOWHERE */
};

struct parts {
    struct part *items;
    size_t count;
};

/* Whether there is a letter or digit in the span: a lone quotation mark is no content. */
static bool has_word(const struct reading *reading, struct span span)
{
    struct view text = reading_view(reading, span);
    for (size_t at = 0; at < text.len;) {
        uint32_t code_point = utf8_next(text, &at);
        if (utf8_is_letter(code_point) || utf8_is_digit(code_point))
            return true;
    }
    return false;
}

/* The spans of one role's tags. A content may go on from sentence to sentence. */
static struct parts read_parts(const struct reading *reading, const struct window *window, const uint8_t *tags,
                               bool is_content)
{
    struct parts parts = {.items = arena_take_zeroed(reading->arena, window->word_count / 2 + 1, sizeof *parts.items)};
    for (size_t first = 0; first < window->word_count; first++) {
        if (tags[first] == TAG_OUTSIDE)
            continue;
        size_t last = first;
        while ((is_content ? window_goes_on(window, last) : window_keeps_on(reading, window, last)) && tags[last + 1] == TAG_INSIDE)
            last++;
        uint32_t end = last + 1 < window->word_count ? window->words[last + 1] : (uint32_t)window->count - 1;
        struct rows rows = {.start = window->words[first], .end = end};
        struct span span = {.start = window->spans[rows.start].start, .end = window->spans[end - 1].end};
        if (has_word(reading, span) && parts.count < window->word_count / 2 + 1)
            parts.items[parts.count++] = (struct part){.span = span, .rows = rows, .word = first, .cue = NOWHERE};
        first = last;
    }
    return parts;
}

static bool is_quote_at(struct view text, size_t at)
{
    if (text.data[at] == '"')
        return true;
    /* U+201C and U+201D */
    return at + 3 <= text.len && memcmp(text.data + at, "\xE2\x80", 2) == 0 &&
           ((unsigned char)text.data[at + 2] == 0x9C || (unsigned char)text.data[at + 2] == 0x9D);
}

static enum attribution_kind kind_of(const struct reading *reading, struct span content)
{
    if (content.start == content.end)
        return ATTRIBUTION_INDIRECT;
    size_t before = content.start >= 3 ? content.start - 3 : 0;
    bool opens = is_quote_at(reading->text, content.start);
    for (size_t at = before; at < content.start && !opens; at++)
        opens = is_quote_at(reading->text, at);
    if (opens)
        return ATTRIBUTION_DIRECT;
    for (size_t at = content.start; at < content.end; at++)
        if (is_quote_at(reading->text, at))
            return ATTRIBUTION_MIXED;
    return ATTRIBUTION_INDIRECT;
}

static void push(struct reading *reading, struct attribution attribution)
{
    reading->attributions = reading_room(reading->arena, reading->attributions, reading->attribution_count,
                                         &reading->attribution_room, sizeof attribution);
    reading->attributions[reading->attribution_count++] = attribution;
}

static void add(struct reading *reading, const struct part *source, const struct part *cue, const struct part *content)
{
    struct attribution attribution = {.entity = FINDINGS_NONE};
    if (source)
        attribution.source = source->span;
    if (cue)
        attribution.cue = cue->span;
    if (content)
        attribution.content = content->span;
    attribution.kind = kind_of(reading, attribution.content);
    push(reading, attribution);
}

struct linker {
    const struct heads *heads;
    struct heads_scratch *scratch;
    const float *hidden;
};

static float link_score(const struct linker *linker, const struct part *part, const struct part *cue, int role)
{
    int distance = (int)part->word - (int)cue->word;
    return heads_link(linker->heads, linker->scratch, linker->hidden, part->rows, cue->rows, distance, role);
}

/* Gives each content its likeliest cue, and each cue its likeliest source. */
static void link_parts(const struct linker *linker, struct parts cues, struct parts contents, struct parts sources,
                       const struct part **source_of)
{
    for (size_t i = 0; i < contents.count; i++) {
        float best = content_least;
        for (size_t c = 0; c < cues.count; c++) {
            float score = link_score(linker, &contents.items[i], &cues.items[c], ROLE_CONTENT);
            if (score > best) {
                best = score;
                contents.items[i].cue = (int)c;
            }
        }
    }
    for (size_t c = 0; c < cues.count; c++) {
        float best = source_least;
        for (size_t i = 0; i < sources.count; i++) {
            float score = link_score(linker, &sources.items[i], &cues.items[c], ROLE_SOURCE);
            if (score > best) {
                best = score;
                source_of[c] = &sources.items[i];
                sources.items[i].cue = (int)c;
            }
        }
    }
}

/* Where the signature before `handle` starts, behind its dash; `handle` if there is none on this line. */
static uint32_t find_signature(const struct reading *reading, uint32_t handle)
{
    const uint32_t length = (uint32_t)strlen(dash);
    const char *text = reading->text.data;
    for (uint32_t at = handle; at >= length && handle - at <= SIGNATURE_BYTES && text[at - 1] != '\n'; at--)
        if (memcmp(text + at - length, dash, length) == 0)
            return at;
    return handle;
}

/* The post that is signed by the name before `handle`: the line up to the dash. false: there is none. */
static bool read_post(const struct reading *reading, uint32_t handle, struct attribution *post)
{
    const char *text = reading->text.data;
    uint32_t name = find_signature(reading, handle);
    if (name == handle)
        return false;
    uint32_t end = name - (uint32_t)strlen(dash);
    while (end > 0 && text[end - 1] == ' ')
        end--;
    uint32_t start = end;
    while (start > 0 && text[start - 1] != '\n' && end - start <= POST_BYTES)
        start--;
    if (end - start > POST_BYTES)
        return false;
    *post = (struct attribution){.source = {name, handle}, .content = {start, end}, .kind = ATTRIBUTION_DIRECT, .entity = FINDINGS_NONE};
    return has_word(reading, post->content);
}

/* "... — Ann Lee (@annlee) May 4, 2018": posts that a page shows with their signature, a paragraph in the signer's words. */
static void add_posts(struct reading *reading, const struct window *window)
{
    static const char sign[] = " (@";
    uint32_t start = window->spans[1].start, end = window->spans[window->count - 2].end;
    while (start < end) {
        const char *found = memmem(reading->text.data + start, end - start, sign, strlen(sign));
        if (!found)
            return;
        uint32_t handle = (uint32_t)(found - reading->text.data);
        struct attribution post;
        if (read_post(reading, handle, &post))
            push(reading, post);
        start = handle + (uint32_t)strlen(sign);
    }
}

void attributions_add(struct reading *reading, const struct window *window, const struct heads *heads,
                      struct heads_scratch *scratch, const float *hidden, const uint8_t *tags)
{
    struct parts roles[ROLE_COUNT];
    for (size_t r = 0; r < ROLE_COUNT; r++)
        roles[r] = read_parts(reading, window, tags + r * window->word_count, r == ROLE_CONTENT);
    struct parts cues = roles[ROLE_CUE], contents = roles[ROLE_CONTENT], sources = roles[ROLE_SOURCE];
    struct linker linker = {.heads = heads, .scratch = scratch, .hidden = hidden};
    const struct part **source_of = arena_take_zeroed(reading->arena, cues.count + 1, sizeof *source_of);
    bool *is_used = arena_take_zeroed(reading->arena, cues.count + 1, sizeof *is_used);
    link_parts(&linker, cues, contents, sources, source_of);

    for (size_t i = 0; i < contents.count; i++) {
        int cue = contents.items[i].cue;
        if (cue == NOWHERE)
            continue;
        is_used[cue] = true;
        add(reading, source_of[cue], &cues.items[cue], &contents.items[i]);
    }
    for (size_t c = 0; c < cues.count; c++)
        if (!is_used[c])
            add(reading, source_of[c], &cues.items[c], NULL);
    for (size_t i = 0; i < sources.count; i++)
        if (sources.items[i].cue == NOWHERE)
            add(reading, &sources.items[i], NULL, NULL);
    add_posts(reading, window);
}

/* "officials at the Pentagon": what stands behind a preposition is not the head. */
static bool has_preposition(struct view between)
{
    static const char *const prepositions[] = {" of ", " at ", " in ", " for ", " from ", " with ", " to ", " by "};
    for (size_t i = 0; i < sizeof prepositions / sizeof *prepositions; i++)
        if (between.len > 0 && memmem(between.data, between.len, prepositions[i], strlen(prepositions[i])))
            return true;
    return false;
}

int32_t attributions_source_mark(const struct reading *reading, struct span source, size_t first, size_t end)
{
    int32_t head = NOWHERE;
    for (size_t i = first; i < end; i++) {
        const struct mark *mark = &reading->marks[i];
        if (!span_overlaps(source, mark->span) || mark->is_within || mark->is_saying)
            continue;
        if (mark->kind == MENTION_NAME && mark->type == ENTITY_PERSON)
            return (int32_t)i;
        struct view before = mark->span.start > source.start
                                 ? view_slice(reading->text, source.start, mark->span.start)
                                 : (struct view){0};
        if (head == NOWHERE && mark->type <= ENTITY_FACILITY && !has_preposition(before))
            head = (int32_t)i;
    }
    return head;
}
