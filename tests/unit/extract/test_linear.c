/* Time over the whole reading where marks are everywhere: a small model with random weights sees names, roles and stances in any
 * text, far more than the shipped one does, so that what is done with them costs more than finding them. */
#include "processor/extract/extractor.h"
#include "processor/runtime/clock.h"
#include "tests/expect.h"
#include "tests/make_model.h"

#include <stdlib.h>
#include <unistd.h>

enum { TEXT_BYTES = 8192, RATIO_PERCENT_MOST = 250, ATTEMPTS = 4 };

static char path[] = "/tmp/linear-XXXXXX";
static struct extractor *extractor;
static struct extractor_scratch *scratch;

/* Letters as pieces, so that different names differ for the model, too. */
static const char *vocabulary(void)
{
    static char vocab[1024] = "[UNK]\n[CLS]\n[SEP]\nsaid\nthe\nhe\n.\n,\n\"";
    for (char letter = 'a'; letter <= 'z'; letter++) {
        size_t end = strlen(vocab);
        snprintf(vocab + end, sizeof vocab - end, "\n%c\n##%c", letter, letter);
    }
    return vocab;
}

static void set_up(void)
{
    struct model_shape shape = {.layers = 1, .width = 64, .heads = 1, .hidden = 64, .inner = 64, .positions = 128, .window = 128};
    shape.vocab = vocabulary();
    struct view model = model_of_shape(&shape, 2);
    int file = mkstemp(path);
    cr_assert(file >= 0 && write(file, model.data, model.len) == (ssize_t)model.len);
    close(file);
    model_bytes_free(model);
    struct extractor_options options = {.model_path = path, .knowledge_path = "models/knowledge.bin"};
    struct error err = {0};
    extractor = extractor_new(&options, &err);
    unlink(path);
    cr_assert(extractor != NULL, "%s", err.text);
    scratch = extractor_scratch_new(extractor);
}

static void tear_down(void)
{
    extractor_scratch_free(scratch);
    extractor_free(extractor);
}

TestSuite(linear, .init = set_up, .fini = tear_down);

/* The pattern again and again; each # in it is a name of its own, of four letters. */
static struct view make_text(const char *pattern, size_t bytes)
{
    char *text = memory_take(bytes + 4);
    size_t len = 0;
    for (uint32_t name = 0, at = 0; len < bytes; at = pattern[at + 1] == '\0' ? 0 : at + 1) {
        if (pattern[at] != '#') {
            text[len++] = pattern[at];
            continue;
        }
        uint32_t random = name++ * 2654435761U;
        for (unsigned i = 0; i < 4; i++)
            text[len++] = (char)((i == 0 ? 'A' : 'a') + (random >> (28 - 5 * i)) % 26);
    }
    return (struct view){.data = text, .len = bytes};
}

static double read_ms(const char *pattern, size_t bytes)
{
    struct extractor_input input = {.text = make_text(pattern, bytes)};
    struct arena *arena = arena_new(1 << 20);
    struct findings findings;
    struct error err = {0};
    int64_t start_ns = clock_thread_ns();
    cr_expect(extractor_run(extractor, scratch, &input, arena, &findings, &err), "%s: %s", pattern, err.text);
    double taken_ms = (double)(clock_thread_ns() - start_ns) / 1e6;
    cr_expect(findings.entity_count > 0, "%s", pattern);
    arena_free(arena);
    free((void *)(uintptr_t)input.text.data);
    return taken_ms;
}

/* A busy machine spoils a measurement now and then, a quadratic program all of them. */
Test(linear, is_the_time_with_marks_everywhere)
{
    static const char *const patterns[] = {
        "# # ", "# #. ", "# said \"#\". ", "# #\n\n", "Mr. # of # said he was against it. ", "\"# is bad,\" # told reporters. ",
        "# dismissed the idea, he said. ", "Thank you @# and @Ann# ", "in # and in # and ", "Ministry of # and # Ministry ", "# \"#\" # he said ",
        "Ann Lee and ", "He said he said ", "U.S. ", "the plan of the # Bank ", "A.", "(",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        double once = 0, twice = 1e9;
        for (int attempt = 0; attempt < ATTEMPTS && twice * 100 > once * RATIO_PERCENT_MOST; attempt++) {
            once = read_ms(patterns[i], TEXT_BYTES);
            twice = read_ms(patterns[i], 2 * TEXT_BYTES);
        }
        cr_expect(twice * 100 <= once * RATIO_PERCENT_MOST, "%s: %.1f ms, twice the text %.1f ms", patterns[i], once, twice);
    }
}
