#include "processor/runtime/nearest.h"

#include <string.h>

enum { NAME_BYTES_MOST = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein (optimal string alignment): a swap of neighbours, the most common slip, is one edit. */
static size_t edits(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][NAME_BYTES_MOST + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(change, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b_len];
}

const char *nearest_name(const char *name, const char *const *names, size_t count)
{
    size_t len = strlen(name), fewest = len / 3 > 2 ? len / 3 : 2;
    const char *nearest = NULL;
    if (len > NAME_BYTES_MOST)
        return NULL;
    fewest++;
    for (size_t i = 0; i < count; i++) {
        size_t other_len = strlen(names[i]);
        if (other_len > NAME_BYTES_MOST)
            continue;
        size_t distance = edits(name, len, names[i], other_len);
        if (distance >= fewest || distance >= other_len)
            continue;
        fewest = distance;
        nearest = names[i];
    }
    return nearest;
}
