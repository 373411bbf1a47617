#include "processor/extract/entities.h"
#include "processor/extract/meanings.h"
#include "processor/extract/regions.h"
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

Test(meanings, go_by_the_type_where_several_have_the_name)
{
    static const struct expected cases[] = {
        {"The storm crossed the {Location:Atlantic}.", "Atlantic", "Q97"},
        {"She told {Organization:The Atlantic} so.", "The Atlantic", ""},
        {"The {Location:DC} streets were empty.", "DC", "Q61"},
        {"The {Location:U.S} voted.", "U.S", "Q30"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_a_party_s_members_in_a_house_are_the_party_s)
{
    static const char *const groups[][2] = {{"{Organization:House GOP} leaders met. {NORP:Republicans} voted.", "Republicans"},
                                            {"{NORP:Senate Democratic} leaders met. {NORP:Democrats} voted.", "Democrats"}};
    for (size_t i = 0; i < 2; i++) {
        struct reading reading = make_reading(groups[i][0], arena);
        struct entities entities = entities_of(&reading, knowledge);
        cr_expect(eq(sz, entities.count, 1), "%s", groups[i][0]);
        cr_expect(view_equal(entities.items[reading.marks[0].entity].name, view_of(groups[i][1])), "%s", groups[i][0]);
    }
}

Test(meanings, of_a_last_name_are_given_to_the_most_famous_only)
{
    static const struct expected cases[] = {
        {"{Person:Trump} spoke.", "Trump", "Q22686"},
        {"Then came {Location:Obama}.", "Obama", "Q76"},
        {"{Person:Melania Trump} arrived. {Person:Trump} smiled.", "Trump", "Q432473"},
        {"President {Person:Reagan} spoke.", "Reagan", "Q9960"},
        {"{Person:Reagan} spoke.", "Reagan", ""},
        {"{Location:Washington} waited. {Person:Clinton} spoke.", "Clinton", ""}, /* two of them are famous */
        {"{Location:Washington} waited. {Person:Jeb Bush} spoke. Mr {Person:Bush} left.", "Bush", "Q221997"},
        {"{Location:Moscow} waited. {Person:Ida Yeltsin} is well, said President {Person:Yeltsin}.", "Yeltsin", "Q34453"},
        {"{Location:Moscow} waited. {Person:Ida Yeltsin} is well, said President {Person:Yeltsin}.", "Ida Yeltsin", ""},
        {"The striker passed to {Person:Reagan}.", "Reagan", ""},
        {"{Person:Letitia James} sued. {Person:James} won.", "Letitia James", ""},
        {"{Location:Moscow} waited. {Person:Dmitri Medvedev} spoke. {Person:Medvedev} left.", "Dmitri Medvedev", "Q23530"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_a_last_name_are_whom_the_title_names_in_full)
{
    struct reading reading = make_reading("{Person:Bush} met {Person:Walker}. {Person:Bush} smiled.", arena);
    reading.title = view_of("Will Bush run? Jeb Bush Waits, Voters' Jeb Walker Does Not");
    struct entities entities = entities_of(&reading, knowledge);
    cr_expect(view_equal(entities.items[made_mark(&reading, "Bush", 0)->entity].wikidata, view_of("Q221997")));
    cr_expect(view_equal(entities.items[made_mark(&reading, "Walker", 0)->entity].name, view_of("Walker")));
    reading = make_reading("{Person:Laura Bush} spoke. {Person:Bush} left.", arena);
    reading.title = view_of("Jeb Bush waits");
    entities = entities_of(&reading, knowledge);
    cr_expect(view_equal(entities.items[made_mark(&reading, "Bush", 0)->entity].name, view_of("Laura Bush")), "the text goes before");
}

Test(meanings, of_letters_behind_a_party_are_states)
{
    static const struct expected cases[] = {
        {"Sen. {Person:Ann Kent} (R-{Location:LA}) spoke.", "LA", "Q1588"},
        {"Rep. {Person:Ann Kent} (D-{Location:MN}) spoke.", "MN", "Q1527"},
        {"They live in {Location:LA}.", "LA", "Q65"},
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
        {"{Person:Neil Jordan} made a film. {Person:Jordan} wrote it, too.", "Jordan", ""},
        {"{Person:Neil Jordan} made a film. She plays in {Location:Jordan}'s film.", "Jordan", ""},
        {"{Person:Neil Jordan} made a film in {Location:Jordan}.", "Jordan", "Q810"},
        {"{Location:Norway} beat {Location:Sweden}.", "Norway", ""},
        {"{Location:Georgia} waits. {Organization:Georgia Power} pays.", "Georgia Power", ""},
        {"The {NORP:Kurdish} city fell.", "Kurdish", ""},
        {"The {NORP:Kurdish} city fell. The {NORP:Kurds} left.", "Kurdish", "Q12223"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_states_and_provinces_show_in_the_words_beside_them)
{
    static const struct expected cases[] = {
        {"He lives in {Location:New York}.", "New York", "Q60"},
        {"{Location:New York} Gov. {Person:Ann Lee} spoke.", "New York", "Q1384"},
        {"Senator {Person:Ann Lee} of {Location:New York} spoke.", "New York", "Q1384"},
        {"{Person:Ann Lee}, a {Location:New York} Democrat, spoke.", "New York", "Q1384"},
        {"{Person:Ann Lee} of {Location:New York} spoke.", "New York", "Q60"},
        {"They farm in upstate {Location:New York}.", "New York", "Q1384"},
        {"{Location:Georgia} Sen. {Person:Ann Lee} spoke.", "Georgia", "Q1428"},
        {"Rain fell in {Location:Buenos Aires} province.", "Buenos Aires", ""},
        {"Rain fell in {Location:Buenos Aires}.", "Buenos Aires", "Q1486"},
        {"{Location:Chicago} Rep. {Person:Ann Lee} spoke.", "Chicago", "Q1297"}, /* there is no state of that name */
        {"The {Location:Seattle} office moved to {Location:Atlanta}, {Location:Georgia}.", "Georgia", "Q1428"},
        {"Cases rose in {Location:California} and {Location:New York}.", "New York", "Q1384"},
        {"Cases rose in {Location:Chicago} and {Location:New York}.", "New York", "Q60"},
        {"Cases rose in {Location:Atlanta}, {Location:Georgia}, and {Location:New York}.", "New York", "Q60"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_towns_of_one_name_need_their_country_or_region)
{
    static const struct expected cases[] = {
        {"She came to {Location:Portland}.", "Portland", ""},
        {"She came to {Location:Portland}, {Location:Maine}.", "Portland", "Q49201"},
        {"{Location:Oregon} waits. She came to {Location:Portland}.", "Portland", "Q6106"},
        {"She came to {Location:Birmingham}, {Location:England}.", "Birmingham", "Q2256"},
        {"{Location:London} waits. She came to {Location:Birmingham}.", "Birmingham", "Q2256"},
        {"She flew to {Location:Paris}, {Location:Texas} on Friday.", "Paris", ""},
        {"The talks in {Location:Moscow}, {Location:Syria} and {Location:Iran} failed.", "Moscow", "Q649"},
        {"The finals in {Location:France}, {Location:Belgium} said.", "France", "Q142"},
        {"A ship left {Location:Iran} for the {Location:Gulf}.", "Gulf", "Q34675"},
        {"{Location:Texas} and {Location:Florida} wait. A rig burned in the {Location:Gulf}.", "Gulf", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_a_politician_are_not_those_of_another_trade_or_time)
{
    static const struct expected cases[] = {
        {"The {Organization:Senate} met. Senator {Person:Ron Johnson} spoke in {Location:Washington}.", "Ron Johnson", "Q970272"},
        {"The state police met. Captain {Person:Ron Johnson} spoke in {Location:Washington}.", "Ron Johnson", ""},
        {"{Person:George Bush} spoke in {Location:Washington} in {Date:2003}.", "George Bush", "Q207"},
        {"{Person:George Bush} spoke in {Location:Washington} in {Date:May 1989}.", "George Bush", "Q23505"},
        {"{Location:Wales} and {Location:London} wait, said {Person:Glyn Davies}.", "Glyn Davies", "Q296920"},
        {"{Location:Ohio}, {Location:Texas}, {Location:Iowa}, {Location:Utah} and {Location:Florida} voted, said "
         "{Person:Glyn Davies}.", "Glyn Davies", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, have_their_words_in_order)
{
    cr_expect(meanings_lists_are_sorted());
    cr_expect(regions_lists_are_sorted());
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

Test(meanings, of_a_paper_need_the_word_behind)
{
    static const struct expected cases[] = {
        {"He told {Location:USA} TODAY so.", "USA", "Q40450"},
        {"He told the {Location:USA} Team so.", "USA", "Q30"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_an_acronym_are_not_those_of_what_has_the_same_letters)
{
    static const struct expected cases[] = {
        {"{Organization:Arvo Products} lost, the {Organization:AP} said.", "AP", "Q40469"},
        {"{Organization:Arvo Products} lost, the {Organization:AP} said.", "Arvo Products", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_measures_correct_the_tags)
{
    static const struct { const char *marked, *text, *name, *wikidata; enum entity_type type; } cases[] = {
        {"{Organization:Obamacare} stays.", "Obamacare", "Affordable Care Act", "Q1414593", ENTITY_MISC},
        {"The {Misc:Affordable Care Act of 2010} stays.", "Affordable Care Act of 2010", "Affordable Care Act", "Q1414593", ENTITY_MISC},
        {"The {Misc:2015 Paris Agreement} stays.", "2015 Paris Agreement", "Paris Agreement", "Q21707860", ENTITY_MISC},
        {"The {Organization:Obamacare law} stays.", "Obamacare law", "Affordable Care Act", "Q1414593", ENTITY_MISC},
        {"Of {Misc:Obamacare}, {Location:Jordan} said nothing.", "Obamacare", "Affordable Care Act", "Q1414593", ENTITY_MISC},
        {"The {Misc:Affordable Care Act} stays. The {Organization:ACA} helps.", "ACA", "Affordable Care Act", "Q1414593", ENTITY_MISC},
        {"The {Organization:ACA} helps.", "ACA", "ACA", "", ENTITY_ORGANIZATION},
        {"{Person:Jim Crow} is over.", "Jim Crow", "Jim Crow laws", "", ENTITY_MISC},
        {"The {Organization:Brexit Party} left.", "Brexit Party", "Reform UK", NULL, ENTITY_ORGANIZATION},
        {"{Location:Washington} pays {Misc:Medicare}.", "Medicare", "Medicare", "Q559392", ENTITY_MISC},
        {"{Location:Australia}, {Location:Sydney} and {Location:Perth} pay {Misc:Medicare}.", "Medicare", "Medicare", "", ENTITY_MISC},
        {"{Location:Washington} waits. {Organization:Medicare} said so.", "Medicare", "Medicare", "", ENTITY_ORGANIZATION},
        {"The {Misc:Fur Act of 2010} stays.", "Fur Act of 2010", "Fur Act of 2010", "", ENTITY_MISC},
        {"The {Misc:Act of 2010} stays.", "Act of 2010", "Act of 2010", "", ENTITY_MISC},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        const struct entity *entity = &entities.items[made_mark(&reading, cases[i].text, 0)->entity];
        expect_view(entity->name, cases[i].name);
        cr_expect(cases[i].wikidata == NULL || view_equal(entity->wikidata, view_of(cases[i].wikidata)), "%s", cases[i].marked);
        cr_expect(eq(int, entity->type, cases[i].type), "%s", cases[i].marked);
    }
}

Test(meanings, of_a_town_give_way_to_a_company_where_nothing_happens_in_it)
{
    static const struct { const char *marked, *text, *name; } cases[] = {
        {"{Location:Norway} and {Location:Oslo} wait. {Organization:Halden Shipping} fell. {Organization:Halden} denied it.", "Halden", "Halden Shipping"},
        {"{Location:Norway} and {Location:Oslo} wait. {Organization:Halden Shipping} fell. It snowed in {Organization:Halden}.", "Halden", "Halden"},
        {"{Organization:Norway Shipping} fell. {Organization:Norway} denied it.", "Norway", "Norway"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        expect_view(entities.items[made_mark(&reading, cases[i].text, 0)->entity].name, cases[i].name);
    }
}

Test(meanings, of_a_country_are_not_those_of_a_village_of_its_name)
{
    static const struct expected cases[] = {
        {"Few live in the town of {Location:Norway}.", "Norway", ""},
        {"Few live in the villages of {Location:Norway}.", "Norway", "Q20"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_places_survive_a_sentence_on_sport)
{
    static const struct expected cases[] = {
        {"{Location:Norway} has voted. The goalkeeper of old hopes that {Location:Norway} will change. {Location:Norway} waits for what is to come.",
         "Norway", "Q20"},
    };
    for (size_t nth = 0; nth < 3; nth++) {
        struct reading reading = make_reading(cases[0].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        cr_expect_str_eq(entities.items[made_mark(&reading, "Norway", nth)->entity].wikidata.len ? "known" : "", "known", "Norway %zu", nth);
    }
}

Test(meanings, of_an_acronym_of_several_need_the_words_spelled_out)
{
    static const struct expected cases[] = {
        {"The {Organization:Organization for Security and Co-operation in Europe} met. {Organization:OSCE} spoke.", "OSCE", "Q81299"},
        {"A {Organization:CCA} spokesman was silent.", "CCA", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_a_person_are_found_with_an_initial_more)
{
    static const struct expected cases[] = {
        {"Sen. {Person:Lindsey Graham}, {Location:South Carolina} Republican, left.", "Lindsey Graham", "Q22212"},
        {"Speaker {Person:Paul D. Ryan} left.", "Paul D. Ryan", "Q203966"},
        {"{Person:Paul D. Nobody} left.", "Paul D. Nobody", ""},
        {"{Organization:Arvo D. Ryan} left.", "Arvo D. Ryan", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_a_town_are_found_with_its_country_or_region_in_the_name)
{
    static const struct expected cases[] = {
        {"It burnt in {Location:Benghazi, Libya} then.", "Benghazi, Libya", "Q40816"},
        {"It burnt in {Location:Birmingham, Alabama} then.", "Birmingham, Alabama", "Q79867"},
        {"It burnt in {Location:Washington, D.C.} then.", "Washington, D.C.", "Q61"},
        {"It burnt in {Location:Pittsburgh, Pa}.", "Pittsburgh, Pa", "Q1342"},
        {"It burnt in {Location:Arvo, Nowhere} then.", "Arvo, Nowhere", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
    uint32_t holder;
    expect_view(regions_town(knowledge, view_of("Benghazi, Libya"), &holder), "Benghazi");
    cr_assert(ne(u32, holder, KNOWN_NONE));
    expect_view(knowledge_get(knowledge, holder).name, "Libya");
    expect_view(regions_town(knowledge, view_of("Arvo, Nowhere"), &holder), "Arvo, Nowhere");
    cr_expect(eq(u32, holder, KNOWN_NONE));
    expect_view(regions_town(NULL, view_of("Benghazi, Libya"), &holder), "Benghazi, Libya");
}

Test(meanings, of_a_states_bodies_are_not_those_of_the_country)
{
    static const struct expected cases[] = {
        {"The {Organization:Senate} voted. President {Person:Donald Trump} smiled.", "Senate", "Q66096"},
        {"The state {Organization:Senate} voted. President {Person:Donald Trump} smiled.", "Senate", ""},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(meanings, of_the_house_of_a_government_are_a_body)
{
    struct reading reading = make_reading("The {Location:White House} said so in {Location:Oslo}.", arena);
    struct entities entities = entities_of(&reading, knowledge);
    cr_expect(eq(int, entities.items[made_mark(&reading, "White House", 0)->entity].type, ENTITY_ORGANIZATION));
    cr_expect(eq(int, entities.items[made_mark(&reading, "Oslo", 0)->entity].type, ENTITY_LOCATION));
}

Test(meanings, of_a_dateline_are_the_town)
{
    static const struct { const char *marked; enum entity_type type; } cases[] = {
        {"{Organization:WASHINGTON} \xE2\x80\x94 {Person:Ann Lee} left.", ENTITY_LOCATION},
        {"The {Organization:WASHINGTON} \xE2\x80\x94 a team \xE2\x80\x94 won.", ENTITY_ORGANIZATION},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        cr_expect(eq(int, entities.items[made_mark(&reading, "WASHINGTON", 0)->entity].type, cases[i].type), "%s", cases[i].marked);
    }
}
