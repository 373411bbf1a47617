/* A parsed page as html works on it: its text in blocks (lines), and the elements around them.
 *
 * Internal to processor/text. Elements are in document order, so an element's descendants are the elements
 * [index + 1, end) and its text is the blocks [first_block, last_block). */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/error.h"
#include "processor/text/boilerplate.h"

#include <gumbo.h>
#include <stdbool.h>

enum { HTML_NO_KIND = REGION_KIND_COUNT }; /* mark-up says nothing */

struct html_element {
    const GumboNode *node;
    uint32_t parent; /* index; of the root: itself */
    uint32_t end;
    uint32_t first_block, last_block;
    uint16_t depth;
};

struct html_block {
    struct span span; /* of the page's text; not empty */
    uint32_t element; /* innermost one around the whole block */
    uint32_t words, link_words, commas;
    uint8_t heading;  /* 1..6 within h1..h6, else 0 */
    bool is_paragraph, is_item, is_button; /* within p (or blockquote, pre), li (or dt, dd), button (or label) */
    bool ends_sentence;
};

struct html_tree {
    struct view text;
    struct html_element *elements; /* [element_count] */
    struct html_block *blocks;     /* [block_count] */
    uint32_t element_count, block_count;
};

/* Walks the parsed document. err: ERROR_INPUT "html.depth". Everything in `arena`; nodes are borrowed. Linear. */
bool html_tree_build(const GumboNode *document, struct arena *arena, struct html_tree *tree, struct error *err);

/* The value of an attribute, or an empty view. */
struct view html_attribute(const GumboNode *element, const char *name);
