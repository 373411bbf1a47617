#include "processor/text/boilerplate.h"

#include "processor/text/phrases.h"
#include "processor/text/utf8.h"

#include <stdbool.h>

enum {
    PROSE_WORDS = 8,         /* a line of so many words that ends as a sentence is prose */
    TITLE_WORDS_LEAST = 3,
    TITLE_WORDS_MOST = 22,
    HEADLINE_WORDS_LEAST = 8, /* of a related headline; crossheads are shorter */
    HEADLINE_WORDS_MOST = 24,
    MENU_WORDS_MOST = 5,     /* of a line of navigation */
    BYLINE_WORDS_MOST = 10,
    LIST_WORDS_MOST = 25,    /* of a line in a list of headlines */
    CALL_LINES_MOST = 4,     /* between a promotion's first line and its button */
    TOP_LINES_MOST = 40,     /* where a title is looked for */
    PROSE_PER_HEADLINE = 4   /* fewer prose lines than this for each headline: these are the text's own headings */
};

/* One line of the text that is not blank. */
struct line {
    struct span span; /* trimmed */
    uint32_t words, capital_words, number_words; /* all; those that begin with a capital letter, with a digit */
    uint8_t kind;                                /* enum region_kind */
    bool is_decided : 1, opens_list : 1;         /* by a hint or by its words */
    bool has_gap_before : 1, has_gap_after : 1;  /* a blank line, or the text's edge */
    bool ends_sentence : 1, ends_open : 1, is_prose : 1, is_bullet : 1, is_caps : 1, is_quote : 1;
    bool has_inner_stop : 1;    /* so more than one sentence */
    bool has_headline_mark : 1; /* ':', ';' or a dash between words */
    bool is_dateline : 1;       /* "TEHRAN - ..." */
    bool has_address : 1;       /* '@' or "//": a tweet or a link */
};

struct lines {
    struct line *items;
    size_t count;
    size_t prose_count;
    bool is_paragraphed; /* prose lines are paragraphs, so a lone line without a stop means something */
    bool has_gaps;       /* ... and paragraphs stand apart by blank lines */
};

const char *region_kind_name(enum region_kind kind)
{
    static const char *const names[] = {
#define X(name, text) [REGION_##name] = text,
        REGION_KINDS(X)
#undef X
    };
    return names[kind];
}

static bool is_break(uint32_t c)
{
    return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_closing(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == '*' || c == 0x2019 || c == 0x201D || c == 0xBB;
}

static bool is_bullet(uint32_t c)
{
    return c == 0x2022 || c == 0x2023 || c == 0x25E6 || c == 0x25AA || c == 0x25CF || c == 0x25A0 || c == 0xB7 || c == '*' ||
           c == '-';
}

static bool is_stop(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026;
}

static bool is_dash(uint32_t c)
{
    return c == '-' || c == 0x2013 || c == 0x2014;
}

/* The characters around one place of a line. */
struct reading {
    uint32_t last, last_but_one; /* 0 before the line's first */
    uint32_t last_but_closing;            /* without quotes and brackets that close */
    size_t capitals, smalls;
};

/* Takes in the next character. */
static void line_step(struct line *line, struct reading *reading, uint32_t c)
{
    uint32_t last = reading->last;
    bool is_space = utf8_is_space(c), begins_word = !is_space && (last == 0 || utf8_is_space(last));
    line->words += begins_word;
    line->capital_words += begins_word && utf8_is_upper(c);
    line->number_words += begins_word && utf8_is_digit(c);
    line->has_inner_stop |= is_space && is_stop(reading->last_but_closing) && !utf8_is_upper(reading->last_but_one);
    bool is_dash_between = is_dash(last) && utf8_is_space(reading->last_but_one);
    line->has_headline_mark |= is_space && (last == ':' || last == ';' || is_dash_between);
    line->is_dateline |= is_dash(c) && line->words <= 5 && reading->capitals >= 4 && reading->smalls == 0;
    line->has_address |= c == '@' || (c == '/' && last == '/');
    reading->capitals += utf8_is_upper(c);
    reading->smalls += utf8_is_lower(c);
    if (!is_closing(c) && !is_space)
        reading->last_but_closing = c;
    reading->last_but_one = last;
    reading->last = c;
}

/* What the letters and marks of a line say; fills all but gaps and kind. `span` is trimmed and not empty. */
static void line_look(struct view text, struct line *line)
{
    struct reading reading = {0};
    size_t at = line->span.start;
    uint32_t first = utf8_next(text, &at);
    for (at = line->span.start; at < line->span.end;)
        line_step(line, &reading, utf8_next(text, &at));
    uint32_t last = reading.last;
    line->is_bullet = is_bullet(first);
    line->is_quote = first == '"' || first == 0x201C || first == 0xAB || last == '"' || last == 0x201D || last == 0xBB;
    line->ends_sentence = is_stop(reading.last_but_closing);
    line->ends_open = last == ':' || last == ',' || last == ';' || is_dash(last);
    line->is_caps = reading.smalls == 0 && reading.capitals >= 4;
    line->is_prose = line->ends_sentence && line->words >= PROSE_WORDS;
}

/* Trims text[start, end); false where nothing is left. */
static bool span_trim(struct view text, size_t start, size_t end, struct span *span)
{
    size_t first = start, last = end;
    for (size_t at = start; at < end && utf8_is_space(utf8_next(text, &at)); first = at)
        ;
    while (last > first) {
        size_t previous = last - 1;
        while (previous > first && ((unsigned char)text.data[previous] & 0xC0) == 0x80)
            previous--;
        size_t at = previous;
        if (!utf8_is_space(utf8_next(text, &at)))
            break;
        last = previous;
    }
    *span = (struct span){.start = (uint32_t)first, .end = (uint32_t)last};
    return first < last;
}

static size_t lines_count(struct view text)
{
    size_t count = 0;
    bool is_blank = true;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = utf8_next(text, &at);
        if (is_break(c)) {
            is_blank = true;
        } else if (is_blank && !utf8_is_space(c)) {
            is_blank = false;
            count++;
        }
    }
    return count;
}

