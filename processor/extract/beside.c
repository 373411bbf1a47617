#include "processor/extract/beside.h"

#include "processor/text/words.h"

#include <stdlib.h>

enum { WORD_BYTES = 24, AHEAD_BYTES = 64 };

bool beside_is_word_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
}

struct view beside_text_behind(const struct reading *reading, struct span span)
{
    size_t end = span.end + AHEAD_BYTES < reading->text.len ? span.end + AHEAD_BYTES : reading->text.len;
    return view_slice(reading->text, span.end, end);
}

struct view beside_word_before(struct view text, size_t end)
{
    while (end > 0 && text.data[end - 1] == ' ')
        end--;
    size_t start = end;
    while (start > 0 && end - start < WORD_BYTES && beside_is_word_byte(text.data[start - 1]))
        start--;
    return view_slice(text, start, end);
}

struct view beside_word_behind(struct view after)
{
    size_t start = 0;
    while (start < after.len && after.data[start] == ' ')
        start++;
    size_t end = start;
    while (end < after.len && beside_is_word_byte(after.data[end]))
        end++;
    return view_slice(after, start, end);
}

static int by_word(const void *left, const void *right)
{
    return strcmp(left, *(const char *const *)right);
}

bool beside_is_among(struct view word, const char *const *list, size_t count)
{
    char lower[WORD_BYTES];
    if (word.len == 0 || word.len >= sizeof lower)
        return false;
    words_lower(word, lower, sizeof lower);
    lower[word.len] = '\0';
    return bsearch(lower, list, count, sizeof *list, by_word) != NULL;
}

bool beside_is_sorted(const char *const *list, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (strcmp(list[i - 1], list[i]) >= 0)
            return false;
    return true;
}
