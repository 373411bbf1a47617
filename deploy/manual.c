/* Makes the manual page: copies stdin to stdout, and puts the settings' table in place of the line ".SETTINGS", so that
 * the page cannot fall behind the program. */
#include "processor/runtime/settings.h"

#include <stdlib.h>
#include <string.h>

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) >= 0) {
        if (strcmp(line, ".SETTINGS\n") == 0)
            settings_print_manual(stdout);
        else
            fputs(line, stdout);
    }
    free(line);
    return ferror(stdin) || fflush(stdout) != 0;
}
