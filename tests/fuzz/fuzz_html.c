/* Property: any bytes as a page are refused as ERROR_INPUT with a code, or become valid UTF-8 with hints in order that
 * leave out line breaks only. */
#include "processor/text/html.h"
#include "processor/text/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_breaks(struct view text, size_t start, size_t end)
{
    for (; start < end; start++)
        if (text.data[start] != '\n')
            abort();
}

static void expect_page(const struct html_page *page)
{
    const struct view *const fields[] = {&page->text, &page->title, &page->language, &page->url, &page->published_at, &page->site, &page->author};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!utf8_is_valid(*fields[i]))
            abort();
    size_t behind = 0;
    for (size_t i = 0; i < page->hint_count; i++) {
        struct span span = page->hints[i].span;
        if (span.start < behind || span.end <= span.start || span.end > page->text.len || page->hints[i].kind >= REGION_KIND_COUNT)
            abort();
        expect_breaks(page->text, behind, span.start);
        behind = span.end;
    }
    expect_breaks(page->text, behind, page->text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct view bytes = utf8_repaired((struct view){.data = (const char *)data, .len = size}, arena);
    struct html_page page;
    struct error err = {0};
    html_is_likely(bytes);
    if (html_read(bytes, arena, &page, &err)) {
        expect_page(&page);
        boilerplate_mark(page.text, page.hints, page.hint_count, arena);
    } else if (err.kind != ERROR_INPUT || !*err.code) {
        abort();
    }
    arena_free(arena);
    return 0;
}
