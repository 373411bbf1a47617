/* At-least-once commits of an assignment's positions: one request at a time.
 *
 * The client's own auto commit sends the next request while a refused one is still being repeated, and the repetition
 * then takes the group's offset back. Here the next one waits for the answer, and what was refused is sent again. A request that
 * had no answer (librdkafka repeats it) may still come, on another connection, behind newer ones, and brokers take it, for a commit outside of
 * transactions bears no number: a position that stays for 20 s is sent once more.
 * Thread: poll. */
#pragma once

#include "processor/ingest/assignment.h"
#include "processor/runtime/log.h"

struct commits;

/* `handle`, `assignment` and `log` must outlive it. Never NULL. */
struct commits *commits_new(struct rd_kafka_s *handle, struct assignment *assignment, struct log *log);
void commits_free(struct commits *commits); /* NULL is fine; an answer that is still out is not waited for */

/* Commits the positions that have moved every `interval_ms`; to be called often. */
void commits_step(struct commits *commits, int64_t interval_ms);

/* Sends what has moved now, after waiting for the answer that is out for `timeout_ms` at most. Not waited for itself: it
 * goes to the coordinator on the same connection as, and so before, a request that hands partitions over. */
void commits_finish(struct commits *commits, int64_t timeout_ms);
