#include "processor/model/file.h"
#include "tests/expect.h"
#include "tests/make_model.h"

#include <unistd.h>

static const struct model_shape SMALL = {.layers = 1, .width = 64, .heads = 2, .hidden = 64, .positions = 32, .window = 32,
                                         .inner = 64, .is_i8 = true, .has_transitions = true, .vocab = SMALL_VOCAB};

/* The bytes of a model whose config section is `config`. */
static struct view with_config(const char *config)
{
    struct model_maker *maker = maker_new(1);
    maker_add_bytes(maker, "config", config);
    return maker_finish(maker);
}

static char *writable(struct view bytes)
{
    return (char *)(uintptr_t)bytes.data;
}

static void expect_refused(struct view bytes, const char *code)
{
    struct error err = {0};
    struct model_file *file = model_file_read(bytes, &err);
    cr_expect(eq(ptr, file, NULL), "accepted what should be %s", code);
    cr_expect(eq(int, err.kind, ERROR_CONFIG));
    expect_text(err.code, code);
    model_file_close(file);
}

Test(file, reads_dimensions_and_thresholds)
{
    struct error err = {0};
    struct view bytes = model_of_shape(&SMALL, 1);

    struct model_file *file = model_file_read(bytes, &err);

    expect_fine(file != NULL, err);
    const struct model_config *config = model_file_config(file);
    cr_expect(eq(u32, config->width, 64));
    cr_expect(eq(u32, config->vocab, 16));
    cr_expect(eq(u32, config->window, 32));
    expect_text(config->name, "made");
    cr_expect(eq(flt, model_file_number(file, "thresholds", "stance", 9), 0.25F));
    cr_expect(eq(flt, model_file_number(file, "thresholds", "names", 9), 9));
    cr_expect(eq(flt, model_file_number(file, "calibration", "stance", 9), 9));
    model_file_close(file);
    model_bytes_free(bytes);
}

Test(file, gives_tensors_of_the_shape_asked_for)
{
    static const struct {
        const char *name;
        uint32_t rows, cols;
        bool is_there;
    } cases[] = {
        {"layer.0.qkv.weight", 192, 64, true},  {"layer.0.qkv.weight", 64, 192, false}, {"layer.0.qkv.bias", 1, 192, true},
        {"layer.0.qkv.bias", 1, 191, false},    {"layer.0.qkv.bias", 192, 1, false},    {"nothing", 1, 1, false},
        {"names.weight", 19, 64, true},         {"config", 1, 1, false},                {"", 1, 1, false},
    };
    struct error none = {0};
    struct view bytes = model_of_shape(&SMALL, 1);
    struct model_file *file = model_file_read(bytes, &none);
    expect_fine(file != NULL, none);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct tensor tensor = {0};
        bool is_there = model_file_tensor(file, cases[i].name, cases[i].rows, cases[i].cols, &tensor, &err);
        cr_expect(eq(int, is_there, cases[i].is_there), "%s", cases[i].name);
        if (is_there)
            cr_expect(eq(int, (tensor.i8 != NULL) + (tensor.f32 != NULL), 1));
        else
            expect_text(err.code, "model.section");
    }
    model_file_close(file);
    model_bytes_free(bytes);
}

Test(file, refuses_any_damaged_byte)
{
    struct view bytes = with_config("{}");
    for (size_t i = 0; i < bytes.len; i++) {
        struct error err = {0};
        writable(bytes)[i] ^= 0x40;
        struct model_file *file = model_file_read(bytes, &err);
        cr_expect(eq(ptr, file, NULL), "byte %zu", i);
        cr_expect(ne(int, err.code[0], 0));
        writable(bytes)[i] ^= 0x40;
    }
    model_bytes_free(bytes);
}

Test(file, refuses_any_shorter_file)
{
    struct view bytes = with_config("{}");
    for (size_t len = 0; len < bytes.len; len++) {
        struct error err = {0};
        cr_expect(eq(ptr, model_file_read(view_slice(bytes, 0, len), &err), NULL), "%zu bytes", len);
    }
    model_bytes_free(bytes);
}

