#include "processor/text/html_content.h"

#include "processor/text/html_names.h"

enum {
    PROSE_WORDS = 10,        /* least of a line of prose that ends as a sentence */
    LONG_WORDS = 25,         /* a line so long is prose anyhow */
    BULK_PERCENT = 35,       /* of the page's prose: an element that holds so much is no sidebar, whatever it is called */
    STRONG_BULK_PERCENT = 70, /* ... nor a footer */
    DESCENT_PERCENT = 70,    /* of the prose a child must hold to be entered on the way to the article */
    CONTENT_PERCENT = 25,    /* of the page's prose that an element named as the article's text must hold */
    RIVAL_PERCENT = 33,      /* of the largest such element's prose: another one that belongs to the article, too */
    INNER_PERCENT = 70,      /* of such an element's prose in another within it: that one is meant */
    HOST_PERCENT = 10,       /* of the article's prose: an element whose other lines are the article's, too */
    LINKED_PERCENT = 50,     /* of a line's words in links: it leads elsewhere */
    SENTENCE_LINKED_PERCENT = 85
};

struct chooser {
    const struct html_tree *tree;
    uint8_t *element_kinds;  /* [element_count], own or inherited; HTML_NO_KIND where nothing is said */
    bool *is_content;        /* [element_count], named as an article's text */
    uint32_t *host_prose;    /* [element_count], words of prose of which the element is the host */
    uint32_t *prose_before;  /* [block_count + 1]: words of prose in blocks before */
    enum region_kind *kinds; /* [block_count] */
};

static bool is_prose(const struct html_block *block)
{
    return !block->is_button && block->link_words * 100 <= block->words * LINKED_PERCENT &&
           (block->words >= LONG_WORDS || (block->words >= PROSE_WORDS && block->ends_sentence));
}

static bool is_open(const struct chooser *chooser, const struct html_block *block)
{
    return chooser->element_kinds[block->element] == HTML_NO_KIND;
}

static uint32_t prose_in(const struct chooser *chooser, uint32_t element)
{
    const struct html_element *e = &chooser->tree->elements[element];
    return chooser->prose_before[e->last_block] - chooser->prose_before[e->first_block];
}

/* Counts the words of prose, of all blocks or of those whose elements are not told to be something else. */
static void prose_count(struct chooser *chooser, bool only_open)
{
    const struct html_tree *tree = chooser->tree;
    chooser->prose_before[0] = 0;
    for (uint32_t i = 0; i < tree->block_count; i++) {
        const struct html_block *block = &tree->blocks[i];
        bool counts = is_prose(block) && (!only_open || is_open(chooser, block));
        chooser->prose_before[i + 1] = chooser->prose_before[i] + (counts ? block->words : 0);
    }
}

/* What tags, roles and names say, handed down to descendants. */
static void elements_decide(struct chooser *chooser)
{
    const struct html_tree *tree = chooser->tree;
    prose_count(chooser, false);
    uint64_t all = chooser->prose_before[tree->block_count];
    for (uint32_t i = 0; i < tree->element_count; i++) {
        struct html_name name = html_names_read(tree->elements[i].node);
        uint64_t bulk = all * (name.is_strong ? STRONG_BULK_PERCENT : BULK_PERCENT);
        if (prose_in(chooser, i) * UINT64_C(100) > bulk)
            name.kind = HTML_NO_KIND;
        uint8_t inherited = i ? chooser->element_kinds[tree->elements[i].parent] : HTML_NO_KIND;
        bool is_quote = tree->elements[i].node->v.element.tag == GUMBO_TAG_BLOCKQUOTE;
        if (is_quote && inherited == REGION_NAVIGATION)
            inherited = HTML_NO_KIND; /* a tweet in a "social" box */
        chooser->element_kinds[i] = inherited != HTML_NO_KIND ? inherited : name.kind;
        chooser->is_content[i] = name.is_content && chooser->element_kinds[i] == HTML_NO_KIND;
    }
}

static bool is_within(const struct html_tree *tree, uint32_t element, uint32_t outer)
{
    return outer <= element && element < tree->elements[outer].end;
}

/* The largest element named as an article's text, together with others of about its size; the root where none is. */
static uint32_t content_find(const struct chooser *chooser)
{
    const struct html_tree *tree = chooser->tree;
    uint32_t best = 0, most = 0;
    for (uint32_t i = 1; i < tree->element_count; i++) {
        if (!chooser->is_content[i])
            continue;
        uint32_t prose = prose_in(chooser, i);
        bool is_inner = best && is_within(tree, i, best) && prose * UINT64_C(100) >= (uint64_t)most * INNER_PERCENT;
        if (prose > most || is_inner) {
            best = i;
            most = prose;
        }
    }
    if (prose_in(chooser, best) * UINT64_C(100) < prose_in(chooser, 0) * (uint64_t)CONTENT_PERCENT)
        return 0;
    uint32_t whole = best;
    for (uint32_t i = 1; i < tree->element_count; i++) {
        if (!chooser->is_content[i] || is_within(tree, best, i))
            continue;
        if (prose_in(chooser, i) * UINT64_C(100) >= (uint64_t)most * RIVAL_PERCENT)
            while (!is_within(tree, i, whole))
                whole = tree->elements[whole].parent;
    }
    return whole;
}

