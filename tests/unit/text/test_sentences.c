#include "processor/text/sentences.h"

#include "processor/text/utf8.h"
#include "tests/expect.h"

#include <stdio.h>

enum { LINE_BYTES = 1024, SENTENCES_MOST = 16 };

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(sentences, .init = set_up, .fini = tear_down);

static struct sentences split(const char *text)
{
    return sentences_split(view_of(text), (struct span){.end = (uint32_t)strlen(text)}, arena);
}

/* Takes a case's line apart: the text it stands for, and its sentences. */
static size_t case_read(char *line, char *text, const char *sentences[SENTENCES_MOST])
{
    size_t count = 0;
    text[0] = '\0';
    for (char *next = line; next && count < SENTENCES_MOST;) {
        sentences[count++] = next;
        char *mark = strchr(next, '|');
        bool is_joined = mark && mark[1] == '|';
        if (mark) {
            mark[is_joined ? 0 : -1] = '\0';
            mark++;
        }
        strcat(strcat(text, next), mark && !is_joined ? " " : "");
        next = mark ? mark + 1 : NULL;
    }
    return count;
}

Test(sentences, end_where_the_cases_say)
{
    FILE *file = fopen("tests/cases/text/sentences.txt", "r");
    cr_assert(file != NULL, "tests run in the repository's root");
    char line[LINE_BYTES], text[LINE_BYTES];
    size_t cases = 0;
    while (fgets(line, sizeof line, file)) {
        const char *expected[SENTENCES_MOST];
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#')
            continue;
        size_t count = case_read(line, text, expected);
        struct sentences found = split(text);
        cr_expect(found.count == count, "%zu sentences, not %zu, in: %s", found.count, count, text);
        for (size_t i = 0; i < count && i < found.count; i++)
            expect_view(view_slice(view_of(text), found.items[i].start, found.items[i].end), expected[i]);
        cases++;
    }
    fclose(file);
    cr_expect(cases > 30);
}

Test(sentences, end_with_their_line)
{
    static const char *const texts[] = {"Head\nThe body.", "Head\r\nThe body.", "  Head \n\n\n The body. ", "Head\xE2\x80\xA8The body."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct sentences found = split(texts[i]);
        cr_assert(eq(sz, found.count, 2), "%s", texts[i]);
        expect_view(view_slice(view_of(texts[i]), found.items[0].start, found.items[0].end), "Head");
        expect_view(view_slice(view_of(texts[i]), found.items[1].start, found.items[1].end), "The body.");
    }
}

Test(sentences, are_none_in_a_text_of_white_space)
{
    static const char *const texts[] = {"", " ", "\n\n", "\t\xC2\xA0\xE3\x80\x80\r\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(eq(sz, split(texts[i]).count, 0));
}

Test(sentences, stay_within_the_range_given)
{
    struct view text = view_of("One. Two. Three. Four.");
    struct sentences found = sentences_split(text, (struct span){.start = 5, .end = 13}, arena);
    cr_assert(eq(sz, found.count, 2));
    expect_view(view_slice(text, found.items[0].start, found.items[0].end), "Two.");
    expect_view(view_slice(text, found.items[1].start, found.items[1].end), "Thr");
}
