#include "processor/extract/windows.h"

#include "processor/text/sentences.h"
#include "tests/expect.h"

#include <stdlib.h>

enum { MOST = 40 };

static struct arena *arena;
static struct model_file *file;
static struct tokenizer *tokenizer;

static void set_up(void)
{
    struct error err = {0};
    arena = arena_new(1 << 16);
    file = model_file_open("models/stanced-en-small.bin", &err);
    cr_assert(file != NULL, "%s", err.text);
    tokenizer = tokenizer_new(file, &err);
    cr_assert(tokenizer != NULL, "%s", err.text);
}

static void tear_down(void)
{
    tokenizer_free(tokenizer);
    model_file_close(file);
    arena_free(arena);
}

TestSuite(windows, .init = set_up, .fini = tear_down);

/* A reading with one region a line; lines that start with "#" are clutter. */
static struct reading reading_of_lines(const char *text)
{
    struct reading reading = {.text = view_of(text), .arena = arena};
    size_t room = 0;
    uint32_t region = 0;
    for (const char *line = text; *line; region++) {
        size_t length = strcspn(line, "\n");
        uint32_t start = (uint32_t)(line - text);
        struct sentences sentences = sentences_split(reading.text, (struct span){start, start + (uint32_t)length}, arena);
        for (size_t i = 0; i < sentences.count; i++) {
            reading.sentences = reading_room(arena, reading.sentences, reading.sentence_count, &room, sizeof *reading.sentences);
            reading.sentences[reading.sentence_count++] =
                (struct sentence){.span = sentences.items[i], .region = region, .is_prose = *line != '#'};
        }
        line += length + (line[length] == '\n');
    }
    return reading;
}

/* The text between the first and the last piece of a window. */
static struct view text_of(const struct reading *reading, const struct window *window)
{
    return view_slice(reading->text, window->spans[1].start, window->spans[window->count - 2].end);
}

Test(windows, hold_as_many_whole_sentences_as_fit)
{
    struct reading reading = reading_of_lines("One two three four five six seven eight nine ten eleven. "
                                              "One two three four five six seven eight nine ten eleven. "
                                              "One two three four five six seven eight nine ten eleven. "
                                              "Again and again.");
    struct windows windows = windows_of(&reading, tokenizer, MOST, true);
    cr_assert(eq(sz, windows.count, 2));
    cr_expect(eq(sz, windows.items[0].count, 38));
    cr_expect(eq(u32, windows.items[0].ids[0], tokenizer_cls(tokenizer)));
    cr_expect(eq(u32, windows.items[0].ids[37], tokenizer_sep(tokenizer)));
    expect_view(text_of(&reading, &windows.items[1]), "Again and again.");
}

Test(windows, keep_a_paragraph_whole_where_that_costs_little)
{
    struct reading reading = reading_of_lines("One two three four five six seven eight nine ten eleven twelve one two three four five six.\n"
                                              "A first sentence. “It is a second sentence of the same paragraph that does not fit any more,” he said.");
    struct windows windows = windows_of(&reading, tokenizer, MOST, true);
    cr_assert(eq(sz, windows.count, 2));
    cr_expect(view_starts_with(text_of(&reading, &windows.items[1]), view_of("A first sentence.")));
}

Test(windows, cut_a_sentence_that_is_too_long_at_a_word)
{
    char text[4000] = "";
    for (int i = 0; i < 150; i++)
        strcat(text, i ? " unbelievably" : "Unbelievably");
    struct reading reading = reading_of_lines(text);
    struct windows windows = windows_of(&reading, tokenizer, MOST, true);
    size_t words = 0;
    for (size_t i = 0; i < windows.count; i++) {
        cr_expect(le(sz, windows.items[i].count, MOST));
        cr_expect(eq(u32, windows.items[i].words[0], 1), "a window starts with a word");
        words += windows.items[i].word_count;
    }
    cr_expect(eq(sz, words, 150));
}

Test(windows, keep_prose_and_clutter_apart)
{
    struct reading reading = reading_of_lines("Ann left.\n#Advertisement\nBo came.");
    struct windows prose = windows_of(&reading, tokenizer, MOST, true), clutter = windows_of(&reading, tokenizer, MOST, false);
    cr_assert(eq(sz, prose.count, 1));
    cr_assert(eq(sz, clutter.count, 1));
    cr_expect(eq(u32, prose.items[0].sentence_of[0], 0));
    cr_expect(eq(u32, prose.items[0].sentence_of[prose.items[0].count - 1], 2));
    expect_view(text_of(&reading, &clutter.items[0]), "#Advertisement");
}

Test(windows, find_the_rows_of_spans_and_sentences)
{
    struct reading reading = reading_of_lines("Ann Lee left. Bo came.");
    struct windows windows = windows_of(&reading, tokenizer, MOST, true);
    struct rows lee = window_rows(&windows.items[0], (struct span){4, 7}), none = window_rows(&windows.items[0], (struct span){22, 22});
    cr_expect(eq(u32, lee.start, 2));
    cr_expect(eq(u32, lee.end, 3));
    cr_expect(eq(u32, none.start, none.end));
    struct rows second = window_sentence(&windows.items[0], 1);
    cr_expect(eq(u32, second.start, 5));
    cr_expect(eq(u32, second.end, 8));
    cr_expect(eq(u32, window_sentence(&windows.items[0], 7).end, 0));
}
