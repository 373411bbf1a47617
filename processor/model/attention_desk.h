/* What attention in bytes works with while it is at one window: the parts of the `work` that kernels.h asks for.
 *
 * Panels are KERNELS_I8_PANEL wide, as those of packed weights. Thread: any. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { ATTENTION_HEAD_LIMIT = 256 /* width of a head */, ATTENTION_ROWS = 16 /* queries at a time, at most */, ATTENTION_MIX_STEP = 64 };

struct attention_desk {
    size_t count, heads, width; /* of the window; heads; of a head */
    size_t padded_keys;         /* count in whole panels */
    size_t padded_mix;          /* count up to a multiple of what a product takes at a time */
    size_t padded_width;        /* width in whole panels */

    /* Of all heads: [heads][...] */
    uint8_t *queries;    /* [padded_keys][width] codes */
    float *query_scales; /* [padded_keys] */
    int8_t *keys;        /* [padded_keys / PANEL][width / GROUP][PANEL][GROUP] */
    float *key_scales;   /* [padded_keys]; 0 from count on */
    float *value_most;   /* [width] the largest of each column of v */

    /* Of one: */
    int32_t *key_starts;  /* [padded_keys] what takes the codes' offset off */
    float *added;         /* [padded_keys] to a row's scores: the bias, or 0; from count on what leaves no weight */
    int8_t *values;       /* [padded_width / PANEL][padded_mix / GROUP][PANEL][GROUP] */
    float *value_scales;  /* [padded_width] */
    const int32_t *zeros; /* [padded_width] */
    int32_t *sums;        /* [ROWS][the larger of padded_keys and padded_width] */
    float *scores;        /* [4][padded_keys] */
    uint8_t *mix;         /* [ROWS][padded_mix] weights of the keys, 0 where there is none */
};

/* Lays *desk out over `work` (NULL: only its size is wanted) and returns the bytes that takes. width: of all heads; mix_step: how many weights
 * a product takes at a time, KERNELS_INPUTS to ATTENTION_MIX_STEP. */
size_t attention_desk_lay(struct attention_desk *desk, size_t count, size_t heads, size_t width, size_t mix_step, void *work);

/* Writes what does not depend on q, k and v. */
void attention_desk_clear(const struct attention_desk *desk);

/* The same desk with the parts of head `index` where those of all begin. */
static inline struct attention_desk attention_desk_head(const struct attention_desk *desk, size_t index)
{
    struct attention_desk head = *desk;
    head.queries += index * desk->padded_keys * desk->width;
    head.query_scales += index * desk->padded_keys;
    head.keys += index * desk->padded_keys * desk->width;
    head.key_scales += index * desk->padded_keys;
    head.value_most += index * desk->width;
    return head;
}
