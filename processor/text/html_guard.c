#include "processor/text/html_guard.h"

#include <gumbo.h>
#include <strings.h>

/* What a tag means for the stack of open elements. */
enum role {
    IS_VOID = 1 << 0,       /* never has content */
    IS_SPECIAL = 1 << 1,    /* the standard's "special" elements: other end tags do not reach through them */
    IS_SCOPE = 1 << 2,      /* end tags do not reach through these, but for those of tables */
    IS_FORMATTING = 1 << 3, /* closed by themselves, whatever is open inside */
    CLOSES_P = 1 << 4,      /* its start ends an open paragraph */
    IS_RAW = 1 << 5,        /* its content is text up to its end tag */
    IS_PAGE = 1 << 6,       /* html, head, body: never counted */
    IS_TABLE_PART = 1 << 7,
    IS_FOREIGN = 1 << 8,
    IS_HEADING = 1 << 9
};

static const unsigned short roles[GUMBO_TAG_LAST + 1] = {
#define T(name) [GUMBO_TAG_##name]
    T(AREA) = IS_VOID, T(BASE) = IS_VOID, T(BASEFONT) = IS_VOID, T(BGSOUND) = IS_VOID, T(BR) = IS_VOID, T(COL) = IS_VOID,
    T(EMBED) = IS_VOID, T(FRAME) = IS_VOID, T(HR) = IS_VOID | CLOSES_P, T(IMAGE) = IS_VOID, T(IMG) = IS_VOID,
    T(INPUT) = IS_VOID, T(ISINDEX) = IS_VOID, T(KEYGEN) = IS_VOID, T(LINK) = IS_VOID, T(META) = IS_VOID, T(PARAM) = IS_VOID,
    T(SOURCE) = IS_VOID, T(TRACK) = IS_VOID, T(WBR) = IS_VOID,
    T(HTML) = IS_PAGE, T(HEAD) = IS_PAGE, T(BODY) = IS_PAGE,
    T(SCRIPT) = IS_RAW, T(STYLE) = IS_RAW, T(TITLE) = IS_RAW, T(TEXTAREA) = IS_RAW, T(XMP) = IS_RAW | CLOSES_P,
    T(IFRAME) = IS_RAW, T(NOEMBED) = IS_RAW, T(NOFRAMES) = IS_RAW,
    T(A) = IS_FORMATTING, T(B) = IS_FORMATTING, T(BIG) = IS_FORMATTING, T(CODE) = IS_FORMATTING, T(EM) = IS_FORMATTING,
    T(FONT) = IS_FORMATTING, T(I) = IS_FORMATTING, T(NOBR) = IS_FORMATTING, T(S) = IS_FORMATTING, T(SMALL) = IS_FORMATTING,
    T(STRIKE) = IS_FORMATTING, T(STRONG) = IS_FORMATTING, T(TT) = IS_FORMATTING, T(U) = IS_FORMATTING,
    T(ADDRESS) = IS_SPECIAL | CLOSES_P, T(ARTICLE) = IS_SPECIAL | CLOSES_P, T(ASIDE) = IS_SPECIAL | CLOSES_P,
    T(BLOCKQUOTE) = IS_SPECIAL | CLOSES_P, T(CENTER) = IS_SPECIAL | CLOSES_P, T(DETAILS) = IS_SPECIAL | CLOSES_P,
    T(DIR) = IS_SPECIAL | CLOSES_P, T(DIV) = IS_SPECIAL | CLOSES_P, T(DL) = IS_SPECIAL | CLOSES_P,
    T(FIELDSET) = IS_SPECIAL | CLOSES_P, T(FIGCAPTION) = IS_SPECIAL | CLOSES_P, T(FIGURE) = IS_SPECIAL | CLOSES_P,
    T(FOOTER) = IS_SPECIAL | CLOSES_P, T(FORM) = IS_SPECIAL | CLOSES_P, T(FRAMESET) = IS_SPECIAL,
    T(HEADER) = IS_SPECIAL | CLOSES_P, T(HGROUP) = IS_SPECIAL | CLOSES_P, T(LISTING) = IS_SPECIAL | CLOSES_P,
    T(MAIN) = IS_SPECIAL | CLOSES_P, T(MENU) = IS_SPECIAL | CLOSES_P, T(NAV) = IS_SPECIAL | CLOSES_P,
    T(OL) = IS_SPECIAL | CLOSES_P, T(P) = IS_SPECIAL | CLOSES_P, T(PRE) = IS_SPECIAL | CLOSES_P,
    T(SECTION) = IS_SPECIAL | CLOSES_P, T(SUMMARY) = IS_SPECIAL | CLOSES_P, T(UL) = IS_SPECIAL | CLOSES_P,
    T(NOSCRIPT) = IS_SPECIAL, T(SELECT) = IS_SPECIAL, T(BUTTON) = IS_SPECIAL,
    T(LI) = IS_SPECIAL | CLOSES_P, T(DD) = IS_SPECIAL | CLOSES_P, T(DT) = IS_SPECIAL | CLOSES_P,
    T(H1) = IS_SPECIAL | CLOSES_P | IS_HEADING, T(H2) = IS_SPECIAL | CLOSES_P | IS_HEADING,
    T(H3) = IS_SPECIAL | CLOSES_P | IS_HEADING, T(H4) = IS_SPECIAL | CLOSES_P | IS_HEADING,
    T(H5) = IS_SPECIAL | CLOSES_P | IS_HEADING, T(H6) = IS_SPECIAL | CLOSES_P | IS_HEADING,
    T(APPLET) = IS_SPECIAL | IS_SCOPE, T(MARQUEE) = IS_SPECIAL | IS_SCOPE, T(OBJECT) = IS_SPECIAL | IS_SCOPE,
    T(TEMPLATE) = IS_SPECIAL | IS_SCOPE, T(CAPTION) = IS_SPECIAL | IS_SCOPE | IS_TABLE_PART,
    T(TABLE) = IS_SPECIAL | IS_SCOPE | IS_TABLE_PART | CLOSES_P, T(TD) = IS_SPECIAL | IS_SCOPE | IS_TABLE_PART,
    T(TH) = IS_SPECIAL | IS_SCOPE | IS_TABLE_PART, T(TR) = IS_SPECIAL | IS_TABLE_PART,
    T(TBODY) = IS_SPECIAL | IS_TABLE_PART, T(TFOOT) = IS_SPECIAL | IS_TABLE_PART, T(THEAD) = IS_SPECIAL | IS_TABLE_PART,
    T(COLGROUP) = IS_SPECIAL | IS_TABLE_PART,
    T(SVG) = IS_SPECIAL | IS_SCOPE | IS_FOREIGN, T(MATH) = IS_SPECIAL | IS_SCOPE | IS_FOREIGN,
#undef T
};

