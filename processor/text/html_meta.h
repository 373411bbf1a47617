/* What a page says of itself: meta elements, canonical link, JSON-LD, time. Internal to processor/text. */
#pragma once

#include "processor/text/html.h"
#include "processor/text/html_tree.h"

/* Fills title, language, url, published_at, site and author of *page, each empty where nothing is given. The values are
 * as the page has them, trimmed, in `arena`. `tree` gives the h1. Linear. Thread: any. */
void html_meta_read(const GumboNode *root, const struct html_tree *tree, struct arena *arena, struct html_page *page);
