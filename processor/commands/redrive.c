/* stanced redrive: dead letters back to where they came from, key, value and headers as they were. */
#include "processor/commands/commands.h"
#include "processor/commands/moment.h"
#include "processor/commands/redriver.h"
#include "processor/commands/stream.h"
#include "processor/commands/table.h"
#include "processor/emit/producer.h"
#include "processor/runtime/settings_value.h"

#include <inttypes.h>
#include <unistd.h>

enum { KEY_CODE = 1, KEY_TOPIC, KEY_KEY, KEY_SINCE, KEY_UNTIL, KEY_LIMIT, KEY_DRY, KEY_SKIP, KEY_MOST, KEY_GROUP, KEY_BEGINNING };
enum { GROUP_BYTES = 250, REDRIVES_MOST = 1000, REDRIVES_USUAL = 3, TEXT_COLUMNS = 60 };

struct arguments {
    struct options options;
    struct redriver_filter filter;
    const char *group; /* NULL: made of the settings' */
    int64_t limit, redrives_most;
    bool is_dry, is_skipping, has_no_past;
};

static int64_t read_number(const char *name, const char *text, int64_t least, int64_t most, struct argp_state *state)
{
    int64_t number = 0;
    if (!settings_number(text, settings_units_none, least, most, &number, NULL))
        argp_error(state, "--%s takes a number from %" PRId64 " to %" PRId64 ", not \"%s\"", name, least, most, text);
    return number;
}

static int64_t read_moment(const char *name, const char *text, struct argp_state *state)
{
    int64_t moment_ms = 0;
    if (!moment_read(text, &moment_ms))
        argp_error(state, "--%s takes a time back (90s, 10m, 2h) or a date, not \"%s\"", name, text);
    return moment_ms;
}

static error_t parse_filter(struct redriver_filter *filter, int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case KEY_CODE:
        filter->code = argument;
        return 0;
    case KEY_TOPIC:
        filter->topic = argument;
        return 0;
    case KEY_KEY:
        filter->key = argument;
        return 0;
    case KEY_SINCE:
        filter->since_ms = read_moment("since", argument, state);
        return 0;
    case KEY_UNTIL:
        filter->until_ms = read_moment("until", argument, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->options;
        return 0;
    case KEY_LIMIT:
        arguments->limit = read_number("limit", argument, 1, INT64_MAX, state);
        return 0;
    case KEY_MOST:
        arguments->redrives_most = read_number("redrives-most", argument, 0, REDRIVES_MOST, state);
        return 0;
    case KEY_GROUP:
        arguments->group = argument;
        return 0;
    case KEY_DRY:
        arguments->is_dry = true;
        return 0;
    case KEY_SKIP:
        arguments->is_skipping = true;
        return 0;
    case KEY_BEGINNING:
        arguments->has_no_past = true;
        return 0;
    case ARGP_KEY_END:
        if (arguments->filter.since_ms > 0 && arguments->filter.until_ms > 0 && arguments->filter.since_ms >= arguments->filter.until_ms)
            argp_error(state, "--since is not before --until");
        return 0;
    default:
        return parse_filter(&arguments->filter, key, argument, state);
    }
}

/* "articles.dlq[0]@15  ->  articles.raw  json.syntax  112 bytes  key-3"; what comes from outside without its controls. */
static void print_sent(const struct followed *record, const struct deadletter_found *found)
{
    printf("%s[%d]@%" PRId64 "  ->  ", record->topic, (int)record->partition, record->offset);
    table_print_text(stdout, found->topic, found->topic.len, 0);
    fputs("  ", stdout);
    table_print_text(stdout, found->code.len > 0 ? found->code : view_of("-"), TEXT_COLUMNS, 0);
    printf("  %zu bytes  ", record->value.len);
    table_print_text(stdout, record->key, TEXT_COLUMNS, 0);
    putchar('\n');
}

static void tell(void *context, enum redriver_verdict verdict, const struct followed *record, const struct deadletter_found *found,
                 const char *why)
{
    (void)context;
    if (verdict == REDRIVER_SENT) {
        print_sent(record, found);
        return;
    }
    fprintf(stderr, "stanced redrive: %s[%d]@%" PRId64 " stays: ", record->topic, (int)record->partition, record->offset);
    table_print_text(stderr, view_of(why), strlen(why), 0);
    fputc('\n', stderr);
}

/* A group and a transactional id of its own: with those of the settings it would fence the processor. */
static bool name_group(const struct arguments *arguments, struct settings *settings, char group[GROUP_BYTES], struct error *err)
{
    int len = arguments->group != NULL ? snprintf(group, GROUP_BYTES, "%s", arguments->group)
                                       : snprintf(group, GROUP_BYTES, "%s-redrive", settings->group);
    if (len < 1 || len >= GROUP_BYTES)
        return error_set(err, ERROR_CONFIG, "redrive.group", "the group of the redrive needs a name of 1 to %d bytes: --redrive-group", GROUP_BYTES - 1);
    if (strcmp(group, settings->group) == 0)
        return error_set(err, ERROR_CONFIG, "redrive.group", "--redrive-group is the group of the processor: give it another");
    settings->group = settings->transactional_id = group;
    return true;
}

