/* What attention in bytes works with while it is at one head of one window: the parts of the `work` that kernels.h asks for.
 *
 * Panels are KERNELS_I8_PANEL wide, as those of packed weights. Thread: any. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { ATTENTION_HEAD_LIMIT = 256 /* width of a head */, ATTENTION_ROWS = 16 /* queries at a time, at most */ };

struct attention_desk {
    size_t count, width;       /* of the window; of a head */
    size_t padded_keys;        /* count in whole panels */
    size_t padded_mix;         /* count up to a multiple of KERNELS_INPUTS */
    size_t padded_width;       /* width in whole panels */
    uint8_t *queries;          /* [count][width] codes */
    float *query_scales;       /* [count] */
    int8_t *keys;              /* [padded_keys / PANEL][width / GROUP][PANEL][GROUP] */
    float *key_scales;         /* [padded_keys]; 0 from count on */
    int32_t *key_starts;       /* [padded_keys] what takes the codes' offset off */
    float *added;              /* [padded_keys] to a row's scores: the bias, or 0; from count on what leaves no weight */
    int8_t *values;            /* [padded_width / PANEL][padded_mix / GROUP][PANEL][GROUP] */
    float *value_scales;       /* [padded_width] */
    const int32_t *zeros;      /* [padded_width] */
    int32_t *sums;             /* [ROWS][the larger of padded_keys and padded_width] */
    float *scores;             /* [padded_keys] */
    uint8_t *mix;              /* [ROWS][padded_mix] weights of the keys */
};

/* Lays *desk out over `work` (NULL: only its size is wanted) and returns the bytes that takes. */
size_t attention_desk_lay(struct attention_desk *desk, size_t count, size_t head_width, void *work);
