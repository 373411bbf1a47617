#include "processor/runtime/yaml.h"

#include "processor/runtime/arena.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

static const char code[] = "settings.yaml";

/* One mapping that is being walked: depth is bounded, so is this stack. */
struct level {
    const yaml_node_t *mapping;
    size_t next;     /* pair */
    size_t name_len; /* of the mapping's own dotted name */
};

struct walk {
    yaml_document_t *document;
    const char *file_name;
    char name[YAML_NAME_BYTES_MOST];
    struct level levels[YAML_DEPTH_MOST];
    size_t depth;
};

static size_t line_of(const yaml_node_t *node)
{
    return node->start_mark.line + 1;
}

static const char *scalar_text(const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    bool is_plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return is_plain && (strcmp(text, "~") == 0 || strcmp(text, "null") == 0) ? "" : text;
}

static bool has_zero(const yaml_node_t *node)
{
    return memchr(node->data.scalar.value, '\0', node->data.scalar.length) != NULL;
}

/* Puts `key` behind the name of the level; *len is the whole length. */
static bool join_name(struct walk *walk, const yaml_node_t *key, size_t *len, struct error *err)
{
    if (key->type != YAML_SCALAR_NODE || has_zero(key))
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: a name must be plain text", walk->file_name, line_of(key));
    size_t before = walk->levels[walk->depth - 1].name_len;
    int more = snprintf(walk->name + before, sizeof walk->name - before, "%s%s", before ? "." : "",
                        (const char *)key->data.scalar.value);
    if (more < 0 || (size_t)more >= sizeof walk->name - before)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: a name is longer than %d bytes", walk->file_name, line_of(key),
                         YAML_NAME_BYTES_MOST - 1);
    *len = before + (size_t)more;
    return true;
}

static bool collect(struct walk *walk, const yaml_node_t *node, const char **items, size_t *count, struct error *err)
{
    *count = 0;
    for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *entry = yaml_document_get_node(walk->document, *item);
        if (entry->type != YAML_SCALAR_NODE || has_zero(entry))
            return error_set(err, ERROR_CONFIG, code, "%s:%zu: %s: an entry of a list must be plain text", walk->file_name,
                             line_of(entry), walk->name);
        if (*count == YAML_LIST_MOST)
            return error_set(err, ERROR_CONFIG, code, "%s:%zu: %s: more than %d entries", walk->file_name, line_of(entry),
                             walk->name, YAML_LIST_MOST);
        items[(*count)++] = scalar_text(entry);
    }
    return true;
}

static const char *key_text(const struct walk *walk, const yaml_node_pair_t *pair)
{
    return (const char *)yaml_document_get_node(walk->document, pair->key)->data.scalar.value;
}

/* One key of a mapping in a list. */
static bool take_field(struct walk *walk, const yaml_node_pair_t *pair, struct arena *arena, struct yaml_value *field,
                       struct error *err)
{
    const yaml_node_t *key = yaml_document_get_node(walk->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(walk->document, pair->value);
    if (key->type != YAML_SCALAR_NODE || has_zero(key))
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: %s: a name must be plain text", walk->file_name, line_of(key), walk->name);
    if (value->type == YAML_MAPPING_NODE || (value->type == YAML_SCALAR_NODE && has_zero(value)))
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: %s: %s must be plain text or a list of it", walk->file_name,
                         line_of(value), walk->name, key_text(walk, pair));
    *field = (struct yaml_value){.name = key_text(walk, pair), .line = line_of(key), .count = 1};
    const char *items[YAML_LIST_MOST];
    field->is_list = value->type == YAML_SEQUENCE_NODE;
    if (field->is_list && !collect(walk, value, items, &field->count, err))
        return false;
    if (!field->is_list)
        items[0] = scalar_text(value);
    field->items = memcpy(arena_take(arena, (field->count + 1) * sizeof *items), items, field->count * sizeof *items);
    return true;
}

static bool take_entry(struct walk *walk, const yaml_node_t *mapping, struct arena *arena, struct yaml_entry *entry,
                       struct error *err)
{
    if (mapping->type != YAML_MAPPING_NODE)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: %s: an entry of a list is text, the others are not", walk->file_name,
                         line_of(mapping), walk->name);
    const yaml_node_pair_t *first = mapping->data.mapping.pairs.start;
    size_t count = (size_t)(mapping->data.mapping.pairs.top - first);
    struct yaml_value *fields = arena_take_zeroed(arena, count, sizeof *fields);
    for (size_t i = 0; i < count; i++)
        if (!take_field(walk, first + i, arena, &fields[i], err))
            return false;
    *entry = (struct yaml_entry){.line = line_of(mapping), .fields = fields, .field_count = count};
    return true;
}

