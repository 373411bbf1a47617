/* Property: joining wrapped lines changes newlines alone, each to a space; the sentences of any text are in order, not empty, begin and
 * end with a visible character on a boundary of code points, and leave out white space only. */
#include "processor/text/language.h"
#include "processor/text/sentences.h"
#include "processor/text/utf8.h"
#include "processor/text/words.h"
#include "processor/text/wrapped.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_space(struct view text, size_t start, size_t end)
{
    while (start < end)
        if (!utf8_is_space(utf8_next(text, &start)))
            abort();
    if (start != end)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct view text = utf8_repaired((struct view){.data = (const char *)data, .len = size}, arena);
    struct view joined = wrapped_joined(text, arena);
    for (size_t i = 0; i < text.len; i++)
        if (joined.data[i] != text.data[i] && (joined.data[i] != ' ' || (text.data[i] != '\n' && text.data[i] != '\r')))
            abort();
    struct sentences sentences = sentences_split(text, (struct span){.end = (uint32_t)text.len}, arena);
    size_t behind = 0;
    for (size_t i = 0; i < sentences.count; i++) {
        struct span span = sentences.items[i];
        if (span.start < behind || span.end <= span.start || span.end > text.len)
            abort();
        expect_space(text, behind, span.start);
        size_t at = span.start;
        if (utf8_is_space(utf8_next(text, &at)))
            abort();
        behind = span.end;
    }
    expect_space(text, behind, text.len);
    words_simhash(text);
    language_guess(text);
    arena_free(arena);
    return 0;
}
