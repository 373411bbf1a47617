#include "processor/committer.h"

#include "processor/emit/producer.h"
#include "processor/landed.h"
#include "processor/outputs.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"
#include "processor/task.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { IDLE_MS = 500, STEP_MS = 20, BACKOFF_MS = 100, BACKOFF_MOST_MS = 5000, ASK_MS = 2000, ARENA_BYTES = 16 * 1024 };

struct batch {
    struct task **tasks; /* [count], in the order in which they were taken */
    size_t count, capacity, bytes;
    int64_t begun_ms;
    enum producer_result state; /* of what was sent so far */
    bool is_careful;            /* one record at a time, to see which one is refused */
};

struct committer {
    struct committer_options options;
    struct producer *producer; /* NULL until it could be opened */
    struct batch batch;
    struct landed *landed; /* exactly once: the last batch that counted */
    struct arena *arena;
    struct error trouble;  /* of the attempt in hand */
    atomic_bool is_troubled;
    pthread_mutex_t lock;
    struct error failure; /* protected by lock: why it cannot go on */
};

struct committer *committer_new(const struct committer_options *options)
{
    struct committer *committer = memory_new(1, sizeof *committer);
    committer->options = *options;
    committer->arena = arena_new(ARENA_BYTES);
    committer->landed = landed_new();
    pthread_mutex_init(&committer->lock, NULL);
    return committer;
}

void committer_free(struct committer *committer)
{
    if (committer == NULL)
        return;
    pthread_mutex_destroy(&committer->lock);
    arena_free(committer->arena);
    landed_free(committer->landed);
    free(committer->batch.tasks);
    free(committer);
}

bool committer_has_failed(struct committer *committer, struct error *err)
{
    pthread_mutex_lock(&committer->lock);
    bool failed = committer->failure.kind != ERROR_NONE;
    if (failed)
        *err = committer->failure;
    pthread_mutex_unlock(&committer->lock);
    return failed;
}

bool committer_is_troubled(const struct committer *committer)
{
    return atomic_load(&committer->is_troubled);
}

static bool is_exactly_once(const struct committer *committer)
{
    return committer->options.settings->delivery == DELIVERY_EXACTLY_ONCE;
}

static bool is_time_to_stop(const struct committer *committer)
{
    return clock_now_ms() >= atomic_load(committer->options.stop_ms);
}

static void sleep_ms(int64_t duration_ms)
{
    nanosleep(&(struct timespec){.tv_sec = duration_ms / 1000, .tv_nsec = duration_ms % 1000 * 1000000}, NULL);
}

/* Longer with each attempt; ends early when it is time to stop. */
static void back_off(const struct committer *committer, unsigned attempt)
{
    int64_t wait_ms = attempt < 6 ? (int64_t)BACKOFF_MS << attempt : BACKOFF_MOST_MS;
    int64_t until_ms = clock_now_ms() + wait_ms;
    while (clock_left_ms(until_ms) > 0 && !is_time_to_stop(committer))
        sleep_ms(STEP_MS);
}

static void note(struct committer *committer, const char *event, const char *kind)
{
    char quoted[ERROR_TEXT_BYTES];
    log_repeated(committer->options.events.log, LOG_LEVEL_WARN, event, "kind=%s text=%s", kind,
                 log_quote(committer->trouble.text, quoted, sizeof quoted));
    metrics_add(committer->options.metrics, METRIC_COMMIT_FAILURES, kind, 1);
    committer->trouble = (struct error){0};
    atomic_store(&committer->is_troubled, true);
}

/* Changed by the commit thread alone; others look at it under the lock. Returns the one before. */
static struct producer *swap_producer(struct committer *committer, struct producer *producer)
{
    pthread_mutex_lock(&committer->lock);
    struct producer *before = committer->producer;
    committer->producer = producer;
    pthread_mutex_unlock(&committer->lock);
    return before;
}

void committer_wake(struct committer *committer)
{
    pthread_mutex_lock(&committer->lock);
    if (committer->producer != NULL)
        producer_wake(committer->producer);
    pthread_mutex_unlock(&committer->lock);
}

