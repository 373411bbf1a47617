/* Which blocks of a page are its article, and what the others are. Internal to processor/text. */
#pragma once

#include "processor/text/html_tree.h"

/* The kind of each block, [tree->block_count], in `arena`. Linear. Thread: any. */
enum region_kind *html_content_kinds(const struct html_tree *tree, struct arena *arena);
