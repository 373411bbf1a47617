#include "processor/model/file.h"

#include "processor/runtime/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "weights are read in place: little-endian only");

enum {
    HEADER_BYTES = 64,
    ENTRY_BYTES = 128,
    NAME_BYTES = 64,
    SECTION_LIMIT = 2048, /* 48 layers need 768 */
    CONFIG_LIMIT = 1 << 20,
    DIGEST_BYTES = 32,
    VERSION = 1,
};
enum { DTYPE_BYTES, DTYPE_F32, DTYPE_I8, DTYPE_COUNT };

static const char MAGIC[8] = {'S', 'T', 'A', 'N', 'C', 'E', 'D', 1};

struct section {
    const char *name; /* in the file, NUL-terminated within NAME_BYTES */
    uint32_t dtype, rank;
    uint64_t dims[3];
    struct view bytes;
};

struct model_file {
    struct view bytes;
    bool is_mapped;
    struct section *sections; /* [section_count] */
    size_t section_count;
    json_t *json;
    struct model_config config;
};

static uint32_t read_u32(const char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint64_t read_u64(const char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static bool check_header(const struct model_file *file, struct error *err)
{
    const char *header = file->bytes.data;
    if (file->bytes.len < HEADER_BYTES || memcmp(header, MAGIC, sizeof MAGIC) != 0)
        return error_set(err, ERROR_CONFIG, "model.magic", "not a model file (no STANCED magic)");
    if (read_u32(header + 8) != VERSION)
        return error_set(err, ERROR_CONFIG, "model.version", "model file has version %u, this program reads %d",
                         read_u32(header + 8), VERSION);
    if (read_u64(header + 16) != file->bytes.len || read_u64(header + 24) != 0)
        return error_set(err, ERROR_CONFIG, "model.size", "model file has %zu bytes, its header says %llu",
                         file->bytes.len, (unsigned long long)read_u64(header + 16));
    uint32_t count = read_u32(header + 12);
    if (count > SECTION_LIMIT || (size_t)count * ENTRY_BYTES > file->bytes.len - HEADER_BYTES)
        return error_set(err, ERROR_CONFIG, "model.size", "model file has no room for its %u sections", count);

    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_bytes = 0;
    if (!EVP_Digest(header + HEADER_BYTES, file->bytes.len - HEADER_BYTES, digest, &digest_bytes, EVP_sha256(), NULL) ||
        digest_bytes != DIGEST_BYTES || memcmp(digest, header + 32, DIGEST_BYTES) != 0)
        return error_set(err, ERROR_CONFIG, "model.checksum", "model file is damaged: its SHA-256 does not match");
    return true;
}

/* Whether dims and dtype give exactly `bytes`. Dimensions are bounded first, so the product cannot overflow. */
static bool has_shape_bytes(const struct section *section)
{
    uint64_t product = 1;
    for (size_t i = 0; i < 3; i++) {
        uint64_t dim = section->dims[i];
        if (dim == 0 || dim > UINT32_MAX || (i >= section->rank && dim != 1) || product > UINT32_MAX)
            return false;
        product *= dim;
    }
    if (product > UINT64_MAX / sizeof(float))
        return false;
    return section->bytes.len == (section->dtype == DTYPE_F32 ? product * sizeof(float) : product);
}

static const struct section *find(const struct model_file *file, const char *name)
{
    for (size_t i = 0; i < file->section_count; i++)
        if (strcmp(file->sections[i].name, name) == 0)
            return &file->sections[i];
    return NULL;
}

static bool read_section(struct model_file *file, size_t index, struct error *err)
{
    static const char zeros[16];
    const char *entry = file->bytes.data + HEADER_BYTES + index * ENTRY_BYTES;
    if (entry[0] == '\0' || memchr(entry, '\0', NAME_BYTES) == NULL)
        return error_set(err, ERROR_CONFIG, "model.section", "section %zu has no name of 1 to 63 bytes", index);

    struct section section = {.name = entry, .dtype = read_u32(entry + 64), .rank = read_u32(entry + 68)};
    for (size_t i = 0; i < 3; i++)
        section.dims[i] = read_u64(entry + 72 + 8 * i);
    uint64_t offset = read_u64(entry + 96), bytes = read_u64(entry + 104);
    uint64_t least = HEADER_BYTES + (uint64_t)read_u32(file->bytes.data + 12) * ENTRY_BYTES;
    if (offset < least || offset > file->bytes.len || bytes > file->bytes.len - offset || offset % 64 != 0)
        return error_set(err, ERROR_CONFIG, "model.section", "section %zu lies outside the file or unaligned", index);
    section.bytes = view_slice(file->bytes, offset, offset + bytes);
    if (section.dtype >= DTYPE_COUNT || section.rank > 3 || memcmp(entry + 112, zeros, sizeof zeros) != 0 ||
        (section.dtype != DTYPE_BYTES && !has_shape_bytes(&section)))
        return error_set(err, ERROR_CONFIG, "model.section", "section %zu has a bad type or shape", index);
    if (find(file, entry) != NULL)
        return error_set(err, ERROR_CONFIG, "model.section", "section %zu is there twice", index);
    file->sections[file->section_count++] = section;
    return true;
}

static bool read_sections(struct model_file *file, struct error *err)
{
    size_t count = read_u32(file->bytes.data + 12);
    file->sections = memory_new(count + 1, sizeof *file->sections);
    for (size_t i = 0; i < count; i++)
        if (!read_section(file, i, err))
            return false;
    return true;
}

static bool read_dimensions(struct model_file *file, struct error *err)
{
    struct model_config *config = &file->config;
    const struct {
        const char *name;
        uint32_t least, most;
        uint32_t *value;
    } numbers[] = {
        {"layers", 1, 48, &config->layers},           {"width", 64, 2048, &config->width},
        {"heads", 1, 64, &config->heads},             {"hidden", 64, 8192, &config->hidden},
        {"positions", 16, 4096, &config->positions},  {"vocab", 1, 200000, &config->vocab},
        {"case_shapes", 6, 6, &config->case_shapes},  {"window", 2, 4096, &config->window},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_t *value = json_object_get(file->json, numbers[i].name);
        json_int_t number = json_integer_value(value);
        if (!json_is_integer(value) || number < numbers[i].least || number > numbers[i].most)
            return error_set(err, ERROR_CONFIG, "model.config", "config.%s must be a whole number from %u to %u",
                             numbers[i].name, numbers[i].least, numbers[i].most);
        *numbers[i].value = (uint32_t)number;
    }
    if (config->width % 64 != 0 || config->hidden % 64 != 0 || config->width % config->heads != 0)
        return error_set(err, ERROR_CONFIG, "model.config",
                         "config.width and config.hidden must be multiples of 64, width also of heads");
    json_t *reach = json_object_get(file->json, "reach"); /* absent in files of absolute positions */
    json_int_t far = json_integer_value(reach);
    if (reach != NULL && (!json_is_integer(reach) || far < config->window - 1 || far > 4096))
        return error_set(err, ERROR_CONFIG, "model.config", "config.reach must be a whole number from window - 1 to 4096");
    config->reach = (uint32_t)far;
    if (config->window > config->positions)
        return error_set(err, ERROR_CONFIG, "model.config", "config.window must not exceed config.positions");
    return true;
}

static bool read_config(struct model_file *file, struct error *err)
{
    struct view text = model_file_section(file, "config");
    json_error_t json_error;
    if (text.len == 0 || text.len > CONFIG_LIMIT)
        return error_set(err, ERROR_CONFIG, "model.config", "section config must have 1 to %d bytes", CONFIG_LIMIT);
    file->json = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, &json_error);
    if (!json_is_object(file->json))
        return error_set(err, ERROR_CONFIG, "model.config", "section config is not a JSON object");
    if (!read_dimensions(file, err))
        return false;

    json_t *epsilon = json_object_get(file->json, "norm_epsilon"), *name = json_object_get(file->json, "name");
    double number = json_number_value(epsilon);
    if (!json_is_number(epsilon) || !(number > 0 && number < 1))
        return error_set(err, ERROR_CONFIG, "model.config", "config.norm_epsilon must be a number between 0 and 1");
    file->config.norm_epsilon = (float)number;
    if (!json_is_string(name) || json_string_length(name) == 0 ||
        json_string_length(name) >= sizeof file->config.name)
        return error_set(err, ERROR_CONFIG, "model.config", "config.name must be a string of 1 to 63 bytes");
    memcpy(file->config.name, json_string_value(name), json_string_length(name) + 1);
    return true;
}

struct model_file *model_file_read(struct view bytes, struct error *err)
{
    struct model_file *file = memory_new(1, sizeof *file);
    file->bytes = bytes;
    if (check_header(file, err) && read_sections(file, err) && read_config(file, err))
        return file;
    model_file_close(file);
    return NULL;
}

struct model_file *model_file_open(const char *path, struct error *err)
{
    struct model_file *file = NULL;
    struct error inside = {0};
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0) {
        error_set(err, ERROR_CONFIG, "model.open", "cannot open model file %s: %s; set `model` to the one that came with stanced", path, strerror(errno));
        goto out;
    }
    if (!S_ISREG(status.st_mode) || status.st_size < HEADER_BYTES) {
        error_set(err, ERROR_CONFIG, "model.magic", "%s is not a model file", path);
        goto out;
    }
    size_t size = (size_t)status.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        error_set(err, ERROR_CONFIG, "model.open", "cannot map model file %s: %s", path, strerror(errno));
        goto out;
    }
    file = model_file_read((struct view){.data = bytes, .len = size}, &inside);
    if (file != NULL) {
        file->is_mapped = true;
    } else {
        munmap(bytes, size);
        error_set(err, inside.kind, inside.code, "%s: %s; set `model` to the one that came with stanced", path, inside.text);
    }
