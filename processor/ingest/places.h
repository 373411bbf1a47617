/* Where partitions are begun: behind what the group has committed, else where `kafka.auto.offset.reset` says.
 *
 * librdkafka would ask by itself, but it takes a partition whose offset is kept back by an open transaction for one of which
 * nothing was ever committed when its assignment changes before there is an answer, and reads it from the beginning (seen in
 * 2.15.1, rd_kafka_assignment_apply_offsets()). So it is asked here, and librdkafka is given offsets only. Thread: any. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"

#include <stdint.h>

struct rd_kafka_s;
struct rd_kafka_topic_partition_list_s;

enum place_policy { PLACE_FIRST, PLACE_LAST, PLACE_NONE };

/* Of a partition of which nothing is committed. PLACE_NONE: that is an error. */
enum place_policy places_policy(const struct settings *settings);

/* Writes offsets of 0 and more into `list`, and RD_KAFKA_OFFSET_INVALID where it is not known yet. False: of none of them.
 *   err  ERROR_RETRY: no answer within `timeout_ms`. A partition of an open transaction keeps back the answer for all
 *        ERROR_FATAL: nothing is committed of one, and PLACE_NONE */
bool places_find(struct rd_kafka_s *handle, enum place_policy policy, struct rd_kafka_topic_partition_list_s *list, int timeout_ms,
                 struct error *err);

/* The same for those of `list` whose offset is below 0: where their log begins (PLACE_FIRST) or ends. */
void places_find_ends(struct rd_kafka_s *handle, enum place_policy policy, struct rd_kafka_topic_partition_list_s *list, int timeout_ms);
