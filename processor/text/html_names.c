#include "processor/text/html_names.h"

#include <stdlib.h>

enum { WORD_BYTES_MOST = 20, NAME_BYTES_MOST = 512 };

struct word {
    const char *text;
    enum region_kind kind;
};

#define A REGION_ADVERTISEMENT
#define B REGION_BYLINE
#define C REGION_CAPTION
#define F REGION_FOOTER
#define N REGION_NAVIGATION
#define P REGION_PROMOTION
#define R REGION_RELATED
#define S REGION_SUMMARY

/* Words of class and id names, by byte order. */
static const struct word words[] = {
    {"ad", A}, {"adbox", A}, {"addthis", N}, {"ads", A}, {"adsense", A}, {"adslot", A}, {"adunit", A}, {"advert", A},
    {"advertisement", A}, {"advertising", A}, {"adverts", A}, {"adwrapper", A}, {"also", R}, {"aside", R},
    {"author", B}, {"authors", B}, {"bio", B}, {"breadcrumb", N}, {"breadcrumbs", N}, {"byline", B}, {"bylines", B},
    {"caption", C}, {"captions", C}, {"carousel", R}, {"comment", R}, {"comments", R}, {"consent", P},
    {"contributor", B}, {"contributors", B}, {"cookie", P}, {"cookies", P}, {"copyright", F}, {"coral", R},
    {"correction", F}, {"corrections", F}, {"credit", C}, {"credits", C}, {"cta", P}, {"date", B}, {"dateline", B},
    {"datetime", B}, {"deck", S}, {"dek", S}, {"dfp", A}, {"disclaimer", F}, {"discussion", R}, {"disqus", R},
    {"donate", P}, {"donation", P}, {"dropdown", N}, {"excerpt", S}, {"figcaption", C}, {"follow", N}, {"footer", F},
    {"gdpr", P}, {"googlead", A}, {"gpt", A}, {"hamburger", N}, {"imagecaption", C}, {"interstitial", P},
    {"keywords", F}, {"latest", R}, {"legal", F}, {"license", F}, {"licensing", F}, {"lightbox", P}, {"livefyre", R},
    {"login", N}, {"masthead", N}, {"menu", N}, {"modal", P}, {"more", R}, {"morestories", R}, {"mostpopular", R},
    {"mostread", R}, {"nativo", A}, {"nav", N}, {"navbar", N}, {"navigation", N}, {"newsletter", P},
    {"newsletters", P}, {"optin", P}, {"outbrain", A}, {"overlay", P}, {"pager", N}, {"pagination", N},
    {"paywall", P}, {"photocredit", C}, {"piano", P}, {"playlist", R}, {"popular", R}, {"popup", P}, {"posted", B},
    {"postmeta", B}, {"promo", P}, {"promos", P}, {"promoted", A}, {"promotion", P}, {"pubdate", B},
    {"published", B}, {"rail", R}, {"readmore", R}, {"readnext", R}, {"recirc", R}, {"recirculation", R},
    {"recommendation", R}, {"recommendations", R}, {"recommended", R}, {"recommends", R}, {"regwall", P},
    {"related", R}, {"replies", R}, {"respond", R}, {"revcontent", A}, {"search", N}, {"share", N}, {"sharebar", N},
    {"sharedaddy", N}, {"shares", N}, {"sharethis", N}, {"sharetools", N}, {"sharing", N}, {"sidebar", R},
    {"signup", P}, {"sitemap", N}, {"skip", N}, {"skiplink", N}, {"slideshow", R}, {"social", N}, {"socialshare", N},
    {"sponsor", A}, {"sponsored", A}, {"sponsors", A}, {"standfirst", S}, {"subhead", S}, {"subheadline", S},
    {"subscribe", P}, {"subscription", P}, {"subtitle", S}, {"summary", S}, {"taboola", A}, {"tagged", F},
    {"taglist", F}, {"tags", F}, {"teaser", R}, {"teasers", R}, {"timestamp", B}, {"toc", N}, {"toolbar", N},
    {"topbar", N}, {"topics", F}, {"tp", P}, {"trending", R}, {"upnext", R}, {"viafoura", R}, {"widget", R},
    {"widgets", R}, {"zergnet", A},
};

