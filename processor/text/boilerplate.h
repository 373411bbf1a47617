/* Marks what each part of a page is: body, title, caption, navigation, advertisement, ...
 *
 * Nothing is cut or rewritten: the result is a list of regions that covers every line of the text that is
 * not blank. Works on plain text (line shapes, known phrases) and, better, with the hints that html gives. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/view.h"

#include <stddef.h>
#include <stdint.h>

/* A half-open byte range of some text. */
struct span {
    uint32_t start, end;
};

#define REGION_KINDS(X)                                                      \
    X(BODY, "body")                                                          \
    X(TITLE, "title")                                                        \
    X(SUMMARY, "summary")       /* standfirst, bullet points under a title */ \
    X(CAPTION, "caption")       /* of a picture, with its credit */          \
    X(BYLINE, "byline")         /* author, date, dateline block */           \
    X(NAVIGATION, "navigation") /* menus, section names, breadcrumbs */      \
    X(ADVERTISEMENT, "advertisement")                                        \
    X(PROMOTION, "promotion")   /* newsletter, app, "Get more with" */       \
    X(RELATED, "related")       /* headlines of other articles */            \
    X(FOOTER, "footer")         /* "This article appeared in", copyright */

enum region_kind {
#define X(name, text) REGION_##name,
    REGION_KINDS(X)
#undef X
    REGION_KIND_COUNT
};

struct region {
    enum region_kind kind;
    struct span span;
};

struct regions {
    struct region *items; /* [count], by position, not overlapping, trimmed of white space */
    size_t count;
};

/* What html knows of a part of the text it produced. */
struct text_hint {
    struct span span;
    enum region_kind kind;
};

/* The regions of `text` (valid UTF-8, at most UINT32_MAX bytes). `hints` may be NULL. One region a line or
 * paragraph; neighbours of one kind are not joined. Time and memory linear in text.len. Result in `arena`.
 * Thread: any. */
struct regions boilerplate_mark(struct view text, const struct text_hint *hints, size_t hint_count, struct arena *arena);

/* "body", "caption", ... A constant. Thread: any. */
const char *region_kind_name(enum region_kind kind);