static bool take_entries(struct walk *walk, const yaml_node_t *node, struct arena *arena, struct yaml_value *value, struct error *err)
{
    const yaml_node_item_t *first = node->data.sequence.items.start;
    value->entry_count = (size_t)(node->data.sequence.items.top - first);
    if (value->entry_count > YAML_LIST_MOST)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: %s: more than %d entries", walk->file_name, value->line, walk->name,
                         YAML_LIST_MOST);
    struct yaml_entry *entries = arena_take_zeroed(arena, value->entry_count, sizeof *entries);
    value->entries = entries;
    for (size_t i = 0; i < value->entry_count; i++)
        if (!take_entry(walk, yaml_document_get_node(walk->document, first[i]), arena, &entries[i], err))
            return false;
    return true;
}

static bool visit_entries(struct walk *walk, const yaml_node_t *node, size_t line, yaml_visit *visit, void *context,
                          struct error *err)
{
    struct arena *arena = arena_new(4096);
    struct yaml_value value = {.name = walk->name, .line = line, .is_list = true};
    bool is_fine = take_entries(walk, node, arena, &value, err) && visit(context, &value, err);
    arena_free(arena);
    return is_fine;
}

static bool is_list_of_mappings(const struct walk *walk, const yaml_node_t *node)
{
    const yaml_node_item_t *first = node->data.sequence.items.start;
    return first < node->data.sequence.items.top && yaml_document_get_node(walk->document, *first)->type == YAML_MAPPING_NODE;
}

static bool visit_list(struct walk *walk, const yaml_node_t *node, size_t line, yaml_visit *visit, void *context,
                       struct error *err)
{
    if (is_list_of_mappings(walk, node))
        return visit_entries(walk, node, line, visit, context, err);
    const char *items[YAML_LIST_MOST];
    struct yaml_value value = {.name = walk->name, .line = line, .items = items, .is_list = true};
    return collect(walk, node, items, &value.count, err) && visit(context, &value, err);
}

static bool visit_scalar(struct walk *walk, const yaml_node_t *node, size_t line, yaml_visit *visit, void *context,
                         struct error *err)
{
    if (has_zero(node))
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: %s: a zero byte in the value", walk->file_name, line_of(node),
                         walk->name);
    const char *item = scalar_text(node);
    struct yaml_value value = {.name = walk->name, .line = line, .items = &item, .count = 1};
    return visit(context, &value, err);
}

static bool enter(struct walk *walk, const yaml_node_t *mapping, size_t name_len, struct error *err)
{
    if (walk->depth == YAML_DEPTH_MOST)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: more than %d levels", walk->file_name, line_of(mapping),
                         YAML_DEPTH_MOST);
    walk->levels[walk->depth++] = (struct level){.mapping = mapping, .name_len = name_len};
    return true;
}

static bool walk_mapping(struct walk *walk, const yaml_node_t *root, yaml_visit *visit, void *context, struct error *err)
{
    if (!enter(walk, root, 0, err))
        return false;
    while (walk->depth > 0) {
        struct level *level = &walk->levels[walk->depth - 1];
        const yaml_node_pair_t *pair = level->mapping->data.mapping.pairs.start + level->next;
        if (pair >= level->mapping->data.mapping.pairs.top) {
            walk->depth--;
            continue;
        }
        level->next++;
        const yaml_node_t *key = yaml_document_get_node(walk->document, pair->key);
        const yaml_node_t *value = yaml_document_get_node(walk->document, pair->value);
        size_t name_len = 0;
        bool is_fine = join_name(walk, key, &name_len, err);
        if (is_fine && value->type == YAML_MAPPING_NODE)
            is_fine = enter(walk, value, name_len, err);
        else if (is_fine && value->type == YAML_SEQUENCE_NODE)
            is_fine = visit_list(walk, value, line_of(key), visit, context, err);
        else if (is_fine)
            is_fine = visit_scalar(walk, value, line_of(key), visit, context, err);
        if (!is_fine)
            return false;
    }
    return true;
}

