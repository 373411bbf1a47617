#include "processor/model/attention_desk.h"

#include "processor/model/kernels.h"

#include <string.h>

static size_t up_to(size_t count, size_t step)
{
    return (count + step - 1) / step * step;
}

/* The next part of the work: `bytes`, at a multiple of 64. */
static void *part(char *work, size_t *used, size_t bytes)
{
    void *at = work != NULL ? work + *used : NULL;
    *used += up_to(bytes, 64);
    return at;
}

size_t attention_desk_lay(struct attention_desk *desk, size_t count, size_t head_width, void *work)
{
    size_t used = 0, keys = up_to(count, KERNELS_I8_PANEL), width = up_to(head_width, KERNELS_I8_PANEL), mix = up_to(count, KERNELS_INPUTS);
    *desk = (struct attention_desk){.count = count, .width = head_width, .padded_keys = keys, .padded_mix = mix, .padded_width = width};
    desk->queries = part(work, &used, count * head_width);
    desk->query_scales = part(work, &used, count * sizeof *desk->query_scales);
    desk->keys = part(work, &used, keys * head_width);
    desk->key_scales = part(work, &used, keys * sizeof *desk->key_scales);
    desk->key_starts = part(work, &used, keys * sizeof *desk->key_starts);
    desk->added = part(work, &used, keys * sizeof *desk->added);
    desk->values = part(work, &used, mix * width);
    desk->value_scales = part(work, &used, width * sizeof *desk->value_scales);
    int32_t *zeros = part(work, &used, width * sizeof *zeros);
    desk->sums = part(work, &used, ATTENTION_ROWS * (keys > width ? keys : width) * sizeof *desk->sums);
    desk->scores = part(work, &used, keys * sizeof *desk->scores);
    desk->mix = part(work, &used, ATTENTION_ROWS * mix);
    if (work == NULL)
        return used;
    memset(zeros, 0, width * sizeof *zeros);
    desk->zeros = zeros;
    for (size_t t = 0; t < keys; t++)
        desk->added[t] = t < count ? 0 : -1e30F;
    memset(desk->key_scales + count, 0, (keys - count) * sizeof *desk->key_scales);
    return used;
}
