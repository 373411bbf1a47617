#include "processor/emit/positions.h"

#include "processor/text/utf8.h"
#include "tests/expect.h"

Test(positions, counts_code_points_before_any_offset)
{
    struct arena *arena = arena_new(4096);
    static const char *const pieces[] = {"a", "ü", "€", "\xF0\x9F\x98\x80"};
    char text[1024];
    size_t len = 0;
    for (size_t i = 0; len < 1000; i++) {
        const char *piece = pieces[i * 7 % 11 % 4];
        memcpy(text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    struct positions positions = positions_of((struct view){text, len}, arena);
    struct view whole = {text, len};
    for (size_t offset = 0, count = 0; offset <= len; count++) {
        cr_expect(eq(u32, positions_find(&positions, offset), (uint32_t)count), "at byte %zu", offset);
        if (offset == len)
            break;
        utf8_next(whole, &offset);
    }
    arena_free(arena);
}

Test(positions, knows_the_end_of_a_text_of_whole_blocks)
{
    struct arena *arena = arena_new(4096);
    char text[2 * POSITIONS_BLOCK];
    memset(text, 'x', sizeof text);
    struct positions full = positions_of((struct view){text, sizeof text}, arena);
    cr_expect(eq(u32, positions_find(&full, sizeof text), 2 * POSITIONS_BLOCK));
    struct positions none = positions_of((struct view){0}, arena);
    cr_expect(eq(u32, positions_find(&none, 0), 0));
    arena_free(arena);
}
