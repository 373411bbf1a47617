#include "processor/text/html.h"

#include "processor/text/html_names.h"
#include "tests/expect.h"

#include <stdio.h>

static struct arena *arena;
static struct html_page page;
static struct error err;

static void set_up(void)
{
    arena = arena_new(4096);
    err = (struct error){0};
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(html, .init = set_up, .fini = tear_down);

static bool read_page(const char *html)
{
    return html_read(view_of(html), arena, &page, &err);
}

static enum region_kind kind_of(const char *part)
{
    const char *found = memmem(page.text.data, page.text.len, part, strlen(part));
    cr_assert(found != NULL, "\"%s\" is not in the text", part);
    size_t at = (size_t)(found - page.text.data);
    for (size_t i = 0; i < page.hint_count; i++)
        if (page.hints[i].span.start <= at && at < page.hints[i].span.end)
            return page.hints[i].kind;
    cr_assert(false, "no hint for \"%s\"", part);
    return REGION_BODY;
}

Test(html, is_known_by_its_tags)
{
    static const char *const pages[] = {"<!DOCTYPE html>\n<html>", "  <p>Text</p>", "<DIV class=a>x", "text <br/> text", "<!-- a --><html lang=en>"};
    static const char *const texts[] = {"", "a < b and b > c", "1 <2", "<", "<<<<", "<unknown>", "He wrote <sic> there.", "x <p", "{\"a\": 1}"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        cr_expect(html_is_likely(view_of(pages[i])), "%s", pages[i]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(not(html_is_likely(view_of(texts[i]))), "%s", texts[i]);
}

Test(html, becomes_lines_and_paragraphs)
{
    static const struct {
        const char *html, *text;
    } cases[] = {
        {"<p>One</p><p>Two</p>", "One\n\nTwo"},
        {"<p>One\n  <b>and</b>\t<i>a half</i></p>", "One and a half"},
        {"one<br>two<br><br>three", "one\ntwo\n\nthree"},
        {"<ul><li>a<li>b</ul>c", "a\nb\n\nc"},
        {"<table><tr><td>a<td>b<tr><td>c</table>", "a\nb\nc"},
        {"Fish &amp; chips&nbsp;&lt;3 &eacute;", "Fish & chips <3 é"},
        {"soft\xC2\xADhyphen zero\xE2\x80\x8Bwidth", "softhyphen zerowidth"},
        {"a<script>x</script><style>y</style>b", "ab"},
        {"a<p hidden>x</p><p style='color:red; display: none'>y</p><template>z</template><noscript>n</noscript><svg><text>s</text></svg>",
         "a"},
        {"<h1>Head</h1>text", "Head\n\ntext"},
        {"<p>unclosed <p>next", "unclosed\n\nnext"},
        {"<pre>a\n\nb</pre>", "a b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_fine(read_page(cases[i].html), err);
        expect_view(page.text, cases[i].text);
    }
}

static const char article[] =
    "<html lang=en-GB><head><title>Strike | Courier</title><meta property='og:title' content=' Strike  goes on '>"
    "<meta property=og:site_name content=Courier><meta name=author content='Ana Reyes'>"
    "<link rel=canonical href='https://example.com/strike'>"
    "<script type='application/ld+json'>{\"@graph\": [{\"@type\": \"NewsArticle\", \"datePublished\": \"2021-03-03T09:00:00Z\"}]}</script>"
    "</head><body class='has-sidebar nav-open'><nav><a href=/>Home</a> <a href=/w>World</a></nav><header><h1>Strike goes on</h1></header>"
    "<div class=byline>By Ana Reyes</div>"
    "<div class=article-body><figure><img><figcaption>Cranes at Vantry</figcaption></figure>"
    "<p>Dockers at the port of Vantry walked away from talks on Monday and said the strike would go on.</p>"
    "<p><a href=/x>What we know about the missing ferries</a></p>"
    "<blockquote><p>We will not be bought with promises, and they know it well, she said.</p></blockquote>"
    "<div class=newsletter-signup>Letters from the coast, every day in your mail, for nothing at all, as long as you like them.</div>"
    "<h2>The long wait</h2><p>About forty ships are waiting in the bay, and nobody knows when they can be unloaded.</p>"
    "<ul><li>Oakhaven: 12 ships</li></ul></div>"
    "<aside><p>Ten bridges that were never built, and why the town still waits for the first of them today.</p></aside>"
    "<div id=comments><p>I have worked at this port for thirty years and never saw anything like it, says a reader.</p></div>"
    "<footer>Copyright Courier</footer></body></html>";

Test(html, tells_the_article_from_what_stands_around_it)
{
    expect_fine(read_page(article), err);
    static const struct {
        const char *part;
        enum region_kind kind;
    } cases[] = {
        {"Home", REGION_NAVIGATION},       {"Strike goes on", REGION_TITLE},   {"By Ana", REGION_BYLINE},
        {"Cranes", REGION_CAPTION},        {"Dockers", REGION_BODY},           {"What we know", REGION_RELATED},
        {"We will not", REGION_BODY},      {"Letters from", REGION_PROMOTION}, {"The long wait", REGION_BODY},
        {"About forty", REGION_BODY},      {"Oakhaven", REGION_BODY},          {"Ten bridges", REGION_RELATED},
        {"I have worked", REGION_RELATED}, {"Copyright", REGION_FOOTER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(kind_of(cases[i].part) == cases[i].kind, "%s: %s", cases[i].part, region_kind_name(kind_of(cases[i].part)));
}

Test(html, gives_what_the_page_says_of_itself)
{
    expect_fine(read_page(article), err);
    expect_view(page.title, "Strike goes on");
    expect_view(page.language, "en");
    expect_view(page.url, "https://example.com/strike");
    expect_view(page.published_at, "2021-03-03T09:00:00Z");
    expect_view(page.site, "Courier");
    expect_view(page.author, "Ana Reyes");
}

Test(html, takes_the_title_from_the_best_source)
{
    static const struct {
        const char *html, *title;
    } cases[] = {
        {"<title>A</title><h1>B</h1>x", "B"},
        {"<title>\n A\n </title>x", "A"},
        {"<h1>B</h1><meta property=og:title content=C>", "C"},
        {"<p>x", ""},
        {"<title>A</title><script type='application/ld+json'>{not json</script>x", "A"},
        {"<title>A</title><script type='application/ld+json'>{\"headline\": \"B\"}</script>x", "A"},
        {"<title>A</title><script type='application/ld+json'>[{\"@type\": [\"NewsArticle\"], \"headline\": \"B\"}]</script>x", "B"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_fine(read_page(cases[i].html), err);
        expect_view(page.title, cases[i].title);
    }
}

Test(html, gives_the_language_without_its_region)
{
    static const char *const cases[][2] = {
        {"<html lang=en-GB>x", "en"}, {"<html lang=' de'>x", "de"}, {"<html>x", ""}, {"<html lang='\xC3\xA9n'>x", ""},
        {"<html lang=en\xC3\xA9>x", "en"}, {"<meta property=og:locale content=pt_BR>x", "pt"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_fine(read_page(cases[i][0]), err);
        expect_view(page.language, cases[i][1]);
    }
}

Test(html, has_hints_for_every_line)
{
    expect_fine(read_page(article), err);
    size_t covered = 0, visible = 0;
    for (size_t i = 0; i < page.hint_count; i++) {
        cr_expect(i == 0 || page.hints[i - 1].span.end < page.hints[i].span.start);
        covered += page.hints[i].span.end - page.hints[i].span.start;
    }
    for (size_t i = 0; i < page.text.len; i++)
        visible += page.text.data[i] != '\n';
    cr_expect(eq(sz, covered, visible));
}

static const char *repeated(const char *part, size_t count)
{
    size_t len = strlen(part);
    char *text = arena_take(arena, len * count + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * len, part, len);
    text[len * count] = '\0';
    return text;
}

Test(html, is_refused_where_it_cannot_be_read)
{
    static const struct {
        const char *part;
        size_t count;
        const char *code;
    } cases[] = {
        {"", 0, "html.empty"},
        {" \n<p></p><script>x</script>", 3, "html.empty"},
        {"<div>", 600, "html.depth"},
        {"<div>", 100000, "html.depth"},
        {"<b><div></b>", 600, "html.depth"},
        {"<div><table><tr><td></div>", 600, "html.depth"},
        {"<svg><title><g>", 600, "html.depth"},
        {"<span><i></span>", 600, "html.depth"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err = (struct error){0};
        cr_expect(not(read_page(repeated(cases[i].part, cases[i].count))), "%s", cases[i].part);
        cr_expect(eq(int, err.kind, ERROR_INPUT));
        expect_text(err.code, cases[i].code);
    }
    char *attributes = (char *)repeated("<p a ", 2000);
    memset(attributes + 2, ' ', 1);
    for (size_t i = 5; attributes[i]; i++)
        attributes[i] = i % 2 ? 'a' : ' ';
    err = (struct error){0};
    cr_expect(not(read_page(attributes)));
    expect_text(err.code, "html.attributes");
}

/* Each <b> with another attribute is opened again in every paragraph: the tree is quadratic in the page. */
Test(html, is_refused_where_it_unfolds_beyond_measure)
{
    char *bold = arena_take(arena, 1 << 20), *write = bold;
    for (int i = 0; i < 20000; i++)
        write += sprintf(write, "<p><b a=%d>x", i);
    cr_expect(not(read_page(bold)));
    cr_expect(strcmp(err.code, "html.large") == 0 || strcmp(err.code, "html.depth") == 0, "%s", err.code);
}

Test(html, of_ordinary_sloppy_pages_is_not_called_deep)
{
    static const char *const parts[] = {
        "<p>a<b>b", "<li>a", "<tr><td>a", "<td>a", "<dt>a<dd>b", "<option>a", "<a href=x>a", "<h2>a", "<br>", "<img src=x>",
        "<p>a<span>b</p>", "<b><i>a</b></i>", "<svg><path/><g></g></svg>", "<select><option>a<option>b</select>", "</div>", "<!-- <div> -->",
        "<script>'<div>'</script>", "<input>", "<form><p>x</form>",
    };
    static const char *const starts[] = {"<p>x", "<table><tr><td>x"};
    for (size_t i = 0; i < 2 * sizeof parts / sizeof *parts; i++) {
        const char *body = repeated(parts[i / 2], 2000);
        char *html = arena_take(arena, strlen(body) + 64);
        strcat(strcat(strcpy(html, starts[i % 2]), body), "</script>end");
        err = (struct error){0};
        bool is_fine = read_page(html);
        cr_expect(is_fine || strcmp(err.code, "html.large") == 0, "%s %s: %s", starts[i % 2], parts[i / 2], err.code);
    }
}

Test(html, names_stand_in_the_order_that_the_search_needs)
{
    cr_expect(html_names_table_is_sorted());
}
