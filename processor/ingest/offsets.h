/* What may be committed: every record between its arrival and the commit of its offset, in order.
 *
 * A lane is one partition from its assignment until it is given up. Records of a lane are begun in order of offset,
 * finished by workers in any order, and taken for output in order again: only the finished prefix of a lane leaves it.
 * A record that was settled (its outputs are safe) moves the lane's position, which never goes back and never passes
 * unfinished work (invariant I4).
 *
 * The tracker is also the memory budget: it counts the bytes of all records it holds, inputs and outputs, and of a waiting
 * record what its outputs may take, so that the poll thread can stop fetching in time. Records are linked through `struct
 * tracked` inside the caller's own structure; the tracker allocates nothing per record. One lock protects everything, `struct tracked` included. Knows no Kafka. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct offsets;
struct lane;

enum tracked_state { TRACKED_WAITING, TRACKED_FINISHED, TRACKED_TAKEN };

/* One record; first member of what the caller keeps about it. Written by the tracker only. */
struct tracked {
    struct lane *lane;
    struct tracked *next; /* of the lane, by offset; of a list that offsets_give_up() returns */
    int64_t offset;
    size_t bytes; /* with what is kept for outputs */
    size_t kept;  /* for outputs, until it is finished */
    enum tracked_state state;
};

struct offsets_limits {
    size_t waiting_most; /* records begun and not finished */
    size_t bytes_most;   /* of all records held. Room is left for one as large as the largest so far, but no more than a quarter; only
                            a larger one passes it, and outputs that take more than was kept for them */
    size_t output_times; /* so many times its own bytes are kept for a waiting record's outputs */
};

/* The next offset to read of a partition, as Kafka commits it. */
struct position {
    const char *topic; /* the lane's: copy it where the lane may be given up meanwhile */
    int32_t partition;
    int64_t offset;
    const char *note; /* kept with it, NULL: nothing; its owner says until when it lives */
};

struct offsets_counts {
    size_t lanes, waiting, finished, taken, bytes;
};

struct offsets *offsets_new(const struct offsets_limits *limits);
/* All lanes have been given up and all records came back. NULL is fine. */
void offsets_free(struct offsets *offsets);

/* Opens a lane. Thread: poll. */
struct lane *offsets_assign(struct offsets *offsets, const char *topic, int32_t partition);

/* Adds a record of `bytes`; `offset` is above all before it in this lane. Thread: poll. */
void offsets_begin(struct lane *lane, struct tracked *tracked, int64_t offset, size_t bytes);

/* Waits until a new record fits the limits. False: it does not after `timeout_ms`. Thread: poll. */
bool offsets_wait_room(struct offsets *offsets, int64_t timeout_ms);

/* Whether at most half of the limits is used: fetching that was stopped may start again. Thread: poll. */
bool offsets_has_slack(struct offsets *offsets);

/* Whether this lane alone holds more than half of the memory while there are others (light: at most a quarter): a slow
 * record at its head keeps everything behind it, and must not keep the other lanes from working. Thread: poll. */
bool offsets_is_heavy(struct lane *lane);
bool offsets_is_light(struct lane *lane);

/* The lane's next offset to commit, -1 where nothing was settled yet. Thread: any, before it is given up. */
int64_t offsets_position(struct lane *lane);

/* All records before `offset` have begun: what else is there are no records, but markers of transactions. Once those records
 * are settled, that is the position. Thread: poll. */
void offsets_reach(struct lane *lane, int64_t offset);

/* Waits until the lanes [count] hold no record, and asks the committer to hurry meanwhile. False: they still do after
 * `timeout_ms`. Thread: poll. */
bool offsets_drain(struct offsets *offsets, struct lane *const *lanes, size_t count, int64_t timeout_ms);

/* Ends a lane; it may not be used afterwards. Its finished records are returned as a list, the caller's to free;
 * the others come back where they are: offsets_finish() returns false, offsets_is_gone() true. Thread: poll. */
struct tracked *offsets_give_up(struct lane *lane);

/* A worker is done with the record and adds `bytes` of outputs. False: its lane was given up, and the record is the
 * caller's to free. Thread: any worker, once a record. */
bool offsets_finish(struct tracked *tracked, size_t bytes);

/* Whether the lane of a record, waiting or taken, was given up. Thread: who holds the record. */
bool offsets_is_gone(struct tracked *tracked);

/* The next finished record in order, lanes taking turns, or NULL at `deadline_ms` (clock_now_ms()), after
 * offsets_close(), or at once, where nothing is ready, while somebody drains and `is_open`: the caller has a batch open
 * that the drain waits for. Thread: committer. */
struct tracked *offsets_take(struct offsets *offsets, int64_t deadline_ms, bool is_open);

/* The outputs of a taken record are safe: moves the position past it. Records are settled in the order in which they
 * were taken. The record is the caller's to free. False: its lane was given up meanwhile. Thread: committer. */
bool offsets_settle(struct tracked *tracked);

/* A taken record of a lane that was given up goes back to the caller, who frees it. Thread: committer. */
void offsets_drop(struct tracked *tracked);

/* Topic and partition of a record's lane; the topic lives as long as the record does. Thread: who holds the record. */
struct position offsets_place(const struct tracked *tracked);

/* offsets_take() returns NULL from now on where nothing is ready. Thread: any. */
void offsets_close(struct offsets *offsets);
bool offsets_is_closed(struct offsets *offsets);

struct offsets_counts offsets_count(struct offsets *offsets);