/* False: it is time to stop, or settings and rights do not allow it. */
static bool open_producer(struct committer *committer)
{
    producer_close(swap_producer(committer, NULL));
    enum producer_mode mode = is_exactly_once(committer) ? PRODUCER_EXACTLY_ONCE : PRODUCER_AT_LEAST_ONCE;
    for (unsigned attempt = 0; !is_time_to_stop(committer); attempt++) {
        struct error err = {0};
        swap_producer(committer, producer_open(committer->options.settings, mode, &committer->options.events, committer->options.stop_ms, &err));
        if (committer->producer != NULL)
            return true;
        if (err.kind == ERROR_CONFIG) {
            pthread_mutex_lock(&committer->lock);
            committer->failure = err;
            pthread_mutex_unlock(&committer->lock);
            return false;
        }
        committer->trouble = err;
        note(committer, "commit.open", "open");
        back_off(committer, attempt);
    }
    return false;
}

static void reset_batch(struct batch *batch)
{
    batch->count = 0;
    batch->bytes = 0;
    batch->state = PRODUCER_DONE;
    batch->is_careful = false;
}

static void count_done(struct committer *committer, const struct task *task)
{
    static const char *const kinds[] = {[RECORD_ENRICHED] = "enriched", [RECORD_STANCE] = "stance", [RECORD_ENTITY] = "entity"};
    struct metrics *metrics = committer->options.metrics;
    metrics_add(metrics, METRIC_DONE, NULL, 1);
    if (task->incoming.timestamp_ms > 0)
        metrics_observe(metrics, METRIC_LATENCY_SECONDS, (double)(clock_wall_ms() - task->incoming.timestamp_ms) / 1000.0);
    if (task->shape == TASK_RECORDS) {
        size_t counts[3] = {0};
        for (size_t i = 0; i < task->outcome->records.count; i++)
            counts[task->outcome->records.items[i].topic]++;
        for (size_t i = 0; i < 3; i++)
            if (counts[i] > 0)
                metrics_add(metrics, METRIC_RECORDS, kinds[i], (int64_t)counts[i]);
        return;
    }
    const struct error *err = outputs_error(task);
    char quoted[ERROR_TEXT_BYTES];
    metrics_add(metrics, METRIC_DEAD_LETTERS, err->code, 1);
    log_repeated(committer->options.events.log, LOG_LEVEL_WARN, "article.dead_letter", "topic=%s partition=%d offset=%lld code=%s text=%s",
                 task->incoming.topic, task->incoming.partition, (long long)task->incoming.offset, err->code,
                 log_quote(err->text, quoted, sizeof quoted));
}

static void add_span(struct committer *committer, const struct task *task)
{
    const struct incoming *incoming = &task->incoming;
    if (committer->options.spans == NULL || !task->trace.is_sampled)
        return;
    struct traced span = {
        .trace = task->trace,
        .begun_ms = task->begun_ms,
        .read_ms = task->read_ms,
        .made_ms = task->made_ms,
        .done_ms = clock_wall_ms(),
        .partition = incoming->partition,
        .offset = incoming->offset,
        .bytes = incoming->value.len,
        .entity_count = task->outcome->entity_count,
        .stance_count = task->outcome->stance_count,
        .is_repeated = task->outcome->is_repeated,
    };
    snprintf(span.topic, sizeof span.topic, "%s", incoming->topic);
    if (task->shape != TASK_RECORDS) {
        const struct error *err = outputs_error(task);
        snprintf(span.code, sizeof span.code, "%s", err->code);
        snprintf(span.text, sizeof span.text, "%s", err->text);
    }
    spans_add(committer->options.spans, &span);
}

/* The highest position of each lane in the batch; to be freed. */
static struct position *find_positions(const struct batch *batch, size_t *count)
{
    struct position *positions = memory_new(batch->count + 1, sizeof *positions);
    *count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct position place = offsets_place(&batch->tasks[i]->incoming.tracked);
        size_t at = 0;
        /* One lane has one topic string, which is why comparing pointers will do. */
        while (at < *count && (positions[at].topic != place.topic || positions[at].partition != place.partition))
            at++;
        positions[at] = place;
        *count += at == *count;
    }
    return positions;
}

