#include "processor/text/abbreviations.h"

#include <stdlib.h>

enum { TOKEN_BYTES = 12 }; /* longer than every entry */

struct entry {
    const char *text;
    enum abbreviation kind;
};

#define T ABBREVIATION_TITLE
#define N ABBREVIATION_NUMBER
#define M ABBREVIATION_MONTH
#define W ABBREVIATION_WORD

/* By byte order. */
static const struct entry entries[] = {
    {"Adj", W}, {"Adm", T}, {"Ala", W}, {"Ald", T}, {"Alta", W}, {"Amb", T}, {"Apr", M}, {"Ariz", W}, {"Ark", W},
    {"Art", N}, {"Arts", N}, {"Assn", W}, {"Assoc", W}, {"Asst", T}, {"Atty", T}, {"Aug", M}, {"Ave", W}, {"B.A", W},
    {"B.C", W}, {"Bhd", W}, {"Bldg", W}, {"Blvd", W}, {"Brig", T}, {"Brig.Gen", T}, {"Bro", T}, {"Bros", W},
    {"Cal", W}, {"Calif", W}, {"Capt", T}, {"Cdr", T}, {"Ch", N}, {"Cia", W}, {"Cie", W}, {"Cl", N}, {"Cllr", T},
    {"Cmdr", T}, {"Cmsgt", T}, {"Co", W}, {"Col", T}, {"Col.Gen", T}, {"Colo", W}, {"Comdr", T}, {"Comm", T},
    {"Congr", W}, {"Conn", W}, {"Const", T}, {"Corp", W}, {"Cos", W}, {"Cpl", T}, {"Cpt", T}, {"Cty", W},
    {"D-Calif", W}, {"D-N.Y", W}, {"Dec", M}, {"Del", W}, {"Dept", W}, {"Depts", W}, {"Det", T}, {"Dist", W},
    {"Div", W}, {"Dr", T}, {"Dra", T}, {"Drs", T}, {"Elem", W}, {"Eng", T}, {"Engr", T}, {"Ens", T}, {"Esq", T},
    {"Est", W}, {"Exch", W}, {"Ext", W}, {"Feb", M}, {"Fig", N}, {"Figs", N}, {"Fla", W}, {"Fr", T}, {"Ft", T},
    {"Ga", W}, {"Gen", T}, {"Gens", T}, {"GmbH", W}, {"Gov", T}, {"Govs", T}, {"Govt", W}, {"Hon", T}, {"Hosp", W},
    {"Hr", T}, {"Hwy", N}, {"Ida", W}, {"Ill", W}, {"Inc", W}, {"Ind", W}, {"Ing", T}, {"Insp", T}, {"Inst", W},
    {"Intl", W}, {"Jan", M}, {"Jct", W}, {"Jr", W}, {"Jul", M}, {"Jun", M}, {"Kan", W}, {"Kans", W}, {"Kft", W},
    {"Ky", W}, {"La", W}, {"Lcpl", T}, {"Lic", T}, {"Lieut", T}, {"Lt", T}, {"Lt.Col", T}, {"Lt.Gen", T},
    {"Lt.Gov", T}, {"Ltd", W}, {"Ltda", W}, {"M.A", W}, {"M.D", W}, {"Maj", T}, {"Maj.Gen", T}, {"Mar", M},
    {"Mass", W}, {"Md", W}, {"Mdm", T}, {"Messrs", T}, {"Mfg", W}, {"Mfrs", W}, {"Mgr", T}, {"Mich", W}, {"Minn", W},
    {"Mlle", T}, {"Mme", T}, {"Mo", W}, {"Mohd", T}, {"Mont", W}, {"Mr", T}, {"Mrs", T}, {"Ms", T}, {"Msgr", T},
    {"Mssrs", W}, {"Mt", T}, {"Mx", T}, {"N.B", W}, {"N.C", W}, {"N.D", W}, {"N.H", W}, {"N.J", W}, {"N.M", W},
    {"N.S", W}, {"N.Y", W}, {"Natl", W}, {"Neb", W}, {"Nebr", W}, {"Nev", W}, {"No", N}, {"Nos", N}, {"Nov", M},
    {"Oct", M}, {"Ofc", T}, {"Okla", W}, {"Ont", W}, {"Ore", W}, {"P.E.I", W}, {"Pa", W}, {"Para", N}, {"Pfc", T},
    {"Ph.D", W}, {"Ph.D.s", W}, {"Pl", W}, {"Plc", W}, {"Pp", N}, {"Pres", T}, {"Prof", T}, {"Prof.Dr", T},
    {"Profs", T}, {"Pte", T}, {"Ptl", T}, {"Pty", W}, {"Pvt", T}, {"Qld", W}, {"Que", W}, {"R.I", W}, {"Rd", W},
    {"Rep", T}, {"Reps", T}, {"Retd", T}, {"Rev", T}, {"Revd", T}, {"Rs", N}, {"Rt", N}, {"Rtd", T}, {"S.C", W},
    {"S.D", W}, {"Sarl", W}, {"Sask", W}, {"Sdn", W}, {"Sec", N}, {"Secs", N}, {"Sen", T}, {"Sens", T}, {"Sep", M},
    {"Sept", M}, {"Sgt", T}, {"Spc", T}, {"Sq", W}, {"Sr", W}, {"Sra", T}, {"Srta", T}, {"Ssgt", T}, {"St", T},
    {"Ste", T}, {"Supt", T}, {"Tbk", W}, {"Tel", W}, {"Tenn", W}, {"Tex", W}, {"Treas", T}, {"Tsgt", T}, {"Twp", W},
    {"Univ", W}, {"Va", W}, {"Ven", T}, {"Viz", W}, {"Vol", N}, {"Vols", N}, {"Vs", W}, {"Vt", W}, {"W.Va", W},
    {"Wash", W}, {"Wis", W}, {"Wm", T}, {"Wyo", W}, {"a.k.a", W}, {"al", W}, {"approx", T}, {"avg", W}, {"ca", T},
    {"cf", T}, {"cm", W}, {"dept", W}, {"e.g", T}, {"eds", W}, {"est", W}, {"etc", W}, {"excl", W}, {"ft", W},
    {"hr", W}, {"hrs", W}, {"i.e", T}, {"incl", W}, {"kg", W}, {"km", W}, {"lb", W}, {"lbs", W}, {"mins", W},
    {"no", N}, {"nos", N}, {"oz", W}, {"p", N}, {"para", N}, {"pp", N}, {"resp", W}, {"secs", W}, {"viz", W},
    {"vs", T},
};