/* Refuses one event; false with *err. `depth` is that of open mappings and sequences. */
static bool check_event(const yaml_event_t *event, const char *file_name, size_t *depth, size_t *documents,
                        struct error *err)
{
    size_t line = event->start_mark.line + 1;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: aliases (*name) are not supported", file_name, line);
    case YAML_DOCUMENT_START_EVENT:
        return ++*documents == 1 || error_set(err, ERROR_CONFIG, code, "%s:%zu: a second document", file_name, line);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return ++*depth <= YAML_DEPTH_MOST + 1 ||
               error_set(err, ERROR_CONFIG, code, "%s:%zu: more than %d levels", file_name, line, YAML_DEPTH_MOST);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        --*depth;
        return true;
    default:
        return true;
    }
}

/* A first look at the events, before libyaml builds a tree: it takes quadratic time over deep nesting, and resolves an
 * alias to the anchored node, so that one value would stand at two places. */
static bool check_events(struct view yaml, const char *file_name, struct error *err)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return error_set(err, ERROR_FATAL, code, "%s: out of memory", file_name);
    yaml_parser_set_input_string(&parser, (const unsigned char *)(yaml.data ? yaml.data : ""), yaml.len);
    size_t depth = 0, documents = 0;
    bool is_fine = true;
    for (bool is_end = false; is_fine && !is_end;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            is_fine = error_set(err, ERROR_CONFIG, code, "%s:%zu: not YAML: %s", file_name, parser.problem_mark.line + 1,
                                parser.problem ? parser.problem : "unknown problem");
            break;
        }
        is_fine = check_event(&event, file_name, &depth, &documents, err);
        is_end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return is_fine;
}

/* What is done with the root of a document that holds something. */
typedef bool root_visit(struct walk *walk, const yaml_node_t *root, yaml_visit *visit, void *context, struct error *err);

static bool visit_root_mapping(struct walk *walk, const yaml_node_t *root, yaml_visit *visit, void *context, struct error *err)
{
    if (root->type != YAML_MAPPING_NODE)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: expected \"name: value\" lines", walk->file_name, line_of(root));
    return walk_mapping(walk, root, visit, context, err);
}

static bool visit_root_list(struct walk *walk, const yaml_node_t *root, yaml_visit *visit, void *context, struct error *err)
{
    if (root->type != YAML_SEQUENCE_NODE)
        return error_set(err, ERROR_CONFIG, code, "%s:%zu: expected a list: \"- ...\" lines or [...]", walk->file_name, line_of(root));
    return visit_list(walk, root, line_of(root), visit, context, err);
}

static bool walk_document(struct view yaml, struct walk *walk, root_visit *visit_root, yaml_visit *visit, void *context,
                          struct error *err)
{
    yaml_parser_t parser;
    yaml_document_t document;
    if (!check_events(yaml, walk->file_name, err))
        return false;
    if (!yaml_parser_initialize(&parser))
        return error_set(err, ERROR_FATAL, code, "%s: out of memory", walk->file_name);
    yaml_parser_set_input_string(&parser, (const unsigned char *)(yaml.data ? yaml.data : ""), yaml.len);
    bool is_fine = yaml_parser_load(&parser, &document);
    if (!is_fine) {
        error_set(err, ERROR_CONFIG, code, "%s:%zu: not YAML: %s", walk->file_name, parser.problem_mark.line + 1,
                  parser.problem ? parser.problem : "unknown problem");
    } else {
        const yaml_node_t *root = yaml_document_get_root_node(&document);
        bool is_empty = !root || (root->type == YAML_SCALAR_NODE && !*scalar_text(root));
        walk->document = &document;
        if (!is_empty)
            is_fine = visit_root(walk, root, visit, context, err);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return is_fine;
}

bool yaml_walk(struct view yaml, const char *file_name, yaml_visit *visit, void *context, struct error *err)
{
    struct walk walk = {.file_name = file_name};
    return walk_document(yaml, &walk, visit_root_mapping, visit, context, err);
}

bool yaml_walk_list(struct view yaml, const char *file_name, const char *name, yaml_visit *visit, void *context,
                    struct error *err)
{
    struct walk walk = {.file_name = file_name};
    snprintf(walk.name, sizeof walk.name, "%s", name);
    return walk_document(yaml, &walk, visit_root_list, visit, context, err);
}
