#include "processor/model/kernels_x86.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma")))
#define VEC __m512
#define VECI __m512i
#define CODE_OFFSET 128
#define I8_LIST(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8)
#define F32_LIST(X) I8_LIST(X) X(9) X(10) X(11) X(12)
/* 8 x 3 for bytes: 94 % of what the dot products alone reach where 12 x 2, 14 x 2 and 6 x 4 get 87, 87 and 93. */
enum { LANES = 16, I8_ROWS = 8, I8_VECS = 3, F32_ROWS = 12, F32_VECS = 2 };

#define v_set(value) _mm512_set1_ps(value)
#define v_load(at) _mm512_loadu_ps(at)
#define v_store(at, values) _mm512_storeu_ps(at, values)
#define v_fma(a, b, c) _mm512_fmadd_ps(a, b, c)
#define v_max(a, b) _mm512_max_ps(a, b)
#define v_min(a, b) _mm512_min_ps(a, b)
#define v_abs(a) _mm512_abs_ps(a)
#define v_round(a) _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define v_to_int(a) _mm512_cvtps_epi32(a)
#define v_from_int(a) _mm512_cvtepi32_ps(a)
#define v_scale(a, n) _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), _mm512_slli_epi32(n, 23)))
#define v_add_to_four(sums) v_add_eight_to_four(_mm256_add_ps(_mm512_castps512_ps256((sums)[0]), _mm512_extractf32x8_ps((sums)[0], 1)))
#define v_max_to_four(most) v_max_eight_to_four(_mm256_max_ps(_mm512_castps512_ps256(most), _mm512_extractf32x8_ps(most, 1)))
#define v_add_int_to_four(sums) v_add_eight_int_to_four(_mm256_add_epi32(_mm512_castsi512_si256(sums), _mm512_extracti64x4_epi64(sums, 1)))
#define v_set_int(value) _mm512_set1_epi32(value)
#define v_load_int(at) _mm512_loadu_si512(at)
#define v_store_int(at, values) _mm512_storeu_si512(at, values)
#define v_add_int(a, b) _mm512_add_epi32(a, b)
#define v_sub_int(a, b) _mm512_sub_epi32(a, b)
#define v_join_byte(a, b) _mm512_or_si512(_mm512_slli_epi32(a, 8), _mm512_and_si512(b, _mm512_set1_epi32(255)))
/* The intrinsic makes gcc 12 spill the sums: half the speed. */
#define v_dot(sums, codes, weights) __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(codes), "v"(weights))
#define v_store_bytes(at, ints, offset) \
    _mm_storeu_si128((__m128i *)(void *)(at), _mm_xor_si128(_mm512_cvtepi32_epi8(ints), _mm_set1_epi8((char)(offset))))

#include "processor/model/kernels_vector.h"

const struct kernels KERNELS_AVX512 = {.name = "avx512-vnni", .multiply_i8 = multiply_i8, VECTOR_KERNELS};

/* AMX: tiles of 16 rows of 64 bytes, two of codes by two of weights at a time, so that four sums are under way and each tile
 * that is loaded is used twice. Sums 0-3, codes 4 and 5, weights 6 and 7. Sums and what follows them are the same as above. Where
 * there are many inputs, what follows a block's sums is done between the steps of the next block's: with few (or GELU) that costs time. */
enum { AMX_ROWS = 16, AMX_INPUTS = 64, AMX_TILES = 8, BLOCK_ROWS = 2 * AMX_ROWS, BLOCK_COLS = 2 * LANES, OVERLAP_INPUTS = 1024 };
#define TARGET_AMX __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,amx-tile,amx-int8")))

#define INLINE_AMX static inline __attribute__((always_inline)) TARGET_AMX

struct amx_config {
    uint8_t palette, start, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
};
_Static_assert(sizeof(struct amx_config) == 64 && KERNELS_I8_PANEL % LANES == 0, "the layout that LDTILECFG reads");

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
INLINE_AMX void finish_few(const struct amx_product *product, const struct amx_block *block, size_t row, size_t rows,
                           enum activation activation)
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
    activate(values, 2 * rows, activation);
    UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t j = 0; j < 2; j++)
            if (left >= BLOCK_COLS)
                v_store(out + r * outputs + j * LANES, values[2 * r + j]);
            else if (j * LANES < left)
                store_part(out + r * outputs + j * LANES, values[2 * r + j], left - j * LANES);
}

/* Rows from `row` on (even) to `end` (even, or beyond the last). */
INLINE_AMX void finish_rows(const struct amx_product *product, const struct amx_block *block, size_t row, size_t end, enum activation activation)
{
    end = end < block->height ? end : block->height;
    for (; row + 2 <= end; row += 2)
        finish_few(product, block, row, 2, activation);
    if (row < end)
        finish_few(product, block, row, 1, activation);
}

/* The block's sums. Where there is one tile of outputs alone, it is computed twice. What follows the sums of the block
 * `before` (or NULL) is done between the steps, in even shares: the vectors' units work while the tiles' do. */
INLINE_AMX void sum_block(const struct amx_product *product, struct amx_block *block, const struct amx_block *before, enum activation activation)
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
            finish_rows(product, before, row, row + share, activation);
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

INLINE_AMX void multiply_blocks(const struct amx_product *product, enum activation activation)
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
            sum_block(product, block, before, activation);
            if (activation == ACTIVATION_NONE && matrix->inputs >= OVERLAP_INPUTS)
                before = block;
            else
                finish_rows(product, block, 0, BLOCK_ROWS, activation);
        }
    }
    if (before != NULL)
        finish_rows(product, before, 0, BLOCK_ROWS, activation);
}

TARGET_AMX static void multiply_i8_amx(const struct packed *matrix, const uint8_t *codes, const float *scales, size_t rows,
                                       enum activation activation, float *out)
{
    struct amx_product product = {
        .matrix = matrix, .codes = codes, .scales = scales, .rows = rows, .out = out};
    struct amx_config config = {.palette = 1};
    if (matrix->inputs % AMX_INPUTS != 0 || rows < 4) {
        multiply_i8(matrix, codes, scales, rows, activation, out);
        return;
    }
    for (size_t i = 0; i < AMX_TILES; i++) {
        config.row_bytes[i] = AMX_INPUTS;
        config.rows[i] = AMX_ROWS;
    }
    _tile_loadconfig(&config);
    if (activation == ACTIVATION_GELU)
        multiply_blocks(&product, ACTIVATION_GELU);
    else
        multiply_blocks(&product, ACTIVATION_NONE);
    _tile_release();
}

const struct kernels KERNELS_AMX = {.name = "amx-int8", .multiply_i8 = multiply_i8_amx, VECTOR_KERNELS};
#endif
