#include "processor/extract/groups.h"
#include "processor/extract/marks.h"

#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"
#include "tests/unit/extract/with_knowledge.h"

#include <stdlib.h>
#include <unistd.h>

TestSuite(marks, .init = set_up, .fini = tear_down);

/* The only name that is marked where the tags call all words of `text` one name of `type`; "" where none is. */
static struct view name_in(const char *text, enum entity_type type, bool is_cased)
{
    struct reading reading = make_reading(text, arena);
    struct window window = made_window(&reading);
    uint8_t tags[64];
    float scores[64];
    for (size_t i = 0; i < window.word_count; i++) {
        tags[i] = (uint8_t)(2 * type + (i == 0 ? 1 : 2));
        scores[i] = 0.9f;
    }
    reading.mark_count = 0;
    reading.is_cased = is_cased;
    marks_add_names(&reading, &window, tags, scores, NULL);
    return reading.mark_count ? reading_view(&reading, reading.marks[0].span) : (struct view){0};
}

Test(marks, of_names_have_a_capital_in_a_cased_text)
{
    static const struct { const char *text; enum entity_type type; bool is_cased; const char *name; } cases[] = {
        {"Ann Lee", ENTITY_PERSON, true, "Ann Lee"},
        {"centrist Mesa", ENTITY_PERSON, true, "Mesa"},
        {"state media Tribune", ENTITY_ORGANIZATION, true, "Tribune"},
        {"al Shabaab", ENTITY_ORGANIZATION, true, "al Shabaab"},
        {"al-Qaida", ENTITY_ORGANIZATION, true, "al-Qaida"},
        {"iPhone", ENTITY_PRODUCT, true, "iPhone"},
        {"military tribunal", ENTITY_ORGANIZATION, true, ""},
        {"ann lee", ENTITY_PERSON, false, "ann lee"},
        {"monkeypox", ENTITY_MISC, true, "monkeypox"},
        {"last week", ENTITY_DATE, true, "last week"},
        {". Lee", ENTITY_PERSON, true, "Lee"},
        {"D-Calif.", ENTITY_LOCATION, true, "Calif."},
        {"D-Link", ENTITY_ORGANIZATION, true, "D-Link"},
        {"F-Series", ENTITY_PRODUCT, true, "F-Series"},
        {"CD-Rom", ENTITY_PRODUCT, true, "CD-Rom"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_view(name_in(cases[i].text, cases[i].type, cases[i].is_cased), cases[i].name);
}

Test(marks, of_a_name_never_reach_over_a_line)
{
    expect_view(name_in("Gale.\n\nAnn Lee left.", ENTITY_ORGANIZATION, true), "Gale.");
    expect_view(name_in("Gale\nAnn Lee left.", ENTITY_ORGANIZATION, true), "Gale");
    expect_view(name_in("St. Gale", ENTITY_LOCATION, true), "St. Gale");
}

/* How many names read `name` where the tags find those that are marked in `marked`, and no others. */
static size_t count_names(const char *marked, const char *name)
{
    struct reading reading = make_reading(marked, arena);
    struct window window = made_window(&reading);
    uint8_t tags[64] = {0};
    float scores[64] = {0};
    for (size_t i = 0; i < window.word_count; i++)
        for (size_t k = 0; k < reading.mark_count; k++) {
            const struct mark *mark = &reading.marks[k];
            struct span word = window.spans[window.words[i]];
            if (mark->kind == MENTION_NAME && span_holds(mark->span, word))
                tags[i] = (uint8_t)(2 * mark->type + (word.start == mark->span.start ? 1 : 2));
        }
    reading.mark_count = 0;
    reading.is_cased = true;
    marks_add_names(&reading, &window, tags, scores, knowledge);
    size_t count = 0;
    while (made_mark(&reading, name, count))
        count++;
    return count;
}

Test(marks, of_a_state_behind_a_party_have_the_stop_of_an_abbreviation)
{
    cr_expect(eq(sz, count_names("Ann Lee, {Person:R-Ariz}., left.", "Ariz."), 1));
    cr_expect(eq(sz, count_names("Ann Lee ({Person:R-Ariz}.) left.", "Ariz."), 1));
    cr_expect(eq(sz, count_names("So said Ann Lee, {Person:R-Ohio}. Others left.", "Ohio"), 1));
}

Test(marks, of_names_end_with_the_name)
{
    static const struct { const char *marked, *name; } cases[] = {
        {"So {Organization:Navy Adm}. Lee said.", "Navy"},
        {"So {NORP:Ohio Rep}. Lee said.", "Ohio"},
        {"So {Person:Ann Lee D-}Ohio said.", "Ann Lee"},
        {"So {Organization:House Minority} Leader Lee said.", "House"},
        {"So {Organization:Reuters news agency} said.", "Reuters"},
        {"So the {Organization:Northern Front group} said.", "Northern Front"},
        {"So the {Organization:House group} said.", "House group"},
        {"So {Person:Ann Lee \"Bo},\" said.", "Ann Lee"},
        {"So {Organization:CNN's \"New Day}\" said.", "CNN"},
        {"So {Organization:CNN \"New Day\"} said.", "CNN \"New Day\""},
        {"So {Location:Oslo (AP}) said.", "Oslo"},
        {"{Location:BEIJING China} said so.", "China"},
        {"So {Person:@Mesa} said.", "Mesa"},
        {"So {Location:South Bend,} Ohio said.", "South Bend"},
        {"So {Organization:House Republicans and the administration} said.", "House Republicans"},
        {"So {Organization:House Republicans and the Senate} said.", "House Republicans and the Senate"},
        {"So {Person:Joe”} said.", "Joe"},
        {"So {Organization:Republican Donald Trump} said.", "Donald Trump"},
        {"So {Organization:Republican National Committee} said.", "Republican National Committee"},
        {"So {Person:Ann “Jo”} said.", "Ann “Jo”"},
        {"So {Person:John Ellis} “Jeb” Bush said.", "John Ellis “Jeb” Bush"},
        {"So {Person:John Ellis} “Jeb” said.", "John Ellis"},
        {"So Ann Lee ({Location:D., Mass}.) said.", "Mass"},
        {"So the {Location:State of Ohio} said.", "Ohio"},
        {"So {Location:Texas state} said.", "Texas"},
        {"So {Organization:Vice}. They said.", "Vice"},
        {"{Organization:NEW YORK Goldman Sachs} said so.", "Goldman Sachs"},
        {"So {Organization:LONDON Bridge} said.", "LONDON Bridge"}, /* no dateline within a sentence */
        {"{Organization:ANN Lee} said so.", "ANN Lee"},
        {"{Organization:LA Foxes} said so.", "LA Foxes"},
        {"So the {Organization:Ohio-based Law Center} said.", "Law Center"},
        {"So {Organization:CNN's Maureen Dowd} said.", "Maureen Dowd"},
        {"So {Organization:Angie's List} said.", "Angie's List"},
        {"So the {Organization:Bergen Trawlers}' Union said.", "Bergen Trawlers' Union"},
        {"So the {Organization:Bergen Trawlers}' boats said.", "Bergen Trawlers"},
        {"So {Organization:Lee's Conservative Party} said.", "Conservative Party"},
        {"So {Organization:Stanford's Hoover Institution} said.", "Stanford's Hoover Institution"},
        {"So the {Organization:People's Bank of China} said.", "People's Bank of China"},
        {"So {Misc:Obama's Affordable Care Act} said.", "Obama's Affordable Care Act"}, /* an issue's tags, not a name's */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, count_names(cases[i].marked, cases[i].name), 1), "no '%s' in: %s", cases[i].name, cases[i].marked);
    cr_expect(eq(sz, count_names("So {Organization:Rear Adm}. Lee said.", "Rear"), 0));
    cr_expect(eq(sz, count_names("So {Organization:Brig}. Gen. Lee said.", "Brig"), 0));
    cr_expect(eq(sz, count_names("So {Organization:Sen}. Lee said.", "Sen"), 0));
    cr_expect(eq(sz, count_names("So {Organization:Rear Adm}. Lee said.", "Rear Adm"), 0));
}

Test(marks, of_names_found_before_need_no_tags)
{
    static const struct { const char *marked, *name; size_t count; } cases[] = {
        {"{Person:Lee} spoke. {Person:Lee} left. Then Lee slept.", "Lee", 3},
        {"Lee slept. {Person:Lee} spoke. {Person:Lee} left.", "Lee", 3},
        {"{Person:Lee} spoke. Then Lee left.", "Lee", 1}, /* once may be a mistake */
        {"{Person:Ann Lee} spoke. Then Lee left.", "Lee", 1},
        {"{Person:Ann Lee} spoke. Then Ann left.", "Ann", 0},
        {"{Person:Ann Lee} spoke. Then President Lee left.", "Lee", 1},
        {"{Person:Ann Lee} spoke. Then Joan Lee left.", "Lee", 0},
        {"{Person:Ann Lee} spoke. Then Lee Street closed.", "Lee", 0},
        {"{Person:Ann Lee} spoke in the lee of a tower.", "lee", 0},
        {"The {Location:US} left. The {Location:US} came. It was a US-led talk.", "US", 3},
        {"{Organization:Harbour Trust} won. {Organization:Harbour Trust} built. Nobody but Harbour Trust lost.", "Harbour Trust", 3},
        {"{Misc:Arvo} won. {Misc:Arvo} came. Then Arvo went.", "Arvo", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, count_names(cases[i].marked, cases[i].name), cases[i].count), "%s", cases[i].marked);
}

Test(marks, of_known_measures_need_no_tags)
{
    static const struct { const char *marked, *name; size_t count; } cases[] = {
        {"They would repeal Obamacare at once. Obamacare's friends left.", "Obamacare", 2},
        {"The Affordable Care Act stays.", "Affordable Care Act", 1},
        {"They want {Misc:Medicare} for All now.", "Medicare for All", 1},
        {"They want {Misc:Medicare} for all who work.", "Medicare", 1},
        {"The {Misc:Obamacare} law stays.", "Obamacare", 1},
        {"The Obamacare Street Club stays.", "Obamacare", 0},   /* a longer name */
        {"The {Organization:Brexit Party} lost.", "Brexit", 0},
        {"He sold obamacare.", "obamacare", 0},
        {"OBAMACARE STAYS, he said.", "OBAMACARE", 0},
        {"The ACA said so.", "ACA", 0},                         /* has other meanings */
        {"{Location:Paris} agreed. The {Location:Iran} deal stays.", "Iran deal", 0}, /* an issue */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, count_names(cases[i].marked, cases[i].name), cases[i].count), "%s", cases[i].marked);
}

