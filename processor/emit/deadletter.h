/* The headers of a dead letter: why the record could not be processed and where it came from, under the names that the
 * redrive tools of others know.
 *
 *   streams  __streams.errors.*, Kafka Streams' (KIP-1034); values are strings
 *   connect  __connect.errors.*, Kafka Connect's; values are strings; the consumer group stands for the connector's name,
 *            stage, task.id and class.name are left out, for there are none
 *   spring   kafka_dlt-*, Spring Kafka's; partition, offset and timestamp are big-endian int32 and int64
 *
 * Behind them stand stanced.code, .group, .attempts, .version and .timestamp, strings, with every profile. Key, value,
 * headers and timestamp of the record itself stay as they came: the producer sends them along.
 *
 * The same names read back, for `stanced redrive`: of each name the last header is the dead letter's, for the record may
 * have had headers of that name before. */
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

/* Whether a header has a name that deadletter_headers() gives, in whatever profile: outputs leave it out. */
bool deadletter_is_own(struct view header_name);

/* The header of a record that came back by `stanced redrive`: how often, as a string. A dead letter of it has it too. */
#define DEADLETTER_REDRIVES "stanced.redrives"

/* The header of a stub: how many bytes its value had, which was too large to be kept. */
#define DEADLETTER_LEFT_OUT "stanced.left_out_bytes"

enum { DEADLETTER_UNCOUNTED = INT32_MAX };

/* What the headers of a dead letter say. */
struct deadletter_found {
    struct view topic;    /* where it came from */
    int32_t partition;    /* -1: not said, as with offset */
    int64_t offset;
    struct view code, message; /* empty: not said */
    int64_t given_up_ms;  /* milliseconds since 1970; 0: not said */
    int32_t redrives;     /* how often it went back before; DEADLETTER_UNCOUNTED: the header is no number */
    bool is_cut;          /* its value was left out */
};

/* Reads `headers` [count] of any profile. Views are borrowed from them. False: they do not say where it came from.
 * Thread: any. */
bool deadletter_read(const struct header *headers, size_t count, struct deadletter_found *out);

/* Takes off what made the record a dead letter, in place, and adds DEADLETTER_REDRIVES, raised by one, as the last one;
 * there is room for [count + 1]. The others stay as and where they are. Returns how many there are now.
 *   found   what deadletter_read() said of them; redrives is not DEADLETTER_UNCOUNTED */
size_t deadletter_restore(struct header *headers, size_t count, const struct deadletter_found *found, struct arena *arena);
