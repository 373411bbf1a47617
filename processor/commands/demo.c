/* stanced demo: the whole stream on an embedded broker. Sample articles are produced at a readable pace, processed by the
 * pipeline of `run`, read back from the output topics and printed. */
#include "processor/commands/commands.h"
#include "processor/commands/demo_broker.h"
#include "processor/commands/demo_samples.h"
#include "processor/commands/reasons.h"
#include "processor/commands/table.h"
#include "processor/emit/rows.h"
#include "processor/commands/stream.h"
#include "processor/ingest/follower.h"
#include "processor/runtime/clock.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { KEY_ONCE = 1, KEY_PACE, KEY_SAMPLES, WAIT_MS = 50, TICK_MS = 250, SILENT_MS = 120000, PARTITIONS = 3 };

struct arguments {
    struct options options;
    const char *folder;
    int pace_ms;
    bool is_once;
};

/* What was read back. */
struct seen {
    size_t documents, entities, stances; /* in documents */
    size_t entity_rows, stance_rows;     /* on their own topics */
    struct reasons reasons;
};

struct demo {
    const struct arguments *arguments;
    struct session session;
    struct samples samples;
    struct demo_broker *broker;
    struct stream *stream;
    struct follower *follower;
    struct table table;
    struct seen seen;
    size_t put_count;
    int64_t start_ms, put_ms, seen_ms; /* start; when the next article is due; last progress */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    char *end;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->options;
        return 0;
    case KEY_ONCE:
        arguments->is_once = true;
        return 0;
    case KEY_PACE:
        arguments->pace_ms = (int)strtol(argument, &end, 10);
        if (*argument == '\0' || *end != '\0' || arguments->pace_ms < 0)
            argp_error(state, "--pace takes milliseconds, not \"%s\"", argument);
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->folder != NULL)
            argp_error(state, "one folder only");
        arguments->folder = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool make_topics(struct demo *demo, const struct settings *settings, struct error *err)
{
    const char *others[] = {settings->enriched_topic, settings->stances_topic, settings->entities_topic, settings->dead_letter_topic,
                            settings->status_topic};
    bool done = true;
    for (size_t i = 0; i < settings->input.count && done; i++)
        done = demo_broker_create(demo->broker, settings->input.items[i], PARTITIONS, err);
    for (size_t i = 0; i < sizeof others / sizeof *others && done; i++)
        done = *others[i] == '\0' || demo_broker_create(demo->broker, others[i], PARTITIONS, err);
    return done;
}

static bool follow_outputs(struct demo *demo, struct error *err)
{
    const struct settings *settings = demo->session.settings;
    const char *topics[4] = {settings->enriched_topic, settings->dead_letter_topic};
    size_t count = 2;
    if (*settings->stances_topic != '\0')
        topics[count++] = settings->stances_topic;
    if (*settings->entities_topic != '\0')
        topics[count++] = settings->entities_topic;
    const struct client_events events = {.log = stream_log(demo->stream)};
    demo->follower = follower_open(settings, topics, count, FOLLOWER_BEGINNING, &events, err);
    return demo->follower != NULL;
}

static bool start(struct demo *demo, struct options *options, struct error *err)
{
    if (!samples_read(demo->arguments->folder, &demo->samples, err))
        return false;
    demo->broker = demo_broker_start(err);
    if (demo->broker == NULL)
        return false;
    /* Behind what the user gave, so that they win. */
    session_set(options, "brokers", demo_broker_address(demo->broker));
    session_set(options, "delivery", "at_least_once");
    session_set(options, "format_out", "json");
    if (!session_open(&demo->session, options, false, err) || !make_topics(demo, demo->session.settings, err))
        return false;
    demo->stream = stream_start(&demo->session, err);
    return demo->stream != NULL && follow_outputs(demo, err);
}

/* False: it could not be stopped. */
static bool stop(struct demo *demo)
{
    follower_close(demo->follower);
    if (demo->stream != NULL && !stream_stop(demo->stream))
        return false;
    session_close(&demo->session);
    demo_broker_stop(demo->broker);
    samples_free(&demo->samples);
    return true;
}

static void show_document(struct demo *demo, const json_t *document)
{
    struct seen *seen = &demo->seen;
    size_t stances = rows_stance_count(document), entities = rows_entity_count(document);
    seen->documents++;
    seen->stances += stances;
    seen->entities += entities;
    table_print_heading(&demo->table, rows_title(document), rows_text(document, "source"));
    for (size_t i = 0; i < stances; i++) {
        struct row_stance stance;
        if (rows_document_stance(document, i, &stance))
            table_print_stance(&demo->table, &stance);
    }
    if (stances == 0)
        table_print_note(&demo->table, "no stance", view_of(""), false);
}

static void show_dead_letter(struct demo *demo, const struct followed *letter)
{
    struct view code = followed_header(letter, "stanced.code");
    struct view text = followed_header(letter, "__streams.errors.message");
    reasons_add(&demo->seen.reasons, code);
    table_print_heading(&demo->table, letter->key, view_of(demo->session.settings->dead_letter_topic));
    table_print_note(&demo->table, "dead letter", text.len > 0 ? text : code, true);
}

