/* Settings as people see them. */
#include "processor/runtime/settings.h"
#include "processor/runtime/settings_table.h"
#include "processor/runtime/settings_value.h"

#include <string.h>
#include <strings.h>

static const char *const source_names[] = {
    [SOURCE_DEFAULT] = "default",
    [SOURCE_FILE] = "file",
    [SOURCE_ENVIRONMENT] = "environment",
    [SOURCE_OPTION] = "option",
};

bool settings_is_secret(const char *property)
{
    static const char *const parts[] = {"password", "secret", "key.pem", "keystore.pem", "ssl_key", "oauthbearer.config",
                                        "basic.auth", "jaas"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcasestr(property, parts[i]))
            return true;
    return false;
}

/* A URL may carry "user:password@". */
static void print_text(const char *text, FILE *to)
{
    const char *scheme = strstr(text, "://"), *at = scheme ? strchr(scheme, '@') : NULL;
    if (at)
        fprintf(to, "%.*s***%s", (int)(scheme + 3 - text), text, at);
    else
        fputs(*text ? text : "\"\"", to);
}

static void print_value(const struct settings *settings, const struct setting *setting, FILE *to)
{
    const char *member = (const char *)settings + setting->offset;
    char choice[64];
    switch (setting->type) {
    case SETTING_STRING:
        print_text(*(const char *const *)(const void *)member, to);
        break;
    case SETTING_TOPICS: {
        const struct settings_topics *topics = (const void *)member;
        for (size_t i = 0; i < topics->count; i++)
            fprintf(to, "%s%s", i ? "," : "", topics->items[i].name);
        if (topics->count == 0)
            fputs("\"\"", to);
        break;
    }
    case SETTING_LIST: {
        const struct settings_list *list = (const void *)member;
        for (size_t i = 0; i < list->count; i++)
            fprintf(to, "%s%s", i ? "," : "", list->items[i]);
        if (list->count == 0)
            fputs("\"\"", to);
        break;
    }
    case SETTING_ENUM:
        fputs(settings_choice_text(setting->value, *(const settings_choice *)(const void *)member, choice, sizeof choice), to);
        break;
    case SETTING_INT:
    case SETTING_DURATION:
    case SETTING_BYTES:
        fprintf(to, "%lld", (long long)*(const int64_t *)(const void *)member);
        break;
    }
}

void settings_print(const struct settings *settings, FILE *to)
{
    const struct settings_store *store = settings->store;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        fprintf(to, "%-22s ", settings_table[i].name);
        print_value(settings, &settings_table[i], to);
        fprintf(to, "  (%s)\n", source_names[store->sources[i]]);
    }
    for (size_t i = 0; i < settings->property_count; i++) {
        const struct settings_property *property = &settings->properties[i];
        fprintf(to, "%s%s ", settings_property_prefixes[property->side], property->name);
        if (settings_is_secret(property->name))
            fputs("***", to);
        else
            print_text(property->value, to);
        fprintf(to, "  (%s)\n", source_names[store->property_sources[i]]);
    }
}

void settings_print_manual(FILE *to)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = &settings_table[i];
        fprintf(to, ".TP\n.B %s\n(%s", setting->name, setting->value);
        if (*setting->initial)
            fprintf(to, ", default %s", setting->initial);
        fprintf(to, ")\n%s.\n", setting->help);
    }
}

const char *settings_property(const struct settings *settings, enum property_side side, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < settings->property_count; i++) {
        const struct settings_property *property = &settings->properties[i];
        if (strcmp(property->name, name) != 0)
            continue;
        if (property->side == side)
            return property->value;
        if (property->side == PROPERTY_BOTH)
            value = property->value;
    }
    return value;
}
