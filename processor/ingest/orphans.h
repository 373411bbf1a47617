/* Partitions of the input that nobody in the group has, although the group is at rest.
 *
 * A member with an `instance` that dies in the middle of a cooperative rebalance and is back before its session has run out
 * is given what the coordinator had noted for it, and no further rebalance follows: what it was to pass on stays with
 * nobody. A rebalance more is all that it takes. */
#pragma once

#include "processor/ingest/client.h"

/* Asks the coordinator, with a client of its own. False also where it does not answer, where the group is not at rest, and
 * where the coordinator itself assigns (KIP-848). While partitions are handed over there are some for a moment: only what is
 * seen twice, with more than a drain between, is an orphan. Takes about
 * `timeout_ms`, and as long again for each input topic. Thread: any. */
bool orphans_exist(const struct settings *settings, const struct client_events *events, int timeout_ms);

/* Joins the group for a moment, as one more member that reads nothing, and leaves it: two rebalances, after which every
 * partition has an owner. Takes `timeout_ms` at most; `is_over`: nobody wants it any more. Thread: any. */
void orphans_place(const struct settings *settings, const struct client_events *events, int timeout_ms, bool (*is_over)(void));
