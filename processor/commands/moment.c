#include "processor/commands/moment.h"

#include "processor/ingest/dates.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/settings_value.h"

#include <time.h>

enum { DATE_BYTES = 1024 };

bool moment_read(const char *text, int64_t *moment_ms)
{
    int64_t ago_ms, found_ms;
    struct tm date = {0};
    if (settings_number(text, settings_units_duration, 0, INT64_MAX / 2, &ago_ms, NULL)) {
        found_ms = clock_wall_ms() - ago_ms;
    } else {
        struct arena *arena = arena_new(DATE_BYTES);
        struct view found = dates_read(view_of(text), arena);
        bool is_date = found.len > 0 && strptime(arena_copy(arena, found).data, "%Y-%m-%dT%H:%M:%S", &date) != NULL;
        arena_free(arena);
        found_ms = is_date ? (int64_t)timegm(&date) * 1000 : 0;
    }
    if (found_ms > 0)
        *moment_ms = found_ms;
    return found_ms > 0;
}
