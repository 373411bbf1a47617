#include "processor/extract/compounds.h"

#include "processor/extract/beside.h"

/* Behind the hyphen; sorted. */
static const char *const tails[] = {
    "administered", "affiliated", "aligned", "allied", "appointed", "approved", "armed", "assembled", "backed", "based", "bashing", "born",
    "bound", "branded", "bred", "brokered", "built", "centric", "controlled", "designed", "dominated", "drafted", "driven", "educated",
    "endorsed", "era", "financed", "focused", "friendly", "funded", "governed", "hating", "held", "hugging", "imposed", "inspired",
    "installed", "issued", "leaning", "led", "linked", "listed", "loving", "made", "majority", "mandated", "mediated", "nominated",
    "occupied", "only", "orchestrated", "organised", "organized", "oriented", "owned", "picked", "produced", "proposed", "protected",
    "ruled", "run", "sanctioned", "speaking", "sponsored", "style", "supplied", "supported", "themed", "tied", "trained", "type",
};
static const char leader[] = "led";

bool compounds_list_is_sorted(void)
{
    return beside_is_sorted(tails, sizeof tails / sizeof *tails);
}

static bool is_tail(struct view word)
{
    return word.len > 0 && word.data[0] >= 'a' && word.data[0] <= 'z' && beside_is_among(word, tails, sizeof tails / sizeof *tails);
}

struct view compounds_name(struct view name)
{
    const char *hyphen = memrchr(name.data, '-', name.len);
    if (!hyphen || hyphen == name.data || !is_tail(view_slice(name, (size_t)(hyphen - name.data) + 1, name.len)))
        return name;
    return view_slice(name, 0, (size_t)(hyphen - name.data));
}

size_t compounds_tail(struct view after)
{
    if (after.len < 2 || after.data[0] != '-')
        return 0;
    struct view word = beside_word_behind(view_slice(after, 1, after.len));
    return word.data == after.data + 1 && is_tail(word) ? 1 + word.len : 0;
}

bool compounds_is_bystander(const struct reading *reading, const struct mark *mark)
{
    struct view written = reading_view(reading, mark->span), name = compounds_name(written);
    struct view behind = beside_text_behind(reading, mark->span);
    struct view tail = name.len < written.len ? view_slice(written, name.len, written.len) : view_slice(behind, 0, compounds_tail(behind));
    return mark->kind == MENTION_NAME && tail.len > 0 && !view_equal(view_slice(tail, 1, tail.len), view_of(leader));
}