out:
    if (fd >= 0)
        close(fd);
    return file;
}

void model_file_close(struct model_file *file)
{
    if (file == NULL)
        return;
    if (file->is_mapped)
        munmap((void *)(uintptr_t)file->bytes.data, file->bytes.len);
    json_decref(file->json);
    free(file->sections);
    free(file);
}

const struct model_config *model_file_config(const struct model_file *file)
{
    return &file->config;
}

struct view model_file_section(const struct model_file *file, const char *name)
{
    const struct section *section = find(file, name);
    return section == NULL ? (struct view){.data = NULL} : section->bytes;
}

static bool is_shape(const struct section *section, uint32_t dtype, uint32_t rows, uint32_t cols)
{
    if (section == NULL || section->dtype != dtype)
        return false;
    if (section->rank == 2)
        return section->dims[0] == rows && section->dims[1] == cols;
    return section->rank == 1 && rows == 1 && section->dims[0] == cols;
}

/* A NaN or an infinity would not crash anything, but silently spoil every vector of the window. */
static bool is_finite(const float *values, size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good &= isfinite(values[i]) != 0;
    return good;
}

bool model_file_tensor(const struct model_file *file, const char *name, uint32_t rows, uint32_t cols,
                       struct tensor *tensor, struct error *err)
{
    const struct section *section = find(file, name);
    struct tensor found = {.rows = rows, .cols = cols};
    const struct section *floats = section;
    if (is_shape(section, DTYPE_I8, rows, cols)) {
        char scale_name[NAME_BYTES + sizeof ".scale"];
        strcat(strcpy(scale_name, section->name), ".scale");
        floats = find(file, scale_name);
        if (!is_shape(floats, DTYPE_F32, 1, rows))
            return error_set(err, ERROR_CONFIG, "model.section", "model has no section %s [%u]", scale_name, rows);
        found.i8 = (const int8_t *)section->bytes.data;
        found.scale = (const float *)(const void *)floats->bytes.data;
        if (memchr(found.i8, -128, section->bytes.len) != NULL)
            return error_set(err, ERROR_CONFIG, "model.section", "section %s holds -128, weights end at -127", name);
    } else if (is_shape(section, DTYPE_F32, rows, cols)) {
        found.f32 = (const float *)(const void *)section->bytes.data;
    } else {
        return error_set(err, ERROR_CONFIG, "model.section", "model has no section %s [%u][%u]", name, rows, cols);
    }
    if (!is_finite((const float *)(const void *)floats->bytes.data, floats->bytes.len / sizeof(float)))
        return error_set(err, ERROR_CONFIG, "model.section", "section %s holds NaN or infinity", name);
    *tensor = found;
    return true;
}

float model_file_number(const struct model_file *file, const char *object, const char *name, float otherwise)
{
    json_t *value = json_object_get(json_object_get(file->json, object), name);
    return json_is_number(value) ? (float)json_number_value(value) : otherwise;
}
