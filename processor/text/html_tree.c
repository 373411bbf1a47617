#include "processor/text/html_tree.h"

#include "processor/text/html_guard.h"
#include "processor/text/utf8.h"

/* How much an element's edges part the text. */
enum gap { GAP_NONE, GAP_LINE, GAP_PARAGRAPH };

struct builder {
    struct html_tree *tree;
    struct arena *arena;
    char *text;
    size_t len, capacity;
    uint32_t element_capacity, block_capacity;
    struct html_block block; /* being filled; words == 0 and is_open false where none is */
    enum gap pending;        /* before the next text */
    uint32_t last_stop;      /* the block's last character that does not close quotes or brackets */
    bool is_open, has_space; /* a space is due before the next character */
    uint32_t element;        /* innermost open one */
    int links, headings[7], paragraphs, items, buttons; /* open elements of each sort */
};

struct view html_attribute(const GumboNode *element, const char *name)
{
    const GumboAttribute *attribute = gumbo_get_attribute(&element->v.element.attributes, name);
    return attribute ? view_of(attribute->value) : (struct view){0};
}

static enum gap gap_of(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_BR: case GUMBO_TAG_LI: case GUMBO_TAG_TR: case GUMBO_TAG_TD: case GUMBO_TAG_TH: case GUMBO_TAG_DT:
    case GUMBO_TAG_DD: case GUMBO_TAG_OPTION: case GUMBO_TAG_CAPTION: case GUMBO_TAG_LEGEND: case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_LABEL:
        return GAP_LINE;
    case GUMBO_TAG_P: case GUMBO_TAG_DIV: case GUMBO_TAG_H1: case GUMBO_TAG_H2: case GUMBO_TAG_H3: case GUMBO_TAG_H4:
    case GUMBO_TAG_H5: case GUMBO_TAG_H6: case GUMBO_TAG_UL: case GUMBO_TAG_OL: case GUMBO_TAG_DL: case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TBODY: case GUMBO_TAG_THEAD: case GUMBO_TAG_TFOOT: case GUMBO_TAG_BLOCKQUOTE: case GUMBO_TAG_SECTION:
    case GUMBO_TAG_ARTICLE: case GUMBO_TAG_ASIDE: case GUMBO_TAG_HEADER: case GUMBO_TAG_FOOTER: case GUMBO_TAG_NAV:
    case GUMBO_TAG_MAIN: case GUMBO_TAG_FIGURE: case GUMBO_TAG_FIGCAPTION: case GUMBO_TAG_FORM: case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_ADDRESS: case GUMBO_TAG_PRE: case GUMBO_TAG_HR: case GUMBO_TAG_CENTER: case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_SUMMARY: case GUMBO_TAG_HGROUP: case GUMBO_TAG_MENU: case GUMBO_TAG_BODY:
        return GAP_PARAGRAPH;
    default:
        return GAP_NONE;
    }
}

/* Whether a style attribute hides its element. */
static bool is_style_hidden(struct view style)
{
    for (size_t i = 0; i < style.len; i++) {
        struct view rest = view_slice(style, i, style.len);
        size_t len = view_starts_with(rest, view_of("display:")) ? 8 : view_starts_with(rest, view_of("visibility:")) ? 11 : 0;
        if (len == 0 || (i && style.data[i - 1] != ';' && style.data[i - 1] != ' '))
            continue;
        while (len < rest.len && rest.data[len] == ' ')
            len++;
        rest = view_slice(rest, len, rest.len);
        if (view_starts_with(rest, view_of("none")) || view_starts_with(rest, view_of("hidden")))
            return true;
    }
    return false;
}

