/* The partitions a consumer has now, each with its lane: found by topic and partition, paused and resumed.
 *
 * Thread: poll, unless said otherwise. */
#pragma once

#include "processor/ingest/offsets.h"
#include "processor/runtime/view.h"

struct rd_kafka_s;
struct rd_kafka_topic_partition_list_s;

struct assigned {
    char *topic;
    int32_t partition;
    struct lane *lane;
    int64_t sent;   /* position in the last commit of ingest/commits, -1 for none */
    int64_t confirm_ms; /* when that is sent once more, if it is still the last; 0: never */
    int64_t next;   /* offset behind the last record that was let in, or where it begins; -1: not known yet, nothing is let in */
    int64_t begun;  /* where it began, -1: not known yet */
    int64_t topic_id[2], added_ms; /* of ingest/topic_ids: zero until it is known; the moment of assignment_add() */
    bool is_paused;
};

struct assignment;

struct assignment *assignment_new(struct offsets *offsets);
/* All partitions have been closed. NULL is fine. */
void assignment_free(struct assignment *assignment);

/* Opens lanes for those in `list` that have none. */
void assignment_add(struct assignment *assignment, const struct rd_kafka_topic_partition_list_s *list);

/* Says where it begins. */
void assignment_place(struct assignment *assignment, struct assigned *assigned, int64_t offset);

/* Those of which that is not known yet, as a new list, to be destroyed by the caller. */
struct rd_kafka_topic_partition_list_s *assignment_list_unplaced(struct assignment *assignment);

/* NULL: it is not ours. Borrowed until the next change. */
struct assigned *assignment_find(struct assignment *assignment, const char *topic, int32_t partition);

/* All, for a loop: [*count], borrowed until the next change. */
struct assigned *assignment_all(struct assignment *assignment, size_t *count);

/* Waits at most `timeout_ms` until the lanes of `list` are empty. */
bool assignment_drain(struct assignment *assignment, const struct rd_kafka_topic_partition_list_s *list, int64_t timeout_ms);

/* Gives up the lanes of `list`; `forget` frees each finished record that was not taken. */
void assignment_remove(struct assignment *assignment, const struct rd_kafka_topic_partition_list_s *list,
                       void (*forget)(struct tracked *tracked));

/* All of them as a new list, to be destroyed by the caller. */
struct rd_kafka_topic_partition_list_s *assignment_list(struct assignment *assignment);

/* Pauses all partitions where there is no room, else only those whose lane is heavy or whose place is not known; resumes the
 * others once there is slack. The gap between the two keeps it from flapping: every resume fetches anew what was fetched before. Returns how
 * many were paused. */
size_t assignment_balance(struct assignment *assignment, struct rd_kafka_s *handle, bool has_room);

/* Messages behind the position; -1: not known. */
struct lag {
    char topic[250]; /* Kafka's limit is 249 */
    int32_t partition;
    int64_t position, messages;
};

/* One a partition; returns how many there are, fills at most `most`. Thread: any one. */
size_t assignment_lags(struct assignment *assignment, struct rd_kafka_s *handle, struct lag *lags, size_t most);
