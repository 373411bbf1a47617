#include "processor/model/chain.h"

#include "processor/runtime/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Below what any path of finite scores reaches, above what adding up could overflow. */
static const float FORBIDDEN = -1e30F;

static bool is_inside(size_t tag)
{
    return tag != 0 && tag % 2 == 0;
}

static bool is_valid_move(size_t from, size_t to)
{
    return !is_inside(to) || from == to || from + 1 == to;
}

void chain_init(struct chain *chain, size_t tags, const float *start, const float *transitions)
{
    assert(tags <= CHAIN_TAG_LIMIT);
    chain->tags = tags;
    chain->start = memory_new(tags * (tags + 1), sizeof *chain->start);
    chain->transitions = chain->start + tags;
    for (size_t to = 0; to < tags; to++) {
        chain->start[to] = is_inside(to) ? FORBIDDEN : start != NULL ? start[to] : 0;
        for (size_t from = 0; from < tags; from++) {
            float score = transitions != NULL ? transitions[from * tags + to] : 0;
            chain->transitions[from * tags + to] = is_valid_move(from, to) ? score : FORBIDDEN;
        }
    }
}

void chain_done(struct chain *chain)
{
    free(chain->start);
    *chain = (struct chain){.tags = 0};
}

static size_t best_of(const float *scores, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (scores[i] > scores[best])
            best = i;
    return best;
}

/* One step: scores [tags] of the best paths to each tag of the last row become those of this row. */
static void advance(const struct chain *chain, const float *emissions, float *scores, uint8_t *back)
{
    float next[CHAIN_TAG_LIMIT];
    size_t tags = chain->tags;
    for (size_t to = 0; to < tags; to++) {
        size_t best = 0;
        float most = scores[0] + chain->transitions[to];
        for (size_t from = 1; from < tags; from++) {
            float score = scores[from] + chain->transitions[from * tags + to];
            if (score > most) {
                most = score;
                best = from;
            }
        }
        back[to] = (uint8_t)best;
        next[to] = most + emissions[to];
    }
    memcpy(scores, next, tags * sizeof *next);
}

void chain_decode(const struct chain *chain, const float *emissions, size_t stride, size_t count, uint8_t *back,
                  uint8_t *tags)
{
    float scores[CHAIN_TAG_LIMIT];
    if (count == 0)
        return;
    for (size_t tag = 0; tag < chain->tags; tag++)
        scores[tag] = chain->start[tag] + emissions[tag];
    for (size_t row = 1; row < count; row++)
        advance(chain, emissions + row * stride, scores, back + row * chain->tags);
    tags[count - 1] = (uint8_t)best_of(scores, chain->tags);
    for (size_t row = count - 1; row > 0; row--)
        tags[row - 1] = back[row * chain->tags + tags[row]];
}

float chain_probability(const float *emissions, size_t count, size_t tag)
{
    float sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += expf(emissions[i] - emissions[tag]);
    return 1.0F / sum;
}
