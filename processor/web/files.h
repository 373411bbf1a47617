/* The page's own files (page.html, page.css, the scripts), as they lie beside this one, in the program. Thread: any. */
#pragma once

#include "processor/runtime/view.h"

struct file {
    const char *type; /* for Content-Type */
    struct view text;
};

/* The file that is served at `path`; false: none is. */
bool files_find(const char *path, struct file *file);