static int redrive(const struct arguments *arguments, const struct settings *loaded)
{
    struct settings settings = *loaded;
    struct redriver_counts counts = {0};
    struct error err = {0};
    sigset_t signals;
    char group[GROUP_BYTES];
    if (!name_group(arguments, &settings, group, &err))
        return session_complain("redrive", &err);
    stream_block_signals(&signals);
    struct log *log = log_new(STDERR_FILENO, (enum log_level)settings.log_level);
    const struct redriver_options options = {
        .settings = &settings,
        .filter = arguments->filter,
        .redrives_most = (int32_t)arguments->redrives_most,
        .limit = arguments->limit,
        .is_dry = arguments->is_dry,
        .is_skipping = arguments->is_skipping,
        .has_no_past = arguments->has_no_past,
        .events = {.log = log},
        .signals = &signals,
        .tell = tell,
    };
    setvbuf(stdout, NULL, _IOLBF, 0); /* a line is out once it counts, also when the next batch is killed */
    bool done = redriver_run(&options, &counts, &err);
    if (clients_left() == 0) /* else they write to it */
        log_free(log);
    fflush(stdout);
    fprintf(stderr, "stanced redrive: %" PRId64 " %s, %" PRId64 " could not be and stay, %" PRId64 " left out by the filter%s\n", counts.sent,
            arguments->is_dry ? "would be sent" : "sent", counts.stayed, counts.left,
            counts.left > 0 && arguments->is_skipping && !arguments->is_dry ? " for good" : "");
    if (!done)
        return session_complain("redrive", &err);
    return counts.stayed > 0 ? STATUS_INPUT : STATUS_DONE;
}

static const char before[] =
    "Sends dead letters back to the topics they came from, up to the present end of the dead-letter topic: key, value, headers and "
    "timestamp as they were, without what made them dead letters; the partition is chosen by the key. Each one that is sent is a line on "
    "standard output. Run it when the reason is gone: settings changed, a new version.\v";
static const char after[] =
    "It can be called again at any time: its group's position stands at the first dead letter that stayed, and which later ones were sent is "
    "kept with the position, so that whatever the filters, none is lost and none is sent twice (in exactly_once also when the call is "
    "killed). What the filters leave out is there for later calls, unless --skip is given.\n\n"
    "A dead letter stays, and is named on standard error, where its topic is gone, its headers do not say where it came from, its value was "
    "too large to be kept, or it was sent back --redrives-most times (the header stanced.redrives counts). To be rid of those, leave them "
    "out by a filter and give --skip.\n\n"
    "Brokers forget the position offsets.retention.minutes (7 days) after the last call. Where there is none, older dead letters are not sent "
    "unless --from-beginning says that they never were.\n\n"
    "Exit status: 0 all that matched were sent, 1 some stayed, 2 wrong usage or settings, 3 could not go on: call it again.";

static const struct argp_option list[] = {
    {0, 0, 0, 0, "Which dead letters (all of these that are given):", -3},
    {"code", KEY_CODE, "CODE", 0, "the reason, as in the header stanced.code: json.syntax, payload.large, ...", 0},
    {"topic", KEY_TOPIC, "TOPIC", 0, "where they came from", 0},
    {"key", KEY_KEY, "KEY", 0, "the record's key", 0},
    {"since", KEY_SINCE, "TIME", 0, "given up at TIME or later: 10m or 2h back from now, or a date", 0},
    {"until", KEY_UNTIL, "TIME", 0, "given up before TIME", 0},
    {"limit", KEY_LIMIT, "N", 0, "N at most; what is behind them is not looked at", 0},
    {0, 0, 0, 0, "What is done with them:", -2},
    {"dry-run", KEY_DRY, 0, 0, "only print what would be sent; nothing is sent, moved or taken over", 0},
    {"skip", KEY_SKIP, 0, 0, "what the filters leave out is done with: later calls do not see it again", 0},
    {"redrives-most", KEY_MOST, "N", 0, "leave a record that was sent back N times already [3]", 0},
    {"redrive-group", KEY_GROUP, "NAME", 0, "consumer group and transactional id of the redrive [that of the settings and \"-redrive\"]", 0},
    {"from-beginning", KEY_BEGINNING, 0, 0, "where the group has no position: nothing was sent back before, so also what is older than 7 days", 0},
    {0},
};

int command_redrive(int argc, char **argv)
{
    char doc[sizeof before + sizeof after];
    struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    snprintf(doc, sizeof doc, "%s%s", before, after);
    const struct argp argp = {list, parse, NULL, doc, children, NULL, NULL};
    struct arguments arguments = {.redrives_most = REDRIVES_USUAL};
    struct error err = {0};
    session_parse(&argp, "redrive", argc, argv, &arguments);
    struct settings *settings = options_load(&arguments.options, &err);
    if (settings == NULL)
        return session_complain("redrive", &err);
    int status = redrive(&arguments, settings);
    settings_free(settings);
    return status;
}
