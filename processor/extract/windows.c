#include "processor/extract/windows.h"

struct packer {
    const struct reading *reading;
    const struct tokenizer *tokenizer;
    size_t most; /* pieces without [CLS] and [SEP] */
    struct windows windows;
    size_t window_room;
    struct piece *pieces; /* [count] of the window being filled */
    uint32_t *sentence_of;
    size_t count;
    size_t paragraph; /* where in them the last paragraph starts */
};

void *reading_room(struct arena *arena, void *items, size_t count, size_t *room, size_t item_bytes)
{
    if (count < *room)
        return items;
    size_t wanted = *room ? *room * 2 : 16;
    void *larger = arena_take_zeroed(arena, wanted, item_bytes);
    if (count)
        memcpy(larger, items, count * item_bytes);
    *room = wanted;
    return larger;
}

size_t reading_first_mark(const struct reading *reading, uint32_t start)
{
    size_t low = 0, high = reading->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct mark *mark = &reading->marks[middle];
        bool is_before = reading->sentences[mark->sentence].is_prose && mark->span.start < start;
        if (is_before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Makes a window of the first `used` pieces and keeps the rest for the next one. */
static void close_window(struct packer *packer, size_t used)
{
    if (used == 0)
        return;
    struct arena *arena = packer->reading->arena;
    size_t count = used + 2;
    struct window window = {.ids = arena_take_zeroed(arena, count, sizeof *window.ids),
                            .shapes = arena_take_zeroed(arena, count, sizeof *window.shapes),
                            .spans = arena_take_zeroed(arena, count, sizeof *window.spans),
                            .sentence_of = arena_take_zeroed(arena, count, sizeof *window.sentence_of),
                            .count = count,
                            .words = arena_take_zeroed(arena, count, sizeof *window.words)};
    window.ids[0] = tokenizer_cls(packer->tokenizer);
    window.ids[count - 1] = tokenizer_sep(packer->tokenizer);
    window.sentence_of[0] = packer->sentence_of[0];
    window.sentence_of[count - 1] = packer->sentence_of[used - 1];
    for (size_t i = 0; i < used; i++) {
        const struct piece *piece = &packer->pieces[i];
        window.ids[i + 1] = piece->id;
        window.shapes[i + 1] = piece->case_shape;
        window.spans[i + 1] = piece->span;
        window.sentence_of[i + 1] = packer->sentence_of[i];
        if (piece->is_word_start)
            window.words[window.word_count++] = (uint32_t)i + 1;
    }
    packer->windows.items =
        reading_room(arena, packer->windows.items, packer->windows.count, &packer->window_room, sizeof window);
    packer->windows.items[packer->windows.count++] = window;
    packer->count -= used;
    memmove(packer->pieces, packer->pieces + used, packer->count * sizeof *packer->pieces);
    memmove(packer->sentence_of, packer->sentence_of + used, packer->count * sizeof *packer->sentence_of);
    packer->paragraph = 0;
}

/* Makes room for a sentence of `wanted` pieces: the window ends before its last paragraph, so that this stays whole, where
 * that leaves it at least half full. */
static void make_room(struct packer *packer, size_t wanted)
{
    if (packer->count + wanted <= packer->most)
        return;
    if (packer->paragraph >= packer->most / 2)
        close_window(packer, packer->paragraph);
    if (packer->count + wanted > packer->most)
        close_window(packer, packer->count);
}

/* How many pieces from `from` on fit into a window of their own: all, or up to a word's start. */
static size_t cut_at_word(const struct pieces *pieces, size_t from, size_t most)
{
    if (pieces->count - from <= most)
        return pieces->count - from;
    size_t length = most;
    while (length > 1 && !pieces->items[from + length].is_word_start)
        length--;
    return length > 1 ? length : most;
}

static void pack_sentence(struct packer *packer, uint32_t sentence)
{
    struct pieces pieces = tokenizer_split(packer->tokenizer, packer->reading->text,
                                           packer->reading->sentences[sentence].span, packer->reading->arena);
    const struct sentence *sentences = packer->reading->sentences;
    if (packer->count > 0 && sentences[packer->sentence_of[packer->count - 1]].region != sentences[sentence].region)
        packer->paragraph = packer->count;
    for (size_t from = 0; from < pieces.count;) {
        make_room(packer, pieces.count - from);
        size_t length = cut_at_word(&pieces, from, packer->most);
        for (size_t i = 0; i < length; i++) {
            packer->pieces[packer->count] = pieces.items[from + i];
            packer->sentence_of[packer->count++] = sentence;
        }
        from += length;
    }
}

struct windows windows_of(const struct reading *reading, const struct tokenizer *tokenizer, size_t most, bool prose)
{
    struct packer packer = {.reading = reading, .tokenizer = tokenizer, .most = most - 2};
    packer.pieces = arena_take_zeroed(reading->arena, most, sizeof *packer.pieces);
    packer.sentence_of = arena_take_zeroed(reading->arena, most, sizeof *packer.sentence_of);
    const struct sentence *last = NULL;
    for (size_t i = 0; i < reading->sentence_count; i++) {
        const struct sentence *sentence = &reading->sentences[i];
        if (sentence->is_prose != prose)
            continue;
        if (!prose && last && last->kind != sentence->kind)
            close_window(&packer, packer.count);
        pack_sentence(&packer, (uint32_t)i);
        last = sentence;
    }
    close_window(&packer, packer.count);
    return packer.windows;
}

struct rows window_rows(const struct window *window, struct span span)
{
    size_t low = 1, high = window->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (window->spans[middle].end <= span.start)
            low = middle + 1;
        else
            high = middle;
    }
    struct rows rows = {.start = (uint32_t)low, .end = (uint32_t)low};
    while (rows.end < window->count - 1 && window->spans[rows.end].start < span.end)
        rows.end++;
    return rows;
}

struct rows window_sentence(const struct window *window, uint32_t sentence)
{
    struct rows rows = {0};
    for (uint32_t r = 1; r + 1 < window->count; r++) {
        if (window->sentence_of[r] != sentence)
            continue;
        if (rows.end == 0)
            rows.start = r;
        rows.end = r + 1;
    }
    return rows;
}

struct span window_words(const struct window *window, size_t first, size_t last)
{
    uint32_t end_row = last + 1 < window->word_count ? window->words[last + 1] : (uint32_t)window->count - 1;
    return (struct span){.start = window->spans[window->words[first]].start, .end = window->spans[end_row - 1].end};
}

struct view window_word(const struct reading *reading, const struct window *window, size_t word)
{
    return reading_view(reading, window_words(window, word, word));
}

bool window_is_in_sentence(const struct window *window, size_t word, size_t of)
{
    return word < window->word_count && window->sentence_of[window->words[word]] == window->sentence_of[window->words[of]];
}

bool window_goes_on(const struct window *window, size_t word)
{
    return word + 1 < window->word_count &&
           window->sentence_of[window->words[word + 1]] - window->sentence_of[window->words[word]] <= 1;
}

bool window_keeps_on(const struct reading *reading, const struct window *window, size_t word)
{
    if (!window_goes_on(window, word))
        return false;
    size_t end = window_words(window, word, word).end, next = window_words(window, word + 1, word + 1).start;
    return window->sentence_of[window->words[word + 1]] == window->sentence_of[window->words[word]] || next == end ||
           (next == end + 1 && reading->text.data[end] == ' ');
}
