#include "processor/commands/commands.h"

#include "processor/commands/question.h"
#include "processor/commands/reader.h"
#include "processor/commands/session.h"
#include "processor/emit/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS_A_THREAD = 16 };
enum { OPTION_EXACT = 1 };

struct job {
    struct session_job base; /* first: its arena holds all of this */
    struct view line;
    size_t number;
    struct question question;
    struct error err;
    struct view output;
};

struct ask {
    struct options options;
    bool is_exact;

    struct session session;
    struct reader *reader; /* the reading thread's */
    size_t written_count, failed_count; /* whose turn it is to write */
    int out_errno; /* his too: why nothing more can be written; 0: it can */
};

/* ordered: the next line, copied into the job. */
static bool read_job(void *context, void *state)
{
    struct ask *ask = context;
    struct job *job = state;
    struct reader_record record;
    arena_reset(job->base.arena);
    job->err = (struct error){0};
    job->question = (struct question){0};
    if (!reader_next(ask->reader, &record, &job->err))
        return false;
    job->line = arena_copy(job->base.arena, record.payload);
    job->number = record.line;
    return true;
}

static void put_answer(struct writer *writer, const float probabilities[3])
{
    static const char *const names[] = {"against", "none", "for"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        writer_key(writer, names[i]);
        writer_score(writer, (double)probabilities[i]);
    }
}

static void put_id(struct writer *writer, const struct job *job)
{
    if (job->question.id.len == 0 && job->err.kind == ERROR_NONE)
        return;
    writer_key(writer, "id");
    if (job->question.id.len > 0) {
        writer_bytes(writer, job->question.id); /* JSON already */
        writer->follows = true;
    } else {
        writer_string(writer, arena_print(job->base.arena, "line %zu", job->number));
    }
}

/* ordered: the answer, or why there is none. */
static void work_job(void *context, void *worker, void *state)
{
    const struct ask *ask = context;
    struct job *job = state;
    float probabilities[3];
    const struct question *question = &job->question;
    if (job->err.kind == ERROR_NONE && question_decode(job->line, job->base.arena, &job->question, &job->err))
        extractor_ask(ask->session.extractor, worker, question->text, question->has_source ? &question->source : NULL,
                      question->target, job->base.arena, probabilities, &job->err);
    struct writer writer = writer_start(job->base.arena, 0);
    writer_open(&writer, '{');
    put_id(&writer, job);
    if (job->err.kind == ERROR_NONE) {
        put_answer(&writer, probabilities);
    } else {
        writer_key(&writer, "error");
        writer_string(&writer, arena_print(job->base.arena, "%s: %s", job->err.code, job->err.text));
    }
    writer_close(&writer, '}');
    job->output = writer_result(&writer);
}

/* ordered: in order. Flushed each time, for whoever waits at the other end of a pipe. */
static bool write_job(void *context, void *state)
{
    struct ask *ask = context;
    const struct job *job = state;
    ask->written_count++;
    if (job->err.kind != ERROR_NONE) {
        ask->failed_count++;
        fprintf(stderr, "stanced ask: line %zu: %s\n", job->number, job->err.text);
    }
    bool is_out = fwrite(job->output.data, 1, job->output.len, stdout) == job->output.len && putchar('\n') != EOF && fflush(stdout) == 0;
    ask->out_errno = is_out ? 0 : errno;
    return is_out;
}

static int answer_all(struct ask *ask)
{
    struct ordered steps = {.context = ask, .read = read_job, .work = work_job, .write = write_job};
    struct error err = {0};
    if (!session_run(&ask->session, &steps, sizeof(struct job), JOBS_A_THREAD, &err))
        return session_complain("ask", &err);
    if (ask->out_errno != 0) {
        fprintf(stderr, "stanced ask: cannot write: %s\n", strerror(ask->out_errno));
        return STATUS_FATAL;
    }
    return ask->failed_count > 0 ? STATUS_INPUT : STATUS_DONE;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct ask *ask = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &ask->options; return 0;
    case OPTION_EXACT: ask->is_exact = true; return 0;
    case ARGP_KEY_ARG: argp_error(state, "questions come on stdin; what is \"%s\"?", argument); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option option_list[] = {
    {"exact", OPTION_EXACT, 0, 0, "plain 32-bit arithmetic: for measuring, slow", 0},
    {0},
};

static const char documentation[] =
    "Reads questions as JSON Lines from stdin, {\"text\", \"source\": {\"start\", \"end\"} or null, \"target\": {\"start\", "
    "\"end\"}}, and prints a line for each, in order: the probabilities {\"against\", \"none\", \"for\"} of the source's stance "
    "toward the target. Offsets are code points. Source null asks what the text itself says of the target; an \"id\" is given back."
    "\vWhat cannot be processed gives {\"id\", \"error\"} on its line, a message on stderr, and exit status 1 at the end.";

int command_ask(int argc, char **argv)
{
    const struct argp_child children[] = {{&session_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {option_list, parse_option, "", documentation, children, NULL, NULL};
    struct ask ask = {.is_exact = false};
    session_parse(&argp, "ask", argc, argv, &ask);
    struct error err = {0};
    if (!session_open(&ask.session, &ask.options, ask.is_exact, &err))
        return session_complain("ask", &err);
    ask.reader = reader_open("-", READER_LINES, ask.session.limits.payload_bytes);
    int status = answer_all(&ask);
    reader_close(ask.reader);
    session_close(&ask.session);
    return status;
}
