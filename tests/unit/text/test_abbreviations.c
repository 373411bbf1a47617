#include "processor/text/abbreviations.h"

#include "tests/expect.h"

Test(abbreviations, stand_in_the_order_that_the_search_needs)
{
    cr_expect(abbreviation_tables_are_sorted());
}

Test(abbreviations, are_found_as_written_and_in_capitals)
{
    static const struct {
        const char *token;
        enum abbreviation kind;
    } cases[] = {
        {"Mr", ABBREVIATION_TITLE}, {"ST", ABBREVIATION_TITLE}, {"Inc", ABBREVIATION_WORD}, {"Ph.D", ABBREVIATION_WORD},
        {"No", ABBREVIATION_NUMBER}, {"Sept", ABBREVIATION_MONTH}, {"mr", ABBREVIATION_NONE}, {"St.", ABBREVIATION_NONE},
        {"", ABBREVIATION_NONE}, {"Incorporated-or-so", ABBREVIATION_NONE}, {"M", ABBREVIATION_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(abbreviation_find(view_of(cases[i].token)) == cases[i].kind, "%s", cases[i].token);
}