static void settle_batch(struct committer *committer)
{
    struct batch *batch = &committer->batch;
    if (is_exactly_once(committer)) {
        size_t count;
        struct position *positions = find_positions(batch, &count);
        landed_keep(committer->landed, positions, count, consumer_anew(committer->options.consumer));
        free(positions);
    }
    for (size_t i = 0; i < batch->count; i++) {
        struct task *task = batch->tasks[i];
        count_done(committer, task);
        add_span(committer, task);
        if (committer->options.live != NULL && task->shape == TASK_RECORDS)
            live_add(committer->options.live, &task->outcome->records, clock_wall_ms());
        offsets_settle(&task->incoming.tracked);
        task_free(task);
    }
    reset_batch(batch);
    metrics_add(committer->options.metrics, METRIC_COMMITS, NULL, 1);
    atomic_store(&committer->is_troubled, false);
}

/* Lets go of the records whose partition was given up: its next owner reads them again. */
static void drop_gone(struct committer *committer)
{
    struct batch *batch = &committer->batch;
    size_t kept = 0;
    batch->bytes = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct task *task = batch->tasks[i];
        if (offsets_is_gone(&task->incoming.tracked)) {
            offsets_drop(&task->incoming.tracked);
            task_free(task);
            continue;
        }
        batch->tasks[kept++] = task;
        batch->bytes += task->outcome->bytes;
    }
    batch->count = kept;
}

static bool has_gone(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (offsets_is_gone(&batch->tasks[i]->incoming.tracked))
            return true;
    return false;
}

static bool is_in_doubt(struct committer *committer)
{
    if (is_exactly_once(committer) && producer_was_cut(committer->producer))
        landed_doubt(committer->landed);
    return landed_is_in_doubt(committer->landed);
}

/* Whether the last batch that counted still does (processor/landed). */
static enum landed_state look_back(struct committer *committer)
{
    if (!is_in_doubt(committer))
        return LANDED_STANDS;
    client_at(&committer->options.events, "landed");
    return landed_look(committer->landed, committer->options.consumer, ASK_MS, &committer->trouble);
}

/* What is sent reaches the brokers only when the transaction before is over, so that nothing of that is still to come. */
static enum producer_result check_landed(struct committer *committer)
{
    if (!is_in_doubt(committer))
        return PRODUCER_DONE;
    enum producer_result result = producer_flush(committer->producer, &committer->trouble);
    if (result != PRODUCER_DONE)
        return result;
    if (look_back(committer) == LANDED_STANDS)
        return PRODUCER_DONE;
    error_set(&committer->trouble, ERROR_RETRY, "commit.landed", "the transaction before is not committed, or not to be seen yet");
    return PRODUCER_AGAIN;
}

/* The group's state is fetched before the look at the lanes: a partition that is given up after the look can have no new
 * owner in that generation, and in a later one the coordinator refuses these offsets. A member that was put out and is back is of a later one too, but is
 * not told that it has lost anything (ingest/consumer). Not after the time to stop, when the
 * poll thread leaves the group: a question that a client gets while it closes is dropped, and waited for for ever (2.15.1). */
