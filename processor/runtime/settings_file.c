/* The bytes of a settings file. */
#include "processor/runtime/memory.h"
#include "processor/runtime/settings_table.h"

#include <errno.h>
#include <stdlib.h>

char *settings_file_bytes(const char *path, struct view *text, struct error *err)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        error_set(err, ERROR_CONFIG, "settings.open", "%s: cannot be opened: %s", path, strerror(errno));
        return NULL;
    }
    char *bytes = memory_take(SETTINGS_FILE_BYTES_MOST + 1);
    size_t len = fread(bytes, 1, SETTINGS_FILE_BYTES_MOST + 1, file);
    bool is_fine = !ferror(file);
    if (!is_fine)
        error_set(err, ERROR_CONFIG, "settings.open", "%s: cannot be read: %s", path, strerror(errno));
    else if (len > SETTINGS_FILE_BYTES_MOST)
        is_fine = error_set(err, ERROR_CONFIG, "settings.open", "%s: larger than %d bytes", path, SETTINGS_FILE_BYTES_MOST);
    fclose(file);
    if (is_fine) {
        *text = (struct view){.data = bytes, .len = len};
        return bytes;
    }
    free(bytes);
    return NULL;
}
