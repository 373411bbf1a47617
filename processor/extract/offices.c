#include "processor/extract/offices.h"

#include "processor/text/words.h"

enum { BEFORE_BYTES = 40, AFTER_BYTES = 60, WORD_BYTES = 32, OFFICE_BYTES = 80, OFFICE_WORDS = 3 };

/* Words that make another office of the one they stand before. */
static const char *const kinds[] = {"vice",     "prime",    "deputy",   "foreign",  "finance", "home",   "interior", "defence", "defense", "justice",
                                    "health",   "attorney", "inspector", "press",   "majority", "minority", "crown", "assistant", "trade",  "navy",
                                    "opposition", "energy", "education", "treasury", "labor",  "labour", "state",    "associate", "lieutenant", "former", "ex"};
/* What stands behind them in an apposition is another's office, or none. */
static const char *const ends[] = {"of",  "to", "for", "with", "by",   "at",   "in",  "on",  "from",  "against", "over", "and", "or",
                                   "who", "whose", "which", "that", "as", "is", "was", "has", "had", "said", "says", "while", "but"};

/* Who is called by these is not yet at the head of a state. */
static const char *const lesser[] = {"senator", "governor", "mayor", "congressman", "congresswoman", "secretary", "minister"};

struct office {
    struct view head, kind; /* in lower case; kind may be empty */
};

static bool is_gap(char c)
{
    return c == ' ' || c == '-';
}

