/* Attention, for kernels_vector.h and nobody else.
 *
 * Self-attention in bytes: the rows of q and k are quantised per head, v per column of a head over the window, and a weight
 * is a byte too: round(127 exp(score - the row's largest)), so that all sums are integers and a row's weights, divided
 * by their sum, add up to one. In f32 are only scores and exp. */

static const float LOG2_E = 1.44269504F; /* exp(x) is a power of 2 here */

/* 127 * 2^x for x <= 0, off by 1e-4 of itself; what rounds to 0 for small x. For `count` (a constant) vectors side by side, as
 * gelu_of(). */
INLINE void weights_of(VEC *x, size_t count)
{
    VECI n[BESIDE];
    VEC r[BESIDE], p[BESIDE];
    UNROLL for (size_t j = 0; j < count; j++)
    {
        x[j] = v_max(x[j] + v_set(6.98868469F), v_set(-8.0F)); /* 127 = 2^6.98868469 */
        n[j] = v_to_int(x[j]);
    }
    UNROLL for (size_t j = 0; j < count; j++)
        r[j] = x[j] - v_from_int(n[j]);
    UNROLL for (size_t j = 0; j < count; j++)
        p[j] = v_fma(v_set(0.0558382829F), r[j], v_set(0.242639479F));
    UNROLL for (size_t j = 0; j < count; j++)
        p[j] = v_fma(p[j], r[j], v_set(0.693136734F));
    UNROLL for (size_t j = 0; j < count; j++)
        x[j] = v_scale(v_fma(p[j], r[j], v_set(0.999924557F)), n[j]);
}

/* What the codes' offset adds to a score is taken off again by what its sum starts at. */
INLINE void start_keys(struct attention_desk *desk)
{
    for (size_t t = 0; CODE_OFFSET && t < desk->padded_keys; t += LANES) {
        const int8_t *keys = desk->keys + t / KERNELS_I8_PANEL * KERNELS_I8_PANEL * desk->width + t % KERNELS_I8_PANEL * KERNELS_GROUP;
        VECI sums = v_set_int(0);
        for (size_t i = 0; i < desk->width; i += KERNELS_GROUP, keys += KERNELS_I8_PANEL * KERNELS_GROUP)
            v_dot(sums, v_set_int((int32_t)0x80808080), v_load_int(keys));
        v_store_int(desk->key_starts + t, v_sub_int(v_set_int(0), sums));
    }
}

/* Groups of KERNELS_GROUP codes of four keys to where they stand in their panel, as a matrix of int32 is transposed. */
INLINE void place_four(const uint8_t *codes, size_t width, int8_t *keys)
{
    enum { STEP = KERNELS_I8_PANEL * KERNELS_GROUP };
    for (size_t i = 0; i < width; i += 16, keys += 4 * STEP) {
        quad_int a, b, c, d;
        memcpy(&a, codes + i, sizeof a);
        memcpy(&b, codes + width + i, sizeof b);
        memcpy(&c, codes + 2 * width + i, sizeof c);
        memcpy(&d, codes + 3 * width + i, sizeof d);
        quad_int ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        quad_int ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        const quad_int rows[] = {__builtin_shufflevector(ab, cd, 0, 1, 4, 5), __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
                                 __builtin_shufflevector(ab2, cd2, 0, 1, 4, 5), __builtin_shufflevector(ab2, cd2, 2, 3, 6, 7)};
        UNROLL for (size_t r = 0; r < 4; r++)
            memcpy(keys + r * STEP, &rows[r], sizeof rows[r]);
    }
}

/* Four rows (or the last ones) of q and k of a head, as codes; v stays as it is until its columns are known. */
INLINE void take_four(const struct attention_desk *desk, const float *q, const float *k, size_t stride, size_t row, size_t rows, int offset)
{
    uint8_t codes[4 * ATTENTION_HEAD_LIMIT];
    size_t width = desk->width;
    quantise_four(q, stride, rows, width, desk->queries + row * width, offset, desk->query_scales + row);
    quantise_four(k, stride, rows, width, codes, 0, desk->key_scales + row);
    place_four(codes, width, desk->keys + row / KERNELS_I8_PANEL * KERNELS_I8_PANEL * width + row % KERNELS_I8_PANEL * KERNELS_GROUP);
}

