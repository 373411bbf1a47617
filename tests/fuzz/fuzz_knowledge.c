/* Any bytes, under a right checksum, are refused with a reason or read; what was read can be searched and walked through. */
#include "processor/knowledge/knowledge.h"

#include <openssl/sha.h>
#include <stdlib.h>

enum { HEADER_BYTES = 64, SUM_OFFSET = 32, ENTRIES_MOST = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct knowledge *k)
{
    static const char *const names[] = {"China", "CHINA", "the US", "Beijing's", "", "Zz"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct known_candidate out[4];
        size_t count = knowledge_find(k, view_of(names[i]), out, 4);
        for (size_t c = 0; c < count; c++) {
            struct known known = knowledge_get(k, out[c].entry);
            uint32_t country = knowledge_country(k, out[c].entry);
            if (known_type_name(known.type) == NULL || known_kind_name(known.kind) == NULL || out[c].prior > 1.0f ||
                (country != KNOWN_NONE && country >= knowledge_count(k)))
                abort();
        }
    }
    for (uint32_t i = 0; i < knowledge_count(k) && i < ENTRIES_MOST; i++) {
        struct view name = knowledge_get(k, i).name;
        char *copy = malloc(name.len + 1); /* a copy, so that the sanitizer sees every byte read */
        if (copy != NULL)
            memcpy(copy, name.data, name.len);
        free(copy);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = malloc(size > 0 ? size : 1);
    if (bytes == NULL)
        return 0;
    if (size > 0)
        memcpy(bytes, data, size);
    if (size >= HEADER_BYTES)
        SHA256(bytes + HEADER_BYTES, size - HEADER_BYTES, bytes + SUM_OFFSET);
    struct error err = {0};
    struct knowledge *k = knowledge_read((struct view){.data = (const char *)bytes, .len = size}, &err);
    if (k == NULL && (err.kind != ERROR_CONFIG || err.code[0] == '\0'))
        abort();
    if (k != NULL)
        walk(k);
    knowledge_close(k);
    free(bytes);
    return 0;
}
