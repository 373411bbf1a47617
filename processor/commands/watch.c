/* stanced watch: follows the output topics without joining a group. On a terminal a live view; else, or with --plain, one
 * line a stance or dead letter; with --json the rows themselves. */
#include "processor/commands/commands.h"
#include "processor/commands/moment.h"
#include "processor/commands/rows.h"
#include "processor/commands/stream.h"
#include "processor/commands/watch_view.h"
#include "processor/ingest/follower.h"
#include "processor/runtime/settings_value.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { KEY_ACTOR = 1, KEY_TARGET, KEY_POLARITY, KEY_CONFIDENCE, KEY_SINCE, KEY_JSON, KEY_PLAIN, KEY_COUNT };
enum { WAIT_MS = 100 };

struct filter {
    const char *actor, *target, *polarity; /* NULL: any */
    double least_confidence;
};

struct arguments {
    struct options options;
    struct filter filter;
    int64_t since_ms;
    long count; /* stances until the end; 0: none */
    bool is_json, is_plain;
};

struct watch {
    const struct arguments *arguments;
    const struct settings *settings;
    struct table table;
    struct watch_view *view; /* NULL: lines */
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
static bool has_target(const struct table_stance *stance, const char *name)
{
    bool is_of_topics = strncmp(name, "T:", 2) == 0;
    return has(stance->target, is_of_topics ? name + 2 : name) && (stance->is_topic || !is_of_topics);
}

static bool is_wanted(const struct filter *filter, const struct table_stance *stance)
{
    return (filter->actor == NULL || has(stance->source, filter->actor) || has(stance->target, filter->actor)) &&
           (filter->target == NULL || has_target(stance, filter->target)) &&
           (filter->polarity == NULL || view_equal(stance->polarity, view_of(filter->polarity))) &&
           stance->confidence >= filter->least_confidence;
}

static void show_stance(struct watch *watch, const struct followed *record, const json_t *row)
{
    struct table_stance stance;
    if (!rows_read_stance(row, &stance) || !is_wanted(&watch->arguments->filter, &stance))
        return;
    watch->shown++;
    if (watch->view != NULL)
        watch_view_add_stance(watch->view, &stance);
    else if (watch->arguments->is_json)
        printf("%.*s\n", (int)record->value.len, record->value.data);
    else
        table_print_stance(&watch->table, &stance);
}

static void show_dead_letter(struct watch *watch, const struct followed *record)
{
    struct view code = followed_header(record, "stanced.code");
    struct view message = followed_header(record, "__streams.errors.message");
    if (watch->view != NULL)
        watch_view_add_dead_letter(watch->view, record->key, code, message);
    else if (!watch->arguments->is_json)
        table_print_note(&watch->table, "dead letter", message.len > 0 ? message : code, true);
}

static void show(struct watch *watch, const struct followed *record)
{
    const struct settings *settings = watch->settings;
    if (strcmp(record->topic, settings->dead_letter_topic) == 0) {
        show_dead_letter(watch, record);
        return;
    }
    json_t *row = rows_load(record->value);
    if (strcmp(record->topic, settings->stances_topic) == 0)
        show_stance(watch, record, row);
    else if (watch->view != NULL)
        watch_view_add_status(watch->view, row);
    json_decref(row);
}

static struct follower *follow(const struct watch *watch, struct log *log, struct error *err)
{
    const struct settings *settings = watch->settings;
    const char *topics[3] = {settings->stances_topic, settings->dead_letter_topic, settings->status_topic};
    const struct client_events events = {.log = log};
    if (*settings->stances_topic == '\0' || settings->format_out != FORMAT_OUT_JSON) {
        error_set(err, ERROR_CONFIG, "watch.topic", "watch reads stances as JSON: set `stances_topic`, and `format_out` to json");
        return NULL;
    }
    return follower_open(settings, topics, *settings->status_topic != '\0' ? 3 : 2, watch->arguments->since_ms, &events, err);
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
        if (watch->arguments->count > 0 && watch->shown >= watch->arguments->count)
            break;
    }
    fflush(stdout);
}

static int watch_all(const struct arguments *arguments, const struct settings *settings)
{
    struct watch watch = {.arguments = arguments, .settings = settings, .table = table_of(stdout)};
    struct error err = {0};
    sigset_t signals;
    char title[512];
    stream_block_signals(&signals);
    bool is_live = isatty(STDOUT_FILENO) && !arguments->is_plain && !arguments->is_json;
    struct log *log = is_live ? NULL : log_new(STDERR_FILENO, (enum log_level)settings->log_level); /* a line would tear the view */
    snprintf(title, sizeof title, "stanced watch  %s  %s", settings->brokers, settings->stances_topic);
    struct follower *follower = follow(&watch, log, &err);
    if (follower != NULL) {
        watch.view = is_live ? watch_view_open(stdout, title) : NULL;
        play(&watch, follower, &signals, &err);
        watch_view_close(watch.view);
    }
    follower_close(follower);
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
