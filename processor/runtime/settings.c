#include "processor/runtime/settings.h"

#include "processor/runtime/memory.h"
#include "processor/runtime/nearest.h"
#include "processor/runtime/settings_table.h"
#include "processor/runtime/settings_topics.h"
#include "processor/runtime/settings_value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct setting settings_table[SETTING_COUNT] = {
#define X(type, member, name, initial, least, most, value, help)                                                    \
    {name, SETTING_##type, initial, least, most, value, help, offsetof(struct settings, member)},
    SETTINGS(X)
#undef X
};

const char *const settings_property_prefixes[3] = {"kafka.", "consumer.", "producer."};

/* Properties with a setting of their own. */
static const struct {
    const char *property, *setting;
} aliases[] = {
    {"bootstrap.servers", "brokers"},
    {"metadata.broker.list", "brokers"},
    {"group.id", "group"},
    {"group.instance.id", "instance"},
    {"transactional.id", "transactional_id"},
};

/* Properties that would undo the delivery guarantees. */
static const char *const refused[] = {"enable.auto.commit", "enable.auto.offset.store", "enable.idempotence"};

static const char environment_prefix[] = "STANCED_";

/* One value on its way in. */
struct assignment {
    const char *where; /* "stanced.yaml:12", "STANCED_WORKERS", "-X" */
    const char *name;
    const char *const *items; /* [count] */
    size_t count;
    bool is_list;
    const struct yaml_entry *entries; /* [entry_count], of a list of objects */
    size_t entry_count;
    const char *file_name; /* and `line`: of the name, where there is a file */
    size_t line;
    enum setting_source source;
};

static const char *copy(struct settings *settings, const char *text)
{
    return arena_copy(settings->store->arena, view_of(text)).data;
}

static const char *one_text(const struct assignment *assignment)
{
    return assignment->count == 1 && !assignment->is_list ? assignment->items[0] : NULL;
}

static bool say_value(const struct assignment *assignment, struct error *err, const char *says)
{
    return error_set(err, ERROR_CONFIG, "settings.value", "%s: %s: %s", assignment->where, assignment->name, says);
}

/* Splits "a, b" in place; empty parts are left out. */
static size_t split(char *text, const char **items, size_t most)
{
    size_t count = 0;
    char *rest = text;
    for (char *part; count < most && (part = strsep(&rest, ",")) != NULL;) {
        part += strspn(part, " \t");
        size_t len = strlen(part);
        while (len && (part[len - 1] == ' ' || part[len - 1] == '\t'))
            part[--len] = '\0';
        if (len)
            items[count++] = part;
    }
    return count;
}

