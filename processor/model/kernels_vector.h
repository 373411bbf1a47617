/* The fast kernels, written once over short vectors; kernels_avx2.c, kernels_avxvnni.c and kernels_avx512.c include
 * this file after they have defined, for their CPU:
 *
 *   TARGET                     the function attribute that allows its instructions
 *   LANES, VEC, VECI           8 or 16; a vector of so many floats / int32
 *   I8_ROWS, I8_VECS, F32_ROWS, F32_VECS  rows by vectors of outputs that are multiplied at a time: as many as registers hold
 *   I8_LIST(X), F32_LIST(X)    X(1) ... X(I8_ROWS), X(1) ... X(F32_ROWS)
 *   v_set, v_load, v_store, v_fma, v_max, v_min, v_abs, v_round (to nearest even), v_to_int, v_from_int, v_scale (times
 *   2^n by exponent bits), v_set_int, v_load_int, v_store_int
 *   v_add_halves, v_max_halves: 16 partial sums (an array of VEC), or a VEC, to eight
 *   v_dot(sums, codes, weights)  adds 4 products of bytes to each int32
 *   v_store_codes(at, values)  LANES floats in -127..127, rounded to nearest even, as bytes + CODE_OFFSET
 *   CODE_OFFSET                128 where codes are unsigned (VNNI), else 0
 *
 * Every sum has the same order for both numbers of lanes: products run over the inputs one by one, other sums over 16
 * interleaved partial sums (SUMS) that are added in a tree. So results do not depend on the CPU. */
#include "processor/model/kernels.h"

#include <math.h>
#include <string.h>

enum {
    PARTS = 16 / LANES,
    GROUPS = KERNELS_INPUTS / KERNELS_GROUP,
    I8_COLS = I8_VECS * LANES,
    F32_COLS = F32_VECS * LANES,
};
_Static_assert(KERNELS_I8_PANEL % I8_COLS == 0 && KERNELS_F32_PANEL % F32_COLS == 0, "tiles must fill panels");
_Static_assert((int)F32_ROWS <= (int)KERNELS_TILE_LIMIT, "see kernels_attention_work()");

/* gcc keeps the sums of a tile in registers only where all their loops are unrolled. */
#ifdef __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

#define INLINE static inline __attribute__((always_inline)) TARGET

/* exp(x) for x <= 0 (Cephes' expf): relative error below 2e-7, and about 1e-38 for all x below -87. */
INLINE VEC exp_of(VEC x)
{
    x = v_max(x, v_set(-87.0F));
    VEC n = v_round(x * v_set(1.44269504F));
    VEC r = v_fma(n, v_set(-0.693359375F), x);
    r = v_fma(n, v_set(2.12194440e-4F), r);
    VEC p = v_set(1.9875691500e-4F);
    p = v_fma(p, r, v_set(1.3981999507e-3F));
    p = v_fma(p, r, v_set(8.3334519073e-3F));
    p = v_fma(p, r, v_set(4.1665795894e-2F));
    p = v_fma(p, r, v_set(1.6666665459e-1F));
    p = v_fma(p, r, v_set(5.0000001201e-1F));
    p = v_fma(p, r * r, r + v_set(1.0F));
    return v_scale(p, v_to_int(n));
}

/* x Phi(x) = x (1 + erf(x / sqrt 2)) / 2, with Phi(x) = 1/2 + x P(x^2) between -5.2 and 5.2 and constant beyond. P is the
 * least-maximum fit in t = 2 x^2 / 5.2^2 - 1. Absolute error below 2e-6 for |x| <= 12, below 3e-7 |x| beyond. */
INLINE VEC gelu_of(VEC x)
{
    static const float factors[] = {
        0.000858779531F, -0.00250372314F, 0.00285357819F, -0.00350570213F, 0.00755786151F, -0.0131033529F, 0.0183871519F,
        -0.0245934036F, 0.0319072641F,   -0.0399412997F, 0.0500301681F,   -0.0677434057F, 0.135949939F};
    VEC inner = v_min(v_max(x, v_set(-5.2F)), v_set(5.2F));
    VEC t = v_fma(inner * inner, v_set(0.0739644970F), v_set(-1.0F));
    VEC p = v_set(factors[0]);
    UNROLL for (size_t i = 1; i < sizeof factors / sizeof *factors; i++)
        p = v_fma(p, t, v_set(factors[i]));
    return x * v_fma(inner, p, v_set(0.5F));
}

