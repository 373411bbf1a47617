/* Packs sentences into windows for the encoder: consecutive whole sentences, and where it costs little whole paragraphs. */
#pragma once

#include "processor/extract/reading.h"
#include "processor/model/tokenizer.h"

/* Pieces of consecutive sentences, [CLS] before and [SEP] behind. Row r of the encoder's output is pieces[r]. */
struct window {
    uint32_t *ids;         /* [count] */
    uint8_t *shapes;       /* [count] */
    struct span *spans;    /* [count] bytes of the text; empty for [CLS] and [SEP] */
    uint32_t *sentence_of; /* [count] index of the sentence; of [CLS] the first's, of [SEP] the last's */
    size_t count;
    uint32_t *words;       /* [word_count] rows where words start */
    size_t word_count;
};

struct windows {
    struct window *items;
    size_t count;
};

/* The windows of the sentences whose is_prose is `prose`. A window never joins sentences of title, summary and body with
 * others, nor, where `prose` is false, sentences of regions of two kinds. `most` is the model's window; a longer sentence is cut at a
 * word. Result in reading->arena. */
struct windows windows_of(const struct reading *reading, const struct tokenizer *tokenizer, size_t most, bool prose);

/* The rows of `window` that overlap the bytes of `span`; start == end if none. */
struct rows window_rows(const struct window *window, struct span span);

/* The rows of sentence `sentence`; start == end if it is not in the window. */
struct rows window_sentence(const struct window *window, uint32_t sentence);

/* The bytes of the words [first, last]. */
struct span window_words(const struct window *window, size_t first, size_t last);

/* The text of a word. */
struct view window_word(const struct reading *reading, const struct window *window, size_t word);

/* Whether there is such a word, in the sentence of word `of`. */
bool window_is_in_sentence(const struct window *window, size_t word, size_t of);

/* Whether the next word stands in the same sentence or the one behind it: a window may leave out text between two sentences. */
bool window_goes_on(const struct window *window, size_t word);

/* Whether it stands in the same sentence, or right behind it or one space ("St. Gale" may be cut in two): elsewhere, and so at the end
 * of a line, a name, a source or a cue ends. */
bool window_keeps_on(const struct reading *reading, const struct window *window, size_t word);
