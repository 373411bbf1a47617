#include "processor/web/live.h"

#include "tests/expect.h"

#include <stdlib.h>

enum { BYTES_MOST = 64 * 1024 };

static struct live *live;
static struct arena *arena;

static void set_up(void)
{
    live = live_new(BYTES_MOST);
    arena = arena_new(4096);
}

static void tear_down(void)
{
    live_free(live);
    arena_free(arena);
}

TestSuite(live, .init = set_up, .fini = tear_down);

/* An article whose document is so long, with one stance. */
static void add(const char *id, size_t bytes)
{
    char *text = calloc(1, bytes + 1);
    memset(text, 'x', bytes);
    struct record items[] = {
        {.topic = RECORD_ENRICHED, .key = view_of(id), .value = {text, bytes}},
        {.topic = RECORD_STANCE, .key = view_of("Ada|T:trams|buses"), .source_bytes = 3, .polarity = POLARITY_FOR},
        {.topic = RECORD_ENTITY, .key = view_of("Ada")},
    };
    live_add(live, &(struct records){.items = items, .count = 3}, 1000);
    free(text);
}

static size_t newest(uint64_t after, const struct live_article **articles, size_t most)
{
    size_t count = live_newest(live, after, articles, most);
    for (size_t i = 0; i < count; i++)
        live_release(live, articles[i]);
    return count;
}

Test(live, gives_the_newest_articles_first_and_only_new_ones)
{
    const struct live_article *articles[8];
    cr_expect(eq(sz, newest(0, articles, 8), 0));
    add("a", 10);
    add("b", 10);
    add("c", 10);

    cr_assert(eq(sz, newest(0, articles, 8), 3));
    expect_view(articles[0]->id, "c");
    expect_view(articles[2]->id, "a");
    cr_assert(eq(sz, newest(2, articles, 8), 1));
    cr_expect(eq(u64, articles[0]->number, 3));
    cr_expect(eq(sz, newest(0, articles, 2), 2));
    cr_expect(eq(sz, newest(3, articles, 8), 0));
    cr_expect(eq(sz, newest(99, articles, 8), 0));
}

Test(live, stays_within_its_bytes_and_lets_the_oldest_go)
{
    const struct live_article *articles[64];
    for (int i = 0; i < 100; i++) {
        add("id", 8 * 1024);
        cr_expect(le(sz, live_bytes(live), BYTES_MOST));
    }
    cr_expect(eq(sz, newest(0, articles, 64), 7));
    cr_expect(eq(u64, articles[0]->number, 100));
    cr_expect(eq(ptr, (void *)(uintptr_t)live_find(live, 1), NULL));
}

Test(live, stays_within_its_number_of_articles)
{
    live_free(live);
    live = live_new(1024 * 1024 * 1024);
    for (int i = 0; i < LIVE_ARTICLES_MOST + 500; i++)
        add("id", 1);
    cr_expect(eq(ptr, (void *)(uintptr_t)live_find(live, 501), NULL));
    const struct live_article *article = live_find(live, 502);
    cr_assert(ne(ptr, (void *)(uintptr_t)article, NULL));
    live_release(live, article);
}

Test(live, an_article_that_is_read_stays_when_it_is_let_go)
{
    add("first", 100);
    const struct live_article *article = live_find(live, 1);
    for (int i = 0; i < 100; i++)
        add("id", 8 * 1024);

    expect_view(article->id, "first");
    cr_expect(eq(sz, article->document.len, 100));
    live_release(live, article);
}

Test(live, counts_an_article_that_is_too_large_to_be_kept)
{
    const struct live_article *articles[8];
    struct sides_pair pairs[8];
    size_t left_out;
    live_free(live);
    live = live_new(BYTES_MOST);
    add("large", BYTES_MOST);

    cr_expect(eq(sz, newest(0, articles, 8), 0));
    cr_expect(eq(sz, live_bytes(live), 0));
    cr_expect(eq(sz, live_sides(live, view_of(""), pairs, 8, &left_out), 0), "its moment is long past");
}

Test(live, counts_stances_by_the_two_ends_of_their_key)
{
    struct sides_pair pairs[8];
    size_t left_out;
    struct record items[] = {
        {.topic = RECORD_ENRICHED, .key = view_of("a"), .value = view_of("{}")},
        {.topic = RECORD_STANCE, .key = view_of("A|B|T:trams"), .source_bytes = 3, .polarity = POLARITY_MIXED},
    };
    live_add(live, &(struct records){.items = items, .count = 2}, live_began_ms(live));

    cr_assert(eq(sz, live_sides(live, view_of(""), pairs, 8, &left_out), 1));
    expect_text(pairs[0].source, "A|B");
    expect_text(pairs[0].target, "T:trams");
}

Test(live, keeps_the_last_word_on_the_instances)
{
    expect_view(live_status(live, arena), "");
    live_set_status(live, view_of("{\"a\":1}"));
    live_set_status(live, view_of("{}"));
    expect_view(live_status(live, arena), "{}");
}