Test(marks, of_own_measures_need_no_tags)
{
    static const char csv[] = "name,type,aliases\nMackerel Accord,Misc,Herring Deal\nBrexit,Organization,\n";
    char path[] = "/tmp/stanced-own-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, csv, sizeof csv - 1) == (ssize_t)sizeof csv - 1);
    close(fd);
    struct error err = {0};
    bool is_added = knowledge_add_own(knowledge, path, &err);
    unlink(path);
    cr_assert(is_added, "%s", err.text);
    cr_expect(eq(sz, count_names("They praise the Herring Deal and the Mackerel Accord.", "Herring Deal"), 1));
    cr_expect(eq(sz, count_names("They praise the Mackerel Accord.", "Mackerel Accord"), 1));
    cr_expect(eq(sz, count_names("They praise Brexit.", "Brexit"), 0), "own names go before");
}

Test(marks, of_known_states_in_compounds_need_no_tags)
{
    static const struct { const char *marked, *name; size_t count; } cases[] = {
        {"They denied US-led claims.", "US", 1},
        {"A NATO-backed mission left.", "NATO", 1},
        {"A {NORP:US-led} force left.", "US", 0}, /* the tags have it */
        {"They denied US claims.", "US", 0},
        {"They denied US-Led claims.", "US", 0},
        {"They denied Halden-led claims.", "Halden", 0},
        {"They denied Obama-led claims.", "Obama", 0}, /* no state */
        {"Many New US-led claims fell.", "US", 0},     /* a longer name */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, count_names(cases[i].marked, cases[i].name), cases[i].count), "%s", cases[i].marked);
}