static enum producer_result commit_batch(struct committer *committer)
{
    struct batch *batch = &committer->batch;
    struct rd_kafka_consumer_group_metadata_s *group = NULL;
    enum producer_result result = PRODUCER_AGAIN;
    if (is_exactly_once(committer)) {
        if (is_time_to_stop(committer)) {
            error_set(&committer->trouble, ERROR_RETRY, "commit.stopped", "not committed when the time to stop came");
            return PRODUCER_STOPPED;
        }
        client_at(&committer->options.events, "group");
        group = consumer_group(committer->options.consumer);
        if (group == NULL || has_gone(batch)) {
            error_set(&committer->trouble, ERROR_RETRY, "commit.gone", "partitions were given up before their records were committed");
            goto out;
        }
        if (!consumer_is_member(committer->options.consumer, group)) {
            error_set(&committer->trouble, ERROR_RETRY, "commit.expelled", "the group had put out the member that read these records");
            goto out;
        }
        result = check_landed(committer);
        if (result != PRODUCER_DONE)
            goto out;
    }
    size_t count;
    struct position *positions = find_positions(batch, &count);
    int64_t start_ms = clock_now_ms();
    result = producer_commit(committer->producer, positions, count, group, &committer->trouble);
    if (result == PRODUCER_DONE)
        metrics_observe(committer->options.metrics, METRIC_COMMIT_SECONDS, (double)(clock_now_ms() - start_ms) / 1000.0);
    free(positions);
out:
    consumer_group_free(group);
    return result;
}

/* Asks until there is an answer whether the unknown transaction was carried out. False: it is time to stop. */
static bool find_out(struct committer *committer, bool *is_committed)
{
    size_t count;
    struct position *positions = find_positions(&committer->batch, &count);
    int64_t *offsets = memory_new(count, sizeof *offsets);
    bool answered = false;
    for (unsigned attempt = 0; !answered && !is_time_to_stop(committer); attempt++) {
        client_at(&committer->options.events, "ask");
        answered = consumer_committed(committer->options.consumer, positions, count, ASK_MS, offsets, &committer->trouble);
        if (!answered) {
            note(committer, "commit.ask", "unknown");
            back_off(committer, attempt);
        }
    }
    *is_committed = answered;
    for (size_t i = 0; i < count && *is_committed; i++)
        *is_committed = offsets[i] >= positions[i].offset;
    free(offsets);
    free(positions);
    return answered;
}

/* New clients begin at what the group has, once the remains are ended (commands/stream). */
static void undo(struct committer *committer)
{
    error_set(&committer->trouble, ERROR_RETRY, "commit.undone", "the group's positions are behind what was committed");
    note(committer, "commit.undone", "undone");
    consumer_undo(committer->options.consumer);
}

/* Asks until there is an answer whether the batch before still counts. False: it does not, or it is time to stop. */
static bool find_landed(struct committer *committer)
{
    enum landed_state state = LANDED_UNKNOWN;
    for (unsigned attempt = 0; state == LANDED_UNKNOWN && !is_time_to_stop(committer); attempt++) {
        state = look_back(committer);
        if (state == LANDED_UNKNOWN) {
            note(committer, "commit.ask", "landed");
            back_off(committer, attempt);
        }
    }
    if (state == LANDED_UNDONE)
        undo(committer);
    return state == LANDED_STANDS;
}

/* Refused records get another shape, once it is known which they are. */
static void shrink_refused(struct batch *batch)
{
    bool was_careful = batch->is_careful;
    for (size_t i = 0; i < batch->count; i++) {
        struct task *task = batch->tasks[i];
        if (!task->ticket.is_rejected)
            continue;
        task->ticket.is_rejected = false;
        batch->is_careful = true;
        if (was_careful)
            outputs_shrink(task);
    }
}

/* Waits for the poll thread to give up what is in hand, and lets go of it. */
static void abandon(struct committer *committer)
{
    struct batch *batch = &committer->batch;
    if (committer->producer != NULL && is_exactly_once(committer))
        producer_abort(committer->producer, &(struct error){0});
    client_at(&committer->options.events, "abandon");
    for (drop_gone(committer); batch->count > 0; drop_gone(committer))
        sleep_ms(STEP_MS);
    reset_batch(batch);
}

