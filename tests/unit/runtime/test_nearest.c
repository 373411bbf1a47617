#include "processor/runtime/nearest.h"

#include "tests/expect.h"

static const char *const names[] = {"run", "extract", "ask", "demo", "watch", "topics", "redrive", "check", "eval"};

static const char *nearest(const char *name)
{
    return nearest_name(name, names, sizeof names / sizeof *names);
}

Test(nearest, finds_what_was_meant)
{
    static const struct { const char *typed, *meant; } cases[] = {
        {"extrct", "extract"}, {"etxract", "extract"}, {"extracts", "extract"}, {"topic", "topics"},
        {"chekc", "check"},    {"rnu", "run"},         {"wacth", "watch"},      {"eval", "eval"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_text(nearest(cases[i].typed), cases[i].meant);
}

Test(nearest, finds_nothing_where_nothing_is_near)
{
    static const char *const typed[] = {"", "x", "consume", "kafka-console", "zzzzzzzz"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        cr_expect(eq(ptr, (void *)(uintptr_t)nearest(typed[i]), NULL), "%s gave %s", typed[i], nearest(typed[i]));
}

Test(nearest, is_not_confused_by_a_name_of_any_length)
{
    char name[10000];
    memset(name, 'e', sizeof name - 1);
    name[sizeof name - 1] = '\0';

    cr_expect(nearest(name) == NULL);
}
