#include "processor/commands/render.h"

#include "tests/expect.h"

static const char text[] = "Menu\nAcme <b> backs Bolt & co.";

static struct arena *arena;
static struct article article;
static struct findings findings;
static struct entity entities[2];
static struct mention mentions[2];
static struct stance stance;
static struct evidence evidence;
static struct region regions[2];

static void set_up(void)
{
    arena = arena_new(4096);
    article = (struct article){.id = view_of("a<1>"), .title = view_of("\"T\""), .url = view_of("javascript:alert(1)")};
    mentions[0] = (struct mention){{5, 9}, MENTION_NAME, 1};
    mentions[1] = (struct mention){{20, 24}, MENTION_NAME, 1};
    entities[0] = (struct entity){.name = view_of("Acme"), .type = ENTITY_ORGANIZATION, .mentions = &mentions[0], .mention_count = 1};
    entities[1] = (struct entity){.name = view_of("Bolt"), .type = ENTITY_PERSON, .mentions = &mentions[1], .mention_count = 1};
    evidence = (struct evidence){{5, sizeof text - 1}, 0.5f, FINDINGS_NONE};
    stance = (struct stance){.source = 0, .target = 1, .polarity = POLARITY_FOR, .score = 0.5f, .confidence = 0.9f,
                             .evidence = &evidence, .evidence_count = 1};
    regions[0] = (struct region){REGION_NAVIGATION, {0, 4}};
    regions[1] = (struct region){REGION_BODY, {5, sizeof text - 1}};
    findings = (struct findings){.text = view_of(text), .regions = regions, .region_count = 2, .entities = entities, .entity_count = 2,
                                 .stances = &stance, .stance_count = 1};
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(render, .init = set_up, .fini = tear_down);

static const char *render(void)
{
    return arena_copy(arena, render_article(&article, &findings, 3, arena)).data;
}

Test(render, marks_clutter_entities_and_evidence)
{
    const char *page = render();
    expect_says(page, "<span class=\"clutter\" title=\"navigation\">Menu</span>");
    expect_says(page, "<span class=\"body\" title=\"body\" data-s=\"a3s0\"><mark class=\"t-Organization name\" data-entity=\"a3E1\" "
                      "title=\"Acme (Organization)\">Acme</mark></span>");
    expect_says(page, "<tr data-stance=\"a3s0\" tabindex=\"0\"><td>Acme</td><td class=\"for\">for</td><td>Bolt</td>");
    expect_says(page, "<g class=\"for\" data-stance=\"a3s0\"><title>Acme for Bolt +0.50</title>");
}

Test(render, lets_no_text_become_mark_up)
{
    article.title = view_of("</h1><script>alert(1)</script>");
    entities[0].name = view_of("\"><script>x</script>");
    const char *page = render();
    cr_expect(eq(ptr, (void *)strstr(page, "<script"), NULL));
    cr_expect(eq(ptr, (void *)strstr(page, "<b>"), NULL));
    expect_says(page, " &lt;b&gt; backs ");
    expect_says(page, "a&lt;1&gt;");
    expect_says(page, "&quot;&gt;&lt;script&gt;");
    cr_expect(eq(ptr, (void *)strstr(page, "href"), NULL), "only http addresses become links");
}

Test(render, keeps_the_text_whole_where_spans_overlap)
{
    struct mention nested[2] = {{{5, 24}, MENTION_NAME, 1}, {{7, 15}, MENTION_NOMINAL, 1}};
    entities[0].mentions = nested;
    entities[0].mention_count = 2;
    evidence.span = (struct span){8, 22};
    const char *start = strstr(render(), "<div class=\"text\">"), *end = strstr(start, "</div>");
    char plain[sizeof text * 2];
    size_t len = 0;
    bool in_tag = false;
    for (const char *at = start; at < end; at++) {
        if (*at == '<')
            in_tag = true;
        else if (*at == '>')
            in_tag = false;
        else if (!in_tag)
            plain[len++] = *at;
    }
    plain[len] = '\0';
    expect_text(plain, "Menu\nAcme &lt;b&gt; backs Bolt &amp; co.");
}

Test(render, is_one_file_that_asks_no_other_host)
{
    struct view pieces[] = {render_start(), render_end()};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        cr_expect(eq(ptr, (void *)strstr(pieces[i].data, "http://"), NULL));
        cr_expect(eq(ptr, (void *)strstr(pieces[i].data, "https://"), NULL));
        cr_expect(eq(ptr, (void *)strstr(pieces[i].data, "src="), NULL));
    }
    expect_says(pieces[0].data, "prefers-color-scheme:dark");
}

Test(render, says_why_an_article_is_missing)
{
    expect_says(arena_copy(arena, render_failure(view_of("x<y"), "no text & no html", arena)).data,
                "<h1>x&lt;y</h1><p>no text &amp; no html</p>");
}