/* Rows of v to where the result is to be, and the largest of each column so far. */
INLINE void take_values(const float *v, size_t stride, size_t rows, size_t width, float *values, float *most)
{
    for (size_t r = 0; r < rows; r++, v += stride, values += width)
        for (size_t i = 0; i < width; i += LANES) {
            VEC value = v_load(v + i);
            v_store(values + i, value);
            v_store(most + i, v_max_size(v_load(most + i), value));
        }
}

/* mix_step: as attention_desk_lay() has it; offset: what is added to the codes of q. */
INLINE void take_rows(const struct attention *attention, const float *qkv, size_t first, size_t rows, size_t mix_step, int offset)
{
    size_t width = attention->width, stride = 3 * width, head_width = width / attention->heads;
    struct attention_desk desk;
    attention_desk_lay(&desk, attention->count, attention->heads, width, mix_step, attention->work);
    for (size_t i = 0; first == 0 && i < width; i++)
        desk.value_most[i] = 1e-30F;
    for (size_t row = first; row < first + rows; row += 4, qkv += 4 * stride) {
        size_t some = first + rows - row < 4 ? first + rows - row : 4;
        for (size_t head = 0; head < attention->heads; head++) {
            struct attention_desk own = attention_desk_head(&desk, head);
            take_four(&own, qkv + head * head_width, qkv + width + head * head_width, stride, row, some, offset);
        }
        take_values(qkv + 2 * width, stride, some, width, attention->out + row * width, desk.value_most);
    }
}

TARGET static void take(const struct attention *attention, const float *qkv, size_t first, size_t rows)
{
    take_rows(attention, qkv, first, rows, KERNELS_INPUTS, CODE_OFFSET);
}

/* Four rows of a column's codes, from the first on, side by side in each int32. */
INLINE VECI four_codes(const float *v, size_t stride, size_t rows, VEC factor)
{
    VECI group = v_set_int(0);
    UNROLL for (size_t r = rows; r-- > 0;)
        group = v_join_byte(group, v_to_int(v_load(v + r * stride) * factor));
    return group;
}

/* The columns of a head from v [count][stride]. */
INLINE void place_values(const struct attention_desk *desk, const float *v, size_t stride)
{
    enum { STEP = KERNELS_I8_PANEL * KERNELS_GROUP };
    size_t count = desk->count, whole = count / KERNELS_GROUP * KERNELS_GROUP, padded = desk->padded_mix;
    for (size_t i = 0; i < desk->width; i += LANES, v += LANES) {
        int8_t *values = desk->values + i / KERNELS_I8_PANEL * KERNELS_I8_PANEL * padded + i % KERNELS_I8_PANEL * KERNELS_GROUP;
        VEC most = v_load(desk->value_most + i), factor = v_set(127.0F) / most;
        v_store(desk->value_scales + i, most * v_set(1.0F / 127.0F));
        for (size_t t = 0; t < whole; t += KERNELS_GROUP, values += STEP)
            v_store_int(values, four_codes(v + t * stride, stride, KERNELS_GROUP, factor));
        for (size_t t = whole; t < padded; t += KERNELS_GROUP, values += STEP)
            v_store_int(values, four_codes(v + whole * stride, stride, t == whole ? count - whole : 0, factor));
    }
}

/* `count` (a constant) vectors of scores to bytes of weight; returns the sum of these. */
INLINE VECI weigh_some(const float *scores, VEC most, uint8_t *mix, size_t count)
{
    VEC some[BESIDE];
    VECI total = v_set_int(0);
    UNROLL for (size_t j = 0; j < count; j++)
        some[j] = v_load(scores + j * LANES) - most;
    weights_of(some, count);
    UNROLL for (size_t j = 0; j < count; j++)
    {
        VECI weights = v_to_int(some[j]);
        v_store_bytes(mix + j * LANES, weights, 0);
        total = v_add_int(total, weights);
    }
    return total;
}

/* Sums of products of a row to scores; returns the largest of each lane. */
INLINE VEC score_row(const struct attention_desk *desk, const int32_t *sums, float scale, const float *bias, size_t count, float *scores)
{
    VEC most = v_set(-INFINITY), factor = v_set(scale * LOG2_E);
    const float *key_scales = desk->key_scales;
    float *added = desk->added;
    for (size_t t = 0; bias != NULL && t < desk->count; t++)
        added[t] = bias[t] * LOG2_E;
    for (size_t t = 0; t < count; t += LANES) {
        VEC score = v_fma(v_from_int(v_load_int(sums + t)) * factor, v_load(key_scales + t), v_load(added + t));
        v_store(scores + t, score);
        most = v_max(most, score);
    }
    return most;
}

