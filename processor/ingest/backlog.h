/* One topic from where a group stands to where it ends now: the consumer of `stanced redrive`. It takes all partitions
 * itself and is no member of the group, so that nothing is rebalanced and a call that was killed leaves nothing to wait for;
 * two at a time are kept apart by the transactional id, or not at all. Records may be left behind: each partition has
 * a ledger, whose text is committed with its position.
 *
 * Brokers forget the positions of a group without members offsets.retention.minutes after the last commit.
 * Thread: owner. */
#pragma once

#include "processor/ingest/client.h"
#include "processor/ingest/follower.h"
#include "processor/ingest/ledger.h"
#include "processor/ingest/offsets.h"

struct rd_kafka_consumer_group_metadata_s;
struct backlog;

struct backlog_part {
    int32_t partition;
    int64_t end;         /* as it was when the backlog was opened: of what is committed */
    bool had_position;   /* the group had one */
    bool is_known;       /* the caller's: its position may be committed. At first: it had one, or there is nothing to read */
    bool is_read;        /* to its end */
    struct ledger ledger; /* as committed; the caller marks what is done */
    char note[LEDGER_TEXT_BYTES];
};

/* Opens `topic` for the group of `settings`. Aborted transactions are not seen, open ones are behind the end.
 * err: ERROR_CONFIG (no such topic, a note with the position that is not ours), ERROR_RETRY (no answer). */
struct backlog *backlog_open(const struct settings *settings, const char *topic, const struct client_events *events, struct error *err);
void backlog_close(struct backlog *backlog); /* NULL is fine */

/* All partitions, [*count]. */
struct backlog_part *backlog_parts(struct backlog *backlog, size_t *count);

/* The next record before the end, also one that the ledger has; `out->message` is the caller's then, for backlog_let_go().
 * False: all is read (backlog_is_read), none came within timeout_ms, or *err ERROR_FATAL. */
bool backlog_next(struct backlog *backlog, int timeout_ms, struct followed *out, struct backlog_part **part, struct error *err);
bool backlog_is_read(const struct backlog *backlog);
void backlog_let_go(struct followed *followed);

/* Where the ledger of a partition stands, as it is to be committed; the note is the part's, until the next call.
 * False: the ledger is too long for its text. */
bool backlog_position(struct backlog *backlog, struct backlog_part *part, struct position *position);

/* Commits outside of a transaction and waits. err: ERROR_RETRY. */
bool backlog_commit(struct backlog *backlog, const struct position *positions, size_t count, int timeout_ms, struct error *err);

/* The group's state for producer_commit(). Free with consumer_group_free(). */
struct rd_kafka_consumer_group_metadata_s *backlog_group(struct backlog *backlog);