/* The last word of `text`, which loses it and the gap before it. */
static struct view take_last(struct view *text)
{
    size_t end = text->len;
    while (end > 0 && is_gap(text->data[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && !is_gap(text->data[start - 1]))
        start--;
    struct view word = view_slice(*text, start, end);
    text->len = start;
    return word;
}

/* "sen." -> "senator" */
static struct view spelt_out(struct view word)
{
    static const char *const titles[][2] = {{"sen.", "senator"}, {"gov.", "governor"}, {"gen.", "general"}, {"rep.", "congressman"}, {"amb.", "ambassador"}};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (view_equal(word, view_of(titles[i][0])))
            return view_of(titles[i][1]);
    return word;
}

/* The office that `text`, in lower case, ends with. */
static struct office office_at_end(struct view text)
{
    struct office office = {.head = spelt_out(take_last(&text))};
    struct view kind = take_last(&text);
    if (view_equal(kind, view_of("the"))) /* "adviser to the president Ann Lee" */
        office.kind = kind;
    if (words_is_listed(kind, kinds, sizeof kinds / sizeof *kinds))
        office.kind = kind;
    return office;
}

static bool is_same(struct office a, struct office b)
{
    return view_equal(a.head, b.head) && view_equal(a.kind, b.kind);
}

/* "X, the Polish president": `after` starts behind the name. */
static bool is_in_apposition(struct view after, struct office office)
{
    if (!view_starts_with(after, view_of(", ")))
        return false;
    for (size_t start = 2; start < after.len;) {
        size_t end = start;
        while (end < after.len && !is_gap(after.data[end]) && !memchr(",.;:(", after.data[end], 5))
            end++;
        struct view word = view_slice(after, start, end);
        if (words_is_listed(word, ends, sizeof ends / sizeof *ends))
            return false;
        if (view_equal(word, office.head))
            return is_same(office_at_end(view_slice(after, 2, end)), office);
        if (end == after.len || !is_gap(after.data[end]))
            return false;
        start = end + 1;
    }
    return false;
}

/* What stands before a name in its sentence, in lower case. */
static struct view text_before(const struct reading *reading, const struct mark *name, char buffer[BEFORE_BYTES])
{
    struct span sentence = reading->sentences[name->sentence].span;
    uint32_t start = name->span.start > sentence.start + BEFORE_BYTES ? name->span.start - BEFORE_BYTES : sentence.start;
    return words_lower(view_slice(reading->text, start, name->span.start), buffer, BEFORE_BYTES);
}

/* The office that a nominal names; its words stand in `buffer`. */
static struct office office_of_nominal(struct view nominal, char buffer[2 * WORD_BYTES])
{
    if (nominal.len > 2 * WORD_BYTES)
        nominal = view_slice(nominal, nominal.len - 2 * WORD_BYTES, nominal.len);
    nominal = words_lower(nominal, buffer, 2 * WORD_BYTES);
    if (view_starts_with(nominal, view_of("the ")))
        nominal = view_slice(nominal, 4, nominal.len);
    if (view_starts_with(nominal, view_of("this ")))
        nominal = view_slice(nominal, 5, nominal.len);
    return office_at_end(nominal);
}

/* The office in "President of France". */
static struct office known_office(struct view office, char buffer[OFFICE_BYTES])
{
    office = words_lower(office, buffer, OFFICE_BYTES);
    const char *of = memmem(office.data, office.len, " of ", 4);
    return office_at_end(of ? view_slice(office, 0, (size_t)(of - office.data)) : office);
}

bool offices_is_of(struct view office, struct view nominal)
{
    char named[2 * WORD_BYTES], lower[OFFICE_BYTES];
    return is_same(known_office(office, lower), office_of_nominal(nominal, named));
}

bool offices_is_other(const struct reading *reading, const struct mark *name, struct view office)
{
    char before[BEFORE_BYTES], lower[OFFICE_BYTES];
    struct view left = text_before(reading, name, before);
    struct office named = office_at_end(left);
    struct office known = known_office(office, lower);
    bool is_lesser = words_is_listed(named.head, lesser, sizeof lesser / sizeof *lesser);
    if ((is_lesser || view_equal(named.head, known.head)) && !is_same(named, known))
        return true;
    for (size_t i = 0; i < OFFICE_WORDS; i++)
        if (view_equal(take_last(&left), view_of("former")))
            return true;
    return false;
}

/* Without "52-year-old ". */
static struct view without_age(struct view before)
{
    const struct view age = view_of("-year-old ");
    if (!view_ends_with(before, age))
        return before;
    size_t len = before.len - age.len;
    while (len > 0 && before.data[len - 1] >= '0' && before.data[len - 1] <= '9')
        len--;
    return view_slice(before, 0, len);
}

bool offices_is_apposed(const struct reading *reading, struct span name)
{
    bool is_last_name = memchr(reading->text.data + name.start, ' ', name.end - name.start) == NULL;
    struct view after = view_slice(reading->text, name.end, reading->text.len);
    return !is_last_name || after.len < 2 || after.data[0] != ' ' || after.data[1] < 'a' || after.data[1] > 'z';
}

/* What the name is called before it: "President |X", "The attacker, 52-year-old |X". */
static struct office office_before(const struct reading *reading, const struct mark *name, char buffer[BEFORE_BYTES])
{
    struct view before = without_age(text_before(reading, name, buffer));
    if (!view_ends_with(before, view_of(", ")))
        return office_at_end(before);
    if (!offices_is_apposed(reading, name->span))
        return (struct office){0};
    struct office office = office_at_end(view_slice(before, 0, before.len - 2));
    if (view_equal(office.kind, view_of("the"))) /* he is it himself */
        office.kind = (struct view){0};
    return office;
}

bool offices_fits(const struct reading *reading, const struct mark *name, struct view nominal)
{
    struct span sentence = reading->sentences[name->sentence].span;
    uint32_t end = name->span.end + AFTER_BYTES < sentence.end ? name->span.end + AFTER_BYTES : sentence.end;
    char named[2 * WORD_BYTES], before[BEFORE_BYTES], after[AFTER_BYTES];
    struct office office = office_of_nominal(nominal, named);
    return is_same(office_before(reading, name, before), office) ||
           is_in_apposition(words_lower(view_slice(reading->text, name->span.end, end), after, sizeof after), office);
}
