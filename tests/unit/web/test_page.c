#include "processor/web/page.h"

#include "processor/web/files.h"
#include "tests/expect.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(page, .init = set_up, .fini = tear_down);

Test(page, is_one_file_that_asks_no_other_host)
{
    const char *const pieces[] = {arena_copy(arena, page_start(arena)).data, arena_copy(arena, page_end(arena)).data};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        cr_expect(eq(ptr, (void *)(uintptr_t)strstr(pieces[i], "src="), NULL));
        cr_expect(eq(ptr, (void *)(uintptr_t)strstr(pieces[i], "href=\""), NULL));
        cr_expect(eq(ptr, (void *)(uintptr_t)strstr(pieces[i], "url(http"), NULL));
    }
    expect_says(pieces[0], "script-src 'sha256-");
    expect_says(pieces[0], "prefers-color-scheme: dark");
}

Test(page, lets_no_record_end_its_element)
{
    struct view html = page_record(view_of("{\"text\":\"</script><!--<script>alert(1)\"}"), arena);
    expect_view(html, "<script type=\"application/json\" class=\"record\">{\"text\":\"\\u003c/script>\\u003c!--\\u003cscript>alert(1)\"}</script>");
}

Test(page, serves_its_own_files_and_no_others)
{
    static const char *const own[] = {"/", "/page.css", "/graph.js", "/article.js", "/live.js", "/icon.svg"};
    static const char *const others[] = {"", "/page.html", "/files.c", "/../README.md", "//"};
    struct file file;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        cr_assert(files_find(own[i], &file), "%s", own[i]);
        cr_expect(gt(sz, file.text.len, 100));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect(not(files_find(others[i], &file)), "%s", others[i]);
}

/* What the page's policy forbids would be a page that does not work: said here, without a browser. */
Test(page, has_no_script_or_style_within_its_mark_up)
{
    struct file file;
    files_find("/", &file);
    const char *html = arena_copy(arena, file.text).data;
    static const char *const wrong[] = {"<style", "style=", "onclick=", "onload=", "<script>", "javascript:"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect(eq(ptr, (void *)(uintptr_t)strstr(html, wrong[i]), NULL), "%s", wrong[i]);
    static const char *const scripts[] = {"/graph.js", "/article.js", "/live.js"};
    static const char *const sinks[] = {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        files_find(scripts[i], &file);
        const char *script = arena_copy(arena, file.text).data;
        for (size_t j = 0; j < sizeof sinks / sizeof *sinks; j++)
            cr_expect(eq(ptr, (void *)(uintptr_t)strstr(script, sinks[j]), NULL), "%s has %s", scripts[i], sinks[j]);
    }
}
