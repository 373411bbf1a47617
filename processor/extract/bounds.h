/* Where a name really begins and ends: the tags take a word too many now and then ("Florida Rep.", "CNN's Ann Lee"), or stop one too early. */
#pragma once

#include "processor/extract/windows.h"
#include "processor/knowledge/knowledge.h"

struct name_bounds {
    size_t first, last; /* words of the window, both included */
    enum entity_type type;
    struct span span;   /* of the text */
};

/* Corrects first, last and type, and sets span; false: there is no name in these words ("Rear Adm."). In a cased text a person, place, body or
 * product has a capital. `knowledge` may be NULL. Thread: any. */
bool bounds_correct(const struct reading *reading, const struct window *window, const struct knowledge *knowledge, struct name_bounds *name);

/* Whether `span` stands behind a party's letter and a dash, as "Calif." in "D-Calif.". */
bool bounds_is_behind_party(struct view text, struct span span);