/* Adds 16 partial sums in a fixed tree: halves, quarters, ... */
INLINE float add_up(const VEC sums[PARTS])
{
    __m256 eight = v_add_halves(sums);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

INLINE float most_of(VEC most)
{
    __m256 eight = v_max_halves(most);
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

/* Stores what of `values` lies before the end of a row. */
INLINE void store_part(float *at, VEC values, size_t left)
{
    float all[LANES];
    if (left >= LANES) {
        v_store(at, values);
        return;
    }
    v_store(all, values);
    memcpy(at, all, left * sizeof *all);
}

INLINE VEC activate(VEC values, enum activation activation)
{
    return activation == ACTIVATION_GELU ? gelu_of(values) : values;
}

TARGET static void quantise(const float *x, size_t rows, size_t inputs, uint8_t *codes, float *scales)
{
    for (size_t r = 0; r < rows; r++, x += inputs, codes += inputs) {
        VEC most_vec = v_set(0);
        for (size_t i = 0; i < inputs; i += LANES)
            most_vec = v_max(most_vec, v_abs(v_load(x + i)));
        float most = most_of(most_vec);
        VEC factor = v_set(most > 0 ? 127.0F / most : 0);
        for (size_t i = 0; i < inputs; i += LANES)
            v_store_codes(codes + i, v_load(x + i) * factor);
        scales[r] = most / 127.0F;
    }
}

/* Sums of codes times weights for `rows` (a constant, at most I8_ROWS) rows by I8_VECS vectors of outputs. They stay in
 * registers until the end. */
INLINE void tile_i8(const uint8_t *codes, const int8_t *weights, const int32_t *offset, size_t inputs, size_t rows, int32_t *out)
{
    VECI sums[I8_ROWS][I8_VECS], w[I8_VECS];
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < I8_VECS; j++)
            sums[r][j] = CODE_OFFSET ? v_load_int(offset + j * LANES) : v_set_int(0);
    for (size_t i = 0; i < inputs; i += KERNELS_INPUTS, codes += KERNELS_INPUTS) {
        UNROLL for (size_t g = 0; g < GROUPS; g++, weights += KERNELS_I8_PANEL * KERNELS_GROUP) {
            UNROLL for (size_t j = 0; j < I8_VECS; j++)
                w[j] = v_load_int(weights + j * LANES * KERNELS_GROUP);
            UNROLL for (size_t r = 0; r < rows; r++) {
                int32_t group;
                memcpy(&group, codes + r * inputs + g * KERNELS_GROUP, sizeof group);
                VECI code = v_set_int(group);
                UNROLL for (size_t j = 0; j < I8_VECS; j++)
                    v_dot(sums[r][j], code, w[j]);
            }
        }
    }
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < I8_VECS; j++)
            v_store_int(out + (r * I8_VECS + j) * LANES, sums[r][j]);
}

#define TILE_I8(ROWS)                                                                                               \
    TARGET static void tile_i8_##ROWS(const uint8_t *codes, const int8_t *weights, const int32_t *offset, size_t inputs, \
                                      int32_t *out)                                                                 \
    {                                                                                                               \
        tile_i8(codes, weights, offset, inputs, ROWS, out);                                                         \
    }
I8_LIST(TILE_I8)

static void (*const tiles_i8[])(const uint8_t *, const int8_t *, const int32_t *, size_t, int32_t *) = {
#define TILE_NAME(ROWS) tile_i8_##ROWS,
    I8_LIST(TILE_NAME)
#undef TILE_NAME
};

/* A tile of sums to its place in the product: what is left to do is the same for a few rows and for many, and kept out of
 * the unrolled code, which would not fit the CPU's instruction caches otherwise. */
TARGET static void finish_i8(const struct packed *matrix, const int32_t *sums, const float *scales, size_t rows, size_t output,
                             enum activation activation, float *out)
{
    for (size_t j = 0; j < I8_VECS && output < matrix->outputs; j++, output += LANES, sums += LANES) {
        VEC scale = v_load(matrix->scale + output), bias = v_load(matrix->bias + output);
        size_t left = matrix->outputs - output;
        for (size_t r = 0; r < rows; r++) {
            VEC value = v_fma(v_from_int(v_load_int(sums + r * I8_COLS)), v_set(scales[r]) * scale, bias);
            store_part(out + r * matrix->outputs + output, activate(value, activation), left);
        }
    }
}

