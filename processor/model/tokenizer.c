#include "processor/model/tokenizer.h"

#include "processor/model/vocabulary.h"
#include "processor/model/wordpiece_table.h"
#include "processor/runtime/memory.h"
#include "processor/text/utf8.h"

#include <assert.h>
#include <stdlib.h>

enum { WORD_LIMIT = 100 /* code points, as in BERT */, LETTER_BYTES = 4 };
enum { BLOCK_BITS = 8, BLOCK_SIZE = 1 << BLOCK_BITS, BLOCK_COUNT = 0x110000 >> BLOCK_BITS };
enum { HANGUL_FIRST = 0xAC00, HANGUL_COUNT = 11172, HANGUL_L = 0x1100, HANGUL_V = 0x1161, HANGUL_T = 0x11A7 };

/* What to do with one code point. */
struct fold {
    int32_t shift;
    uint8_t kind; /* enum wordpiece_kind */
};

struct tokenizer {
    struct vocabulary *vocabulary;
    const struct fold *blocks[BLOCK_COUNT]; /* the table by code point; see build_folds() */
    struct fold *folds;                     /* [blocks in use][BLOCK_SIZE] */
    uint32_t unknown, cls, sep;
};

/* The word that is being read. */
struct word {
    char letters[WORD_LIMIT * LETTER_BYTES];         /* folded, UTF-8 */
    struct span origins[WORD_LIMIT * LETTER_BYTES];  /* of each byte of letters, in the text */
    size_t bytes, count;                             /* count: code points, also those over the limit */
    struct span span;                                /* all of it, in the text */
    uint32_t upper, lower;                           /* cased letters seen */
    bool starts_upper;                               /* the first cased letter is upper case */
};

struct splitter {
    const struct tokenizer *tokenizer;
    struct arena *arena;
    struct pieces pieces;
    size_t capacity;
    struct word word;
};

/* For each code point the number of its range plus one, or 0. */
static uint16_t *range_numbers(void)
{
    uint16_t *numbers = memory_new((size_t)BLOCK_COUNT * BLOCK_SIZE, sizeof *numbers);
    for (size_t i = 0; i < WORDPIECE_RANGE_COUNT; i++) {
        const struct wordpiece_range *range = &WORDPIECE_RANGES[i];
        for (uint32_t code_point = range->first; code_point <= range->last; code_point += range->step)
            numbers[code_point] = (uint16_t)(i + 1);
    }
    return numbers;
}

static struct fold fold_of(uint16_t number)
{
    if (number == 0)
        return (struct fold){.kind = WORDPIECE_LETTER};
    return (struct fold){.shift = WORDPIECE_RANGES[number - 1].shift, .kind = WORDPIECE_RANGES[number - 1].kind};
}

/* Blocks of one kind throughout (most of Unicode is) share one table a kind. */
static void build_folds(struct tokenizer *tokenizer)
{
    size_t shared[WORDPIECE_KIND_COUNT] = {0}, used = 0; /* shared: the block's place plus one, or 0 */
    size_t *places = memory_new(BLOCK_COUNT, sizeof *places);
    uint16_t *numbers = range_numbers();
    tokenizer->folds = NULL;
    for (size_t block = 0; block < BLOCK_COUNT; block++) {
        const uint16_t *own = numbers + block * BLOCK_SIZE;
        struct fold first = fold_of(own[0]);
        bool is_uniform = first.shift == 0 && memcmp(own, own + 1, (BLOCK_SIZE - 1) * sizeof *own) == 0;
        if (is_uniform && shared[first.kind] != 0) {
            places[block] = shared[first.kind] - 1;
            continue;
        }
        tokenizer->folds = memory_resize(tokenizer->folds, (used + 1) * BLOCK_SIZE, sizeof *tokenizer->folds);
        for (size_t i = 0; i < BLOCK_SIZE; i++)
            tokenizer->folds[used * BLOCK_SIZE + i] = fold_of(own[i]);
        places[block] = used++;
        if (is_uniform)
            shared[first.kind] = used;
    }
    for (size_t block = 0; block < BLOCK_COUNT; block++)
        tokenizer->blocks[block] = tokenizer->folds + places[block] * BLOCK_SIZE;
    free(numbers);
    free(places);
}

