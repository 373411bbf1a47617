#include "processor/text/sentences.h"

#include "processor/text/abbreviations.h"
#include "processor/text/utf8.h"

/* How far a decision looks back and ahead: longer than any abbreviation or starter, and what keeps it linear. */
enum { LOOK_BYTES = 32, OPENERS_MOST = 4 };

enum stop { STOP_NONE, STOP_DOT, STOP_STRONG, STOP_ELLIPSIS, STOP_IDEOGRAPHIC, STOP_LINE };

struct splitter {
    struct view text;
    size_t start, end; /* of the sentence being read, of the range */
    struct span *items;
    size_t count, capacity;
    struct arena *arena;
};

static enum stop stop_of(uint32_t c)
{
    switch (c) {
    case '.':
        return STOP_DOT;
    case '!': case '?': case 0x203C: case 0x2049: case 0x061F: case 0x06D4: case 0x0964:
        return STOP_STRONG;
    case 0x2026:
        return STOP_ELLIPSIS;
    case 0x3002: case 0xFF01: case 0xFF1F: case 0xFF61:
        return STOP_IDEOGRAPHIC;
    case '\n': case '\r': case '\v': case '\f': case 0x85: case 0x2028: case 0x2029:
        return STOP_LINE;
    default:
        return STOP_NONE;
    }
}

static bool is_closer(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' || c == '*' || c == 0x2019 || c == 0x201D ||
           c == 0xBB || c == 0x203A || c == 0x300D || c == 0x300F || c == 0xFF09;
}

static bool is_closing_quote(uint32_t c)
{
    return c == '"' || c == '\'' || c == 0x2019 || c == 0x201D || c == 0xBB || c == 0x203A;
}

static bool is_opener(uint32_t c)
{
    return c == '"' || c == '\'' || c == '(' || c == '[' || c == '*' || c == 0x2018 || c == 0x201C || c == 0x201E ||
           c == 0xAB || c == 0x2039 || c == 0xBF || c == 0xA1 || c == '-' || c == 0x2013 || c == 0x2014 || c == 0x2022;
}

static bool is_ascii_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_ascii_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_ascii_letter(char c)
{
    return is_ascii_small(c) || is_ascii_capital(c);
}

/* Inside a word, so also inside "U.S" or "Coca-Cola": what a token may be made of. */
static bool is_token_byte(char c)
{
    return (unsigned char)c >= 0x80 || c == '.' || c == '-' || c == '&' || (c >= '0' && c <= '9') || is_ascii_letter(c);
}

/* The letters, digits and inner stops right before `stop`. Empty where they are longer than any abbreviation. */
static struct view token_before(const struct splitter *s, size_t stop)
{
    size_t start = stop;
    while (start > s->start && is_token_byte(s->text.data[start - 1])) {
        start--;
        if (stop - start > LOOK_BYTES)
            return view_slice(s->text, stop, stop);
    }
    struct view token = view_slice(s->text, start, stop);
    const char *joint = memrchr(token.data, '-', token.len);
    size_t skip = joint ? (size_t)(joint + 1 - token.data) : 0;
    return view_slice(token, skip, token.len);
}

static struct view word_at(const struct splitter *s, size_t start)
{
    size_t end = start;
    while (end < s->end && end - start < LOOK_BYTES && is_ascii_letter(s->text.data[end]))
        end++;
    return view_slice(s->text, start, end);
}

/* Letters each followed by a stop, but for the last: "U.S", "a.m", "J". */
static bool is_initials(struct view token)
{
    for (size_t i = 0; i < token.len; i++)
        if (i % 2 ? token.data[i] != '.' : !is_ascii_letter(token.data[i]))
            return false;
    return token.len % 2 == 1;
}

static bool is_number(struct view token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.data[i] < '0' || token.data[i] > '9')
            return false;
    return token.len > 0;
}

/* "iPhone", "eBay", "al-Shabab": begins small and can begin a sentence. */
static bool is_small_name(const struct splitter *s, size_t start)
{
    struct view word = word_at(s, start);
    size_t small = 0;
    while (small < word.len && is_ascii_small(word.data[small]))
        small++;
    if (small < word.len)
        return small <= 2;
    size_t joint = start + word.len;
    return word.len == 2 && joint + 1 < s->end && s->text.data[joint] == '-' &&
           is_ascii_capital(s->text.data[joint + 1]);
}

/* The first visible character at or behind `at`, or the line's or the range's end. */
static size_t spaces_end(const struct splitter *s, size_t at)
{
    while (at < s->end) {
        size_t ahead = at;
        uint32_t c = utf8_next(s->text, &ahead);
        if (!utf8_is_space(c) || stop_of(c) == STOP_LINE)
            break;
        at = ahead;
    }
    return at;
}

/* Whether a full stop behind `token` ends the sentence where `next` begins a capitalised word. */
static bool dot_ends_before_capital(const struct splitter *s, struct view token, size_t next)
{
    struct view word = word_at(s, next);
    bool is_starter = abbreviation_is_starter(word);
    if (is_initials(token)) {
        bool is_time = token.len == 3 && (token.data[0] | 0x20) != 'u' && (token.data[2] | 0x20) == 'm';
        return is_time ? !abbreviation_is_time_word(word) : is_starter;
    }
    if (is_number(token) && token.len <= 2 && token.data == s->text.data + spaces_end(s, s->start))
        return false; /* "1. Blue": the number of an item, not a sentence */
    switch (abbreviation_find(token)) {
    case ABBREVIATION_TITLE:
        return false;
    case ABBREVIATION_MONTH:
    case ABBREVIATION_WORD:
        return is_starter;
    case ABBREVIATION_NUMBER:
    case ABBREVIATION_NONE:
        break;
    }
    return true;
}

