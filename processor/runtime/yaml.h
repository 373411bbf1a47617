/* YAML mappings as a flat list of dotted names: `kafka: {security.protocol: SSL}` is "kafka.security.protocol".
 * Parsing is libyaml's. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stddef.h>

enum { YAML_DEPTH_MOST = 8, YAML_NAME_BYTES_MOST = 256, YAML_LIST_MOST = 1024 };

struct yaml_entry;

struct yaml_value {
    const char *name;         /* dotted; of a field of an entry its key */
    size_t line;              /* of the key, from 1 */
    const char *const *items; /* [count]: a scalar is one item, an empty one or null is "" */
    size_t count;
    bool is_list;
    const struct yaml_entry *entries; /* [entry_count] of a list of mappings, whose count is 0 */
    size_t entry_count;
};

/* A mapping in a list: `- {name: a, patterns: [b, c]}`. Its fields are text or lists of text. */
struct yaml_entry {
    size_t line;
    const struct yaml_value *fields; /* [field_count], none is a list of mappings */
    size_t field_count;
};

/* Called for each value in the order of the file; strings end with the call. False stops, with *err set. */
typedef bool yaml_visit(void *context, const struct yaml_value *value, struct error *err);

/* Walks the one document in `yaml`, which must be a mapping (or empty). Anchors are not resolved: an alias is an error,
 * so that the work is linear. err: what `visit` says, or ERROR_CONFIG "settings.yaml", with `file_name` and line. */
bool yaml_walk(struct view yaml, const char *file_name, yaml_visit *visit, void *context, struct error *err);

/* The same for a document that is one list: visited once, under `name`. JSON is YAML. */
bool yaml_walk_list(struct view yaml, const char *file_name, const char *name, yaml_visit *visit, void *context,
                    struct error *err);
