#include "processor/text/html.h"

#include "processor/text/html_content.h"
#include "processor/text/html_guard.h"
#include "processor/text/html_meta.h"
#include "processor/text/html_tree.h"

#include <gumbo.h>
#include <setjmp.h>
#include <stdalign.h>
#include <strings.h>

enum {
    LIKELY_BYTES = 1024,
    SMALL_BYTES = 512,    /* freed pieces up to here are kept by size in steps of 16 bytes, larger ones by powers of two */
    SMALL_LISTS = SMALL_BYTES / 16 + 1,
    PIECE_LISTS = SMALL_LISTS + 32,
    MEMORY_LEAST = 8 << 20,
    MEMORY_PER_BYTE = 96 /* of the page; ordinary ones need 5 to 15 */
};

/* A page larger than this is refused: gumbo counts in unsigned int. */
static const size_t page_bytes_most = (size_t)1 << 30;

/* The head of a piece of memory. */
struct piece {
    alignas(16) struct piece *next; /* while it is free */
    size_t list;
};

/* Memory for gumbo: pieces of an arena, used again by size. gumbo neither checks its allocations nor has a limit, and
 * unclosed formatting elements can make its tree quadratic in the page; so the allocator leaves it by a jump. All that it
 * holds is in the arena, and gumbo_destroy_output(), which recurses as deep as the page, is never needed. */
struct parser_memory {
    struct arena *arena;
    size_t left;
    struct piece *lists[PIECE_LISTS];
    jmp_buf exhausted;
};

static size_t list_of(size_t bytes, size_t *rounded)
{
    if (bytes <= SMALL_BYTES) {
        *rounded = (bytes + 15) & ~(size_t)15;
        return *rounded / 16;
    }
    size_t list = SMALL_LISTS;
    for (*rounded = 2 * SMALL_BYTES; *rounded < bytes; *rounded *= 2)
        list++;
    return list;
}

static void *piece_take(void *userdata, size_t bytes)
{
    struct parser_memory *memory = userdata;
    if (bytes > page_bytes_most * 4)
        longjmp(memory->exhausted, 1);
    size_t rounded, list = list_of(bytes, &rounded);
    struct piece *piece = memory->lists[list];
    if (piece) {
        memory->lists[list] = piece->next;
        return piece + 1;
    }
    if (rounded + sizeof *piece > memory->left)
        longjmp(memory->exhausted, 1);
    memory->left -= rounded + sizeof *piece;
    piece = arena_take(memory->arena, rounded + sizeof *piece);
    piece->list = list;
    return piece + 1;
}

static void piece_give(void *userdata, void *data)
{
    struct parser_memory *memory = userdata;
    if (!data)
        return;
    struct piece *piece = (struct piece *)data - 1;
    piece->next = memory->lists[piece->list];
    memory->lists[piece->list] = piece;
}

/* The page's tree, in memory->arena, or NULL where it takes too much. */
static const GumboOutput *page_parse(struct view bytes, struct parser_memory *memory)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = piece_take;
    options.deallocator = piece_give;
    options.userdata = memory;
    options.max_errors = 0;
    if (setjmp(memory->exhausted))
        return NULL;
    return gumbo_parse_with_options(&options, bytes.data, bytes.len);
}

static bool tag_is_known(struct view name)
{
    static const char *const names[] = {"html", "head", "body", "title", "meta", "div", "p", "span", "article", "section",
                                        "br", "h1", "h2", "h3", "ul", "ol", "li", "table", "a", "script", "style", "img",
                                        "main", "header"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == name.len && strncasecmp(names[i], name.data, name.len) == 0)
            return true;
    return false;
}

bool html_is_likely(struct view bytes)
{
    size_t len = bytes.len < LIKELY_BYTES ? bytes.len : LIKELY_BYTES;
    for (size_t i = 0; i < len; i++) {
        if (bytes.data[i] != '<')
            continue;
        if (len - i >= 9 && strncasecmp(bytes.data + i, "<!doctype", 9) == 0)
            return true;
        size_t start = i + 1;
        while (i + 1 < len && strchr(" \t\r\n/>", bytes.data[i + 1]) == NULL)
            i++;
        if (i + 1 < len && bytes.data[i + 1] != '\0' && tag_is_known(view_slice(bytes, start, i + 1)))
            return true;
    }
    return false;
}

static void hints_take(const struct html_tree *tree, const enum region_kind *kinds, struct arena *arena, struct html_page *page)
{
    page->hints = arena_take(arena, tree->block_count * sizeof *page->hints);
    page->hint_count = tree->block_count;
    for (size_t i = 0; i < tree->block_count; i++)
        page->hints[i] = (struct text_hint){.span = tree->blocks[i].span, .kind = kinds[i]};
}

bool html_read(struct view bytes, struct arena *arena, struct html_page *page, struct error *err)
{
    if (bytes.len > page_bytes_most)
        return error_set(err, ERROR_INPUT, "html.large", "the page has more than %zu bytes", page_bytes_most);
    struct view lean;
    if (!html_guard(bytes, arena, &lean, err))
        return false;
    struct parser_memory *memory = arena_take_zeroed(arena, 1, sizeof *memory);
    memory->arena = arena;
    memory->left = MEMORY_LEAST + MEMORY_PER_BYTE * bytes.len;
    const GumboOutput *output = page_parse(lean, memory);
    if (!output)
        return error_set(err, ERROR_INPUT, "html.large", "the page's mark-up unfolds to too large a tree");

    struct html_tree tree;
    if (!html_tree_build(output->root, arena, &tree, err))
        return false;
    if (tree.block_count == 0)
        return error_set(err, ERROR_INPUT, "html.empty", "the page has no text");
    struct html_page read = {.text = tree.text};
    html_meta_read(output->root, &tree, arena, &read);
    hints_take(&tree, html_content_kinds(&tree, arena), arena, &read);
    *page = read;
    return true;
}
