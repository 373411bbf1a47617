#include "processor/commands/redriver.h"

#include "processor/commands/redriver_letters.h"
#include "processor/emit/topics.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdlib.h>
#include <time.h>

enum { WAIT_MS = 200, STALL_MS = 30000, ANSWER_MS = 30000, WHY_BYTES = 512, DAY_MS = 24 * 3600 * 1000 };

/* Where the reading of a partition is. */
struct progress {
    int64_t next;      /* the offset behind the last record that was looked at */
    bool is_last_done; /* that record; so far none: all before */
};

struct redriver {
    const struct redriver_options *options;
    struct letters letters;
    struct client client;
    struct rd_kafka_s *topics_handle;
    struct topic *topics; /* [topic_count] that were asked for */
    size_t topic_count;
    struct progress *progress; /* [parts] */
};

static struct progress *progress_of(const struct redriver *redriver, const struct backlog_part *part)
{
    size_t count;
    return &redriver->progress[part - backlog_parts(redriver->letters.backlog, &count)];
}

/* The headers, with room for one more; names and values are the message's. */
static void read_headers(struct letter *letter, struct arena *arena)
{
    rd_kafka_headers_t *headers = NULL;
    const char *name;
    const void *value;
    size_t size;
    rd_kafka_message_headers(letter->record.message, &headers);
    letter->headers = arena_take_zeroed(arena, (headers != NULL ? rd_kafka_header_cnt(headers) : 0) + 1, sizeof *letter->headers);
    for (size_t i = 0; headers != NULL && rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; i++)
        letter->headers[letter->header_count++] = (struct header){name, {value, size}};
}

/* Whether the topic is there; asked once for each. False with *err: no answer. */
static bool look_for_topic(struct redriver *redriver, const char *name, bool *is_found, struct error *err)
{
    size_t i = 0;
    while (i < redriver->topic_count && strcmp(redriver->topics[i].name, name) != 0)
        i++;
    if (i == redriver->topic_count) {
        struct topic topic = {.name = name};
        if (!topics_look(redriver->topics_handle, &(struct topics){.items = &topic, .count = 1}, ANSWER_MS, err))
            return false;
        topic.name = memory_copy(name);
        redriver->topics = memory_resize(redriver->topics, ++redriver->topic_count, sizeof *redriver->topics);
        redriver->topics[i] = topic;
    }
    *is_found = redriver->topics[i].is_found;
    return true;
}

static bool is_wanted(const struct redriver_filter *filter, const struct letter *letter)
{
    const struct deadletter_found *found = &letter->found;
    int64_t given_up_ms = found->given_up_ms > 0 ? found->given_up_ms : letter->record.timestamp_ms;
    return (filter->code == NULL || view_equal(found->code, view_of(filter->code))) &&
           (filter->topic == NULL || view_equal(found->topic, view_of(filter->topic))) &&
           (filter->key == NULL || (letter->record.key.data != NULL && view_equal(letter->record.key, view_of(filter->key)))) &&
           (filter->since_ms == 0 || given_up_ms >= filter->since_ms) && (filter->until_ms == 0 || given_up_ms < filter->until_ms);
}

/* Why the letter cannot be sent back, in `why`, or "". False with *err. */
static bool find_obstacle(struct redriver *redriver, const struct letter *letter, bool is_letter, char why[WHY_BYTES], struct error *err)
{
    const struct deadletter_found *found = &letter->found;
    const struct redriver_options *options = redriver->options;
    bool is_found = true;
    why[0] = '\0';
    if (!is_letter) {
        snprintf(why, WHY_BYTES, "its headers do not say where it came from");
        return true;
    }
    const char *topic = arena_copy(redriver->letters.arena, found->topic).data;
    if (found->is_cut)
        snprintf(why, WHY_BYTES, "its value is not here: it was too large for a dead letter");
    else if (found->redrives == DEADLETTER_UNCOUNTED)
        snprintf(why, WHY_BYTES, "its header " DEADLETTER_REDRIVES " is no number");
    else if (found->redrives >= options->redrives_most)
        snprintf(why, WHY_BYTES, "it was sent back %d times already (--redrives-most)", (int)found->redrives);
    else if (strcmp(topic, options->settings->dead_letter_topic) == 0 || strncmp(topic, "__", 2) == 0)
        snprintf(why, WHY_BYTES, "nothing is sent back into %.249s", topic);
    else if (!look_for_topic(redriver, topic, &is_found, err))
        return false;
    else if (!is_found)
        snprintf(why, WHY_BYTES, "there is no topic %.249s", topic);
    return true;
}

