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

static float largest_of(const float *values, size_t count)
{
    float most = values[0];
    for (size_t i = 1; i < count; i++)
        most = fmaxf(most, values[i]);
    return most;
}

void chain_init(struct chain *chain, size_t tags, const float *start, const float *transitions)
{
    assert(tags <= CHAIN_TAG_LIMIT);
    chain->tags = tags;
    chain->start = memory_new(tags * (2 * tags + 1), sizeof *chain->start);
    chain->transitions = chain->start + tags;
    chain->odds = chain->transitions + tags * tags;
    for (size_t to = 0; to < tags; to++) {
        chain->start[to] = is_inside(to) ? FORBIDDEN : start != NULL ? start[to] : 0;
        for (size_t from = 0; from < tags; from++) {
            float score = transitions != NULL ? transitions[from * tags + to] : 0;
            chain->transitions[from * tags + to] = is_valid_move(from, to) ? score : FORBIDDEN;
        }
    }
    float most = largest_of(chain->transitions, tags * tags);
    for (size_t i = 0; i < tags * tags; i++)
        chain->odds[i] = expf(chain->transitions[i] - most);
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

/* Makes values [count] sum to 1: only their proportions count, and products of them must not vanish. */
static void scale_to_one(float *values, size_t count)
{
    float sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    for (size_t i = 0; i < count && sum > 0; i++)
        values[i] /= sum;
}

/* `values` [tags] times exp(emissions). */
static void emit(const float *emissions, size_t tags, float *values)
{
    float most = largest_of(emissions, tags);
    for (size_t i = 0; i < tags; i++)
        values[i] *= expf(emissions[i] - most);
    scale_to_one(values, tags);
}

/* next[to] = sum over from of values[from] odds[from][to]; backward the other way round. */
static void move(const struct chain *chain, const float *values, bool is_backward, float *next)
{
    size_t tags = chain->tags;
    memset(next, 0, tags * sizeof *next);
    for (size_t from = 0; from < tags; from++)
        for (size_t to = 0; to < tags; to++)
            next[is_backward ? from : to] += values[is_backward ? to : from] * chain->odds[from * tags + to];
}

void chain_marginals(const struct chain *chain, const float *emissions, size_t stride, size_t count, const uint8_t *tags,
                     float *forward, float *scores)
{
    size_t width = chain->tags;
    float behind[CHAIN_TAG_LIMIT], next[CHAIN_TAG_LIMIT];
    float most = largest_of(chain->start, width);
    for (size_t tag = 0; tag < width; tag++) {
        behind[tag] = 1;
        if (count > 0)
            forward[tag] = expf(chain->start[tag] - most);
    }
    for (size_t row = 0; row < count; row++) {
        if (row > 0)
            move(chain, forward + (row - 1) * width, false, forward + row * width);
        emit(emissions + row * stride, width, forward + row * width);
    }
    for (size_t row = count; row-- > 0;) {
        const float *before = forward + row * width;
        float sum = 0;
        for (size_t tag = 0; tag < width; tag++)
            sum += before[tag] * behind[tag];
        scores[row] = sum > 0 ? before[tags[row]] * behind[tags[row]] / sum : 0;
        emit(emissions + row * stride, width, behind);
        move(chain, behind, true, next);
        memcpy(behind, next, width * sizeof *next);
    }
}

float chain_probability(const float *emissions, size_t count, size_t tag)
{
    float sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += expf(emissions[i] - emissions[tag]);
    return 1.0F / sum;
}