static struct lines lines_read(struct view text, struct arena *arena)
{
    struct lines lines = {.items = arena_take_zeroed(arena, lines_count(text), sizeof(struct line))};
    bool has_gap = true;
    for (size_t at = 0, start = 0; start < text.len; start = at) {
        size_t end = at;
        bool was_return = false;
        while (at < text.len) {
            end = at;
            uint32_t c = utf8_next(text, &at);
            was_return = c == '\r';
            if (is_break(c))
                break;
            end = at;
        }
        if (was_return && at < text.len && text.data[at] == '\n')
            at++;
        struct span span;
        if (!span_trim(text, start, end, &span)) {
            has_gap = true;
            if (lines.count)
                lines.items[lines.count - 1].has_gap_after = true;
            continue;
        }
        struct line *line = &lines.items[lines.count++];
        line->span = span;
        line->has_gap_before = has_gap;
        has_gap = false;
        line_look(text, line);
        lines.prose_count += line->is_prose;
    }
    if (lines.count)
        lines.items[lines.count - 1].has_gap_after = true;
    return lines;
}

/* Texts that put one sentence on each line (data sets do) have no paragraphs: there a short line without a full stop is
 * a sentence like any other. */
static void layout_look(struct lines *lines)
{
    size_t apart = 0, several = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        apart += line->is_prose && line->has_gap_before;
        several += line->is_prose && line->has_inner_stop;
    }
    lines->has_gaps = lines->prose_count >= 3 && apart * 10 >= lines->prose_count * 7;
    lines->is_paragraphed = lines->prose_count >= 3 && (lines->has_gaps || several * 10 >= lines->prose_count * 4);
}

static void line_decide(struct line *line, enum region_kind kind)
{
    line->kind = (uint8_t)kind;
    line->is_decided = true;
}

static bool has_letters_or_digits(struct view line)
{
    for (size_t at = 0; at < line.len;) {
        uint32_t c = utf8_next(line, &at);
        if (utf8_is_letter(c) || utf8_is_digit(c))
            return true;
    }
    return false;
}

static bool is_address(struct view line)
{
    return (view_starts_with(line, view_of("http://")) || view_starts_with(line, view_of("https://"))) &&
           memchr(line.data, ' ', line.len) == NULL;
}

/* What each line's own words say. */
static void words_decide(struct view text, struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        struct view words = view_slice(text, line->span.start, line->span.end);
        struct phrase phrase;
        if (line->is_decided && line->kind != REGION_BODY)
            continue;
        if (phrase_find(words, line->words, &phrase)) {
            line_decide(line, phrase.kind);
            line->opens_list = phrase.opens_list;
        } else if (is_address(words) || !has_letters_or_digits(words)) {
            line_decide(line, REGION_NAVIGATION);
        }
    }
}

/* The kinds that mark-up tells, for lines of which a hint covers the first byte. */
static void hints_decide(struct lines *lines, const struct text_hint *hints, size_t hint_count)
{
    size_t next = 0;
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        while (next < hint_count && hints[next].span.end <= line->span.start)
            next++;
        if (next < hint_count && hints[next].span.start <= line->span.start)
            line_decide(line, hints[next].kind);
    }
}

/* Lines between a promotion's first line and its button, all in one block: "Get more with ..." / ... / "Learn more". */
static void promotions_fill(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->items[i].kind != REGION_PROMOTION)
            continue;
        size_t last = i;
        for (size_t j = i + 1; j < lines->count && j <= i + CALL_LINES_MOST && !lines->items[j].has_gap_before; j++)
            if (lines->items[j].kind == REGION_PROMOTION)
                last = j;
        for (size_t j = i + 1; j < last; j++)
            if (!lines->items[j].is_prose)
                line_decide(&lines->items[j], REGION_PROMOTION);
    }
}

