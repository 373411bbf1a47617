#include "processor/text/inserts.h"

#include "tests/expect.h"

#include <stdlib.h>

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(inserts, .init = set_up, .fini = tear_down);

Test(inserts, headlines_glued_to_a_repeated_name_are_found_up_to_more)
{
    static const struct { const char *text, *insert; } cases[] = {
        {"President Trump Donald John TrumpGolden Globes host calls Trump back MORE on Sunday said", "Donald John TrumpGolden Globes host calls Trump back MORE"},
        {"Joe Biden Joe BidenHouse Republicans voice concerns MORE, at 20 percent", "Joe BidenHouse Republicans voice concerns MORE"},
        {"Sen. John McCain John Sidney McCain2020 Democrats make play MORE (R-Ariz.)", "John Sidney McCain2020 Democrats make play MORE"},
        {"ObamaCare, said Robert Mueller Robert (Bob) Swan MuellerSpeier says so MORE's team", "Robert (Bob) Swan MuellerSpeier says so MORE"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct view text = view_of(cases[i].text);
        struct inserts inserts = inserts_find(text, arena);
        cr_assert(eq(sz, inserts.count, 1), "%s", cases[i].text);
        expect_view(view_slice(text, inserts.items[0].start, inserts.items[0].end), cases[i].insert);
    }
}

Test(inserts, what_only_looks_like_one_is_none)
{
    static const char *const cases[] = {
        "", " MORE", "READ MORE", "He wants MORE of it", "ObamaCare costs MORE than before",
        "Joe Biden met Joe BidenHouse\nand MORE",          /* not on one line */
        "Biden said that Joe BidenHouse wanted MORE",      /* small words between */
        "Joe Biden Joe BidenHouse Republicans MOREOVER",   /* another word */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, inserts_find(view_of(cases[i]), arena).count, 0), "%s", cases[i]);
}

Test(inserts, blanking_keeps_all_offsets_and_cutting_covers_the_line)
{
    struct view text = view_of("Ann Lee Ann Mary LeeOne headline MORE and Bo Kim Bo KimTwo MORE spoke.");
    struct inserts inserts = inserts_find(text, arena);
    cr_assert(eq(sz, inserts.count, 2));

    struct view blank = inserts_blank(text, inserts, arena);
    cr_expect(eq(sz, blank.len, text.len));
    expect_view(view_slice(blank, 0, 7), "Ann Lee");
    expect_view(view_slice(blank, inserts.items[1].end, text.len), " spoke.");
    cr_expect(memchr(blank.data, 'M', blank.len) == NULL);

    struct region line = {.kind = REGION_BODY, .span = {0, (uint32_t)text.len}};
    struct regions regions = inserts_cut(text, (struct regions){.items = &line, .count = 1}, inserts, arena);
    static const char *const parts[] = {"Ann Lee", "Ann Mary LeeOne headline MORE", "and Bo Kim", "Bo KimTwo MORE", "spoke."};
    cr_assert(eq(sz, regions.count, 5));
    for (size_t i = 0; i < regions.count; i++) {
        expect_view(view_slice(text, regions.items[i].span.start, regions.items[i].span.end), parts[i]);
        cr_expect(eq(int, regions.items[i].kind, i % 2 ? REGION_RELATED : REGION_BODY));
    }
}

Test(inserts, a_text_without_any_is_itself)
{
    struct view text = view_of("Nothing MORE here.");
    cr_expect(eq(ptr, (void *)inserts_blank(text, inserts_find(text, arena), arena).data, (void *)text.data));
}
