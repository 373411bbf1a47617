#include "processor/ingest/dates.h"

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>
#include <time.h>

struct date {
    unsigned year, month, day, hour, minute, second;
    int offset_minutes; /* of the zone, east of UTC */
};

/* A place in the text. Every reader moves it behind what it took, or returns false. */
struct reader {
    const char *at, *end;
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool take_byte(struct reader *reader, char byte)
{
    if (reader->at == reader->end || *reader->at != byte)
        return false;
    reader->at++;
    return true;
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && is_blank(*reader->at))
        reader->at++;
}

/* A number of `least` to `most` digits. */
static bool take_number(struct reader *reader, unsigned least, unsigned most, unsigned *number)
{
    unsigned digits = 0, value = 0;
    while (digits < most && reader->at < reader->end && is_digit(*reader->at)) {
        value = value * 10 + (unsigned)(*reader->at++ - '0');
        digits++;
    }
    *number = value;
    return digits >= least;
}

static struct view take_word(struct reader *reader)
{
    const char *start = reader->at;
    while (reader->at < reader->end && is_letter(*reader->at))
        reader->at++;
    return (struct view){.data = start, .len = (size_t)(reader->at - start)};
}

static bool is_word(struct view word, const char *name)
{
    struct view other = view_of(name);
    return word.len == other.len && strncasecmp(word.data, other.data, word.len) == 0;
}

static bool take_clock(struct reader *reader, struct date *date)
{
    if (!take_number(reader, 1, 2, &date->hour) || !take_byte(reader, ':') || !take_number(reader, 2, 2, &date->minute))
        return false;
    if (!take_byte(reader, ':'))
        return true;
    if (!take_number(reader, 2, 2, &date->second))
        return false;
    if (take_byte(reader, '.') || take_byte(reader, ','))
        while (reader->at < reader->end && is_digit(*reader->at))
            reader->at++;
    return true;
}

/* "Z", "+02:00", "-0530", a name of RFC 5322, or nothing, which is UTC. */
static bool take_zone(struct reader *reader, struct date *date)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"Z", 0},    {"GMT", 0},  {"UT", 0},   {"UTC", 0},  {"EST", -5}, {"EDT", -4},
                 {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
    if (reader->at == reader->end)
        return true;
    struct view word = take_word(reader);
    for (size_t i = 0; word.len > 0 && i < sizeof zones / sizeof *zones; i++)
        if (is_word(word, zones[i].name)) {
            date->offset_minutes = zones[i].hours * 60;
            return true;
        }
    bool is_west = take_byte(reader, '-');
    if (word.len > 0 || (!is_west && !take_byte(reader, '+')))
        return false;
    unsigned hours, minutes = 0;
    if (!take_number(reader, 2, 2, &hours))
        return false;
    bool has_colon = take_byte(reader, ':');
    if (!take_number(reader, 2, 2, &minutes) && (has_colon || reader->at < reader->end))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    date->offset_minutes = (int)(hours * 60 + minutes) * (is_west ? -1 : 1);
    return true;
}

static bool read_rfc3339(struct reader reader, struct date *date)
{
    if (!take_number(&reader, 4, 4, &date->year) || !take_byte(&reader, '-') || !take_number(&reader, 2, 2, &date->month) ||
        !take_byte(&reader, '-') || !take_number(&reader, 2, 2, &date->day))
        return false;
    if (reader.at == reader.end)
        return true;
    if (!take_byte(&reader, 'T') && !take_byte(&reader, 't') && !take_byte(&reader, ' '))
        return false;
    if (!take_clock(&reader, date))
        return false;
    skip_blanks(&reader);
    return take_zone(&reader, date) && reader.at == reader.end;
}

static bool read_rfc5322(struct reader reader, struct date *date)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    take_word(&reader);
    take_byte(&reader, ',');
    skip_blanks(&reader);
    if (!take_number(&reader, 1, 2, &date->day))
        return false;
    skip_blanks(&reader);
    struct view month = take_word(&reader);
    if (month.len < 3)
        return false;
    for (unsigned i = 0; i < 12; i++)
        if (strncasecmp(month.data, months + (size_t)3 * i, 3) == 0)
            date->month = i + 1;
    skip_blanks(&reader);
    if (!take_number(&reader, 4, 4, &date->year))
        return false;
    skip_blanks(&reader);
    if (!take_clock(&reader, date))
        return false;
    skip_blanks(&reader);
    return take_zone(&reader, date) && reader.at == reader.end;
}

