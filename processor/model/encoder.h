/* The encoder: piece ids and case shapes in, one vector a piece out (BERT layout, post-norm, GELU by erf; with relative
 * positions too where the file's config has a `reach`, as MPNet).
 *
 *   x0[t]  = norm(words[id] + positions[t] + cases[shape])        (token type 0 is folded into positions)
 *   layer  : q,k,v = x Wqkv + b (1/sqrt(head width) folded into q's rows at export); a = softmax(q k^T + r) v;
 *            x = norm(x + a Wo + bo);  x = norm(x + gelu(x Wup + bup) Wdown + bdown)
 *
 *            r[q][t] = embed.relative[head][reach + t - q], or 0 where there is none
 *
 * Tensors (model/file.h; matrices [out][in]):
 *   embed.words [vocab][width], embed.positions [positions][width], embed.cases [6][width], embed.norm.weight/.bias [width],
 *   embed.relative [heads][2 * reach + 1] where config.reach > 0
 *   layer.N.qkv.weight [3*width][width], .qkv.bias [3*width], .out.weight [width][width], .out.bias, .norm1.weight/.bias,
 *   layer.N.up.weight [hidden][width], .up.bias, .down.weight [width][hidden], .down.bias, .norm2.weight/.bias
 *
 * int8 matrices run by int8 kernels (activations quantised per row at run time, symmetric), and then attention is in bytes
 * too (kernels_attention.h) where heads are a multiple of 16 wide; f32 ones, or all where `exact` is set, in plain f32.
 * Layer norm, exp, GELU and residuals are f32. */
#pragma once

#include "processor/model/file.h"
#include "processor/model/tokenizer.h"

struct encoder;
struct kernels; /* model/kernels.h */
struct encoder_scratch;

/* Checks all tensors and packs the weights for this CPU. `exact`: dequantised weights in plain f32, the reference
 * for tests. The file must outlive it. err: ERROR_CONFIG. Thread: any; const after open, shared by workers. */
struct encoder *encoder_new(const struct model_file *file, bool exact, struct error *err);
/* The same with a given set of kernels: for tests and measurements. */
struct encoder *encoder_new_with(const struct model_file *file, const struct kernels *kernels, struct error *err);
void encoder_free(struct encoder *encoder);

enum { ENCODER_WINDOWS_MOST = 12 /* that are encoded together */ };

/* One worker's buffers, for windows of up to config.window pieces. Thread: owner. */
struct encoder_scratch *encoder_scratch_new(const struct encoder *encoder);
void encoder_scratch_free(struct encoder_scratch *scratch);

/* The pieces of a window, specials included (1 <= count <= config.window): ids, shapes [count]. */
struct encoder_window {
    const uint32_t *ids;
    const uint8_t *shapes;
    size_t count;
};

/* Encodes windows (1 to ENCODER_WINDOWS_MOST), each for itself: the numbers are those of one window at a time. It is cheaper
 * together, as each layer's weights, which fill the second cache, are fetched once for all.
 *   out  [sum of the counts][width], window after window */
void encoder_run(const struct encoder *encoder, struct encoder_scratch *scratch, const struct encoder_window *windows,
                 size_t window_count, float *out);

/* "amx-int8", "avx512-vnni", "avx-vnni", "avx2", "portable", or "exact". A constant. */
const char *encoder_kernel_name(const struct encoder *encoder);
