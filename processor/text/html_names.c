#include "processor/text/html_names.h"

#include <stdlib.h>

enum { WORD_BYTES_MOST = 20, NAME_BYTES_MOST = 512 };

struct word {
    const char *text;
    uint8_t kind;
    bool is_strong;
};

#define A REGION_ADVERTISEMENT, false
#define B REGION_BYLINE, false
#define C REGION_CAPTION, false
#define F REGION_FOOTER, true
#define N REGION_NAVIGATION, false
#define P REGION_PROMOTION, false
#define R REGION_RELATED, false
#define S REGION_SUMMARY, false
#define STRONG(kind) REGION_##kind, true

/* Words of class and id names, by byte order. */
static const struct word words[] = {
    {"ad", A}, {"adbox", A}, {"addthis", N}, {"ads", A}, {"adsense", A}, {"adslot", A}, {"adunit", A}, {"advert", A},
    {"advertisement", A}, {"advertising", A}, {"adverts", A}, {"adwrapper", A}, {"also", R}, {"aside", R},
    {"author", B}, {"authors", B}, {"bio", B}, {"breadcrumb", N}, {"breadcrumbs", N}, {"byline", B}, {"bylines", B},
    {"caption", C}, {"captions", C}, {"carousel", R}, {"comment", STRONG(RELATED)}, {"comments", STRONG(RELATED)},
    {"consent", STRONG(PROMOTION)}, {"contributor", B}, {"contributors", B}, {"cookie", STRONG(PROMOTION)},
    {"cookies", STRONG(PROMOTION)}, {"copyright", F}, {"coral", R}, {"correction", F}, {"corrections", F},
    {"credit", C}, {"credits", C}, {"cta", P}, {"date", B}, {"dateline", B}, {"datetime", B}, {"deck", S}, {"dek", S},
    {"dfp", A}, {"disclaimer", F}, {"discussion", R}, {"disqus", STRONG(RELATED)}, {"donate", P}, {"donation", P},
    {"dropdown", N}, {"excerpt", S}, {"figcaption", C}, {"follow", N}, {"footer", F}, {"gdpr", STRONG(PROMOTION)},
    {"googlead", A}, {"gpt", A}, {"hamburger", N}, {"imagecaption", C}, {"interstitial", P}, {"keywords", F},
    {"latest", R}, {"legal", F}, {"license", F}, {"licensing", F}, {"lightbox", P}, {"livefyre", STRONG(RELATED)},
    {"login", N}, {"masthead", N}, {"menu", N}, {"modal", P}, {"more", R}, {"morestories", R}, {"mostpopular", R},
    {"mostread", R}, {"nativo", A}, {"nav", N}, {"navbar", N}, {"navigation", N}, {"newsletter", P},
    {"newsletters", P}, {"optin", P}, {"outbrain", STRONG(ADVERTISEMENT)}, {"overlay", P}, {"pager", N},
    {"pagination", N}, {"paywall", P}, {"photocredit", C}, {"piano", P}, {"playlist", R}, {"popular", R},
    {"popup", P}, {"posted", B}, {"postmeta", B}, {"promo", P}, {"promos", P}, {"promoted", A}, {"promotion", P},
    {"pubdate", B}, {"published", B}, {"rail", R}, {"readmore", R}, {"readnext", R}, {"recirc", R},
    {"recirculation", R}, {"recommendation", R}, {"recommendations", R}, {"recommended", R}, {"recommends", R},
    {"regwall", P}, {"related", R}, {"replies", STRONG(RELATED)}, {"respond", STRONG(RELATED)}, {"revcontent", A},
    {"search", N}, {"share", N}, {"sharebar", N}, {"sharedaddy", N}, {"shares", N}, {"sharethis", N},
    {"sharetools", N}, {"sharing", N}, {"sidebar", R}, {"signup", P}, {"sitemap", N}, {"skip", N}, {"skiplink", N},
    {"slideshow", R}, {"social", N}, {"socialshare", N}, {"sponsor", A}, {"sponsored", A}, {"sponsors", A},
    {"standfirst", S}, {"subhead", S}, {"subheadline", S}, {"subscribe", P}, {"subscription", P}, {"subtitle", S},
    {"summary", S}, {"taboola", STRONG(ADVERTISEMENT)}, {"tagged", F}, {"taglist", F}, {"tags", F}, {"teaser", R},
    {"teasers", R}, {"timestamp", B}, {"toc", N}, {"toolbar", N}, {"topbar", N}, {"topics", F}, {"tp", P},
    {"trending", R}, {"upnext", R}, {"viafoura", R}, {"widget", R}, {"widgets", R}, {"zergnet", A},
};

