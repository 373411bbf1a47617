/* What a name means in this article: the knowledge's candidates, weighed by the type that the tags gave, by the countries that the
 * article speaks of, and by the words beside the name. Identifiers must be right before they are many: in doubt, none. */
#pragma once

#include "processor/extract/forms.h"

/* Whether the words beside the name speak of public office: "Senator Ann Lee", "Ann Lee, the minister". */
bool meanings_has_office(const struct reading *reading, struct span span);
/* Whether such a word stands right before the name. */
bool meanings_has_title(const struct reading *reading, struct span span);
/* Whether the word for a trade that politicians do not follow stands right before the name: "Captain", "spokesman". */
bool meanings_has_trade(const struct reading *reading, struct span span);
/* Whether the word lists are sorted, as they must be; for tests. */
bool meanings_lists_are_sorted(void);

/* The type of what the name is sure to mean, if the tags' type cannot be right; else the tags' type. */
enum entity_type meanings_type(const struct form *form, const struct knowledge *knowledge);

/* The law, agreement or programme that `name` means for sure, wherever it stands; KNOWN_NONE where it is none. `knowledge` may be NULL. */
uint32_t meanings_measure(const struct knowledge *knowledge, struct view name);

/* Sets known and known_is_weak of all forms. `knowledge` may be NULL. `arena` holds
 * what is needed for it. Linear. */
void meanings_set(struct forms *forms, const struct knowledge *knowledge, struct arena *arena);