/* What a reader does not see, or does not read as text. */
static bool is_hidden(const GumboNode *node)
{
    if (node->v.element.tag_namespace != GUMBO_NAMESPACE_HTML)
        return true;
    switch (node->v.element.tag) {
    case GUMBO_TAG_HEAD: case GUMBO_TAG_SCRIPT: case GUMBO_TAG_STYLE: case GUMBO_TAG_TEMPLATE: case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_IFRAME: case GUMBO_TAG_OBJECT: case GUMBO_TAG_CANVAS: case GUMBO_TAG_AUDIO: case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_SELECT: case GUMBO_TAG_TEXTAREA: case GUMBO_TAG_DATALIST: case GUMBO_TAG_MAP: case GUMBO_TAG_APPLET:
    case GUMBO_TAG_TITLE: case GUMBO_TAG_NOFRAMES: case GUMBO_TAG_NOEMBED:
        return true;
    default:
        return gumbo_get_attribute(&node->v.element.attributes, "hidden") || is_style_hidden(html_attribute(node, "style"));
    }
}

static void *grown(struct arena *arena, const void *old, size_t count, size_t capacity, size_t size)
{
    void *bigger = arena_take(arena, capacity * size);
    if (count)
        memcpy(bigger, old, count * size);
    return bigger;
}

static void bytes_add(struct builder *b, const char *bytes, size_t count)
{
    if (b->len + count > b->capacity) {
        b->capacity = 2 * (b->len + count) + 1024;
        b->text = grown(b->arena, b->text, b->len, b->capacity, 1);
    }
    memcpy(b->text + b->len, bytes, count);
    b->len += count;
}

static bool is_ancestor(const struct html_tree *tree, uint32_t element, uint32_t descendant)
{
    return element <= descendant && descendant < tree->elements[element].end;
}

static void block_close(struct builder *b)
{
    struct html_tree *tree = b->tree;
    b->has_space = false;
    if (!b->is_open)
        return;
    b->is_open = false;
    b->block.span.end = (uint32_t)b->len;
    b->block.ends_sentence = b->last_stop == '.' || b->last_stop == '!' || b->last_stop == '?' || b->last_stop == 0x2026;
    if (tree->block_count == b->block_capacity) {
        b->block_capacity = b->block_capacity ? 2 * b->block_capacity : 256;
        tree->blocks = grown(b->arena, tree->blocks, tree->block_count, b->block_capacity, sizeof *tree->blocks);
    }
    tree->blocks[tree->block_count++] = b->block;
}

static void block_open(struct builder *b)
{
    static const char gaps[] = "\n\n";
    if (b->len)
        bytes_add(b, gaps, b->pending == GAP_PARAGRAPH ? 2 : 1);
    b->pending = GAP_NONE;
    b->is_open = true;
    b->last_stop = 0;
    b->block = (struct html_block){
        .span = {.start = (uint32_t)b->len},
        .element = b->element,
        .is_paragraph = b->paragraphs > 0,
        .is_item = b->items > 0,
        .is_button = b->buttons > 0,
    };
    for (uint8_t level = 1; level <= 6; level++)
        if (b->headings[level])
            b->block.heading = level;
}

static void gap_add(struct builder *b, enum gap gap)
{
    if (gap == GAP_NONE)
        return;
    block_close(b);
    if (gap > b->pending)
        b->pending = gap;
}

static bool is_closing(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x2019 || c == 0x201D || c == 0xBB;
}

/* U+00AD, U+200B and the like: no sign of their own. */
static bool is_invisible(uint32_t c)
{
    return c == 0xAD || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) || c == 0x2060;
}

static void text_add(struct builder *b, struct view text)
{
    struct html_tree *tree = b->tree;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t c = utf8_next(text, &at);
        if (is_invisible(c))
            continue;
        if (utf8_is_space(c)) {
            b->has_space = b->is_open;
            continue;
        }
        bool begins_word = !b->is_open || b->has_space;
        if (!b->is_open)
            block_open(b);
        else if (b->has_space)
            bytes_add(b, " ", 1);
        b->has_space = false;
        bytes_add(b, text.data + start, at - start);
        b->block.words += begins_word;
        b->block.link_words += begins_word && b->links > 0;
        b->block.commas += c == ',' || c == 0x3001 || c == 0xFF0C || c == 0x060C;
        if (!is_closing(c))
            b->last_stop = c;
    }
    if (b->is_open)
        while (!is_ancestor(tree, b->block.element, b->element))
            b->block.element = tree->elements[b->block.element].parent;
}