Test(file, refuses_a_header_that_lies)
{
    static const struct {
        size_t offset;
        uint32_t value;
        const char *code;
    } cases[] = {
        {0, 0x41414141, "model.magic"}, {8, 2, "model.version"},      {12, 0xFFFFFFFF, "model.size"}, {12, 3, "model.size"},
        {16, 1, "model.size"},          {28, 1, "model.size"},        {32, 0, "model.checksum"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct view bytes = with_config("{}");
        memcpy(writable(bytes) + cases[i].offset, &cases[i].value, 4);
        expect_refused(bytes, cases[i].code);
        model_bytes_free(bytes);
    }
}

Test(file, refuses_a_section_table_that_lies_under_a_right_checksum)
{
    static const struct {
        size_t offset; /* in the first entry */
        uint64_t value;
    } cases[] = {
        {0, 0},            /* no name */
        {64, 3},           /* unknown type */
        {64, 1},           /* f32 of 2 bytes */
        {68, 4},           /* rank */
        {72, 0},           {72, UINT64_MAX}, {80, 2}, {80, UINT64_MAX},
        {96, 0},           /* over the header */
        {96, 193},         /* unaligned */
        {96, UINT64_MAX - 63},
        {104, UINT64_MAX}, {104, 100000},
        {112, 1},          /* spare bytes */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model_maker *maker = maker_new(1);
        maker_add_matrix(maker, "m", 2, 4, true, 1);
        struct view bytes = maker_finish(maker);
        memcpy(writable(bytes) + MAKER_HEADER + cases[i].offset, &cases[i].value, 8);
        model_seal(writable(bytes), bytes.len, 2);
        expect_refused(bytes, "model.section");
        model_bytes_free(bytes);
    }
}

Test(file, refuses_two_sections_of_one_name)
{
    struct model_maker *maker = maker_new(1);
    maker_add_bytes(maker, "a", "1");
    maker_add_bytes(maker, "a", "2");
    struct view bytes = maker_finish(maker);
    expect_refused(bytes, "model.section");
    model_bytes_free(bytes);
}

#define GOOD_FIRST "{\"name\": \"n\", \"layers\": 1, \"hidden\": 64, \"positions\": 32, \"vocab\": 5, \"case_shapes\": 6, "

Test(file, refuses_dimensions_beyond_their_limits)
{
    static const char *const cases[] = {
        "", "[]", "{", "{}", "\xFF",
        GOOD_FIRST "\"width\": 65, \"heads\": 1, \"window\": 32, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": 64, \"heads\": 3, \"window\": 32, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": 64, \"heads\": 0, \"window\": 32, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": 4096, \"heads\": 1, \"window\": 32, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": -64, \"heads\": 1, \"window\": 32, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": 64.0, \"heads\": 1, \"window\": 32, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": 64, \"heads\": 1, \"window\": 33, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": 64, \"heads\": 1, \"window\": 32, \"norm_epsilon\": 0}",
        GOOD_FIRST "\"width\": 64, \"heads\": 1, \"window\": 32, \"norm_epsilon\": \"x\"}",
        GOOD_FIRST "\"width\": 64, \"heads\": 1, \"window\": 32}",
        GOOD_FIRST "\"width\": 64, \"heads\": 1, \"window\": 32, \"reach\": 30, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": 64, \"width\": 64, \"heads\": 1, \"window\": 32, \"norm_epsilon\": 1e-12}",
        GOOD_FIRST "\"width\": 99999999999999999999999, \"heads\": 1, \"window\": 32, \"norm_epsilon\": 1e-12}",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct view bytes = with_config(cases[i]);
        expect_refused(bytes, "model.config");
        model_bytes_free(bytes);
    }
    struct error err = {0};
    struct view bytes = with_config(GOOD_FIRST "\"width\": 64, \"heads\": 1, \"window\": 32, \"norm_epsilon\": 1e-12}");
    struct model_file *file = model_file_read(bytes, &err);
    expect_fine(file != NULL, err);
    model_file_close(file);
    model_bytes_free(bytes);
}

Test(file, refuses_tensors_that_would_spoil_results)
{
    static const struct {
        const char *name;
        bool is_i8;
        float value;
    } cases[] = {{"embed.cases", false, NAN}, {"embed.cases", false, INFINITY}, {"layer.0.out.weight", true, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct tensor tensor;
        struct view bytes = model_of_shape(&SMALL, 1);
        struct model_file *file = model_file_read(bytes, &err);
        expect_fine(file != NULL, err);
        char *section = writable(model_file_section(file, cases[i].name));
        if (cases[i].is_i8)
            section[5] = -128;
        else
            memcpy(section + 8, &cases[i].value, sizeof(float));
        cr_expect(eq(int, model_file_tensor(file, cases[i].name, cases[i].is_i8 ? 64 : 6, 64, &tensor, &err), 0));
        expect_text(err.code, "model.section");
        model_file_close(file);
        model_bytes_free(bytes);
    }
}

Test(file, opens_what_lies_on_disk)
{
    struct error err = {0};
    struct view bytes = model_of_shape(&SMALL, 1);
    char path[] = "/tmp/stanced-test-model-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(ge(int, fd, 0));
    cr_assert(eq(sz, (size_t)write(fd, bytes.data, bytes.len), bytes.len));
    close(fd);

    struct model_file *file = model_file_open(path, &err);

    expect_fine(file != NULL, err);
    cr_expect(eq(sz, model_file_section(file, "vocab").len, sizeof SMALL_VOCAB - 1));
    model_file_close(file);
    unlink(path);
    model_bytes_free(bytes);
}

Test(file, says_why_it_cannot_open)
{
    static const struct { const char *path, *code; } cases[] = {
        {"/nonexistent/model.bin", "model.open"}, {"/", "model.magic"}, {"/dev/null", "model.magic"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        cr_expect(eq(ptr, model_file_open(cases[i].path, &err), NULL));
        expect_text(err.code, cases[i].code);
        expect_says(err.text, cases[i].path);
    }
}
