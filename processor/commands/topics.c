/* stanced topics: shows the topics that the settings name, or makes those that are missing. */
#include "processor/commands/commands.h"
#include "processor/commands/session.h"
#include "processor/emit/topics.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_CREATE = 1, KEY_PARTITIONS, KEY_REPLICATION, BROKERS_MS = 15000, ARENA_BYTES = 16 * 1024, PARTITIONS_MOST = 10000 };

struct arguments {
    struct options options;
    struct topic_wishes wishes;
    bool is_creating;
};

static int read_number(const char *text, struct argp_state *state)
{
    char *end;
    long number = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < 1 || number > PARTITIONS_MOST)
        argp_error(state, "\"%s\" is not a number from 1 to %d", text, PARTITIONS_MOST);
    return (int)number;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->options;
        return 0;
    case KEY_CREATE:
        arguments->is_creating = true;
        return 0;
    case KEY_PARTITIONS:
        arguments->wishes.partition_count = read_number(argument, state);
        return 0;
    case KEY_REPLICATION:
        arguments->wishes.replica_count = read_number(argument, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* "7d", "6h", "for ever", "compact". */
static struct view describe_retention(const char *retention, struct arena *arena)
{
    if (retention == NULL)
        return view_of("?");
    char *end;
    long long ms = strtoll(retention, &end, 10);
    if (*end != '\0')
        return view_of(retention);
    if (ms < 0)
        return view_of("for ever");
    if (ms % 86400000 == 0)
        return arena_print(arena, "%lldd", ms / 86400000);
    return ms % 3600000 == 0 ? arena_print(arena, "%lldh", ms / 3600000) : arena_print(arena, "%lldms", ms);
}

static void print_topics(const struct topics *topics, struct arena *arena)
{
    static const char *const roles[] = {
        [TOPIC_INPUT] = "input", [TOPIC_OUTPUT] = "output", [TOPIC_DEAD_LETTERS] = "dead letters", [TOPIC_STATUS] = "status"};
    size_t width = 5;
    for (size_t i = 0; i < topics->count; i++)
        width = strlen(topics->items[i].name) > width ? strlen(topics->items[i].name) : width;
    printf("%-*s  %-12s  %10s  %8s  %s\n", (int)width, "topic", "use", "partitions", "replicas", "kept");
    for (size_t i = 0; i < topics->count; i++) {
        const struct topic *topic = &topics->items[i];
        printf("%-*s  %-12s  ", (int)width, topic->name, roles[topic->role]);
        if (topic->is_found)
            printf("%10d  %8d  %s\n", topic->partition_count, topic->replica_count, describe_retention(topic->retention, arena).data);
        else
            printf("%s\n", topic->problem != NULL ? topic->problem : "missing");
    }
}

static bool show(struct rd_kafka_s *handle, struct topics *topics, const struct arguments *arguments, struct arena *arena,
                 struct error *err)
{
    size_t created;
    if (!topics_look(handle, topics, BROKERS_MS, err))
        return false;
    if (arguments->is_creating) {
        if (!topics_create(handle, topics, &arguments->wishes, BROKERS_MS, &created, err) || !topics_wait(handle, topics, BROKERS_MS, err))
            return false;
        printf("%zu created, %zu were there\n", created, topics->count - created);
    }
    topics_look_closer(handle, topics, BROKERS_MS, arena);
    print_topics(topics, arena);
    return true;
}

int command_topics(int argc, char **argv)
{
    static const struct argp_option list[] = {
        {"create", KEY_CREATE, 0, 0, "make the topics that are missing", -1},
        {"partitions", KEY_PARTITIONS, "N", 0, "of input and outputs; dead letters and status have one [6]", -1},
        {"replication", KEY_REPLICATION, "N", 0, "copies of each partition [the brokers' default]", -1},
        {0},
    };
    struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {list, parse, NULL,
                              "Shows the topics that the settings name, or makes them: the status compacted, dead letters kept "
                              "for 30 days, the others as long as the brokers keep topics.\v"
                              "Exit status: 0 all are there, 1 some are missing, 2 wrong settings, 3 no broker answers.",
                              children, NULL, NULL};
    struct arguments arguments = {.wishes = {.partition_count = 6, .replica_count = -1}};
    struct error err = {0};
    session_parse(&argp, "topics", argc, argv, &arguments);
    struct settings *settings = options_load(&arguments.options, &err);
    if (settings == NULL)
        return session_complain("topics", &err);
    struct log *log = log_new(STDERR_FILENO, (enum log_level)settings->log_level);
    struct client client = {.events = {.log = log}, .name = "topics"};
    struct arena *arena = arena_new(ARENA_BYTES);
    struct topics topics = topics_of(settings, arena);
    struct rd_kafka_s *handle = topics_open(settings, &client, &err);
    int status = handle != NULL && show(handle, &topics, &arguments, arena, &err)
                     ? (topics_missing(&topics, arena).len > 0 ? STATUS_INPUT : STATUS_DONE)
                     : session_complain("topics", &err);
    topics_close(handle);
    arena_free(arena);
    log_free(log);
    settings_free(settings);
    return status;
}