/* Brings producer and batch back into a state in which the batch can be sent again. False: nothing is left to send. */
static bool recover(struct committer *committer, enum producer_result result, unsigned attempt)
{
    static const char *const kinds[] = {[PRODUCER_AGAIN] = "aborted", [PRODUCER_REPLACE] = "unknown", [PRODUCER_STOPPED] = "stopped"};
    note(committer, "commit.failed", kinds[result]);
    if (result == PRODUCER_AGAIN)
        result = producer_abort(committer->producer, &committer->trouble);
    if (result == PRODUCER_REPLACE) {
        bool is_committed = false;
        if (!open_producer(committer))
            result = PRODUCER_STOPPED;
        else if (is_exactly_once(committer) && !find_out(committer, &is_committed))
            result = PRODUCER_STOPPED;
        landed_doubt(committer->landed);
        if (is_committed) {
            settle_batch(committer);
            return false;
        }
    }
    if (result == PRODUCER_STOPPED || !find_landed(committer)) {
        abandon(committer);
        return false;
    }
    shrink_refused(&committer->batch);
    drop_gone(committer);
    if (attempt > 0)
        back_off(committer, attempt - 1);
    return committer->batch.count > 0;
}

static enum producer_result send_task(struct committer *committer, struct task *task)
{
    enum producer_result result =
        outputs_send(task, committer->producer, committer->options.settings, committer->arena, &committer->trouble);
    if (result == PRODUCER_DONE && committer->batch.is_careful)
        result = producer_flush(committer->producer, &committer->trouble);
    return result;
}

static enum producer_result send_batch(struct committer *committer)
{
    struct batch *batch = &committer->batch;
    enum producer_result result = producer_begin(committer->producer, &committer->trouble);
    for (size_t i = 0; i < batch->count && result == PRODUCER_DONE; i++)
        result = send_task(committer, batch->tasks[i]);
    return result;
}

/* Commits the batch, whatever it takes; afterwards it is empty. */
static void publish(struct committer *committer)
{
    struct batch *batch = &committer->batch;
    enum producer_result result = batch->state;
    for (unsigned attempt = 0;; attempt++) {
        if (result == PRODUCER_DONE)
            result = commit_batch(committer);
        if (result == PRODUCER_DONE)
            break;
        if (!recover(committer, result, attempt))
            break;
        result = send_batch(committer);
    }
    if (batch->count > 0)
        settle_batch(committer);
    reset_batch(batch);
    if (committer->producer != NULL && producer_is_doubtful(committer->producer))
        open_producer(committer);
}

static void add(struct committer *committer, struct task *task)
{
    struct batch *batch = &committer->batch;
    if (batch->count == batch->capacity) {
        batch->capacity = batch->capacity * 2 + 64;
        batch->tasks = memory_resize(batch->tasks, batch->capacity, sizeof *batch->tasks);
    }
    batch->tasks[batch->count++] = task;
    batch->bytes += task->outcome->bytes;
    if (batch->count == 1) {
        batch->begun_ms = clock_now_ms();
        batch->state = producer_begin(committer->producer, &committer->trouble);
    }
    if (batch->state == PRODUCER_DONE)
        batch->state = send_task(committer, task);
}

static bool is_due(const struct committer *committer)
{
    const struct batch *batch = &committer->batch;
    const struct settings *settings = committer->options.settings;
    return batch->state != PRODUCER_DONE || batch->count >= (size_t)settings->commit_records ||
           batch->bytes >= (size_t)settings->commit_bytes ||
           clock_now_ms() - batch->begun_ms >= settings->commit_interval_ms;
}

void committer_run(void *state)
{
    struct committer *committer = state;
    struct batch *batch = &committer->batch;
    const int64_t interval_ms = committer->options.settings->commit_interval_ms;
    bool is_open = open_producer(committer);
    while (is_open) {
        int64_t deadline_ms = batch->count > 0 ? batch->begun_ms + interval_ms : clock_now_ms() + IDLE_MS;
        client_at(&committer->options.events, "take");
        struct tracked *tracked = offsets_take(committer->options.offsets, deadline_ms, batch->count > 0);
        if (tracked != NULL)
            add(committer, task_of(tracked));
        if (batch->count > 0 && (tracked == NULL || is_due(committer)))
            publish(committer);
        else if (tracked == NULL && look_back(committer) == LANDED_UNDONE)
            undo(committer);
        if (tracked == NULL && offsets_is_closed(committer->options.offsets))
            break;
        is_open = committer->producer != NULL;
    }
    producer_close(swap_producer(committer, NULL));
}