#undef T
#undef N
#undef M
#undef W

static const char *const starters[] = {
    "A", "About", "Above", "According", "Across", "Additionally", "After", "Afterwards", "All", "Almost", "Along",
    "Already", "Also", "Although", "Among", "An", "And", "Another", "Any", "Anyone", "Are", "As", "Asked", "At",
    "Authorities", "Back", "Because", "Before", "Being", "Besides", "Between", "Both", "But", "By", "Can", "Could",
    "Critics", "Despite", "Did", "Do", "Does", "During", "Each", "Earlier", "Either", "Elsewhere", "Even",
    "Eventually", "Every", "Everyone", "Experts", "Few", "Finally", "For", "From", "Further", "Furthermore", "Given",
    "Had", "Has", "Have", "He", "Hence", "Her", "Here", "His", "How", "However", "I", "If", "In", "Indeed",
    "Instead", "Is", "It", "Its", "Just", "Last", "Lastly", "Later", "Like", "Many", "Maybe", "Meanwhile", "Might",
    "More", "Moreover", "Most", "Much", "My", "Nearly", "Neither", "Never", "Nevertheless", "No", "Nobody", "None",
    "Nor", "Not", "Nothing", "Now", "Of", "Officials", "Often", "On", "Once", "One", "Only", "Or", "Other", "Others",
    "Our", "Over", "Overall", "Perhaps", "Please", "Police", "Previously", "Rather", "Recently", "Regardless",
    "Reports", "Researchers", "Several", "She", "Should", "Similarly", "Since", "So", "Some", "Someone", "Sometimes",
    "Soon", "Still", "Such", "That", "The", "Their", "Them", "Then", "There", "Therefore", "These", "They", "This",
    "Those", "Though", "Through", "Throughout", "Thus", "To", "Today", "Together", "Two", "Under", "Unlike", "Until",
    "Up", "Upon", "Was", "We", "Well", "Were", "What", "When", "Whenever", "Where", "Whereas", "Whether", "Which",
    "While", "Who", "Whoever", "Why", "Will", "With", "Within", "Without", "Would", "Yes", "Yet", "You", "Your",
};

