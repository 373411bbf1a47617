#include "processor/model/chain.h"

#include "processor/runtime/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Below what any path of finite scores reaches, above what adding up could overflow. */
static const float FORBIDDEN = -1e30F;

enum { BLOCK = 4 };
_Static_assert(CHAIN_TAG_LIMIT % BLOCK == 0, "padded rows fit");

static bool is_inside(size_t tag)
{
    return tag != 0 && tag % 2 == 0;
}

static bool is_valid_move(size_t from, size_t to)
{
    return !is_inside(to) || from == to || from + 1 == to;
}

static float largest_of(const float *values, size_t count)
{
    float most = values[0];
    for (size_t i = 1; i < count; i++)
        most = fmaxf(most, values[i]);
    return most;
}

/* A row of odds takes whole blocks, filled up with zeros. */
static size_t padded(size_t tags)
{
    return (tags + BLOCK - 1) / BLOCK * BLOCK;
}

static void init_odds(struct chain *chain)
{
    size_t tags = chain->tags, width = padded(tags);
    float most = largest_of(chain->transitions, tags * tags), most_start = largest_of(chain->start, tags);
    for (size_t from = 0; from < tags; from++) {
        chain->start_odds[from] = expf(chain->start[from] - most_start);
        for (size_t to = 0; to < tags; to++) {
            float odds = expf(chain->transitions[from * tags + to] - most);
            chain->odds[from * width + to] = chain->back_odds[to * width + from] = odds;
        }
    }
}

void chain_init(struct chain *chain, size_t tags, const float *start, const float *transitions)
{
    assert(tags <= CHAIN_TAG_LIMIT);
    chain->tags = tags;
    chain->start = memory_new(2 * tags + tags * tags + 2 * tags * padded(tags), sizeof *chain->start);
    chain->transitions = chain->start + tags;
    chain->start_odds = chain->transitions + tags * tags;
    chain->odds = chain->start_odds + tags;
    chain->back_odds = chain->odds + tags * padded(tags);
    for (size_t to = 0; to < tags; to++) {
        chain->start[to] = is_inside(to) ? FORBIDDEN : start != NULL ? start[to] : 0;
        for (size_t from = 0; from < tags; from++) {
            float score = transitions != NULL ? transitions[from * tags + to] : 0;
            chain->transitions[from * tags + to] = is_valid_move(from, to) ? score : FORBIDDEN;
        }
    }
    init_odds(chain);
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

/* exp(emissions - the largest of the row), [count][tags]. */
static void weigh(const float *emissions, size_t stride, size_t count, size_t tags, float *weights)
{
    for (size_t row = 0; row < count; row++, emissions += stride, weights += tags) {
        float most = largest_of(emissions, tags);
        for (size_t tag = 0; tag < tags; tag++)
            weights[tag] = expf(emissions[tag] - most);
    }
}

/* sums[j] = sum over i of values[i] odds[i][j], all divided by their total: only proportions count, and products over
 * hundreds of rows must not vanish. In blocks of fixed size, which the compiler turns into vectors. */
static void spread(const float *values, const float *odds, size_t tags, float sums[CHAIN_TAG_LIMIT])
{
    size_t width = padded(tags);
    float total = 0;
    memset(sums, 0, width * sizeof *sums);
    for (size_t i = 0; i < tags; i++, odds += width)
        for (size_t at = 0; at < width; at += BLOCK)
            for (size_t j = 0; j < BLOCK; j++)
                sums[at + j] += values[i] * odds[at + j];
    for (size_t j = 0; j < tags; j++)
        total += sums[j];
    if (total <= 0)
        return;
    for (size_t at = 0; at < width; at += BLOCK)
        for (size_t j = 0; j < BLOCK; j++)
            sums[at + j] /= total;
}

void chain_marginals(const struct chain *chain, const float *emissions, size_t stride, size_t count, const uint8_t *tags,
                     float *work, float *scores)
{
    size_t width = chain->tags;
    float *weights = work, *forward = work + count * width, behind[CHAIN_TAG_LIMIT], sums[CHAIN_TAG_LIMIT];
    weigh(emissions, stride, count, width, weights);
    for (size_t row = 0; row < count; row++) {
        if (row > 0)
            spread(forward + (row - 1) * width, chain->odds, width, sums);
        for (size_t tag = 0; tag < width; tag++)
            forward[row * width + tag] = weights[row * width + tag] * (row > 0 ? sums[tag] : chain->start_odds[tag]);
    }
    for (size_t tag = 0; tag < width; tag++)
        sums[tag] = 1;
    for (size_t row = count; row-- > 0;) {
        const float *before = forward + row * width;
        float total = 0;
        for (size_t tag = 0; tag < width; tag++) {
            total += before[tag] * sums[tag];
            behind[tag] = weights[row * width + tag] * sums[tag];
        }
        scores[row] = total > 0 ? before[tags[row]] * sums[tags[row]] / total : 0;
        spread(behind, chain->back_odds, width, sums);
    }
}

float chain_probability(const float *emissions, size_t count, size_t tag)
{
    float sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += expf(emissions[i] - emissions[tag]);
    return 1.0F / sum;
}
