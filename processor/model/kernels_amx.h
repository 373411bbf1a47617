/* Products and attention with AMX, for kernels_avx512.c and nobody else: its vectors do what follows the sums.
 *
 * Products: tiles of 16 rows of 64 bytes, two of codes by two of weights at a time, so that four sums are under way and each tile
 * that is loaded is used twice. Sums 0-3, codes 4 and 5, weights 6 and 7. Sums and what follows them are the same as the vectors'. Where
 * there are many inputs, what follows a block's sums is done between the steps of the next block's: with few that costs time. */
enum { AMX_ROWS = 16, AMX_INPUTS = 64, AMX_TILES = 8, BLOCK_ROWS = 2 * AMX_ROWS, BLOCK_COLS = 2 * LANES, OVERLAP_INPUTS = 1024 };
/* Tiles of attention; 0 and 1 are sums. No enum: their numbers become parts of instructions' texts. */
#define QUERIES 2
#define KEYS 3
#define KEYS_2 4
#define MIX 5
#define VALUES 6
#define VALUES_2 7
#define TARGET_AMX __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,amx-tile,amx-int8")))

#define INLINE_AMX static inline __attribute__((always_inline)) TARGET_AMX

struct amx_config {
    uint8_t palette, start, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
};
_Static_assert(sizeof(struct amx_config) == 64 && KERNELS_I8_PANEL % LANES == 0, "the layout that LDTILECFG reads");

/* All tiles are of 16 rows of 64 bytes, but for the queries' and keys' of attention, whose heads are `head` (up to 64) wide. */
TARGET_AMX static void amx_begin(size_t head)
{
    struct amx_config config = {.palette = 1};
    for (size_t i = 0; i < AMX_TILES; i++) {
        config.row_bytes[i] = AMX_INPUTS;
        config.rows[i] = AMX_ROWS;
    }
    config.row_bytes[QUERIES] = (uint16_t)head;
    config.rows[KEYS] = config.rows[KEYS_2] = (uint8_t)(head / KERNELS_GROUP);
    __asm__ volatile("ldtilecfg %0" : : "m"(config)); /* the intrinsic reads, as far as gcc 12 knows, the first eight bytes alone */
}

/* A product under way. */
struct amx_product {
    const struct packed *matrix;
    const uint8_t *codes;
    const float *scales;
    size_t rows;
    float *out;
};

/* Sums of rows from `row` on by outputs from `output` on. */
struct amx_block {
    size_t row, height, output;
    _Alignas(64) int32_t sums[BLOCK_ROWS * BLOCK_COLS];
};

/* Weights of the 16 outputs from `output` on. */
static inline const int8_t *amx_weights(const struct packed *matrix, size_t output)
{
    size_t lane = output % KERNELS_I8_PANEL;
    return matrix->i8 + (output - lane) * matrix->inputs + lane * KERNELS_GROUP;
}

/* Rows from `row` on, `rows` (1 or 2, a constant) of them, of a block's sums to their place in the product. */
INLINE_AMX void finish_few(const struct amx_product *product, const struct amx_block *block, size_t row, size_t rows)
{
    const struct packed *matrix = product->matrix;
    size_t output = block->output, outputs = matrix->outputs, left = outputs - output;
    float *out = product->out + (block->row + row) * outputs + output;
    VEC values[2 * 2];
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < 2; j++)
        {
            size_t at = output + j * LANES < matrix->padded ? output + j * LANES : output;
            VEC scale = v_set(product->scales[block->row + row + r]) * v_load(matrix->scale + at);
            values[2 * r + j] = v_fma(v_from_int(v_load_int(block->sums + (row + r) * BLOCK_COLS + j * LANES)), scale, v_load(matrix->bias + at));
        }
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < 2; j++)
            if (left >= BLOCK_COLS)
                v_store(out + r * outputs + j * LANES, values[2 * r + j]);
            else if (j * LANES < left)
                store_part(out + r * outputs + j * LANES, values[2 * r + j], left - j * LANES);
}

/* Rows from `row` on (even) to `end` (even, or beyond the last). */
INLINE_AMX void finish_rows(const struct amx_product *product, const struct amx_block *block, size_t row, size_t end)
{
    end = end < block->height ? end : block->height;
    for (; row + 2 <= end; row += 2)
        finish_few(product, block, row, 2);
    if (row < end)
        finish_few(product, block, row, 1);
}

