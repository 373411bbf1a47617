#include "processor/extract/entities.h"
#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"
#include "tests/unit/extract/with_knowledge.h"

TestSuite(offices, .init = set_up, .fini = tear_down);

struct expected {
    const char *marked, *text; /* the article, and the first such mark in it */
    const char *name;          /* its entity's, "-" where it has none */
};

static void expect_all(const struct expected *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        const struct mark *mark = made_mark(&reading, cases[i].text, 0);
        cr_assert(mark != NULL, "no '%s' in: %s", cases[i].text, cases[i].marked);
        struct view name = mark->entity == NOWHERE ? view_of("-") : entities.items[mark->entity].name;
        cr_expect(view_equal(name, view_of(cases[i].name)), "'%s' is '%.*s', not '%s', in: %s", cases[i].text, (int)name.len, name.data,
                  cases[i].name, cases[i].marked);
    }
}

Test(offices, at_the_head_of_a_state_are_known_without_a_title)
{
    static const struct expected cases[] = {
        {"Mr {Person:Obama} spoke. Voters back the president.", "the president", "Barack Obama"},
        {"{Person:Angela Merkel} spoke. Voters back the chancellor.", "the chancellor", "Angela Merkel"},
        {"{Person:Angela Merkel} spoke. Voters back the president.", "the president", "-"},
        {"{Person:Theresa May} spoke. Voters back the prime minister.", "the prime minister", "Theresa May"},
        {"{Person:Barack Obama} met {Person:Vladimir Putin}. Voters back the Russian president.", "the Russian president", "Vladimir Putin"},
        {"{Person:Vladimir Putin} met {Person:Barack Obama}. Voters back the Russian president.", "the Russian president", "Vladimir Putin"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(offices, that_are_past_or_to_come_are_not_held)
{
    static const struct expected cases[] = {
        {"Former President {Person:Barack Obama} spoke. Voters back the president.", "the president", "-"},
        {"Vice President {Person:Joe Biden} spoke. Voters back the president.", "the president", "-"},
        {"Senator {Person:Obama} spoke. Voters back the president.", "the president", "-"},
        {"Former President {Person:Barack Obama} spoke. Voters back the former president.", "the former president", "Barack Obama"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(offices, of_another_realm_are_left_alone)
{
    static const struct expected cases[] = {
        {"Mr {Person:Obama} spoke. Voters back the president of the club.", "the president", "-"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(offices, belong_to_whom_the_article_is_about)
{
    static const struct expected cases[] = {
        {"{Person:Trump} won. {Person:Trump} spoke. {Person:Trump} left. President {Person:Putin} called. Voters back the president.",
         "the president", "Donald Trump"},
        {"{Person:Trump} won. President {Person:Putin} called. Voters back the president.", "the president", "Vladimir Putin"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(offices, and_forces_of_a_state_are_the_state)
{
    static const struct expected cases[] = {
        {"{NORP:Russian} officials denied it.", "Russian officials", "Russia"},
        {"{Location:Russia} denied it. The {NORP:Russian} government left.", "Russian government", "Russia"},
        {"{NORP:Russian} officials denied it.", "Russian", "Russian"},
        {"{NORP:Kurdish} forces denied it.", "Kurdish forces", "-"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
    static const struct { const char *marked; bool is_within; } parts[] = {
        {"{NORP:Russian} officials denied it.", true}, {"{NORP:Kurdish} forces denied it.", false}, {"{NORP:Russian} goods rot.", false}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct reading reading = make_reading(parts[i].marked, arena);
        entities_of(&reading, knowledge);
        cr_expect(eq(int, reading.marks[0].is_within, parts[i].is_within), "%s", parts[i].marked);
    }
}

Test(offices, of_a_state_may_be_called_its_agency)
{
    static const struct expected cases[] = {
        {"The {Organization:CIA} spoke. Voters back the agency.", "the agency", "Central Intelligence Agency"},
        {"The {Organization:IRS} spoke. The {Organization:Senate} met. Voters back the agency.", "the agency", "Internal Revenue Service"},
        {"{Organization:Halden Shipping} spoke. Voters back the agency.", "the agency", "-"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}
