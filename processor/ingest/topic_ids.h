/* Which topic it is that has a name: one that was deleted and made anew has another id (KIP-516). Where its new log is already
 * longer than what was read of the old one, nothing else tells them apart. Asked every five seconds, without waiting. Thread:
 * owner. */
#pragma once

#include "processor/ingest/assignment.h"

struct topic_ids;

/* `handle` must outlive it. */
struct topic_ids *topic_ids_new(struct rd_kafka_s *handle);
void topic_ids_free(struct topic_ids *ids); /* NULL is fine; an answer that is still out is not waited for */

/* Asks for the topics of `assignment` when it is time; to be called often. Where an answer has come, partitions that were there
 * when it was asked for get their id, and those of which the id is another than before are returned as a new list, the
 * caller's to destroy: until assignment_add() makes lanes of them anew, they are returned again. Else NULL. */
struct rd_kafka_topic_partition_list_s *topic_ids_step(struct topic_ids *ids, struct assignment *assignment);
