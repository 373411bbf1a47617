#include "processor/commands/seesaw_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { WORDS_MOST = 64 };

struct words {
    struct view items[WORDS_MOST]; /* [count]; a name of more words is cut */
    size_t count;
};

static const char *const titles[] = {
    "president", "sen", "senator", "rep", "representative", "gov", "governor", "mr", "mrs", "ms", "dr", "prof", "secretary",
    "minister", "chancellor", "judge", "justice", "chief", "attorney", "general", "speaker", "leader", "sir", "lord", "king",
    "queen", "prince", "princess", "pope", "rev", "reverend", "gen", "col", "lt", "capt", "sgt", "adm", "candidate", "nominee",
    "congressman", "congresswoman", "mayor", "director", "chairman", "chairwoman", "ceo", "jr", "sr", "ii", "iii", NULL};
static const char *const with_titles[] = {"vice", "former", "ex", "prime", "majority", "minority", "house", "senate", "gop",
                                          "democratic", "republican", NULL};
static const char *const group_words[] = {
    "party", "department", "committee", "court", "administration", "bureau", "council", "union", "association", "university",
    "company", "commission", "agency", "supporters", "voters", "lawmakers", "officials", NULL};
static const char *const small_words[] = {"of", "and", "the", "for", "de", "la", "von", "van", "in", NULL};

static const struct {
    const char *from, *to;
} aliases[] = {
    {"gop", "republican party"}, {"republicans", "republican party"}, {"republican", "republican party"},
    {"grand old party", "republican party"}, {"democrats", "democratic party"}, {"democrat", "democratic party"},
    {"democratic", "democratic party"}, {"dems", "democratic party"}, {"usa", "united states"}, {"america", "united states"},
    {"united states of america", "united states"}, {"uk", "united kingdom"}, {"britain", "united kingdom"},
    {"eu", "european union"}, {"un", "united nations"}, {"scotus", "supreme court"},
    {"united states supreme court", "supreme court"}, {"supreme court of united states", "supreme court"},
    {"congress", "united states congress"}, {"senate", "united states senate"}, {"fbi", "federal bureau of investigation"},
    {"cia", "central intelligence agency"}, {"doj", "department of justice"}, {"justice department", "department of justice"},
}, nicknames[] = {
    {"joseph", "joe"}, {"charles", "chuck"}, {"william", "bill"}, {"robert", "bob"}, {"michael", "mike"}, {"thomas", "tom"},
    {"james", "jim"}, {"richard", "dick"}, {"edward", "ted"}, {"daniel", "dan"}, {"benjamin", "ben"}, {"timothy", "tim"},
    {"steven", "steve"}, {"stephen", "steve"}, {"gregory", "greg"}, {"kenneth", "ken"}, {"ronald", "ron"}, {"elizabeth", "liz"},
    {"christopher", "chris"}, {"matthew", "matt"}, {"samuel", "sam"}, {"andrew", "andy"}, {"jeffrey", "jeff"},
    {"rudolph", "rudy"}, {"bernard", "bernie"}, {"alexander", "alex"}, {"nicholas", "nick"}, {"david", "dave"},
    {"patrick", "pat"}, {"peter", "pete"},
};

static bool is_in(struct view word, const char *const *list)
{
    for (; *list; list++)
        if (view_equal(word, view_of(*list)))
            return true;
    return false;
}

static bool is_word_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || (unsigned char)byte >= 0x80;
}

/* NFKD without combining marks, lower case, a plain apostrophe. */
static char *fold(struct view name, size_t *len, struct arena *arena)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK;
    utf8proc_ssize_t folded_len = utf8proc_map((const utf8proc_uint8_t *)name.data, (utf8proc_ssize_t)name.len, &folded, options);
    *len = 0;
    char *text = arena_take(arena, (folded_len > 0 ? (size_t)folded_len : 0) * 2 + 1);
    for (utf8proc_ssize_t at = 0; at < folded_len;) {
        utf8proc_int32_t rune;
        utf8proc_ssize_t bytes = utf8proc_iterate(folded + at, folded_len - at, &rune);
        if (bytes <= 0)
            break;
        at += bytes;
        rune = rune == 0x2019 ? '\'' : utf8proc_tolower(rune);
        *len += (size_t)utf8proc_encode_char(rune, (utf8proc_uint8_t *)text + *len);
    }
    free(folded);
    return text;
}

