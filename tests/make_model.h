/* Model files made in memory, with random weights: for tests, fuzz seeds and measurements.
 *
 * Sections are added one by one, or all at once by model_of_shape(); model_finish() gives the bytes. */
#pragma once

#include "processor/model/file.h"
#include "processor/runtime/memory.h"

#include <assert.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAKER_SECTIONS = 2048, MAKER_NAME = 64, MAKER_ENTRY = 128, MAKER_HEADER = 64 };

struct made_section {
    char name[MAKER_NAME];
    uint32_t dtype, rank;
    uint64_t dims[3];
    void *data;
    size_t bytes;
};

struct model_maker {
    struct made_section sections[MAKER_SECTIONS];
    uint32_t count;
    uint64_t random;
};

struct model_shape {
    uint32_t layers, width, heads, hidden, positions, window, inner;
    uint32_t reach; /* of relative positions, 0: none */
    bool is_i8, has_transitions;
    const char *vocab; /* pieces joined by newlines */
};

/* [UNK], [CLS], [SEP] and some pieces; 16 in all. */
#define SMALL_VOCAB "[PAD]\n[UNK]\n[CLS]\n[SEP]\nun\n##aff\n##able\nthe\nu\n.\ns\n##s\n##a\nl\n##l\n\xC3\x9F"

static inline struct model_maker *maker_new(uint64_t seed)
{
    struct model_maker *maker = memory_new(1, sizeof *maker);
    maker->random = seed * 2 + 1;
    return maker;
}

/* Uniform in -1..1 (a multiplicative congruential generator; quality does not matter). */
static inline float maker_random(struct model_maker *maker)
{
    maker->random *= 6364136223846793005U;
    return (float)(int32_t)(maker->random >> 32) * 0x1p-31F;
}

static inline void *maker_add(struct model_maker *maker, const char *name, uint32_t dtype, uint32_t rank, uint64_t rows,
                              uint64_t cols, size_t bytes)
{
    assert(maker->count < MAKER_SECTIONS);
    struct made_section *section = &maker->sections[maker->count++];
    snprintf(section->name, sizeof section->name, "%s", name);
    section->dtype = dtype;
    section->rank = rank;
    section->dims[0] = rank == 2 ? rows : rows * cols;
    section->dims[1] = rank == 2 ? cols : 1;
    section->dims[2] = 1;
    section->data = memory_new(bytes, 1);
    section->bytes = bytes;
    return section->data;
}

static inline void maker_add_bytes(struct model_maker *maker, const char *name, const char *text)
{
    memcpy(maker_add(maker, name, 0, 1, 1, strlen(text), strlen(text)), text, strlen(text));
}

