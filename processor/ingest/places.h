/* Where partitions are begun: behind what the group has committed, else where `kafka.auto.offset.reset` says.
 *
 * librdkafka would ask by itself, but it takes a partition whose offset is kept back by an open transaction for one of which
 * nothing was ever committed when its assignment changes before there is an answer, and reads it from the beginning (seen in
 * 2.15.1, rd_kafka_assignment_apply_offsets()). So it is asked here, and librdkafka is given offsets only. A thread of its own asks
 * for what is committed, by rd_kafka_committed(), and nothing waits for an answer longer than it is told to; not
 * rd_kafka_ListConsumerGroupOffsets(): where its answer comes late, an assertion of librdkafka ends the process (2.15.1,
 * issue 4605; seen in chaos). Thread: owner. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"

#include <stdbool.h>

struct rd_kafka_s;
struct rd_kafka_topic_partition_list_s;
struct places;

/* `handle` and `settings` must outlive it. NULL: ERROR_RETRY "pool.start", no thread is left. */
struct places *places_new(struct rd_kafka_s *handle, const struct settings *settings, struct error *err);
void places_free(struct places *places); /* NULL is fine; an answer that is still out is waited for one second at most */

/* Asks for where those of `list` begin; what was asked before and has no answer is forgotten. */
void places_ask(struct places *places, const struct rd_kafka_topic_partition_list_s *list);

/* The same, but whatever is committed: where their logs begin. */
void places_ask_beginning(struct places *places, const struct rd_kafka_topic_partition_list_s *list);

/* Whether an answer is still out. */
bool places_is_asking(const struct places *places);

/* Answers that are out are of no use any more: who has which partition has changed, and with it what is committed. */
void places_forget(struct places *places);

/* Partitions with offsets of 0 and more, as a new list, the caller's to destroy; or NULL where no answer comes within
 * `timeout_ms`, none of it is of use, or it only leads to another question. One whose offset is kept back by an open
 * transaction is left out: ask again.
 *   err  ERROR_RETRY: the brokers refused
 *        ERROR_FATAL: nothing is committed of one, and kafka.auto.offset.reset is `error` */
struct rd_kafka_topic_partition_list_s *places_take(struct places *places, int timeout_ms, struct error *err);