/* Not in "No. 5", "Jan. 31", "A.D. 250", "(I-Vt.) 2016". */
static bool dot_ends_before_digit(struct view token)
{
    return abbreviation_find(token) == ABBREVIATION_NONE && !is_initials(token);
}

/* "... fight.The", "... politics."House": a space was lost, as scrapers do where a tag stood. Only behind a word of small
 * letters and before a capitalised one, so that "Booking.com", "3.5", "U.S." and "Node.JS" stay whole. */
static bool is_lost_space(const struct splitter *s, size_t stop, size_t next)
{
    struct view token = token_before(s, stop), word = word_at(s, next);
    for (size_t i = 0; i < token.len; i++)
        if (!is_ascii_small(token.data[i]))
            return false;
    bool is_name_part = next + word.len < s->end && is_token_byte(s->text.data[next + word.len]);
    return token.len >= 3 && !is_name_part && abbreviation_find(token) == ABBREVIATION_NONE &&
           (word.len == 1 || (word.len > 1 && is_ascii_small(word.data[1])));
}

/* Whether the sentence ends between the stop at `stop` (its closers, if any, end at `behind`) and the visible
 * character at `next`. */
static bool ends_here(const struct splitter *s, enum stop kind, size_t stop, size_t behind, bool is_quoted, size_t next)
{
    if (next >= s->end)
        return true;
    size_t ahead = next, word = next;
    uint32_t c = utf8_next(s->text, &ahead);
    for (int i = 0; i < OPENERS_MOST && is_opener(c) && ahead < s->end; i++) {
        word = ahead;
        c = utf8_next(s->text, &ahead);
    }
    bool has_space = next > behind;
    if (utf8_is_lower(c))
        return has_space && kind == STOP_DOT && is_small_name(s, word) &&
               abbreviation_find(token_before(s, stop)) == ABBREVIATION_NONE;
    if (!has_space)
        return kind != STOP_ELLIPSIS && utf8_is_upper(c) && is_lost_space(s, stop, word);
    if (utf8_is_digit(c))
        return kind != STOP_DOT || dot_ends_before_digit(token_before(s, stop));
    if (utf8_is_letter(c))
        return kind != STOP_DOT || is_quoted || dot_ends_before_capital(s, token_before(s, stop), word);
    return stop_of(c) == STOP_NONE && c != ',' && c != ';' && c != ':' && c != '%';
}

static void sentence_add(struct splitter *s, size_t end)
{
    size_t start = s->start;
    s->start = end;
    for (size_t at = start; at < end && utf8_is_space(utf8_next(s->text, &at)); start = at)
        ;
    while (end > start) {
        size_t last = end - 1;
        while (last > start && ((unsigned char)s->text.data[last] & 0xC0) == 0x80)
            last--;
        size_t at = last;
        if (!utf8_is_space(utf8_next(s->text, &at)))
            break;
        end = last;
    }
    if (start == end)
        return;
    if (s->count == s->capacity) {
        size_t capacity = s->capacity ? 2 * s->capacity : 16;
        struct span *items = arena_take(s->arena, capacity * sizeof *items);
        if (s->count)
            memcpy(items, s->items, s->count * sizeof *items);
        s->items = items;
        s->capacity = capacity;
    }
    s->items[s->count++] = (struct span){.start = (uint32_t)start, .end = (uint32_t)end};
}

/* Behind the number of a footnote, "[12]", that begins at `at`; `at` itself where there is none. */
static size_t footnote_end(const struct splitter *s, size_t at)
{
    if (s->text.data[at] != '[')
        return at;
    size_t end = at + 1;
    while (end < s->end && end - at <= 3 && s->text.data[end] >= '0' && s->text.data[end] <= '9')
        end++;
    return end > at + 1 && end < s->end && s->text.data[end] == ']' ? end + 1 : at;
}

/* Behind further stops, closers and footnotes that belong to the stop that ends at `at`. */
static size_t stop_end(const struct splitter *s, size_t at, enum stop *kind, bool *is_quoted)
{
    size_t dots = *kind == STOP_DOT;
    while (at < s->end) {
        size_t ahead = at;
        uint32_t c = utf8_next(s->text, &ahead);
        enum stop more = stop_of(c);
        if (c == '[')
            ahead = footnote_end(s, at);
        if (ahead == at || (more == STOP_NONE ? c != '[' && !is_closer(c) : more == STOP_LINE))
            break;
        dots += more == STOP_DOT;
        if (more != STOP_NONE && more != STOP_DOT)
            *kind = more;
        *is_quoted |= is_closing_quote(c);
        at = ahead;
    }
    if (*kind == STOP_DOT && dots > 1)
        *kind = STOP_ELLIPSIS;
    return at;
}

struct sentences sentences_split(struct view text, struct span within, struct arena *arena)
{
    struct splitter s = {.text = text, .start = within.start, .end = within.end, .arena = arena};
    size_t at = within.start;
    while (at < s.end) {
        size_t stop = at;
        enum stop kind = stop_of(utf8_next(text, &at));
        if (kind == STOP_NONE)
            continue;
        if (kind == STOP_LINE) {
            sentence_add(&s, stop);
            continue;
        }
        bool is_quoted = false;
        size_t behind = stop_end(&s, at, &kind, &is_quoted);
        size_t next = spaces_end(&s, behind);
        if (kind == STOP_IDEOGRAPHIC || ends_here(&s, kind, stop, behind, is_quoted, next))
            sentence_add(&s, behind);
        at = behind;
    }
    sentence_add(&s, s.end);
    return (struct sentences){.items = s.items, .count = s.count};
}
