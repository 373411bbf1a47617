#include "processor/model/chain.h"
#include "processor/runtime/memory.h"
#include "tests/expect.h"

#include <math.h>

static void decode(const struct chain *chain, const float *emissions, size_t count, uint8_t *tags)
{
    uint8_t back[64];
    chain_decode(chain, emissions, chain->tags, count, back, tags);
}

Test(chain, takes_the_likeliest_tags_where_they_are_valid)
{
    static const float emissions[] = {0, 3, 0, 0, 0, 3, 3, 0, 0};
    static const uint8_t expected[] = {1, 2, 0};
    struct chain chain;
    uint8_t tags[3];
    chain_init(&chain, 3, NULL, NULL);
    decode(&chain, emissions, 3, tags);
    cr_expect(eq(int, memcmp(tags, expected, 3), 0));
    chain_done(&chain);
}

Test(chain, never_leaves_the_bio_scheme_whatever_the_scores)
{
    float start[5], transitions[25], emissions[8 * 5];
    uint8_t tags[8];
    uint64_t random = 1;
    for (size_t round = 0; round < 200; round++) {
        for (size_t i = 0; i < 5 + 25 + 40; i++) {
            random = random * 6364136223846793005U + 1;
            float value = (float)(int32_t)(random >> 32) * 0x1p-28F;
            *(i < 5 ? &start[i] : i < 30 ? &transitions[i - 5] : &emissions[i - 30]) = value;
        }
        struct chain chain;
        chain_init(&chain, 5, start, transitions);
        decode(&chain, emissions, 8, tags);
        for (size_t t = 0; t < 8; t++) {
            bool is_inside = tags[t] == 2 || tags[t] == 4;
            bool is_valid = !is_inside || (t > 0 && (tags[t - 1] == tags[t] || tags[t - 1] + 1 == tags[t]));
            cr_expect(eq(int, is_valid, true), "round %zu, row %zu", round, t);
        }
        chain_done(&chain);
    }
}

Test(chain, finds_the_best_of_all_sequences)
{
    enum { TAGS = 3, ROWS = 5 };
    static const float start[TAGS] = {0.1F, -0.3F, 9}, transitions[TAGS * TAGS] = {0.2F, 0.4F, 9, -1, 0.3F, 0.9F, 0.5F, -0.7F, 0.6F};
    float emissions[ROWS * TAGS];
    for (size_t i = 0; i < ROWS * TAGS; i++)
        emissions[i] = sinf((float)i * 2.7F);
    float best = -INFINITY;
    uint8_t best_tags[ROWS] = {0}, tags[ROWS];
    for (size_t code = 0; code < 243; code++) {
        float score = 0;
        uint8_t path[ROWS];
        for (size_t t = 0, rest = code; t < ROWS; t++, rest /= 3) {
            path[t] = (uint8_t)(rest % 3);
            bool is_valid = path[t] != 2 || (t > 0 && path[t - 1] != 0);
            score += emissions[t * TAGS + path[t]] + (t == 0 ? start[path[t]] : transitions[path[t - 1] * TAGS + path[t]]) - (is_valid ? 0 : 1e9F);
        }
        if (score > best) {
            best = score;
            memcpy(best_tags, path, ROWS);
        }
    }
    struct chain chain;
    chain_init(&chain, TAGS, start, transitions);
    decode(&chain, emissions, ROWS, tags);
    cr_expect(eq(int, memcmp(tags, best_tags, ROWS), 0));
    chain_done(&chain);
}

/* exp(score) of a path by the chain's definition; 0 where it is not valid BIO. */
static double weight_of(const uint8_t *path, size_t rows, size_t tags, const float *start, const float *transitions, const float *emissions)
{
    double score = 0;
    for (size_t t = 0; t < rows; t++) {
        bool is_inside = path[t] != 0 && path[t] % 2 == 0;
        if (is_inside && (t == 0 || (path[t - 1] != path[t] && path[t - 1] + 1 != path[t])))
            return 0;
        score += (double)emissions[t * tags + path[t]] + (double)(t == 0 ? start[path[t]] : transitions[path[t - 1] * tags + path[t]]);
    }
    return exp(score);
}