/* Random f32, `mean` plus at most `spread`; a vector where rows is 1. */
static inline void maker_add_f32(struct model_maker *maker, const char *name, uint32_t rows, uint32_t cols, float mean, float spread)
{
    size_t count = (size_t)rows * cols;
    float *values = maker_add(maker, name, 1, rows == 1 ? 1 : 2, rows, cols, count * sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = mean + spread * maker_random(maker);
}

static inline void maker_add_matrix(struct model_maker *maker, const char *name, uint32_t rows, uint32_t cols, bool is_i8, float gain)
{
    float spread = gain * sqrtf(3.0F / (float)cols);
    if (!is_i8) {
        maker_add_f32(maker, name, rows, cols, 0, spread);
        return;
    }
    char scale[MAKER_NAME];
    int8_t *values = maker_add(maker, name, 2, 2, rows, cols, (size_t)rows * cols);
    for (size_t i = 0; i < (size_t)rows * cols; i++)
        values[i] = (int8_t)lrintf(127.0F * maker_random(maker));
    snprintf(scale, sizeof scale, "%.57s.scale", name);
    maker_add_f32(maker, scale, 1, rows, spread / 127.0F, spread / 500.0F);
}

static inline void maker_add_norm(struct model_maker *maker, const char *prefix, uint32_t width)
{
    char name[MAKER_NAME];
    snprintf(name, sizeof name, "%.50s.weight", prefix);
    maker_add_f32(maker, name, 1, width, 1.0F, 0.2F);
    snprintf(name, sizeof name, "%.50s.bias", prefix);
    maker_add_f32(maker, name, 1, width, 0, 0.2F);
}

static inline void maker_add_layer(struct model_maker *maker, const struct model_shape *shape, uint32_t index)
{
    char name[MAKER_NAME];
    const struct {
        const char *name;
        uint32_t rows, cols;
    } parts[] = {{"qkv", 3 * shape->width, shape->width},
                 {"out", shape->width, shape->width},
                 {"up", shape->hidden, shape->width},
                 {"down", shape->width, shape->hidden}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(name, sizeof name, "layer.%u.%s.weight", index, parts[i].name);
        maker_add_matrix(maker, name, parts[i].rows, parts[i].cols, shape->is_i8, 1.0F);
        snprintf(name, sizeof name, "layer.%u.%s.bias", index, parts[i].name);
        maker_add_f32(maker, name, 1, parts[i].rows, 0, 0.1F);
    }
    snprintf(name, sizeof name, "layer.%u.norm1", index);
    maker_add_norm(maker, name, shape->width);
    snprintf(name, sizeof name, "layer.%u.norm2", index);
    maker_add_norm(maker, name, shape->width);
}

static inline void maker_add_encoder(struct model_maker *maker, const struct model_shape *shape)
{
    uint32_t vocab = 1;
    for (const char *at = shape->vocab; *at != '\0'; at++)
        vocab += *at == '\n' && at[1] != '\0';
    char config[512];
    snprintf(config, sizeof config,
             "{\"name\": \"made\", \"layers\": %u, \"width\": %u, \"heads\": %u, \"hidden\": %u, \"positions\": %u, "
             "\"vocab\": %u, \"case_shapes\": 6, \"window\": %u, \"norm_epsilon\": 1e-12, \"thresholds\": {\"stance\": 0.25}",
             shape->layers, shape->width, shape->heads, shape->hidden, shape->positions, vocab, shape->window);
    size_t end = strlen(config);
    if (shape->reach > 0)
        end += (size_t)snprintf(config + end, sizeof config - end, ", \"reach\": %u", shape->reach);
    snprintf(config + end, sizeof config - end, "}");
    maker_add_bytes(maker, "config", config);
    maker_add_bytes(maker, "vocab", shape->vocab);
    maker_add_matrix(maker, "embed.words", vocab, shape->width, shape->is_i8, 1.0F);
    maker_add_f32(maker, "embed.positions", shape->positions, shape->width, 0, 0.1F);
    maker_add_f32(maker, "embed.cases", 6, shape->width, 0, 0.1F);
    if (shape->reach > 0)
        maker_add_f32(maker, "embed.relative", shape->heads, 2 * shape->reach + 1, 0, 1.0F);
    maker_add_norm(maker, "embed.norm", shape->width);
    for (uint32_t i = 0; i < shape->layers; i++)
        maker_add_layer(maker, shape, i);
}

static inline void maker_add_pair(struct model_maker *maker, const struct model_shape *shape, const char *head, uint32_t classes)
{
    static const char *const matrices[] = {"query_a",  "query_b",        "key",           "value", "hidden_a",
                                           "hidden_b", "hidden_product", "hidden_context"};
    static const char *const biases[] = {"query_bias", "key_bias", "value_bias", "hidden_bias"};
    char name[MAKER_NAME];
    for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++) {
        bool is_context = strcmp(matrices[i], "hidden_context") == 0;
        snprintf(name, sizeof name, "%s.%s", head, matrices[i]);
        maker_add_matrix(maker, name, shape->inner, is_context ? shape->inner : shape->width, shape->is_i8, 2.0F);
    }
    for (size_t i = 0; i < sizeof biases / sizeof *biases; i++) {
        snprintf(name, sizeof name, "%s.%s", head, biases[i]);
        maker_add_f32(maker, name, 1, shape->inner, 0, 0.1F);
    }
    snprintf(name, sizeof name, "%s.out", head);
    maker_add_f32(maker, name, classes, shape->inner, 0, 0.3F);
    snprintf(name, sizeof name, "%s.out_bias", head);
    maker_add_f32(maker, name, 1, classes, 0, 0.1F);
    snprintf(name, sizeof name, "%s.author", head);
    maker_add_f32(maker, name, 1, shape->width, 0, 1.0F);
}

