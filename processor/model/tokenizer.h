/* WordPiece as in BERT uncased: clean, split at white space, punctuation and CJK, NFD without marks, lower case,
 * greedy longest match. Gives the same ids and offsets as the `tokenizers` library (tested against it). */
#pragma once

#include "processor/model/file.h"
#include "processor/runtime/arena.h"
#include "processor/text/boilerplate.h"

#include <stdbool.h>

/* The shape of a word's case, before lower-casing; all pieces of a word share it. */
enum case_shape {
    CASE_NONE,  /* no cased letter: digits, punctuation, [CLS], [SEP] */
    CASE_LOWER, /* all cased letters lower */
    CASE_TITLE, /* first cased letter upper, the rest (if any) lower */
    CASE_UPPER, /* two or more cased letters, all upper */
    CASE_MIXED, /* anything else: iPhone, McConnell */
    CASE_SHAPE_COUNT = 6 /* one spare */
};

struct piece {
    struct span span; /* bytes of the text; a piece of a word without visible characters may be empty */
    uint32_t id;
    uint8_t case_shape;
    bool is_word_start; /* first piece of a word (run between white space and punctuation, or one punctuation mark) */
};

struct pieces {
    struct piece *items; /* [count] */
    size_t count;
};

struct tokenizer;

/* Builds the lookup from the file's "vocab"; the file must outlive it. err: ERROR_CONFIG "model.vocab" (no [UNK],
 * [CLS], [SEP], duplicate). Thread: any; const after open. */
struct tokenizer *tokenizer_new(const struct model_file *file, struct error *err);
void tokenizer_free(struct tokenizer *tokenizer);

/* The pieces of text[within] (valid UTF-8), without [CLS] and [SEP]; spans are byte ranges of `text`. A word of more
 * than 100 code points is one [UNK]. Linear. Result in `arena`. */
struct pieces tokenizer_split(const struct tokenizer *tokenizer, struct view text, struct span within, struct arena *arena);

uint32_t tokenizer_cls(const struct tokenizer *tokenizer);
uint32_t tokenizer_sep(const struct tokenizer *tokenizer);