/* The block's sums. Where there is one tile of outputs alone, it is computed twice. What follows the sums of the block
 * `before` (or NULL) is done between the steps, in even shares: the vectors' units work while the tiles' do. */
INLINE_AMX void sum_block(const struct amx_product *product, struct amx_block *block, const struct amx_block *before)
{
    enum { STRIDE = KERNELS_I8_PANEL * KERNELS_GROUP, SUM_STRIDE = BLOCK_COLS * sizeof(int32_t) };
    const struct packed *matrix = product->matrix;
    size_t inputs = matrix->inputs, output2 = block->output + LANES < matrix->padded ? block->output + LANES : block->output;
    const uint8_t *codes = product->codes + block->row * inputs;
    const int8_t *weights = amx_weights(matrix, block->output), *weights2 = amx_weights(matrix, output2);
    bool is_high = block->height > AMX_ROWS;
    _tile_loadd(0, matrix->offset + block->output, 0); /* every row starts with the offsets */
    _tile_loadd(1, matrix->offset + output2, 0);
    if (is_high) {
        _tile_loadd(2, matrix->offset + block->output, 0);
        _tile_loadd(3, matrix->offset + output2, 0);
    }
    size_t steps = inputs / AMX_INPUTS, share = (BLOCK_ROWS / 2 + steps - 1) / steps * 2, row = 0;
    for (size_t i = 0; i < inputs; i += AMX_INPUTS) {
        _tile_loadd(4, codes + i, inputs);
        _tile_loadd(6, weights + i * KERNELS_I8_PANEL, STRIDE);
        _tile_loadd(7, weights2 + i * KERNELS_I8_PANEL, STRIDE);
        _tile_dpbusd(0, 4, 6);
        _tile_dpbusd(1, 4, 7);
        if (is_high) {
            _tile_loadd(5, codes + AMX_ROWS * inputs + i, inputs);
            _tile_dpbusd(2, 5, 6);
            _tile_dpbusd(3, 5, 7);
        }
        if (before != NULL) {
            finish_rows(product, before, row, row + share);
            row += share;
        }
    }
    _tile_stored(0, block->sums, SUM_STRIDE);
    _tile_stored(1, block->sums + LANES, SUM_STRIDE);
    if (is_high) {
        _tile_stored(2, block->sums + AMX_ROWS * BLOCK_COLS, SUM_STRIDE);
        _tile_stored(3, block->sums + AMX_ROWS * BLOCK_COLS + LANES, SUM_STRIDE);
    }
}

INLINE_AMX void multiply_blocks(const struct amx_product *product)
{
    const struct packed *matrix = product->matrix;
    struct amx_block blocks[2], *before = NULL;
    size_t index = 0;
    for (size_t output = 0; output < matrix->outputs; output += BLOCK_COLS) {
        for (size_t row = 0; row < product->rows; row += BLOCK_ROWS) {
            struct amx_block *block = &blocks[index++ % 2];
            block->row = row;
            block->output = output;
            block->height = product->rows - row < BLOCK_ROWS ? product->rows - row : BLOCK_ROWS;
            sum_block(product, block, before);
            if (matrix->inputs >= OVERLAP_INPUTS)
                before = block;
            else
                finish_rows(product, block, 0, BLOCK_ROWS);
        }
    }
    if (before != NULL)
        finish_rows(product, before, 0, BLOCK_ROWS);
}

TARGET_AMX static void multiply_i8_amx(const struct packed *matrix, const uint8_t *codes, const float *scales, size_t rows, float *out)
{
    struct amx_product product = {
        .matrix = matrix, .codes = codes, .scales = scales, .rows = rows, .out = out};
    if (matrix->inputs % AMX_INPUTS != 0 || rows < 4) {
        multiply_i8(matrix, codes, scales, rows, out);
        return;
    }
    amx_begin(AMX_INPUTS);
    multiply_blocks(&product);
    _tile_release();
}

/* Attention: as in kernels_attention.h, but the sums of 16 queries at a time come from tiles. They are the same: codes are signed here, so nothing
 * is to be taken off. Where a head is wider than a tile, the vectors do it. */
static inline bool amx_attends(const struct attention *attention)
{
    return attention->width / attention->heads <= AMX_INPUTS;
}

