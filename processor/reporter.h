/* Sends the status record to the status topic, an interval apart, with a plain producer of its own: it speaks also when
 * the transactional one is stuck. Thread: owner (main). */
#pragma once

#include "processor/ingest/client.h"
#include "processor/ops/status.h"
#include "processor/runtime/settings.h"

struct reporter;

/* All arguments outlive it. NULL with *err ERROR_CONFIG. Without a status topic it does nothing. */
struct reporter *reporter_open(const struct settings *settings, const struct status_source *source,
                               const struct client_events *events, struct error *err);

/* Sends a record if it is time; does not wait for brokers. */
void reporter_tick(struct reporter *reporter);

/* Sends a last record and gives it a second. NULL is fine. */
void reporter_close(struct reporter *reporter);
