#include "processor/extract/handles.h"

#include "processor/text/words.h"

#include <string.h>

enum { ACCOUNT_BYTES = 64, NAME_LEAST = 4, TITLE_MOST = 8 };

bool handles_is(struct view text, struct span word)
{
    return word.start > 0 && text.data[word.start - 1] == '@';
}

bool handles_is_signature(struct view text, struct span word)
{
    return word.start > 1 && text.data[word.start - 1] == '@' && text.data[word.start - 2] == '(';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Where the part of an account that starts at `at` ends: before a capital, a digit or a sign; "NBC|News". */
static size_t part_end(struct view account, size_t at)
{
    size_t end = at + 1;
    while (end < account.len && is_upper(account.data[at]) && is_upper(account.data[end]) && !(end + 1 < account.len && is_lower(account.data[end + 1])))
        end++;
    if (end == at + 1)
        while (end < account.len && is_lower(account.data[end]))
            end++;
    return end;
}

/* What stands before the name in an account. */
static bool is_title(struct view part)
{
    static const char *const titles[] = {"Congressman", "Congresswoman", "Dr", "Gov", "Leader", "Mayor", "Mr", "Mrs", "Ms", "President", "Rep", "Rev", "Sec",
                                         "Secretary", "Sen", "Senator", "Speaker", "The", "official", "real", "the"};
    return words_is_listed(part, titles, sizeof titles / sizeof *titles);
}

/* "De|Santis", "Mc|Connell": one word. */
static bool is_prefix(struct view part)
{
    static const char *const prefixes[] = {"De", "Di", "La", "Le", "Mac", "Mc", "O"};
    return words_is_listed(part, prefixes, sizeof prefixes / sizeof *prefixes);
}

struct view handles_name(struct view account, struct arena *arena)
{
    char name[2 * ACCOUNT_BYTES];
    size_t count = 0, words = 0;
    bool is_joined = false, has_office = false;
    for (size_t at = 0; at < account.len && account.len <= ACCOUNT_BYTES;) {
        if (!is_upper(account.data[at]) && !is_lower(account.data[at])) {
            if ((unsigned char)account.data[at] >= 0x80)
                return account;
            at++;
            continue;
        }
        size_t end = part_end(account, at);
        struct view part = view_slice(account, at, end);
        at = end;
        if (words == 0 && is_title(part)) {
            has_office = is_upper(part.data[0]) && !view_equal(part, view_of("The"));
            continue;
        }
        if (words > 0 && !is_joined)
            name[count++] = ' ';
        memcpy(name + count, part.data, part.len);
        count += part.len;
        words += !is_joined;
        is_joined = is_prefix(part);
    }
    return words > 1 || (words == 1 && has_office) ? arena_copy(arena, (struct view){.data = name, .len = count}) : account;
}

/* The letters in lower case, without anything between: "Ann Lee" and "ann_lee" are "annlee". */
static struct view squeeze(struct view text, char *buffer, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len && count < room; i++) {
        char c = text.data[i];
        if (is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
            buffer[count++] = is_upper(c) ? (char)(c | 0x20) : c;
    }
    return (struct view){.data = buffer, .len = count};
}

bool handles_fits(struct view account, struct view name, bool is_person)
{
    char own[ACCOUNT_BYTES], other[ACCOUNT_BYTES];
    struct view handle = squeeze(account, own, sizeof own), whole = squeeze(name, other, sizeof other);
    if (whole.len < NAME_LEAST)
        return false;
    const char *space = is_person ? memrchr(name.data, ' ', name.len) : NULL;
    if (space == NULL || memmem(handle.data, handle.len, whole.data, whole.len) != NULL)
        return space != NULL || view_equal(handle, whole);
    struct view last = squeeze(view_slice(name, (size_t)(space + 1 - name.data), name.len), other, sizeof other);
    return last.len >= NAME_LEAST && handle.len >= last.len && handle.len - last.len <= TITLE_MOST &&
           view_equal(view_slice(handle, handle.len - last.len, handle.len), last);
}
