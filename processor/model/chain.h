/* Linear chains over O, B-X, I-X tags: the best valid sequence by Viterbi.
 *
 * Tag 0 is O, 1 + 2n is B and 2 + 2n is I of type n. Moves that no BIO sequence has (O or another type to I, a
 * start in I) are never taken, whatever the scores say. Thread: any; const after chain_init(). */
#pragma once

#include "processor/model/file.h"

struct chain {
    size_t tags;        /* at most CHAIN_TAG_LIMIT */
    float *start;       /* [tags], one allocation with: */
    float *transitions; /* [from][to] */
    float *start_odds;  /* [tags], exp(start - the largest of them) */
    float *odds;        /* [from][to], exp(transitions - the largest of them), rows padded to whole vectors */
    float *back_odds;   /* [to][from], the same */
};

enum { CHAIN_TAG_LIMIT = 64 };

/* Copies start [tags] and transitions [tags][tags]; NULL for zeros. */
void chain_init(struct chain *chain, size_t tags, const float *start, const float *transitions);
void chain_done(struct chain *chain); /* a zeroed one is fine */

/* The best tags [count] for emissions [count][tags], rows `stride` floats apart. back: room for [count][tags]. */
void chain_decode(const struct chain *chain, const float *emissions, size_t stride, size_t count, uint8_t *back,
                  uint8_t *tags);

/* The probability of each row's tag over all valid sequences, by the forward-backward algorithm: scores [count].
 * work: room for [2][count][tags]. A tag that no valid sequence has there gets 0. */
void chain_marginals(const struct chain *chain, const float *emissions, size_t stride, size_t count, const uint8_t *tags,
                     float *work, float *scores);

/* softmax(emissions)[tag] over `count` values. */
float chain_probability(const float *emissions, size_t count, size_t tag);
