#include "processor/commands/session.h"

#include "processor/runtime/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 256 * 1024 };

void session_set(struct options *options, const char *name, const char *value)
{
    size_t bytes = strlen(name) + 1 + strlen(value) + 1;
    char *assignment = memory_take(bytes);
    snprintf(assignment, bytes, "%s=%s", name, value);
    options->assignments = memory_resize(options->assignments, options->count + 1, sizeof *options->assignments);
    options->assignments[options->count++] = assignment;
}

bool session_open(struct session *session, struct options *options, bool exact, struct error *err)
{
    *session = (struct session){.settings = options_load(options, err)};
    if (!session->settings)
        return false;
    const struct settings *settings = session->settings;
    struct extractor_options extractor_options = {
        .model_path = settings->model,
        .knowledge_path = *settings->knowledge ? settings->knowledge : NULL,
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

void session_parse(const struct argp *argp, const char *command, int argc, char **argv, void *input)
{
    char name[64], *given = argv[0];
    snprintf(name, sizeof name, "stanced %s", command);
    argv[0] = name;
    argp_err_exit_status = STATUS_USAGE;
    argp_parse(argp, argc, argv, 0, NULL, input);
    argv[0] = given;
}