static bool set_list(struct settings *settings, const struct setting *setting, const struct assignment *assignment,
                     struct error *err)
{
    const char *parts[YAML_LIST_MOST];
    size_t count = 0;
    if (assignment->is_list) {
        for (size_t i = 0; i < assignment->count && count < YAML_LIST_MOST; i++)
            parts[count++] = assignment->items[i];
    } else {
        char *text = arena_take(settings->store->arena, strlen(assignment->items[0]) + 1);
        count = split(strcpy(text, assignment->items[0]), parts, YAML_LIST_MOST);
    }
    if (count < (size_t)setting->least)
        return say_value(assignment, err, "needs at least one entry");
    if (count > (size_t)setting->most)
        return say_value(assignment, err, "has too many entries");
    const char **items = arena_take_zeroed(settings->store->arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = copy(settings, parts[i]);
    struct settings_list *list = (struct settings_list *)((char *)settings + setting->offset);
    *list = (struct settings_list){.items = items, .count = count};
    return true;
}

static bool set_topics(struct settings *settings, const struct setting *setting, const struct assignment *assignment,
                       struct error *err)
{
    const struct yaml_value value = {.name = setting->name,
                                     .line = assignment->line,
                                     .items = assignment->items,
                                     .count = assignment->count,
                                     .is_list = assignment->is_list,
                                     .entries = assignment->entries,
                                     .entry_count = assignment->entry_count};
    return settings_topics_read(&value, assignment->where, assignment->file_name, settings->store->arena,
                                (struct settings_topics *)((char *)settings + setting->offset), err);
}

static bool set_string(struct settings *settings, const struct setting *setting, const struct assignment *assignment,
                       const char *text, struct error *err)
{
    size_t len = strlen(text);
    if (len < (size_t)setting->least)
        return say_value(assignment, err, "must not be empty");
    if (len > (size_t)setting->most)
        return say_value(assignment, err, "is too long");
    *(const char **)((char *)settings + setting->offset) = copy(settings, text);
    return true;
}

static bool set_choice(struct settings *settings, const struct setting *setting, const struct assignment *assignment,
                       const char *text, struct error *err)
{
    int index = settings_choice_find(setting->value, text);
    if (index < 0)
        return error_set(err, ERROR_CONFIG, "settings.value", "%s: %s: \"%s\" is none of %s", assignment->where,
                         assignment->name, text, setting->value);
    *(settings_choice *)((char *)settings + setting->offset) = index;
    return true;
}

static bool set_number(struct settings *settings, const struct setting *setting, const struct assignment *assignment,
                       const char *text, struct error *err)
{
    const struct settings_unit *units = setting->type == SETTING_DURATION ? settings_units_duration
                                        : setting->type == SETTING_BYTES  ? settings_units_bytes
                                                                          : settings_units_none;
    struct error own = {0};
    int64_t number;
    if (!settings_number(text, units, setting->least, setting->most, &number, &own))
        return say_value(assignment, err, own.text);
    *(int64_t *)((char *)settings + setting->offset) = number;
    return true;
}

static bool set_setting(struct settings *settings, size_t index, const struct assignment *assignment, struct error *err)
{
    const struct setting *setting = &settings_table[index];
    struct settings_store *store = settings->store;
    if (store->set_in[index] == store->reading && assignment->source != SOURCE_DEFAULT)
        return error_set(err, ERROR_CONFIG, "settings.twice", "%s: %s is given twice", assignment->where,
                         assignment->name);
    const char *text = one_text(assignment);
    bool is_fine;
    if (setting->type == SETTING_TOPICS)
        is_fine = set_topics(settings, setting, assignment, err);
    else if (assignment->entry_count > 0)
        is_fine = say_value(assignment, err, "is no list of objects");
    else if (setting->type == SETTING_LIST)
        is_fine = set_list(settings, setting, assignment, err);
    else if (!text)
        is_fine = say_value(assignment, err, "is one value, not a list");
    else if (setting->type == SETTING_STRING)
        is_fine = set_string(settings, setting, assignment, text, err);
    else if (setting->type == SETTING_ENUM)
        is_fine = set_choice(settings, setting, assignment, text, err);
    else
        is_fine = set_number(settings, setting, assignment, text, err);
    if (is_fine) {
        store->sources[index] = assignment->source;
        store->set_in[index] = store->reading;
    }
    return is_fine;
}

static size_t find_setting(const char *name)
{
    size_t index = 0;
    if (strcmp(name, "topics") == 0)
        name = "watched_topics";
    while (index < SETTING_COUNT && strcmp(settings_table[index].name, name) != 0)
        index++;
    return index;
}

static bool set_property(struct settings *settings, enum property_side side, const char *property,
                         const struct assignment *assignment, struct error *err)
{
    struct settings_store *store = settings->store;
    const char *text = one_text(assignment);
    if (!text)
        return say_value(assignment, err, "is one value, not a list");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(refused[i], property) == 0)
            return say_value(assignment, err, "is set by stanced itself: the delivery guarantees depend on it");
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(aliases[i].property, property) == 0)
            return set_setting(settings, find_setting(aliases[i].setting), assignment, err);
    size_t i = 0;
    while (i < settings->property_count &&
           (store->properties[i].side != side || strcmp(store->properties[i].name, property) != 0))
        i++;
    if (i == SETTINGS_PROPERTIES_MOST)
        return error_set(err, ERROR_CONFIG, "settings.many", "%s: more than %d properties", assignment->where,
                         SETTINGS_PROPERTIES_MOST);
    if (i < settings->property_count && store->property_set_in[i] == store->reading)
        return error_set(err, ERROR_CONFIG, "settings.twice", "%s: %s is given twice", assignment->where,
                         assignment->name);
    if (i == settings->property_count) {
        store->properties[i] = (struct settings_property){.side = side, .name = copy(settings, property)};
        settings->property_count++;
    }
    store->properties[i].value = copy(settings, text);
    store->property_set_in[i] = store->reading;
    store->property_sources[i] = assignment->source;
    return true;
}

static bool say_unknown(const struct assignment *assignment, struct error *err)
{
    const char *names[SETTING_COUNT];
    for (size_t i = 0; i < SETTING_COUNT; i++)
        names[i] = settings_table[i].name;
    const char *near = nearest_name(assignment->name, names, SETTING_COUNT);
    return error_set(err, ERROR_CONFIG, "settings.unknown", "%s: there is no setting \"%s\"%s%s%s", assignment->where,
                     assignment->name, near ? "; did you mean \"" : "; stanced run --help lists them", near ? near : "",
                     near ? "\"?" : "");
}

static bool assign(struct settings *settings, const struct assignment *assignment, struct error *err)
{
    size_t index = find_setting(assignment->name);
    if (index < SETTING_COUNT)
        return set_setting(settings, index, assignment, err);
    for (size_t side = PROPERTY_BOTH; side <= PROPERTY_PRODUCER; side++) {
        const char *prefix = settings_property_prefixes[side];
        size_t len = strlen(prefix);
        if (strncmp(assignment->name, prefix, len) == 0 && assignment->name[len])
            return set_property(settings, (enum property_side)side, assignment->name + len, assignment, err);
    }
    return say_unknown(assignment, err);
}

