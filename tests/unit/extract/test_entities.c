#include "processor/extract/entities.h"
#include "processor/extract/pronouns.h"
#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 16);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(entities, .init = set_up, .fini = tear_down);

/* The entity's name that mark number `nth` reading `text` has, "-" where it has none, "?" where there is no such mark. */
static struct view entity_of(const struct reading *reading, const struct entities *entities, const char *text, size_t nth)
{
    const struct mark *mark = made_mark(reading, text, nth);
    if (!mark)
        return view_of("?");
    return mark->entity == NOWHERE ? view_of("-") : entities->items[mark->entity].name;
}

struct expected {
    const char *marked; /* the article */
    const char *text;   /* a mark in it */
    size_t nth;
    const char *name;   /* its entity's name */
};

static void expect_all(const struct expected *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, NULL);
        struct view name = entity_of(&reading, &entities, cases[i].text, cases[i].nth);
        cr_expect(view_equal(name, view_of(cases[i].name)), "case %zu: '%s' is '%.*s', not '%s', in: %s", i, cases[i].text,
                  (int)name.len, name.data, cases[i].name, cases[i].marked);
    }
}

Test(entities, joins_names_of_one_actor)
{
    static const struct expected cases[] = {
        {"{Person:Ann Lee} left. Mr {Person:Lee} came back.", "Lee", 0, "Ann Lee"},
        {"{Person:Lee} left, said {Person:Ann Lee}.", "Lee", 0, "Ann Lee"},
        {"{Person:Ann Lee} left. {Person:Ann} came back.", "Ann", 0, "Ann Lee"},
        {"{Person:Ann Lee} met {Person:Bo Lee}. {Person:Bo Lee} smiled.", "Bo Lee", 1, "Bo Lee"},
        {"{Person:Ann Lee} won. {Person:Lee} smiled. {Person:Bo Lee} lost, and {Person:Bo Lee} left.", "Lee", 0, "Ann Lee"},
        {"{Person:Maria Lee} and {Person:John Lee} met. Mr. {Person:Lee} won. Mrs. {Person:Lee} smiled.", "Lee", 0, "John Lee"},
        {"{Person:Maria Lee} and {Person:John Lee} met. Mr. {Person:Lee} won. Mrs. {Person:Lee} smiled.", "Lee", 1, "Maria Lee"},
        {"{Person:Maria Lee} left. Mr. {Person:Lee} came back.", "Lee", 0, "Maria Lee"},
        {"{Person:Ann Voss} left. {Person:Voss}'s chief of staff came, and {Person:Voss}'s lawyers.", "Voss", 0, "Ann Voss"},
        {"{Person:Alison Maria Grimes} met. {Person:Allison Grimes} voted.", "Allison Grimes", 0, "Alison Maria Grimes"},
        {"{Person:Daniel Grimes} met. {Person:Daniela Grimes} voted.", "Daniela Grimes", 0, "Daniela Grimes"},
        {"{Person:Angela Voss} met. {Person:Frau Voss} voted.", "Frau Voss", 0, "Angela Voss"},
        {"{Organization:Northern Fishing Council} met. The {Organization:NFC} voted.", "NFC", 0, "Northern Fishing Council"},
        {"The {Organization:Sea Relief and Rescue Fund}, or {Organization:PM CARES}, met. {Organization:PM CARES} voted.", "PM CARES", 1, "Sea Relief and Rescue Fund"},
        {"The {Organization:Sea Relief and Rescue Fund}, or {Organization:Blue Help}, met.", "Blue Help", 0, "Blue Help"},
        {"The {Organization:Ministry of the Sea} met. The {Organization:Sea Ministry} voted.", "Sea Ministry", 0, "Ministry of the Sea"},
        {"The {Organization:Sea Ministry} voted. The {Organization:Ministry of Sea} met.", "Sea Ministry", 0, "Ministry of Sea"},
        {"{Person:Rear Adm. Ann Lee} left. {Person:Lee} came back.", "Lee", 0, "Ann Lee"},
        {"{Person:Michael Lee} left. {Person:Mike Lee} came back.", "Mike Lee", 0, "Michael Lee"},
        {"{Person:Jen Lee} left. {Person:Jennifer Lee} came back.", "Jennifer Lee", 0, "Jen Lee"},
        {"{Person:John Ellis “Jeb” Lee} left. {Person:Jeb Lee} came back.", "Jeb Lee", 0, "John Ellis “Jeb” Lee"},
        {"{Organization:Arvo Technologies} fell. {Organization:Arvo} said so.", "Arvo", 0, "Arvo Technologies"},
        {"The {Organization:European Commission} met. The {Organization:Commission} voted.", "Commission", 0, "European Commission"},
        {"{Organization:Halden Shipping} fell. {Person:Halden} denied it.", "Halden", 0, "Halden Shipping"},
        {"{Organization:Halden Shipping} fell. {Organization:Halden} denied it.", "Halden", 0, "Halden Shipping"},
        {"{Person:Anders Brix} spoke. {Organization:Brix}, the leader of the Unity Alliance, left.", "Brix", 0, "Anders Brix"},
        {"{Person:Ann Halden} spoke. {Person:Halden} left. Later {Person:Holden} came.", "Holden", 0, "Ann Halden"},
        {"{Person:Ann Halden} spoke. {Person:Halden} left. Later {Person:Hadlen} came.", "Hadlen", 0, "Ann Halden"},
        {"{Person:Ann Halden} spoke. {Person:Halden} left. Later {Person:Haldden} came.", "Haldden", 0, "Ann Halden"},
        {"{Location:Oslo}'s mayor left {Location:Oslo}.", "Oslo", 1, "Oslo"},
        {"{Person:Ann Voss Lee} left. {Person:Voss Lee} came back.", "Voss Lee", 0, "Ann Voss Lee"},
        {"{Person:Robert \"Bo\" Lee} left. {Person:Bo Lee} came back.", "Bo Lee", 0, "Robert \"Bo\" Lee"},
        {"{Person:Omar bin Said Al Nur} left. {Person:Omar bin Said} came back.", "Omar bin Said", 0, "Omar bin Said Al Nur"},
        {"{Person:Bo Lee Jr} left. {Person:Lee Jr.} came back.", "Lee Jr.", 0, "Bo Lee Jr"},
        {"{Person:Bo Lee Jr} left. {Person:Bo Lee} stayed.", "Bo Lee", 0, "Bo Lee"},
        {"{Person:Bo Lee Jr} left. {Person:Bo Lee} stayed. {Person:Lee} smiled.", "Lee", 0, "Bo Lee"},
        {"{Person:Bo Lee Jr} left. {Person:Lee} smiled.", "Lee", 0, "Bo Lee Jr"},
        {"{Person:Ann Lee} left. {Person:Mrs. Lee} came back.", "Mrs. Lee", 0, "Ann Lee"},
        {"{Person:José Ordóñez} left. {Person:ORDOÑEZ} and {Person:Ordonez} came back.", "ORDOÑEZ", 0, "José Ordóñez"},
        {"{Person:José Ordóñez} left. {Person:Ordonez} came back.", "Ordonez", 0, "José Ordóñez"},
        {"{Person:Ann Voss} left. {Person:President Voss} came back.", "President Voss", 0, "Ann Voss"},
        {"{Person:Ann Voss} left. {Organization:Voss} came back.", "Voss", 0, "Ann Voss"},
        {"{Person:Ann Voss} left. {Organization:Voss} came back to {Organization:Ray & Voss}.", "Voss", 0, "Ann Voss"},
        {"{Person:Voss Crowd} cheered. {Person:Voss} smiled. {Person:Voss} won. {Person:Ann Voss} left.", "Voss", 0, "Ann Voss"},
        {"{Person:Mr Lee} left. {Person:Mr. Lee} came back.", "Mr. Lee", 0, "Lee"},
        {"The {Organization:Workers of Arvo} ({Organization:PKA}) met. The {Organization:PKA} won.", "PKA", 1, "Workers of Arvo"},
        {"The {Organization:Aid Fund}, or {Organization:AfX}, paid. {Organization:AfX} lied.", "AfX", 1, "Aid Fund"},
        {"{Organization:The Harbour Trust}'s plan. {Organization:Harbour Trust} won.", "Harbour Trust", 0, "Harbour Trust"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(entities, keeps_different_actors_apart)
{
    static const struct expected cases[] = {
        {"{Organization:Sea Ministry} met. The {Organization:Ministry of Land} voted.", "Sea Ministry", 0, "Sea Ministry"},
        {"{Person:Ann Lee} left. {Person:Anna Lee} came back.", "Ann Lee", 0, "Ann Lee"},
        {"{Person:Don Lee} left. {Person:Donna Lee} came back.", "Don Lee", 0, "Don Lee"},
        {"{Person:Voss} left. {Organization:Voss Foundation} stayed.", "Voss", 0, "Voss"},
        {"{Person:Ann Lee} met {Person:Ann Ray}.", "Ann Ray", 0, "Ann Ray"},
        {"{Person:Ann Lee} met {Person:Bo Lee}.", "Bo Lee", 0, "Bo Lee"},
        {"{Location:Paris} welcomed {Person:Paris Marlow}.", "Paris", 0, "Paris"},
        {"{Organization:Bank of Arvo} sued {Organization:Bank of Brill}.", "Bank of Brill", 0, "Bank of Brill"},
        {"{Person:Ann Halden} spoke. {Person:Halden} left. {Person:Haldens} came.", "Haldens", 0, "Haldens"},
        {"{Person:Ann Halden} spoke. {Person:Halden} left. {Person:Valden} came.", "Valden", 0, "Valden"},
        {"{Person:Ann Halden} spoke. {Person:Halden} left. {Person:Holden} and {Person:Holden} came.", "Holden", 0, "Holden"},
        {"{Person:Ann Halden} spoke once. {Person:Holden} came.", "Holden", 0, "Holden"},
        {"{Person:Ann Halden} spoke. {Person:Halden} left. {Person:Holdan} came.", "Holdan", 0, "Holdan"},
        {"The {Organization:Aid Fund} ({Location:Oslo}) met. {Location:Oslo} won.", "Oslo", 1, "Oslo"},
        {"The {Organization:Aid Fund}, or {Organization:PKA} men, met. The {Organization:PKA} won.", "PKA", 1, "PKA"},
        {"{Date:May} came. {Person:Theresa May} left.", "May", 0, "May"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(entities, leaves_the_people_in_a_company_s_description_out)
{
    struct reading reading = make_reading("{Organization:Arvo} fell. {Person:Ann Lee} blamed the {NORP:Finnish} company. {NORP:Finnish} papers agreed.", arena);
    entities_of(&reading, NULL);
    cr_expect(made_mark(&reading, "Finnish", 0)->is_within);
    cr_expect(not(made_mark(&reading, "Finnish", 1)->is_within));
}

Test(entities, gives_pronouns_and_nominals_to_what_was_named)
{
    static const struct expected cases[] = {
        {"{Person:Ann Lee} won. She thanked the fans.", "She", 0, "Ann Lee"},
        {"{Person:Anders Brix} met {Person:Mette Lund}. He was late.", "He", 0, "Anders Brix"},
        {"{Person:Anders Brix} met {Person:Mette Lund}. She was late.", "She", 0, "Mette Lund"},
        {"{Person:Xy Brix} met {Person:Zu Lund}. {Person:Xy Brix} said he won. He met {Person:Zu Lund}. {Person:Zu Lund} said she won. She left.", "She", 0, "Zu Lund"},
        {"Mr {Person:Lee} met Mrs {Person:Ray}. She was late.", "She", 0, "Ray"},
        {"Mr {Person:Lee} met Mrs {Person:Ray}. He was late.", "He", 0, "Lee"},
        {"{Organization:Arvo} met {Person:Eddy Lee}. {Organization:Arvo} met {Person:Eddy Lee}. {Organization:Arvo} met {Person:Eddy Lee}. "
         "{Organization:Arvo} met {Person:Eddy Lee}. {Organization:Arvo} met {Person:Eddy Lee}. {Organization:Arvo} met {Person:Eddy Lee}. "
         "{Organization:Arvo} met {Person:Ray}. {Organization:Arvo} says he won.", "he", 0, "Eddy Lee"}, /* the article is about him */
        {"{Organization:Arvo} met {Person:Eddy Lee}. {Organization:Arvo} met {Person:Ray}. {Organization:Arvo} says he won.", "he", 0, "Ray"},
        {"{Organization:Arvo} said it had fired the board. {Organization:Arvo} fell.", "it", 0, "Arvo"},
        {"{Organization:Arvo} fell. {Organization:Arvo} fell. {Organization:Arvo} says it fired {Person:Ann Lee}.", "it", 0, "Arvo"},
        {"{Organization:Arvo} lost money. {Person:Ann Lee} made it clear that she left.", "it", 0, "-"},
        {"{Organization:Arvo} lost money. {Person:Ann Lee} took it.", "it", 0, "-"},
        {"{Organization:Arvo} lost money. It is raining.", "It", 0, "-"},
        {"{Organization:Arvo} lost money. {Person:Ann Lee} called the Finnish phone maker weak.", "the Finnish phone maker", 0, "Arvo"},
        {"The phone maker {Person:Arvo} fell. {Person:Ann Lee} left the company.", "the company", 0, "Arvo"},
        {"{Person:Arvo}’s chief executive left. {Person:Ann Lee} left the company.", "the company", 0, "Arvo"},
        {"{Person:Arvo}, a Finnish phone maker, fell. {Person:Ann Lee} left the company.", "the company", 0, "Arvo"},
        {"{Person:Arvo}, who is a phone maker, fell. {Person:Ann Lee} left the company.", "the company", 0, "-"},
        {"{Organization:Arvo Party} lost. {Person:Ann Lee} left the party.", "the party", 0, "Arvo Party"},
        {"{Organization:Arvo} lost. {Person:Ann Lee} left the party.", "the party", 0, "-"},
        {"The {Organization:Aid Fund} lost. {Person:Ann Lee} left the fund.", "the fund", 0, "Aid Fund"},
        {"President {Person:Ann Lee} spoke. {Organization:Arvo} asked the president for help.", "the president", 0, "Ann Lee"},
        {"{Person:Ann Lee} spoke. {Organization:Arvo} asked the president for help.", "the president", 0, "-"},
        {"{Organization:Arvo} fell. The Swiss firm {Organization:Alpenbahn} rose.", "The Swiss firm", 0, "Alpenbahn"},
        {"{Organization:Arvo} fell. The {NORP:German} parcel company {Organization:Alpenbahn} rose.", "The German parcel company", 0, "Alpenbahn"},
        {"{Person:Bo Ray} left. The president, {Person:Ann Lee}, stayed.", "The president", 0, "Ann Lee"},
        {"Mrs {Person:Ray} left. {Organization:Arvo} praised her.", "her", 0, "Ray"},
        {"Mr {Person:Lee} met Mrs {Person:Ray}. {Organization:Arvo} praised his plan.", "his", 0, "Lee"},
        {"{Organization:Harbour Committee} met. {Person:Ann Lee} left the panel.", "the panel", 0, "Harbour Committee"},
        {"{Organization:Harbour Committee} met. {Person:Ann Lee} left the Fur panel.", "the Fur panel", 0, "-"},
        {"{Organization:Harbour Committee} met. {Person:Ann Lee} left the Harbour panel.", "the Harbour panel", 0, "Harbour Committee"},
        {"{Organization:Coast Service} met. {Person:Ann Lee} left the agency.", "the agency", 0, "Coast Service"},
        {"{Organization:Arvo} fell. {Person:Ann Lee} left the company that made the pumps.", "the company", 0, "-"},
        {"{Organization:Arvo} fell. {Person:Ann Lee} told the company that it was late.", "the company", 0, "Arvo"},
        {"{Organization:Arvo} fell. {Person:Ann Lee} left {Organization:Brix}, the company that made the pumps.", "the company", 0, "Brix"},
        {"The attacker, 52-year-old {Person:Ann Lee}, fled. {Person:Bo Ray} described the attacker.", "the attacker", 0, "Ann Lee"},
        {"The founder, {Person:Ann Lee}, fled. {Person:Bo Ray} met the founder.", "the founder", 0, "Ann Lee"},
        {"{Person:Bo Ray} met the founder, {Person:Lee} said. {Person:Cy Dow} knows the founder.", "the founder", 0, "-"},
        {"{Person:Bo Ray} met the founder, {Person:Lee} said. {Person:Cy Dow} knows the founder.", "the founder", 1, "-"},
        {"{Person:Bo Ray} met the senator, {Person:Ann Lee}. {Person:Cy Dow} is the senator who voted.", "the senator", 1, "-"},
        {"{Organization:Old Administration} fell. {Person:Ann Lee} praised the Fur administration.", "the Fur administration", 0, "-"},
        {"They waited.", "They", 0, "-"},
        {"{NORP:Kurds} came. {NORP:Kurds} came. {NORP:Kurds} protested. They waited.", "They", 0, "Kurds"},
        {"{NORP:Kurds} said they waited.", "they", 0, "Kurds"},
        {"{Person:Ann Lee} met {NORP:Kurds}. They waited.", "They", 0, "-"},
        {"{Person:Ann Lee}’s aides said that they disagree.", "they", 0, "Lee aides"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

/* Eight sentences are too far back, but not if it was taken up between. */
Test(entities, takes_up_again_what_was_taken_up)
{
    static const struct expected cases[] = {
        {"{Organization:Relief Fund} met. It rained. It rained. It rained. It rained. It rained. The fund grew. It rained. It rained. It rained. It rained. It rained. {Person:Ann Lee} left the fund.", "the fund", 0, "Relief Fund"},
        {"{Organization:Relief Fund} met. It rained. It rained. It rained. It rained. It rained. It rained. It rained. It rained. It rained. It rained. {Person:Ann Lee} left the fund.", "the fund", 0, "-"},
        {"{Organization:Relief Fund} met. It rained. It rained. It rained. It rained. It rained. The fund grew. It rained. It rained. It rained. It rained. It rained. {Person:Ann Lee} left the Danish fund.", "the Danish fund", 0, "-"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(entities, gives_a_quotations_i_and_we_to_its_speaker)
{
    struct reading reading = make_reading("“We trust nobody,” {Person:Ann Lee} said.", arena);
    struct attribution attribution = {.source = made_mark(&reading, "Ann Lee", 0)->span,
                                      .content = {0, (uint32_t)strlen("“We trust nobody,”")},
                                      .kind = ATTRIBUTION_DIRECT,
                                      .entity = FINDINGS_NONE};
    reading.attributions = &attribution;
    reading.attribution_count = 1;
    struct entities entities = entities_of(&reading, NULL);
    cr_expect(view_equal(entity_of(&reading, &entities, "We", 0), view_of("Ann Lee")));
    cr_expect(eq(int, attribution.entity, 0));
}

Test(entities, gives_a_he_in_a_quotation_to_another_than_its_speaker)
{
    static const struct { const char *marked, *content; enum attribution_kind kind; const char *name; } cases[] = {
        {"{Person:Bo Ray} left. {Person:Arden Lee} said: “He is late.”", "“He is late.”", ATTRIBUTION_DIRECT, "Bo Ray"},
        {"{Person:Bo Ray} left. {Person:Arden Lee} said that it was “a shame, He is late”.", "that it was “a shame, He is late”",
         ATTRIBUTION_MIXED, "Bo Ray"},
        {"{Person:Bo Ray} left. {Person:Arden Lee} said it was a \"shame, He is late\".", "it was a \"shame, He is late\"",
         ATTRIBUTION_MIXED, "Bo Ray"},
        {"{Person:Bo Ray} left. {Person:Arden Lee} said that “in shame” He is late.", "that “in shame” He is late", ATTRIBUTION_MIXED, "Arden Lee"},
        {"{Person:Bo Ray} left. {Person:Arden Lee} said that He is late.", "that He is late", ATTRIBUTION_INDIRECT, "Arden Lee"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        uint32_t start = (uint32_t)((char *)memmem(reading.text.data, reading.text.len, cases[i].content, strlen(cases[i].content)) -
                                    reading.text.data);
        struct attribution attribution = {.source = made_mark(&reading, "Arden Lee", 0)->span,
                                          .content = {start, start + (uint32_t)strlen(cases[i].content)},
                                          .kind = cases[i].kind,
                                          .entity = FINDINGS_NONE};
        reading.attributions = &attribution;
        reading.attribution_count = 1;
        struct entities entities = entities_of(&reading, NULL);
        expect_view(entity_of(&reading, &entities, "He", 0), cases[i].name);
    }
}

/* Reads `marked`, in which `source` says `content`. */
static struct reading read_speech(const char *marked, const char *source, const char *content, struct attribution *said)
{
    struct reading reading = make_reading(marked, arena);
    const char *found = memmem(reading.text.data, reading.text.len, content, strlen(content));
    uint32_t start = (uint32_t)(found - reading.text.data);
    *said = (struct attribution){.source = made_mark(&reading, source, 0)->span,
                                 .cue = {start, start + 1},
                                 .content = {start, start + (uint32_t)strlen(content)},
                                 .kind = strstr(content, "“") ? ATTRIBUTION_DIRECT : ATTRIBUTION_INDIRECT,
                                 .entity = FINDINGS_NONE};
    reading.attributions = said;
    reading.attribution_count = 1;
    return reading;
}

Test(entities, gives_a_speaker_s_he_to_nobody_whom_he_speaks_of)
{
    static const struct { const char *marked, *source, *content, *name; } cases[] = {
        {"{Person:Arden Lee} came. “I vote for {Person:Bo Ray},” he wrote.", "he", "“I vote for Bo Ray,”", "Arden Lee"},
        {"{Person:Arden Lee} met {Person:Bo Ray}. He said that {Person:Ray} would win.", "He", "that Ray would win", "Arden Lee"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct attribution said;
        struct reading reading = read_speech(cases[i].marked, cases[i].source, cases[i].content, &said);
        struct entities entities = entities_of(&reading, NULL);
        expect_view(entity_of(&reading, &entities, cases[i].source, 0), cases[i].name);
    }
}

Test(entities, give_what_was_said_to_who_said_it)
{
    static const struct { const char *marked, *text, *name; } cases[] = {
        {"{Person:Ann Lee} said that it pays. {Person:Bo Ray} dismissed the idea.", "the idea", "Ann Lee"},
        {"{Person:Ann Lee} said that it pays. {Person:Bo Ray} scoffed at that claim loudly.", "that claim", "Ann Lee"},
        {"{Person:Ann Lee} said that it pays. {Person:Bo Ray} left. {Person:Ida Moe} dismissed the idea.", "the idea", "-"}, /* whose? */
        {"{Person:Ann Lee} said that it pays. {Person:Bo Ray} dismissed the idea of a ban.", "the idea", "?"}, /* it tells itself */
        {"{Person:Ann Lee} said that it pays. {Person:Bo Ray} spoke when the idea came up.", "the idea", "?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct attribution said;
        struct reading reading = read_speech(cases[i].marked, "Ann Lee", "that it pays", &said);
        struct entities entities = entities_of(&reading, NULL);
        struct view name = entity_of(&reading, &entities, cases[i].text, 0);
        cr_expect(view_equal(name, view_of(cases[i].name)), "case %zu: '%.*s'", i, (int)name.len, name.data);
        cr_expect(eq(sz, entities.items[0].mention_count, 1), "what he said is no mention of him: case %zu", i);
    }
}

Test(entities, are_found_by_their_accounts)
{
    static const struct expected cases[] = {
        {"{Person:Ann Lee} won. Thank you @realAnnLee for all!", "realAnnLee", 0, "Ann Lee"},
        {"{Person:Ann Moreno} won. Thank you @senmoreno for all!", "senmoreno", 0, "Ann Moreno"},
        {"{Person:Ann Moreno} won. Thank you @friendsofthemoreno for all!", "friendsofthemoreno", 0, "-"},
        {"{Organization:Fox Nine} fell. Shame on @foxnine now!", "foxnine", 0, "Fox Nine"},
        {"{Organization:Fox Nine} fell. Shame on @foxnineteen now!", "foxnineteen", 0, "-"},
        {"{Person:Ann Lee} won. A post — Bo Ray (@annlee)", "annlee", 0, "?"}, /* a signature */
        {"{Person:Ann Lee} won. Thank you @{Person:realAnnLee}", "realAnnLee", 0, "Ann Lee"},
        {"{Person:Ann Moreno} won. Thank you @{Person:SpeakerMoreno}", "SpeakerMoreno", 0, "Ann Moreno"},
        {"Thank you @{Person:SenAnnMcLee}", "SenAnnMcLee", 0, "Ann McLee"},
        {"Thank you @{Person:Ann_Lee}", "Ann_Lee", 0, "Ann Lee"},
        {"Thank you @{Organization:NBCNews}", "NBCNews", 0, "NBC News"},
        {"Thank you @{Person:annlee}", "annlee", 0, "annlee"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(entities, tell_by_first_names_whom_he_and_she_stand_for)
{
    static const struct expected cases[] = {
        {"{Person:Peter Lee} met {Person:Maria Ray}. She was late.", "She", 0, "Maria Ray"},
        {"{Person:Maria Ray} met {Person:Peter Lee}. He was late.", "He", 0, "Peter Lee"},
        {"{Person:Maria Ray} left. He was late.", "He", 0, "-"},
        {"Mr {Person:Maria Ray} left. He was late.", "He", 0, "Maria Ray"}, /* a title goes before */
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(entities, give_an_office_to_who_holds_it)
{
    static const struct expected cases[] = {
        {"President {Person:Ann Lee} met Vice President {Person:Bo Ray}. They asked the president.", "the president", 0, "Ann Lee"},
        {"Vice President {Person:Bo Ray} met President {Person:Ann Lee}. They asked the vice president.", "the vice president", 0, "Bo Ray"},
        {"President {Person:Ann Lee} met {Person:Bo Ray}, the president’s lawyer. Bo asked the president.", "the president", 1, "Ann Lee"},
        {"President {Person:Ann Lee} met {Person:Bo Ray}, adviser to the president. Bo asked the president.", "the president", 1, "Ann Lee"},
        {"Adviser to the president {Person:Bo Ray} left. {Organization:Arvo} asked the president.", "the president", 1, "-"},
        {"{Person:Ann Lee}, the Polish foreign minister, met Prime Minister {Person:Bo Ray}. {Organization:Arvo} asked the foreign minister.",
         "the foreign minister", 0, "Ann Lee"},
        {"{Person:Ann Lee}, then a senator, spoke. {Organization:Arvo} asked the senator.", "the senator", 0, "Ann Lee"},
        {"{Person:Ann Lee} spoke, and a senator left. {Organization:Arvo} asked the senator.", "the senator", 0, "-"},
        {"Sen. {Person:Ann Lee} met Gov. {Person:Bo Ray}. {Organization:Arvo} asked the senator.", "the senator", 0, "Ann Lee"},
        {"Sen. {Person:Ann Lee} met Gov. {Person:Bo Ray}. {Organization:Arvo} asked the governor.", "the governor", 0, "Bo Ray"},
        {"President {Person:Ann Lee} spoke. {Organization:Arvo} blamed this president.", "this president", 0, "Ann Lee"},
        {"President {Person:Ann Lee} spoke. {Organization:Arvo} asked the next president.", "the next president", 0, "-"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

Test(entities, keep_what_is_named_after_a_person_apart_from_him)
{
    static const struct expected cases[] = {
        {"{Person:Ann Lee} left. The {Person:Lee} administration fell.", "Lee administration", 0, "Lee administration"},
        {"{Person:Ann Lee} left. The {Person:Lee} administration fell.", "Lee", 0, "Ann Lee"},
        {"{Person:Ann Lee} left. {Person:Lee}’s re-election campaign failed.", "Lee’s re-election campaign", 0, "Lee campaign"},
        {"{Person:Ann Lee}'s aides left. {Person:Lee} aides wept.", "Lee aides", 0, "Lee aides"},
        {"The {Organization:Lee Administration} fell. {Person:Ann Lee}'s administration lied.", "Ann Lee's administration", 0, "Lee Administration"},
        {"The {Person:Lee} administration fell. {Organization:Arvo} praised the administration.", "the administration", 0, "Lee administration"},
        {"The {Person:Lee} administration fell. He left. He ate. He sat. He ran. He met her. He met him. He slept. He woke. He sang. "
         "{Organization:Arvo} praised the administration.", "the administration", 0, "Lee administration"}, /* however far away */
        {"The {Person:Lee} administration fell. {Organization:Arvo} praised the last administration.", "the last administration", 0, "-"},
        {"{Person:Ann Lee}'s lawyers left.", "Ann Lee", 0, "Ann Lee"},
        {"The {Location:Oslo} administration fell.", "Oslo", 0, "Oslo"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
    struct reading reading = make_reading("{Person:Ann Lee}'s lawyers met the {Person:Lee} campaign.", arena);
    cr_expect(not(made_mark(&reading, "Ann Lee", 0)->is_within));
    cr_expect(made_mark(&reading, "Lee", 0)->is_within);
    cr_expect(made_mark(&reading, "Lee campaign", 0)->is_group);
}

Test(entities, are_in_the_order_of_their_first_mention_with_all_their_mentions)
{
    struct reading reading = make_reading("{Person:Ray} met {Person:Ann Lee}. {Person:Bo Ray} and {Person:Lee} left.", arena);
    struct entities entities = entities_of(&reading, NULL);
    cr_assert(eq(sz, entities.count, 2));
    cr_expect(view_equal(entities.items[0].name, view_of("Bo Ray")));
    cr_expect(eq(sz, entities.items[0].mention_count, 2));
    cr_expect(eq(u32, entities.items[0].mentions[0].span.start, 0));
    cr_expect(view_equal(entities.items[1].name, view_of("Ann Lee")));
}

Test(entities, of_many_names_take_linear_time)
{
    size_t count = 40000;
    char *text = arena_take(arena, count * 10 + 1);
    struct reading reading = {.text = {.data = text, .len = 0}, .arena = arena};
    struct sentence sentence = {.kind = REGION_BODY, .is_prose = true};
    reading.sentences = &sentence;
    reading.sentence_count = 1;
    reading.marks = arena_take_zeroed(arena, count, sizeof *reading.marks);
    for (size_t i = 0; i < count; i++) {
        uint32_t start = (uint32_t)reading.text.len;
        reading.text.len += (size_t)sprintf(text + start, "A%05zu B ", i);
        reading.marks[i] = (struct mark){.span = {start, start + 8}, .kind = MENTION_NAME, .type = ENTITY_PERSON, .score = 1,
                                         .entity = NOWHERE, .attribution = NOWHERE, .order = (uint32_t)i};
    }
    reading.mark_count = count;
    sentence.span.end = (uint32_t)reading.text.len;
    struct entities entities = entities_of(&reading, NULL); /* all share the last name "B": a runner's limit stops a slow one */
    cr_expect(eq(sz, entities.count, count));
}

Test(entities, word_lists_of_pronouns_are_sorted)
{
    cr_expect(pronouns_lists_are_sorted());
}
