#include "processor/commands/seesaw_names.h"

#include "tests/expect.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(seesaw_names, .init = set_up, .fini = tear_down);

/* What the published scorer makes of the same names. */
Test(seesaw_names, sets_aside_what_does_not_tell_names_apart)
{
    static const struct {
        const char *name, *normal;
    } cases[] = {
        {"President Donald J. Trump's", "donald j trump"},
        {"Donald Trump", "donald trump"},
        {"The GOP", "republican party"},
        {"Senate Democrats’ plan", "senate democrats plan"},
        {"U.S. Supreme Court", "supreme court"},
        {"the U.S.", "united states"},
        {"Vice President Mike Pence", "mike pence"},
        {"Secretary of State", "of state"},
        {"Attorney General", "attorney general"},
        {"a former aide", "aide"},
        {"former Governor", "former governor"},
        {"Beyoncé Knowles-Carter", "beyonce knowles carter"},
        {"Department of Justice", "department of justice"},
        {"FBI director James Comey", "fbi james comey"},
        {"Leader of the House", "of"},
        {"", ""},
        {"’s", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_view(seesaw_names_normal(view_of(cases[i].name), arena), cases[i].normal);
}

Test(seesaw_names, resolves_to_the_best_name_of_the_list)
{
    static const char *const listed[] = {"Joe Biden", "Hunter Biden", "Federal Election Commission", "gun control", "Republican Party", "Bill"};
    static const struct {
        const char *name;
        int index;
    } cases[] = {
        {"Biden", 0},          {"Joseph R. Biden", 0}, {"Hunter Biden", 1},   {"FEC", 2},     {"fec", -1},        {"Republicans", 4},
        {"strict gun control", 3}, {"control", 3},         {"Jill Biden", -1},    {"William", 5}, {"Election Commission", 2}, {"Party", 4},
    };
    struct seesaw_inventory inventory = {.names = arena_take(arena, sizeof(struct view) * 6), .normals = arena_take(arena, sizeof(struct view) * 6), .count = 6};
    for (size_t i = 0; i < inventory.count; i++) {
        inventory.names[i] = view_of(listed[i]);
        inventory.normals[i] = seesaw_names_normal(inventory.names[i], arena);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct view name = view_of(cases[i].name);
        cr_expect(eq(int, seesaw_names_resolve(&name, 1, &inventory, arena), cases[i].index), "%s", cases[i].name);
    }
}