/* Brokers forget positions, and then nobody knows what was sent back before: such letters must not be sent unasked. */
static bool check_past(struct redriver *redriver, const struct letter *letter, struct error *err)
{
    const struct redriver_options *options = redriver->options;
    int64_t given_up_ms = letter->found.given_up_ms > 0 ? letter->found.given_up_ms : letter->record.timestamp_ms;
    int64_t kept_ms = clock_wall_ms() - (int64_t)REDRIVER_POSITION_DAYS * DAY_MS;
    bool is_skipped = options->is_skipping && options->filter.since_ms >= kept_ms;
    if (!letter->part->is_known && !options->has_no_past && !is_skipped && given_up_ms < kept_ms)
        return error_set(err, ERROR_CONFIG, "redrive.past",
                         "group %s has no position, and there are dead letters from before the last %d days, which an earlier call may "
                         "have sent back: give --from-beginning if none did, or --since=%dh --skip to leave them out",
                         options->settings->group, REDRIVER_POSITION_DAYS, (REDRIVER_POSITION_DAYS - 1) * 24);
    letter->part->is_known = true;
    return true;
}

static bool has_room(const struct redriver *redriver, const struct letter *letter)
{
    return redriver->options->is_dry || ledger_fits(&letter->part->ledger, letter->from, letter->record.offset + 1);
}

/* Whether the letter is done with, or will be once the batch is sent. `*letter` owns its record until it is added. */
static bool decide(struct redriver *redriver, struct letter *letter, bool *is_done, struct error *err)
{
    char why[WHY_BYTES];
    bool is_letter = deadletter_read(letter->headers, letter->header_count, &letter->found);
    *is_done = false;
    if (!check_past(redriver, letter, err))
        return false;
    if (!is_wanted(&redriver->options->filter, letter)) {
        letters_tell(&redriver->letters, REDRIVER_LEFT, letter, NULL);
        *is_done = redriver->options->is_skipping && has_room(redriver, letter);
        if (*is_done)
            letter_mark(letter);
        return true;
    }
    if (!find_obstacle(redriver, letter, is_letter, why, err))
        return false;
    if (why[0] == '\0' && !has_room(redriver, letter))
        snprintf(why, sizeof why, "too many were sent out of order: send, or leave out by --skip, what stands before it");
    if (why[0] != '\0') {
        letters_tell(&redriver->letters, REDRIVER_STAYS, letter, why);
        return true;
    }
    *is_done = true;
    letters_add(&redriver->letters, letter);
    letter->record.message = NULL;
    return true;
}

/* Takes the record. */
static bool consider(struct redriver *redriver, struct followed *record, struct backlog_part *part, struct error *err)
{
    struct progress *progress = progress_of(redriver, part);
    struct letter letter = {.record = *record, .part = part, .from = progress->is_last_done ? progress->next : record->offset};
    bool is_done = ledger_has(&part->ledger, record->offset), done = true;
    int64_t next = record->offset + 1;
    if (is_done) {
        letter_mark(&letter);
    } else {
        done = letters_make_room(&redriver->letters, part, err);
        if (done) {
            read_headers(&letter, redriver->letters.arena);
            done = decide(redriver, &letter, &is_done, err);
        }
    }
    backlog_let_go(&letter.record);
    progress->next = next;
    progress->is_last_done = is_done;
    return done;
}

