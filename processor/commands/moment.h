/* Moments as people give them on the command line. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* "90s", "10m", "2h" before now, or a date as of ingest/dates.h; milliseconds since 1970, more than 0. False: it is neither,
 * and *moment_ms is not written. Thread: any. */
bool moment_read(const char *text, int64_t *moment_ms);
