#include "processor/text/html.h"
#include "processor/text/language.h"
#include "processor/text/sentences.h"
#include "processor/text/utf8.h"
#include "processor/text/words.h"
#include "processor/text/wrapped.h"
#include "tests/expect.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Twice the text may take this many times as long; what takes less than NOISE_MS says nothing. */
enum { INPUT_BYTES = 1 << 17, RATIO_PERCENT_MOST = 250, NOISE_MS = 8, TRIES = 2, ATTEMPTS = 12 };

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void all_of_text(struct view text, struct arena *arena)
{
    text = wrapped_joined(text, arena);
    struct sentences sentences = sentences_split(text, (struct span){.end = (uint32_t)text.len}, arena);
    struct regions regions = boilerplate_mark(text, NULL, 0, arena);
    cr_expect(sentences.count <= text.len && regions.count <= text.len);
    cr_expect(utf8_count(text, text.len) <= text.len && words_count(text) <= text.len);
    words_simhash(text);
    language_guess(text);
}

static void all_of_page(struct view bytes, struct arena *arena)
{
    struct html_page page;
    struct error err = {0};
    if (html_read(bytes, arena, &page, &err))
        boilerplate_mark(page.text, page.hints, page.hint_count, arena);
}

/* The least of some runs, over `part` again and again. */
static double time_ms(const char *part, size_t bytes, void (*run)(struct view, struct arena *))
{
    size_t len = strlen(part), count = bytes / len;
    char *text = malloc(len * count);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * len, part, len);
    double least = 1e9;
    for (int i = 0; i < TRIES; i++) {
        struct arena *arena = arena_new(1 << 20);
        double start = now_ms();
        run((struct view){.data = text, .len = len * count}, arena);
        double took = now_ms() - start;
        least = took < least ? took : least;
        arena_free(arena);
    }
    free(text);
    return least;
}

/* A busy machine spoils a measurement now and then, a quadratic program all of them. */
static void expect_linear(const char *part, void (*run)(struct view, struct arena *))
{
    double once = 0, twice = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        once = time_ms(part, INPUT_BYTES, run);
        twice = time_ms(part, 2 * INPUT_BYTES, run);
        if (twice < NOISE_MS || twice * 100 <= once * RATIO_PERCENT_MOST)
            return;
    }
    cr_expect(false, "%s: %.1f ms, twice as much: %.1f ms", part, once, twice);
}

/* Memory that goes back to the system is paid for again page by page, a fifth of a page's time: kept, as a worker's stays warm.
 * glibc takes no larger threshold; the sanitizers take none. */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

TestSuite(linear, .init = keep_memory);

Test(linear, is_the_time_for_texts_of_any_shape)
{
    static const char *const parts[] = {
        "a", "\n", "\r\n", " ", ".", "<", "Mr. ", "U.S. ", "etc. ", "1. ", "1.", ". ", "?! ", "\"", "(", "\xC2\xA0", "\xE2\x80\xA6",
        "a.B", "aaa.Bbb", "[1]", ".[1", "A. B. ", "漢", "漢。", "Advertisement\n", "Related\n", "Read more: a b c\n", "Get more with\na\n",
        "a b c d e f g h.\n\n", "Photo: Reuters\n", "A B C: D E F G H I\n\n", "- ", "don't", "\xCC\x81", "e\xCC\x81 ",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        expect_linear(parts[i], all_of_text);
}

Test(linear, is_the_time_for_pages_of_any_shape)
{
    static const char *const parts[] = {
        "<", "<a", "<div>", "<div></div>", "</div>", "<p>a", "<b>", "<b>a</b>", "<p><b>a", "<p a>x<p b>", "<!--", "<!---->", "<!----!>",
        "<!", "&", "&amp;", "&a", "<br>", "<li>", "<table>", "<tr>", "<td>a", "<table><tr><td></div>", "<script>", "<script></script>x",
        "<style>a</style>", "<svg>", "<svg/>", "<a href=x>a</a>", "<span class=nav>a</span>", "<i><p></i>", "<a b='", "<a b=\"x\" ", "<h1>a",
        "<select><option>", "<form>", "<button>", "</p>", "</br>", "<title>", "<textarea>", "<template>", "<frameset>", "<h1></h1>a\n",
        "<meta name=a content=b>", "<script type=application/ld+json>{}</script>", "<blockquote>a", "<dd>a<dt>", "\xC2\xAD", "<p style='display:",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        expect_linear(parts[i], all_of_page);
}
