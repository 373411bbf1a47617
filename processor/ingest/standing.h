/* What librdkafka's statistics say of a member's standing in its group: nothing else of its says it. Pure. Thread: any. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Whether the member has no place in the group and is not about to get one: its coordinator is not found, or has not been asked to
 * let it join. One that waits for others to join, or for its partitions, is inside. `json` [len]: the statistics as
 * rd_kafka_conf_set_stats_cb() gives them; what cannot be read, or has no group in it, is inside. */
bool standing_is_outside(const char *json, size_t len);