/* "trump's" -> "trump", "democrats' " -> "democrats ". */
static size_t drop_possessives(char *text, size_t len)
{
    size_t kept = 0;
    for (size_t i = 0; i < len; i++) {
        bool has_s = i + 1 < len && text[i + 1] == 's' && (i + 2 == len || !is_word_byte(text[i + 2]));
        bool is_behind_s = i > 0 && text[i - 1] == 's' && (i + 1 == len || isspace((unsigned char)text[i + 1]));
        if (text[i] == '\'' && has_s)
            i++;
        else if (text[i] != '\'' || !is_behind_s)
            text[kept++] = text[i];
    }
    return kept;
}

/* "u.s. senate" -> "us  senate": two letters with full stops at least, at the start of a word. */
static size_t join_initials(char *text, size_t len)
{
    size_t kept = 0;
    for (size_t i = 0; i < len;) {
        size_t end = i;
        while (end + 1 < len && text[end] >= 'a' && text[end] <= 'z' && text[end + 1] == '.')
            end += 2;
        if (end - i < 4 || (i > 0 && is_word_byte(text[i - 1]))) {
            text[kept++] = text[i++];
            continue;
        }
        for (; i < end; i += 2)
            text[kept++] = text[i];
        text[kept++] = ' ';
    }
    return kept;
}

/* Words of letters a to z and digits. */
static void split(struct view text, struct words *words)
{
    words->count = 0;
    for (size_t i = 0; i < text.len && words->count < WORDS_MOST;) {
        size_t start = i;
        while (i < text.len && ((text.data[i] >= 'a' && text.data[i] <= 'z') || (text.data[i] >= '0' && text.data[i] <= '9')))
            i++;
        if (i > start)
            words->items[words->count++] = view_slice(text, start, i);
        else
            i++;
    }
}

static struct view join(const struct words *words, struct arena *arena)
{
    size_t most = 1;
    for (size_t i = 0; i < words->count; i++)
        most += words->items[i].len + 1;
    char *text = arena_take(arena, most);
    size_t len = 0;
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0)
            text[len++] = ' ';
        memcpy(text + len, words->items[i].data, words->items[i].len);
        len += words->items[i].len;
    }
    return (struct view){.data = text, .len = len};
}

static void drop_first(struct words *words)
{
    memmove(words->items, words->items + 1, --words->count * sizeof *words->items);
}

static void drop_articles(struct words *words)
{
    size_t kept = 0;
    for (size_t i = 0; i < words->count; i++)
        if (!view_equal(words->items[i], view_of("the")))
            words->items[kept++] = words->items[i];
    words->count = kept;
    while (words->count > 1 && (view_equal(words->items[0], view_of("a")) || view_equal(words->items[0], view_of("an"))))
        drop_first(words);
    if (words->count > 0 && words->count < WORDS_MOST && view_equal(words->items[0], view_of("us"))) {
        memmove(words->items + 2, words->items + 1, (words->count - 1) * sizeof *words->items);
        words->items[0] = view_of("united");
        words->items[1] = view_of("states");
        words->count++;
    }
}

static bool has_any(const struct words *words, const char *const *list)
{
    for (size_t i = 0; i < words->count; i++)
        if (is_in(words->items[i], list))
            return true;
    return false;
}

/* Honorifics go where a word of more than a letter is left, and where the name is not that of a group. */
static void drop_titles(struct words *words)
{
    if (has_any(words, titles) && !has_any(words, group_words)) {
        struct words kept = {.count = 0};
        bool is_enough = false;
        for (size_t i = 0; i < words->count; i++)
            if (!is_in(words->items[i], titles) && !is_in(words->items[i], with_titles)) {
                kept.items[kept.count++] = words->items[i];
                is_enough |= words->items[i].len > 1;
            }
        if (is_enough)
            *words = kept;
    } else if (words->count > 1 && (view_equal(words->items[0], view_of("former")) || view_equal(words->items[0], view_of("ex")))) {
        drop_first(words);
    }
}

static bool find_alias(struct view name, struct view *alias)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (view_equal(name, view_of(aliases[i].from))) {
            *alias = view_of(aliases[i].to);
            return true;
        }
    return false;
}

struct view seesaw_names_normal(struct view name, struct arena *arena)
{
    size_t len;
    char *text = fold(name, &len, arena);
    len = drop_possessives(text, len);
    len = join_initials(text, len);
    struct words words;
    split((struct view){.data = text, .len = len}, &words);
    drop_articles(&words);
    struct view alias, joined = join(&words, arena);
    if (find_alias(joined, &alias))
        return alias;
    drop_titles(&words);
    joined = join(&words, arena);
    return find_alias(joined, &alias) ? alias : joined;
}