Test(chain, gives_each_tag_its_share_of_all_sequences)
{
    enum { TAGS = 5, ROWS = 4, PATHS = 625 };
    float start[TAGS], transitions[TAGS * TAGS], emissions[ROWS * TAGS], work[2 * ROWS * TAGS], scores[ROWS];
    double sums[ROWS][TAGS] = {{0}}, total = 0;
    for (size_t i = 0; i < TAGS * TAGS; i++)
        transitions[i] = 2 * sinf((float)i * 1.9F);
    for (size_t i = 0; i < ROWS * TAGS; i++)
        emissions[i] = 3 * sinf((float)i * 2.7F);
    for (size_t i = 0; i < TAGS; i++)
        start[i] = sinf((float)i);
    for (size_t code = 0; code < PATHS; code++) {
        uint8_t path[ROWS];
        for (size_t t = 0, rest = code; t < ROWS; t++, rest /= TAGS)
            path[t] = (uint8_t)(rest % TAGS);
        double weight = weight_of(path, ROWS, TAGS, start, transitions, emissions);
        total += weight;
        for (size_t t = 0; t < ROWS; t++)
            sums[t][path[t]] += weight;
    }
    struct chain chain;
    chain_init(&chain, TAGS, start, transitions);
    for (uint8_t tag = 0; tag < TAGS; tag++) {
        const uint8_t tags[ROWS] = {tag, tag, tag, tag};
        chain_marginals(&chain, emissions, TAGS, ROWS, tags, work, scores);
        for (size_t t = 0; t < ROWS; t++)
            cr_expect(le(dbl, fabs((double)scores[t] - sums[t][tag] / total), 1e-6), "row %zu, tag %u", t, tag);
    }
    chain_done(&chain);
}

Test(chain, gives_probabilities_whatever_the_scores)
{
    enum { ROWS = 200 };
    static float emissions[ROWS * 3], work[2 * ROWS * 3], scores[ROWS];
    static uint8_t tags[ROWS], back[ROWS * 3];
    static const float transitions[] = {1e20F, -1e20F, 0, 500, -500, 0, 0, 90, -90};
    struct chain chain;
    chain_init(&chain, 3, NULL, transitions);
    for (size_t i = 0; i < ROWS * 3; i++)
        emissions[i] = (i % 7 == 0 ? 1e15F : 100) * sinf((float)i);
    chain_decode(&chain, emissions, 3, ROWS, back, tags);
    chain_marginals(&chain, emissions, 3, ROWS, tags, work, scores);
    for (size_t t = 0; t < ROWS; t++)
        cr_expect(scores[t] >= 0 && scores[t] <= 1, "row %zu: %g", t, (double)scores[t]);
    chain_marginals(&chain, emissions, 3, 0, tags, work, scores);
    chain_done(&chain);
}

Test(chain, does_nothing_with_no_rows_and_reads_strided_ones)
{
    static const float emissions[] = {0, 5, 0, 99, 99, 0, 0, 5, 99, 99};
    uint8_t back[6], tags[2] = {7, 7};
    struct chain chain;
    chain_init(&chain, 3, NULL, NULL);
    chain_decode(&chain, emissions, 5, 0, back, tags);
    cr_expect(eq(int, tags[0], 7));
    chain_decode(&chain, emissions, 5, 2, back, tags);
    cr_expect(eq(int, tags[0], 1));
    cr_expect(eq(int, tags[1], 2));
    chain_done(&chain);
}

Test(chain, gives_probabilities_that_sum_to_one)
{
    static const float emissions[] = {200, -200, 199, 0};
    float sum = 0;
    for (size_t tag = 0; tag < 4; tag++)
        sum += chain_probability(emissions, 4, tag);
    cr_expect(le(flt, fabsf(sum - 1), 1e-6F));
    cr_expect(eq(flt, chain_probability(emissions, 4, 1), 0));
}
