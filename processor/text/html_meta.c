#include "processor/text/html_meta.h"

#include "processor/text/utf8.h"

#include <jansson.h>
#include <strings.h>

/* The fields of struct html_page that meta data fill. */
enum field { FIELD_TITLE, FIELD_LANGUAGE, FIELD_URL, FIELD_PUBLISHED, FIELD_SITE, FIELD_AUTHOR, FIELD_COUNT };

/* Where a value was found; the least rank wins, then the first in the page. */
enum rank { RANK_BEST, RANK_GOOD, RANK_FAIR, RANK_POOR, RANK_NONE };

enum { LINKED_DATA_BYTES_MOST = 1 << 20, LINKED_DATA_ITEMS_MOST = 64, VALUE_BYTES_MOST = 1024 };

struct reader {
    struct arena *arena;
    struct view values[FIELD_COUNT];
    enum rank ranks[FIELD_COUNT];
};

struct source {
    const char *name; /* of a meta element's name, property or itemprop */
    enum field field;
    enum rank rank;
};

static const struct source sources[] = {
    {"og:title", FIELD_TITLE, RANK_BEST},
    {"twitter:title", FIELD_TITLE, RANK_FAIR},
    {"og:url", FIELD_URL, RANK_GOOD},
    {"article:published_time", FIELD_PUBLISHED, RANK_BEST},
    {"datepublished", FIELD_PUBLISHED, RANK_GOOD},
    {"og:published_time", FIELD_PUBLISHED, RANK_GOOD},
    {"parsely-pub-date", FIELD_PUBLISHED, RANK_GOOD},
    {"sailthru.date", FIELD_PUBLISHED, RANK_GOOD},
    {"cxenseparse:recs:publishtime", FIELD_PUBLISHED, RANK_GOOD},
    {"dc.date.issued", FIELD_PUBLISHED, RANK_GOOD},
    {"dcterms.created", FIELD_PUBLISHED, RANK_GOOD},
    {"publish-date", FIELD_PUBLISHED, RANK_FAIR},
    {"pubdate", FIELD_PUBLISHED, RANK_FAIR},
    {"publishdate", FIELD_PUBLISHED, RANK_FAIR},
    {"ptime", FIELD_PUBLISHED, RANK_FAIR},
    {"dc.date", FIELD_PUBLISHED, RANK_FAIR},
    {"date", FIELD_PUBLISHED, RANK_POOR},
    {"og:site_name", FIELD_SITE, RANK_BEST},
    {"application-name", FIELD_SITE, RANK_POOR},
    {"author", FIELD_AUTHOR, RANK_BEST},
    {"parsely-author", FIELD_AUTHOR, RANK_GOOD},
    {"sailthru.author", FIELD_AUTHOR, RANK_GOOD},
    {"dc.creator", FIELD_AUTHOR, RANK_GOOD},
    {"article:author", FIELD_AUTHOR, RANK_FAIR},
    {"content-language", FIELD_LANGUAGE, RANK_GOOD},
    {"og:locale", FIELD_LANGUAGE, RANK_FAIR},
};

/* `text` with white space trimmed and folded, in the arena. */
static struct view folded(struct view text, struct arena *arena)
{
    char *copy = arena_take(arena, text.len);
    size_t len = 0;
    bool has_space = false;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        if (utf8_is_space(utf8_next(text, &at))) {
            has_space = len > 0;
            continue;
        }
        if (has_space)
            copy[len++] = ' ';
        has_space = false;
        memcpy(copy + len, text.data + start, at - start);
        len += at - start;
    }
    return (struct view){.data = copy, .len = len};
}

static bool is_link(struct view text)
{
    return view_starts_with(text, view_of("http://")) || view_starts_with(text, view_of("https://"));
}

static void value_offer(struct reader *reader, enum field field, enum rank rank, struct view value)
{
    if (rank >= reader->ranks[field] || value.len == 0 || value.len > VALUE_BYTES_MOST)
        return;
    if (field == FIELD_AUTHOR ? is_link(value) : field == FIELD_URL && !is_link(value))
        return;
    value = folded(utf8_repaired(value, reader->arena), reader->arena);
    if (field == FIELD_LANGUAGE) {
        size_t end = 0;
        while (end < value.len && (value.data[end] | 0x20) >= 'a' && (value.data[end] | 0x20) <= 'z')
            end++;
        value = view_slice(value, 0, end); /* "en" of "en-US" */
    }
    if (value.len == 0)
        return;
    reader->values[field] = value;
    reader->ranks[field] = rank;
}

static void meta_read(struct reader *reader, const GumboNode *node)
{
    static const char *const keys[] = {"property", "name", "itemprop", "http-equiv"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        struct view key = html_attribute(node, keys[k]);
        for (size_t i = 0; key.len && i < sizeof sources / sizeof *sources; i++)
            if (strlen(sources[i].name) == key.len && strncasecmp(sources[i].name, key.data, key.len) == 0)
                value_offer(reader, sources[i].field, sources[i].rank, html_attribute(node, "content"));
    }
}

static struct view json_view(const json_t *value)
{
    return json_is_string(value) ? (struct view){.data = json_string_value(value), .len = json_string_length(value)}
                                 : (struct view){0};
}