static bool date_is_real(const struct date *date)
{
    static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date->month < 1 || date->month > 12)
        return false;
    bool is_leap = (date->year % 4 == 0 && date->year % 100 != 0) || date->year % 400 == 0;
    unsigned most = lengths[date->month - 1] + (is_leap && date->month == 2 ? 1U : 0U);
    return date->day >= 1 && date->day <= most && date->hour <= 23 && date->minute <= 59 &&
           date->second <= 60; /* 60: a leap second, which becomes the next minute */
}

static struct view print_seconds(int64_t seconds, struct arena *arena)
{
    static const int64_t first = -62167219200, last = 253402300799; /* the years 0 and 9999 */
    if (seconds < first || seconds > last)
        return (struct view){0};
    struct tm tm;
    time_t time = (time_t)seconds;
    gmtime_r(&time, &tm);
    return arena_print(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                       tm.tm_min, tm.tm_sec);
}

struct view dates_of_ms(int64_t ms, struct arena *arena)
{
    return print_seconds(ms >= 0 ? ms / 1000 : -(-(ms + 1) / 1000) - 1, arena);
}

/* "20191019" and "20191019090000": as milliseconds the one would be the morning of 1 January 1970, the other the year 2609. */
static bool read_compact(struct reader reader, struct date *date)
{
    size_t digits = (size_t)(reader.end - reader.at);
    if ((digits != 8 && digits != 14) || !take_number(&reader, 4, 4, &date->year) || date->year < 1900 || date->year > 2099 ||
        !take_number(&reader, 2, 2, &date->month) || !take_number(&reader, 2, 2, &date->day))
        return false;
    return digits == 8 || (take_number(&reader, 2, 2, &date->hour) && take_number(&reader, 2, 2, &date->minute) &&
                           take_number(&reader, 2, 2, &date->second));
}

/* Digits only, with a sign perhaps: an epoch. Four of them are a year, which is no date. More than 15 digits are beyond the year 9999. */
static bool read_epoch(struct reader reader, int64_t *ms)
{
    bool is_negative = take_byte(&reader, '-');
    int64_t value = 0;
    size_t digits = (size_t)(reader.end - reader.at);
    if (digits < 1 || digits == 4 || digits > 15)
        return false;
    for (; reader.at < reader.end; reader.at++) {
        if (!is_digit(*reader.at))
            return false;
        value = value * 10 + (*reader.at - '0');
    }
    *ms = is_negative ? -value : value;
    return true;
}

struct view dates_read(struct view text, struct arena *arena)
{
    if (text.len == 0)
        return (struct view){0};
    struct reader reader = {.at = text.data, .end = text.data + text.len};
    skip_blanks(&reader);
    while (reader.end > reader.at && is_blank(reader.end[-1]))
        reader.end--;
    static bool (*const forms[])(struct reader, struct date *) = {read_compact, read_rfc3339, read_rfc5322};
    struct date date = {0};
    size_t form = 0;
    while (form < sizeof forms / sizeof *forms && !forms[form](reader, &date)) {
        date = (struct date){0};
        form++;
    }
    int64_t ms;
    if (form == sizeof forms / sizeof *forms)
        return read_epoch(reader, &ms) ? dates_of_ms(ms, arena) : (struct view){0};
    if (!date_is_real(&date))
        return (struct view){0};
    struct tm tm = {.tm_year = (int)date.year - 1900, .tm_mon = (int)date.month - 1, .tm_mday = (int)date.day,
                    .tm_hour = (int)date.hour,        .tm_min = (int)date.minute,    .tm_sec = (int)date.second};
    return print_seconds((int64_t)timegm(&tm) - (int64_t)date.offset_minutes * 60, arena);
}
