/* Transactions that nobody ends any more, for which Kafka's term is "hanging" (KIP-664).
 *
 * Kafka 4.3 leaves out the markers of a transaction, be it committed or aborted, for partitions without a leader, and calls it done
 * (why: processor/landed.h): seen where the only broker got a SIGKILL, above all if it was away for longer than `transaction.timeout.ms`.
 * Readers of committed records stop before it, what the group has committed can be read by nobody, and what it wrote would be committed
 * with the next transaction of that producer. A transaction of the same transactional id that is aborted there ends it, as aborted. The
 * outputs first: once the positions can be read the stream goes on, and with its next commit what is still open would be seen.
 * Thread: owner. Asks the brokers. */
#pragma once

#include "processor/ingest/assignment.h"
#include "processor/ingest/client.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"

struct hanging;

/* Where transactions are open, if one of them keeps back what the group has committed of the partitions `lags` [count, at least 1]; what
 * is still so after hanging_wait_ms() hangs. NULL: none does, the brokers do not answer, or `is_over`. Takes 20 s at most, six of them where no broker answers. */
struct hanging *hanging_look(const struct settings *settings, const struct client_events *events, const struct lag *lags, size_t count,
                             bool (*is_over)(void));
void hanging_free(struct hanging *hanging); /* NULL is fine */

/* For how long a transaction may be open without hanging: its own limit, and time for the coordinator to notice. */
int64_t hanging_wait_ms(const struct settings *settings);

/* Ends what was open then and is still, as far as it is of the settings' transactional id, whose producer must have been closed. Whether
 * that was all shows in that the positions can be read: look again. *outputs: partitions of outputs that it was done in.
 * Takes a minute at most. False: err is ERROR_RETRY (brokers) or ERROR_CONFIG (rights). */
bool hanging_end(const struct hanging *hanging, const struct settings *settings, const struct client_events *events, size_t *outputs,
                 struct error *err);

/* Ends whatever is open of that transactional id, at once: what a transaction left whose markers were never written (processor/landed).
 * Otherwise as hanging_end(). Takes `timeout_ms`, and the time of two questions to the brokers, at most. */
bool hanging_end_undone(const struct settings *settings, const struct client_events *events, int64_t timeout_ms, size_t *outputs,
                        struct error *err);