#undef A
#undef B
#undef C
#undef F
#undef N
#undef P
#undef R
#undef S

static int word_compare(const void *key, const void *word)
{
    return strcmp(key, ((const struct word *)word)->text);
}

static uint8_t word_kind(const char *text)
{
    const struct word *found = bsearch(text, words, sizeof words / sizeof *words, sizeof *words, word_compare);
    return found ? (uint8_t)found->kind : HTML_NO_KIND;
}

/* The first word of "article-body relatedLinks" that means something. Words end at marks and before capitals. */
static uint8_t name_kind(struct view name)
{
    char word[WORD_BYTES_MOST + 1];
    size_t len = 0, bytes = name.len < NAME_BYTES_MOST ? name.len : NAME_BYTES_MOST;
    for (size_t i = 0; i <= bytes; i++) {
        char c = i < bytes ? name.data[i] : ' ';
        bool is_capital = c >= 'A' && c <= 'Z', is_small = c >= 'a' && c <= 'z';
        bool ends = !is_capital && !is_small;
        if (ends || (is_capital && i && name.data[i - 1] >= 'a' && name.data[i - 1] <= 'z')) {
            word[len <= WORD_BYTES_MOST ? len : 0] = '\0';
            uint8_t kind = word_kind(word);
            if (kind != HTML_NO_KIND)
                return kind;
            len = 0;
        }
        if (!ends) {
            if (len < WORD_BYTES_MOST)
                word[len] = (char)(c | 0x20);
            len++;
        }
    }
    return HTML_NO_KIND;
}

static uint8_t role_kind(struct view role)
{
    static const struct word roles[] = {
        {"navigation", REGION_NAVIGATION}, {"banner", REGION_NAVIGATION}, {"search", REGION_NAVIGATION},
        {"menu", REGION_NAVIGATION}, {"menubar", REGION_NAVIGATION}, {"toolbar", REGION_NAVIGATION},
        {"tablist", REGION_NAVIGATION}, {"button", REGION_NAVIGATION}, {"complementary", REGION_RELATED},
        {"contentinfo", REGION_FOOTER}, {"dialog", REGION_PROMOTION}, {"alertdialog", REGION_PROMOTION},
    };
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (view_equal(role, view_of(roles[i].text)))
            return (uint8_t)roles[i].kind;
    return HTML_NO_KIND;
}

static uint8_t tag_kind(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_NAV: case GUMBO_TAG_MENU: case GUMBO_TAG_BUTTON:
        return REGION_NAVIGATION;
    case GUMBO_TAG_ASIDE:
        return REGION_RELATED;
    case GUMBO_TAG_FOOTER:
        return REGION_FOOTER;
    case GUMBO_TAG_FIGCAPTION: case GUMBO_TAG_FIGURE:
        return REGION_CAPTION;
    case GUMBO_TAG_FORM:
        return REGION_PROMOTION;
    case GUMBO_TAG_TIME:
        return REGION_BYLINE;
    default:
        return HTML_NO_KIND;
    }
}

uint8_t html_names_kind(const GumboNode *element)
{
    GumboTag tag = element->v.element.tag;
    if (tag == GUMBO_TAG_HTML || tag == GUMBO_TAG_BODY)
        return HTML_NO_KIND;
    uint8_t kind = tag_kind(tag);
    if (kind == HTML_NO_KIND)
        kind = role_kind(html_attribute(element, "role"));
    if (kind == HTML_NO_KIND)
        kind = name_kind(html_attribute(element, "class"));
    if (kind == HTML_NO_KIND)
        kind = name_kind(html_attribute(element, "id"));
    return kind;
}

bool html_names_table_is_sorted(void)
{
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i - 1].text, words[i].text) >= 0)
            return false;
    return true;
}