/* The name of a JSON-LD person or organisation: a string, an object with a name, or an array whose first is one. */
static struct view json_name(const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    return json_is_object(value) ? json_view(json_object_get(value, "name")) : json_view(value);
}

static bool is_article_item(const json_t *item)
{
    const json_t *type = json_object_get(item, "@type");
    struct view name = json_view(json_is_array(type) ? json_array_get(type, 0) : type);
    return (name.len && memmem(name.data, name.len, "Article", 7)) || view_equal(name, view_of("BlogPosting")) ||
           view_equal(name, view_of("Report"));
}

static void linked_data_item(struct reader *reader, const json_t *item)
{
    if (!is_article_item(item))
        return;
    value_offer(reader, FIELD_TITLE, RANK_FAIR, json_view(json_object_get(item, "headline")));
    value_offer(reader, FIELD_PUBLISHED, RANK_BEST, json_view(json_object_get(item, "datePublished")));
    value_offer(reader, FIELD_SITE, RANK_FAIR, json_name(json_object_get(item, "publisher")));
    value_offer(reader, FIELD_AUTHOR, RANK_GOOD, json_name(json_object_get(item, "author")));
    value_offer(reader, FIELD_LANGUAGE, RANK_FAIR, json_view(json_object_get(item, "inLanguage")));
}

/* Pages give one item, an array of them, or a "@graph". */
static void linked_data_read(struct reader *reader, struct view text)
{
    if (text.len > LINKED_DATA_BYTES_MOST)
        return;
    json_auto_t *root = json_loadb(text.data, text.len, 0, NULL);
    const json_t *graph = json_object_get(root, "@graph"), *items = graph ? graph : root;
    if (json_is_object(items))
        linked_data_item(reader, items);
    for (size_t i = 0; i < json_array_size(items) && i < LINKED_DATA_ITEMS_MOST; i++)
        linked_data_item(reader, json_array_get(items, i));
}

/* The text directly in an element: of title and script it is one node. */
static struct view text_in(const GumboNode *node)
{
    if (node->v.element.children.length == 0)
        return (struct view){0};
    const GumboNode *child = node->v.element.children.data[0];
    return child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_CDATA ? view_of(child->v.text.text) : (struct view){0};
}

static void element_read(struct reader *reader, const GumboNode *node)
{
    switch (node->v.element.tag) {
    case GUMBO_TAG_HTML:
        value_offer(reader, FIELD_LANGUAGE, RANK_BEST, html_attribute(node, "lang"));
        break;
    case GUMBO_TAG_META:
        meta_read(reader, node);
        break;
    case GUMBO_TAG_LINK:
        if (view_equal(html_attribute(node, "rel"), view_of("canonical")))
            value_offer(reader, FIELD_URL, RANK_BEST, html_attribute(node, "href"));
        break;
    case GUMBO_TAG_TITLE:
        if (node->v.element.tag_namespace == GUMBO_NAMESPACE_HTML)
            value_offer(reader, FIELD_TITLE, RANK_POOR, text_in(node));
        break;
    case GUMBO_TAG_TIME:
        value_offer(reader, FIELD_PUBLISHED, gumbo_get_attribute(&node->v.element.attributes, "pubdate") ? RANK_FAIR : RANK_POOR,
                    html_attribute(node, "datetime"));
        break;
    case GUMBO_TAG_SCRIPT:
        if (view_equal(html_attribute(node, "type"), view_of("application/ld+json")))
            linked_data_read(reader, text_in(node));
        break;
    default:
        break;
    }
}

static const GumboNode *node_after(const GumboNode *node, const GumboNode *root)
{
    bool is_element = node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
    if (is_element && node->v.element.children.length)
        return node->v.element.children.data[0];
    for (; node != root; node = node->parent) {
        size_t next = node->index_within_parent + 1;
        if (next < node->parent->v.element.children.length)
            return node->parent->v.element.children.data[next];
    }
    return NULL;
}

/* The first h1, which lies between og:title and the title element in rank. */
static void heading_read(struct reader *reader, const struct html_tree *tree)
{
    for (size_t i = 0; i < tree->block_count; i++) {
        const struct html_block *block = &tree->blocks[i];
        if (block->heading == 1) {
            value_offer(reader, FIELD_TITLE, RANK_GOOD, view_slice(tree->text, block->span.start, block->span.end));
            return;
        }
    }
}

void html_meta_read(const GumboNode *root, const struct html_tree *tree, struct arena *arena, struct html_page *page)
{
    struct reader reader = {.arena = arena};
    for (size_t i = 0; i < FIELD_COUNT; i++)
        reader.ranks[i] = RANK_NONE;
    heading_read(&reader, tree);
    for (const GumboNode *node = root; node; node = node_after(node, root))
        if (node->type == GUMBO_NODE_ELEMENT)
            element_read(&reader, node);
    page->title = reader.values[FIELD_TITLE];
    page->language = reader.values[FIELD_LANGUAGE];
    page->url = reader.values[FIELD_URL];
    page->published_at = reader.values[FIELD_PUBLISHED];
    page->site = reader.values[FIELD_SITE];
    page->author = reader.values[FIELD_AUTHOR];
}
