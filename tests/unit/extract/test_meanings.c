#include "processor/extract/entities.h"
#include "processor/extract/meanings.h"
#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"
#include "tests/unit/extract/with_knowledge.h"

TestSuite(meanings, .init = set_up, .fini = tear_down);

struct expected {
    const char *marked, *text; /* the article, and the first such mark in it */
    const char *wikidata;      /* "": none */
};

static void expect_all(const struct expected *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        const struct mark *mark = made_mark(&reading, cases[i].text, 0);
        cr_assert(mark != NULL && mark->entity != NOWHERE, "no entity '%s' in: %s", cases[i].text, cases[i].marked);
        struct view found = entities.items[mark->entity].wikidata;
        cr_expect(view_equal(found, view_of(cases[i].wikidata)), "'%s' is '%.*s', not '%s', in: %s", cases[i].text, (int)found.len,
                  found.data, cases[i].wikidata, cases[i].marked);
    }
}

Test(meanings, go_by_the_countries_that_the_article_speaks_of)
{
    static const struct expected cases[] = {
        {"{Location:Washington} and {Location:Texas} wait. The {Organization:Senate} met.", "Senate", "Q66096"},
        {"{Location:Paris} and {Location:France} wait. The {Organization:Senate} met.", "Senate", ""},
        {"{Location:Florida}, {Location:Texas} and {Location:Georgia} have voted.", "Georgia", "Q1428"},
        {"{Location:Georgia} and {NORP:Georgian} troops withdrew from {Location:Tbilisi}.", "Georgia", "Q230"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_a_last_name_are_given_to_the_most_famous_only)
{
    static const struct expected cases[] = {
        {"{Person:Trump} spoke.", "Trump", "Q22686"},
        {"{Person:Melania Trump} arrived. {Person:Trump} smiled.", "Trump", "Q432473"},
        {"President {Person:Reagan} spoke.", "Reagan", "Q9960"},
        {"{Person:Reagan} spoke.", "Reagan", ""},
        {"{Location:Washington} waited. {Person:Clinton} spoke.", "Clinton", ""}, /* two of them are famous */
        {"{Location:Washington} waited. {Person:Jeb Bush} spoke. Mr {Person:Bush} left.", "Bush", "Q221997"},
        {"{Location:Moscow} waited. {Person:Ida Yeltsin} is well, said President {Person:Yeltsin}.", "Yeltsin", "Q34453"},
        {"{Location:Moscow} waited. {Person:Ida Yeltsin} is well, said President {Person:Yeltsin}.", "Ida Yeltsin", ""},
        {"The striker passed to {Person:Reagan}.", "Reagan", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_common_names_need_a_sign_of_politics)
{
    static const struct expected cases[] = {
        {"{Person:John Hall} sells bread in {Location:Washington}.", "John Hall", ""},
        {"Congressman {Person:John Hall} voted in {Location:Washington}.", "John Hall", "Q1406115"},
        {"{Person:Arne Duncan} sells bread in {Location:Washington}.", "Arne Duncan", "Q349922"}, /* nobody else has that name */
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_companies_survive_their_legal_form)
{
    static const struct expected cases[] = {
        {"{Organization:General Motors Corp} rose.", "General Motors Corp", "Q81965"},
        {"{Organization:Morgan Stanley and Co Inc} fell.", "Morgan Stanley and Co Inc", "Q334204"},
        {"{Organization:General Electric Co Plc} is another.", "General Electric Co Plc", ""},
        {"{Organization:Nordvik Corp} is not known.", "Nordvik Corp", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, are_not_those_of_a_namesake)
{
    static const struct expected cases[] = {
        {"{Person:Neil Jordan} made a film. {Location:Jordan} wrote it, too.", "Jordan", ""},
        {"{Person:Neil Jordan} made a film in {Location:Jordan}.", "Jordan", "Q810"},
        {"{Location:Norway} beat {Location:Sweden}.", "Norway", ""},
        {"{Location:Georgia} waits. {Organization:Georgia Power} pays.", "Georgia Power", ""},
        {"The {NORP:Kurdish} city fell.", "Kurdish", ""},
        {"The {NORP:Kurdish} city fell. The {NORP:Kurds} left.", "Kurdish", "Q12223"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_datelines_and_headlines_are_found_in_capitals)
{
    static const struct expected cases[] = {
        {"{Location:LONDON} (Reuters) - The bank said so.", "LONDON", "Q84"},
        {"{Organization:Russia} said so.", "Russia", "Q159"},
        {"The {Organization:Milan} exchange fell.", "Milan", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_an_acronym_of_several_need_the_words_spelled_out)
{
    static const struct expected cases[] = {
        {"The {Organization:Organization for Security and Co-operation in Europe} met. {Organization:OSCE} spoke.", "OSCE", "Q81299"},
        {"A {Organization:CCA} spokesman was silent.", "CCA", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}
