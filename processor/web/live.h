/* What the live page shows, in memory: the newest articles as they were published, who was for and against whom in the last
 * hour, and the last word on the instances.
 *
 * Articles are bounded by bytes and by LIVE_ARTICLES_MOST; the oldest goes first. The lock is held for pointers and counts
 * alone: copies are made before, and whoever reads has references. Thread: any, but one that adds. */
#pragma once

#include "processor/emit/encode.h"
#include "processor/web/sides.h"

#include <stddef.h>
#include <stdint.h>

enum { LIVE_ARTICLES_MOST = 2048 };

struct live;

/* One article, unchanged as long as it is referred to. */
struct live_article {
    uint64_t number; /* 1, 2, ... in the order in which they came */
    int64_t at_ms;   /* when it was published, milliseconds since 1970 */
    struct view id;
    struct view document; /* the enriched record, JSON or Protobuf */
};

/* Keeps at most `bytes_most` of articles. Free with live_free(), when nothing is referred to any more. */
struct live *live_new(size_t bytes_most);
void live_free(struct live *live); /* NULL is fine */

/* Takes in the records of an article that was published at `at_ms`, milliseconds since 1970. A document larger than bytes_most / 4 is counted, but not kept. */
void live_add(struct live *live, const struct records *records, int64_t at_ms);

/* The newest articles with a number above `after`, newest first, at most `most`: references, for live_release(). Returns how
 * many. */
size_t live_newest(struct live *live, uint64_t after, const struct live_article **articles, size_t most);

/* A reference, or NULL: it is not kept (any more). */
const struct live_article *live_find(struct live *live, uint64_t number);
void live_release(struct live *live, const struct live_article *article);

/* As sides_top(), now. */
size_t live_sides(struct live *live, struct view actor, struct sides_pair *pairs, size_t most, size_t *left_out);

/* The text that tells of the instances: copied, the last one stays. live_status() gives a copy in `arena`, empty at first. */
void live_set_status(struct live *live, struct view json);
struct view live_status(struct live *live, struct arena *arena);

/* Bytes of articles kept, and when this memory began, in milliseconds since 1970: numbers start again with it. */
size_t live_bytes(struct live *live);
int64_t live_began_ms(const struct live *live);