/* Rows are spread evenly over tiles of at most `most`, so that 9 rows are 5 and 4 rather than 8 and 1. */
struct spread {
    size_t tiles, least, more; /* the first `more` tiles have one row more than `least` */
};

static inline struct spread spread_rows(size_t rows, size_t most)
{
    size_t tiles = (rows + most - 1) / most;
    return (struct spread){.tiles = tiles, .least = tiles > 0 ? rows / tiles : 0, .more = tiles > 0 ? rows % tiles : 0};
}

/* Fetches the `part`th of `parts` parts of the panel behind `panel`, if there is one, into the second cache: a model's
 * weights do not fit there, and without this a panel's first tile waits for memory as long as all its tiles compute. */
static inline void fetch_ahead(const struct packed *matrix, const int8_t *panel, size_t part, size_t parts)
{
    size_t bytes = matrix->inputs * KERNELS_I8_PANEL;
    if ((size_t)(panel - matrix->i8) + bytes >= matrix->padded * matrix->inputs)
        return;
    const int8_t *next = panel + bytes;
    for (size_t at = bytes * part / parts / 64 * 64; at < bytes * (part + 1) / parts; at += 64)
        __builtin_prefetch(next + at, 0, 2);
}

TARGET static void multiply_i8(const struct packed *matrix, const uint8_t *codes, const float *scales, size_t rows,
                               enum activation activation, float *out)
{
    struct spread spread = spread_rows(rows, I8_ROWS);
    for (size_t output = 0; output < matrix->outputs; output += I8_COLS) {
        size_t lane = output % KERNELS_I8_PANEL;
        const int8_t *weights = matrix->i8 + (output - lane) * matrix->inputs + lane * KERNELS_GROUP;
        for (size_t i = 0, row = 0; i < spread.tiles; i++) {
            int32_t sums[I8_ROWS * I8_COLS];
            size_t height = spread.least + (i < spread.more);
            if (lane == 0)
                fetch_ahead(matrix, weights, i, spread.tiles);
            tiles_i8[height - 1](codes + row * matrix->inputs, weights, matrix->offset + output, matrix->inputs, sums);
            finish_i8(matrix, sums, scales + row, height, output, activation, out + row * matrix->outputs);
            row += height;
        }
    }
}

/* A block of f32 products: out[r][c] = the sum over i < inputs of a[r][i] * b[i][c], for `rows` (a constant) rows and
 * F32_COLS columns. */
INLINE void block_f32(const float *a, size_t a_stride, const float *b, size_t b_stride, size_t inputs, size_t rows,
                      float *out, size_t out_stride)
{
    VEC sums[F32_ROWS][F32_VECS], w[F32_VECS];
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < F32_VECS; j++)
            sums[r][j] = v_set(0);
    for (size_t i = 0; i < inputs; i++, b += b_stride) {
        UNROLL for (size_t j = 0; j < F32_VECS; j++)
            w[j] = v_load(b + j * LANES);
        UNROLL for (size_t r = 0; r < rows; r++) {
            VEC value = v_set(a[r * a_stride + i]);
            UNROLL for (size_t j = 0; j < F32_VECS; j++)
                sums[r][j] = v_fma(value, w[j], sums[r][j]);
        }
    }
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < F32_VECS; j++)
            v_store(out + r * out_stride + j * LANES, sums[r][j]);
}

#define BLOCK_F32(ROWS)                                                                                             \
    TARGET static void block_f32_##ROWS(const float *a, size_t a_stride, const float *b, size_t b_stride,           \
                                        size_t inputs, float *out, size_t out_stride)                               \
    {                                                                                                               \
        block_f32(a, a_stride, b, b_stride, inputs, ROWS, out, out_stride);                                         \
    }
F32_LIST(BLOCK_F32)

static void (*const blocks_f32[])(const float *, size_t, const float *, size_t, size_t, float *, size_t) = {
#define BLOCK_NAME(ROWS) block_f32_##ROWS,
    F32_LIST(BLOCK_NAME)
#undef BLOCK_NAME
};

TARGET static void finish_f32(const struct packed *matrix, const float *sums, size_t rows, size_t output,
                              enum activation activation, float *out)
{
    for (size_t j = 0; j < F32_VECS && output < matrix->outputs; j++, output += LANES, sums += LANES)
        for (size_t r = 0; r < rows; r++) {
            VEC value = v_load(sums + r * F32_COLS) + v_load(matrix->bias + output);
            store_part(out + r * matrix->outputs + output, activate(value, activation), matrix->outputs - output);
        }
}

