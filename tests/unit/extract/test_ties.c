#include "processor/extract/entities.h"
#include "processor/extract/stances.h"
#include "processor/extract/ties.h"
#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"
#include "tests/unit/extract/with_knowledge.h"

TestSuite(ties, .init = set_up, .fini = tear_down);

Test(ties, have_their_words_in_order)
{
    cr_expect(ties_lists_are_sorted());
}

Test(ties, are_in_the_words_between_two_names)
{
    static const struct { const char *marked; size_t count; } cases[] = {
        {"{Organization:Arvo}'s chief executive {Person:Ann Lee} left.", 1},
        {"{Organization:Arvo}’s long-serving founder, {Person:Ann Lee}, left.", 1},
        {"{Organization:Arvo} deputy director {Person:Ann Lee} left.", 1},
        {"{Location:Norland} foreign minister {Person:Ann Lee} left.", 1},
        {"{Person:Ann Lee}, a spokeswoman for the {Organization:Arvo}, left.", 1},
        {"{Person:Ann Lee}, deputy head of {Organization:Arvo}, left.", 1},
        {"{Organization:Arvo} blamed director {Person:Ann Lee}.", 0},
        {"{Organization:Arvo}'s critic {Person:Ann Lee} left.", 0},
        {"{Organization:Arvo}'s former director {Person:Ann Lee} left.", 0},
        {"The former {Organization:Arvo} director {Person:Ann Lee} left.", 0},
        {"{Person:Ann Lee}, who met the head of {Organization:Arvo}, left.", 0},
        {"{Person:Ann Lee}, a former head of {Organization:Arvo}, left.", 0},
        {"{Person:Ann Lee}, the rival of {Organization:Arvo}, left.", 0},
        {"{Organization:Arvo} left. Director {Person:Ann Lee} stayed.", 0},
        {"{Person:Bo Ray}'s director {Person:Ann Lee} left.", 0},
        {"{Person:Bo Ray}'s lawyer {Person:Ann Lee} left.", 1},
        {"{Person:Bo Ray} chief of staff {Person:Ann Lee} left.", 1},
        {"{Person:Ann Lee}, a lawyer for President {Person:Bo Ray}, left.", 1},
        {"{Person:Ann Lee}, the {Organization:Arvo} press secretary, left.", 1},
        {"{Person:Ann Lee}, {Person:Bo Ray}'s long-serving attorney, left.", 1},
        {"{Person:Bo Ray}'s former lawyer {Person:Ann Lee} left.", 0},
        {"{Person:Ann Lee}, {Person:Bo Ray}'s former attorney, left.", 0},
        {"{Person:Bo Ray}'s rival {Person:Ann Lee} left.", 0},
        {"{Person:Ann Lee}, the {Organization:Arvo} secretary said, left.", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = make_reading(cases[i].marked, arena);
        struct entities entities = entities_of(&reading, knowledge);
        struct ties ties = ties_of(&reading, entities.items);
        cr_assert(eq(sz, ties.count, cases[i].count), "%s", cases[i].marked);
        if (ties.count == 0)
            continue;
        cr_expect(eq(int, ties_bind(&ties, 0, 1) + ties_bind(&ties, 1, 0), 2), "%s", cases[i].marked);
        cr_expect(eq(int, ties_bind(&ties, 0, 0), 0));
    }
}

static size_t count_stances(const char *marked, int sign, float strength)
{
    static const struct stance_thresholds thresholds = {.stance = 0.3f, .evidence = 0.3f, .carried = 0.3f, .author = 0.7f};
    static const struct calibration_curve as_it_is = {1, 1, 0};
    struct reading reading = make_reading(marked, arena);
    struct entities entities = entities_of(&reading, knowledge);
    struct judgement judgement = {.a = 0, .b = 1};
    judgement.probabilities[sign] = strength;
    reading.judgements = &judgement;
    reading.judgement_count = 1;
    return stances_of(&reading, entities.items, &thresholds, as_it_is).count;
}

Test(ties, are_seldom_broken)
{
    static const char tied[] = "{Organization:Arvo} director {Person:Ann Lee} left.", loose[] = "{Organization:Arvo} sent {Person:Ann Lee} home.";
    cr_expect(eq(sz, count_stances(loose, STANCE_B_AGAINST_A, 0.7f), 1));
    cr_expect(eq(sz, count_stances(tied, STANCE_B_AGAINST_A, 0.7f), 0));
    cr_expect(eq(sz, count_stances(tied, STANCE_A_AGAINST_B, 0.7f), 0));
    cr_expect(eq(sz, count_stances(tied, STANCE_B_AGAINST_A, 0.9f), 1), "where it is plain");
    cr_expect(eq(sz, count_stances(tied, STANCE_B_FOR_A, 0.7f), 1));
}

Test(ties, of_who_speaks_for_somebody_hold_whatever_is_heard)
{
    static const char voice[] = "{Person:Bo Ray}'s lawyer {Person:Ann Lee} left.", aide[] = "{Person:Bo Ray}'s aide {Person:Ann Lee} left.";
    cr_expect(eq(sz, count_stances(voice, STANCE_B_AGAINST_A, 0.9f), 0));
    cr_expect(eq(sz, count_stances(voice, STANCE_B_FOR_A, 0.9f), 1));
    cr_expect(eq(sz, count_stances(aide, STANCE_B_AGAINST_A, 0.9f), 1));
    cr_expect(eq(sz, count_stances(aide, STANCE_B_AGAINST_A, 0.7f), 0));
    cr_expect(eq(sz, count_stances(aide, STANCE_A_AGAINST_B, 0.7f), 1), "he was fired");
    cr_expect(eq(sz, count_stances(aide, STANCE_A_AGAINST_B, 0.4f), 0));
}

Test(ties, of_the_white_house_are_ties_of_the_president)
{
    struct reading reading = make_reading("President {Person:Bo Ray} met former President {Person:Cy Dow}. {Organization:White House} spokesman {Person:Ann Lee} left.", arena);
    struct entities entities = entities_of(&reading, knowledge);
    struct ties ties = ties_of(&reading, entities.items);
    int32_t ray = made_mark(&reading, "Bo Ray", 0)->entity, lee = made_mark(&reading, "Ann Lee", 0)->entity, dow = made_mark(&reading, "Cy Dow", 0)->entity;
    cr_expect(eq(sz, ties.count, 2));
    cr_expect(ties_is_voice(&ties, lee, ray));
    cr_expect(not(ties_is_voice(&ties, ray, lee)));
    cr_expect(not(ties_bind(&ties, lee, dow)));
}

/* Nobody's words tie these: it is known whose they are. */
Test(ties, bind_a_country_and_who_is_of_it)
{
    static const char own[] = "{Person:Emmanuel Macron} spoke of {Location:France}.", others[] = "{Person:Emmanuel Macron} spoke of {Location:Germany}.";
    static const char people[] = "{Location:France} heard of the {NORP:French}.", unknown[] = "{Person:Ann Lee} spoke of {Location:France}.";
    cr_expect(eq(sz, count_stances(own, STANCE_A_AGAINST_B, 0.45f), 0));
    cr_expect(eq(sz, count_stances(own, STANCE_B_FOR_A, 0.45f), 0));
    cr_expect(eq(sz, count_stances(own, STANCE_A_AGAINST_B, 0.6f), 1), "where it is plain");
    cr_expect(eq(sz, count_stances(people, STANCE_A_AGAINST_B, 0.45f), 0));
    cr_expect(eq(sz, count_stances(others, STANCE_A_AGAINST_B, 0.45f), 1));
    cr_expect(eq(sz, count_stances(unknown, STANCE_A_AGAINST_B, 0.45f), 1));
}