static bool find_special(const struct tokenizer *tokenizer, const char *name, uint32_t *id, struct error *err)
{
    *id = vocabulary_find(tokenizer->vocabulary, view_of(name));
    if (*id == VOCABULARY_NONE)
        return error_set(err, ERROR_CONFIG, "model.vocab", "vocabulary: has no %s", name);
    return true;
}

struct tokenizer *tokenizer_new(const struct model_file *file, struct error *err)
{
    struct tokenizer *tokenizer = memory_new(1, sizeof *tokenizer);
    tokenizer->vocabulary = vocabulary_new(model_file_section(file, "vocab"), model_file_config(file)->vocab, err);
    if (tokenizer->vocabulary == NULL || !find_special(tokenizer, "[UNK]", &tokenizer->unknown, err) ||
        !find_special(tokenizer, "[CLS]", &tokenizer->cls, err) ||
        !find_special(tokenizer, "[SEP]", &tokenizer->sep, err)) {
        tokenizer_free(tokenizer);
        return NULL;
    }
    build_folds(tokenizer);
    return tokenizer;
}

void tokenizer_free(struct tokenizer *tokenizer)
{
    if (tokenizer == NULL)
        return;
    vocabulary_free(tokenizer->vocabulary);
    free(tokenizer->folds);
    free(tokenizer);
}

uint32_t tokenizer_cls(const struct tokenizer *tokenizer)
{
    return tokenizer->cls;
}

uint32_t tokenizer_sep(const struct tokenizer *tokenizer)
{
    return tokenizer->sep;
}

static uint8_t shape_of(const struct word *word)
{
    if (word->upper == 0)
        return word->lower == 0 ? CASE_NONE : CASE_LOWER;
    if (word->upper == 1 && word->starts_upper)
        return CASE_TITLE;
    return word->lower == 0 ? CASE_UPPER : CASE_MIXED;
}

static void push(struct splitter *splitter, struct piece piece)
{
    if (splitter->pieces.count == splitter->capacity) {
        size_t capacity = 2 * splitter->capacity;
        struct piece *items = arena_take(splitter->arena, capacity * sizeof *items);
        memcpy(items, splitter->pieces.items, splitter->pieces.count * sizeof *items);
        splitter->pieces.items = items;
        splitter->capacity = capacity;
    }
    splitter->pieces.items[splitter->pieces.count++] = piece;
}

/* The pieces of the word by greedy longest match; the whole word is unknown where one step finds none. */
static void end_word(struct splitter *splitter)
{
    struct word *word = &splitter->word;
    if (word->count == 0)
        return;
    const struct tokenizer *tokenizer = splitter->tokenizer;
    size_t first = splitter->pieces.count, done = word->count > WORD_LIMIT ? SIZE_MAX : 0;
    struct piece piece = {.case_shape = shape_of(word), .is_word_start = true};
    while (done < word->bytes) {
        struct view rest = {.data = word->letters + done, .len = word->bytes - done};
        size_t bytes = vocabulary_match(tokenizer->vocabulary, rest, done > 0, &piece.id);
        if (bytes == 0) {
            done = SIZE_MAX;
            break;
        }
        piece.span = (struct span){.start = word->origins[done].start, .end = word->origins[done + bytes - 1].end};
        push(splitter, piece);
        piece.is_word_start = false;
        done += bytes;
    }
    if (done == SIZE_MAX) {
        splitter->pieces.count = first;
        push(splitter, (struct piece){.span = word->span, .id = tokenizer->unknown,
                                      .case_shape = piece.case_shape, .is_word_start = true});
    }
    word->count = word->bytes = 0;
    word->upper = word->lower = 0;
}

static size_t write_utf8(uint32_t code_point, char *out)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t bytes = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--, code_point >>= 6)
        out[i] = (char)(0x80 | (code_point & 0x3F));
    out[0] = (char)((0xF00u >> bytes) | code_point);
    return bytes;
}

