/* Matrix products and the quantisation before them, for kernels_vector.h and nobody else. */

enum { GROUPS = KERNELS_INPUTS / KERNELS_GROUP, I8_COLS = I8_VECS * LANES, F32_COLS = F32_VECS * LANES };
_Static_assert(KERNELS_I8_PANEL % I8_COLS == 0 && KERNELS_F32_PANEL % F32_COLS == 0, "tiles must fill panels");
_Static_assert((int)I8_ROWS <= (int)ATTENTION_ROWS, "tiles of queries must fit");

/* Four rows at a time, as what follows the search for the largest of a row waits for itself. `rows` (1 to 4) `stride` floats apart;
 * most: of each the largest of each lane. */
INLINE void codes_of_four(const float *x, size_t stride, const VEC most[4], size_t rows, size_t inputs, uint8_t *codes, int offset, float *scales)
{
    quad largest = most_of_four(most), zero = {0, 0, 0, 0}, factor = 127.0F / largest, scale = largest / 127.0F;
    factor = (quad)((quad_int)(largest > zero) & (quad_int)factor);
    memcpy(scales, &scale, rows * sizeof *scales);
    for (size_t r = 0; r < rows; r++, codes += inputs, x += stride) {
        VEC by = v_set(factor[r]);
        for (size_t i = 0; i < inputs; i += LANES)
            v_store_bytes(codes + i, v_to_int(v_load(x + i) * by), offset);
    }
}

INLINE void quantise_four(const float *x, size_t stride, size_t rows, size_t inputs, uint8_t *codes, int offset, float *scales)
{
    VEC most[4];
    const float *row[4];
    UNROLL for (size_t r = 0; r < 4; r++)
    {
        row[r] = x + (r < rows ? r : 0) * stride;
        most[r] = v_set(0);
    }
    for (size_t i = 0; i < inputs; i += LANES)
        UNROLL for (size_t r = 0; r < 4; r++)
            most[r] = v_max_size(most[r], v_load(row[r] + i));
    codes_of_four(x, stride, most, rows, inputs, codes, offset, scales);
}

/* `count` (a constant) vectors at x to their GELU; returns the larger of `most` and of their absolute values. */
INLINE VEC gelu_some(float *x, VEC most, size_t count)
{
    VEC values[BESIDE];
    UNROLL for (size_t j = 0; j < count; j++)
        values[j] = v_load(x + j * LANES);
    rough_gelu_of(values, count);
    UNROLL for (size_t j = 0; j < count; j++)
    {
        v_store(x + j * LANES, values[j]);
        most = v_max_size(most, values[j]);
    }
    return most;
}

TARGET static void gelu_quantise(float *x, size_t rows, size_t inputs, uint8_t *codes, float *scales)
{
    for (size_t row = 0; row < rows; row += 4) { /* few enough to be near still when they are quantised */
        size_t some = rows - row < 4 ? rows - row : 4;
        VEC most[4] = {v_set(0), v_set(0), v_set(0), v_set(0)};
        for (size_t r = 0; r < some; r++) {
            float *own = x + (row + r) * inputs;
            size_t i = 0;
            for (; i + BESIDE * LANES <= inputs; i += BESIDE * LANES)
                most[r] = gelu_some(own + i, most[r], BESIDE);
            for (; i < inputs; i += LANES)
                most[r] = gelu_some(own + i, most[r], 1);
        }
        codes_of_four(x + row * inputs, inputs, most, some, inputs, codes + row * inputs, CODE_OFFSET, scales + row);
    }
}

TARGET static void quantise(const float *x, size_t rows, size_t inputs, uint8_t *codes, float *scales)
{
    size_t r = 0;
    for (; r + 4 <= rows; r += 4)
        quantise_four(x + r * inputs, inputs, 4, inputs, codes + r * inputs, CODE_OFFSET, scales + r);
    if (r < rows)
        quantise_four(x + r * inputs, inputs, rows - r, inputs, codes + r * inputs, CODE_OFFSET, scales + r);
}

/* Where a tile of codes times weights is read and written. */
struct tile {
    const uint8_t *codes;  /* rows of `code_stride` bytes */
    const int8_t *weights; /* in a panel of KERNELS_I8_PANEL outputs */
    const int32_t *start;  /* [I8_COLS] what sums start at, with CODE_OFFSET */
    int32_t *sums;         /* rows of `sum_stride` */
    size_t inputs, code_stride, sum_stride;
};

/* Sums of codes times weights for `rows` (a constant, at most I8_ROWS) rows by I8_VECS vectors of outputs. They stay in
 * registers until the end. */
INLINE void sum_i8(const struct tile *tile, size_t rows, VECI sums[I8_ROWS][I8_VECS])
{
    VECI w[I8_VECS];
    const uint8_t *codes = tile->codes;
    const int8_t *weights = tile->weights;
    size_t inputs = tile->inputs, stride = tile->code_stride;
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < I8_VECS; j++)
            sums[r][j] = CODE_OFFSET ? v_load_int(tile->start + j * LANES) : v_set_int(0);
    for (size_t i = 0; i < inputs; i += KERNELS_INPUTS, codes += KERNELS_INPUTS) {
        UNROLL for (size_t g = 0; g < GROUPS; g++, weights += KERNELS_I8_PANEL * KERNELS_GROUP) {
            UNROLL for (size_t j = 0; j < I8_VECS; j++)
                w[j] = v_load_int(weights + j * LANES * KERNELS_GROUP);
            UNROLL for (size_t r = 0; r < rows; r++) {
                int32_t group;
                memcpy(&group, codes + r * stride + g * KERNELS_GROUP, sizeof group);
                VECI code = v_set_int(group);
                UNROLL for (size_t j = 0; j < I8_VECS; j++)
                    v_dot(sums[r][j], code, w[j]);
            }
        }
    }
}

