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

size_t attention_desk_lay(struct attention_desk *desk, size_t count, size_t heads, size_t width, size_t mix_step, void *work)
{
    size_t used = 0, head = width / heads, keys = up_to(count, KERNELS_I8_PANEL), wide = up_to(head, KERNELS_I8_PANEL), mix = up_to(count, mix_step);
    *desk = (struct attention_desk){
        .count = count, .heads = heads, .width = head, .padded_keys = keys, .padded_mix = mix, .padded_width = wide};
    desk->queries = part(work, &used, heads * keys * head);
    desk->query_scales = part(work, &used, heads * keys * sizeof *desk->query_scales);
    desk->keys = part(work, &used, heads * keys * head);
    desk->key_scales = part(work, &used, heads * keys * sizeof *desk->key_scales);
    desk->value_most = part(work, &used, width * sizeof *desk->value_most);
    desk->key_starts = part(work, &used, keys * sizeof *desk->key_starts);
    desk->added = part(work, &used, keys * sizeof *desk->added);
    desk->values = part(work, &used, mix * wide);
    desk->value_scales = part(work, &used, wide * sizeof *desk->value_scales);
    desk->zeros = part(work, &used, wide * sizeof *desk->zeros);
    desk->sums = part(work, &used, ATTENTION_ROWS * (keys > wide ? keys : wide) * sizeof *desk->sums);
    desk->scores = part(work, &used, 4 * keys * sizeof *desk->scores);
    desk->mix = part(work, &used, ATTENTION_ROWS * mix);
    return used;
}

void attention_desk_clear(const struct attention_desk *desk)
{
    size_t keys = desk->padded_keys, count = desk->count;
    memset((void *)(uintptr_t)desk->zeros, 0, desk->padded_width * sizeof *desk->zeros);
    memset(desk->mix, 0, ATTENTION_ROWS * desk->padded_mix);
    for (size_t t = 0; t < keys; t++)
        desk->added[t] = t < count ? 0 : -1e30F;
    for (size_t head = 0; head < desk->heads; head++)
        memset(desk->key_scales + head * keys + count, 0, (keys - count) * sizeof *desk->key_scales);
}
