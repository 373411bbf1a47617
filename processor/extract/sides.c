#include "processor/extract/sides.h"

#include "processor/extract/beside.h"
#include "processor/text/words.h"

#include <stdlib.h>

enum { WORD_BYTES = 24, SPORT_PER_1000 = 30, STRONG_PER_1000 = 15, SPORT_HITS_LEAST = 3 };
enum { TEAM_WORDS_LEAST = 2, RESULTS_LEAST = 3 };

/* Words of sport and of hardly anything else; sorted. */
static const char *const strong_words[] = {
    "athletics", "backstroke", "ballpark", "baseball", "basketball", "batsman", "batsmen", "batted", "batting", "biathlon",
    "birdie", "birdies", "boxing", "breaststroke", "bullpen", "coach", "coached", "coaches", "cricket", "cycling", "cyclist",
    "cyclists", "defenseman", "dribbled", "equaliser", "equalizer", "fastball", "fielder", "fifa", "football", "footballer",
    "footballers", "footballing", "free-kick", "freestyle", "fullback", "goalkeeper", "goalkeepers", "goalless", "goaltender",
    "golf", "golfer", "gymnast", "gymnastics", "gymnasts", "half-time", "halftime", "handball", "hat-trick", "hattrick",
    "hockey", "homer", "homered", "homers", "hurdler", "infielder", "inning", "innings", "internationals", "judo",
    "lbw", "linebacker", "lineout", "medalist", "medalists", "medallist", "medallists", "midfield", "midfielder",
    "midfielders", "mlb", "motogp", "nascar", "nba", "ncaa", "netball", "nfl", "nhl", "odi", "odis", "olympic", "olympics",
    "outfielder", "paceman", "paralympic", "paralympics", "peloton", "pitcher", "pitchers", "play-off", "play-offs", "playoff",
    "playoffs", "puck", "qualifier", "qualifiers", "quarter-final", "quarter-finals", "quarterback", "quarterbacks",
    "quarterfinal", "quarterfinals", "referee", "relegated", "relegation", "rower", "rowers", "rugby", "scoreboard",
    "scoreline", "scrum-half", "semi-final", "semi-finals", "semifinal", "semifinals", "shortstop", "skating", "skier",
    "skiers", "skiing", "slalom", "soccer", "softball", "sprinter", "sprinters", "striker", "strikers", "t20", "team-mate",
    "team-mates", "teammate", "teammates", "tennis", "touchdown", "touchdowns", "triathlon", "twenty20", "uefa", "umpire",
    "unseeded", "volleyball", "wicket", "wicketkeeper", "wickets", "wimbledon", "yachting",
};
/* Words of sport that politics and business use as well; sorted. */
static const char *const weak_words[] = {
    "beat", "beats", "bowled", "bowler", "captain", "champion", "champions", "championship", "championships", "club", "clubs",
    "cup", "defeat", "defeated", "derby", "fans", "final", "finals", "fixture", "fixtures", "game", "games", "goal", "goals",
    "hurdles", "injury", "kick", "league", "marathon", "match", "matches", "medal", "medals", "offside", "pitch", "player",
    "players", "points", "rebounds", "runs", "score", "scored", "scorer", "scorers", "scoring", "scrum", "season", "seasons",
    "seed", "seeded", "sets", "skipper", "sport", "sports", "squad", "stadium", "team", "teams", "title", "tournament",
    "tournaments", "trophy", "unbeaten", "victory", "win", "winger", "winner", "wins", "won", "wrestling",
};
/* Of these, what politics seldom speaks of twice in a sentence; sorted. */
static const char *const team_words[] = {
    "cup", "fixture", "fixtures", "league", "match", "matches", "medal", "medals", "pitched", "player", "players", "scored", "scorer",
    "skipper", "squad", "stadium", "tournament", "tournaments", "winger",
};
/* What two teams have between them; sorted. */
static const char *const match_words[] = {"final", "fixture", "game", "match", "matches", "qualifier", "semi-final", "semifinal", "test"};
/* What only a team has right behind its name: "England captain"; sorted. */
static const char *const staff_words[] = {
    "batsman", "bowler", "captain", "coach", "defender", "fullback", "goalkeeper", "linebacker", "midfielder", "pitcher",
    "quarterback", "skipper", "squad", "striker", "winger",
};
/* The place follows these; sorted. */
static const char *const place_words[] = {
    "across", "around", "at", "from", "in", "inside", "into", "near", "outside", "through", "throughout", "toward", "towards",
};

/* These follow a place: "Philadelphia Mayor Ann Lee"; sorted. */
static const char *const public_words[] = {
    "airport", "attorney", "authorities", "city", "congressman", "congresswoman", "council", "county", "court", "democrat", "gov",
    "government", "governor", "hospital", "hotel", "lawmaker", "lawmakers", "mayor", "minister", "officials", "parliament", "police",
    "president", "prime", "prosecutor", "prosecutors", "republican", "residents", "senator", "university",
};

