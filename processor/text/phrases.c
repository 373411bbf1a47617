#include "processor/text/phrases.h"

#include "processor/text/phrase_lists.h"
#include "processor/text/utf8.h"

enum how {
    WHOLE,      /* the line is the phrase */
    START,      /* it begins with it */
    OPEN_START, /* it begins with it and does not end as a sentence */
    CALL        /* it begins with it and holds one of call_objects */
};

struct list {
    const char *const *phrases;
    size_t count;
    enum how how;
    enum region_kind kind;
    size_t words_most; /* longer lines are prose that happens to begin so */
    bool opens_list;
};

#define LIST(name) name, sizeof name / sizeof *name

static const struct list lists[] = {
    {LIST(advertisement_lines), WHOLE, REGION_ADVERTISEMENT, 12, false},
    {LIST(related_lines), WHOLE, REGION_RELATED, 12, true},
    {LIST(navigation_lines), WHOLE, REGION_NAVIGATION, 12, false},
    {LIST(promotion_lines), WHOLE, REGION_PROMOTION, 12, false},
    {LIST(byline_lines), WHOLE, REGION_BYLINE, 12, false},
    {LIST(navigation_starts), START, REGION_NAVIGATION, 14, false},
    {LIST(promotion_starts), START, REGION_PROMOTION, 45, false},
    {LIST(promotion_calls), CALL, REGION_PROMOTION, 45, false},
    {LIST(caption_starts), START, REGION_CAPTION, 90, false},
    {LIST(related_starts), START, REGION_RELATED, 40, false},
    {LIST(related_headings), OPEN_START, REGION_RELATED, 40, false},
    {LIST(byline_starts), OPEN_START, REGION_BYLINE, 14, false},
    {LIST(credit_starts), START, REGION_BYLINE, 60, false},
    {LIST(summary_starts), START, REGION_SUMMARY, 60, false},
    {LIST(footer_starts), START, REGION_FOOTER, 60, false},
};

/* The parts of a line that are looked at: its start and its end, normalised. */
enum { SOURCE_BYTES = 360, CREDIT_WORDS_MOST = 9, CREDIT_LINE_WORDS_MOST = 120, TEASER_WORDS_MOST = 30 };
struct normal {
    char data[SOURCE_BYTES]; /* normalising never lengthens */
    size_t len;
};

static bool is_alphanumeric(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x80 || utf8_is_letter(byte) || utf8_is_digit(byte);
}

static char ascii_form(uint32_t c)
{
    switch (c) {
    case 0x2018: case 0x2019: return '\'';
    case 0x201C: case 0x201D: return '"';
    case 0x2013: case 0x2014: return '-';
    default: return c < 0x80 ? (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c) : 0;
    }
}

static void line_normalise(struct view part, struct normal *out)
{
    out->len = 0;
    for (size_t at = 0; at < part.len;) {
        size_t start = at;
        uint32_t c = utf8_next(part, &at);
        char last = out->len ? out->data[out->len - 1] : ' ';
        char form = ascii_form(c);
        if (utf8_is_space(c)) {
            if (last != ' ')
                out->data[out->len++] = ' ';
        } else if (utf8_is_digit(c)) {
            if (last != '0')
                out->data[out->len++] = '0';
        } else if (form) {
            out->data[out->len++] = form;
        } else {
            memcpy(out->data + out->len, part.data + start, at - start);
            out->len += at - start;
        }
    }
}

static const char MARKS[] = "-*>|([<#~_+ ", BULLET[] = "\xE2\x80\xA2";

/* Without bullets, brackets and the like in front. Quotes stay: "Join us", they said, is not the page's call. */
static struct view marks_skip(struct view line)
{
    size_t start = 0;
    while (start < line.len) {
        if (memchr(MARKS, line.data[start], sizeof MARKS - 1))
            start++;
        else if (view_starts_with(view_slice(line, start, line.len), view_of(BULLET)))
            start += sizeof BULLET - 1;
        else
            break;
    }
    return view_slice(line, start, line.len);
}

static struct view marks_trim(struct view line)
{
    while (line.len && !is_alphanumeric(line.data[line.len - 1]))
        line.len--;
    size_t start = 0;
    while (start < line.len && !is_alphanumeric(line.data[start]))
        start++;
    return view_slice(line, start, line.len);
}

static int phrase_compare(struct view line, const char *phrase)
{
    size_t len = strlen(phrase);
    int order = memcmp(line.data, phrase, line.len < len ? line.len : len);
    return order ? order : (line.len > len) - (line.len < len);
}

