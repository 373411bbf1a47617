/* Marks to entities: all mentions of one actor under one name.
 *
 * Names first (clusters): the same string, a person's last name, a part of an organisation's name, an acronym, or the same
 * known entity. Then pronouns and nominals go to what was named before them (antecedents), by rules that rather stay silent. */
#pragma once

#include "processor/extract/clusters.h"
#include "processor/extract/stances.h"

struct entities {
    struct entity *items; /* [count], by first mention; salience and portrayal are not filled in yet */
    size_t count;
};

/* Gives every mark that can be settled its entity (mark->entity), every attribution its source's, and returns the entities.
 * `knowledge` may be NULL. Linear in the marks but for sorting. Result in reading->arena. */
struct entities entities_of(struct reading *reading, const struct knowledge *knowledge);

/* Removes whoever is named in captions alone, and the issues toward which there is no stance, but for known measures; puts the others in
 * order of their first mention. Stances and attributions follow, marks do not: the last step, after issues_settle() and
 * stances_portray(). */
void entities_keep(struct reading *reading, struct entities *entities, struct stances *stances);