/* The element that holds the article: the one that says so, or from the root down, as long as one child holds nearly all
 * prose. */
static uint32_t container_find(const struct chooser *chooser)
{
    const struct html_tree *tree = chooser->tree;
    uint32_t at = content_find(chooser);
    for (bool descends = at == 0; descends;) {
        uint64_t whole = prose_in(chooser, at);
        descends = false;
        for (uint32_t i = at + 1; i < tree->elements[at].end; i = tree->elements[i].end) {
            if (whole && prose_in(chooser, i) * UINT64_C(100) >= whole * DESCENT_PERCENT) {
                at = i;
                descends = true;
                break;
            }
        }
    }
    return at;
}

/* The element of whose flow a block is a part: the parent of its paragraph, of its whole list, or the element that holds
 * the text itself. */
static uint32_t host_of(const struct html_tree *tree, const struct html_block *block)
{
    uint32_t at = block->element;
    for (;; at = tree->elements[at].parent) {
        switch (tree->elements[at].node->v.element.tag) {
        case GUMBO_TAG_DIV: case GUMBO_TAG_SECTION: case GUMBO_TAG_ARTICLE: case GUMBO_TAG_MAIN: case GUMBO_TAG_BODY:
        case GUMBO_TAG_TD: case GUMBO_TAG_HTML: case GUMBO_TAG_ASIDE: case GUMBO_TAG_HEADER: case GUMBO_TAG_FOOTER:
        case GUMBO_TAG_FIGURE: case GUMBO_TAG_NAV: case GUMBO_TAG_FORM:
            return at;
        default:
            if (at == 0)
                return at;
        }
    }
}

/* A line that leads elsewhere. A whole sentence may have half of its words in links and still be the article's. */
static bool is_linked(const struct html_block *block)
{
    uint32_t percent = block->ends_sentence && block->is_paragraph ? SENTENCE_LINKED_PERCENT : LINKED_PERCENT;
    return block->link_words * 100 > block->words * percent && block->words < LONG_WORDS;
}

/* What an open block inside the article's element is; `is_between` the first and the last of its `prose` words. */
static enum region_kind inside_kind(const struct chooser *chooser, const struct html_block *block, bool is_between,
                                    uint32_t prose)
{
    uint64_t hosted = chooser->host_prose[host_of(chooser->tree, block)];
    bool is_hosted = hosted * 100 >= (uint64_t)prose * HOST_PERCENT;
    if (block->heading == 1)
        return REGION_TITLE;
    if (block->is_button)
        return REGION_NAVIGATION;
    if (is_linked(block))
        return REGION_RELATED;
    if (is_between || (is_hosted && !block->heading))
        return REGION_BODY;
    return REGION_RELATED;
}

static void blocks_decide(struct chooser *chooser, uint32_t container)
{
    const struct html_tree *tree = chooser->tree;
    const struct html_element *element = &tree->elements[container];
    uint32_t first = element->last_block, last = element->first_block;
    for (uint32_t i = element->first_block; i < element->last_block; i++) {
        const struct html_block *block = &tree->blocks[i];
        if (is_prose(block) && is_open(chooser, block)) {
            first = i < first ? i : first;
            last = i + 1;
            chooser->host_prose[host_of(tree, block)] += block->words;
        }
    }
    uint32_t prose = prose_in(chooser, container);
    for (uint32_t i = 0; i < tree->block_count; i++) {
        const struct html_block *block = &tree->blocks[i];
        if (!is_open(chooser, block))
            chooser->kinds[i] = (enum region_kind)chooser->element_kinds[block->element];
        else if (i < element->first_block)
            chooser->kinds[i] = block->heading == 1 ? REGION_TITLE : REGION_NAVIGATION;
        else if (i >= element->last_block)
            chooser->kinds[i] = REGION_FOOTER;
        else
            chooser->kinds[i] = inside_kind(chooser, block, i >= first && i < last, prose);
    }
}

enum region_kind *html_content_kinds(const struct html_tree *tree, struct arena *arena)
{
    struct chooser chooser = {
        .tree = tree,
        .element_kinds = arena_take(arena, tree->element_count),
        .is_content = arena_take_zeroed(arena, tree->element_count, sizeof(bool)),
        .host_prose = arena_take_zeroed(arena, tree->element_count, sizeof(uint32_t)),
        .prose_before = arena_take(arena, (tree->block_count + (size_t)1) * sizeof(uint32_t)),
        .kinds = arena_take(arena, tree->block_count * sizeof(enum region_kind)),
    };
    elements_decide(&chooser);
    prose_count(&chooser, true);
    blocks_decide(&chooser, container_find(&chooser));
    return chooser.kinds;
}
