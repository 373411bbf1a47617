/* stanced run: the processor. Looks at the topics first, so that a wrong name is said at once and not by silence. */
#include "processor/commands/commands.h"
#include "processor/commands/stream.h"
#include "processor/emit/topics.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/lifeline.h"

#include <malloc.h>
#include <time.h>
#include <unistd.h>

enum { KEY_CREATE = 1, BROKERS_MS = 15000, ASK_MS = 1000, TICK_MS = 250, PARTITIONS = 6, ARENA_BYTES = 4096, LATE_MS = 1000, TICK_MOST_MS = 60000 };

/* Memory of this size and more goes back to the system when it is freed: with 900 kB articles the outputs that one thread makes and
 * another frees else leave holes of a fifth of the process (tests/kafka/memory.sh: 233 MiB, so 201). Ordinary articles take none. */
enum { BLOCK_BYTES = 512 * 1024 };

struct arguments {
    struct options options;
    bool is_creating;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    (void)argument;
    if (key == ARGP_KEY_INIT)
        state->child_inputs[0] = &arguments->options;
    else if (key == KEY_CREATE)
        arguments->is_creating = true;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* Until brokers answer, the time is over, or somebody does not want to know any more. */
static bool ask(struct rd_kafka_s *handle, struct topics *topics, struct error *err)
{
    int64_t deadline_ms = clock_now_ms() + BROKERS_MS;
    for (;;) {
        struct error trouble = {0};
        if (topics_look(handle, topics, ASK_MS, &trouble))
            return true;
        if (clock_left_ms(deadline_ms) == 0 || stream_is_to_stop())
            return error_set(err, trouble.kind, trouble.code, "%s", trouble.text);
    }
}

static bool look(struct rd_kafka_s *handle, struct topics *topics, bool is_creating, struct arena *arena, struct error *err)
{
    const struct topic_wishes wishes = {.partition_count = PARTITIONS, .replica_count = -1};
    size_t created;
    if (!ask(handle, topics, err))
        return false;
    if (is_creating)
        return topics_create(handle, topics, &wishes, BROKERS_MS, &created, err) && topics_wait(handle, topics, BROKERS_MS, err);
    struct view missing = topics_missing(topics, arena);
    if (missing.len == 0)
        return true;
    return error_set(err, ERROR_CONFIG, "topics.missing",
                     "missing topics: %.*s; make them with `stanced topics --create`, or start with --create",
                     (int)missing.len, missing.data);
}

static bool require_topics(const struct settings *settings, bool is_creating, struct error *err)
{
    struct log *log = log_new(STDERR_FILENO, (enum log_level)settings->log_level);
    struct client client = {.events = {.log = log}, .name = "topics"};
    struct arena *arena = arena_new(ARENA_BYTES);
    struct topics topics = topics_of(settings, arena);
    struct rd_kafka_s *handle = topics_open(settings, &client, err);
    bool fine = handle != NULL && look(handle, &topics, is_creating, arena, err);
    topics_close(handle);
    arena_free(arena);
    log_free(log);
    return fine;
}

/* Until a signal comes or nothing goes on. */
static int follow(struct stream *stream, const sigset_t *signals, int64_t stop_ms)
{
    const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    struct error err = {0};
    int taken = -1;
    do
        lifeline_hold(stop_ms + TICK_MOST_MS); /* within a tick clients may be replaced */
    while (stream_tick(stream, &err) && (taken = sigtimedwait(signals, NULL, &tick)) < 0);
    lifeline_hold(stop_ms + LATE_MS);
    if (err.kind != ERROR_NONE)
        log_error(stream_log(stream), LOG_LEVEL_ERROR, "stream.failed", &err);
    else
        log_write(stream_log(stream), LOG_LEVEL_INFO, "stream.stopping", "signal=%d", taken);
    return err.kind == ERROR_NONE ? STATUS_DONE : err.kind == ERROR_CONFIG ? STATUS_USAGE : STATUS_FATAL;
}

int command_run(int argc, char **argv)
{
    static const struct argp_option list[] = {
        {"create", KEY_CREATE, 0, 0, "make the topics that are missing", -1},
        {0},
    };
    struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {list, parse, NULL,
                              "Reads articles from the input topics and writes entities and stances, until SIGTERM, SIGINT or SIGHUP.\v"
                              "Exit status: 0 stopped, 2 wrong settings, 3 could not go on.",
                              children, NULL, NULL};
    struct arguments arguments = {0};
    struct session session;
    struct error err = {0};
    sigset_t signals;
    mallopt(M_MMAP_THRESHOLD, BLOCK_BYTES);
    session_parse(&argp, "run", argc, argv, &arguments);
    stream_block_signals(&signals);
    if (!session_open(&session, &arguments.options, false, &err))
        return session_complain("run", &err);
    struct stream *stream = NULL;
    if (require_topics(session.settings, arguments.is_creating, &err))
        stream = stream_start(&session, &err);
    int status = STATUS_DONE;
    if (stream != NULL)
        status = follow(stream, &signals, session.settings->stop_ms);
    else if (!stream_is_to_stop())
        status = session_complain("run", &err);
    if (stream != NULL && !stream_stop(stream))
        _exit(STATUS_FATAL);
    session_close(&session);
    lifeline_release();
    return status;
}