#undef A
#undef B
#undef C
#undef F
#undef N
#undef P
#undef R
#undef S
#undef STRONG

static int word_compare(const void *key, const void *word)
{
    return strcmp(key, ((const struct word *)word)->text);
}

static const struct word *word_find(const char *text)
{
    return bsearch(text, words, sizeof words / sizeof *words, sizeof *words, word_compare);
}

static bool is_one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

/* "article-body", "storyText", "entry__content": two words that name an article's text. */
static bool is_content_name(const char *first, const char *second)
{
    static const char *const things[] = {"article", "story", "entry", "post", "news", "body", "blog"};
    static const char *const parts[] = {"body", "content", "text", "copy", "story"};
    static const char *const whole[] = {"articlebody", "storybody", "articlecontent", "entrycontent", "postcontent",
                                        "storycontent", "articletext", "storytext", "bodytext", "bodycopy", "speakable"};
    return is_one_of(second, whole, sizeof whole / sizeof *whole) ||
           (strcmp(first, second) != 0 && is_one_of(first, things, sizeof things / sizeof *things) &&
            is_one_of(second, parts, sizeof parts / sizeof *parts));
}

/* Reads "article-body relatedLinks" word by word; words end at marks and before capitals. The first that means something
 * gives the kind. */
static void names_look(struct view names, struct html_name *name)
{
    char word[2][WORD_BYTES_MOST + 1] = {"", ""};
    size_t len = 0, bytes = names.len < NAME_BYTES_MOST ? names.len : NAME_BYTES_MOST, now = 0;
    for (size_t i = 0; i <= bytes; i++) {
        char c = i < bytes ? names.data[i] : ' ';
        bool is_capital = c >= 'A' && c <= 'Z', is_small = c >= 'a' && c <= 'z';
        bool ends = !is_capital && !is_small;
        if (len && (ends || (is_capital && names.data[i - 1] >= 'a' && names.data[i - 1] <= 'z'))) {
            word[now][len <= WORD_BYTES_MOST ? len : 0] = '\0';
            const struct word *found = name->kind == HTML_NO_KIND ? word_find(word[now]) : NULL;
            if (found) {
                name->kind = found->kind;
                name->is_strong = found->is_strong;
            }
            name->is_content |= is_content_name(word[!now], word[now]);
            now = !now;
            len = 0;
        }
        if (c == ' ')
            word[!now][0] = '\0'; /* pairs stand within one name */
        if (!ends) {
            if (len < WORD_BYTES_MOST)
                word[now][len] = (char)(c | 0x20);
            len++;
        }
    }
}

static uint8_t role_kind(struct view role)
{
    static const struct {
        const char *text;
        enum region_kind kind;
    } roles[] = {
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

struct html_name html_names_read(const GumboNode *element)
{
    GumboTag tag = element->v.element.tag;
    struct html_name name = {.kind = tag_kind(tag)};
    if (tag == GUMBO_TAG_HTML || tag == GUMBO_TAG_BODY)
        return name;
    name.is_strong = tag == GUMBO_TAG_NAV || tag == GUMBO_TAG_FOOTER;
    if (name.kind == HTML_NO_KIND)
        name.kind = role_kind(html_attribute(element, "role"));
    names_look(html_attribute(element, "class"), &name);
    names_look(html_attribute(element, "id"), &name);
    name.is_content |= view_equal(html_attribute(element, "itemprop"), view_of("articleBody"));
    if (name.is_content && !name.is_strong)
        name.kind = HTML_NO_KIND;
    return name;
}

bool html_names_table_is_sorted(void)
{
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i - 1].text, words[i].text) >= 0)
            return false;
    return true;
}
