/* One pair head (formulas: heads.h): what the rows of a range say of two mentions.
 *
 * What depends on one mention alone is computed once a window and kept, so that a further pair costs two small products.
 * Thread: a pair is const after pair_init(); the scratch has one owner. */
#pragma once

#include "processor/model/matrix.h"

/* Rows [start, end) of a window. */
struct rows {
    uint32_t start, end;
};

struct pair {
    const struct kernels *kernels;
    size_t width, inner, classes; /* D, P, C */
    struct matrix mention;        /* [4P][D]: query_a, query_b, hidden_a, hidden_b */
    struct matrix memory;         /* [2P][D]: key, value */
    struct matrix product, context, out;
    float *author;                /* [D], then its products with `mention` [4P] */
};

struct pair_scratch {
    float *memory;      /* [window][2P] */
    float *vectors;     /* [PAIR_CACHE][D], then of each its products [4P]: see vector_of() */
    struct rows *cached; /* [PAIR_CACHE] */
    size_t cached_count;
    float *product;     /* [D] then [P] */
    float *query, *context, *hidden; /* [2][P] each: both orders */
    float *work;        /* [window] */
    struct matrix_scratch matrix;
};

enum { PAIR_CACHE = 64, PAIR_CLASS_LIMIT = 8 };

/* Reads NAME.query_a and so on. err: ERROR_CONFIG "model.section". Free with pair_done(), also after failure. */
bool pair_init(struct pair *pair, const struct kernels *kernels, const struct model_file *file, const char *name,
               size_t classes, struct error *err);
void pair_done(struct pair *pair); /* a zeroed one is fine */

void pair_scratch_init(struct pair_scratch *scratch, const struct pair *pair, size_t window);
void pair_scratch_done(struct pair_scratch *scratch);

/* Takes in the window `hidden` [count][D] and forgets the last one. */
void pair_prepare(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, size_t count);

/* Logits of (a, b) and, with `orders` 2, of (b, a) behind them: [orders][classes]. An empty `a` is the author.
 * `hidden` as in the last pair_prepare(). */
void pair_run(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, struct rows a, struct rows b,
              struct rows range, size_t orders, float *logits);
