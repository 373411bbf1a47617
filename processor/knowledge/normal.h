/* One spelling for the many of a name: what knowledge_find() looks up and what training/knowledge.py stores.
 *
 * Accents are let go (and letters that Unicode does not take apart: l for ł, o for ø, ss for ß), typographic quotes and dashes
 * become ASCII ones, runs of white space one space, none at the ends. Case stays. */
#pragma once

#include "processor/runtime/view.h"

#include <stddef.h>

/* Writes the spelling of `name` (valid UTF-8) to out[0..most) and returns its bytes; 0 where nothing is left, where it does not
 * fit, or where a letter has no Latin form: such names are not in the file. Thread: any. */
size_t normal_spelling(struct view name, char *out, size_t most);