static void add_letter(struct word *word, uint32_t code_point, struct span origin)
{
    if (word->count == 0)
        word->span = origin;
    word->span.end = origin.end;
    if (++word->count > WORD_LIMIT)
        return;
    size_t bytes = write_utf8(code_point, word->letters + word->bytes);
    for (size_t i = 0; i < bytes; i++)
        word->origins[word->bytes + i] = origin;
    word->bytes += bytes;
}

static void note_case(struct word *word, bool is_upper, bool is_lower)
{
    if (is_upper && word->upper + word->lower == 0)
        word->starts_upper = true;
    else if (word->upper + word->lower == 0)
        word->starts_upper = false;
    word->upper += is_upper;
    word->lower += is_lower;
}

static void add_sequence(struct word *word, uint32_t code_point, struct span origin)
{
    size_t low = 0, high = WORDPIECE_SEQUENCE_COUNT;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (WORDPIECE_SEQUENCES[middle].code_point <= code_point)
            low = middle;
        else
            high = middle;
    }
    assert(WORDPIECE_SEQUENCES[low].code_point == code_point);
    for (size_t i = 0; i < 3 && WORDPIECE_SEQUENCES[low].letters[i] != 0; i++)
        add_letter(word, WORDPIECE_SEQUENCES[low].letters[i], origin);
}

/* Unicode 3.12, "Hangul Syllable Decomposition". */
static void add_hangul(struct word *word, uint32_t index, struct span origin)
{
    add_letter(word, HANGUL_L + index / 588, origin);
    add_letter(word, HANGUL_V + index % 588 / 28, origin);
    if (index % 28 != 0)
        add_letter(word, HANGUL_T + index % 28, origin);
}

static void read_code_point(struct splitter *splitter, uint32_t code_point, struct span origin)
{
    struct word *word = &splitter->word;
    struct fold fold = splitter->tokenizer->blocks[code_point >> BLOCK_BITS][code_point & (BLOCK_SIZE - 1)];
    uint32_t folded = (uint32_t)((int32_t)code_point + fold.shift);
    switch ((enum wordpiece_kind)fold.kind) {
    case WORDPIECE_REMOVED:
        return;
    case WORDPIECE_SPACE:
        end_word(splitter);
        return;
    case WORDPIECE_ALONE:
        end_word(splitter);
        add_letter(word, folded, origin);
        end_word(splitter);
        return;
    case WORDPIECE_SEQUENCE:
        add_sequence(word, code_point, origin);
        return;
    case WORDPIECE_LETTER:
    case WORDPIECE_KIND_COUNT:
        break;
    }
    if (code_point < 0x80)
        note_case(word, code_point >= 'A' && code_point <= 'Z', code_point >= 'a' && code_point <= 'z');
    else
        note_case(word, utf8_is_upper(code_point), utf8_is_lower(code_point));
    if (code_point - HANGUL_FIRST < HANGUL_COUNT)
        add_hangul(word, code_point - HANGUL_FIRST, origin);
    else
        add_letter(word, folded, origin);
}

struct pieces tokenizer_split(const struct tokenizer *tokenizer, struct view text, struct span within, struct arena *arena)
{
    assert(within.start <= within.end && within.end <= text.len);
    struct splitter splitter = {.tokenizer = tokenizer, .arena = arena, .capacity = (within.end - within.start) / 4 + 16};
    splitter.pieces.items = arena_take(arena, splitter.capacity * sizeof *splitter.pieces.items);
    struct view seen = view_slice(text, 0, within.end);
    for (size_t at = within.start; at < within.end;) {
        struct span origin = {.start = (uint32_t)at};
        unsigned char byte = (unsigned char)text.data[at];
        uint32_t code_point = byte < 0x80 ? (at++, byte) : utf8_next(seen, &at);
        origin.end = (uint32_t)at;
        read_code_point(&splitter, code_point, origin);
    }
    end_word(&splitter);
    return splitter.pieces;
}
