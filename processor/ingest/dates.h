/* Dates as crawlers write them, to one form: RFC 3339 in UTC, in whole seconds. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/view.h"

#include <stdint.h>

/* The date in `text`, or an empty view where it cannot be read. Known are
 *   2019-10-19T11:00:00.5+02:00   RFC 3339; also with a space for the T, without seconds, +0200, and without a zone (UTC)
 *   2019-10-19                    midnight UTC
 *   Sat, 19 Oct 2019 11:00:00 +0200   RFC 5322 as in RSS; GMT, UT, UTC, Z and the zones of the USA by name
 *   20191019, 20191019090000      UTC
 *   1571475600000                 milliseconds since 1970
 * Result in `arena`. Thread: any. */
struct view dates_read(struct view text, struct arena *arena);

/* The date `ms` milliseconds from 1970; empty outside the years 0 to 9999. */
struct view dates_of_ms(int64_t ms, struct arena *arena);
