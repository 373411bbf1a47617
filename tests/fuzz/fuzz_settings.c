/* Property: any bytes as a settings file are either read or refused with a code and a one-line reason of kind CONFIG, and
 * settings that were read can be finished, printed and freed. */
#include "processor/runtime/settings.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_to_nothing(const struct settings *settings)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    if (!to)
        return;
    settings_print(settings, to);
    fclose(to);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings *settings = settings_new();
    struct error err = {0};
    bool is_read = settings_read_yaml(settings, (struct view){.data = (const char *)data, .len = size}, "fuzz.yaml", &err);
    if (is_read)
        is_read = settings_finish(settings, &err);
    if (is_read != (err.kind == ERROR_NONE))
        abort();
    if (!is_read && (err.kind != ERROR_CONFIG || !*err.code || !*err.text || strchr(err.text, '\n')))
        abort();
    print_to_nothing(settings);
    settings_free(settings);
    return 0;
}
