/* A borrowed piece of bytes: where it starts and how long it is.
 *
 * Not NUL-terminated, owns nothing; whoever hands one out says how long it lives. Thread: any. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct view {
    const char *data; /* [len], NULL only where len is 0 */
    size_t len;
};

/* The view of a NUL-terminated string, which must outlive it. */
static inline struct view view_of(const char *text)
{
    return (struct view){.data = text, .len = strlen(text)};
}

/* The bytes [start, end) of `whole`; the caller has checked start <= end <= whole.len. */
static inline struct view view_slice(struct view whole, size_t start, size_t end)
{
    return (struct view){.data = whole.data + start, .len = end - start};
}

static inline bool view_equal(struct view a, struct view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Below, at or above zero as `a` comes before, is, or comes behind `b` in the order of bytes. */
static inline int view_order(struct view a, struct view b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool view_starts_with(struct view whole, struct view prefix)
{
    return whole.len >= prefix.len && (prefix.len == 0 || memcmp(whole.data, prefix.data, prefix.len) == 0);
}

static inline bool view_ends_with(struct view whole, struct view suffix)
{
    return whole.len >= suffix.len && (suffix.len == 0 || memcmp(whole.data + whole.len - suffix.len, suffix.data, suffix.len) == 0);
}