static const char *const time_words[] = {
    "Apr", "April", "Aug", "August", "BST", "CDT", "CEST", "CET", "CST", "CT", "Central", "Dec", "December", "EDT",
    "EST", "ET", "Eastern", "Feb", "February", "Fri", "Friday", "GMT", "Greenwich", "IST", "JST", "Jan", "January",
    "Jul", "July", "Jun", "June", "Local", "MDT", "MST", "MT", "Mar", "March", "May", "Mon", "Monday", "Mountain",
    "Nov", "November", "Oct", "October", "PDT", "PST", "PT", "Pacific", "Sat", "Saturday", "Sep", "Sept",
    "September", "Sun", "Sunday", "Thu", "Thurs", "Thursday", "Tue", "Tues", "Tuesday", "UTC", "Wed", "Wednesday",
};

static int view_compare(struct view a, const char *b)
{
    size_t len = strlen(b);
    int order = memcmp(a.data, b, a.len < len ? a.len : len);
    return order ? order : (a.len > len) - (a.len < len);
}

static int entry_compare(const void *token, const void *entry)
{
    return view_compare(*(const struct view *)token, ((const struct entry *)entry)->text);
}

static int word_compare(const void *token, const void *word)
{
    return view_compare(*(const struct view *)token, *(const char *const *)word);
}

static enum abbreviation entry_find(struct view token)
{
    const struct entry *found = bsearch(&token, entries, sizeof entries / sizeof *entries, sizeof *entries, entry_compare);
    return found ? found->kind : ABBREVIATION_NONE;
}

enum abbreviation abbreviation_find(struct view token)
{
    if (token.len == 0 || token.len > TOKEN_BYTES)
        return ABBREVIATION_NONE;
    enum abbreviation kind = entry_find(token);
    if (kind != ABBREVIATION_NONE || token.len == 1)
        return kind;

    char capitalised[TOKEN_BYTES];
    capitalised[0] = token.data[0];
    for (size_t i = 1; i < token.len; i++) {
        if (token.data[i] < 'A' || token.data[i] > 'Z')
            return ABBREVIATION_NONE;
        capitalised[i] = (char)(token.data[i] | 0x20);
    }
    return entry_find((struct view){.data = capitalised, .len = token.len});
}

bool abbreviation_is_starter(struct view word)
{
    return word.len && bsearch(&word, starters, sizeof starters / sizeof *starters, sizeof *starters, word_compare);
}

bool abbreviation_is_time_word(struct view word)
{
    return word.len && bsearch(&word, time_words, sizeof time_words / sizeof *time_words, sizeof *time_words, word_compare);
}

static bool words_are_sorted(const char *const *words, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (strcmp(words[i - 1], words[i]) >= 0)
            return false;
    return true;
}

bool abbreviation_tables_are_sorted(void)
{
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (strlen(entries[i].text) > TOKEN_BYTES || (i && strcmp(entries[i - 1].text, entries[i].text) >= 0))
            return false;
    return words_are_sorted(starters, sizeof starters / sizeof *starters) &&
           words_are_sorted(time_words, sizeof time_words / sizeof *time_words);
}
