/* Any line of `ask` becomes a question whose spans are parts of its text, on the borders of code points, or is refused. */
#include "processor/commands/question.h"
#include "processor/text/utf8.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_span(struct view text, struct span span)
{
    if (span.start >= span.end || span.end > text.len || !utf8_is_valid(view_slice(text, span.start, span.end)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct question question;
    struct error err = {0};
    if (question_decode((struct view){.data = (const char *)data, .len = size}, arena, &question, &err)) {
        require_span(question.text, question.target);
        if (question.has_source)
            require_span(question.text, question.source);
    } else if (err.kind != ERROR_INPUT || !*err.code) {
        abort();
    }
    arena_free(arena);
    return 0;
}