TARGET static void multiply_f32(const struct packed *matrix, const float *x, size_t rows, enum activation activation, float *out)
{
    struct spread spread = spread_rows(rows, F32_ROWS);
    for (size_t output = 0; output < matrix->outputs; output += F32_COLS) {
        size_t lane = output % KERNELS_F32_PANEL;
        const float *weights = matrix->f32 + (output - lane) * matrix->inputs + lane;
        for (size_t i = 0, row = 0; i < spread.tiles; i++) {
            float sums[F32_ROWS * F32_COLS];
            size_t height = spread.least + (i < spread.more);
            blocks_f32[height - 1](x + row * matrix->inputs, matrix->inputs, weights, KERNELS_F32_PANEL, matrix->inputs, sums, F32_COLS);
            finish_f32(matrix, sums, height, output, activation, out + row * matrix->outputs);
            row += height;
        }
    }
}

TARGET static void add_norm(float *x, const float *add, const float *weight, const float *bias, float epsilon, size_t rows,
                            size_t width)
{
    for (size_t r = 0; r < rows; r++, x += width, add += width) {
        VEC sums[PARTS], squares[PARTS];
        UNROLL for (size_t j = 0; j < PARTS; j++)
            sums[j] = squares[j] = v_set(0);
        for (size_t i = 0; i < width; i += 16)
            UNROLL for (size_t j = 0; j < PARTS; j++) {
                VEC value = v_load(x + i + j * LANES) + v_load(add + i + j * LANES);
                v_store(x + i + j * LANES, value);
                sums[j] = sums[j] + value;
            }
        VEC mean = v_set(add_up(sums) / (float)width);
        for (size_t i = 0; i < width; i += 16)
            UNROLL for (size_t j = 0; j < PARTS; j++) {
                VEC value = v_load(x + i + j * LANES) - mean;
                squares[j] = v_fma(value, value, squares[j]);
            }
        VEC factor = v_set(1.0F / sqrtf(add_up(squares) / (float)width + epsilon));
        for (size_t i = 0; i < width; i += LANES) {
            VEC value = (v_load(x + i) - mean) * factor;
            v_store(x + i, v_fma(value, v_load(weight + i), v_load(bias + i)));
        }
    }
}

