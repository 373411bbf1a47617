#include "processor/model/matrix.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static float weight_at(const struct tensor *tensor, size_t row, size_t col)
{
    size_t at = row * tensor->cols + col;
    return tensor->f32 != NULL ? tensor->f32[at] : (float)tensor->i8[at] * tensor->scale[row];
}

bool matrix_read(const struct model_file *file, const char *name, uint32_t rows, uint32_t cols, float *out,
                 struct error *err)
{
    struct tensor tensor;
    if (!model_file_tensor(file, name, rows, cols, &tensor, err))
        return false;
    for (size_t row = 0; row < rows; row++)
        for (size_t col = 0; col < cols; col++)
            out[row * cols + col] = weight_at(&tensor, row, col);
    return true;
}

/* Output `first + row` lies in its panel, as kernels.h lays it out. */
static void pack_i8(const struct tensor *tensor, size_t first, size_t cols, int8_t *i8, float *scale, int32_t *offset)
{
    for (size_t row = 0; row < tensor->rows; row++) {
        size_t output = first + row, lane = output % KERNELS_I8_PANEL;
        int8_t *panel = i8 + (output - lane) * cols;
        int32_t sum = 0;
        for (size_t col = 0; col < cols; col++) {
            int8_t weight = tensor->i8[row * cols + col];
            panel[(col / KERNELS_GROUP * KERNELS_I8_PANEL + lane) * KERNELS_GROUP + col % KERNELS_GROUP] = weight;
            sum += weight;
        }
        scale[output] = tensor->scale[row];
        offset[output] = -128 * sum;
    }
}

static void pack_f32(const struct tensor *tensor, size_t first, size_t cols, float *f32)
{
    for (size_t row = 0; row < tensor->rows; row++) {
        size_t output = first + row, lane = output % KERNELS_F32_PANEL;
        float *panel = f32 + (output - lane) * cols;
        for (size_t col = 0; col < cols; col++)
            panel[col * KERNELS_F32_PANEL + lane] = weight_at(tensor, row, col);
    }
}

/* The offset keeps |sum of codes * weights| and 128 * sum of weights within 32 bits: inputs end at 8192. */
static void pack(struct packed *packed, const struct tensor *tensors, size_t count, bool is_i8)
{
    size_t first = 0, inputs = packed->inputs;
    int8_t *i8 = is_i8 ? kernels_memory(packed->padded * inputs, sizeof *i8) : NULL;
    float *scale = is_i8 ? kernels_memory(packed->padded, sizeof *scale) : NULL;
    int32_t *offset = is_i8 ? kernels_memory(packed->padded, sizeof *offset) : NULL;
    float *f32 = is_i8 ? NULL : kernels_memory(packed->padded * inputs, sizeof *f32);
    for (size_t i = 0; i < count; first += tensors[i++].rows) {
        if (is_i8)
            pack_i8(&tensors[i], first, inputs, i8, scale, offset);
        else
            pack_f32(&tensors[i], first, inputs, f32);
    }
    packed->i8 = i8;
    packed->scale = scale;
    packed->offset = offset;
    packed->f32 = f32;
}

bool matrix_init(struct matrix *matrix, const struct kernels *kernels, const struct model_file *file,
                 const struct matrix_part *parts, size_t count, uint32_t cols, struct error *err)
{
    enum { PART_LIMIT = 8 };
    struct tensor tensors[PART_LIMIT];
    bool is_i8 = kernels->keeps_i8 && cols % KERNELS_INPUTS == 0;
    size_t outputs = 0;
    assert(count <= PART_LIMIT);
    *matrix = (struct matrix){.kernels = kernels};
    for (size_t i = 0; i < count; i++) {
        if (!model_file_tensor(file, parts[i].weight, parts[i].rows, cols, &tensors[i], err))
            return false;
        is_i8 &= tensors[i].i8 != NULL;
        outputs += parts[i].rows;
    }
    size_t panel = is_i8 ? KERNELS_I8_PANEL : KERNELS_F32_PANEL, padded = (outputs + panel - 1) / panel * panel;
    matrix->packed = (struct packed){.outputs = outputs, .inputs = cols, .padded = padded};
    float *bias = kernels_memory(padded, sizeof *bias);
    matrix->packed.bias = bias;
    for (size_t i = 0; i < count; bias += parts[i++].rows)
        if (parts[i].bias != NULL && !matrix_read(file, parts[i].bias, 1, parts[i].rows, bias, err))
            return false;
    pack(&matrix->packed, tensors, count, is_i8);
    return true;
}

void matrix_done(struct matrix *matrix)
{
    const void *parts[] = {matrix->is_moved ? NULL : matrix->packed.i8, matrix->packed.scale, matrix->packed.offset, matrix->packed.f32,
                           matrix->packed.bias};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        free((void *)(uintptr_t)parts[i]);
    *matrix = (struct matrix){.kernels = NULL};
}

size_t matrix_bytes(const struct matrix *matrix)
{
    return matrix->packed.i8 != NULL ? (matrix->packed.padded * matrix->packed.inputs + 63) / 64 * 64 : 0;
}

void matrix_move(struct matrix *matrix, void *at)
{
    int8_t *from = (int8_t *)(uintptr_t)matrix->packed.i8;
    if (from == NULL || matrix->is_moved)
        return;
    memcpy(at, from, matrix_bytes(matrix));
    matrix->packed.i8 = at;
    matrix->is_moved = true;
    free(from);
}

void matrix_scratch_init(struct matrix_scratch *scratch, size_t rows, size_t inputs)
{
    scratch->codes = kernels_memory(kernels_padded_rows(rows) * inputs, 1);
    scratch->scales = kernels_memory(rows, sizeof *scratch->scales);
}

void matrix_scratch_done(struct matrix_scratch *scratch)
{
    free(scratch->codes);
    free(scratch->scales);
}

void matrix_apply_to(const struct matrix *matrix, struct matrix_scratch *scratch, struct inputs inputs, size_t rows, float *out)
{
    const struct kernels *kernels = matrix->kernels;
    const struct packed *packed = &matrix->packed;
    if (packed->i8 == NULL) {
        kernels->multiply_f32(packed, inputs.x, rows, out);
        return;
    }
    if (inputs.codes == NULL) {
        kernels->quantise(inputs.x, rows, packed->inputs, scratch->codes, scratch->scales);
        inputs.codes = scratch->codes;
        inputs.scales = scratch->scales;
    }
    kernels->multiply_i8(packed, inputs.codes, inputs.scales, rows, out);
}

void matrix_apply_to_gelu(const struct matrix *matrix, struct matrix_scratch *scratch, float *x, size_t rows, float *out)
{
    struct inputs inputs = {.x = x};
    if (matrix->packed.i8 == NULL) {
        matrix->kernels->gelu(x, rows * matrix->packed.inputs);
    } else {
        matrix->kernels->gelu_quantise(x, rows, matrix->packed.inputs, scratch->codes, scratch->scales);
        inputs.codes = scratch->codes;
        inputs.scales = scratch->scales;
    }
    matrix_apply_to(matrix, scratch, inputs, rows, out);
}

void matrix_apply(const struct matrix *matrix, struct matrix_scratch *scratch, const float *x, size_t rows, float *out)
{
    matrix_apply_to(matrix, scratch, (struct inputs){.x = x}, rows, out);
}
