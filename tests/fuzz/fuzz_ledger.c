/* Any text with a position is refused, or is a ledger that is written and read back as it was. */
#include "processor/ingest/ledger.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger ledger, again;
    char text[LEDGER_TEXT_BYTES];
    int64_t position = size > 0 ? INT64_MAX >> (data[0] & 0x3F) : 0;
    struct view note = {.data = (const char *)data + (size > 0), .len = size - (size > 0)};
    if (!ledger_read(&ledger, position, note))
        return 0;
    for (size_t i = 0; i < ledger.count; i++)
        if (ledger.ranges[i].from >= ledger.ranges[i].to || ledger.ranges[i].from <= (i > 0 ? ledger.ranges[i - 1].to : ledger.position))
            abort();
    if (!ledger_write(&ledger, text) || !ledger_read(&again, ledger.position, view_of(text)))
        abort();
    if (again.count != ledger.count || (again.count > 0 && memcmp(again.ranges, ledger.ranges, again.count * sizeof *again.ranges) != 0))
        abort();
    ledger_done(&ledger);
    ledger_done(&again);
    return 0;
}
