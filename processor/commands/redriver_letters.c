#include "processor/commands/redriver_letters.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <stdlib.h>

enum { ANSWER_MS = 30000, ARENA_BYTES = 64 * 1024 };

static bool is_exactly_once(const struct letters *letters)
{
    return letters->options->settings->delivery == DELIVERY_EXACTLY_ONCE;
}

void letters_tell(const struct letters *letters, enum redriver_verdict verdict, const struct letter *letter, const char *why)
{
    const struct redriver_options *options = letters->options;
    int64_t *const counts[] = {&letters->counts->sent, &letters->counts->stayed, &letters->counts->left};
    ++*counts[verdict];
    if (verdict != REDRIVER_LEFT)
        options->tell(options->context, verdict, &letter->record, &letter->found, why);
}

void letter_mark(const struct letter *letter)
{
    ledger_mark(&letter->part->ledger, letter->from, letter->record.offset + 1);
}

void letters_add(struct letters *letters, const struct letter *letter)
{
    if (letters->count == letters->capacity) {
        letters->capacity = letters->capacity * 2 + 64;
        letters->items = memory_resize(letters->items, letters->capacity, sizeof *letters->items);
    }
    struct letter *added = &letters->items[letters->count++];
    *added = *letter;
    added->header_count = deadletter_restore(added->headers, added->header_count, &added->found, letters->arena);
    letters->bytes += added->record.key.len + added->record.value.len;
}

static void empty_batch(struct letters *letters)
{
    for (size_t i = 0; i < letters->count; i++)
        backlog_let_go(&letters->items[i].record);
    letters->count = letters->bytes = 0;
    arena_reset(letters->arena);
}

/* Where all partitions stand of which that is known; to be freed. NULL with *err. */
static struct position *find_positions(struct letters *letters, size_t *count, struct error *err)
{
    size_t part_count;
    struct backlog_part *parts = backlog_parts(letters->backlog, &part_count);
    struct position *positions = memory_new(part_count + 1, sizeof *positions);
    *count = 0;
    for (size_t i = 0; i < part_count; i++) {
        if (!parts[i].is_known)
            continue;
        if (backlog_position(letters->backlog, &parts[i], &positions[*count])) {
            ++*count;
            continue;
        }
        error_set(err, ERROR_FATAL, "redrive.ledger", "too many records were sent out of order to remember which");
        free(positions);
        return NULL;
    }
    return positions;
}

/* Ends what was sent with the positions, whose ledgers have been marked. */
static enum producer_result commit(struct letters *letters, struct error *err)
{
    size_t count;
    struct position *positions = find_positions(letters, &count, err);
    if (positions == NULL)
        return PRODUCER_AGAIN;
    enum producer_result result = PRODUCER_DONE;
    if (is_exactly_once(letters)) {
        struct rd_kafka_consumer_group_metadata_s *group = backlog_group(letters->backlog);
        result = producer_commit(letters->producer, positions, count, group, err);
        consumer_group_free(group);
    } else if (count > 0 && !backlog_commit(letters->backlog, positions, count, ANSWER_MS, err)) {
        result = PRODUCER_REPLACE;
    }
    free(positions);
    return result;
}

static enum producer_result send(struct letters *letters, struct letter *letter, struct error *err)
{
    const struct outgoing outgoing = {
        .topic = arena_copy(letters->arena, letter->found.topic).data,
        .key = letter->record.key,
        .value = letter->record.value,
        .timestamp_ms = letter->record.timestamp_ms,
        .headers = letter->headers,
        .header_count = letter->header_count,
    };
    letter->ticket = (struct ticket){0};
    return producer_send(letters->producer, &outgoing, &letter->ticket, err);
}

static void mark_delivered(const struct letter *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].ticket.is_delivered)
            letter_mark(&items[i]);
}

/* Whatever is sent counts with the commit. */
static enum producer_result attempt_whole(struct letters *letters, struct letter *items, size_t count, struct error *err)
{
    enum producer_result result = producer_begin(letters->producer, err);
    for (size_t i = 0; i < count && result == PRODUCER_DONE; i++)
        result = send(letters, &items[i], err);
    if (result == PRODUCER_DONE)
        result = producer_flush(letters->producer, err);
    if (result == PRODUCER_DONE) {
        mark_delivered(items, count);
        result = commit(letters, err);
    }
    if (result == PRODUCER_AGAIN)
        producer_abort(letters->producer, err);
    for (size_t i = 0; i < count && result != PRODUCER_DONE; i++)
        items[i].ticket.is_delivered = false;
    return result;
}

/* Each that is acknowledged counts. */
static enum producer_result attempt_each(struct letters *letters, struct letter *items, size_t count, struct error *err)
{
    enum producer_result result = producer_begin(letters->producer, err);
    for (size_t i = 0; i < count && result == PRODUCER_DONE; i++)
        result = send(letters, &items[i], err);
    enum producer_result flushed = producer_flush(letters->producer, err);
    mark_delivered(items, count);
    enum producer_result committed = commit(letters, err);
    return committed != PRODUCER_DONE ? committed : flushed != PRODUCER_DONE ? flushed : result;
}

