#include "processor/text/html_content.h"

#include "processor/text/html_names.h"
#include "processor/text/phrases.h"

enum {
    PROSE_WORDS = 10,       /* least of a line of prose that ends as a sentence */
    LONG_WORDS = 25,        /* a line so long is prose anyhow */
    BULK_PERCENT = 35,      /* of the page's prose: an element that holds so much is no sidebar, whatever it is called */
    DESCENT_PERCENT = 70,   /* of the prose a child must hold to be entered on the way to the article */
    LINKED_PERCENT = 50     /* of a line's words in links: it leads elsewhere */
};

struct chooser {
    const struct html_tree *tree;
    uint8_t *element_kinds;   /* [element_count], own or inherited; HTML_NO_KIND where nothing is said */
    enum region_kind *kinds;  /* [block_count] */
    uint32_t *prose_before;   /* [block_count + 1]: words of prose in blocks before */
};

static bool is_prose(const struct html_block *block)
{
    return !block->is_button && block->link_words * 100 <= block->words * LINKED_PERCENT &&
           (block->words >= LONG_WORDS || (block->words >= PROSE_WORDS && block->ends_sentence));
}

static uint32_t prose_in(const struct chooser *chooser, const struct html_element *element)
{
    return chooser->prose_before[element->last_block] - chooser->prose_before[element->first_block];
}

/* Counts the words of prose, of all blocks or of those whose elements are not told to be something else. */
static void prose_count(struct chooser *chooser, bool only_open)
{
    const struct html_tree *tree = chooser->tree;
    chooser->prose_before[0] = 0;
    for (uint32_t i = 0; i < tree->block_count; i++) {
        const struct html_block *block = &tree->blocks[i];
        bool counts = is_prose(block) && (!only_open || chooser->element_kinds[block->element] == HTML_NO_KIND);
        chooser->prose_before[i + 1] = chooser->prose_before[i] + (counts ? block->words : 0);
    }
}

/* What tags, roles and names say, handed down to descendants. */
static void elements_decide(struct chooser *chooser)
{
    const struct html_tree *tree = chooser->tree;
    prose_count(chooser, false);
    uint32_t all = chooser->prose_before[tree->block_count];
    for (uint32_t i = 0; i < tree->element_count; i++) {
        const struct html_element *element = &tree->elements[i];
        uint8_t kind = html_names_kind(element->node);
        bool is_bulk = prose_in(chooser, element) * 100 > (uint64_t)all * BULK_PERCENT;
        if (kind != HTML_NO_KIND && is_bulk)
            kind = HTML_NO_KIND;
        uint8_t inherited = i ? chooser->element_kinds[element->parent] : HTML_NO_KIND;
        chooser->element_kinds[i] = inherited != HTML_NO_KIND ? inherited : kind;
    }
}

/* The element that holds the article: from the root down, as long as one child holds nearly all prose. */
static uint32_t container_find(const struct chooser *chooser)
{
    const struct html_tree *tree = chooser->tree;
    uint32_t at = 0;
    for (;;) {
        uint32_t whole = prose_in(chooser, &tree->elements[at]), next = at;
        for (uint32_t i = at + 1; i < tree->elements[at].end; i = tree->elements[i].end) {
            if (prose_in(chooser, &tree->elements[i]) * 100 >= (uint64_t)whole * DESCENT_PERCENT) {
                next = i;
                break;
            }
        }
        if (next == at || whole == 0)
            return at;
        at = next;
    }
}

static bool is_linked(const struct html_block *block)
{
    return block->link_words * 100 > block->words * LINKED_PERCENT;
}

static void blocks_decide(struct chooser *chooser, const struct html_element *container)
{
    const struct html_tree *tree = chooser->tree;
    uint32_t first = container->last_block, last = container->first_block;
    for (uint32_t i = container->first_block; i < container->last_block; i++) {
        if (is_prose(&tree->blocks[i]) && chooser->element_kinds[tree->blocks[i].element] == HTML_NO_KIND) {
            first = i < first ? i : first;
            last = i + 1;
        }
    }
    for (uint32_t i = 0; i < tree->block_count; i++) {
        const struct html_block *block = &tree->blocks[i];
        uint8_t told = chooser->element_kinds[block->element];
        enum region_kind kind = REGION_BODY;
        if (told != HTML_NO_KIND)
            kind = (enum region_kind)told;
        else if (block->heading == 1)
            kind = REGION_TITLE;
        else if (i < first)
            kind = REGION_NAVIGATION;
        else if (i >= last)
            kind = i < container->last_block ? REGION_RELATED : REGION_FOOTER;
        else if (block->is_button)
            kind = REGION_NAVIGATION;
        else if (is_linked(block) && block->words < LONG_WORDS)
            kind = REGION_RELATED;
        chooser->kinds[i] = kind;
    }
}

enum region_kind *html_content_kinds(const struct html_tree *tree, struct arena *arena)
{
    struct chooser chooser = {
        .tree = tree,
        .element_kinds = arena_take(arena, tree->element_count),
        .kinds = arena_take(arena, tree->block_count * sizeof(enum region_kind)),
        .prose_before = arena_take(arena, (tree->block_count + (size_t)1) * sizeof(uint32_t)),
    };
    elements_decide(&chooser);
    prose_count(&chooser, true);
    blocks_decide(&chooser, &tree->elements[container_find(&chooser)]);
    return chooser.kinds;
}
