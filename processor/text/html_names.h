/* What an element's tag, role, class and id say of the text within. Internal to processor/text. */
#pragma once

#include "processor/text/html_tree.h"

/* A region kind, or HTML_NO_KIND. */
uint8_t html_names_kind(const GumboNode *element);

/* Whether the word table is in order; for tests. */
bool html_names_table_is_sorted(void);
