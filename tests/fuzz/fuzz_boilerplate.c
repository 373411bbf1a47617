/* Property: the regions of any text, with any hints, are in order, not empty, and leave out white space only. The first
 * byte of the input says how the rest is cut into hints. */
#include "processor/text/boilerplate.h"
#include "processor/text/utf8.h"

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

/* A hint for each `step` bytes, but for every third one. */
static size_t hints_make(struct view text, size_t step, struct arena *arena, struct text_hint **hints)
{
    size_t count = 0;
    *hints = arena_take(arena, (step ? text.len / step + 1 : 0) * sizeof **hints);
    for (size_t start = 0; step && start < text.len; start += step) {
        size_t end = start + step < text.len ? start + step : text.len;
        if ((start / step) % 3 != 2)
            (*hints)[count++] = (struct text_hint){
                .span = {.start = (uint32_t)start, .end = (uint32_t)end},
                .kind = (enum region_kind)(start / step % REGION_KIND_COUNT),
            };
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    size_t step = size ? data[0] % 64 : 0, skip = size > 0;
    struct view text = utf8_repaired((struct view){.data = (const char *)data + skip, .len = size - skip}, arena);
    struct text_hint *hints;
    size_t hint_count = hints_make(text, step, arena, &hints);
    struct regions regions = boilerplate_mark(text, hints, hint_count, arena);
    size_t behind = 0;
    for (size_t i = 0; i < regions.count; i++) {
        struct span span = regions.items[i].span;
        if (span.start < behind || span.end <= span.start || span.end > text.len || !region_kind_name(regions.items[i].kind))
            abort();
        expect_space(text, behind, span.start);
        behind = span.end;
    }
    expect_space(text, behind, text.len);
    arena_free(arena);
    return 0;
}
