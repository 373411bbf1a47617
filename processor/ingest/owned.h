/* What a member of a consumer group has, as the brokers keep it: the bytes of ConsumerProtocolAssignment (Kafka's schema of
 * that name: version, topics with their partitions, and what the assignor added). Pure. */
#pragma once

#include "processor/runtime/view.h"

/* How many partitions of `topic` stand in `assignment`; 0 also where it cannot be read. Thread: any. */
int owned_count(struct view assignment, struct view topic);