TARGET static void gelu(float *x, size_t count)
{
    size_t whole = count / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES)
        v_store(x + i, gelu_of(v_load(x + i)));
    if (whole < count) {
        float rest[LANES] = {0};
        memcpy(rest, x + whole, (count - whole) * sizeof *x);
        store_part(x + whole, gelu_of(v_load(rest)), count - whole);
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

/* One head made ready: keys [width][padded count], values [count][padded width], and the scores of a tile of queries. */
struct head {
    float *keys, *values, *scores;
    size_t count, width, padded_count, padded_width;
};

/* to[j][t] = from[t][j] for four rows and columns, and the same for what is left at the edges. */
TARGET static void transpose(const float *from, size_t from_stride, size_t rows, size_t cols, float *to, size_t to_stride)
{
    for (size_t t = 0; t < rows; t += 4, from += 4 * from_stride) {
        size_t i = 0;
        for (; rows - t >= 4 && cols - i >= 4; i += 4) {
            __m128 r0 = _mm_loadu_ps(from + i), r1 = _mm_loadu_ps(from + from_stride + i);
            __m128 r2 = _mm_loadu_ps(from + 2 * from_stride + i), r3 = _mm_loadu_ps(from + 3 * from_stride + i);
            _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
            _mm_storeu_ps(to + i * to_stride + t, r0);
            _mm_storeu_ps(to + (i + 1) * to_stride + t, r1);
            _mm_storeu_ps(to + (i + 2) * to_stride + t, r2);
            _mm_storeu_ps(to + (i + 3) * to_stride + t, r3);
        }
        for (; i < cols; i++)
            for (size_t r = 0; r < 4 && t + r < rows; r++)
                to[i * to_stride + t + r] = from[r * from_stride + i];
    }
}

TARGET static void take_head(struct head *head, const float *k, const float *v, size_t stride)
{
    transpose(k, stride, head->count, head->width, head->keys, head->padded_count);
    for (size_t t = 0; t < head->count; t++)
        memcpy(head->values + t * head->padded_width, v + t * stride, head->width * sizeof *v);
}

/* Some rows (at most F32_ROWS) of queries: out = softmax(q k^T + bias) v; bias: of the first query, the next one's lies one
 * float before. */
TARGET static void attend_tile(const struct head *head, const float *q, size_t q_stride, size_t rows, const float *bias, float *out,
                               size_t out_stride)
{
    float shares[F32_ROWS], mixed[F32_ROWS * F32_COLS];
    for (size_t t = 0; t < head->count; t += F32_COLS)
        blocks_f32[rows - 1](q, q_stride, head->keys + t, head->padded_count, head->width, head->scores + t, head->padded_count);
    for (size_t r = 0; bias != NULL && r < rows; r++)
        for (size_t t = 0; t < head->count; t++)
            head->scores[r * head->padded_count + t] += (bias - r)[t];
    for (size_t r = 0; r < rows; r++)
        shares[r] = 1.0F / soften(head->scores + r * head->padded_count, head->count);
    for (size_t i = 0; i < head->width; i += F32_COLS) {
        blocks_f32[rows - 1](head->scores, head->padded_count, head->values + i, head->padded_width, head->count, mixed, F32_COLS);
        for (size_t r = 0; r < rows; r++)
            for (size_t at = i, j = 0; j < F32_VECS && at < head->width; j++, at += LANES)
                store_part(out + r * out_stride + at, v_load(mixed + r * F32_COLS + j * LANES) * v_set(shares[r]), head->width - at);
    }
}

TARGET static void attend(const float *qkv, size_t count, size_t heads, size_t width, const struct attention_bias *bias, float *work,
                          float *out)
{
    size_t head_width = width / heads, stride = 3 * width;
    struct head head = {.count = count, .width = head_width};
    head.padded_count = (count + KERNELS_F32_PANEL - 1) / KERNELS_F32_PANEL * KERNELS_F32_PANEL;
    head.padded_width = (head_width + KERNELS_F32_PANEL - 1) / KERNELS_F32_PANEL * KERNELS_F32_PANEL;
    head.keys = work;
    head.values = head.keys + head_width * head.padded_count;
    head.scores = head.values + count * head.padded_width;
    struct spread spread = spread_rows(count, F32_ROWS);
    for (size_t index = 0; index < heads; index++) {
        size_t first = index * head_width;
        take_head(&head, qkv + width + first, qkv + 2 * width + first, stride);
        for (size_t i = 0, row = 0; i < spread.tiles; i++) {
            size_t height = spread.least + (i < spread.more);
            attend_tile(&head, qkv + row * stride + first, stride, height, kernels_bias(bias, index, row),
                        out + row * width + first, width);
            row += height;
        }
    }
}

INLINE float dot_64(const float *a, const float *b)
{
    VEC sums[PARTS];
    UNROLL for (size_t j = 0; j < PARTS; j++)
        sums[j] = v_set(0);
    for (size_t i = 0; i < KERNELS_ATTEND_ONE_HEAD; i += 16)
        UNROLL for (size_t j = 0; j < PARTS; j++)
            sums[j] = v_fma(v_load(a + i + j * LANES), v_load(b + i + j * LANES), sums[j]);
    return add_up(sums);
}

TARGET static void attend_one(const float *q, const float *k, const float *v, size_t stride, size_t rows, size_t width,
                              float *work, float *out)
{
    enum { HEAD = KERNELS_ATTEND_ONE_HEAD, VECS = HEAD / LANES };
    for (size_t first = 0; first < width; first += HEAD) {
        VEC mixed[VECS];
        for (size_t t = 0; t < rows; t++)
            work[t] = dot_64(q + first, k + t * stride + first) * 0.125F;
        float share = 1.0F / soften(work, rows);
        for (size_t i = 0; i < VECS; i++)
            mixed[i] = v_set(0);
        for (size_t t = 0; t < rows; t++)
            for (size_t i = 0; i < VECS; i++)
                mixed[i] = v_fma(v_set(work[t]), v_load(v + t * stride + first + i * LANES), mixed[i]);
        for (size_t i = 0; i < VECS; i++)
            v_store(out + first + i * LANES, mixed[i] * v_set(share));
    }
}

/* All but multiply_i8. */
#define VECTOR_KERNELS                                                                                         \
    .keeps_i8 = true, .quantise = quantise, .multiply_f32 = multiply_f32, .add_norm = add_norm, .gelu = gelu, \
    .attend = attend, .attend_one = attend_one