/* All words of letters start with a capital, but for small ones; or up to three bare words. */
static bool is_proper(struct view name)
{
    size_t word_count = 0, capital_count = 0;
    bool is_lower = false, is_upper = false;
    for (size_t i = 0; i < name.len;) {
        utf8proc_int32_t rune = name.data[i];
        if (!isalpha((unsigned char)rune) && (unsigned char)rune < 0x80) {
            i++;
            continue;
        }
        size_t start = i;
        while (i < name.len && (is_word_byte(name.data[i]) || name.data[i] == '\''))
            i++;
        char lower[16] = "";
        for (size_t j = 0; j < i - start && j + 1 < sizeof lower; j++)
            lower[j] = (char)tolower((unsigned char)name.data[start + j]);
        if (is_in(view_of(lower), small_words))
            continue;
        utf8proc_iterate((const utf8proc_uint8_t *)name.data + start, (utf8proc_ssize_t)(i - start), &rune);
        word_count++;
        capital_count += utf8proc_isupper(rune) != 0;
    }
    for (size_t i = 0; i < name.len; i++) {
        is_lower |= islower((unsigned char)name.data[i]) != 0;
        is_upper |= isupper((unsigned char)name.data[i]) != 0;
    }
    return word_count > 0 && (capital_count == word_count || (word_count > 1 && word_count <= 3 && is_lower && !is_upper));
}

static void use_nicknames(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        for (size_t j = 0; j < sizeof nicknames / sizeof *nicknames; j++)
            if (view_equal(words->items[i], view_of(nicknames[j].from)))
                words->items[i] = view_of(nicknames[j].to);
}

/* The set of the words; single letters do not count where others are left. */
static void make_set(struct words *set, bool drops_letters)
{
    struct words all = {.count = 0}, longer = {.count = 0};
    for (size_t i = 0; i < set->count; i++) {
        bool is_known = false;
        for (size_t j = 0; j < all.count; j++)
            is_known |= view_equal(all.items[j], set->items[i]);
        if (is_known)
            continue;
        all.items[all.count++] = set->items[i];
        if (set->items[i].len > 1)
            longer.items[longer.count++] = set->items[i];
    }
    *set = drops_letters && longer.count > 0 ? longer : all;
}

static size_t common_words(const struct words *a, const struct words *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            count += view_equal(a->items[i], b->items[j]);
    return count;
}

/* `name` is all capitals, and its letters are the first ones of the words. */
static bool is_acronym(struct view name, const struct words *short_form, const struct words *long_form)
{
    bool has_letter = false;
    for (size_t i = 0; i < name.len; i++) {
        if (islower((unsigned char)name.data[i]))
            return false;
        has_letter |= isupper((unsigned char)name.data[i]) != 0;
    }
    if (!has_letter || short_form->count != 1 || long_form->count < 2 || short_form->items[0].len < 2)
        return false;
    size_t next = 0;
    for (size_t i = 0; i < long_form->count; i++) {
        if (is_in(long_form->items[i], small_words))
            continue;
        if (next == short_form->items[0].len || short_form->items[0].data[next] != long_form->items[i].data[0])
            return false;
        next++;
    }
    return next == short_form->items[0].len;
}

/* Whether the two may be one, and by how many words. */
static bool meets(struct view name, struct view normal, struct view other_normal, size_t *common)
{
    struct words xs, ys;
    split(normal, &xs);
    split(other_normal, &ys);
    use_nicknames(&xs);
    use_nicknames(&ys);
    if (xs.count == 0 || ys.count == 0)
        return false;
    struct words a = xs, b = ys;
    make_set(&a, false);
    make_set(&b, false);
    if (a.count > 1 && b.count > 1) {
        make_set(&a, true);
        make_set(&b, true);
    }
    *common = common_words(&a, &b);
    size_t larger = a.count > b.count ? a.count : b.count;
    bool is_part = *common == a.count || *common == b.count;
    if (view_equal(xs.items[xs.count - 1], ys.items[ys.count - 1]) && is_part && 2 * *common >= larger)
        return true;
    return is_acronym(name, &xs, &ys);
}

int seesaw_names_resolve(const struct view *names, size_t count, const struct seesaw_inventory *inventory, struct arena *arena)
{
    struct view *normals = arena_take(arena, (count + 1) * sizeof *normals);
    for (size_t i = 0; i < count; i++) {
        normals[i] = seesaw_names_normal(names[i], arena);
        for (size_t j = 0; normals[i].len > 0 && j < inventory->count; j++)
            if (view_equal(normals[i], inventory->normals[j]))
                return (int)j;
    }
    int best = -1;
    size_t best_common = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < inventory->count; j++) {
            size_t common;
            if (!is_proper(inventory->names[j]) || !meets(names[i], normals[i], inventory->normals[j], &common))
                continue;
            if (best < 0 || common > best_common || (common == best_common && (int)j < best)) {
                best = (int)j;
                best_common = common;
            }
        }
    return best;
}