/* Behind the last record there may be ends of transactions. */
static void finish_parts(struct redriver *redriver)
{
    size_t count;
    struct backlog_part *parts = backlog_parts(redriver->letters.backlog, &count);
    for (size_t i = 0; i < count; i++) {
        const struct progress *progress = &redriver->progress[i];
        if (parts[i].is_read && progress->is_last_done)
            ledger_mark(&parts[i].ledger, progress->next, parts[i].end);
    }
}

static bool is_limit_reached(const struct redriver *redriver)
{
    return redriver->options->limit > 0 && redriver->letters.counts->sent + (int64_t)redriver->letters.count >= redriver->options->limit;
}

/* Until the end, the limit, a signal or a failure. */
static bool read_on(struct redriver *redriver, struct error *err)
{
    const struct timespec now = {0};
    int64_t last_ms = clock_now_ms();
    while (!is_limit_reached(redriver) && !backlog_is_read(redriver->letters.backlog)) {
        struct followed record;
        struct backlog_part *part;
        if (sigtimedwait(redriver->options->signals, NULL, &now) > 0)
            return error_set(err, ERROR_RETRY, "redrive.stopped", "stopped by a signal; the next call goes on");
        if (backlog_next(redriver->letters.backlog, WAIT_MS, &record, &part, err)) {
            last_ms = clock_now_ms();
            if (!consider(redriver, &record, part, err))
                return false;
        } else if (err->kind != ERROR_NONE) {
            return false;
        } else if (clock_now_ms() - last_ms > STALL_MS) {
            return error_set(err, ERROR_RETRY, "redrive.stall", "no dead letter came for %d s: no broker answers", STALL_MS / 1000);
        }
    }
    return true;
}

/* Brokers that are away are said before a producer waits for them. The producer comes before the positions: it ends the
 * transaction that a killed call left, without which they are not to be had. */
static bool open_all(struct redriver *redriver, struct error *err)
{
    const struct redriver_options *options = redriver->options;
    size_t count;
    bool is_found;
    redriver->client = (struct client){.events = options->events, .name = "topics"};
    redriver->topics_handle = topics_open(options->settings, &redriver->client, err);
    if (redriver->topics_handle == NULL || !look_for_topic(redriver, options->settings->dead_letter_topic, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_CONFIG, "redrive.topic", "there is no topic %s: is `dead_letter_topic` right? Where users have rights, DESCRIBE on it may be missing",
                         options->settings->dead_letter_topic);
    if (!letters_open(&redriver->letters, err))
        return false;
    redriver->letters.backlog = backlog_open(options->settings, options->settings->dead_letter_topic, &options->events, err);
    if (redriver->letters.backlog == NULL)
        return false;
    const struct backlog_part *parts = backlog_parts(redriver->letters.backlog, &count);
    redriver->progress = memory_new(count, sizeof *redriver->progress);
    for (size_t i = 0; i < count; i++)
        redriver->progress[i] = (struct progress){parts[i].ledger.position, true};
    return true;
}

static void close_all(struct redriver *redriver)
{
    letters_close(&redriver->letters);
    backlog_close(redriver->letters.backlog);
    topics_close(redriver->topics_handle);
    for (size_t i = 0; i < redriver->topic_count; i++)
        free((char *)(uintptr_t)redriver->topics[i].name);
    free(redriver->topics);
    free(redriver->progress);
}

bool redriver_run(const struct redriver_options *options, struct redriver_counts *counts, struct error *err)
{
    struct redriver redriver = {.options = options, .letters = {.options = options, .counts = counts}};
    *counts = (struct redriver_counts){0};
    bool done = open_all(&redriver, err) && read_on(&redriver, err);
    if (done) {
        finish_parts(&redriver);
        /* Also where nothing is to be sent: brokers keep a position from its last commit on. */
        done = letters_publish(&redriver.letters, err);
    }
    close_all(&redriver);
    return done;
}
