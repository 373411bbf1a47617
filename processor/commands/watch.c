/* stanced watch: follows the output topics without joining a group. On a terminal a live view; else, or with --plain, one
 * line a stance or dead letter; with --json the rows themselves; with --web a page for browsers. */
#include "processor/commands/commands.h"
#include "processor/commands/moment.h"
#include "processor/emit/rows.h"
#include "processor/commands/stream.h"
#include "processor/commands/watch_view.h"
#include "processor/commands/watch_web.h"
#include "processor/emit/decode.h"
#include "processor/ingest/follower.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/settings_value.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { KEY_ACTOR = 1, KEY_TARGET, KEY_POLARITY, KEY_CONFIDENCE, KEY_SINCE, KEY_JSON, KEY_PLAIN, KEY_COUNT, KEY_WEB };
enum { WAIT_MS = 100, ARENA_BYTES = 16 * 1024, TOPICS_MOST = 3 };

static const char web_listen[] = "127.0.0.1:9465"; /* beside that of a processor on the same machine */

struct filter {
    const char *actor, *target, *polarity; /* NULL: any */
    double least_confidence;
};

struct arguments {
    struct options options;
    struct filter filter;
    int64_t since_ms;
    long count; /* stances until the end; 0: none */
    const char *web; /* where to serve the page; NULL: not */
    bool is_json, is_plain;
};

struct watch {
    const struct arguments *arguments;
    const struct settings *settings;
    struct table table;
    struct watch_view *view; /* NULL: lines, or the page */
    struct watch_web *web;   /* NULL: no page */
    struct arena *arena;     /* of the record in hand */
    int64_t begun_ms;        /* milliseconds since 1970 */
    long shown;
};

