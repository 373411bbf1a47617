#include "processor/extract/attributions.h"

#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 16);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(attributions, .init = set_up, .fini = tear_down);

/* The reading of `text` with its attributions where the tags find none: no head is asked. */
static struct reading without_tags(const char *text)
{
    struct reading reading = make_reading(text, arena);
    struct window window = made_window(&reading);
    uint8_t *tags = arena_take_zeroed(arena, ROLE_COUNT * window.word_count, sizeof *tags);
    attributions_add(&reading, &window, NULL, NULL, NULL, tags);
    return reading;
}

Test(attributions, give_a_signed_post_to_its_signer)
{
    struct reading reading = without_tags("It rained.\n\nThe mayor is wrong. I shall say so. — Ann Lee (@annlee) May 4, 2018\n\nIt was late.");
    cr_assert(eq(sz, reading.attribution_count, 1));
    const struct attribution *post = &reading.attributions[0];
    expect_view(reading_view(&reading, post->source), "Ann Lee");
    expect_view(reading_view(&reading, post->content), "The mayor is wrong. I shall say so.");
    cr_expect(eq(int, post->kind, ATTRIBUTION_DIRECT), "its \"I\" is the signer");
}

Test(attributions, tell_each_of_several_posts)
{
    struct reading reading = without_tags("It rained. — Ann Lee (@annlee) May 4, 2018\nIt did not. — Bo Ray (@bo) May 5, 2018");
    cr_assert(eq(sz, reading.attribution_count, 2));
    expect_view(reading_view(&reading, reading.attributions[1].source), "Bo Ray");
    expect_view(reading_view(&reading, reading.attributions[1].content), "It did not.");
}

Test(attributions, need_a_dash_a_name_and_words_for_a_post)
{
    static const char *const texts[] = {
        "Ann Lee (@annlee) wrote it.", "It rained — so\nAnn Lee (@annlee) stayed.", "It rained.\n— Ann Lee (@annlee)", "— Ann Lee (@annlee)",
        "It rained — Ann Lee (36) stayed.",
        "It rained — while all who had come to the harbour for the opening of the new ferry line were waiting, said Ann Lee (@annlee).",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading reading = without_tags(texts[i]);
        cr_expect(eq(sz, reading.attribution_count, 0), "%s", texts[i]);
    }
}
