/* The headers of a dead letter: why the record could not be processed and where it came from, under the names that the
 * redrive tools of others know.
 *
 *   streams  __streams.errors.*, Kafka Streams' (KIP-1034); values are strings
 *   connect  __connect.errors.*, Kafka Connect's; values are strings
 *   spring   kafka_dlt-*, Spring Kafka's; partition, offset and timestamp are big-endian int32 and int64
 *
 * Behind them stand stanced.code, .group, .attempts, .version and .timestamp, strings, with every profile. Key, value,
 * headers and timestamp of the record itself stay as they came: the producer sends them along. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"
#include "processor/runtime/view.h"

#include <stddef.h>
#include <stdint.h>

struct header {
    const char *name; /* NUL-terminated */
    struct view value;
};

/* What happened to one record. */
struct deadletter {
    const struct error *err;
    struct view topic; /* where it came from */
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms; /* of the record */
    struct view group;    /* the consumer group */
    unsigned attempts;    /* how often it was tried, 1 at least */
    int64_t now_ms;       /* when it was given up, milliseconds since 1970 */
};

enum { DEADLETTER_HEADERS_MOST = 16 };

/* Fills `headers`; names are constants, values are in `arena`. The message is at most ERROR_TEXT_BYTES long, so that
 * headers cannot make a record that fitted too large by more than 2 KiB, for a topic of at most 249 bytes and a group as
 * long. Returns how many. Thread: any. */
size_t deadletter_headers(const struct deadletter *letter, enum dead_letter_profile profile, struct arena *arena,
                          struct header headers[DEADLETTER_HEADERS_MOST]);

/* Whether a header was added by deadletter_headers(), of whatever profile: to take it off on the way back. */
bool deadletter_is_own(struct view header_name);
