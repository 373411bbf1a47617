/* What BERT's uncased normaliser and pre-tokenizer do to each code point; data written by wordpiece_table.py.
 *
 * A code point of no range is a letter that stays as it is. Hangul syllables (U+AC00..U+D7A3) are in no range:
 * they decompose by formula (Unicode 3.12). Constants. Thread: any. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum wordpiece_kind {
    WORDPIECE_LETTER,   /* part of a word; code point + shift is its folded form */
    WORDPIECE_REMOVED,  /* control, private use, mark: leaves no trace */
    WORDPIECE_SPACE,    /* ends a word */
    WORDPIECE_ALONE,    /* punctuation or ideograph: a word of its own; shift as above */
    WORDPIECE_SEQUENCE, /* folds to two or three letters, see WORDPIECE_SEQUENCES */
    WORDPIECE_KIND_COUNT,
};

/* Code points first, first + step, ..., last. */
struct wordpiece_range {
    uint32_t first, last;
    uint8_t step, kind;
    int32_t shift;
};

struct wordpiece_sequence {
    uint32_t code_point, letters[3]; /* the third may be 0: none */
};

extern const struct wordpiece_range WORDPIECE_RANGES[]; /* rising, not overlapping but for runs of step 2 */
extern const size_t WORDPIECE_RANGE_COUNT;
extern const struct wordpiece_sequence WORDPIECE_SEQUENCES[]; /* rising */
extern const size_t WORDPIECE_SEQUENCE_COUNT;