/* A row's scores, of which `largest` is the largest, to bytes of weight; returns what these add up to, in parts. */
INLINE VECI weigh_row(const float *scores, float largest, size_t count, uint8_t *mix)
{
    VEC most = v_set(largest);
    VECI total = v_set_int(0);
    size_t t = 0;
    for (; t + BESIDE * LANES <= count; t += BESIDE * LANES)
        total = v_add_int(total, weigh_some(scores + t, most, mix + t, BESIDE));
    for (; t + 2 * LANES <= count; t += 2 * LANES)
        total = v_add_int(total, weigh_some(scores + t, most, mix + t, 2));
    if (t < count)
        total = v_add_int(total, weigh_some(scores + t, most, mix + t, 1));
    return total;
}

/* Four queries (or the last ones) from their sums of products to bytes of weight, and what these add up to. They go together, as the search for a row's
 * largest waits for itself. bias: of the first, the next one's lies one float before; or NULL. */
INLINE void weigh_four(const struct attention_desk *desk, const int32_t *sums, size_t row, size_t rows, const float *bias, uint8_t *mix, int32_t *totals)
{
    size_t count = (desk->count + KERNELS_INPUTS - 1) / KERNELS_INPUTS * KERNELS_INPUTS;
    VEC most[4] = {v_set(0), v_set(0), v_set(0), v_set(0)};
    for (size_t r = 0; r < rows; r++)
        most[r] = score_row(desk, sums + r * desk->padded_keys, desk->query_scales[row + r], bias != NULL ? bias - r : NULL, count,
                            desk->scores + r * desk->padded_keys);
    quad largest = most_of_four(most);
    for (size_t r = 0; r < rows; r++)
        totals[r] = add_up_int(weigh_row(desk->scores + r * desk->padded_keys, largest[r], count, mix + r * desk->padded_mix));
}

/* The sums of codes times weights [panels of inputs][outputs], for some rows (at most I8_ROWS). */
INLINE void multiply_tile(struct tile tile, size_t rows, size_t outputs)
{
    const int8_t *panels = tile.weights;
    int32_t *sums = tile.sums;
    const int32_t *start = tile.start;
    for (size_t output = 0; output < outputs; output += I8_COLS) {
        size_t lane = output % KERNELS_I8_PANEL;
        tile.weights = panels + (output - lane) * tile.inputs + lane * KERNELS_GROUP;
        tile.sums = sums + output;
        tile.start = start + output;
        tiles_i8[rows - 1](&tile);
    }
}

/* weigh_four() of the queries `row` to `row + rows`. */
INLINE void weigh_rows(const struct attention_desk *desk, size_t row, size_t rows, const float *bias, int32_t *totals)
{
    for (size_t r = 0; r < rows; r += 4)
        weigh_four(desk, desk->sums + r * desk->padded_keys, row + r, rows - r < 4 ? rows - r : 4, bias != NULL ? bias - r : NULL,
                   desk->mix + r * desk->padded_mix, totals + r);
}

/* Sums of weighted values to what attention gives. */
INLINE void share_rows(const struct attention_desk *desk, const int32_t *sums, size_t sum_stride, const int32_t *totals, size_t rows, float *out,
                       size_t out_stride)
{
    for (size_t r = 0; r < rows; r++, sums += sum_stride) {
        VEC share = v_set(1.0F / (float)totals[r]);
        for (size_t i = 0; i < desk->width; i += LANES)
            v_store(out + r * out_stride + i, v_from_int(v_load_int(sums + i)) * (v_load(desk->value_scales + i) * share));
    }
}

/* Queries `row` to `row + rows` (at most I8_ROWS more) of a head. */
TARGET static void attend_tile(struct attention_desk *desk, size_t row, size_t rows, const float *bias, float *out, size_t out_stride)
{
    int32_t totals[I8_ROWS];
    multiply_tile((struct tile){.codes = desk->queries + row * desk->width, .code_stride = desk->width, .weights = desk->keys,
                                .start = desk->key_starts, .inputs = desk->width, .sums = desk->sums, .sum_stride = desk->padded_keys},
                  rows, desk->padded_keys);
    weigh_rows(desk, row, rows, bias, totals);
    multiply_tile((struct tile){.codes = desk->mix, .code_stride = desk->padded_mix, .weights = desk->values, .start = desk->zeros,
                                .inputs = desk->padded_mix, .sums = desk->sums, .sum_stride = desk->padded_width},
                  rows, desk->padded_width);
    share_rows(desk, desk->sums, desk->padded_width, totals, rows, out, out_stride);
}

