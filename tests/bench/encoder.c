/* Pieces a second on one core, with random weights of MiniLM-L6's shape (6 x 384): every set of kernels, windows of
 * 64, 128 and 192 pieces; then each stage of one layer alone. Arguments: seconds a figure (default 0.5). */
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

static double pieces_per_second(const struct model_file *file, const struct kernels *kernels, size_t count, double least)
{
    struct error err = {0};
    struct encoder *encoder = encoder_new_with(file, kernels, &err);
    if (encoder == NULL) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    struct encoder_scratch *scratch = encoder_scratch_new(encoder);
    uint32_t ids[192];
    uint8_t shapes[192];
    float *out = kernels_memory(count * model_file_config(file)->width, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        ids[i] = (uint32_t)(i * 7 % 16);
        shapes[i] = (uint8_t)(i % 5);
    }
    encoder_run(encoder, scratch, ids, shapes, count, out);
    double best = 0, end = seconds() + least;
    do {
        double start = seconds();
        encoder_run(encoder, scratch, ids, shapes, count, out);
        double rate = (double)count / (seconds() - start);
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
    static const size_t counts[] = {64, 128, 192};
    double least = argc > 1 ? atof(argv[1]) : 0.5;
    struct error err = {0};
    struct view bytes = model_of_shape(&shape, 1);
    struct model_file *file = model_file_read(bytes, &err);
    if (file == NULL) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    printf("%-12s %10s %10s %10s\n", "pieces/s", "64", "128", "192");
    for (size_t i = 0;; i++) {
        const struct kernels *kernels = kernels_at(i) != NULL ? kernels_at(i) : kernels_exact();
        printf("%-12s", kernels->name);
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++)
            printf(" %10.0f", pieces_per_second(file, kernels, counts[j], least));
        printf("\n");
        if (kernels_at(i) == NULL)
            break;
    }
    model_file_close(file);
    model_bytes_free(bytes);
    return 0;
}