TARGET_AMX static void take_amx(const struct attention *attention, const float *qkv, size_t first, size_t rows)
{
    if (amx_attends(attention))
        take_rows(attention, qkv, first, rows, AMX_INPUTS, 0);
    else
        take(attention, qkv, first, rows);
}

/* Products of the queries from `row` on with all keys, to desk->sums. */
INLINE_AMX void score_queries(const struct attention_desk *desk, size_t row)
{
    enum { STRIDE = KERNELS_I8_PANEL * KERNELS_GROUP };
    size_t width = desk->width, sum_stride = desk->padded_keys * sizeof *desk->sums;
    _tile_loadd(QUERIES, desk->queries + row * width, width);
    for (size_t t = 0; t < desk->count; t += 2 * LANES) {
        size_t t2 = t + LANES < desk->count ? t + LANES : t;
        _tile_zero(0);
        _tile_zero(1);
        _tile_loadd(KEYS, desk->keys + t / KERNELS_I8_PANEL * KERNELS_I8_PANEL * width + t % KERNELS_I8_PANEL * KERNELS_GROUP, STRIDE);
        _tile_loadd(KEYS_2, desk->keys + t2 / KERNELS_I8_PANEL * KERNELS_I8_PANEL * width + t2 % KERNELS_I8_PANEL * KERNELS_GROUP, STRIDE);
        _tile_dpbssd(0, QUERIES, KEYS);
        _tile_dpbssd(1, QUERIES, KEYS_2);
        _tile_stored(0, desk->sums + t, sum_stride);
        _tile_stored(1, desk->sums + t2, sum_stride);
    }
}

/* Products of the weights in desk->mix with all values, to desk->sums. */
INLINE_AMX void mix_queries(const struct attention_desk *desk)
{
    enum { STRIDE = KERNELS_I8_PANEL * KERNELS_GROUP };
    size_t padded = desk->padded_mix, sum_stride = desk->padded_width * sizeof *desk->sums;
    for (size_t i = 0; i < desk->width; i += 2 * LANES) {
        size_t i2 = i + LANES < desk->width ? i + LANES : i;
        const int8_t *values = desk->values + i / KERNELS_I8_PANEL * KERNELS_I8_PANEL * padded + i % KERNELS_I8_PANEL * KERNELS_GROUP;
        const int8_t *values2 = desk->values + i2 / KERNELS_I8_PANEL * KERNELS_I8_PANEL * padded + i2 % KERNELS_I8_PANEL * KERNELS_GROUP;
        _tile_zero(0);
        _tile_zero(1);
        for (size_t t = 0; t < padded; t += AMX_INPUTS) {
            _tile_loadd(MIX, desk->mix + t, padded);
            _tile_loadd(VALUES, values + t * KERNELS_I8_PANEL, STRIDE);
            _tile_loadd(VALUES_2, values2 + t * KERNELS_I8_PANEL, STRIDE);
            _tile_dpbssd(0, MIX, VALUES);
            _tile_dpbssd(1, MIX, VALUES_2);
        }
        _tile_stored(0, desk->sums + i, sum_stride);
        _tile_stored(1, desk->sums + i2, sum_stride);
    }
}

TARGET_AMX static void attend_amx(const struct attention *attention)
{
    size_t count = attention->count, width = attention->width, head_width = width / attention->heads;
    struct attention_desk desk;
    if (!amx_attends(attention)) {
        attend(attention);
        return;
    }
    attention_desk_lay(&desk, count, attention->heads, width, AMX_INPUTS, attention->work);
    attention_desk_clear(&desk);
    amx_begin(head_width);
    for (size_t index = 0; index < attention->heads; index++) {
        struct attention_desk head = attention_desk_head(&desk, index);
        float *out = attention->out + index * head_width;
        place_values(&head, out, width);
        for (size_t row = 0; row < count; row += AMX_ROWS) {
            size_t rows = count - row < AMX_ROWS ? count - row : AMX_ROWS;
            int32_t totals[AMX_ROWS];
            score_queries(&head, row);
            weigh_rows(&head, row, rows, kernels_bias(attention->bias, index, row), totals);
            mix_queries(&head);
            share_rows(&head, head.sums, head.padded_width, totals, rows, out + row * width, width);
        }
    }
    _tile_release();
}
