#include "processor/runtime/settings_value.h"

#include <stdio.h>
#include <string.h>

static const char code[] = "settings.value";

const struct settings_unit settings_units_none[] = {{"", 1}, {NULL, 0}};

const struct settings_unit settings_units_duration[] = {
    {"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {NULL, 0},
};

const struct settings_unit settings_units_bytes[] = {
    {"", 1},
    {"B", 1},
    {"kB", 1000},
    {"KB", 1000},
    {"MB", 1000000},
    {"GB", 1000000000},
    {"KiB", 1024},
    {"MiB", 1024 * 1024},
    {"GiB", 1024 * 1024 * 1024},
    {NULL, 0},
};

static bool say_units(const char *text, const struct settings_unit *units, struct error *err)
{
    char names[128] = "";
    size_t len = 0;
    for (const struct settings_unit *unit = units; unit->name; unit++)
        if (*unit->name && len < sizeof names)
            len += (size_t)snprintf(names + len, sizeof names - len, "%s%s", len ? ", " : "", unit->name);
    if (len)
        return error_set(err, ERROR_CONFIG, code, "\"%s\" is not a whole number with one of the units %s", text, names);
    return error_set(err, ERROR_CONFIG, code, "\"%s\" is not a whole number", text);
}

bool settings_number(const char *text, const struct settings_unit *units, int64_t least, int64_t most, int64_t *number,
                     struct error *err)
{
    int64_t value = 0;
    const char *at = text;
    bool is_large = false;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *at - '0', &value))
            is_large = true;
    const struct settings_unit *unit = units;
    while (unit->name && strcmp(unit->name, at) != 0)
        unit++;
    if (at == text || !unit->name)
        return say_units(text, units, err);
    if (is_large || __builtin_mul_overflow(value, unit->factor, &value) || value > most)
        return error_set(err, ERROR_CONFIG, code, "%s is more than %lld, the most", text, (long long)most);
    if (value < least)
        return error_set(err, ERROR_CONFIG, code, "%s is less than %lld, the least", text, (long long)least);
    *number = value;
    return true;
}

int settings_choice_find(const char *choices, const char *text)
{
    size_t len = strlen(text);
    int index = 0;
    for (const char *choice = choices;; index++) {
        size_t choice_len = strcspn(choice, "|");
        if (choice_len == len && memcmp(choice, text, len) == 0)
            return index;
        if (!choice[choice_len])
            return -1;
        choice += choice_len + 1;
    }
}

const char *settings_choice_text(const char *choices, int index, char *text, size_t bytes)
{
    const char *choice = choices;
    for (; index > 0; index--)
        choice += strcspn(choice, "|") + 1;
    snprintf(text, bytes, "%.*s", (int)strcspn(choice, "|"), choice);
    return text;
}