TARGET static void attend(const struct attention *attention)
{
    size_t count = attention->count, width = attention->width, head_width = width / attention->heads;
    struct attention_desk desk;
    attention_desk_lay(&desk, count, attention->heads, width, KERNELS_INPUTS, attention->work);
    attention_desk_clear(&desk);
    struct spread spread = spread_rows(count, I8_ROWS);
    for (size_t index = 0; index < attention->heads; index++) {
        struct attention_desk head = attention_desk_head(&desk, index);
        float *out = attention->out + index * head_width;
        start_keys(&head);
        place_values(&head, out, width);
        for (size_t i = 0, row = 0; i < spread.tiles; i++) {
            size_t height = spread.least + (i < spread.more);
            attend_tile(&head, row, height, kernels_bias(attention->bias, index, row), out + row * width, width);
            row += height;
        }
    }
}

/* exp(score - most) in place of the first `count` scores and what follows up to a multiple of 16, which becomes nearly
 * 0 (room must be there); returns their sum. */
INLINE float soften(float *scores, size_t count)
{
    size_t padded = (count + 15) / 16 * 16;
    VEC most_vec = v_set(-INFINITY), sums[PARTS];
    for (size_t i = count; i < padded; i++)
        scores[i] = -INFINITY;
    for (size_t i = 0; i < padded; i += LANES)
        most_vec = v_max(most_vec, v_load(scores + i));
    VEC most = v_set(most_of(most_vec));
    UNROLL for (size_t j = 0; j < PARTS; j++)
        sums[j] = v_set(0);
    for (size_t i = 0; i < padded; i += 16)
        UNROLL for (size_t j = 0; j < PARTS; j++) {
            VEC weight = exp_of(v_load(scores + i + j * LANES) - most);
            v_store(scores + i + j * LANES, weight);
            sums[j] = sums[j] + weight;
        }
    return add_up(sums);
}

/* The products of a query with four rows of keys, or with the last ones. */
INLINE quad dot_four(const float *q, const float *k, size_t stride, size_t rows)
{
    VEC sums[4][PARTS];
    UNROLL for (size_t r = 0; r < 4; r++)
        UNROLL for (size_t j = 0; j < PARTS; j++)
            sums[r][j] = v_set(0);
    for (size_t i = 0; i < KERNELS_ATTEND_ONE_HEAD; i += 16)
        UNROLL for (size_t j = 0; j < PARTS; j++)
        {
            VEC query = v_load(q + i + j * LANES);
            UNROLL for (size_t r = 0; r < 4; r++)
                sums[r][j] = v_fma(query, v_load(k + (r < rows ? r : 0) * stride + i + j * LANES), sums[r][j]);
        }
    return add_up_four(sums);
}

INLINE void mix_values(const float *weights, float share, const float *v, size_t stride, size_t rows, float *out)
{
    enum { VECS = KERNELS_ATTEND_ONE_HEAD / LANES };
    VEC mixed[VECS];
    for (size_t i = 0; i < VECS; i++)
        mixed[i] = v_set(0);
    for (size_t t = 0; t < rows; t++)
        for (size_t i = 0; i < VECS; i++)
            mixed[i] = v_fma(v_set(weights[t]), v_load(v + t * stride + i * LANES), mixed[i]);
    for (size_t i = 0; i < VECS; i++)
        v_store(out + i * LANES, mixed[i] * v_set(share));
}

TARGET static void attend_some(const float *q, size_t count, const float *k, const float *v, size_t stride, size_t rows, size_t width,
                               float *work, float *out)
{
    for (size_t first = 0; first < width; first += KERNELS_ATTEND_ONE_HEAD)
        for (size_t i = 0; i < count; i++) {
            size_t t = 0;
            for (; t + 4 <= rows; t += 4) {
                quad dots = dot_four(q + i * width + first, k + t * stride + first, stride, 4) * 0.125F;
                memcpy(work + t, &dots, sizeof dots);
            }
            if (t < rows) {
                quad dots = dot_four(q + i * width + first, k + t * stride + first, stride, rows - t) * 0.125F;
                memcpy(work + t, &dots, sizeof dots);
            }
            float share = 1.0F / soften(work, rows);
            mix_values(work, share, v + first, stride, rows, out + i * width + first);
        }
}
