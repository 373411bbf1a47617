#include "processor/text/language.h"

#include "tests/expect.h"

#include <stdio.h>

enum { LINE_BYTES = 1024 };

Test(language, is_what_the_cases_say)
{
    FILE *file = fopen("tests/cases/text/languages.txt", "r");
    cr_assert(file != NULL, "tests run in the repository's root");
    char line[LINE_BYTES];
    size_t cases = 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *text = strchr(line, '\t');
        if (line[0] == '#' || !text)
            continue;
        *text++ = '\0';
        expect_text(language_guess(view_of(text)), line);
        cases++;
    }
    fclose(file);
    cr_expect(cases > 30);
}

Test(language, is_empty_where_nothing_tells)
{
    static const char *const texts[] = {"", "   ", "123 456", "Smith 3 Jones 4", "Oakhaven"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_text(language_guess(view_of(texts[i])), "");
}
