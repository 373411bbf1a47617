#include "processor/extract/memo.h"

#include "processor/emit/encode.h"
#include "tests/expect.h"

#include <stdlib.h>

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 16);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(memo, .init = set_up, .fini = tear_down);

static const char article[] =
    "The dockers' union in Gdansk accused Nordvik Shipping on Tuesday of breaking a wage agreement.\n\n"
    "“Nordvik Shipping has lied to us,” the union's leader Marek Zielinski said. “We do not trust the company any more.”\n";

static struct view document_of(struct view text, const struct findings *findings)
{
    struct article whole = {.id = view_of("a"), .text = text};
    return encode_document(&whole, findings, "model", arena);
}

Test(memo, gives_the_same_record_for_the_same_text)
{
    struct extractor_options options = {.model_path = "models/stanced-en-small.bin", .knowledge_path = "models/knowledge.bin"};
    struct error err = {0};
    struct extractor *extractor = extractor_new(&options, &err);
    expect_fine(extractor != NULL, err);
    struct extractor_scratch *scratch = extractor_scratch_new(extractor);
    struct memo *memo = memo_new(1 << 20);
    struct findings first = {0}, again = {0};
    struct extractor_input input = {.text = arena_copy(arena, view_of(article))};
    expect_fine(extractor_run(extractor, scratch, &input, arena, &first, &err), err);
    cr_expect(gt(sz, first.stance_count, 0));
    char *expected = strdup(document_of(input.text, &first).data);
    memo_add(memo, &input, &first);
    arena_reset(arena); /* what was found is gone; what is remembered is not */

    input.text = arena_copy(arena, view_of(article));
    cr_expect(memo_find(memo, &input, &again));
    cr_expect(eq(ptr, (void *)(uintptr_t)again.text.data, (void *)(uintptr_t)input.text.data));
    cr_expect(eq(int, strcmp(document_of(input.text, &again).data, expected), 0));
    free(expected);
    memo_free(memo);
    extractor_scratch_free(scratch);
    extractor_free(extractor);
}

Test(memo, takes_no_other_text_title_or_hints_for_the_same)
{
    struct text_hint hint = {.span = {0, 3}, .kind = REGION_TITLE}, other_hint = {.span = {0, 3}, .kind = REGION_CAPTION};
    struct extractor_input input = {.text = view_of("some text"), .title = view_of("title"), .hints = &hint, .hint_count = 1};
    struct findings findings = {.simhash = 7}, out = {0};
    struct memo *memo = memo_new(1 << 20);
    memo_add(memo, &input, &findings);
    struct extractor_input cases[] = {input, input, input, input};
    cases[0].text = view_of("some texT");
    cases[1].title = view_of("");
    cases[2].hints = &other_hint;
    cases[3].hint_count = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(not(memo_find(memo, &cases[i], &out)), "case %zu", i);
    cr_expect(memo_find(memo, &input, &out));
    cr_expect(eq(u64, out.simhash, 7));
    memo_free(memo);
}

Test(memo, holds_no_more_than_its_bytes_and_forgets_the_oldest)
{
    enum { LIMIT = 200000, ARTICLES = 3000 };
    struct memo *memo = memo_new(LIMIT);
    struct findings findings = {0}, out;
    struct extractor_input input = {0}, oldest = {.text = view_of("article 0")};
    size_t known = 0;
    for (int i = 0; i < ARTICLES; i++) {
        input.text = arena_print(arena, "article %d", i);
        memo_add(memo, &input, &findings);
        cr_assert(le(sz, memo_bytes(memo), LIMIT));
        cr_assert(memo_find(memo, &input, &out), "article %d", i);
    }
    cr_expect(not(memo_find(memo, &oldest, &out)));
    for (int i = 0; i < ARTICLES; i++) {
        input.text = arena_print(arena, "article %d", i);
        known += memo_find(memo, &input, &out);
    }
    cr_expect(gt(sz, known, 10));
    memo_free(memo);
}

Test(memo, does_not_keep_what_would_push_all_else_out)
{
    struct memo *memo = memo_new(100000);
    struct findings findings = {0}, out;
    struct extractor_input input = {.text = {.data = arena_take_zeroed(arena, 60000, 1), .len = 60000}};
    memo_add(memo, &input, &findings);
    cr_expect(not(memo_find(memo, &input, &out)));
    cr_expect(eq(sz, memo_bytes(memo), 0));
    memo_free(memo);
}

Test(memo, of_no_bytes_remembers_nothing)
{
    struct findings findings = {0}, out;
    struct extractor_input input = {.text = view_of("some text")};
    struct memo *memo = memo_new(0);
    memo_add(memo, &input, &findings);
    cr_expect(not(memo_find(memo, &input, &out)));
    cr_expect(eq(sz, memo_bytes(memo), 0));
    memo_free(memo);
}