struct settings *settings_new(void)
{
    struct settings *settings = memory_new(1, sizeof *settings);
    settings->store = memory_new(1, sizeof *settings->store);
    settings->store->arena = arena_new(16 * 1024);
    settings->properties = settings->store->properties;
    settings->ignored = settings->store->ignored;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        struct error err = {0};
        const struct setting *setting = &settings_table[i];
        struct assignment assignment = {.where = "default", .name = setting->name, .items = &setting->initial, .count = 1};
        if (!set_setting(settings, i, &assignment, &err)) { /* a bug in the table: the first test finds it */
            fprintf(stderr, "stanced: %s\n", err.text);
            abort();
        }
    }
    return settings;
}

void settings_free(struct settings *settings)
{
    if (!settings)
        return;
    arena_free(settings->store->arena);
    free(settings->store);
    free(settings);
}

struct file_reading {
    struct settings *settings;
    const char *file_name;
};

static bool take_value(void *context, const struct yaml_value *value, struct error *err)
{
    const struct file_reading *reading = context;
    char where[ERROR_TEXT_BYTES / 2];
    snprintf(where, sizeof where, "%s:%zu", reading->file_name, value->line);
    struct assignment assignment = {.where = where, .name = value->name, .items = value->items, .count = value->count,
                                    .is_list = value->is_list, .entries = value->entries, .entry_count = value->entry_count,
                                    .file_name = reading->file_name, .line = value->line, .source = SOURCE_FILE};
    return assign(reading->settings, &assignment, err);
}

bool settings_read_yaml(struct settings *settings, struct view yaml, const char *file_name, struct error *err)
{
    struct file_reading reading = {.settings = settings, .file_name = file_name};
    settings->store->reading++;
    return yaml_walk(yaml, file_name, take_value, &reading, err);
}

bool settings_read_file(struct settings *settings, const char *path, struct error *err)
{
    struct view text;
    char *bytes = settings_file_bytes(path, &text, err);
    bool is_fine = bytes && settings_read_yaml(settings, text, path, err);
    free(bytes);
    return is_fine;
}

/* "fields.published_at" and FIELDS_PUBLISHED_AT are the same name. */
static bool is_environment_name(const char *setting, const char *given, size_t len)
{
    size_t i = 0;
    for (; setting[i] && i < len; i++) {
        char expected = setting[i] == '.' ? '_' : (char)toupper((unsigned char)setting[i]);
        if (given[i] != expected)
            return false;
    }
    return i == len && !setting[i];
}

/* Writes the dotted name that `given` [len] stands for; false where it is no setting and no property. */
static bool name_of_environment(const char *given, size_t len, char name[YAML_NAME_BYTES_MOST])
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (is_environment_name(settings_table[i].name, given, len)) {
            snprintf(name, YAML_NAME_BYTES_MOST, "%s", settings_table[i].name);
            return true;
        }
    if (len >= YAML_NAME_BYTES_MOST)
        return false;
    for (size_t side = 0; side <= PROPERTY_PRODUCER; side++) {
        const char *prefix = settings_property_prefixes[side];
        size_t prefix_len = strlen(prefix);
        if (len <= prefix_len || !is_environment_name(prefix, given, prefix_len))
            continue;
        for (size_t i = 0; i < len; i++)
            name[i] = given[i] == '_' ? '.' : (char)tolower((unsigned char)given[i]);
        name[len] = '\0';
        return true;
    }
    return false;
}

/* A name that is no setting is kept for `stanced check`, not refused: Kubernetes sets STANCED_SERVICE_HOST and the like
 * for a service called stanced. */
bool settings_read_environment(struct settings *settings, const char *const *environment, struct error *err)
{
    settings->store->reading++;
    for (; *environment; environment++) {
        const char *entry = *environment, *equals = strchr(entry, '=');
        size_t prefix_len = strlen(environment_prefix);
        if (!equals || strncmp(entry, environment_prefix, prefix_len) != 0)
            continue;
        char name[YAML_NAME_BYTES_MOST], where[YAML_NAME_BYTES_MOST];
        snprintf(where, sizeof where, "%.*s", (int)(equals - entry), entry);
        const char *value = equals + 1;
        if (name_of_environment(entry + prefix_len, (size_t)(equals - entry) - prefix_len, name)) {
            struct assignment assignment = {.where = where, .name = name, .items = &value, .count = 1,
                                            .source = SOURCE_ENVIRONMENT};
            if (!assign(settings, &assignment, err))
                return false;
        } else if (settings->ignored_count < SETTINGS_PROPERTIES_MOST) {
            settings->store->ignored[settings->ignored_count++] = copy(settings, where);
        }
    }
    return true;
}

bool settings_read_option(struct settings *settings, const char *assignment_text, struct error *err)
{
    const char *equals = strchr(assignment_text, '=');
    if (!equals || equals == assignment_text || equals - assignment_text >= YAML_NAME_BYTES_MOST)
        return error_set(err, ERROR_CONFIG, "settings.value", "\"%s\": expected name=value", assignment_text);
    char name[YAML_NAME_BYTES_MOST];
    snprintf(name, sizeof name, "%.*s", (int)(equals - assignment_text), assignment_text);
    const char *value = equals + 1;
    struct assignment assignment = {.where = "option", .name = name, .items = &value, .count = 1, .source = SOURCE_OPTION};
    settings->store->reading++;
    return assign(settings, &assignment, err);
}
