/* What an element's tag, role, class and id say of the text within. Internal to processor/text. */
#pragma once

#include "processor/text/html_tree.h"

struct html_name {
    uint8_t kind;    /* a region kind, or HTML_NO_KIND */
    bool is_strong;  /* hardly ever said of an article's own text: footer, comments, cookies */
    bool is_content; /* names an article's text: "article-body", "entry-content", itemprop articleBody */
};

struct html_name html_names_read(const GumboNode *element);

/* Whether the word table is in order; for tests. */
bool html_names_table_is_sorted(void);
