#include "processor/commands/session.h"

#include "processor/runtime/memory.h"
#include "processor/runtime/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 256 * 1024, NAMES_MOST = 256 };
enum { OPTION_MODEL = 0x1000, OPTION_KNOWLEDGE, OPTION_TOPICS, OPTION_THREADS }; /* apart from the commands' own */

static void keep(struct options *options, char *assignment)
{
    options->assignments = memory_resize(options->assignments, options->count + 1, sizeof *options->assignments);
    options->assignments[options->count++] = assignment;
}

void session_set(struct options *options, const char *name, const char *value)
{
    size_t bytes = strlen(name) + 1 + strlen(value) + 1;
    char *assignment = memory_take(bytes);
    snprintf(assignment, bytes, "%s=%s", name, value);
    keep(options, assignment);
}

static const struct argp_option option_list[] = {
    {0, 0, 0, 0, "Settings, also in the environment as STANCED_NAME:", 0},
    {"model", OPTION_MODEL, "FILE", 0, "the model file [the one that came with stanced]", 0},
    {"knowledge", OPTION_KNOWLEDGE, "FILE", 0, "known entities [the file that came with stanced]", 0},
    {"watched_topics", OPTION_TOPICS, "FILE", 0, "issues whose supporters and opponents are looked for: a YAML list of {name, patterns}", 0},
    {"topics", OPTION_TOPICS, 0, OPTION_ALIAS, 0, 0},
    {"threads", OPTION_THREADS, "N", 0, "threads; the order of the output stays [one a core]", 0},
    {"workers", OPTION_THREADS, 0, OPTION_ALIAS | OPTION_HIDDEN, 0, 0},
    {"config", 'c', "FILE", 0, "read settings from a YAML file", 0},
    {0, 'X', "NAME=VALUE", 0, "any other setting of `stanced run`, such as payload_bytes", 0},
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 'c': options->file = argument; return 0;
    case 'X': keep(options, memory_copy(argument)); return 0;
    case OPTION_MODEL: session_set(options, "model", argument); return 0;
    case OPTION_KNOWLEDGE: session_set(options, "knowledge", argument); return 0;
    case OPTION_TOPICS: session_set(options, "watched_topics", argument); return 0;
    case OPTION_THREADS: session_set(options, "workers", argument); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

const struct argp session_argp = {.options = option_list, .parser = parse_option};

bool session_open(struct session *session, struct options *options, bool exact, struct error *err)
{
    *session = (struct session){.settings = options_load(options, err)};
    if (!session->settings)
        return false;
    const struct settings *settings = session->settings;
    struct extractor_options extractor_options = {
        .model_path = settings->model,
        .knowledge_path = *settings->knowledge ? settings->knowledge : NULL,
        .own_path = *settings->own_entities ? settings->own_entities : NULL,
        .topics = &settings->watched_topics,
        .exact = exact,
    };
    session->extractor = extractor_new(&extractor_options, err);
    if (!session->extractor) {
        session_close(session);
        return false;
    }
    session->fields = article_fields_of(settings);
    session->limits = article_limits_default;
    session->limits.payload_bytes = (size_t)settings->payload_bytes;
    session->thread_count = (size_t)settings->workers;
    return true;
}

void session_close(struct session *session)
{
    if (session->extractor)
        extractor_free(session->extractor);
    settings_free(session->settings);
    *session = (struct session){0};
}

bool session_run(const struct session *session, const struct ordered *steps, size_t job_bytes, size_t jobs_a_thread,
                 struct error *err)
{
    struct ordered ordered = *steps;
    ordered.worker_count = session->thread_count;
    ordered.job_count = session->thread_count * jobs_a_thread;
    void **workers = memory_new(ordered.worker_count, sizeof *workers), **jobs = memory_new(ordered.job_count, sizeof *jobs);
    for (size_t i = 0; i < ordered.worker_count; i++)
        workers[i] = extractor_scratch_new(session->extractor);
    for (size_t i = 0; i < ordered.job_count; i++) {
        struct session_job *job = jobs[i] = memory_new(1, job_bytes);
        job->arena = arena_new(ARENA_BYTES);
    }
    ordered.workers = workers;
    ordered.jobs = jobs;
    bool has_run = ordered_run(&ordered, err);
    for (size_t i = 0; i < ordered.worker_count; i++)
        extractor_scratch_free(workers[i]);
    for (size_t i = 0; i < ordered.job_count; i++) {
        arena_free(((struct session_job *)jobs[i])->arena);
        free(jobs[i]);
    }
    free(jobs);
    free(workers);
    return has_run;
}

int session_complain(const char *command, const struct error *err)
{
    fprintf(stderr, "stanced %s: %s\n", command, err->text);
    switch (err->kind) {
    case ERROR_NONE: return STATUS_DONE;
    case ERROR_INPUT: return STATUS_INPUT;
    case ERROR_CONFIG: return STATUS_USAGE;
    case ERROR_RETRY:
    case ERROR_FATAL: break;
    }
    return STATUS_FATAL;
}

/* The long options of a parser and its children: at most `most`. */
static size_t find_names(const struct argp *argp, const char **names, size_t count, size_t most)
{
    for (const struct argp_option *option = argp->options; option != NULL && (option->name || option->key || option->doc || option->group); option++)
        if (option->name != NULL && count < most)
            names[count++] = option->name;
    for (const struct argp_child *child = argp->children; child != NULL && child->argp != NULL; child++)
        count = find_names(child->argp, names, count, most);
    return count;
}

/* getopt says that there is no such option, but not which one may be meant. Where one may, that is the end. */
static void suggest(const struct argp *argp, const char *program, int argc, char **argv)
{
    const char *names[NAMES_MOST] = {"help", "usage", "version"};
    size_t count = find_names(argp, names, 3, NAMES_MOST);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        char given[64];
        size_t len = strcspn(argv[i], "=");
        if (strncmp(argv[i], "--", 2) != 0 || len - 2 >= sizeof given)
            continue;
        snprintf(given, sizeof given, "%.*s", (int)len - 2, argv[i] + 2);
        bool is_known = false; /* shortened names are */
        for (size_t k = 0; k < count && !is_known; k++)
            is_known = strncmp(names[k], given, strlen(given)) == 0;
        const char *near = is_known ? NULL : nearest_name(given, names, count);
        if (near != NULL) {
            fprintf(stderr, "%s: there is no option --%s; did you mean --%s?\n", program, given, near);
            exit(STATUS_USAGE);
        }
    }
}

void session_parse(const struct argp *argp, const char *command, int argc, char **argv, void *input)
{
    char name[64], *given = argv[0];
    snprintf(name, sizeof name, "stanced %s", command);
    argv[0] = name;
    argp_err_exit_status = STATUS_USAGE;
    suggest(argp, name, argc, argv);
    argp_parse(argp, argc, argv, 0, NULL, input);
    argv[0] = given;
}
