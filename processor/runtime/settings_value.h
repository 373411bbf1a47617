/* The values of settings: text to numbers. Thread: any. */
#pragma once

#include "processor/runtime/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a number may have behind it; the number is multiplied by `factor`. Ends with NULL. */
struct settings_unit {
    const char *name;
    int64_t factor;
};

extern const struct settings_unit settings_units_none[];
extern const struct settings_unit settings_units_duration[]; /* to milliseconds */
extern const struct settings_unit settings_units_bytes[];

/* "250", "10s", "64MiB": a whole number without sign, a unit of `units`, nothing else; within [least, most].
 * err: ERROR_CONFIG "settings.value", a sentence that starts behind the setting's name. */
bool settings_number(const char *text, const struct settings_unit *units, int64_t least, int64_t most, int64_t *number,
                     struct error *err);

/* The index of `text` in "one|two|three", or -1. */
int settings_choice_find(const char *choices, const char *text);

/* Copies choice `index` to `text` (cut to `bytes`); returns `text`. */
const char *settings_choice_text(const char *choices, int index, char *text, size_t bytes);
