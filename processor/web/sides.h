/* Who was for and against whom in the last hour: counted for pairs of names, in slices of five minutes that fall out as time
 * goes on. Of SIDES_PAIRS_MOST pairs at a time; when more are about, those with the fewest stances make room. Thread: owner. */
#pragma once

#include "processor/extract/findings.h"
#include "processor/runtime/view.h"

#include <stddef.h>
#include <stdint.h>

enum { SIDES_PAIRS_MOST = 4096, SIDES_NAME_BYTES = 96, SIDES_SLICES = 12, SIDES_SLICE_MS = 5 * 60 * 1000, SIDES_POLARITIES = 3 };

struct sides;

/* One direction of a pair. */
struct sides_pair {
    char source[SIDES_NAME_BYTES], target[SIDES_NAME_BYTES]; /* cut at a code point where they are longer */
    uint32_t counts[SIDES_POLARITIES];                       /* by enum polarity */
    uint32_t total;
};

/* Free with free(); a copy is sides_bytes() of it, without more. */
struct sides *sides_new(void);
size_t sides_bytes(void);

/* Counts a stance of the moment `at_ms`, milliseconds since 1970. Moments may come in any order; what is older than the newest of
 * its pair by an hour is not counted. */
void sides_add(struct sides *sides, struct view source, struct view target, enum polarity polarity, int64_t at_ms);

/* The pairs with the most stances, at most `most`, strongest first; only those with `actor` in a name (whatever the case of
 * ASCII letters) where it is not empty. *left_out: how many more there are. Returns the number in `pairs`. */
size_t sides_top(const struct sides *sides, struct view actor, int64_t now_ms, struct sides_pair *pairs, size_t most, size_t *left_out);
