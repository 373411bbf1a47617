#include "processor/ingest/ledger.h"

#include "processor/runtime/memory.h"

#include <stdlib.h>

enum { DIGIT_BITS = 5, MORE = 1 << DIGIT_BITS, NUMBER_DIGITS = 13, RANGE_DIGITS = 2 * NUMBER_DIGITS };

static const char magic[] = "stanced1:";
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void ledger_init(struct ledger *ledger, int64_t position)
{
    *ledger = (struct ledger){.position = position};
}

void ledger_done(struct ledger *ledger)
{
    free(ledger->ranges);
    ledger_init(ledger, 0);
}

bool ledger_has(const struct ledger *ledger, int64_t offset)
{
    if (offset < ledger->position)
        return true;
    for (size_t i = 0; i < ledger->count && ledger->ranges[i].from <= offset; i++)
        if (offset < ledger->ranges[i].to)
            return true;
    return false;
}

/* Puts a range at `at` in the place of `gone` others. */
static void replace(struct ledger *ledger, size_t at, size_t gone, struct ledger_range range)
{
    if (ledger->count + 1 > ledger->capacity) {
        ledger->capacity = ledger->capacity * 2 + 16;
        ledger->ranges = memory_resize(ledger->ranges, ledger->capacity, sizeof *ledger->ranges);
    }
    size_t behind = ledger->count - at - gone;
    memmove(ledger->ranges + at + 1, ledger->ranges + at + gone, behind * sizeof *ledger->ranges);
    ledger->ranges[at] = range;
    ledger->count = ledger->count + 1 - gone;
}

/* What stands at the position belongs below it. */
static void settle(struct ledger *ledger)
{
    size_t gone = 0;
    for (; gone < ledger->count && ledger->ranges[gone].from <= ledger->position; gone++)
        if (ledger->ranges[gone].to > ledger->position)
            ledger->position = ledger->ranges[gone].to;
    ledger->count -= gone;
    if (gone > 0)
        memmove(ledger->ranges, ledger->ranges + gone, ledger->count * sizeof *ledger->ranges);
}

void ledger_mark(struct ledger *ledger, int64_t from, int64_t to)
{
    struct ledger_range range = {from, to};
    size_t at = 0, gone = 0;
    if (from >= to)
        return;
    while (at < ledger->count && ledger->ranges[at].to < from)
        at++;
    for (; at + gone < ledger->count && ledger->ranges[at + gone].from <= to; gone++) {
        const struct ledger_range *other = &ledger->ranges[at + gone];
        range.from = other->from < range.from ? other->from : range.from;
        range.to = other->to > range.to ? other->to : range.to;
    }
    replace(ledger, at, gone, range);
    settle(ledger);
}

/* Digits of `number`; returns how many. */
static size_t write_number(uint64_t number, char text[NUMBER_DIGITS])
{
    size_t len = 0;
    do {
        unsigned digit = (unsigned)(number & (MORE - 1));
        number >>= DIGIT_BITS;
        text[len++] = digits[number > 0 ? digit | MORE : digit];
    } while (number > 0);
    return len;
}

/* Digits of the whole, without magic; into `text` where it is not NULL and they fit, else only counted. */
static size_t write_ranges(const struct ledger *ledger, char *text, size_t most)
{
    int64_t end = ledger->position;
    size_t len = 0;
    for (size_t i = 0; i < ledger->count; i++) {
        char range[RANGE_DIGITS];
        size_t bytes = write_number((uint64_t)(ledger->ranges[i].from - end - 1), range);
        bytes += write_number((uint64_t)(ledger->ranges[i].to - ledger->ranges[i].from - 1), range + bytes);
        if (text != NULL && len + bytes <= most)
            memcpy(text + len, range, bytes);
        len += bytes;
        end = ledger->ranges[i].to;
    }
    return len;
}

size_t ledger_room(const struct ledger *ledger)
{
    size_t len = strlen(magic) + write_ranges(ledger, NULL, 0);
    return len < LEDGER_TEXT_MOST ? (LEDGER_TEXT_MOST - len) / RANGE_DIGITS : 0;
}

bool ledger_fits(const struct ledger *ledger, int64_t from, int64_t to)
{
    if (ledger_room(ledger) > 0)
        return true;
    struct ledger copy = {.position = ledger->position, .count = ledger->count, .capacity = ledger->count};
    copy.ranges = memory_new(copy.count + 1, sizeof *copy.ranges);
    if (copy.count > 0)
        memcpy(copy.ranges, ledger->ranges, copy.count * sizeof *copy.ranges);
    ledger_mark(&copy, from, to);
    bool fits = strlen(magic) + write_ranges(&copy, NULL, 0) <= LEDGER_TEXT_MOST;
    ledger_done(&copy);
    return fits;
}

bool ledger_write(const struct ledger *ledger, char text[LEDGER_TEXT_BYTES])
{
    const size_t most = LEDGER_TEXT_MOST - strlen(magic);
    text[0] = '\0';
    if (ledger->count == 0)
        return true;
    size_t len = write_ranges(ledger, text + strlen(magic), most);
    if (len > most)
        return false;
    memcpy(text, magic, strlen(magic));
    text[strlen(magic) + len] = '\0';
    return true;
}

/* -1: no number stands there, or one that no offset can be. */
static int64_t read_number(struct view text, size_t *at)
{
    uint64_t number = 0;
    for (unsigned shift = 0; *at < text.len && shift < DIGIT_BITS * (NUMBER_DIGITS - 1); shift += DIGIT_BITS) {
        const char *digit = memchr(digits, text.data[(*at)++], sizeof digits - 1);
        if (digit == NULL)
            return -1;
        unsigned value = (unsigned)(digit - digits);
        number |= (uint64_t)(value & (MORE - 1)) << shift;
        if (value < MORE)
            return (int64_t)number;
    }
    return -1;
}

bool ledger_read(struct ledger *ledger, int64_t position, struct view text)
{
    int64_t end = position;
    size_t at = strlen(magic);
    ledger_init(ledger, position);
    if (text.len == 0)
        return true;
    if (position < 0 || text.len > LEDGER_TEXT_MOST || !view_starts_with(text, view_of(magic)))
        return false;
    while (at < text.len) {
        int64_t gap = read_number(text, &at), len = gap >= 0 ? read_number(text, &at) : -1;
        if (len < 0 || gap >= INT64_MAX - end - 1 || len >= INT64_MAX - end - gap - 2) {
            ledger_done(ledger);
            return false;
        }
        end += gap + 1;
        ledger_mark(ledger, end, end + len + 1);
        end += len + 1;
    }
    return true;
}
