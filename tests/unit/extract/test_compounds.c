#include "processor/extract/compounds.h"
#include "processor/extract/entities.h"
#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"
#include "tests/unit/extract/with_knowledge.h"

TestSuite(compounds, .init = set_up, .fini = tear_down);

Test(compounds, have_their_words_in_order)
{
    cr_expect(compounds_list_is_sorted());
}

Test(compounds, hold_a_name)
{
    static const struct { const char *written, *name; } cases[] = {
        {"Saudi-led", "Saudi"}, {"U.S.-backed", "U.S."}, {"Al-Qaeda-linked", "Al-Qaeda"}, {"Obama-era", "Obama"},
        {"Al-Qaeda", "Al-Qaeda"}, {"-led", "-led"}, {"Smith-Led", "Smith-Led"}, {"well-led team", "well-led team"}, {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(view_equal(compounds_name(view_of(cases[i].written)), view_of(cases[i].name)), "%s", cases[i].written);
}

Test(compounds, end_with_their_tail)
{
    static const struct { const char *after; size_t length; } cases[] = {
        {"-led coalition", 4}, {"-backed", 7}, {"-Led", 0}, {" led", 0}, {"- led", 0}, {"-leds", 0}, {"-", 0}, {"", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, compounds_tail(view_of(cases[i].after)), cases[i].length), "%s", cases[i].after);
}

Test(compounds, are_named_by_their_name)
{
    static const struct { const char *marked, *text, *name, *type; } cases[] = {
        {"The {NORP:Saudi-led} coalition left.", "Saudi-led", "Saudi", "NORP"},
        {"A {NORP:U.S.-backed} group left.", "U.S.-backed", "United States", "Location"},
        {"{Person:Ann Wright} left. The {Organization:Wright-led} party left.", "Wright-led", "Ann Wright", "Person"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        const struct mark *mark = made_mark(&reading, cases[i].text, 0);
        cr_assert(mark != NULL && mark->entity != NOWHERE, "%s", cases[i].marked);
        const struct entity *entity = &entities.items[mark->entity];
        cr_expect(view_equal(entity->name, view_of(cases[i].name)), "'%.*s' in: %s", (int)entity->name.len, entity->name.data, cases[i].marked);
        cr_expect(eq(str, (char *)entity_type_name(entity->type), (char *)cases[i].type), "%s", cases[i].marked);
    }
}

Test(compounds, act_only_where_they_lead)
{
    static const struct { const char *marked; bool is_bystander; } cases[] = {
        {"A {NORP:U.S.-backed} group left.", true}, {"A {Location:U.S.}-backed group left.", true}, {"A {Location:Texas}-based company left.", true},
        {"The {NORP:Saudi-led} coalition left.", false}, {"{Location:US}-led troops left.", false}, {"{Location:Texas} left.", false},
        {"{Organization:Al-Qaeda} left.", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        cr_expect(eq(int, compounds_is_bystander(&reading, made_name(&reading)), cases[i].is_bystander), "%s", cases[i].marked);
    }
}