/* Sends and commits letters [count] of the batch; which of them count now, the tickets say. */
static enum producer_result attempt(struct letters *letters, struct letter *items, size_t count, struct error *err)
{
    atomic_store(&letters->stop_ms, clock_now_ms() + ANSWER_MS);
    return is_exactly_once(letters) ? attempt_whole(letters, items, count, err) : attempt_each(letters, items, count, err);
}

/* Tells of what counts now; whether some are refused. */
static bool settle(const struct letters *letters, const struct letter *items, size_t count)
{
    bool is_refused = false;
    for (size_t i = 0; i < count; i++) {
        if (items[i].ticket.is_delivered)
            letters_tell(letters, REDRIVER_SENT, &items[i], NULL);
        is_refused = is_refused || items[i].ticket.is_rejected;
    }
    return is_refused;
}

static bool fail(const struct error *trouble, struct error *err)
{
    if (trouble->kind == ERROR_NONE)
        return error_set(err, ERROR_RETRY, "redrive.stopped", "the brokers took too long; the next call goes on");
    return error_set(err, trouble->kind, trouble->code, "%s", trouble->text);
}

static bool open_producer(struct letters *letters, struct error *err)
{
    const struct redriver_options *options = letters->options;
    enum producer_mode mode = is_exactly_once(letters) ? PRODUCER_EXACTLY_ONCE : PRODUCER_AT_LEAST_ONCE;
    producer_close(letters->producer);
    atomic_store(&letters->stop_ms, clock_now_ms() + ANSWER_MS);
    letters->producer = producer_open(options->settings, mode, &options->events, &letters->stop_ms, err);
    return letters->producer != NULL;
}

/* After a refused transaction a producer may throw away what it is given next, for librdkafka purges its queues once more
 * behind our back; so there is a new one. */
static bool renew_producer(struct letters *letters, struct error *err)
{
    return !is_exactly_once(letters) || open_producer(letters, err);
}

/* The producer for the next transaction. */
static bool refresh_producer(struct letters *letters, struct error *err)
{
    return !producer_is_doubtful(letters->producer) || open_producer(letters, err);
}

/* A broker refuses whole requests, so that the culprit is found only by sending each record for itself. */
static bool publish_singly(struct letters *letters, struct error *err)
{
    bool is_usable = renew_producer(letters, err);
    for (size_t i = 0; i < letters->count && is_usable; i++) {
        struct letter *letter = &letters->items[i];
        struct error trouble = {0};
        if (letter->ticket.is_delivered)
            continue;
        enum producer_result result = attempt(letters, letter, 1, &trouble);
        bool is_refused = settle(letters, letter, 1);
        if (result == PRODUCER_AGAIN && is_refused) {
            letters_tell(letters, REDRIVER_STAYS, letter, "the brokers refuse it as too large or invalid");
            is_usable = renew_producer(letters, err);
        } else if (result != PRODUCER_DONE) {
            return fail(&trouble, err);
        } else {
            is_usable = refresh_producer(letters, err);
        }
    }
    return is_usable;
}

static bool publish(struct letters *letters, struct error *err)
{
    struct error trouble = {0};
    enum producer_result result = attempt(letters, letters->items, letters->count, &trouble);
    bool is_refused = settle(letters, letters->items, letters->count);
    if (result == PRODUCER_AGAIN && is_refused) {
        if (!publish_singly(letters, err))
            return false;
    } else if (result != PRODUCER_DONE) {
        return fail(&trouble, err);
    }
    return refresh_producer(letters, err);
}

bool letters_open(struct letters *letters, struct error *err)
{
    letters->arena = arena_new(ARENA_BYTES);
    return letters->options->is_dry || open_producer(letters, err);
}

void letters_close(struct letters *letters)
{
    if (letters->arena == NULL) /* never opened */
        return;
    empty_batch(letters);
    producer_close(letters->producer);
    free(letters->items);
    arena_free(letters->arena);
}

bool letters_publish(struct letters *letters, struct error *err)
{
    bool done = true;
    if (!letters->options->is_dry)
        done = publish(letters, err);
    for (size_t i = 0; i < letters->count && letters->options->is_dry; i++)
        letters_tell(letters, REDRIVER_SENT, &letters->items[i], NULL);
    empty_batch(letters);
    return done;
}

static bool is_full(const struct letters *letters, const struct backlog_part *part)
{
    const struct settings *settings = letters->options->settings;
    return letters->count > 0 &&
           (letters->count >= (size_t)settings->commit_records || letters->bytes >= (size_t)settings->commit_bytes ||
            arena_bytes(letters->arena) >= (size_t)settings->commit_bytes || letters->count >= ledger_room(&part->ledger));
}

bool letters_make_room(struct letters *letters, const struct backlog_part *part, struct error *err)
{
    if (letters->count == 0)
        arena_reset(letters->arena); /* of letters that were left */
    return !is_full(letters, part) || letters_publish(letters, err);
}
