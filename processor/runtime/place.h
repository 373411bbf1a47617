/* Where the files that come with the program lie: PREFIX/share/stanced once installed, the source tree while it is
 * being built. Thread: any. */
#pragma once

#include <limits.h>
#include <stdbool.h>

/* Finds a file or folder beside the running program:
 *   PROGRAM/../share/stanced/`installed`, else `in_tree` under the program's folder or one of the six above it
 * (build/stanced, build/asan/stanced, build/tests/unit/x/test_y). False: none is there; `path` is then the first place looked at. */
bool place_find(const char *installed, const char *in_tree, char path[PATH_MAX]);
