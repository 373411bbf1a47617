#include "processor/text/words.h"

#include "tests/expect.h"

#include <stdio.h>

static int distance(const char *a, const char *b)
{
    return __builtin_popcountll(words_simhash(view_of(a)) ^ words_simhash(view_of(b)));
}

static const char *const strike =
    "Dockers at the port of Vantry walked away from talks on Monday and said the strike would go on until the owner pays what it "
    "promised two years ago. The harbour master said forty ships were waiting in the bay, and shops in the town have begun to run "
    "out of fruit. Ministers ruled out sending soldiers to unload the ships and asked both sides to come back to the table.";

Test(words, are_runs_of_letters_and_digits)
{
    struct view text = view_of(" “Don’t,” she said: U.S. troops—3rd unit—left Köln.");
    static const char *const expected[] = {"Don’t", "she", "said", "U.S", "troops", "3rd", "unit", "left", "Köln", ""};
    size_t at = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        expect_view(words_next(text, &at), expected[i]);
    cr_expect(eq(sz, words_count(text), 9));
}

Test(words, have_the_same_simhash_in_any_case_and_punctuation)
{
    cr_expect(distance("The ships lie at anchor.", "THE ships -- lie at ANCHOR") == 0);
}

Test(words, of_near_copies_have_near_simhashes)
{
    char copy[1024];
    snprintf(copy, sizeof copy, "%s Talks go on.", strike);
    cr_expect(distance(strike, copy) <= 8, "%d", distance(strike, copy));
    cr_expect(distance(strike, "Nobody in Oakhaven remembers a colder spring, and the orchards show it, say growers.") > 16);
}

/* Stored records hold it: it must not change from release to release. */
Test(words, have_a_simhash_that_stays)
{
    cr_expect(words_simhash(view_of("")) == 0);
    cr_expect(words_simhash(view_of("... !")) == 0);
    cr_expect(eq(u64, words_simhash(view_of("Dockers at the port of Vantry walked away")), UINT64_C(0x1214056A0B402345)));
    cr_expect(words_simhash(view_of("one")) != words_simhash(view_of("two")));
}

Test(words, have_capitals_in_any_script)
{
    cr_expect(words_has_capital(view_of("ebay's iPhone")));
    cr_expect(words_has_capital(view_of("мир Ж")));
    cr_expect(not(words_has_capital(view_of(""))));
    cr_expect(not(words_has_capital(view_of("née 3 ß"))));
    cr_expect(words_starts_with_capital(view_of("Émile")));
    cr_expect(words_starts_with_capital(view_of("Λ")));
    cr_expect(words_is_all_capitals(view_of("NEW YORK")) && words_is_all_capitals(view_of("U.S.")));
    cr_expect(not(words_is_all_capitals(view_of("OsLO"))));
    cr_expect(not(words_is_all_capitals(view_of("A"))));
    cr_expect(not(words_is_all_capitals(view_of("12"))));
    cr_expect(not(words_starts_with_capital(view_of(""))));
    cr_expect(not(words_starts_with_capital(view_of("iPhone"))));
    cr_expect(not(words_starts_with_capital(view_of("3M"))));
}

Test(words, are_listed_letter_by_letter)
{
    static const char *const list[] = {"ban", "Bann", ""};
    cr_expect(words_is_listed(view_of("ban"), list, 3));
    cr_expect(words_is_listed(view_of(""), list, 3));
    cr_expect(not(words_is_listed(view_of("Ban"), list, 3)));
    cr_expect(not(words_is_listed(view_of("bann"), list, 3)));
    cr_expect(not(words_is_listed(view_of("ban"), list, 0)));
}
