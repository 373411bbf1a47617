/* Which records of a partition are done with, where that does not happen in order: the position below which all are, and
 * ranges above it. Its text is kept with the committed position, so that both are one: "stanced1:" and for each range the
 * distance from the one before and its length, each less one, in digits of five bits, the lowest first, with a sixth bit
 * on all but the last; the digits are those of base64. Thread: owner. */
#pragma once

#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger_range {
    int64_t from, to; /* half-open */
};

struct ledger {
    int64_t position;
    struct ledger_range *ranges; /* [count] ascending, each with a gap before it, all above position */
    size_t count, capacity;
};

/* A text is never longer; brokers keep 4096 bytes (offset.metadata.max.bytes). With the NUL it fits LEDGER_TEXT_BYTES. */
enum { LEDGER_TEXT_MOST = 4000, LEDGER_TEXT_BYTES = LEDGER_TEXT_MOST + 1 };

/* Nothing above `position` is done. Let go with ledger_done(). */
void ledger_init(struct ledger *ledger, int64_t position);

/* Reads what ledger_write() wrote, or "". False: it is not of a ledger; `ledger` has nothing to be let go. */
bool ledger_read(struct ledger *ledger, int64_t position, struct view text);
void ledger_done(struct ledger *ledger);

bool ledger_has(const struct ledger *ledger, int64_t offset);

/* Offsets [from, to) are done; some may have been before. */
void ledger_mark(struct ledger *ledger, int64_t from, int64_t to);

/* How many more marks surely leave a text that is short enough, and whether this one would: one that joins ranges may also
 * where there is no room for others. */
size_t ledger_room(const struct ledger *ledger);
bool ledger_fits(const struct ledger *ledger, int64_t from, int64_t to);

/* Writes it as NUL-terminated text, "" where no range is above the position. False: it would be too long. */
bool ledger_write(const struct ledger *ledger, char text[LEDGER_TEXT_BYTES]);