struct guard {
    struct view bytes;
    size_t at;
    GumboTag open[HTML_DEPTH_MOST];
    size_t depth;
    size_t foreign_count; /* svg and math among them */
    struct arena *arena;
    char *lean; /* NULL until something is left out */
    size_t lean_len, kept; /* bytes before `kept` are in lean or left out */
};

struct tag {
    GumboTag id;
    struct view text; /* without its '<' */
    bool is_self_closing;
    size_t attribute_count;
};

static void stack_cut(struct guard *guard, size_t depth)
{
    for (size_t i = depth; i < guard->depth; i++)
        guard->foreign_count -= (roles[guard->open[i]] & IS_FOREIGN) != 0;
    guard->depth = depth;
}

static void stack_remove(struct guard *guard, size_t i)
{
    guard->foreign_count -= (roles[guard->open[i]] & IS_FOREIGN) != 0;
    memmove(&guard->open[i], &guard->open[i + 1], (guard->depth - i - 1) * sizeof *guard->open);
    guard->depth--;
}

/* The nearest open `id` above any element that has one of the roles `walls`; guard->depth where there is none. */
static size_t open_find(const struct guard *guard, GumboTag id, unsigned walls)
{
    for (size_t i = guard->depth; i-- > 0;) {
        if (guard->open[i] == id)
            return i;
        if (roles[guard->open[i]] & walls)
            break;
    }
    return guard->depth;
}

static void close_nearest(struct guard *guard, GumboTag id, unsigned walls)
{
    stack_cut(guard, open_find(guard, id, walls));
}

