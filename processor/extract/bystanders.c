#include "processor/extract/bystanders.h"

#include "processor/extract/beside.h"
#include "processor/extract/bounds.h"

enum { TITLE_WORDS = 4 };

/* Before a group of its own time, "during the Obama administration"; and whose place a place's name before them is. All lists are sorted. */
static const char *const whens[] = {"during", "since", "throughout"};
static const char *const seats[] = {"democrat", "democrats", "gov", "governor", "mayor", "rep", "representative", "republican", "republicans", "sen", "senator"};
/* Before who does not take part. */
static const char *const exceptions[] = {"besides", "except", "not", "unlike"};
/* Who is for or against somebody, and so acts in his place: "supporters of President |Lee". */
static const char *const followers[] = {
    "adversaries", "adversary", "backer", "backers", "challenger", "challengers", "critic", "critics", "defender", "defenders", "detractor", "detractors",
    "donor", "donors", "enemies", "enemy", "fan", "fans", "foe", "foes", "opponent", "opponents", "rival", "rivals", "skeptic", "skeptics", "supporter", "supporters",
};
/* In small letters between these and a name. */
static const char *const titles[] = {"candidate", "former", "nominee", "presidential", "senator", "the"};

bool bystanders_lists_are_sorted(void)
{
    return beside_is_sorted(whens, sizeof whens / sizeof *whens) && beside_is_sorted(seats, sizeof seats / sizeof *seats) &&
           beside_is_sorted(exceptions, sizeof exceptions / sizeof *exceptions) && beside_is_sorted(followers, sizeof followers / sizeof *followers) &&
           beside_is_sorted(titles, sizeof titles / sizeof *titles);
}

/* "Obama-era rules", "the Obama years", "during the Obama administration": a time, not an actor. */
static bool is_time(const struct reading *reading, const struct mark *mark)
{
    static const char *const times[] = {"-era", " era", " years"};
    struct view after = beside_text_behind(reading, mark->span);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (view_starts_with(after, view_of(times[i])))
            return true;
    if (!mark->is_group)
        return false;
    struct view before = beside_word_before(reading->text, mark->span.start);
    if (view_equal(before, view_of("the")))
        before = beside_word_before(reading->text, (size_t)(before.data - reading->text.data));
    return beside_is_among(before, whens, sizeof whens / sizeof *whens);
}

/* A name that only says whose somebody else is: "Lee (D-Mass.)", "New York Mayor Lee". "anti-Trump officials" are left to the pair head. */
static bool is_label(const struct reading *reading, const struct mark *mark)
{
    if (mark->kind != MENTION_NAME)
        return false;
    if (bounds_is_behind_party(reading->text, mark->span))
        return true;
    struct view behind = beside_word_behind(beside_text_behind(reading, mark->span));
    return mark->type == ENTITY_LOCATION && beside_is_among(behind, seats, sizeof seats / sizeof *seats);
}

bool bystanders_is_one(const struct reading *reading, const struct mark *mark)
{
    return mark->is_within || is_time(reading, mark) || is_label(reading, mark);
}

static bool is_of_title(struct view word)
{
    return (word.data[0] >= 'A' && word.data[0] <= 'Z') || beside_is_among(word, titles, sizeof titles / sizeof *titles);
}

/* Behind "supporters of", with a few words of a title between. */
static bool is_of_followers(const struct reading *reading, const struct mark *mark)
{
    struct view text = reading->text;
    size_t at = mark->span.start, start = reading->sentences[mark->sentence].span.start;
    for (size_t words = 0; words <= TITLE_WORDS && at > start; words++) {
        struct view word = beside_word_before(text, at);
        if (word.len == 0)
            return false;
        at = (size_t)(word.data - text.data);
        if (view_equal(word, view_of("of")))
            return at > start && beside_is_among(beside_word_before(text, at), followers, sizeof followers / sizeof *followers);
        if (!is_of_title(word))
            return false;
    }
    return false;
}

bool bystanders_is_left_out(const struct reading *reading, const struct mark *mark)
{
    struct view before = mark->span.start > reading->sentences[mark->sentence].span.start ? beside_word_before(reading->text, mark->span.start) : (struct view){0};
    return beside_is_among(before, exceptions, sizeof exceptions / sizeof *exceptions) || is_of_followers(reading, mark);
}
