/* Where in their logs partitions are read: where they begin, and that a log does not go on as it should: it goes back when its
 * topic was made anew or a leader came without its end, and loses its beginning to retention. Thread: poll. */
#pragma once

#include "processor/ingest/commits.h"
#include "processor/ingest/consumer.h"

struct course;

/* `options`, `handle`, `assignment` and `commits` (NULL where transactions commit) must outlive it. `drain_ms`: the most that
 * is waited for what is in hand of partitions that are given up. NULL: ERROR_RETRY "pool.start". */
struct course *course_new(const struct consumer_options *options, struct rd_kafka_s *handle, struct assignment *assignment,
                          struct commits *commits, int64_t drain_ms, struct error *err);
void course_free(struct course *course); /* NULL is fine */

/* Opens lanes for `list` and writes the offsets into it at which they are to be assigned. */
void course_open(struct course *course, struct rd_kafka_topic_partition_list_s *list);

/* Ends the lanes of `list`: drained within `drain_ms`, as far as the stop lets it, and committed; at once where they are lost.
 * False: some had records in hand, which were given up. */
bool course_close(struct course *course, const struct rd_kafka_topic_partition_list_s *list, int64_t drain_ms, bool is_lost);

/* To be called often. err: ERROR_FATAL: nothing is committed, and the settings do not say where to begin. */
void course_step(struct course *course, struct error *err);

/* How many partitions were found to be made anew (CONSUMER_ANEW). Thread: any. */
size_t course_anew(const struct course *course);

/* For how long there have been partitions of which it is not known where they begin; 0: there are none. Thread: any. */
int64_t course_waits_ms(const struct course *course);

/* The partition of a record or of a log's end that has come: its `next` is at most this offset. NULL: nothing is to be read of
 * it now. */
struct assigned *course_follow(struct course *course, const struct rd_kafka_message_s *message);
