/* The dead letters of `stanced redrive` that go back together, and what is told of them. Thread: main. */
#pragma once

#include "processor/commands/redriver.h"
#include "processor/emit/producer.h"
#include "processor/ingest/backlog.h"
#include "processor/runtime/arena.h"

/* A dead letter in hand. */
struct letter {
    struct followed record;
    struct backlog_part *part;
    int64_t from; /* with its offset, offsets from here on are done: none of them is a record */
    struct deadletter_found found;
    struct header *headers; /* [header_count] */
    size_t header_count;
    struct ticket ticket;
};

struct letters {
    const struct redriver_options *options;
    struct redriver_counts *counts;
    struct backlog *backlog;
    struct producer *producer; /* NULL in a dry run */
    _Atomic int64_t stop_ms;   /* of the producer: moved on before each batch */
    struct letter *items;      /* [count] of [capacity] */
    size_t count, capacity, bytes;
    struct arena *arena; /* of the batch: reset when it is empty */
};

/* Opens the producer, which ends the transaction that a killed call left; nothing in a dry run. `options` and `counts` are
 * set, `backlog` comes afterwards. Close with letters_close(), also on failure. */
bool letters_open(struct letters *letters, struct error *err);
void letters_close(struct letters *letters);

/* Counts and tells of one. */
void letters_tell(const struct letters *letters, enum redriver_verdict verdict, const struct letter *letter, const char *why);

/* Its record is done with, as are the offsets before it that are none. */
void letter_mark(const struct letter *letter);

/* Takes the letter over, with its headers as they are to be sent. */
void letters_add(struct letters *letters, const struct letter *letter);

/* Sends the batch and commits the positions; only commits where it is empty. Afterwards it is empty. In a dry run it only
 * tells. False with *err: as redriver_run(). */
bool letters_publish(struct letters *letters, struct error *err);

/* Before a letter of `part` is read into the arena: sends the batch where memory or the ledger can take no more. */
bool letters_make_room(struct letters *letters, const struct backlog_part *part, struct error *err);