static void parse_filter(struct filter *filter, int key, char *argument, struct argp_state *state)
{
    char *end = NULL;
    if (key == KEY_ACTOR)
        filter->actor = argument;
    else if (key == KEY_TARGET)
        filter->target = argument;
    else if (key == KEY_POLARITY)
        filter->polarity = argument;
    else
        filter->least_confidence = strtod(argument, &end);
    if (key == KEY_CONFIDENCE && (*argument == '\0' || *end != '\0' || !(filter->least_confidence >= 0 && filter->least_confidence <= 1)))
        argp_error(state, "--min-confidence takes a number from 0 to 1, not \"%s\"", argument);
    if (key == KEY_POLARITY && settings_choice_find("for|against|mixed", argument) < 0)
        argp_error(state, "--polarity is for, against or mixed, not \"%s\"", argument);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    char *end;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->options;
        return 0;
    case KEY_ACTOR:
    case KEY_TARGET:
    case KEY_POLARITY:
    case KEY_CONFIDENCE:
        parse_filter(&arguments->filter, key, argument, state);
        return 0;
    case KEY_SINCE:
        if (strcmp(argument, "beginning") == 0)
            arguments->since_ms = FOLLOWER_BEGINNING;
        else if (!moment_read(argument, &arguments->since_ms))
            argp_error(state, "--since takes a time back (90s, 10m, 2h), a date or \"beginning\", not \"%s\"", argument);
        return 0;
    case KEY_JSON:
        arguments->is_json = true;
        return 0;
    case KEY_WEB:
        arguments->web = argument != NULL ? argument : web_listen;
        return 0;
    case KEY_PLAIN:
        arguments->is_plain = true;
        return 0;
    case KEY_COUNT:
        arguments->count = strtol(argument, &end, 10);
        if (*argument == '\0' || *end != '\0' || arguments->count < 1)
            argp_error(state, "--count takes a number, not \"%s\"", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Whether `part` is in `text`, without regard to the case of ASCII letters. */
static bool has(struct view text, const char *part)
{
    size_t len = strlen(part);
    for (size_t at = 0; at + len <= text.len; at++)
        if (strncasecmp(text.data + at, part, len) == 0)
            return true;
    return false;
}

/* "T:ban" asks for watched topics alone, "ban" for actors too. */
static bool has_target(const struct row_stance *stance, const char *name)
{
    bool is_of_topics = strncmp(name, "T:", 2) == 0;
    return has(stance->target, is_of_topics ? name + 2 : name) && (stance->is_topic || !is_of_topics);
}

static bool is_wanted(const struct filter *filter, const struct row_stance *stance)
{
    return (filter->actor == NULL || has(stance->source, filter->actor) || has(stance->target, filter->actor)) &&
           (filter->target == NULL || has_target(stance, filter->target)) &&
           (filter->polarity == NULL || view_equal(stance->polarity, view_of(filter->polarity))) &&
           stance->confidence >= filter->least_confidence;
}

static void show_stance(struct watch *watch, struct view row)
{
    struct row_stance stance;
    json_t *json = json_loadb(row.data, row.len, JSON_ALLOW_NUL, NULL);
    bool is_shown = rows_read_stance(json, &stance) && is_wanted(&watch->arguments->filter, &stance);
    watch->shown += is_shown;
    if (is_shown && watch->view != NULL)
        watch_view_add_stance(watch->view, &stance);
    else if (is_shown && watch->arguments->is_json)
        printf("%.*s\n", (int)row.len, row.data);
    else if (is_shown)
        table_print_stance(&watch->table, &stance);
    json_decref(json);
}

static void show_dead_letter(struct watch *watch, const struct followed *record)
{
    struct view code = followed_header(record, "stanced.code");
    struct view message = followed_header(record, "__streams.errors.message");
    if (watch->web != NULL)
        watch_web_add_dead_letter(watch->web, code);
    else if (watch->view != NULL)
        watch_view_add_dead_letter(watch->view, record->key, code, message);
    else if (!watch->arguments->is_json)
        table_print_note(&watch->table, "dead letter", message.len > 0 ? message : code, true);
}

/* How old a status record is: one that was there before watch began by its own word, any other is new, whatever the clock of the
 * machine that sent it says. */
static int64_t age_of(const struct watch *watch, const struct followed *record)
{
    int64_t before_ms = watch->begun_ms - record->timestamp_ms;
    return record->timestamp_ms > 0 && before_ms > 0 ? before_ms + clock_wall_ms() - watch->begun_ms : 0;
}

static void show_status(struct watch *watch, const struct followed *record)
{
    if (watch->web != NULL) {
        watch_web_add_status(watch->web, record->value, age_of(watch, record));
    } else if (watch->view != NULL) {
        json_t *status = json_loadb(record->value.data, record->value.len, 0, NULL);
        watch_view_add_status(watch->view, status, age_of(watch, record));
        json_decref(status);
    }
}

static void show(struct watch *watch, const struct followed *record)
{
    const struct settings *settings = watch->settings;
    struct view row;
    struct error err = {0};
    if (strcmp(record->topic, settings->dead_letter_topic) == 0)
        show_dead_letter(watch, record);
    else if (strcmp(record->topic, settings->status_topic) == 0)
        show_status(watch, record);
    else if (watch->web != NULL)
        watch_web_add_article(watch->web, record, watch->arguments->since_ms == FOLLOWER_END ? clock_wall_ms() : record->timestamp_ms);
    else if (decode_record(record->value, RECORD_STANCE, watch->arena, &row, &err))
        show_stance(watch, row);
    arena_reset(watch->arena);
}

static struct follower *follow(const struct watch *watch, struct log *log, struct error *err)
{
    const struct settings *settings = watch->settings;
    const char *outputs = watch->web != NULL ? settings->enriched_topic : settings->stances_topic;
    const char *topics[TOPICS_MOST] = {outputs, settings->dead_letter_topic, settings->status_topic};
    const struct client_events events = {.log = log};
    if (*outputs == '\0') {
        error_set(err, ERROR_CONFIG, "watch.topic", "watch reads stances: `stances_topic` has to be set");
        return NULL;
    }
    size_t count = *settings->status_topic != '\0' ? TOPICS_MOST : TOPICS_MOST - 1;
    return follower_open(settings, topics, count, watch->arguments->since_ms, &events, err);
}

/* Until a signal comes, enough was shown, or the consumer cannot go on. */
static void play(struct watch *watch, struct follower *follower, const sigset_t *signals, struct error *err)
{
    const struct timespec now = {0};
    while (sigtimedwait(signals, NULL, &now) < 0 && err->kind == ERROR_NONE && !ferror(stdout)) {
        struct followed record;
        bool found = follower_next(follower, WAIT_MS, &record, err);
        if (found)
            show(watch, &record);
        else if (watch->view == NULL)
            fflush(stdout);
        if (watch->view != NULL)
            watch_view_draw(watch->view);
        if (watch->web != NULL)
            watch_web_tick(watch->web);
        if (watch->arguments->count > 0 && watch->shown >= watch->arguments->count)
            break;
    }
    fflush(stdout);
}

static bool open_web(struct watch *watch, struct error *err)
{
    const char *listen = watch->arguments->web;
    if (listen == NULL)
        return true;
    watch->web = watch_web_open(listen, watch->settings, err);
    if (watch->web == NULL)
        return false;
    int host = (int)(strrchr(listen, ':') - listen);
    printf("http://%.*s:%u/\n", host, listen, watch_web_port(watch->web));
    return true;
}

static int watch_all(const struct arguments *arguments, const struct settings *settings)
{
    struct watch watch = {.arguments = arguments, .settings = settings, .table = table_of(stdout), .begun_ms = clock_wall_ms()};
    struct error err = {0};
    sigset_t signals;
    char title[512];
    stream_block_signals(&signals);
    bool is_live = isatty(STDOUT_FILENO) && !arguments->is_plain && !arguments->is_json && arguments->web == NULL;
    struct log *log = is_live ? NULL : log_new(STDERR_FILENO, (enum log_level)settings->log_level); /* a line would tear the view */
    snprintf(title, sizeof title, "stanced watch  %s  %s", settings->brokers, settings->stances_topic);
    watch.arena = arena_new(ARENA_BYTES);
    struct follower *follower = open_web(&watch, &err) ? follow(&watch, log, &err) : NULL;
    if (follower != NULL) {
        watch.view = is_live ? watch_view_open(stdout, title) : NULL;
        play(&watch, follower, &signals, &err);
        watch_view_close(watch.view);
    }
    follower_close(follower);
    watch_web_close(watch.web);
    arena_free(watch.arena);
    log_free(log);
    return err.kind == ERROR_NONE ? STATUS_DONE : session_complain("watch", &err);
}

int command_watch(int argc, char **argv)
{
    static const struct argp_option list[] = {
        {"actor", KEY_ACTOR, "NAME", 0, "only stances from or toward who has NAME in the name", -2},
        {"target", KEY_TARGET, "NAME", 0, "only stances toward them; T:NAME: toward watched topics", -2},
        {"polarity", KEY_POLARITY, "for|against|mixed", 0, "only these", -2},
        {"min-confidence", KEY_CONFIDENCE, "0..1", 0, "only stances as sure as that", -2},
        {"since", KEY_SINCE, "TIME", 0, "start back in time: 10m, 2h, a date, or \"beginning\" [now]", -1},
        {"json", KEY_JSON, 0, 0, "print the rows as they are, one a line", -1},
        {"plain", KEY_PLAIN, 0, 0, "print lines also on a terminal", -1},
        {"web", KEY_WEB, "HOST:PORT", OPTION_ARG_OPTIONAL, "serve the live page instead, for a whole fleet [127.0.0.1:9465]", -1},
        {"count", KEY_COUNT, "N", 0, "end after N stances", -1},
        {0},
    };
    struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {list, parse, NULL,
                              "Follows the output topics live: newest stances, dead letters, instances with rates and lag.",
                              children, NULL, NULL};
    struct arguments arguments = {.since_ms = FOLLOWER_END};
    struct error err = {0};
    session_parse(&argp, "watch", argc, argv, &arguments);
    struct settings *settings = options_load(&arguments.options, &err);
    if (settings == NULL)
        return session_complain("watch", &err);
    int status = watch_all(&arguments, settings);
    settings_free(settings);
    return status;
}