/* A formatting element's end: what is open inside stays open where it is a block. */
static void close_formatting(struct guard *guard, GumboTag id)
{
    size_t found = open_find(guard, id, IS_SCOPE);
    if (found == guard->depth)
        return;
    for (size_t i = found + 1; i < guard->depth; i++) {
        if (roles[guard->open[i]] & IS_SPECIAL) {
            stack_remove(guard, found);
            return;
        }
    }
    stack_cut(guard, found);
}

static void close_list_item(struct guard *guard, const GumboTag *ids, size_t count)
{
    for (size_t i = guard->depth; i-- > 0;) {
        GumboTag open = guard->open[i];
        for (size_t j = 0; j < count; j++) {
            if (open == ids[j]) {
                stack_cut(guard, i);
                return;
            }
        }
        bool is_thin = open == GUMBO_TAG_ADDRESS || open == GUMBO_TAG_DIV || open == GUMBO_TAG_P;
        if ((roles[open] & IS_SPECIAL) && !is_thin)
            return;
    }
}

/* A part of a table ends the parts that are open below the one it belongs to. */
static void close_table_parts(struct guard *guard, GumboTag id)
{
    bool is_cell = id == GUMBO_TAG_TD || id == GUMBO_TAG_TH, is_row = id == GUMBO_TAG_TR;
    for (size_t i = guard->depth; i-- > 0;) {
        GumboTag open = guard->open[i];
        bool is_group = open == GUMBO_TAG_TBODY || open == GUMBO_TAG_THEAD || open == GUMBO_TAG_TFOOT;
        if (open == GUMBO_TAG_TABLE || (is_cell && open == GUMBO_TAG_TR) || ((is_cell || is_row) && is_group)) {
            stack_cut(guard, i + 1);
            return;
        }
        if (open == GUMBO_TAG_TEMPLATE || (roles[open] & IS_FOREIGN))
            return;
    }
}

/* Parts of tables stand nowhere else; elsewhere the parser lets them go. */
static bool has_table(const struct guard *guard)
{
    for (size_t i = guard->depth; i-- > 0;)
        if (guard->open[i] == GUMBO_TAG_TABLE || guard->open[i] == GUMBO_TAG_TEMPLATE)
            return true;
    return false;
}

/* The ends that a start tag implies. */
static void close_implied(struct guard *guard, GumboTag id)
{
    static const GumboTag items[] = {GUMBO_TAG_LI}, terms[] = {GUMBO_TAG_DD, GUMBO_TAG_DT};
    GumboTag top = guard->depth ? guard->open[guard->depth - 1] : GUMBO_TAG_LAST;
    if (id == GUMBO_TAG_LI)
        close_list_item(guard, items, 1);
    else if (id == GUMBO_TAG_DD || id == GUMBO_TAG_DT)
        close_list_item(guard, terms, 2);
    else if ((roles[id] & IS_TABLE_PART) && id != GUMBO_TAG_TABLE)
        close_table_parts(guard, id);
    else if (id == GUMBO_TAG_A || id == GUMBO_TAG_NOBR)
        close_formatting(guard, id);
    else if (id == GUMBO_TAG_BUTTON)
        close_nearest(guard, id, IS_SCOPE);
    else if (((roles[id] & IS_HEADING) && (roles[top] & IS_HEADING)) ||
             ((id == GUMBO_TAG_OPTION || id == GUMBO_TAG_OPTGROUP) && top == GUMBO_TAG_OPTION) ||
             ((id == GUMBO_TAG_RT || id == GUMBO_TAG_RP) && (top == GUMBO_TAG_RT || top == GUMBO_TAG_RP)))
        stack_cut(guard, guard->depth - 1);
    if ((roles[id] & CLOSES_P) && open_find(guard, GUMBO_TAG_BUTTON, IS_SCOPE) == guard->depth)
        close_nearest(guard, GUMBO_TAG_P, IS_SCOPE);
}

