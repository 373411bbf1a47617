/* stanced check: everything that can be wrong, looked at before anything runs. One line each, "ok" or "problem" with what
 * to do about it; later checks that depend on a failed one are left out. */
#include "processor/commands/commands.h"
#include "processor/commands/session.h"
#include "processor/emit/registry.h"
#include "processor/emit/rights.h"
#include "processor/emit/topics.h"
#include "processor/extract/watched.h"
#include "processor/ops/http.h"
#include "processor/ops/spans.h"
#include "processor/runtime/fetch.h"

#include <librdkafka/rdkafka.h>

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_SHOW = 1, BROKERS_MS = 10000, ARENA_BYTES = 16 * 1024 };

struct arguments {
    struct options options;
    bool is_showing;
};

struct check {
    const struct settings *settings;
    struct arena *arena;
    struct client client;
    size_t problem_count;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    (void)argument;
    if (key == ARGP_KEY_INIT)
        state->child_inputs[0] = &arguments->options;
    else if (key == KEY_SHOW)
        arguments->is_showing = true;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static void say(struct check *check, bool is_fine, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void say(struct check *check, bool is_fine, const char *what, const char *format, ...)
{
    va_list values;
    printf("%-8s %-12s ", is_fine ? "ok" : "problem", what);
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
    putchar('\n');
    check->problem_count += !is_fine;
}

static void check_settings(struct check *check)
{
    const struct settings *settings = check->settings;
    say(check, true, "settings", "group %s, instance %s, %s, %lld workers", settings->group, settings->instance,
        settings->delivery == DELIVERY_EXACTLY_ONCE ? "exactly once" : "at least once", (long long)settings->workers);
    for (size_t i = 0; i < settings->ignored_count; i++)
        say(check, false, "environment", "%s is no setting: correct its name or unset it", settings->ignored[i]);
}

/* Issues, not Kafka's topics. */
static void check_watched(struct check *check)
{
    const struct settings_topics *watched = &check->settings->watched_topics;
    struct error err = {0};
    size_t pattern_count = 0;
    for (size_t i = 0; i < watched->count; i++)
        pattern_count += watched->items[i].patterns.count;
    struct watched *compiled = watched_new(watched, &err);
    if (compiled == NULL)
        say(check, false, "watched", "%s", err.text);
    else if (watched->count > 0)
        say(check, true, "watched", "%zu topics by %zu patterns", watched->count, pattern_count);
    watched_free(compiled);
}

static void check_model(struct check *check)
{
    struct error err = {0};
    const struct extractor_options options = {
        .model_path = check->settings->model,
        .knowledge_path = *check->settings->knowledge != '\0' ? check->settings->knowledge : NULL,
        .own_path = *check->settings->own_entities ? check->settings->own_entities : NULL,
    };
    struct extractor *extractor = extractor_new(&options, &err);
    bool is_of_own = strncmp(err.code, "own.", 4) == 0 || strncmp(err.code, "csv.", 4) == 0;
    if (extractor == NULL && is_of_own)
        say(check, false, "own_entities", "%s", err.text);
    else if (extractor == NULL)
        say(check, false, "model", "%s", err.text);
    else
        say(check, true, "model", "%s with %s kernels%s", extractor_model_name(extractor), extractor_kernel_name(extractor),
            options.knowledge_path != NULL ? "" : "; no file of known entities, so no identifiers");
    extractor_free(extractor);
}

static void check_http(struct check *check)
{
    struct error err = {0};
    struct health health = {0};
    struct metrics *metrics = metrics_new();
    const struct http_source source = {.model = "", .version = STANCED_VERSION, .health = &health, .metrics = metrics};
    const char *listen = check->settings->http_listen;
    struct http *http = *listen != '\0' ? http_start(listen, &source, &err) : NULL;
    if (err.kind != ERROR_NONE)
        say(check, false, "http", "%s: set `http_listen` to a free address, or to nothing", err.text);
    else
        say(check, true, "http", "%s", *listen != '\0' ? listen : "off");
    http_stop(http);
    metrics_free(metrics);
}

/* Not opened: a processor that runs has it locked. */
static void check_state(struct check *check)
{
    const char *directory = check->settings->state_dir;
    if (*directory == '\0')
        return;
    if (access(directory, R_OK | W_OK | X_OK) == 0)
        say(check, true, "state_dir", "%s", directory);
    else
        say(check, false, "state_dir", "%s: %s: make it a directory that this user may write to", directory, strerror(errno));
}

static void check_registry(struct check *check)
{
    struct error err = {0};
    const char *url = check->settings->schema_registry;
    if (*url == '\0')
        return;
    if (registry_look(check->settings, &err))
        say(check, true, "registry", "%s", url);
    else
        say(check, false, "registry", "%s: correct `schema_registry`, its path too (Apicurio: .../apis/ccompat/v7)", err.text);
}

static void check_spans(struct check *check)
{
    struct error err = {0};
    const char *url = check->settings->otlp_url;
    if (*url == '\0')
        return;
    if (spans_look(url, &err))
        say(check, true, "spans", "%s", url);
    else
        say(check, false, "spans", "%s: correct `otlp_url`; OTLP over HTTP is on port 4318, most often", err.text);
}

/* The consumer's properties; those of the producer are tried by opening a handle. */
static bool check_properties(struct check *check)
{
    const struct client_property none[] = {{NULL, NULL}};
    struct error err = {0};
    rd_kafka_conf_t *conf = client_conf(check->settings, PROPERTY_CONSUMER, none, none, &check->client, &err);
    struct rd_kafka_s *handle = conf != NULL ? client_open(true, conf, &err) : NULL;
    if (handle == NULL)
        say(check, false, "kafka", "%s", err.text);
    topics_close(handle);
    return handle != NULL;
}

static bool has_user(const struct check *check)
{
    return settings_property(check->settings, PROPERTY_PRODUCER, "security.protocol") != NULL;
}

/* Brokers hide what a user has no rights to. */
static void check_topics(struct check *check, const struct topics *topics)
{
    for (size_t i = 0; i < topics->count; i++) {
        const struct topic *topic = &topics->items[i];
        if (topic->is_found)
            say(check, true, "topic", "%s, %d partitions", topic->name, topic->partition_count);
        else
            say(check, false, "topic", "%s %s: make it with `stanced topics --create`, or correct the name%s", topic->name,
                topic->problem != NULL ? topic->problem : "is missing",
                has_user(check) ? "; or it is hidden, for want of the right DESCRIBE" : "");
    }
}

static void check_rights(struct check *check, struct rd_kafka_s *handle, const struct topics *topics)
{
    struct error err = {0};
    struct rights rights;
    size_t before = check->problem_count;
    bool is_secured = has_user(check) && check->settings->delivery == DELIVERY_EXACTLY_ONCE;
    if (!rights_look(handle, check->settings, topics, &check->client, BROKERS_MS, check->arena, &rights, &err)) {
        say(check, true, "permissions", "unknown: %s", err.text);
        return;
    }
    for (size_t i = 0; i < rights.count; i++)
        if (rights.items[i].missing != NULL)
            say(check, false, "permissions", "%s on %s %s is missing: kafka-acls.sh --add --operation %s --%s %s --allow-principal User:...",
                rights.items[i].missing, rights.items[i].kind, rights.items[i].name, rights.items[i].missing, rights.items[i].kind,
                rights.items[i].name);
    if (check->problem_count == before)
        say(check, true, "permissions", "topics and group%s%s",
            is_secured ? "; not to be asked: WRITE on transactional id " : "", is_secured ? check->settings->transactional_id : "");
}

static void check_brokers(struct check *check)
{
    struct error err = {0};
    struct topics topics = topics_of(check->settings, check->arena);
    struct rd_kafka_s *handle = topics_open(check->settings, &check->client, &err);
    if (handle == NULL) {
        say(check, false, "kafka", "%s", err.text);
        return;
    }
    if (topics_look(handle, &topics, BROKERS_MS, &err)) {
        say(check, true, "brokers", "%s: %d", check->settings->brokers, topics.broker_count);
        check_topics(check, &topics);
        check_rights(check, handle, &topics);
    } else {
        say(check, false, "brokers", "%s", err.text);
    }
    topics_close(handle);
}

int command_check(int argc, char **argv)
{
    static const struct argp_option list[] = {
        {"show", KEY_SHOW, 0, 0, "also print every setting and where its value comes from", -1},
        {0},
    };
    struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {list, parse, NULL,
                              "Looks at settings, model, brokers, topics and permissions, and says what is wrong before anything runs.\v"
                              "Exit status: 0 nothing is wrong, 2 something is.",
                              children, NULL, NULL};
    struct arguments arguments = {0};
    struct error err = {0};
    session_parse(&argp, "check", argc, argv, &arguments);
    struct check check = {.client = {.name = "check"}};
    struct settings *settings = options_load(&arguments.options, &err);
    if (settings == NULL) {
        say(&check, false, "settings", "%s", err.text);
        return STATUS_USAGE;
    }
    check.settings = settings;
    check.arena = arena_new(ARENA_BYTES);
    if (arguments.is_showing)
        settings_print(settings, stdout);
    check_settings(&check);
    check_model(&check);
    check_watched(&check);
    check_http(&check);
    check_state(&check);
    fetch_init();
    check_registry(&check);
    check_spans(&check);
    if (check_properties(&check))
        check_brokers(&check);
    arena_free(check.arena);
    settings_free(settings);
    return check.problem_count == 0 ? STATUS_DONE : STATUS_USAGE;
}
