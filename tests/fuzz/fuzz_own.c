/* Any bytes as a file of own entities are refused with a place and a reason, or read; what was read is found under its names. */
#include "processor/knowledge/own.h"

#include <openssl/sha.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER_BYTES = 64, SUM_OFFSET = 32 };

/* Knowledge of nothing: a header alone. */
static struct knowledge *empty_knowledge(uint64_t header[HEADER_BYTES / 8])
{
    char *bytes = (char *)header;
    memcpy(bytes, "STKNOWN\1\1", 9);
    SHA256((const unsigned char *)bytes, 0, (unsigned char *)bytes + SUM_OFFSET);
    struct error err = {0};
    struct knowledge *knowledge = knowledge_read((struct view){.data = bytes, .len = HEADER_BYTES}, &err);
    if (knowledge == NULL)
        abort();
    return knowledge;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t header[HEADER_BYTES / 8] = {0};
    struct knowledge *knowledge = empty_knowledge(header);
    struct error err = {0};
    struct own *own = own_read((struct view){.data = (const char *)data, .len = size}, "own.csv", knowledge, &err);
    if (own == NULL && (err.kind != ERROR_CONFIG || strncmp(err.text, "own.csv:", 8) != 0))
        abort();
    struct known known;
    if (own != NULL && own_count(own) > 0 && !own_get(own, 0, &known))
        abort();
    own_free(own);
    knowledge_close(knowledge);
    return 0;
}
