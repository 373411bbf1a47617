#include "processor/extract/capitals.h"
#include "processor/extract/entities.h"
#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"
#include "tests/unit/extract/with_knowledge.h"

TestSuite(capitals, .init = set_up, .fini = tear_down);

struct expected {
    const char *marked, *text; /* the article, and a mark in it: the `nth` */
    size_t nth;
    const char *name; /* its entity's */
};

static void expect_all(const struct expected *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        const struct mark *mark = made_mark(&reading, cases[i].text, cases[i].nth);
        cr_assert(mark != NULL && mark->entity != NOWHERE, "no entity '%s' in: %s", cases[i].text, cases[i].marked);
        struct view name = entities.items[mark->entity].name;
        cr_expect(view_equal(name, view_of(cases[i].name)), "'%s' is '%.*s', not '%s', in: %s", cases[i].text, (int)name.len, name.data,
                  cases[i].name, cases[i].marked);
    }
}

Test(capitals, have_their_words_in_order)
{
    cr_expect(capitals_lists_are_sorted());
}

Test(capitals, that_act_are_their_countries)
{
    static const struct expected cases[] = {
        {"{Location:Moscow} denied it.", "Moscow", 0, "Russia"},
        {"{Location:Moscow} has repeatedly denied it.", "Moscow", 0, "Russia"},
        {"{Location:Iran} accused {Location:Riyadh} of lies.", "Riyadh", 0, "Saudi Arabia"},
        {"{Location:Beijing}'s support for the treaty grew.", "Beijing", 0, "China"},
        {"New sanctions against {Location:Tehran} were put off.", "Tehran", 0, "Iran"},
        {"The ties between {Location:Paris} and {Location:Berlin} are close.", "Paris", 0, "France"},
        {"The ties between {Location:Paris} and {Location:Berlin} are close.", "Berlin", 0, "Germany"},
        {"{Location:Russia} is large. {Location:Moscow} denied it.", "Moscow", 0, "Russia"},
        {"{Location:Moscow}, which wants to keep it, waits.", "Moscow", 0, "Russia"},
        {"The rebels are accused of collaborating with {Location:Baghdad}.", "Baghdad", 0, "Iraq"},
        {"{Location:Beijing} plans new tariffs.", "Beijing", 0, "China"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(capitals, where_people_live_stay_towns)
{
    static const struct expected cases[] = {
        {"It snowed in {Location:Moscow}. {Location:Moscow} denied it.", "Moscow", 0, "Moscow"},
        {"A court in {Location:London} rejected it.", "London", 0, "London"},
        {"The mayor of {Location:Paris} denied it.", "Paris", 0, "Paris"},
        {"The road between {Location:Paris} and {Location:Berlin} is closed.", "Berlin", 0, "Berlin"},
        {"Pupils in the capital {Location:Berlin} accused the school.", "Berlin", 0, "Berlin"},
        {"Ten people met at {Location:Rome}'s Foreign Press Club.", "Rome", 0, "Rome"},
        {"{Location:Chicago} denied it.", "Chicago", 0, "Chicago"}, /* of no country */
        {"Nobody planned {Location:Paris} as it is.", "Paris", 0, "Paris"},
        {"{Location:Moscow}, which lies on a river, waits.", "Moscow", 0, "Moscow"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(capitals, that_only_act_leave_no_town_behind)
{
    struct reading reading = make_reading("{Location:Moscow} denied the report. Later {Location:Moscow} warned {Location:Sweden}.", arena);
    struct entities entities = entities_of(&reading, knowledge);
    cr_expect(entities.count == 2, "%zu entities", entities.count);
    cr_expect(view_equal(entities.items[0].wikidata, view_of("Q159")));
    cr_expect(entities.items[0].mention_count == 2);
}
