#include "processor/text/wrapped.h"

#include "tests/expect.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(wrapped, .init = set_up, .fini = tear_down);

Test(wrapped, lines_without_room_for_the_next_word_are_joined)
{
    static const struct { const char *text, *joined; } cases[] = {
        {"The harbour board of Halden said on Monday\nthat it had never heard of the dredging plan\nby Nordvik, the rival across the straits of\n"
         "Moss, and would oppose it in court.\n\nNordvik was silent.",
         "The harbour board of Halden said on Monday that it had never heard of the dredging plan by Nordvik, the rival across the straits of "
         "Moss, and would oppose it in court.\n\nNordvik was silent."},
        {"The harbour board of Halden said on Monday \r\nthat it had never heard of the dredging plan\r\nby Nordvik, the rival across the straits of\r\n"
         "Moss.\r\n   It would oppose it in court. A new chairman\r\nwas to be chosen.",
         "The harbour board of Halden said on Monday   that it had never heard of the dredging plan  by Nordvik, the rival across the straits of  "
         "Moss.\r\n   It would oppose it in court. A new chairman  was to be chosen."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_view(wrapped_joined(view_of(cases[i].text), arena), cases[i].joined);
}

Test(wrapped, other_texts_stay_as_they_are)
{
    static const char *const texts[] = {
        "",
        "\n\n",
        "One line.",
        /* a sentence on each line */
        "The harbour board of Halden said no on Monday.\nNordvik was silent.\nA new chairman was to be chosen by the board.\nHe is Moe.\nThat was all.",
        /* lists */
        "Norway\nSweden\nDenmark\nThe Faroe Islands and other parts of the kingdom\nIceland\nFinland",
        /* paragraphs longer than any width */
        "The harbour board of Halden said on Monday that it had never heard of the dredging plan by Nordvik, the rival across the straits.\n"
        "It would oppose the plan of its rival in any court of the land, and in any court of any other land as well, its chairman said.\n"
        "The harbour board of Halden said on Monday that it had never heard of the dredging plan by Nordvik, the rival across the straits.\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(eq(ptr, (void *)wrapped_joined(view_of(texts[i]), arena).data, (void *)texts[i]), "%s", texts[i]);
}
