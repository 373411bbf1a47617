/* Whatever the text: pieces are in order, within the span asked for, with ids of the vocabulary, and words begin where they
 * are said to; splitting is the same a second time. */
#include "processor/model/tokenizer.h"
#include "processor/text/utf8.h"
#include "tests/make_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct view bytes;
static struct model_file *file;
static struct tokenizer *tokenizer;
static struct arena *arena;

static void close_all(void)
{
    arena_free(arena);
    tokenizer_free(tokenizer);
    model_file_close(file);
    model_bytes_free(bytes);
}

static void open_all(void)
{
    static const struct model_shape shape = {.layers = 1, .width = 64, .heads = 1, .hidden = 64, .positions = 16, .window = 16, .vocab = SMALL_VOCAB};
    struct error err = {0};
    struct model_maker *maker = maker_new(1);
    maker_add_encoder(maker, &shape);
    bytes = maker_finish(maker);
    file = model_file_read(bytes, &err);
    tokenizer = file == NULL ? NULL : tokenizer_new(file, &err);
    arena = arena_new(1 << 16);
    if (tokenizer == NULL || atexit(close_all) != 0)
        abort();
}

static void expect(bool is_true)
{
    if (!is_true)
        abort();
}

static void check(struct pieces pieces, struct span within)
{
    uint32_t end = within.start;
    for (size_t i = 0; i < pieces.count; i++) {
        const struct piece *piece = &pieces.items[i];
        expect(piece->span.start <= piece->span.end && piece->span.start >= within.start && piece->span.end <= within.end);
        expect(piece->id < model_file_config(file)->vocab && piece->case_shape < CASE_SHAPE_COUNT);
        expect(i > 0 || piece->is_word_start);
        /* A code point that folds to several letters may give several pieces of one span. */
        expect(piece->span.start >= end || (!piece->is_word_start && piece->span.end >= end));
        end = piece->span.end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (tokenizer == NULL)
        open_all();
    struct view text = utf8_repaired((struct view){.data = (const char *)data, .len = size}, arena);
    struct span whole = {.start = 0, .end = (uint32_t)text.len}, rest = whole;
    struct pieces first = tokenizer_split(tokenizer, text, whole, arena), again = tokenizer_split(tokenizer, text, whole, arena);
    check(first, whole);
    expect(first.count == again.count);
    for (size_t i = 0; i < first.count; i++)
        expect(first.items[i].id == again.items[i].id && first.items[i].span.start == again.items[i].span.start);
    for (size_t at = 0; at < text.len && at < text.len / 2;) {
        utf8_next(text, &at);
        rest.start = (uint32_t)at;
    }
    check(tokenizer_split(tokenizer, text, rest, arena), rest);
    arena_reset(arena);
    return 0;
}