/* Headlines below "Related stories" and the like, up to the next prose. */
static void lists_fill(struct lines *lines)
{
    bool is_open = false;
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        if (line->opens_list)
            is_open = true;
        else if (line->is_prose || line->words > LIST_WORDS_MOST || line->ends_sentence)
            is_open = false;
        else if (is_open && !line->is_decided)
            line_decide(line, REGION_RELATED);
    }
}

static bool is_title_like(const struct lines *lines, const struct line *line)
{
    return !line->is_decided && (line->has_gap_after || !lines->has_gaps) && !line->has_inner_stop &&
           !line->is_bullet && !line->ends_open && !line->ends_sentence && !line->is_dateline &&
           line->words >= TITLE_WORDS_LEAST && line->words <= TITLE_WORDS_MOST;
}

/* The first prose line, or `count`. */
static size_t first_prose(const struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->items[i].is_prose && !lines->items[i].is_bullet &&
            (!lines->items[i].is_decided || lines->items[i].kind == REGION_BODY))
            return i;
    return lines->count;
}

/* "By Anna Berg and Tom Hale", above the first prose. */
static bool is_byline(struct view text, const struct line *line)
{
    struct view words = view_slice(text, line->span.start, line->span.end);
    bool begins = view_starts_with(words, view_of("By ")) || view_starts_with(words, view_of("BY "));
    return begins && !line->ends_sentence && line->words >= 2 && line->words <= BYLINE_WORDS_MOST &&
           line->capital_words * 10 >= line->words * 6;
}

/* The title, the author and the bullets below it, and menus above it. Everything that stands above the first prose. */
static void top_decide(struct view text, struct lines *lines)
{
    size_t prose = first_prose(lines), title = 0;
    bool has_clutter = false;
    if (prose > TOP_LINES_MOST || prose == lines->count)
        return;
    for (size_t i = 0; i < prose; i++)
        if (!lines->items[i].is_decided && is_byline(text, &lines->items[i]))
            line_decide(&lines->items[i], REGION_BYLINE);
    while (title < prose && !is_title_like(lines, &lines->items[title])) {
        has_clutter |= lines->items[title].is_decided;
        title++;
    }
    if (title == prose)
        return;
    line_decide(&lines->items[title], REGION_TITLE);
    for (size_t i = 0; i < title; i++)
        if (has_clutter && !lines->items[i].is_decided && lines->items[i].words <= MENU_WORDS_MOST)
            line_decide(&lines->items[i], REGION_NAVIGATION);
    for (size_t i = title + 1; i < prose; i++)
        if (lines->items[i].is_bullet && !lines->items[i].is_decided)
            line_decide(&lines->items[i], REGION_SUMMARY);
}

static bool is_body_prose(const struct line *line)
{
    return line->is_prose && (!line->is_decided || line->kind == REGION_BODY);
}

/* Something that sentences rarely have and headlines often do; lines from lists of results and tweets are not it. */
static bool has_headline_form(const struct line *line)
{
    if (line->ends_sentence || line->ends_open || line->is_bullet || line->is_quote || line->is_dateline ||
        line->has_address || line->number_words > 2)
        return false;
    return line->has_headline_mark || line->is_caps || line->capital_words * 10 >= line->words * 7;
}

/* A lone line that reads like the headline of another article: long for a crosshead, no stop, between prose. */
static bool is_headline_like(const struct lines *lines, size_t i)
{
    const struct line *line = &lines->items[i];
    if (i == 0 || i + 1 >= lines->count || line->is_decided || line->words < HEADLINE_WORDS_LEAST ||
        line->words > HEADLINE_WORDS_MOST || !has_headline_form(line))
        return false;
    bool is_apart = !lines->has_gaps || (line->has_gap_before && line->has_gap_after);
    return is_apart && is_body_prose(&lines->items[i - 1]) && is_body_prose(&lines->items[i + 1]);
}

static void headlines_decide(struct lines *lines)
{
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++)
        count += is_headline_like(lines, i);
    if (count * PROSE_PER_HEADLINE > lines->prose_count)
        return;
    for (size_t i = 0; i < lines->count; i++)
        if (is_headline_like(lines, i))
            line_decide(&lines->items[i], REGION_RELATED);
}

struct regions boilerplate_mark(struct view text, const struct text_hint *hints, size_t hint_count, struct arena *arena)
{
    struct lines lines = lines_read(text, arena);
    layout_look(&lines);
    hints_decide(&lines, hints, hint_count);
    words_decide(text, &lines);
    promotions_fill(&lines);
    lists_fill(&lines);
    if (lines.is_paragraphed && hint_count == 0) {
        top_decide(text, &lines);
        headlines_decide(&lines);
    }

    struct regions regions = {.items = arena_take(arena, lines.count * sizeof(struct region)), .count = lines.count};
    for (size_t i = 0; i < lines.count; i++)
        regions.items[i] = (struct region){.kind = lines.items[i].kind, .span = lines.items[i].span};
    return regions;
}
