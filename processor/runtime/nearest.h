/* "Did you mean ...?" for names that people type. Thread: any. */
#pragma once

#include <stddef.h>

/* The one of `names` [count] that is fewest edits (insert, delete, change, swap) away from `name`, or NULL where none
 * is near enough to be meant: more than a third of its length, at least two. Ties go to the first. Borrowed from `names`. */
const char *nearest_name(const char *name, const char *const *names, size_t count);