static void show(struct demo *demo, const struct followed *record)
{
    const struct settings *settings = demo->session.settings;
    demo->seen_ms = clock_now_ms();
    if (strcmp(record->topic, settings->dead_letter_topic) == 0) {
        show_dead_letter(demo, record);
    } else if (strcmp(record->topic, settings->enriched_topic) == 0) {
        json_t *document = rows_load(record->value, RECORD_ENRICHED);
        show_document(demo, document);
        json_decref(document);
    } else if (strcmp(record->topic, settings->stances_topic) == 0) {
        demo->seen.stance_rows++;
    } else {
        demo->seen.entity_rows++;
    }
    fflush(demo->table.to);
}

/* The next article, once it is due. */
static bool feed(struct demo *demo, struct error *err)
{
    bool is_last = demo->arguments->is_once && demo->put_count == demo->samples.count;
    if (is_last || clock_now_ms() < demo->put_ms)
        return true;
    const struct sample *sample = &demo->samples.items[demo->put_count % demo->samples.count];
    demo->put_ms = clock_now_ms() + demo->arguments->pace_ms;
    demo->seen_ms = clock_now_ms();
    demo->put_count++;
    return demo_broker_put(demo->broker, demo->session.settings->input.items[0], sample->name, sample->content_type, sample->data,
                           sample->bytes, err);
}

static bool is_complete(const struct demo *demo)
{
    const struct settings *settings = demo->session.settings;
    const struct seen *seen = &demo->seen;
    return demo->arguments->is_once && demo->put_count == demo->samples.count &&
           seen->documents + seen->reasons.total >= demo->put_count &&
           (*settings->stances_topic == '\0' || seen->stance_rows >= seen->stances) &&
           (*settings->entities_topic == '\0' || seen->entity_rows >= seen->entities);
}

/* Until everything was read back, a signal comes or the stream fails. */
static bool play(struct demo *demo, const sigset_t *signals, struct error *err)
{
    const struct timespec now = {0};
    int64_t tick_ms = 0;
    demo->start_ms = demo->seen_ms = clock_now_ms();
    while (!is_complete(demo) && sigtimedwait(signals, NULL, &now) < 0) {
        struct followed record;
        if (!feed(demo, err))
            return false;
        if (follower_next(demo->follower, WAIT_MS, &record, err))
            show(demo, &record);
        if (clock_now_ms() >= tick_ms) {
            tick_ms = clock_now_ms() + TICK_MS;
            if (!stream_tick(demo->stream, err))
                return false;
        }
        if (err->kind != ERROR_NONE)
            return false;
        if (clock_now_ms() - demo->seen_ms > SILENT_MS)
            return error_set(err, ERROR_FATAL, "demo.silent", "no output for %d s", SILENT_MS / 1000);
    }
    return true;
}

static void summarise(const struct demo *demo)
{
    const struct seen *seen = &demo->seen;
    double seconds = (double)(clock_now_ms() - demo->start_ms) / 1000.0;
    size_t read = seen->documents + seen->reasons.total;
    printf("\n%zu articles, %zu entities, %zu stances, %zu dead letters", seen->documents, seen->entities, seen->stances,
           seen->reasons.total);
    reasons_print(&seen->reasons, stdout);
    printf("; %.1f articles/s at one every %d ms, a worker needs %.0f ms for one (median)\n",
           seconds > 0 ? (double)read / seconds : 0.0, demo->arguments->pace_ms,
           metrics_quantile(stream_metrics(demo->stream), METRIC_ARTICLE_SECONDS, 0.5) * 1000.0);
}

int command_demo(int argc, char **argv)
{
    static const struct argp_option list[] = {
        {"once", KEY_ONCE, 0, 0, "every sample once, then end", -1},
        {"pace", KEY_PACE, "MS", 0, "time between two articles [250]", -1},
        {0},
    };
    struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {list, parse, "[FOLDER]",
                              "Runs the whole stream on an embedded broker with sample articles (or those of FOLDER) and prints "
                              "the stances found, until Ctrl-C.\vThe embedded broker cannot do transactions, so the demo delivers at least once.",
                              children, NULL, NULL};
    struct arguments arguments = {.pace_ms = 250};
    struct demo demo = {.arguments = &arguments, .table = table_of(stdout)};
    struct error err = {0};
    sigset_t signals;
    session_set(&arguments.options, "log_level", "error"); /* the user's own come behind and win */
    session_set(&arguments.options, "http_listen", "");
    session_parse(&argp, "demo", argc, argv, &arguments);
    stream_block_signals(&signals);
    bool fine = start(&demo, &arguments.options, &err) && play(&demo, &signals, &err);
    if (fine)
        summarise(&demo);
    int status = fine ? STATUS_DONE : session_complain("demo", &err);
    if (!stop(&demo))
        _exit(STATUS_FATAL);
    return status;
}