Test(marks, know_whether_a_text_is_cased)
{
    cr_expect(marks_is_cased(view_of("Ann Lee met the mayor of Oslo on Monday to talk about ferries.")));
    cr_expect(not(marks_is_cased(view_of("ann lee met the mayor of oslo on monday to talk about ferries."))));
    cr_expect(not(marks_is_cased(view_of(""))));
}

Test(marks, find_pronouns_and_nominals)
{
    static const struct { const char *text, *mark; enum mention_kind kind; } cases[] = {
        {"Then he left.", "he", MENTION_PRONOUN},
        {"We left.", "We", MENTION_PRONOUN},
        {"It hurt the Finnish phone maker badly.", "the Finnish phone maker", MENTION_NOMINAL},
        {"The company from Oslo left.", "The company", MENTION_NOMINAL},
        {"It hurt the party leader.", "the party leader", MENTION_NOMINAL},
        {"It hurt this new administration.", "this new administration", MENTION_NOMINAL},
        {"It is the only policy this administration has.", "this administration", MENTION_NOMINAL},
        {"Then his plan failed.", "his", MENTION_PRONOUN},
        {"They praised her.", "her", MENTION_PRONOUN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].text, arena);
        const struct mark *mark = made_mark(&reading, cases[i].mark, 0);
        cr_assert(mark != NULL, "'%s' is not found in: %s", cases[i].mark, cases[i].text);
        cr_expect(eq(int, mark->kind, cases[i].kind));
    }
}

