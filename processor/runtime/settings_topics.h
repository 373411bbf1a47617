/* The setting `watched_topics`: a list of objects, where all others are text or lists of text. */
#pragma once

#include "processor/runtime/settings_table.h"
#include "processor/runtime/yaml.h"

/* Reads the list from `value`: a list of mappings, or text that is such a list ("[...]": JSON is YAML) or names a file that
 * holds one; "" is none.
 *
 *   where  "stanced.yaml:12", "STANCED_WATCHED_TOPICS"; `file_name` is the file of `value`'s lines, or NULL
 *   err    ERROR_CONFIG "settings.value", "settings.yaml", "settings.open", with file and line where there are such
 *
 * Everything in *topics lives in `arena`; written on success only. */
bool settings_topics_read(const struct yaml_value *value, const char *where, const char *file_name, struct arena *arena,
                          struct settings_topics *topics, struct error *err);