/* How many of the list's phrases are not behind `line` in byte order. */
static size_t phrases_before(const struct list *list, struct view line)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (phrase_compare(line, list->phrases[middle]) >= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the line begins with a phrase of the list, which then ends at a word's end. */
static bool begins_with_phrase(const struct list *list, struct view line)
{
    for (size_t i = phrases_before(list, line); i-- > 0 && list->phrases[i][0] == line.data[0];) {
        struct view phrase = view_of(list->phrases[i]);
        if (view_starts_with(line, phrase) &&
            (line.len == phrase.len || !is_alphanumeric(line.data[phrase.len]) || !is_alphanumeric(phrase.data[phrase.len - 1])))
            return true;
    }
    return false;
}

static bool is_phrase(const struct list *list, struct view line)
{
    size_t before = phrases_before(list, line);
    return before && view_equal(line, view_of(list->phrases[before - 1]));
}

static bool holds_call_object(struct view line)
{
    struct view trimmed = marks_trim(line);
    if (trimmed.len > 5 && view_equal(view_slice(trimmed, trimmed.len - 5, trimmed.len), view_of(" here")))
        return true;
    for (size_t i = 0; i < sizeof call_objects / sizeof *call_objects; i++)
        if (memmem(line.data, line.len, call_objects[i], strlen(call_objects[i])))
            return true;
    return false;
}

static bool list_matches(const struct list *list, struct view start, bool ends_as_sentence)
{
    switch (list->how) {
    case WHOLE:
        return is_phrase(list, marks_trim(start));
    case START:
        return begins_with_phrase(list, start);
    case OPEN_START:
        return !ends_as_sentence && begins_with_phrase(list, start);
    case CALL:
        return begins_with_phrase(list, start) && holds_call_object(start);
    }
    return false;
}

static bool is_phrase_in(struct view text, const char *const *phrases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (memmem(text.data, text.len, phrases[i], strlen(phrases[i])))
            return true;
    return false;
}

static size_t words_in(struct view text)
{
    size_t words = 0;
    for (size_t i = 0; i < text.len; i++)
        words += text.data[i] != ' ' && (i == 0 || text.data[i - 1] == ' ');
    return words;
}

/* Whether `end`, the last part of a line, closes with the credit of a picture. In running prose the same words end with
 * a full stop ("... posted by Getty Images."). */
static bool ends_with_picture_credit(struct view end, bool ends_as_sentence)
{
    if (ends_as_sentence)
        return false;
    for (size_t i = 0; i < sizeof picture_credits / sizeof *picture_credits; i++) {
        const char *credit = picture_credits[i];
        size_t len = strlen(credit);
        const char *found = memmem(end.data, end.len, credit, len);
        if (!found)
            continue;
        struct view rest = view_slice(end, (size_t)(found - end.data), end.len);
        bool begins = found == end.data || !is_alphanumeric(*credit) || !is_alphanumeric(found[-1]);
        bool closes = rest.len == len || !is_alphanumeric(credit[len - 1]) || !is_alphanumeric(rest.data[len]);
        if (begins && closes && words_in(rest) <= CREDIT_WORDS_MOST)
            return true;
    }
    return false;
}

static bool credit_find(struct view end, size_t word_count, bool ends_as_sentence, struct phrase *phrase)
{
    phrase->opens_list = false;
    if (word_count > CREDIT_LINE_WORDS_MOST)
        return false;
    if (ends_with_picture_credit(end, ends_as_sentence))
        phrase->kind = REGION_CAPTION;
    else if (is_phrase_in(end, work_credits, sizeof work_credits / sizeof *work_credits))
        phrase->kind = REGION_BYLINE;
    else if (is_phrase_in(end, rights, sizeof rights / sizeof *rights))
        phrase->kind = REGION_FOOTER;
    else
        return false;
    return true;
}

/* Moves `at` to the next boundary of a code point. */
static size_t boundary_after(struct view text, size_t at)
{
    while (at < text.len && ((unsigned char)text.data[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* A full stop or exclamation mark, but for that of "5 p.m.". */
static bool ends_with_stop(struct view end)
{
    if (end.len >= 4 && memcmp(end.data + end.len - 3, ".m.", 3) == 0)
        return false;
    return end.len && (end.data[end.len - 1] == '.' || end.data[end.len - 1] == '!');
}

/* A gallery's captions, which its page runs together in one long line: "... Hide Caption 3 of 21 Photos: ...". */
static bool is_gallery(struct view line)
{
    static const char button[] = "Hide Caption ";
    const char *found = memmem(line.data, line.len, button, strlen(button)), *next = found ? found + strlen(button) : NULL;
    return found && next < line.data + line.len && *next >= '0' && *next <= '9';
}

/* Another article's headline with its button behind: "Who pays for the wall Read more". */
static bool ends_with_button(struct view line, size_t word_count)
{
    static const char *const buttons[] = {" Read more", " Read More", " READ MORE", " Read more \xC2\xBB"};
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons && word_count <= TEASER_WORDS_MOST; i++) {
        size_t length = strlen(buttons[i]);
        if (line.len > length && memcmp(line.data + line.len - length, buttons[i], length) == 0)
            return true;
    }
    return false;
}

bool phrase_find(struct view line, size_t word_count, struct phrase *phrase)
{
    bool is_captions = is_gallery(line);
    if (is_captions || ends_with_button(line, word_count)) {
        *phrase = (struct phrase){.kind = is_captions ? REGION_CAPTION : REGION_RELATED, .opens_list = false};
        return true;
    }
    struct normal start, end;
    size_t head = line.len <= SOURCE_BYTES ? line.len : boundary_after(line, SOURCE_BYTES - 4);
    line_normalise(view_slice(line, 0, head), &start);
    line_normalise(view_slice(line, line.len <= 120 ? 0 : boundary_after(line, line.len - 120), line.len), &end);
    struct view head_view = marks_skip((struct view){.data = start.data, .len = start.len});
    struct view end_view = {.data = end.data, .len = end.len};
    bool ends_as_sentence = ends_with_stop(end_view);

    for (size_t i = 0; head_view.len && i < sizeof lists / sizeof *lists; i++) {
        if (word_count <= lists[i].words_most && list_matches(&lists[i], head_view, ends_as_sentence)) {
            *phrase = (struct phrase){.kind = lists[i].kind, .opens_list = lists[i].opens_list};
            return true;
        }
    }
    return credit_find(end_view, word_count, ends_as_sentence, phrase);
}

bool phrase_table_is_sound(void)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (size_t j = 0; j < lists[i].count; j++) {
            struct view phrase = view_of(lists[i].phrases[j]);
            struct view trimmed = lists[i].how == WHOLE ? marks_trim(phrase) : marks_skip(phrase);
            if (!view_equal(phrase, trimmed) || (j && strcmp(lists[i].phrases[j - 1], lists[i].phrases[j]) >= 0))
                return false;
        }
    }
    return true;
}
