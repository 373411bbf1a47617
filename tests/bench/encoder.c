/* Pieces a second on one core, with random weights of MiniLM-L6's shape (6 x 384): every set of kernels, windows of
 * 64, 128 and 192 pieces alone, and of 128 as many as are encoded together. Arguments: seconds a figure (default 0.5), the
 * name of one set of kernels (default all but "exact", the slow reference). */
#include "processor/model/encoder.h"
#include "processor/model/kernels.h"
#include "processor/model/matrix.h"
#include "tests/make_model.h"

#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* `windows` of them together, `count` pieces each. */
static double pieces_per_second(const struct model_file *file, const struct kernels *kernels, size_t windows, size_t count, double least)
{
    struct error err = {0};
    struct encoder *encoder = encoder_new_with(file, kernels, &err);
    if (encoder == NULL) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    struct encoder_scratch *scratch = encoder_scratch_new(encoder);
    struct encoder_window all[ENCODER_WINDOWS_MOST];
    uint32_t ids[192];
    uint8_t shapes[192];
    float *out = kernels_memory(windows * count * model_file_config(file)->width, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        ids[i] = (uint32_t)(i * 7 % 16);
        shapes[i] = (uint8_t)(i % 5);
    }
    for (size_t i = 0; i < windows; i++)
        all[i] = (struct encoder_window){.ids = ids, .shapes = shapes, .count = count};
    encoder_run(encoder, scratch, all, windows, out);
    double best = 0, end = seconds() + least;
    do {
        double start = seconds();
        encoder_run(encoder, scratch, all, windows, out);
        double rate = (double)(windows * count) / (seconds() - start);
        best = rate > best ? rate : best;
    } while (seconds() < end);
    free(out);
    encoder_scratch_free(scratch);
    encoder_free(encoder);
    return best;
}

int main(int argc, char **argv)
{
    static const struct model_shape shape = {.layers = 6, .width = 384, .heads = 12, .hidden = 1536, .positions = 512,
                                             .window = 192, .inner = 384, .is_i8 = true, .vocab = SMALL_VOCAB};
    static const struct {
        size_t windows, count;
    } cases[] = {{1, 64}, {1, 128}, {1, 192}, {ENCODER_WINDOWS_MOST, 128}};
    double least = argc > 1 ? atof(argv[1]) : 0.5;
    struct error err = {0};
    struct view bytes = model_of_shape(&shape, 1);
    struct model_file *file = model_file_read(bytes, &err);
    if (file == NULL) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    printf("%-12s", "pieces/s");
    for (size_t j = 0; j < sizeof cases / sizeof *cases; j++)
        printf(" %6zu x %3zu", cases[j].windows, cases[j].count);
    printf("\n");
    for (size_t i = 0;; i++) {
        const struct kernels *kernels = kernels_at(i) != NULL ? kernels_at(i) : kernels_exact();
        if (argc > 2 ? strcmp(argv[2], kernels->name) == 0 : kernels != kernels_exact()) {
            printf("%-12s", kernels->name);
            for (size_t j = 0; j < sizeof cases / sizeof *cases; j++)
                printf(" %12.0f", pieces_per_second(file, kernels, cases[j].windows, cases[j].count, least));
            printf("\n");
        }
        if (kernels_at(i) == NULL)
            break;
    }
    model_file_close(file);
    model_bytes_free(bytes);
    return 0;
}
