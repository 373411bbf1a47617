/* Property: any bytes become valid UTF-8, valid ones stay as they are, and a cursor counts as a walk over the code points
 * does. */
#include "processor/text/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct view bytes = {.data = (const char *)data, .len = size};
    struct view text = utf8_repaired(bytes, arena);
    if (!utf8_is_valid(text) || utf8_is_valid(bytes) != (text.data == bytes.data))
        abort();
    struct utf8_cursor cursor = {.text = text};
    size_t at = 0, count = 0;
    while (at < text.len) {
        uint32_t c = utf8_next(text, &at);
        if (c > 0x10FFFF || utf8_cursor_move(&cursor, at) != ++count)
            abort();
        utf8_is_space(c);
        utf8_is_letter(c);
    }
    if (at != text.len || utf8_count(text, text.len) != count || utf8_cursor_move(&cursor, 0) != 0)
        abort();
    arena_free(arena);
    return 0;
}