/* Counts the open elements that say something of the text within. */
static void context_count(struct builder *b, GumboTag tag, int change)
{
    switch (tag) {
    case GUMBO_TAG_A:
        b->links += change;
        break;
    case GUMBO_TAG_H1: case GUMBO_TAG_H2: case GUMBO_TAG_H3: case GUMBO_TAG_H4: case GUMBO_TAG_H5: case GUMBO_TAG_H6:
        b->headings[tag - GUMBO_TAG_H1 + 1] += change;
        break;
    case GUMBO_TAG_P: case GUMBO_TAG_BLOCKQUOTE: case GUMBO_TAG_PRE:
        b->paragraphs += change;
        break;
    case GUMBO_TAG_LI: case GUMBO_TAG_DT: case GUMBO_TAG_DD:
        b->items += change;
        break;
    case GUMBO_TAG_BUTTON: case GUMBO_TAG_LABEL:
        b->buttons += change;
        break;
    default:
        break;
    }
}

static void element_enter(struct builder *b, const GumboNode *node)
{
    struct html_tree *tree = b->tree;
    GumboTag tag = node->v.element.tag;
    if (tag == GUMBO_TAG_BR && !b->is_open && b->pending == GAP_LINE)
        b->pending = GAP_PARAGRAPH; /* two breaks part paragraphs */
    gap_add(b, gap_of(tag));
    if (tree->element_count == b->element_capacity) {
        b->element_capacity = b->element_capacity ? 2 * b->element_capacity : 1024;
        tree->elements = grown(b->arena, tree->elements, tree->element_count, b->element_capacity, sizeof *tree->elements);
    }
    uint32_t index = tree->element_count++, parent = index ? b->element : 0;
    tree->elements[index] = (struct html_element){
        .node = node,
        .parent = parent,
        .end = UINT32_MAX, /* open */
        .first_block = tree->block_count,
        .depth = (uint16_t)(index ? tree->elements[parent].depth + 1 : 0),
    };
    b->element = index;
    context_count(b, tag, 1);
}

static void element_leave(struct builder *b)
{
    struct html_tree *tree = b->tree;
    struct html_element *element = &tree->elements[b->element];
    GumboTag tag = element->node->v.element.tag;
    context_count(b, tag, -1);
    if (tag != GUMBO_TAG_BR)
        gap_add(b, gap_of(tag));
    element->end = tree->element_count;
    element->last_block = tree->block_count + b->is_open;
    b->element = element->parent;
}

static bool is_element(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

/* The node after `node` in document order, leaving elements on the way; NULL at the end. */
static const GumboNode *node_after(struct builder *b, const GumboNode *node, const GumboNode *root)
{
    while (node != root) {
        const GumboNode *parent = node->parent;
        size_t next = node->index_within_parent + 1;
        if (next < parent->v.element.children.length)
            return parent->v.element.children.data[next];
        element_leave(b);
        node = parent;
    }
    return NULL;
}

bool html_tree_build(const GumboNode *root, struct arena *arena, struct html_tree *tree, struct error *err)
{
    *tree = (struct html_tree){0};
    struct builder b = {.tree = tree, .arena = arena};
    for (const GumboNode *node = root; node;) {
        if (is_element(node) && !is_hidden(node)) {
            if (tree->element_count && tree->elements[b.element].depth >= HTML_DEPTH_MOST)
                return error_set(err, ERROR_INPUT, "html.depth", "elements nest deeper than %d", HTML_DEPTH_MOST);
            element_enter(&b, node);
            if (node->v.element.children.length) {
                node = node->v.element.children.data[0];
                continue;
            }
            element_leave(&b);
        } else if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE || node->type == GUMBO_NODE_CDATA) {
            text_add(&b, utf8_repaired(view_of(node->v.text.text), arena)); /* gumbo promises nothing */
        }
        node = node_after(&b, node, root);
    }
    block_close(&b);
    tree->text = (struct view){.data = b.text, .len = b.len};
    return true;
}