static inline void maker_add_heads(struct model_maker *maker, const struct model_shape *shape)
{
    static const char *const links[] = {"link.first", "link.last", "link.cue"};
    maker_add_f32(maker, "names.weight", 19, shape->width, 0, 0.5F);
    maker_add_f32(maker, "names.bias", 1, 19, 0, 0.5F);
    maker_add_f32(maker, "roles.weight", 9, shape->width, 0, 0.5F);
    maker_add_f32(maker, "roles.bias", 1, 9, 0, 0.5F);
    maker_add_f32(maker, "issues.weight", 3, shape->width, 0, 0.5F);
    maker_add_f32(maker, "issues.bias", 1, 3, 0, 0.5F);
    if (shape->has_transitions) {
        maker_add_f32(maker, "names.transitions", 19, 19, 0, 1.0F);
        maker_add_f32(maker, "names.start", 1, 19, 0, 1.0F);
        maker_add_f32(maker, "roles.transitions", 9, 3, 0, 1.0F);
        maker_add_f32(maker, "roles.start", 3, 3, 0, 1.0F);
        maker_add_f32(maker, "issues.transitions", 3, 3, 0, 1.0F);
        maker_add_f32(maker, "issues.start", 1, 3, 0, 1.0F);
    }
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        maker_add_matrix(maker, links[i], 128, shape->width, shape->is_i8, 1.0F);
    maker_add_f32(maker, "link.bias", 1, 128, 0, 0.1F);
    maker_add_f32(maker, "link.distance", 32, 128, 0, 1.0F);
    maker_add_f32(maker, "link.out", 2, 128, 0, 0.3F);
    maker_add_f32(maker, "link.out.bias", 1, 2, 0, 0.1F);
    maker_add_pair(maker, shape, "stance", 5);
    maker_add_pair(maker, shape, "portrayal", 3);
}

/* Header and checksum over bytes[0, len) whose table and sections stand. */
static inline void model_seal(char *bytes, size_t len, uint32_t sections)
{
    uint32_t version = 1;
    uint64_t total = len, zero = 0;
    memcpy(bytes, "STANCED\1", 8);
    memcpy(bytes + 8, &version, 4);
    memcpy(bytes + 12, &sections, 4);
    memcpy(bytes + 16, &total, 8);
    memcpy(bytes + 24, &zero, 8);
    EVP_Digest(bytes + MAKER_HEADER, len - MAKER_HEADER, (unsigned char *)bytes + 32, NULL, EVP_sha256(), NULL);
}

/* The file's bytes at a multiple of 64; free() .data. Frees the maker. */
static inline struct view maker_finish(struct model_maker *maker)
{
    size_t at = MAKER_HEADER + (size_t)maker->count * MAKER_ENTRY, len = (at + 63) / 64 * 64;
    for (uint32_t i = 0; i < maker->count; i++)
        len += (maker->sections[i].bytes + 63) / 64 * 64;
    char *bytes = aligned_alloc(64, len);
    assert(bytes != NULL);
    memset(bytes, 0, len);
    at = (at + 63) / 64 * 64;
    for (uint32_t i = 0; i < maker->count; i++) {
        const struct made_section *section = &maker->sections[i];
        char *entry = bytes + MAKER_HEADER + (size_t)i * MAKER_ENTRY;
        uint64_t offset = at, size = section->bytes;
        memcpy(entry, section->name, MAKER_NAME);
        memcpy(entry + 64, &section->dtype, 4);
        memcpy(entry + 68, &section->rank, 4);
        memcpy(entry + 72, section->dims, 24);
        memcpy(entry + 96, &offset, 8);
        memcpy(entry + 104, &size, 8);
        memcpy(bytes + at, section->data, section->bytes);
        at += (section->bytes + 63) / 64 * 64;
        free(section->data);
    }
    model_seal(bytes, len, maker->count);
    free(maker);
    return (struct view){.data = bytes, .len = len};
}

/* A whole model of that shape. */
static inline struct view model_of_shape(const struct model_shape *shape, uint64_t seed)
{
    struct model_maker *maker = maker_new(seed);
    maker_add_encoder(maker, shape);
    maker_add_heads(maker, shape);
    return maker_finish(maker);
}

static inline void model_bytes_free(struct view bytes)
{
    free((void *)(uintptr_t)bytes.data);
}