static void end_tag(struct guard *guard, GumboTag id)
{
    unsigned role = roles[id];
    if (role & (IS_PAGE | IS_VOID))
        return;
    if (id == GUMBO_TAG_FORM) {
        size_t found = open_find(guard, id, IS_SCOPE);
        if (found < guard->depth)
            stack_remove(guard, found);
    } else if (role & IS_FORMATTING) {
        close_formatting(guard, id);
    } else if (role & (IS_TABLE_PART | IS_FOREIGN) || id == GUMBO_TAG_TEMPLATE || id == GUMBO_TAG_SELECT) {
        size_t found = open_find(guard, id, id == GUMBO_TAG_TEMPLATE ? 0 : IS_FOREIGN);
        size_t table = open_find(guard, GUMBO_TAG_TABLE, 0);
        if (id == GUMBO_TAG_TABLE || table == guard->depth || found > table)
            stack_cut(guard, found);
    } else {
        close_nearest(guard, id, role & IS_SPECIAL ? IS_SCOPE : IS_SPECIAL);
    }
}

static void raw_skip(struct guard *guard, const char *name, size_t len)
{
    const char *end = guard->bytes.data + guard->bytes.len;
    for (const char *at = guard->bytes.data + guard->at; (at = memchr(at, '<', (size_t)(end - at))); at++) {
        if ((size_t)(end - at) >= len + 2 && at[1] == '/' && strncasecmp(at + 2, name, len) == 0) {
            guard->at = (size_t)(at - guard->bytes.data);
            return;
        }
    }
    guard->at = guard->bytes.len;
}

static void keep_to(struct guard *guard, size_t end)
{
    memcpy(guard->lean + guard->lean_len, guard->bytes.data + guard->kept, end - guard->kept);
    guard->lean_len += end - guard->kept;
    guard->kept = end;
}

/* Leaves out the bytes from `start` to guard->at, the content of a script or style. With "<!--" in it a script may go on
 * behind "</script>", so such a one is left to the parser. */
static void leave_out(struct guard *guard, size_t start)
{
    struct view content = view_slice(guard->bytes, start, guard->at);
    if (content.len == 0 || memmem(content.data, content.len, "<!--", 4))
        return;
    if (!guard->lean)
        guard->lean = arena_take(guard->arena, guard->bytes.len);
    keep_to(guard, start);
    guard->kept = guard->at;
}

static void raw_element(struct guard *guard, const struct tag *tag)
{
    const char *name = gumbo_normalized_tagname(tag->id);
    size_t start = guard->at;
    raw_skip(guard, name, strlen(name));
    bool is_data = memmem(tag->text.data, tag->text.len, "ld+json", 7) != NULL;
    if ((tag->id == GUMBO_TAG_SCRIPT && !is_data) || tag->id == GUMBO_TAG_STYLE)
        leave_out(guard, start);
}

static bool start_tag(struct guard *guard, const struct tag *tag, struct error *err)
{
    unsigned role = roles[tag->id];
    if (tag->attribute_count > HTML_ATTRIBUTES_MOST)
        return error_set(err, ERROR_INPUT, "html.attributes", "a tag has more than %d attributes", HTML_ATTRIBUTES_MOST);
    bool is_foreign = guard->foreign_count > 0;
    if ((role & IS_PAGE) || (role & IS_VOID && !is_foreign) || (is_foreign && tag->is_self_closing))
        return true;
    bool is_stray = role & IS_TABLE_PART && tag->id != GUMBO_TAG_TABLE && !has_table(guard);
    if (is_stray && !is_foreign)
        return true;
    if (!is_foreign)
        close_implied(guard, tag->id);
    if ((role & IS_RAW) && !is_foreign) {
        raw_element(guard, tag);
        return true;
    }
    if (tag->is_self_closing && (role & IS_FOREIGN))
        return true;
    if (guard->depth == HTML_DEPTH_MOST)
        return error_set(err, ERROR_INPUT, "html.depth", "elements nest deeper than %d", HTML_DEPTH_MOST);
    guard->open[guard->depth++] = tag->id;
    guard->foreign_count += (role & IS_FOREIGN) != 0;
    return true;
}

