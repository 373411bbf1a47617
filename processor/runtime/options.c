#include "processor/runtime/options.h"

#include "processor/runtime/memory.h"
#include "processor/runtime/settings_table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_FIRST = 0x1000 }; /* above every character, so that argp makes no short option of it */

static const struct argp_option list[] = {
    {0, 0, 0, 0, "Settings:", 0},
    {"config", 'c', "FILE", 0, "read settings from a YAML file", 0},
    {0, 'X', "NAME=VALUE", 0, "set anything: a setting, or kafka.PROPERTY, consumer.PROPERTY, producer.PROPERTY of librdkafka",
     0},
    {0, 0, 0, 0,
     "The same names stand in the file (name: value) and in the environment (STANCED_NAME); an option wins over the "
     "environment, the environment over the file:",
     0},
#define X(type, member, name, initial, least, most, value, help)                                                    \
    {name, KEY_FIRST + SETTING_INDEX_##member, value, 0, help, 0},
    SETTINGS(X)
#undef X
    {0},
};

static void keep(struct options *options, const char *name, const char *value)
{
    size_t bytes = strlen(name) + strlen(value) + 2;
    char *assignment = memory_take(bytes);
    snprintf(assignment, bytes, "%s%s%s", name, *name ? "=" : "", value);
    options->assignments = memory_resize(options->assignments, options->count + 1, sizeof *options->assignments);
    options->assignments[options->count++] = assignment;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    if (key == 'c')
        options->file = argument;
    else if (key == 'X')
        keep(options, "", argument);
    else if (key >= KEY_FIRST && key < KEY_FIRST + SETTING_COUNT)
        keep(options, settings_table[key - KEY_FIRST].name, argument);
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* Puts the default behind the help of each setting. argp frees what differs from `text`. */
static char *add_default(int key, const char *text, void *input)
{
    (void)input;
    if (key < KEY_FIRST || key >= KEY_FIRST + SETTING_COUNT || !*settings_table[key - KEY_FIRST].initial)
        return (char *)(uintptr_t)text;
    char *longer;
    if (asprintf(&longer, "%s [%s]", text, settings_table[key - KEY_FIRST].initial) < 0)
        memory_exhausted(strlen(text));
    return longer;
}

const struct argp options_argp = {.options = list, .parser = parse, .help_filter = add_default};

static bool read_all(struct settings *settings, const struct options *options, struct error *err)
{
    if (options->file && !settings_read_file(settings, options->file, err))
        return false;
    if (!settings_read_environment(settings, (const char *const *)environ, err))
        return false;
    for (size_t i = 0; i < options->count; i++)
        if (!settings_read_option(settings, options->assignments[i], err))
            return false;
    return settings_finish(settings, err);
}

struct settings *options_load(struct options *options, struct error *err)
{
    struct settings *settings = settings_new();
    bool is_fine = read_all(settings, options, err);
    for (size_t i = 0; i < options->count; i++)
        free(options->assignments[i]);
    free(options->assignments);
    *options = (struct options){0};
    if (is_fine)
        return settings;
    settings_free(settings);
    return NULL;
}