#define LIST(words) words, sizeof words / sizeof *words

bool sides_lists_are_sorted(void)
{
    return beside_is_sorted(LIST(strong_words)) && beside_is_sorted(LIST(weak_words)) && beside_is_sorted(LIST(team_words)) &&
           beside_is_sorted(LIST(staff_words)) && beside_is_sorted(LIST(place_words)) && beside_is_sorted(LIST(public_words)) &&
           beside_is_sorted(LIST(match_words));
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- places -------------------------------------------------------------------------------------------------------- */

static bool is_place(enum known_kind kind)
{
    return kind == KNOWN_KIND_COUNTRY || kind == KNOWN_KIND_REGION || kind == KNOWN_KIND_CAPITAL || kind == KNOWN_KIND_CITY;
}

/* What a name most likely is, alone: its entry and kind; false where it is not known. */
static bool find_first(const struct knowledge *knowledge, struct view name, uint32_t *entry, enum known_kind *kind)
{
    struct known_candidate candidate;
    if (!knowledge || knowledge_find(knowledge, name, &candidate, 1) == 0)
        return false;
    *entry = candidate.entry;
    *kind = knowledge_get(knowledge, candidate.entry).kind;
    return true;
}

/* The place that a name most likely is; KNOWN_NONE for anything else. */
static uint32_t find_place(const struct knowledge *knowledge, struct view name)
{
    uint32_t entry;
    enum known_kind kind;
    return find_first(knowledge, name, &entry, &kind) && is_place(kind) ? entry : KNOWN_NONE;
}

bool sides_has_place(const struct knowledge *knowledge, struct view name)
{
    return find_place(knowledge, name) != KNOWN_NONE;
}

/* "Spain at Belgium" is a match; one is "in Belgium". */
static bool is_country(const struct knowledge *knowledge, struct view name)
{
    uint32_t entry;
    enum known_kind kind;
    return find_first(knowledge, name, &entry, &kind) && kind == KNOWN_KIND_COUNTRY;
}

/* --- vocabulary ---------------------------------------------------------------------------------------------------- */

struct counts {
    size_t words, strong, weak, team;
};

static struct counts count_words(struct view text)
{
    struct counts counts = {0};
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && beside_is_word_byte(text.data[end]))
            end++;
        struct view word = view_slice(text, at, end);
        counts.words += word.len > 0;
        counts.strong += beside_is_among(word, LIST(strong_words));
        counts.weak += beside_is_among(word, LIST(weak_words));
        counts.team += beside_is_among(word, LIST(team_words));
        at = end + 1;
    }
    return counts;
}

/* "1. Ann Lee (Norway) 9.8 2. Ida Moe (Sweden) 9.7 ...": people with their countries, three times and more. Senators have "(D-Ohio)". */
static bool is_result_list(const struct reading *reading, const struct knowledge *knowledge)
{
    size_t count = 0;
    for (size_t i = 1; i < reading->mark_count && count < RESULTS_LEAST; i++) {
        const struct mark *person = &reading->marks[i - 1], *place = person + 1;
        if (person->kind != MENTION_NAME || person->type != ENTITY_PERSON || place->kind != MENTION_NAME ||
            place->type != ENTITY_LOCATION || place->span.start < person->span.end)
            continue;
        struct view between = view_slice(reading->text, person->span.end, place->span.start);
        bool is_bracketed = view_equal(between, view_of(" (")) || view_equal(between, view_of(" ( "));
        count += is_bracketed && is_country(knowledge, reading_view(reading, place->span));
    }
    return count == RESULTS_LEAST;
}

struct sides sides_of(const struct reading *reading, const struct knowledge *knowledge)
{
    struct sides sides = {.is_sport_sentence =
                              arena_take_zeroed(reading->arena, reading->sentence_count + 1, sizeof *sides.is_sport_sentence)};
    struct counts all = {0};
    for (size_t i = 0; i < reading->sentence_count; i++) {
        struct counts own = count_words(reading_view(reading, reading->sentences[i].span));
        sides.is_sport_sentence[i] = own.strong > 0 || own.team >= TEAM_WORDS_LEAST;
        if (!reading->sentences[i].is_prose)
            continue;
        all.words += own.words;
        all.strong += own.strong;
        all.weak += own.weak;
    }
    size_t hits = 2 * all.strong + all.weak;
    size_t per_1000 = all.strong >= SPORT_HITS_LEAST ? STRONG_PER_1000 : SPORT_PER_1000;
    sides.is_sport = hits >= SPORT_HITS_LEAST && hits * 1000 >= all.words * per_1000;
    sides.is_result_list = is_result_list(reading, knowledge);
    return sides;
}

