/* The model file: configuration, vocabulary, labels and weights in one mmap'd flat file.
 *
 *   header, 64 bytes   "STANCED\1", u32 version (1), u32 section count, u64 file bytes, u64 reserved (0),
 *                      u8[32] SHA-256 of everything behind the header
 *   section table      one entry of 128 bytes each: char name[64] (NUL padded), u32 dtype (0 bytes, 1 f32, 2 i8),
 *                      u32 rank (0..3), u64 dims[3] (unused 1), u64 offset from the file's start (64-aligned), u64 bytes, 16 zero bytes
 *   sections           little-endian; a weight matrix is stored [out][in]; an i8 matrix NAME has a f32 vector NAME.scale [out]
 *
 * "config" is a JSON object (dtype bytes), "vocab" the pieces joined by newlines, in id order. Every size is
 * checked against the file before it is used. Public-domain-style layout of our own; written by
 * training/stanced/export.py. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stddef.h>
#include <stdint.h>

/* Dimensions, from the file's config. All are checked against the limits given here at load. */
struct model_config {
    uint32_t layers;      /* 1..48 */
    uint32_t width;       /* 64..2048, a multiple of heads and of 64 */
    uint32_t heads;       /* 1..64 */
    uint32_t hidden;      /* feed-forward, 64..8192, a multiple of 64 */
    uint32_t positions;   /* 16..4096 */
    uint32_t vocab;       /* 1..200000 */
    uint32_t case_shapes; /* 6 */
    uint32_t window;      /* pieces a window has at most, [CLS] and [SEP] included; <= positions */
    uint32_t reach;       /* of relative positions: 0 for none, else from window - 1 to 4096 */
    float norm_epsilon;   /* 1e-12 for BERT */
    char name[64];        /* "stanced-en-1" */
};

struct tensor {
    uint32_t rows, cols; /* rank 1: rows 1 */
    const float *f32;    /* [rows][cols], or NULL */
    const int8_t *i8;    /* [rows][cols], or NULL */
    const float *scale;  /* [rows], with i8 */
};

struct model_file;

/* Maps and verifies the file. err: ERROR_CONFIG "model.open", "model.magic", "model.version", "model.size",
 * "model.checksum", "model.section", "model.config". Free with model_file_close(). Thread: any; const after open. */
struct model_file *model_file_open(const char *path, struct error *err);
/* The same over bytes in memory (64-aligned, outliving the result): for tests and fuzzing. */
struct model_file *model_file_read(struct view bytes, struct error *err);
void model_file_close(struct model_file *file); /* NULL is fine */

const struct model_config *model_file_config(const struct model_file *file);

/* The raw bytes of a section, or an empty view. */
struct view model_file_section(const struct model_file *file, const char *name);

/* The tensor `name`, which must be [rows][cols] (rows 1 for a vector). err: ERROR_CONFIG "model.section" where it
 * is missing or of another shape. Borrowed from the file. */
bool model_file_tensor(const struct model_file *file, const char *name, uint32_t rows, uint32_t cols,
                       struct tensor *tensor, struct error *err);

/* The number `name` of an object of the JSON config ("thresholds", "calibration"), or `otherwise` where there is none. */
float model_file_number(const struct model_file *file, const char *object, const char *name, float otherwise);
