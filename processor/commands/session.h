/* What extract, ask and eval have in common: settings, the extractor, one scratch a thread. They read no stream: of the
 * settings, model, knowledge, own_entities, watched_topics, workers, payload_bytes, article_ms and fields.* count. */
#pragma once

#include "processor/commands/ordered.h"
#include "processor/extract/extractor.h"
#include "processor/ingest/article.h"
#include "processor/runtime/options.h"
#include "processor/runtime/settings.h"

enum exit_status { STATUS_DONE, STATUS_INPUT, STATUS_USAGE, STATUS_FATAL }; /* commands.h */

struct session {
    struct settings *settings;
    struct extractor *extractor;
    struct article_fields fields;
    struct article_limits limits;
    size_t thread_count;
};

/* Their settings as options; a child of each command's parser, with a struct options * as its input. The settings of the
 * stream are left to -X, so that --help stays short. */
extern const struct argp session_argp;

/* Puts NAME=VALUE behind the options read so far, for options that stand for a setting. */
void session_set(struct options *options, const char *name, const char *value);

/* Loads settings and model. False with *err ERROR_CONFIG. Free with session_close(). */
bool session_open(struct session *session, struct options *options, bool exact, struct error *err);
void session_close(struct session *session);

/* What every job of session_run() starts with. */
struct session_job {
    struct arena *arena; /* of this job; read() resets it */
};

/* Runs read, work and write of `steps` (commands/ordered.h) on the session's threads. A worker's state is its struct
 * extractor_scratch; jobs are `job_bytes` each, zeroed, with a struct session_job first, `jobs_a_thread` for each thread.
 * err: as ordered_run(). */
bool session_run(const struct session *session, const struct ordered *steps, size_t job_bytes, size_t jobs_a_thread,
                 struct error *err);

/* Prints "stanced COMMAND: text" to stderr; returns the exit status that the error's kind asks for. */
int session_complain(const char *command, const struct error *err);

/* Parses with argp so that wrong usage ends with STATUS_USAGE and messages name the whole command ("stanced extract"). */
void session_parse(const struct argp *argp, const char *command, int argc, char **argv, void *input);
