/* One pair head (formulas: heads.h): what the rows of a range say of two mentions.
 *
 * What depends on one mention alone is computed once a window and kept, and pairs are asked many at a time, so that a further
 * pair costs a row of two small products and a look at its range.
 * Thread: a pair is const after pair_init(); the scratch has one owner. */
#pragma once

#include "processor/model/matrix.h"

/* Rows [start, end) of a window. */
struct rows {
    uint32_t start, end;
};

/* A pair that is asked for: what the rows of `range` say of `a` toward `b`. An empty `a` is the author. */
struct pair_ask {
    struct rows a, b, range;
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
    float *memory;       /* [window][2P] */
    struct rows *cached; /* [PAIR_CACHE] mentions of this window, and of each: */
    float *vectors;      /* [PAIR_CACHE][D] */
    float *products;     /* [PAIR_CACHE][4P], by the matrix `mention` */
    size_t cached_count;
    float *product;      /* [PAIR_ASKS_MOST][D] */
    float *query, *context, *hidden; /* [PAIR_ASKS_MOST][P] each */
    float *work;         /* [window] */
    struct matrix_scratch matrix;
};

enum { PAIR_ASKS_MOST = 32, PAIR_CACHE = 4 * PAIR_ASKS_MOST, PAIR_CLASS_LIMIT = 8 };

/* Reads NAME.query_a and so on. err: ERROR_CONFIG "model.section". Free with pair_done(), also after failure. */
bool pair_init(struct pair *pair, const struct kernels *kernels, const struct model_file *file, const char *name,
               size_t classes, struct error *err);
void pair_done(struct pair *pair); /* a zeroed one is fine */

void pair_scratch_init(struct pair_scratch *scratch, const struct pair *pair, size_t window);
void pair_scratch_done(struct pair_scratch *scratch);

/* Takes in the window `hidden` [count][D] and forgets the last one. */
void pair_prepare(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, size_t count);

/* Logits of `count` (at most PAIR_ASKS_MOST) asks: [count][classes]. `hidden` as in the last pair_prepare(). What is said of a
 * pair does not depend on those asked with it. */
void pair_run(const struct pair *pair, struct pair_scratch *scratch, const float *hidden, const struct pair_ask *asks,
              size_t count, float *logits);
