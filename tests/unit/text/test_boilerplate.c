#include "processor/text/boilerplate.h"

#include "tests/expect.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINES_MOST = 200, TEXT_BYTES = 1 << 16 };

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(boilerplate, .init = set_up, .fini = tear_down);

static struct view file_read(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return (struct view){0};
    char *bytes = arena_take(arena, TEXT_BYTES);
    size_t len = fread(bytes, 1, TEXT_BYTES - 1, file);
    bytes[len] = '\0';
    fclose(file);
    return (struct view){.data = bytes, .len = len};
}

/* A case: "kind TAB line" or an empty line. Takes the kinds off, leaves the text. */
static size_t case_read(const char *path, struct view *text, const char *kinds[LINES_MOST])
{
    struct view file = file_read(path);
    cr_assert(file.len > 0, "%s: tests run in the repository's root", path);
    char *out = arena_take(arena, file.len + 1), *write = out, *rest = (char *)file.data;
    size_t count = 0;
    for (char *line; (line = strsep(&rest, "\n")) && count < LINES_MOST;) {
        char *tab = strchr(line, '\t');
        if (tab) {
            *tab = '\0';
            kinds[count++] = line;
            write = stpcpy(write, tab + 1);
        }
        *write++ = '\n';
    }
    *text = (struct view){.data = out, .len = (size_t)(write - out)};
    return count;
}

static void expect_case(const char *path)
{
    const char *kinds[LINES_MOST];
    struct view text;
    size_t count = case_read(path, &text, kinds);
    struct regions regions = boilerplate_mark(text, NULL, 0, arena);
    cr_assert(eq(sz, regions.count, count), "%s", path);
    for (size_t i = 0; i < count; i++) {
        const struct region *region = &regions.items[i];
        cr_expect(strcmp(region_kind_name(region->kind), kinds[i]) == 0, "%s: %s, not %s: %.*s", path,
                  region_kind_name(region->kind), kinds[i], (int)(region->span.end - region->span.start), text.data + region->span.start);
    }
}

Test(boilerplate, is_told_from_an_article_with_all_sorts_of_clutter)
{
    expect_case("tests/cases/text/regions/cluttered.txt");
}

Test(boilerplate, is_not_seen_in_a_text_of_one_sentence_a_line)
{
    expect_case("tests/cases/text/regions/sentence-a-line.txt");
}

Test(boilerplate, is_not_seen_in_prose_that_uses_its_words)
{
    expect_case("tests/cases/text/regions/plain-paragraphs.txt");
}

Test(boilerplate, takes_in_what_stands_in_lists)
{
    expect_case("tests/cases/text/regions/lists.txt");
}

/* The page the product was started for; its text is not part of the repository. */
Test(boilerplate, is_told_line_by_line_in_the_model_case)
{
    struct view text = file_read("../shared/samples/huawei_ban.txt");
    if (text.len == 0)
        cr_skip("no ../shared/samples here");
    struct view kinds = file_read("tests/cases/text/huawei_ban.kinds");
    char *rest = (char *)kinds.data;
    struct regions regions = boilerplate_mark(text, NULL, 0, arena);
    size_t next = 0, line_number = 1, at = 0;
    for (char *line; (line = strsep(&rest, "\n"));) {
        if (line[0] == '#' || line[0] == '\0')
            continue;
        char *kind;
        size_t wanted = strtoul(line, &kind, 10);
        cr_assert(next < regions.count);
        for (; at < regions.items[next].span.start; at++)
            line_number += text.data[at] == '\n';
        cr_expect(eq(sz, line_number, wanted));
        expect_text(region_kind_name(regions.items[next].kind), kind + 1);
        next++;
    }
    cr_expect(eq(sz, next, regions.count));
}

Test(boilerplate, regions_cover_all_that_is_not_white_space)
{
    struct view text = view_of("\xE3\x80\x80 One\r\n\r\nTwo\xC2\xA0\rThree\xE2\x80\xA9\n\n  Four");
    struct regions regions = boilerplate_mark(text, NULL, 0, arena);
    static const char *const expected[] = {"One", "Two", "Three", "Four"};
    cr_assert(eq(sz, regions.count, 4));
    for (size_t i = 0; i < 4; i++)
        expect_view(view_slice(text, regions.items[i].span.start, regions.items[i].span.end), expected[i]);
}

Test(boilerplate, is_nothing_in_an_empty_text)
{
    cr_expect(eq(sz, boilerplate_mark(view_of(""), NULL, 0, arena).count, 0));
    cr_expect(eq(sz, boilerplate_mark(view_of(" \n\n\t"), NULL, 0, arena).count, 0));
}

Test(boilerplate, follows_hints_but_for_body_lines_that_say_otherwise)
{
    struct view text = view_of("Menu entry\nA sentence of the article itself, of some length.\nAdvertisement\nLoose line");
    static const struct text_hint hints[] = {
        {{0, 10}, REGION_NAVIGATION}, {{11, 60}, REGION_BODY}, {{61, 74}, REGION_BODY},
    };
    struct regions regions = boilerplate_mark(text, hints, 3, arena);
    static const enum region_kind expected[] = {REGION_NAVIGATION, REGION_BODY, REGION_ADVERTISEMENT, REGION_BODY};
    cr_assert(eq(sz, regions.count, 4));
    for (size_t i = 0; i < 4; i++)
        cr_expect(regions.items[i].kind == expected[i], "line %zu: %s", i, region_kind_name(regions.items[i].kind));
}
