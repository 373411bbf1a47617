/* Of no bytes do more partitions come than four bytes for each. */
#include "processor/ingest/owned.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int count = owned_count((struct view){.data = (const char *)data, .len = size}, view_of("in"));
    if (count < 0 || (size_t)count * sizeof(int32_t) > size)
        abort();
    return 0;
}
