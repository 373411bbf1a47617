#include "processor/text/utf8.h"

#include <assert.h>
#include <utf8proc.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD";
enum { REPLACEMENT_BYTES = 3 };

/* Bytes of the sequence that `lead` starts, 0 where it starts none, and the range its second byte must be in
 * (Unicode 15, table 3-7: shortest form, no surrogates, nothing above U+10FFFF). */
static size_t sequence_bytes(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    if (lead < 0xE0)
        return 2;
    if (lead < 0xF0) {
        if (lead == 0xE0)
            *low = 0xA0;
        if (lead == 0xED)
            *high = 0x9F;
        return 3;
    }
    if (lead == 0xF0)
        *low = 0x90;
    if (lead == 0xF4)
        *high = 0x8F;
    return 4;
}

/* Bytes at the start of `bytes` (not empty) that are one valid sequence, or, with *valid false, the maximal
 * invalid part that one U+FFFD stands for. */
static size_t sequence_scan(struct view bytes, bool *valid)
{
    const unsigned char *at = (const unsigned char *)bytes.data;
    unsigned char low, high;
    size_t wanted = sequence_bytes(at[0], &low, &high);
    size_t seen = 1;
    while (seen < wanted && seen < bytes.len && at[seen] >= low && at[seen] <= high) {
        low = 0x80;
        high = 0xBF;
        seen++;
    }
    *valid = seen == wanted;
    return seen;
}

/* ASCII bytes at `start`, eight at a time: most of what is read is ASCII. */
static size_t ascii_end(struct view bytes, size_t start)
{
    size_t i = start;
    for (; i + 8 <= bytes.len; i += 8) {
        uint64_t block;
        memcpy(&block, bytes.data + i, sizeof block);
        if (block & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < bytes.len && (unsigned char)bytes.data[i] < 0x80)
        i++;
    return i;
}

/* The first byte that is not part of a valid sequence, or bytes.len. */
static size_t invalid_find(struct view bytes, size_t start)
{
    size_t i = ascii_end(bytes, start);
    while (i < bytes.len) {
        bool valid;
        size_t step = sequence_scan(view_slice(bytes, i, bytes.len), &valid);
        if (!valid)
            return i;
        i = ascii_end(bytes, i + step);
    }
    return i;
}

bool utf8_is_valid(struct view bytes)
{
    return invalid_find(bytes, 0) == bytes.len;
}

struct view utf8_repaired(struct view bytes, struct arena *arena)
{
    size_t bad = invalid_find(bytes, 0), parts = 0;
    if (bad == bytes.len)
        return bytes;

    for (size_t i = bad; i < bytes.len; i = invalid_find(bytes, i)) {
        bool valid;
        i += sequence_scan(view_slice(bytes, i, bytes.len), &valid);
        parts++;
    }

    char *copy = arena_take(arena, bytes.len + parts * REPLACEMENT_BYTES);
    size_t len = 0, from = 0;
    while (from < bytes.len) {
        memcpy(copy + len, bytes.data + from, bad - from);
        len += bad - from;
        if (bad == bytes.len)
            break;
        memcpy(copy + len, REPLACEMENT, REPLACEMENT_BYTES);
        len += REPLACEMENT_BYTES;
        bool valid;
        from = bad + sequence_scan(view_slice(bytes, bad, bytes.len), &valid);
        bad = invalid_find(bytes, from);
    }
    return (struct view){.data = copy, .len = len};
}

uint32_t utf8_next(struct view text, size_t *position)
{
    assert(*position < text.len);
    const unsigned char *at = (const unsigned char *)text.data + *position;
    if (at[0] < 0x80) {
        *position += 1;
        return at[0];
    }
    if (at[0] < 0xE0) {
        *position += 2;
        return (uint32_t)(at[0] & 0x1F) << 6 | (at[1] & 0x3F);
    }
    if (at[0] < 0xF0) {
        *position += 3;
        return (uint32_t)(at[0] & 0x0F) << 12 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
    }
    *position += 4;
    return (uint32_t)(at[0] & 0x07) << 18 | (uint32_t)(at[1] & 0x3F) << 12 | (uint32_t)(at[2] & 0x3F) << 6 | (at[3] & 0x3F);
}

/* Code points that start in text[start, end). */
static size_t starts_count(struct view text, size_t start, size_t end)
{
    size_t count = 0;
    for (size_t i = start; i < end; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

size_t utf8_count(struct view text, size_t bytes)
{
    return starts_count(text, 0, bytes);
}

bool utf8_is_space(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

bool utf8_is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool utf8_is_digit(uint32_t c)
{
    if (c < 0x80)
        return c >= '0' && c <= '9';
    return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_ND;
}

bool utf8_is_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z';
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool utf8_is_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z';
    return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_LL;
}

size_t utf8_cursor_move(struct utf8_cursor *cursor, size_t offset)
{
    if (offset >= cursor->byte)
        cursor->code_point += starts_count(cursor->text, cursor->byte, offset);
    else
        cursor->code_point -= starts_count(cursor->text, offset, cursor->byte);
    cursor->byte = offset;
    return cursor->code_point;
}