static bool is_html_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Moves behind the value that follows an '=' at guard->at. */
static void value_skip(struct guard *guard)
{
    struct view bytes = guard->bytes;
    size_t at = guard->at + 1;
    while (at < bytes.len && is_html_space(bytes.data[at]))
        at++;
    if (at < bytes.len && (bytes.data[at] == '"' || bytes.data[at] == '\'')) {
        const char *close = memchr(bytes.data + at + 1, bytes.data[at], bytes.len - at - 1);
        at = close ? (size_t)(close - bytes.data) + 1 : bytes.len;
    } else {
        while (at < bytes.len && !is_html_space(bytes.data[at]) && bytes.data[at] != '>')
            at++;
    }
    guard->at = at;
}

/* Reads the tag whose name begins at guard->at; moves behind its '>'. */
static struct tag tag_read(struct guard *guard)
{
    struct view bytes = guard->bytes;
    size_t start = guard->at;
    while (guard->at < bytes.len && !is_html_space(bytes.data[guard->at]) && bytes.data[guard->at] != '/' &&
           bytes.data[guard->at] != '>')
        guard->at++;
    struct tag tag = {0};
    size_t name_len = guard->at - start;
    tag.id = name_len <= 32 ? gumbo_tagn_enum(bytes.data + start, (unsigned)name_len) : GUMBO_TAG_UNKNOWN;
    bool is_name_open = false;
    while (guard->at < bytes.len && bytes.data[guard->at] != '>') {
        char c = bytes.data[guard->at];
        tag.is_self_closing = c == '/';
        if (c == '=' && is_name_open) {
            value_skip(guard);
            is_name_open = false;
            continue;
        }
        bool is_break = is_html_space(c) || c == '/';
        tag.attribute_count += !is_break && !is_name_open;
        is_name_open = !is_break;
        guard->at++;
    }
    tag.text = view_slice(bytes, start, guard->at);
    guard->at += guard->at < bytes.len;
    return tag;
}

static void comment_skip(struct guard *guard)
{
    struct view bytes = guard->bytes;
    struct view rest = view_slice(bytes, guard->at, bytes.len);
    if (!view_starts_with(rest, view_of("!--"))) {
        const char *close = memchr(rest.data, '>', rest.len);
        guard->at = close ? (size_t)(close - bytes.data) + 1 : bytes.len;
        return;
    }
    /* From the first '-' on: "<!-->" and "<!--->" are whole comments. "--!>" ends one, too. */
    size_t at = guard->at + 1;
    for (const char *dash; (dash = memchr(bytes.data + at, '-', bytes.len - at)); at++) {
        at = (size_t)(dash - bytes.data);
        struct view behind = view_slice(bytes, at + 1, bytes.len);
        size_t end = view_starts_with(behind, view_of("->")) ? 2 : view_starts_with(behind, view_of("-!>")) ? 3 : 0;
        if (end) {
            guard->at = at + 1 + end;
            return;
        }
    }
    guard->at = bytes.len;
}

static bool is_ascii_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Reads what begins with the '<' before guard->at. */
static bool mark_read(struct guard *guard, struct error *err)
{
    struct view bytes = guard->bytes;
    char first = bytes.data[guard->at];
    bool is_end = first == '/' && guard->at + 1 < bytes.len && is_ascii_letter(bytes.data[guard->at + 1]);
    if (!is_end && !is_ascii_letter(first)) {
        if (first == '!' || first == '?' || first == '/')
            comment_skip(guard);
        return true;
    }
    guard->at += is_end;
    struct tag tag = tag_read(guard);
    if (!is_end)
        return start_tag(guard, &tag, err);
    end_tag(guard, tag.id);
    return true;
}

bool html_guard(struct view bytes, struct arena *arena, struct view *lean, struct error *err)
{
    struct guard guard = {.bytes = bytes, .arena = arena};
    while (guard.at < bytes.len) {
        const char *open = memchr(bytes.data + guard.at, '<', bytes.len - guard.at);
        if (!open || (size_t)(open - bytes.data) + 1 >= bytes.len)
            break;
        guard.at = (size_t)(open - bytes.data) + 1;
        if (!mark_read(&guard, err))
            return false;
    }
    *lean = bytes;
    if (guard.lean) {
        keep_to(&guard, bytes.len);
        *lean = (struct view){.data = guard.lean, .len = guard.lean_len};
    }
    return true;
}
