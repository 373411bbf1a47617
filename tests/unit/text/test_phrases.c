#include "processor/text/phrases.h"

#include "processor/text/words.h"
#include "tests/expect.h"

Test(phrases, stand_in_the_order_and_form_that_the_search_needs)
{
    cr_expect(phrase_table_is_sound());
}

static void expect_kind(const char *line, enum region_kind kind)
{
    struct phrase phrase;
    bool found = phrase_find(view_of(line), words_count(view_of(line)), &phrase);
    cr_expect(found && phrase.kind == kind, "%s: %s", line, found ? region_kind_name(phrase.kind) : "nothing");
}

Test(phrases, show_what_a_line_is_whatever_its_case_and_marks)
{
    static const struct {
        const char *line;
        enum region_kind kind;
    } cases[] = {
        {"ADVERTISEMENT", REGION_ADVERTISEMENT},
        {"- Advertisement: -", REGION_ADVERTISEMENT},
        {"Story continues below", REGION_ADVERTISEMENT},
        {"12 Comments", REGION_NAVIGATION},
        {"Read or Share this story: http://example.com/a", REGION_NAVIGATION},
        {"Get more with myHarbour", REGION_PROMOTION},
        {"Follow Ana Reyes on Twitter @anareyes", REGION_PROMOTION},
        {"Write to Ana Reyes at ana@example.com", REGION_PROMOTION},
        {"Click here to get the Courier app", REGION_PROMOTION},
        {"SEE ALSO: Ferry owners fear for their trade", REGION_RELATED},
        {"( PHOTOS: Ten bridges)", REGION_RELATED},
        {"More:Who owns the port?", REGION_RELATED},
        {"Cranes at Vantry. Photo: Reuters", REGION_CAPTION},
        {"Cranes at Vantry (Tom Hale/Getty Images)", REGION_CAPTION},
        {"Cranes at Vantry, March 2, 2021. REUTERS/Tom Hale", REGION_CAPTION},
        {"FILE PHOTO: Cranes at Vantry", REGION_CAPTION},
        {"Tom Hale and Ana Reyes contributed to this report.", REGION_BYLINE},
        {"Last updated 3 May 2021", REGION_BYLINE},
        {"Updated at 9:05 p.m.", REGION_BYLINE},
        {"March 3, 2021", REGION_BYLINE},
        {"Slideshow (12 images)", REGION_NAVIGATION},
        {"Comments (3)", REGION_NAVIGATION},
        {"Get the Courier app", REGION_PROMOTION},
        {"© 2021 The Vantry Courier", REGION_FOOTER},
        {"This article appeared in the Courier print edition as: Strike", REGION_FOOTER},
        {"Copyright 2021. All rights reserved.", REGION_FOOTER},
        {"Story highlights Union rejects offer", REGION_SUMMARY},
        {"Photos: The strike The mayor meets pickets. Hide Caption 1 of 9 Photos: The strike Cranes stand still. Hide Caption 2 of 9", REGION_CAPTION},
        {"Who owns the port, and who would like to Read more", REGION_RELATED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_kind(cases[i].line, cases[i].kind);
}

Test(phrases, say_nothing_of_sentences_that_only_begin_or_end_like_them)
{
    static const char *const lines[] = {
        "", "Advertisements for tobacco were banned last year.", "Share the work, share the pay.", "Home is where the heart is.",
        "Follow the money, he said.", "Posters hung from the gate.", "She posted it on Instagram, by way of Getty Images.",
        "“Join us on Twitter,” they wrote.", "Watchmen stood at the gate.", "Reading the terms took an hour.",
        "Photographs were taken of the crowd by Reuters.", "More on the strike was not known on Friday.", "The credit: it was his.",
        "They were told to hide. Caption writers were not.", "In May the union said that pupils read more",
        "He was last updated on the talks by the minister himself in May, his office said in a letter to the union.",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct phrase phrase;
        bool found = phrase_find(view_of(lines[i]), words_count(view_of(lines[i])), &phrase);
        cr_expect(not(found), "%s: %s", lines[i], found ? region_kind_name(phrase.kind) : "");
    }
}

Test(phrases, open_lists_of_headlines)
{
    struct phrase phrase;
    cr_expect(phrase_find(view_of("Related stories"), 2, &phrase) && phrase.opens_list);
    cr_expect(phrase_find(view_of("Most read"), 2, &phrase) && phrase.opens_list);
    cr_expect(phrase_find(view_of("Advertisement"), 1, &phrase) && !phrase.opens_list);
}