/* --- neighbours ---------------------------------------------------------------------------------------------------- */

/* "|Britain said": the first word has a capital, but is not all in capitals. */
static bool opens_sentence(struct view text)
{
    size_t at = 0;
    struct view word = words_next(text, &at);
    return word.len > 1 && is_capital(word.data[0]) && !words_is_all_capitals(word);
}

/* "LONDON (Reuters)", "LONDON, March 3", "LONDON - Britain said", "LONDON 1996-08-30", "LONDON Britain said": where a report was written. */
static bool is_dateline(const struct reading *reading, const struct mark *mark)
{
    struct view after = beside_text_behind(reading, mark->span);
    size_t at = 0;
    while (at < after.len && after.data[at] == ' ')
        at++;
    if (at + 5 >= after.len)
        return false;
    struct view rest = view_slice(after, at, after.len);
    if (rest.data[0] == '(')
        return mark->order == 0 && is_capital(rest.data[1]);
    bool has_date = rest.data[4] == '-';
    for (size_t i = 0; i < 4; i++)
        has_date = has_date && is_digit(rest.data[i]);
    bool has_dash = at > 0 && (rest.data[0] == '-' || view_starts_with(rest, view_of("\xE2\x80\x94")));
    bool has_comma = at == 0 && view_starts_with(rest, view_of(", ")) && is_capital(rest.data[2]) &&
                     !words_is_all_capitals(beside_word_behind(view_slice(rest, 2, rest.len)));
    bool is_first = reading->sentences[mark->sentence].span.start == mark->span.start;
    bool has_sentence = is_first && opens_sentence(rest);
    return words_is_all_capitals(reading_view(reading, mark->span)) && (has_date || (has_dash && mark->order == 0) || has_comma || has_sentence);
}

/* "Birmingham, England": two places with a comma between, one of which holds the other; for one, if nothing is known of the other. */
static bool is_pair(const struct reading *reading, const struct knowledge *knowledge, const struct mark *outer,
                    const struct mark *inner)
{
    if (outer->kind != MENTION_NAME || inner->kind != MENTION_NAME || outer->span.start < inner->span.end ||
        outer->span.start - inner->span.end > 3)
        return false;
    struct view between = view_slice(reading->text, inner->span.end, outer->span.start);
    if (!view_equal(between, view_of(", ")) && !view_equal(between, view_of(" , ")))
        return false;
    uint32_t holder = find_place(knowledge, reading_view(reading, outer->span));
    uint32_t held = find_place(knowledge, reading_view(reading, inner->span));
    if (holder == KNOWN_NONE || held == KNOWN_NONE)
        return inner->type == ENTITY_LOCATION && outer->type == ENTITY_LOCATION;
    return holder != held && knowledge_country(knowledge, holder) == knowledge_country(knowledge, held);
}

bool sides_is_venue(const struct reading *reading, size_t index)
{
    return view_equal(beside_word_before(reading->text, reading->marks[index].span.start), view_of("AT"));
}

bool sides_is_village(const struct reading *reading, const struct knowledge *knowledge, size_t index)
{
    static const char *const villages[] = {"hamlet", "town", "village"};
    const struct mark *mark = &reading->marks[index];
    struct view of = beside_word_before(reading->text, mark->span.start);
    return view_equal(of, view_of("of")) && beside_is_among(beside_word_before(reading->text, (size_t)(of.data - reading->text.data)), LIST(villages)) &&
           is_country(knowledge, reading_view(reading, mark->span));
}

bool sides_is_place(const struct reading *reading, const struct knowledge *knowledge, size_t index)
{
    const struct mark *mark = &reading->marks[index];
    struct view before = beside_word_before(reading->text, mark->span.start), after = beside_text_behind(reading, mark->span);
    struct view behind = beside_word_behind(after);
    bool is_fixture = view_equal(before, view_of("at")) && is_country(knowledge, reading_view(reading, mark->span));
    bool is_past = view_equal(behind, view_of("history")); /* "in Texas history" is a team's record */
    if (beside_is_among(before, LIST(place_words)) && !is_fixture && !is_past)
        return true;
    bool is_clubs = view_equal(behind, view_of("president")) && !is_country(knowledge, reading_view(reading, mark->span));
    if (beside_is_among(behind, LIST(public_words)) && !is_clubs) /* towns have no presidents, clubs do */
        return true;
    /* "Ann Lee of Spain" is from there, "the captain of Spain" is not. */
    if (view_equal(before, view_of("of"))) {
        struct view holder = beside_word_before(reading->text, (size_t)(before.data - reading->text.data));
        if (holder.len > 0 && is_capital(holder.data[0]))
            return true;
    }
    size_t start = mark->span.start;
    while (start > 0 && reading->text.data[start - 1] == ' ')
        start--;
    bool is_bracketed = start > 0 && reading->text.data[start - 1] == '(';
    if ((is_bracketed && (view_starts_with(after, view_of(")")) || view_starts_with(after, view_of(" )")))) || is_dateline(reading, mark))
        return true;
    return (index > 0 && is_pair(reading, knowledge, mark, mark - 1)) ||
           (index + 1 < reading->mark_count && is_pair(reading, knowledge, mark + 1, mark));
}

