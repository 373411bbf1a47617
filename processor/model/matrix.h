/* Weight matrices made ready for one set of kernels, and products with them.
 *
 * Thread: any; a matrix is const after matrix_new(), the scratch has one owner. */
#pragma once

#include "processor/model/kernels.h"

/* One product y = x W^T + b. W may be several tensors of the model file under each other, so that what reads the same x
 * is one product. */
struct matrix {
    const struct kernels *kernels;
    struct packed packed;
    bool is_moved; /* its i8 weights belong to somebody else */
};

/* Room for the quantised rows of one product at a time. */
struct matrix_scratch {
    uint8_t *codes;
    float *scales;
};

/* Rows of inputs, and the same quantised where that was done before (else NULL): kernels->quantise(). */
struct inputs {
    const float *x;       /* [rows][cols] */
    const uint8_t *codes; /* the same, with kernels_padded_rows() to read */
    const float *scales;  /* [rows] */
};

/* A part of a matrix: weights [rows][cols] and their bias. */
struct matrix_part {
    const char *weight, *bias; /* names in the file; bias may be NULL: zeros */
    uint32_t rows;
};

/* `parts` [count] under each other, all [rows][cols]. i8 stays i8 only where all parts are and the kernels keep it.
 * err: ERROR_CONFIG "model.section". Free with matrix_done(), also after failure. */
bool matrix_init(struct matrix *matrix, const struct kernels *kernels, const struct model_file *file,
                 const struct matrix_part *parts, size_t count, uint32_t cols, struct error *err);
void matrix_done(struct matrix *matrix); /* a zeroed one is fine */

/* Bytes of the i8 weights, a multiple of 64; 0 where there are none. */
size_t matrix_bytes(const struct matrix *matrix);

/* Moves the i8 weights to `at` (64-aligned, with room for matrix_bytes() and outliving the matrix), where those of others stand
 * beside them. */
void matrix_move(struct matrix *matrix, void *at);

/* For products of up to `rows` rows of up to `inputs` inputs. */
void matrix_scratch_init(struct matrix_scratch *scratch, size_t rows, size_t inputs);
void matrix_scratch_done(struct matrix_scratch *scratch);

/* x [rows][cols] to out [rows][sum of the parts' rows]. */
void matrix_apply(const struct matrix *matrix, struct matrix_scratch *scratch, const float *x, size_t rows, float *out);
/* The same of rows that may be quantised already; the scratch is used where they are not. */
void matrix_apply_to(const struct matrix *matrix, struct matrix_scratch *scratch, struct inputs inputs, size_t rows, float *out);
/* The same of gelu(x), which takes the place of x. */
void matrix_apply_to_gelu(const struct matrix *matrix, struct matrix_scratch *scratch, float *x, size_t rows, float *out);

/* Copies a vector [count] (f32 in the file) or a whole tensor, i8 unpacked: out [rows][cols]. err: as above. */
bool matrix_read(const struct model_file *file, const char *name, uint32_t rows, uint32_t cols, float *out,
                 struct error *err);