INLINE void tile_i8(const struct tile *tile, size_t rows)
{
    VECI sums[I8_ROWS][I8_VECS];
    sum_i8(tile, rows, sums);
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < I8_VECS; j++)
            v_store_int(tile->sums + r * tile->sum_stride + j * LANES, sums[r][j]);
}

/* The sums of a tile of which all outputs are wanted, to its place in the product. */
INLINE void product_i8(const struct tile *tile, const struct packed *matrix, const float *scales, size_t output, float *out, size_t rows)
{
    VECI sums[I8_ROWS][I8_VECS];
    sum_i8(tile, rows, sums);
    UNROLL for (size_t j = 0; j < I8_VECS; j++) {
        VEC scale = v_load(matrix->scale + output + j * LANES), bias = v_load(matrix->bias + output + j * LANES);
        UNROLL for (size_t r = 0; r < rows; r++)
            v_store(out + r * matrix->outputs + output + j * LANES, v_fma(v_from_int(sums[r][j]), v_set(scales[r]) * scale, bias));
    }
}

#define TILE_I8(ROWS)                                             \
    TARGET static void tile_i8_##ROWS(const struct tile *tile)    \
    {                                                             \
        tile_i8(tile, ROWS);                                      \
    }
I8_LIST(TILE_I8)

#define PRODUCT_I8(ROWS)                                                                                                                     \
    TARGET static void product_i8_##ROWS(const struct tile *tile, const struct packed *matrix, const float *scales, size_t output, float *out) \
    {                                                                                                                                        \
        product_i8(tile, matrix, scales, output, out, ROWS);                                                                                 \
    }
I8_LIST(PRODUCT_I8)

static void (*const products_i8[])(const struct tile *, const struct packed *, const float *, size_t, float *) = {
#define PRODUCT_NAME(ROWS) product_i8_##ROWS,
    I8_LIST(PRODUCT_NAME)
#undef PRODUCT_NAME
};

static void (*const tiles_i8[])(const struct tile *) = {
#define TILE_NAME(ROWS) tile_i8_##ROWS,
    I8_LIST(TILE_NAME)
#undef TILE_NAME
};

/* The same for the last tiles, of which some outputs may only fill the panel; so seldom that it is kept out of the unrolled code. */
TARGET static void finish_i8(const struct packed *matrix, const int32_t *sums, const float *scales, size_t rows, size_t output, float *out)
{
    for (size_t j = 0; j < I8_COLS && output < matrix->outputs; j += LANES, output += LANES) {
        VEC scale = v_load(matrix->scale + output), bias = v_load(matrix->bias + output), values[BESIDE];
        size_t left = matrix->outputs - output, r = 0;
        for (; r + BESIDE <= rows; r += BESIDE) {
            UNROLL for (size_t k = 0; k < BESIDE; k++)
                values[k] = v_fma(v_from_int(v_load_int(sums + (r + k) * I8_COLS + j)), v_set(scales[r + k]) * scale, bias);
            UNROLL for (size_t k = 0; k < BESIDE; k++)
                store_part(out + (r + k) * matrix->outputs + output, values[k], left);
        }
        for (; r < rows; r++) {
            values[0] = v_fma(v_from_int(v_load_int(sums + r * I8_COLS + j)), v_set(scales[r]) * scale, bias);
            store_part(out + r * matrix->outputs + output, values[0], left);
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

TARGET static void multiply_i8(const struct packed *matrix, const uint8_t *codes, const float *scales, size_t rows, float *out)
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
            struct tile tile = {.codes = codes + row * matrix->inputs, .weights = weights, .start = matrix->offset + output, .sums = sums,
                                .inputs = matrix->inputs, .code_stride = matrix->inputs, .sum_stride = I8_COLS};
            if (output + I8_COLS <= matrix->outputs) {
                products_i8[height - 1](&tile, matrix, scales + row, output, out + row * matrix->outputs);
            } else {
                tiles_i8[height - 1](&tile);
                finish_i8(matrix, sums, scales + row, height, output, out + row * matrix->outputs);
            }
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

TARGET static void finish_f32(const struct packed *matrix, const float *sums, size_t rows, size_t output, float *out)
{
    for (size_t j = 0; j < F32_VECS && output < matrix->outputs; j++, output += LANES, sums += LANES)
        for (size_t r = 0; r < rows; r++) {
            VEC value = v_load(sums + r * F32_COLS) + v_load(matrix->bias + output);
            store_part(out + r * matrix->outputs + output, value, matrix->outputs - output);
        }
}

TARGET static void multiply_f32(const struct packed *matrix, const float *x, size_t rows, float *out)
{
    struct spread spread = spread_rows(rows, F32_ROWS);
    for (size_t output = 0; output < matrix->outputs; output += F32_COLS) {
        size_t lane = output % KERNELS_F32_PANEL;
        const float *weights = matrix->f32 + (output - lane) * matrix->inputs + lane;
        for (size_t i = 0, row = 0; i < spread.tiles; i++) {
            float sums[F32_ROWS * F32_COLS];
            size_t height = spread.least + (i < spread.more);
            blocks_f32[height - 1](x + row * matrix->inputs, matrix->inputs, weights, KERNELS_F32_PANEL, matrix->inputs, sums, F32_COLS);
            finish_f32(matrix, sums, height, output, out + row * matrix->outputs);
            row += height;
        }
    }
}
