#include "processor/runtime/place.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LEVELS_ABOVE = 6 };

/* Cuts the last part of a path; false where nothing is left. */
static bool go_up(char *folder)
{
    char *slash = strrchr(folder, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

static bool exists(char path[PATH_MAX], const char *folder, const char *between, const char *name)
{
    int len = snprintf(path, PATH_MAX, "%s/%s%s", folder, between, name);
    return len > 0 && len < PATH_MAX && access(path, R_OK) == 0;
}

bool place_find(const char *installed, const char *in_tree, char path[PATH_MAX])
{
    char folder[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (len <= 0)
        len = snprintf(folder, sizeof folder, "./stanced");
    folder[len] = '\0';
    go_up(folder);
    char first[PATH_MAX];
    if (exists(first, folder, "../share/stanced/", installed)) {
        memcpy(path, first, sizeof first);
        return true;
    }
    for (int level = 0; level <= LEVELS_ABOVE; level++) {
        if (exists(path, folder, "", in_tree))
            return true;
        if (!go_up(folder))
            break;
    }
    memcpy(path, first, sizeof first);
    return false;
}
