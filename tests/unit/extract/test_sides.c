#include "processor/extract/sides.h"
#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"
#include "tests/unit/extract/with_knowledge.h"

TestSuite(sides, .init = set_up, .fini = tear_down);

/* Whether the first mark that reads `text` in the article is taken for a team. */
static bool is_side(const char *marked, const char *text)
{
    struct reading reading = make_reading(marked, arena);
    struct sides sides = sides_of(&reading, knowledge);
    const struct mark *mark = made_mark(&reading, text, 0);
    cr_assert(mark != NULL, "no mark '%s' in: %s", text, marked);
    return sides_is_side(&sides, &reading, knowledge, (size_t)(mark - reading.marks));
}

Test(sides, have_their_words_in_order)
{
    cr_expect(sides_lists_are_sorted());
}

Test(sides, are_known_by_the_words_beside_them)
{
    static const char *const cases[][2] = {
        {"{Location:Norway} captain {Person:Ann Lee} spoke to the press.", "Norway"},
        {"{Location:Norway} beat {Location:Sweden}.", "Norway"},
        {"{Location:Norway} beat {Location:Sweden}.", "Sweden"},
        {"On Friday they beat {Location:Texas} 68-61.", "Texas"},
        {"{Location:Leeds} 2 {Location:Barnsley} 1", "Leeds"},
        {"{Location:Cleveland} manager {Person:Bo Ray} was silent.", "Cleveland"},
        {"The goalkeeper hopes that {Location:Norway} will call her again.", "Norway"},
        {"{Organization:Samsung} 2 {Organization:Lotte} 1 in baseball", "Samsung"},
        {"{Location:Norway} v {Location:Sweden}: ten days to go", "Norway"},
        {"The match between {Location:Norway} and {Location:Sweden} was put off.", "Norway"},
        {"The match between {Location:Norway} and {Location:Sweden} was put off.", "Sweden"},
        {"{Location:Norway} won its first cup match.", "Norway"},
        {"The {Location:Boston} president spoke of baseball.", "Boston"},
        {"It is the best inning in {Location:Texas} history.", "Texas"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(is_side(cases[i][0], cases[i][1]), "'%s' is no side in: %s", cases[i][1], cases[i][0]);
}

Test(sides, are_not_found_where_the_place_is_meant)
{
    static const char *const cases[][2] = {
        {"{Location:Norway} recalled its ambassador. {Location:Sweden} was silent.", "Norway"},
        {"The cricket season in {Location:England} is over.", "England"},
        {"The striker, born near {Location:Leeds}, left.", "Leeds"},
        {"Gymnastics: 1. {Person:Ann Lee} ({Location:Norway}) 9.8 points", "Norway"},
        {"{Person:Ann Lee} of {Location:Norway} won the tennis final.", "Norway"},
        {"The football fans came to {Location:Birmingham}, {Location:England} on Friday.", "Birmingham"},
        {"The football fans came to {Location:Birmingham}, {Location:England} on Friday.", "England"},
        {"{Location:LONDON} (Reuters) - The striker left.", "LONDON"},
        {"{Location:LONDON} The striker left.", "LONDON"},
        {"The talks between {Location:Norway} and {Location:Sweden} were put off.", "Norway"},
        {"The season of {Location:Norway}'s discontent, and a team of ministers", "Norway"},
        {"The baseball fans met the {Location:Norway} president.", "Norway"},
        {"The quarterbacks met {Location:Philadelphia} Mayor {Person:Ann Lee}.", "Philadelphia"},
        {"NBA schedule, baseball and hockey: {Location:CHICAGO} AT {Location:TORONTO}", "TORONTO"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(not(is_side(cases[i][0], cases[i][1])), "'%s' is a side in: %s", cases[i][1], cases[i][0]);
}

Test(sides, in_lists_of_results_are_companies_and_no_countries)
{
    const char *list = "1. {Person:Ann Lee} ({Location:Norway}) {Organization:Samsung} 4 hours 2. {Person:Ida Moe} ({Location:Sweden}) "
                       "TVM 3. {Person:Eva Dahl} ({Location:Norway}) {Organization:Samsung} same time";
    cr_expect(is_side(list, "Samsung"));
    cr_expect(not(is_side(list, "Sweden")));
    const char *senators = "{Person:Ann Lee} ({Location:D-Ohio}), {Person:Ida Moe} ({Location:R-Iowa}) and {Person:Eva Dahl} ({Location:I-Maine}) "
                           "asked {Organization:Samsung}";
    cr_expect(not(is_side(senators, "Samsung")));
}

Test(sides, of_another_kind_are_left_alone)
{
    cr_expect(not(is_side("{Person:Ann Lee} captain of the hockey team", "Ann Lee")));
    cr_expect(not(is_side("The striker wore {Organization:Samsung} shoes.", "Samsung")));
}
