/* The settings table as data: for settings.c, which reads, and for those who list it (options.c, settings_show.c). */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/settings.h"

enum setting_type { SETTING_STRING, SETTING_LIST, SETTING_TOPICS, SETTING_ENUM, SETTING_INT, SETTING_DURATION, SETTING_BYTES };

struct setting {
    const char *name;
    enum setting_type type;
    const char *initial;
    int64_t least, most; /* of the number; of the bytes of a STRING; of the entries of a LIST or of TOPICS */
    const char *value;   /* for help; the choices of an ENUM */
    const char *help;
    size_t offset; /* of the member */
};

enum {
#define X(type, member, name, initial, least, most, value, help) SETTING_INDEX_##member,
    SETTINGS(X)
#undef X
    SETTING_COUNT
};

extern const struct setting settings_table[SETTING_COUNT];

enum setting_source { SOURCE_DEFAULT, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_OPTION };

struct settings_store {
    struct arena *arena; /* every string */
    unsigned reading;    /* counts the sources read, to find what one of them sets twice */
    unsigned set_in[SETTING_COUNT];
    enum setting_source sources[SETTING_COUNT];
    unsigned property_set_in[SETTINGS_PROPERTIES_MOST];
    enum setting_source property_sources[SETTINGS_PROPERTIES_MOST];
    struct settings_property properties[SETTINGS_PROPERTIES_MOST];
    const char *ignored[SETTINGS_PROPERTIES_MOST];
};

/* "kafka.", "consumer.", "producer.": in the order of enum property_side. */
extern const char *const settings_property_prefixes[3];

/* The bytes of a file, at most SETTINGS_FILE_BYTES_MOST, which the caller frees; *text is all of them. NULL with *err:
 * ERROR_CONFIG "settings.open". */
char *settings_file_bytes(const char *path, struct view *text, struct error *err);
