/* One line on stderr that says how far a long run is: count, rate, share and time left. It shows only where stderr is a
 * terminal, stdout is not, and the run has lasted two seconds. Thread: one at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool is_on, is_shown;
    int64_t start_ms, next_ms;
    size_t bytes_total; /* 0: unknown */
};

struct progress progress_start(size_t bytes_total);
void progress_show(struct progress *progress, size_t count, size_t bytes_done);
void progress_hide(struct progress *progress); /* before a message, and at the end */
