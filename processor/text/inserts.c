#include "processor/text/inserts.h"

static const char end_word[] = " MORE";

enum { INSERT_BYTES = 600, NAME_BYTES = 80, LAST_NAME_LEAST = 2 };

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* "BidenHouse", "McCain2020": where a headline is glued to what stands before it. */
static bool is_seam(struct view text, size_t at)
{
    char before = text.data[at - 1], here = text.data[at];
    bool is_start = (here >= 'A' && here <= 'Z') || (here >= '0' && here <= '9');
    return is_start && is_letter(before) && !(before >= 'A' && before <= 'Z');
}

/* Where the name's repetition starts that ends at `seam`, "Donald John Trump" behind "President Trump": behind the same last name,
 * with only capitalised words and "(Bob)" between. `seam` if there is none. */
static size_t repetition_start(struct view text, size_t from, size_t seam)
{
    size_t last = seam;
    while (last > from && is_letter(text.data[last - 1]))
        last--;
    struct view name = view_slice(text, last, seam);
    if (name.len < LAST_NAME_LEAST)
        return seam;
    for (size_t end = last; end > from && seam - end < NAME_BYTES; end--) {
        if (text.data[end - 1] != ' ')
            continue;
        char first = text.data[end];
        if (!((first >= 'A' && first <= 'Z') || first == '(' || (unsigned char)first >= 0x80))
            return seam;
        size_t before = end - 1;
        if (before >= from + name.len && view_equal(view_slice(text, before - name.len, before), name) &&
            (before == name.len || !is_letter(text.data[before - name.len - 1])))
            return end;
    }
    return seam;
}

/* Where the insert that ends at `end` starts, at `from` or behind it; `end` if it is none. */
static size_t insert_start(struct view text, size_t from, size_t end)
{
    size_t start = end;
    while (start > from && end - start < INSERT_BYTES && text.data[start - 1] != '\n')
        start--;
    for (size_t at = start + 1; at < end; at++) {
        if (!is_seam(text, at))
            continue;
        size_t repetition = repetition_start(text, start, at);
        if (repetition < at)
            return repetition;
    }
    return end;
}

struct inserts inserts_find(struct view text, struct arena *arena)
{
    struct inserts inserts = {0};
    const size_t length = strlen(end_word);
    size_t room = 0, from = 0;
    for (size_t at = 0; at + length <= text.len;) {
        const char *found = memmem(text.data + at, text.len - at, end_word, length);
        if (!found)
            break;
        size_t start_of_word = (size_t)(found - text.data), end = start_of_word + length;
        at = end;
        size_t start = end < text.len && is_letter(text.data[end]) ? end : insert_start(text, from, start_of_word);
        if (start >= start_of_word)
            continue;
        if (inserts.count == room) {
            struct span *larger = arena_take(arena, (room ? 2 * room : 8) * sizeof *larger);
            if (room)
                memcpy(larger, inserts.items, room * sizeof *larger);
            inserts.items = larger;
            room = room ? 2 * room : 8;
        }
        inserts.items[inserts.count++] = (struct span){.start = (uint32_t)start, .end = (uint32_t)end};
        from = end;
    }
    return inserts;
}

struct view inserts_blank(struct view text, struct inserts inserts, struct arena *arena)
{
    if (inserts.count == 0)
        return text;
    char *blank = arena_take(arena, text.len);
    memcpy(blank, text.data, text.len);
    for (size_t i = 0; i < inserts.count; i++)
        memset(blank + inserts.items[i].start, ' ', inserts.items[i].end - inserts.items[i].start);
    return (struct view){.data = blank, .len = text.len};
}

static void add_region(struct regions *regions, struct view text, enum region_kind kind, uint32_t start, uint32_t end)
{
    while (start < end && text.data[start] == ' ')
        start++;
    while (start < end && text.data[end - 1] == ' ')
        end--;
    if (start < end)
        regions->items[regions->count++] = (struct region){.kind = kind, .span = {start, end}};
}

struct regions inserts_cut(struct view text, struct regions regions, struct inserts inserts, struct arena *arena)
{
    if (inserts.count == 0)
        return regions;
    struct regions cut = {.items = arena_take(arena, (regions.count + 2 * inserts.count) * sizeof *cut.items)};
    size_t next = 0;
    for (size_t i = 0; i < regions.count; i++) {
        struct region region = regions.items[i];
        uint32_t start = region.span.start;
        for (; next < inserts.count && inserts.items[next].end <= region.span.end; next++) {
            if (inserts.items[next].start < start)
                continue;
            add_region(&cut, text, region.kind, start, inserts.items[next].start);
            add_region(&cut, text, REGION_RELATED, inserts.items[next].start, inserts.items[next].end);
            start = inserts.items[next].end;
        }
        add_region(&cut, text, region.kind, start, region.span.end);
    }
    return cut;
}
