/* What each kernel takes: microseconds a call at MiniLM-L6's shapes, and for the int8 products the share of the peak
 * that a loop of dot products between registers (of vectors, or of tiles) reaches here. Arguments: rows (default 64, as the encoder multiplies), seconds a figure (0.2). */
#include "processor/model/kernels.h"
#include "processor/model/matrix.h"
#include "tests/make_model.h"

#include <time.h>

enum { WIDTH = 384, HIDDEN = 1536, HEADS = 12 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* a thread's own clock runs slow where a virtual machine lost time to others */
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

/* Medians of some tenths of a second, of peaks and of products: the CPU runs slower once it has done such work for a while. */
enum { ROUNDS = 500 };

#if defined(__x86_64__)
#include <immintrin.h>

#define DOT(SUM) "vpdpbusd %%zmm31, %%zmm30, %%zmm" #SUM "\n\t"
#define DOTS(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23)
#define CLOBBER(SUM) , "xmm" #SUM

/* Zeros draw less power, and the CPU then runs faster than with anybody's numbers. */
static void fill(uint8_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = (uint8_t)((uint32_t)i * 2654435761U >> 24);
}

/* Multiply-adds of bytes a second with all operands in registers: 24 sums, as the 12 x 32 tile has. */
__attribute__((target("avx512f"))) static double peak_of_vnni(void)
{
    enum { SUMS = 24, STEPS = 20000 };
    double rates[ROUNDS];
    uint8_t numbers[2 * 64];
    fill(numbers, sizeof numbers);
    for (size_t round = 0; round < ROUNDS; round++) {
        double start = seconds();
        __asm__ volatile("vmovdqu64 %0, %%zmm30\n\tvmovdqu64 64+%0, %%zmm31" : : "m"(numbers) : "xmm30", "xmm31");
        for (size_t step = 0; step < STEPS; step++)
            __asm__ volatile(DOTS(DOT) : : : "cc" DOTS(CLOBBER));
        rates[round] = 64.0 * SUMS * STEPS / (seconds() - start);
    }
    return median(rates, ROUNDS);
}

/* The same of tiles: four sums, as a block has. kernels_at() has asked for the tile registers. */
__attribute__((target("amx-tile,amx-int8"))) static double peak_of_amx(void)
{
    enum { STEPS = 20000, TILES = 8, SIDE = 16, ROW = 64 };
    struct {
        uint8_t palette, start, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } config = {.palette = 1};
    double rates[ROUNDS];
    for (size_t i = 0; i < TILES; i++) {
        config.row_bytes[i] = ROW;
        config.rows[i] = SIDE;
    }
    uint8_t numbers[TILES][SIDE * ROW];
    fill(numbers[0], sizeof numbers);
    __asm__ volatile("ldtilecfg %0" : : "m"(config));
    _tile_loadd(4, numbers[4], ROW);
    _tile_loadd(5, numbers[5], ROW);
    _tile_loadd(6, numbers[6], ROW);
    _tile_loadd(7, numbers[7], ROW);
    for (size_t round = 0; round < ROUNDS; round++) {
        double start = seconds();
        for (size_t step = 0; step < STEPS; step++) {
            _tile_dpbusd(0, 4, 6);
            _tile_dpbusd(1, 4, 7);
            _tile_dpbusd(2, 5, 6);
            _tile_dpbusd(3, 5, 7);
        }
        rates[round] = 4.0 * SIDE * SIDE * ROW * STEPS / (seconds() - start);
    }
    _tile_release();
    return median(rates, ROUNDS);
}

/* 0: not known. */
static double peak(const struct kernels *kernels)
{
    if (strcmp(kernels->name, "avx512-vnni") == 0)
        return peak_of_vnni();
    return strcmp(kernels->name, "amx-int8") == 0 ? peak_of_amx() : 0;
}
#else
static double peak(const struct kernels *kernels)
{
    (void)kernels;
    return 0;
}
#endif

/* All that the measured calls read and write. */
struct bench {
    const struct kernels *kernels;
    size_t rows;
    double least; /* seconds a figure */
    struct matrix matrix;
    uint8_t *codes;
    float *x, *add, *out, *scales, *norm, *work;
};

static void run_product(struct bench *bench)
{
    bench->kernels->multiply_i8(&bench->matrix.packed, bench->codes, bench->scales, bench->rows, bench->out);
}

static void run_quantise_width(struct bench *bench)
{
    bench->kernels->quantise(bench->x, bench->rows, WIDTH, bench->codes, bench->scales);
}

static void run_quantise_hidden(struct bench *bench)
{
    bench->kernels->quantise(bench->x, bench->rows, HIDDEN, bench->codes, bench->scales);
}

static void run_take(struct bench *bench)
{
    const struct attention attention = {.count = bench->rows, .heads = HEADS, .width = WIDTH, .work = bench->work, .out = bench->out};
    bench->kernels->take(&attention, bench->x, 0, bench->rows);
}

static void run_attend(struct bench *bench)
{
    const struct attention attention = {.count = bench->rows, .heads = HEADS, .width = WIDTH, .work = bench->work, .out = bench->out};
    bench->kernels->attend(&attention);
}

static void run_norm(struct bench *bench)
{
    const struct norm norm = {.weight = bench->norm, .bias = bench->norm, .epsilon = 1e-12F, .width = WIDTH};
    bench->kernels->add_norm(bench->out, bench->add, &norm, bench->rows, bench->codes, bench->scales);
}

static void run_gelu_quantise(struct bench *bench)
{
    memcpy(bench->out, bench->add, bench->rows * HIDDEN * sizeof *bench->out);
    bench->kernels->gelu_quantise(bench->out, bench->rows, HIDDEN, bench->codes, bench->scales);
}

static void run_gelu(struct bench *bench)
{
    memcpy(bench->out, bench->add, bench->rows * HIDDEN * sizeof *bench->out);
    bench->kernels->gelu(bench->out, bench->rows * HIDDEN);
}

/* The time of one call. */
static double time_of(struct bench *bench, void (*run)(struct bench *))
{
    enum { CALLS_MOST = 100000 };
    static double took[CALLS_MOST];
    double end = seconds() + bench->least;
    size_t count = 0;
    run(bench);
    do {
        double start = seconds();
        run(bench);
        took[count++] = seconds() - start;
    } while (seconds() < end && count < CALLS_MOST);
    return median(took, count);
}

static void measure_product(struct bench *bench, uint32_t outputs, uint32_t inputs, double most)
{
    struct error err = {0};
    struct model_maker *maker = maker_new(3);
    const struct model_shape shape = {.layers = 1, .width = 64, .heads = 2, .hidden = 64, .positions = 64, .window = 64, .inner = 64, .vocab = SMALL_VOCAB};
    maker_add_encoder(maker, &shape);
    maker_add_matrix(maker, "w", outputs, inputs, true, 1.0F);
    struct view bytes = maker_finish(maker);
    struct model_file *file = model_file_read(bytes, &err);
    struct matrix_part part = {.weight = "w", .rows = outputs};
    if (file == NULL || !matrix_init(&bench->matrix, bench->kernels, file, &part, 1, inputs, &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    double took = time_of(bench, run_product), rate = (double)(bench->rows * outputs * inputs) / took;
    printf("  %4u -> %4u      %10.1f us %8.1f G multiply-adds/s", inputs, outputs, 1e6 * took, 1e-9 * rate);
    printf(most > 0 ? " %5.1f %% of peak\n" : "\n", 100 * rate / most);
    matrix_done(&bench->matrix);
    model_file_close(file);
    model_bytes_free(bytes);
}

static void measure(struct bench *bench)
{
    double most = peak(bench->kernels);
    printf("%s, %zu rows", bench->kernels->name, bench->rows);
    printf(most > 0 ? ", peak %.1f G multiply-adds/s\n" : "\n", 1e-9 * most);
    measure_product(bench, 3 * WIDTH, WIDTH, most);
    measure_product(bench, WIDTH, WIDTH, most);
    measure_product(bench, HIDDEN, WIDTH, most);
    measure_product(bench, WIDTH, HIDDEN, most);
    const struct {
        const char *name;
        void (*run)(struct bench *);
    } others[] = {{"quantise 384", run_quantise_width}, {"quantise 1536", run_quantise_hidden}, {"take 12 x 32", run_take}, {"attend 12 x 32", run_attend},
                  {"add_norm 384", run_norm}, {"gelu 1536", run_gelu}, {"gelu_quantise 1536", run_gelu_quantise}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        printf("  %-17s %10.1f us\n", others[i].name, 1e6 * time_of(bench, others[i].run));
}

int main(int argc, char **argv)
{
    struct bench bench = {.rows = argc > 1 ? (size_t)atoi(argv[1]) : 64, .least = argc > 2 ? atof(argv[2]) : 0.2};
    size_t floats = bench.rows * HIDDEN;
    struct model_maker *maker = maker_new(7);
    bench.codes = kernels_memory(kernels_padded_rows(bench.rows) * HIDDEN, 1);
    bench.x = kernels_memory(floats, sizeof *bench.x);
    bench.add = kernels_memory(floats, sizeof *bench.add);
    bench.out = kernels_memory(floats, sizeof *bench.out);
    bench.scales = kernels_memory(bench.rows, sizeof *bench.scales);
    bench.norm = kernels_memory(WIDTH, sizeof *bench.norm);
    bench.work = kernels_memory(kernels_attention_bytes(bench.rows, HEADS, WIDTH), 1);
    for (size_t i = 0; i < floats; i++) {
        bench.x[i] = maker_random(maker);
        bench.add[i] = 3 * maker_random(maker);
        bench.codes[i] = (uint8_t)(128 + 127 * maker_random(maker));
    }
    free(maker);
    for (size_t i = 0; kernels_at(i) != NULL; i++) {
        bench.kernels = kernels_at(i);
        measure(&bench);
    }
    float *floats_used[] = {bench.x, bench.add, bench.out, bench.scales, bench.norm, bench.work};
    for (size_t i = 0; i < sizeof floats_used / sizeof *floats_used; i++)
        free(floats_used[i]);
    free(bench.codes);
    return 0;
}
