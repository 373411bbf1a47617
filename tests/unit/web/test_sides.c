#include "processor/web/sides.h"

#include "tests/expect.h"

#include <stdio.h>
#include <stdlib.h>

enum { START_MS = 1000 * SIDES_SLICE_MS };

static struct sides *sides;
static struct sides_pair pairs[64];
static size_t left_out;

static void set_up(void)
{
    sides = sides_new();
}

static void tear_down(void)
{
    free(sides);
}

TestSuite(sides, .init = set_up, .fini = tear_down);

static void add(const char *source, const char *target, enum polarity polarity, int64_t at_ms)
{
    sides_add(sides, view_of(source), view_of(target), polarity, at_ms);
}

static size_t top(const char *actor, int64_t now_ms)
{
    return sides_top(sides, view_of(actor), now_ms, pairs, sizeof pairs / sizeof *pairs, &left_out);
}

Test(sides, counts_each_direction_of_a_pair_by_its_sign)
{
    add("Ada", "Lyon", POLARITY_AGAINST, START_MS);
    add("Ada", "Lyon", POLARITY_AGAINST, START_MS + 1);
    add("Ada", "Lyon", POLARITY_FOR, START_MS + 2);
    add("Lyon", "Ada", POLARITY_MIXED, START_MS);
    add("Lyon", "Ada", POLARITY_NEUTRAL, START_MS);

    cr_assert(eq(sz, top("", START_MS + 3), 2));
    expect_text(pairs[0].source, "Ada");
    cr_expect(eq(u32, pairs[0].counts[POLARITY_AGAINST], 2));
    cr_expect(eq(u32, pairs[0].counts[POLARITY_FOR], 1));
    expect_text(pairs[1].source, "Lyon");
    cr_expect(eq(u32, pairs[1].total, 1));
    cr_expect(eq(sz, left_out, 0));
}

Test(sides, forgets_what_is_an_hour_old_and_no_sooner)
{
    add("Ada", "Lyon", POLARITY_FOR, START_MS);
    add("Ada", "Lyon", POLARITY_FOR, START_MS + 20 * 60 * 1000);

    cr_expect(eq(sz, top("", START_MS + 55 * 60 * 1000 - 1), 1));
    cr_expect(eq(u32, pairs[0].total, 2));
    cr_expect(eq(sz, top("", START_MS + 60 * 60 * 1000), 1));
    cr_expect(eq(u32, pairs[0].total, 1));
    cr_expect(eq(sz, top("", START_MS + 80 * 60 * 1000), 0));
}

Test(sides, takes_moments_in_any_order)
{
    add("Ada", "Lyon", POLARITY_FOR, START_MS + 30 * 60 * 1000);
    add("Ada", "Lyon", POLARITY_FOR, START_MS);
    add("Ada", "Lyon", POLARITY_FOR, START_MS - 60 * 60 * 1000);
    add("Ada", "Lyon", POLARITY_FOR, -5);

    top("", START_MS + 30 * 60 * 1000);
    cr_expect(eq(u32, pairs[0].total, 2), "what came late counts, but for what is too old");
}

Test(sides, finds_an_actor_at_either_end_whatever_the_case)
{
    add("Ada Brandt", "Lyon", POLARITY_FOR, START_MS);
    add("Bo", "ADA", POLARITY_FOR, START_MS);
    add("Bo", "Lyon", POLARITY_FOR, START_MS);

    cr_expect(eq(sz, top("ada", START_MS), 2));
    cr_expect(eq(sz, top("nobody", START_MS), 0));
}

Test(sides, makes_room_by_giving_up_the_weakest)
{
    char name[32];
    for (int i = 0; i < 3; i++)
        add("Strong", "Pair", POLARITY_FOR, START_MS);
    for (int i = 0; i < 20 * SIDES_PAIRS_MOST; i++) {
        snprintf(name, sizeof name, "n%d", i);
        add(name, "Pair", POLARITY_FOR, START_MS);
    }

    cr_assert(eq(sz, top("", START_MS), 64));
    expect_text(pairs[0].source, "Strong");
    cr_expect(eq(u32, pairs[0].total, 3));
    cr_expect(le(sz, left_out + 64, SIDES_PAIRS_MOST));
}

Test(sides, cuts_long_names_between_code_points)
{
    char name[200];
    for (size_t i = 0; i + 2 < sizeof name; i += 2)
        memcpy(name + i, "é", 2);
    name[198] = '\0';
    add(name, "Lyon", POLARITY_FOR, START_MS);
    add(name, "Lyon", POLARITY_FOR, START_MS);

    cr_assert(eq(sz, top("", START_MS), 1));
    cr_expect(eq(sz, strlen(pairs[0].source), SIDES_NAME_BYTES - 2));
    cr_expect(eq(u32, pairs[0].total, 2));
}