/* " 68-61": how a game ended. */
static bool is_score(struct view after)
{
    size_t at = 1, digits = 0;
    if (after.len < 4 || after.data[0] != ' ')
        return false;
    for (; at < after.len && is_digit(after.data[at]); at++)
        digits++;
    if (digits == 0 || digits > 3 || at + 1 >= after.len || after.data[at] != '-' || !is_digit(after.data[at + 1]))
        return false;
    for (digits = 0, at++; at < after.len && is_digit(after.data[at]); at++)
        digits++;
    return digits <= 3;
}

/* " 2 Barnsley 1", " 2, Barnsley 1". */
static bool is_result(struct view after)
{
    size_t at = 1;
    while (at < after.len && at < 4 && is_digit(after.data[at]))
        at++;
    if (after.len < 4 || after.data[0] != ' ' || at == 1 || at == 4)
        return false;
    at += after.data[at] == ',';
    if (at + 1 >= after.len || after.data[at] != ' ' || !is_capital(after.data[at + 1]))
        return false;
    at++;
    while (at + 1 < after.len && (beside_is_word_byte(after.data[at]) || (after.data[at] == ' ' && is_capital(after.data[at + 1]))))
        at++;
    return at + 1 < after.len && after.data[at] == ' ' && is_digit(after.data[at + 1]);
}

/* "beat" between two places; "England beat Brazil" stands alone in a headline, "England v Brazil" too. */
static bool is_beaten(const struct reading *reading, const struct mark *winner, const struct mark *loser)
{
    if (winner->kind != MENTION_NAME || loser->kind != MENTION_NAME || loser->span.start < winner->span.end)
        return false;
    struct view between = view_slice(reading->text, winner->span.end, loser->span.start);
    char lower[WORD_BYTES];
    if (between.len >= sizeof lower)
        return false;
    between = words_lower(between, lower, sizeof lower);
    return view_equal(between, view_of(" beat ")) || view_equal(between, view_of(" v "));
}

/* " manager Ann Lee": cities have managers too, but their names stand elsewhere. */
static bool is_managed(struct view after)
{
    struct view manager = view_of(" manager ");
    return view_starts_with(after, manager) && after.len > manager.len && is_capital(after.data[manager.len]);
}

/* "the match between |England and Pakistan": before the first of two. */
static bool is_matched(const struct reading *reading, const struct mark *mark)
{
    struct view between = beside_word_before(reading->text, mark->span.start);
    return view_equal(between, view_of("between")) &&
           beside_is_among(beside_word_before(reading->text, (size_t)(between.data - reading->text.data)), LIST(match_words));
}

/* And before the second. */
static bool is_matched_after(const struct reading *reading, const struct mark *mark)
{
    const struct mark *first = mark - 1;
    return first->kind == MENTION_NAME && first->span.end < mark->span.start &&
           view_equal(view_slice(reading->text, first->span.end, mark->span.start), view_of(" and ")) && is_matched(reading, first);
}

bool sides_has_cue(const struct reading *reading, size_t index)
{
    const struct mark *mark = &reading->marks[index];
    struct view after = beside_text_behind(reading, mark->span);
    return beside_is_among(beside_word_behind(after), LIST(staff_words)) || is_managed(after) || is_score(after) || is_result(after) ||
           is_matched(reading, mark) || (index > 0 && is_matched_after(reading, mark)) ||
           (index > 0 && is_beaten(reading, mark - 1, mark)) ||
           (index + 1 < reading->mark_count && is_beaten(reading, mark, mark + 1));
}

bool sides_is_side(const struct sides *sides, const struct reading *reading, const struct knowledge *knowledge, size_t index)
{
    const struct mark *mark = &reading->marks[index];
    bool is_sport = sides->is_sport || sides->is_sport_sentence[mark->sentence], is_cued = sides_has_cue(reading, index);
    uint32_t entry;
    enum known_kind kind;
    if ((!is_sport && !is_cued && !sides->is_result_list) || !find_first(knowledge, reading_view(reading, mark->span), &entry, &kind))
        return false;
    if (kind == KNOWN_KIND_COMPANY) /* clubs are named like what pays them, too: "Samsung 10 Lotte 3" */
        return sides->is_sport || sides->is_result_list || is_result(beside_text_behind(reading, mark->span));
    return is_place(kind) && (is_sport || is_cued) && !sides_is_place(reading, knowledge, index);
}
