#include "processor/runtime/arena.h"

#include "tests/expect.h"

#include <signal.h>
#include <stdalign.h>
#include <stdint.h>

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(arena, .init = set_up, .fini = tear_down);

Test(arena, pieces_are_aligned_and_do_not_overlap)
{
    static const size_t sizes[] = {0, 1, 7, 16, 17, 100, 4000, 4096, 5000, 1, 70000, 3};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    unsigned char *pieces[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        pieces[i] = arena_take(arena, sizes[i]);
        cr_assert(eq(sz, (uintptr_t)pieces[i] % alignof(max_align_t), 0));
        memset(pieces[i], (int)i + 1, sizes[i]);
    }

    for (size_t i = 0; i < COUNT; i++)
        for (size_t byte = 0; byte < sizes[i]; byte++)
            cr_assert(eq(int, pieces[i][byte], (int)i + 1), "piece %zu was written over at %zu", i, byte);
}

Test(arena, pieces_of_nothing_differ)
{
    cr_expect(arena_take(arena, 0) != arena_take(arena, 0));
}

Test(arena, zeroed_memory_is_zero_also_after_a_reset)
{
    memset(arena_take(arena, 4000), 0xAB, 4000);
    arena_reset(arena);

    const unsigned char *memory = arena_take_zeroed(arena, 1000, 4);

    for (size_t i = 0; i < 4000; i++)
        cr_assert(eq(int, memory[i], 0));
}

Test(arena, a_reset_gives_back_all_but_one_block)
{
    size_t at_start = arena_bytes(arena);
    for (int i = 0; i < 100; i++)
        arena_take(arena, 3000);
    arena_take(arena, 1 << 20);
    cr_expect(gt(sz, arena_bytes(arena), (size_t)1 << 20));

    arena_reset(arena);

    cr_expect(eq(sz, arena_bytes(arena), at_start));
}

Test(arena, a_large_piece_leaves_the_rest_of_the_block_usable)
{
    arena_take(arena, 16);
    arena_take(arena, 100000);
    size_t before = arena_bytes(arena);

    arena_take(arena, 1000);

    cr_expect(eq(sz, arena_bytes(arena), before));
}

Test(arena, copies_end_with_a_zero_byte)
{
    struct view copy = arena_copy(arena, (struct view){.data = "abcdef", .len = 3});
    struct view empty = arena_copy(arena, (struct view){0});

    expect_text(copy.data, "abc");
    cr_expect(eq(sz, copy.len, 3));
    expect_text(empty.data, "");
    cr_expect(eq(sz, empty.len, 0));
}

Test(arena, prints_text_of_any_length)
{
    struct view view = arena_print(arena, "%s-%0*d", "a", 9000, 7);

    cr_expect(eq(sz, view.len, 9002));
    cr_expect(eq(chr, view.data[9001], '7'));
    cr_expect(eq(chr, view.data[9002], '\0'));
}

Test(arena, a_product_that_overflows_ends_the_process, .signal = SIGABRT)
{
    arena_take_zeroed(arena, SIZE_MAX / 2, 3);
}

Test(arena, a_size_that_overflows_ends_the_process, .signal = SIGABRT)
{
    arena_take(arena, SIZE_MAX - 3);
}

Test(arena, nothing_to_free_is_fine)
{
    arena_free(NULL);
}
