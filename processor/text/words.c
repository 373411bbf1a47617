#include "processor/text/words.h"

#include "processor/text/utf8.h"

#include <utf8proc.h>
#include <xxhash.h>

enum { SHINGLE_WORDS = 3, LOWER_BYTES = 256, HASH_BITS = 64 };

static bool is_word_character(uint32_t c)
{
    if (c < 0x80)
        return utf8_is_letter(c) || utf8_is_digit(c);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static bool is_joint(uint32_t c)
{
    return c == '\'' || c == 0x2019 || c == '.';
}

struct view words_next(struct view text, size_t *position)
{
    size_t start = *position, end;
    for (size_t at = start;; start = at) {
        if (at == text.len) {
            *position = at;
            return view_slice(text, at, at);
        }
        if (is_word_character(utf8_next(text, &at)))
            break;
    }
    end = start;
    for (size_t at = start; at < text.len;) {
        uint32_t c = utf8_next(text, &at);
        if (!is_word_character(c)) {
            size_t ahead = at;
            if (!is_joint(c) || ahead == text.len || !is_word_character(utf8_next(text, &ahead)))
                break;
        }
        end = at;
    }
    *position = end;
    return view_slice(text, start, end);
}

size_t words_count(struct view text)
{
    size_t count = 0;
    for (size_t at = 0; words_next(text, &at).len;)
        count++;
    return count;
}

/* The hash of a word in small letters, by pieces, so that a word may be of any length. */
static uint64_t word_hash(struct view word)
{
    char lower[LOWER_BYTES + 4];
    size_t len = 0;
    uint64_t hash = 0;
    for (size_t at = 0; at < word.len;) {
        uint32_t c = utf8_next(word, &at);
        len += (size_t)utf8proc_encode_char(utf8proc_tolower((utf8proc_int32_t)c), (utf8proc_uint8_t *)lower + len);
        if (len >= LOWER_BYTES || at == word.len) {
            hash = XXH3_64bits_withSeed(lower, len, hash);
            len = 0;
        }
    }
    return hash;
}

static void votes_add(int32_t votes[HASH_BITS], uint64_t hash)
{
    for (int bit = 0; bit < HASH_BITS; bit++)
        votes[bit] += (hash >> bit & 1) ? 1 : -1;
}

uint64_t words_simhash(struct view text)
{
    uint64_t shingle[SHINGLE_WORDS] = {0};
    int32_t votes[HASH_BITS] = {0};
    size_t count = 0, at = 0;
    for (struct view word; (word = words_next(text, &at)).len;) {
        memmove(shingle, shingle + 1, sizeof shingle - sizeof *shingle);
        shingle[SHINGLE_WORDS - 1] = word_hash(word);
        if (++count >= SHINGLE_WORDS)
            votes_add(votes, XXH3_64bits(shingle, sizeof shingle));
    }
    if (count > 0 && count < SHINGLE_WORDS)
        votes_add(votes, XXH3_64bits(shingle, sizeof shingle));

    uint64_t hash = 0;
    for (int bit = 0; bit < HASH_BITS; bit++)
        hash |= (uint64_t)(votes[bit] > 0) << bit;
    return hash;
}

struct view words_lower(struct view word, char *buffer, size_t room)
{
    size_t length = word.len < room ? word.len : room;
    for (size_t i = 0; i < length; i++)
        buffer[i] = (char)(word.data[i] >= 'A' && word.data[i] <= 'Z' ? word.data[i] + ('a' - 'A') : word.data[i]);
    return (struct view){.data = buffer, .len = length};
}

struct view words_last(struct view text)
{
    size_t start = text.len;
    while (start > 0 && text.data[start - 1] != ' ')
        start--;
    return view_slice(text, start, text.len);
}

bool words_is_listed(struct view word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (view_equal(word, view_of(list[i])))
            return true;
    return false;
}

bool words_has_capital(struct view text)
{
    for (size_t at = 0; at < text.len;)
        if (utf8_is_upper(utf8_next(text, &at)))
            return true;
    return false;
}

bool words_starts_with_capital(struct view word)
{
    size_t at = 0;
    return word.len > 0 && utf8_is_upper(utf8_next(word, &at));
}

bool words_is_all_capitals(struct view text)
{
    size_t capitals = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] >= 'a' && text.data[i] <= 'z')
            return false;
        capitals += text.data[i] >= 'A' && text.data[i] <= 'Z';
    }
    return capitals > 1;
}