Test(marks, leave_alone_what_is_no_actor)
{
    static const char *const texts[] = {"The US left.", "Look at the sky.", "the end of the company's", "its plan", "two of them, i.e. all", "so i left"};
    static const size_t counts[] = {0, 0, 1, 0, 1, 1};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading reading = make_reading(texts[i], arena);
        cr_expect(eq(sz, reading.mark_count, counts[i]), "%s", texts[i]);
    }
}

/* A name may reach over the end of its sentence ("St. |Gale"): nothing behind it is looked at, which AddressSanitizer watches. */
Test(marks, of_groups_end_with_their_sentence)
{
    struct reading reading = make_reading("{Person:St. Gale}", arena);
    struct sentence *sentences = arena_take_zeroed(arena, 1, sizeof *sentences);
    sentences[0] = (struct sentence){.span = {0, 4}, .is_prose = true};
    reading.sentences = sentences;
    reading.sentence_count = 1;
    reading.marks[0].sentence = 0;
    reading.mark_count = 1;
    char *text = malloc(reading.text.len); /* not a byte more */
    cr_assert(text != NULL);
    memcpy(text, reading.text.data, reading.text.len);
    reading.text.data = text;
    groups_add(&reading, 0);
    cr_expect(eq(sz, reading.mark_count, 1));
    free(text);
}

Test(marks, know_who_is_only_where_something_happens)
{
    static const struct { const char *marked; bool is_where; } cases[] = {
        {"A judge in {Location:Texas} ruled.", true},
        {"A judge in the {Location:Netherlands} ruled.", true},
        {"Many across northern {Location:Iowa} agree.", true},
        {"At {Facility:Halden Hall} they met.", true},
        {"A judge from {Location:Texas} ruled.", false},
        {"Then {Location:Texas} sued.", false},
        {"{Location:Texas} sued.", false},
        {"Ann Lee, D-{Location:Calif.}, ruled.", true},
        {"Ann Lee (R-{Location:Ohio}) ruled.", true},
        {"The CD-{Location:Ohio} ruled.", false},
        {"They believe in {Person:Ann Lee}.", false},
        {"They trust in {Organization:Halden Shipping}.", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        cr_expect(eq(int, marks_is_where(&reading, made_name(&reading)), cases[i].is_where), "%s", cases[i].marked);
    }
    static const struct { const char *marked; bool is_where; } others[] = {
        {"Judges in {Location:Texas} and {Location:Iowa} ruled.", true},
        {"In {Location:Texas}, {Location:Iowa} ruled.", false},
        {"Judges from {Location:Texas} and {Location:Iowa} ruled.", false},
        {"Believe in {Person:Ann Lee} and {Location:Iowa}.", false},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct reading reading = make_reading(others[i].marked, arena);
        cr_expect(eq(int, marks_is_where(&reading, made_mark(&reading, "Iowa", 0)), others[i].is_where), "%s", others[i].marked);
    }
}
