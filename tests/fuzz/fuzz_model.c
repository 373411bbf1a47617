/* Whatever the bytes: a model file is refused with ERROR_CONFIG, or what is built from it runs within its buffers.
 *
 * Size and checksum are put right first, so that the fuzzer gets behind them. */
#include "processor/model/encoder.h"
#include "processor/model/heads.h"
#include "processor/model/kernels.h"
#include "processor/model/tokenizer.h"
#include "tests/make_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_refused(const struct error *err)
{
    if (err->kind != ERROR_CONFIG || err->code[0] == '\0')
        abort();
}

static void run_encoder(const struct model_file *file)
{
    struct error err = {0};
    const struct model_config *config = model_file_config(file);
    struct encoder *encoder = encoder_new(file, false, &err);
    if (encoder == NULL) {
        expect_refused(&err);
        return;
    }
    size_t count = config->window < 5 ? config->window : 5;
    uint32_t ids[5];
    uint8_t shapes[5] = {0, 1, 2, 3, 5};
    for (size_t i = 0; i < count; i++)
        ids[i] = (uint32_t)(i * 7919) % config->vocab;
    float *hidden = kernels_memory(count * config->width, sizeof *hidden);
    struct encoder_scratch *scratch = encoder_scratch_new(encoder);
    encoder_run(encoder, scratch, &(struct encoder_window){.ids = ids, .shapes = shapes, .count = count}, 1, hidden);
    encoder_scratch_free(scratch);
    encoder_free(encoder);
    free(hidden);
}

static void run_heads(const struct model_file *file)
{
    struct error err = {0};
    const struct model_config *config = model_file_config(file);
    struct heads *heads = heads_new(file, &err);
    if (heads == NULL) {
        expect_refused(&err);
        return;
    }
    static const uint32_t rows[] = {0, 1};
    static const struct rows first = {0, 1}, second = {1, 2}, both = {0, 2};
    uint8_t tags[2 * ROLE_COUNT];
    float scores[2 * ROLE_COUNT], probabilities[STANCE_CLASS_COUNT];
    float *hidden = kernels_memory(2 * (size_t)config->width, sizeof *hidden);
    struct heads_scratch *scratch = heads_scratch_new(heads);
    heads_names(heads, scratch, hidden, rows, 2, tags, scores);
    heads_roles(heads, scratch, hidden, rows, 2, tags, scores);
    heads_pairs_prepare(heads, scratch, hidden, 2);
    heads_link(heads, scratch, hidden, first, second, -3, ROLE_CONTENT);
    heads_stance(heads, scratch, hidden, first, second, both, probabilities);
    heads_portrayal(heads, scratch, hidden, second, both, probabilities);
    heads_scratch_free(scratch);
    heads_free(heads);
    free(hidden);
}

static void run_tokenizer(const struct model_file *file)
{
    struct error err = {0};
    struct tokenizer *tokenizer = tokenizer_new(file, &err);
    if (tokenizer == NULL)
        expect_refused(&err);
    tokenizer_free(tokenizer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    size_t room = (size + 63) / 64 * 64 + 64;
    char *bytes = aligned_alloc(64, room);
    if (bytes == NULL)
        abort();
    memcpy(bytes, data, size);
    if (size >= MAKER_HEADER) {
        uint32_t sections;
        memcpy(&sections, bytes + 12, sizeof sections);
        model_seal(bytes, size, sections);
    }
    struct model_file *file = model_file_read((struct view){.data = bytes, .len = size}, &err);
    if (file == NULL) {
        expect_refused(&err);
    } else {
        run_tokenizer(file);
        run_encoder(file);
        run_heads(file);
    }
    model_file_close(file);
    free(bytes);
    return 0;
}
