/* What is read off the encoder's vectors: names, attribution spans and their links, stance between two mentions,
 * portrayal of one.
 *
 * H is the window's hidden state [count][width], row 0 = [CLS]. Heads look at the first piece of each word ("word
 * rows"). A mention is a range of rows; its vector is their mean. D = width, and G(x) = gelu by erf.
 *
 * Names        logits = H[r] Wn^T + bn                          names.weight [19][D], names.bias; names.transitions [19][19], names.start [19]
 *              tag 0 = O, then B-, I- for each type in the order of ENTITY_TYPES (extract/findings.h)
 * Attribution  logits = H[r] Wr^T + br                          roles.weight [9][D], roles.bias: three layers (source, cue, content) of O, B, I;
 *              roles.transitions [3][3][3] stored as [9][3], roles.start [3][3]; each layer decoded by Viterbi
 * Issues       logits = H[r] Wi^T + bi                          issues.weight [3][D], issues.bias: O, B, I; issues.transitions [3][3], issues.start [3]
 * Link         z = G(A H[first] + B H[last] + C mean(H[cue]) + R[bucket] + b), link.out [2][128]: logit 0 "is the cue's source", 1 "is its content"
 *              link.first, link.last, link.cue [128][D], link.bias [128], link.distance [32][128], link.out.bias [2]
 * Pair         (two instances: "stance" with C = 5, "portrayal" with C = 3)
 *              a, b = mention vectors (for "portrayal" and for the author as source, a = the learned vector NAME.author [D])
 *              q = Qa a + Qb b + qb;  per head h of 6 (64 wide each when D = 384: D / 6 ... see NAME.query [P][D], P = 384):
 *              w = softmax over rows t of the range of (q_h . k_t,h / 8),  k = K H + kb, v = V H + vb;  c = concat_h sum_t w_t v_t,h
 *              z = G(Wa a + Wb b + Wp (a * b) + Wc c + bias);  logits = Wo z + bo
 *              NAME.query_a, .query_b, .key, .value [384][D]; .hidden_a, .hidden_b, .hidden_product [384][D], .hidden_context [384][384],
 *              .query_bias, .key_bias, .value_bias, .hidden_bias [384], .out [C][384], .out_bias [C]
 *              stance classes: 0 none, 1 a for b, 2 b for a, 3 a against b, 4 b against a; portrayal: 0 negative, 1 neutral, 2 positive
 *
 * Matrices may be i8 or f32 in the file. Thread: const after open; scratch has one owner. */
#pragma once

#include "processor/model/encoder.h"
#include "processor/model/pair.h"

enum { NAME_TAG_COUNT = 19, ROLE_COUNT = 3, ROLE_TAG_COUNT = 3, ISSUE_TAG_COUNT = 3, STANCE_CLASS_COUNT = 5, PORTRAYAL_CLASS_COUNT = 3 };
enum { ROLE_SOURCE, ROLE_CUE, ROLE_CONTENT };
enum { TAG_OUTSIDE, TAG_BEGIN, TAG_INSIDE };
enum { STANCE_NONE, STANCE_A_FOR_B, STANCE_B_FOR_A, STANCE_A_AGAINST_B, STANCE_B_AGAINST_A };
enum { PORTRAYAL_NEGATIVE, PORTRAYAL_NEUTRAL, PORTRAYAL_POSITIVE };

struct heads;
struct heads_scratch;

struct heads *heads_new(const struct model_file *file, struct error *err);
/* The same with a given set of kernels (kernels_exact(): dequantised weights in plain f32), for tests. */
struct heads *heads_new_with(const struct model_file *file, const struct kernels *kernels, struct error *err);
void heads_free(struct heads *heads);
struct heads_scratch *heads_scratch_new(const struct heads *heads);
void heads_scratch_free(struct heads_scratch *scratch);

/* Names of the words at `rows` [count]: the best valid tag sequence, and the probability of each word's tag.
 *   tags [count], scores [count] (the share of all valid sequences that have this tag there: chain_marginals()) */
void heads_names(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const uint32_t *rows,
                 size_t count, uint8_t *tags, float *scores);

/* The three attribution layers, decoded: tags [ROLE_COUNT][count], scores the same shape, or NULL where nobody asks for them. */
void heads_roles(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const uint32_t *rows,
                 size_t count, uint8_t *tags, float *scores);

/* Issues that one may be for or against, as heads_names(). `lift` is added to the logits of the tag that begins one: the more, the
 * more issues are found. */
void heads_issues(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const uint32_t *rows,
                  size_t count, float lift, uint8_t *tags, float *scores);

/* Probability that the words of `span` are the source (role ROLE_SOURCE) or the content of `cue`. `span` and `cue` are
 * ranges of rows; `distance` is the signed number of words from the cue to the span (negative: before it), bucketed by
 * sign and magnitude: 0..15 for before, 16..31 for behind: min(15, magnitude < 8 ? magnitude : 8 + log2(magnitude / 8) * 2). */
float heads_link(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, struct rows span,
                 struct rows cue, int distance, int role);

/* Computes keys and values of the window for both pair heads; call before heads_stances and heads_portrayals. */
void heads_pairs_prepare(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, size_t count);

/* Probabilities [count][5] of the stance between the mentions `a` and `b` of each ask, read over the rows of its range: the mean
 * of both orders. An empty `a` is the author, then only classes 0, 1, 3 are meant (and one order is run). Nor is the other order
 * run where the first finds none with more than `none_most` (1: always run): then the probabilities are the first's. */
void heads_stances(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const struct pair_ask *asks,
                   size_t count, float none_most, float (*probabilities)[STANCE_CLASS_COUNT]);

/* The same of one pair, in both orders. */
void heads_stance(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, struct rows a,
                  struct rows b, struct rows range, float probabilities[STANCE_CLASS_COUNT]);

/* Probabilities [count][3] of how the rows of each ask's range speak of its mention `b`; its `a` is empty. */
void heads_portrayals(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const struct pair_ask *asks,
                      size_t count, float (*probabilities)[PORTRAYAL_CLASS_COUNT]);

/* The same of one mention. */
void heads_portrayal(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, struct rows target,
                     struct rows range, float probabilities[PORTRAYAL_CLASS_COUNT]);
