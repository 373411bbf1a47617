#include "processor/runtime/settings_topics.h"

#include <stdlib.h>
#include <string.h>

static const char code[] = "settings.value";
static const char form[] = "{name: ..., patterns: [...]}";

struct topics_reading {
    struct arena *arena;
    const char *file_name; /* of the lines */
    struct settings_topics topics;
};

/* Names go into records, keys and terminals: printable, no white space around them. */
static bool is_fine_text(const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || len > SETTINGS_TOPIC_BYTES_MOST || text[0] == ' ' || text[len - 1] == ' ')
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7F)
            return false;
    return true;
}

static bool say(const struct topics_reading *reading, size_t line, const char *says, struct error *err)
{
    return error_set(err, ERROR_CONFIG, code, "%s:%zu: %s", reading->file_name, line, says);
}

static bool take_patterns(struct topics_reading *reading, const struct yaml_value *field, struct settings_list *patterns,
                          struct error *err)
{
    if (field->count == 0 || field->count > SETTINGS_TOPIC_PATTERNS_MOST)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: a topic has 1 to %d patterns", reading->file_name, field->line,
                         SETTINGS_TOPIC_PATTERNS_MOST);
    const char **items = arena_take_zeroed(reading->arena, field->count + 1, sizeof *items);
    for (size_t i = 0; i < field->count; i++) {
        if (!is_fine_text(field->items[i]))
            return error_set(err, ERROR_CONFIG, code, "%s:%zu: a pattern is 1 to %d bytes of text, without spaces around it",
                             reading->file_name, field->line, SETTINGS_TOPIC_BYTES_MOST);
        items[i] = arena_copy(reading->arena, view_of(field->items[i])).data;
    }
    *patterns = (struct settings_list){.items = items, .count = field->count};
    return true;
}

static bool take_field(struct topics_reading *reading, const struct yaml_value *field, struct settings_topic *topic, struct error *err)
{
    bool is_name = strcmp(field->name, "name") == 0;
    if (!is_name && strcmp(field->name, "patterns") != 0)
        return error_set(err, ERROR_CONFIG, "settings.unknown", "%s:%zu: a topic has no \"%.40s\": it is %s", reading->file_name,
                         field->line, field->name, form);
    if (is_name ? topic->name != NULL : topic->patterns.count > 0)
        return error_set(err, ERROR_CONFIG, "settings.twice", "%s:%zu: %s is given twice", reading->file_name, field->line,
                         field->name);
    if (!is_name)
        return take_patterns(reading, field, &topic->patterns, err);
    if (field->is_list || !is_fine_text(field->items[0]))
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: the name of a topic is 1 to %d bytes of text, without spaces around it",
                         reading->file_name, field->line, SETTINGS_TOPIC_BYTES_MOST);
    topic->name = arena_copy(reading->arena, view_of(field->items[0])).data;
    return true;
}

static bool take_topic(struct topics_reading *reading, const struct yaml_entry *entry, const struct settings_topics *before,
                       struct settings_topic *topic, struct error *err)
{
    *topic = (struct settings_topic){.where = arena_print(reading->arena, "%s:%zu", reading->file_name, entry->line).data};
    for (size_t i = 0; i < entry->field_count; i++)
        if (!take_field(reading, &entry->fields[i], topic, err))
            return false;
    if (topic->name == NULL)
        return say(reading, entry->line, "a topic needs a name", err);
    for (size_t i = 0; i < before->count; i++)
        if (strcmp(before->items[i].name, topic->name) == 0)
            return error_set(err, ERROR_CONFIG, "settings.twice", "%s: topic \"%s\" is given twice", topic->where, topic->name);
    if (topic->patterns.count == 0) {
        const char **items = arena_take_zeroed(reading->arena, 2, sizeof *items);
        items[0] = topic->name;
        topic->patterns = (struct settings_list){.items = items, .count = 1};
    }
    return true;
}

/* What stands in a list, be it of the settings' own file, of another one or of a text. */
static bool take_topics(void *context, const struct yaml_value *value, struct error *err)
{
    struct topics_reading *reading = context;
    if (!value->is_list || value->count > 0)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: an entry of %s is %s", reading->file_name, value->line, value->name, form);
    if (value->entry_count > SETTINGS_TOPICS_MOST)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: more than %d topics", reading->file_name, value->line,
                         SETTINGS_TOPICS_MOST);
    struct settings_topic *items = arena_take_zeroed(reading->arena, value->entry_count, sizeof *items);
    struct settings_topics topics = {.items = items};
    for (; topics.count < value->entry_count; topics.count++)
        if (!take_topic(reading, &value->entries[topics.count], &topics, &items[topics.count], err))
            return false;
    reading->topics = topics;
    return true;
}

static bool read_text(struct topics_reading *reading, struct view text, const char *name, struct error *err)
{
    return yaml_walk_list(text, reading->file_name, name, take_topics, reading, err);
}

static bool read_file(struct topics_reading *reading, const char *path, const char *name, struct error *err)
{
    struct view text;
    reading->file_name = path;
    char *bytes = settings_file_bytes(path, &text, err);
    bool is_fine = bytes && read_text(reading, text, name, err);
    free(bytes);
    return is_fine;
}

bool settings_topics_read(const struct yaml_value *value, const char *where, const char *file_name, struct arena *arena,
                          struct settings_topics *topics, struct error *err)
{
    struct topics_reading reading = {.arena = arena, .file_name = file_name ? file_name : where};
    bool is_fine = true;
    if (value->is_list) {
        is_fine = take_topics(&reading, value, err);
    } else {
        const char *text = value->items[0] + strspn(value->items[0], " \t\r\n");
        if (*text == '[') {
            reading.file_name = where;
            is_fine = read_text(&reading, view_of(text), value->name, err);
        } else if (*text) {
            is_fine = read_file(&reading, text, value->name, err);
        }
    }
    if (is_fine)
        *topics = reading.topics;
    return is_fine;
}
