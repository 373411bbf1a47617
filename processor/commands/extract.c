#include "processor/commands/commands.h"

#include "processor/commands/progress.h"
#include "processor/commands/reader.h"
#include "processor/commands/session.h"
#include "processor/emit/encode.h"
#include "processor/emit/writer.h"
#include "processor/runtime/clock.h"
#include "processor/web/page.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { JOBS_A_THREAD = 4, ARENA_BYTES = 64 * 1024 };
enum { OPTION_FORMAT = 1, OPTION_EXACT, OPTION_HTML, OPTION_PRETTY, OPTION_FIELDS };

/* How a file is cut and read. */
struct form {
    enum reader_split split;
    enum article_format format;
};

/* One record under way. */
struct job {
    struct session_job base; /* first: its arena holds all of this */
    const char *path;
    struct reader_record record;
    enum article_format format;
    struct error err; /* why it could not be read or processed */
    struct view id, output;
};

struct extract {
    struct options options;
    const char *format_name, *html_path;
    bool is_exact, is_pretty;
    char **paths; /* [path_count] */
    size_t path_count;

    struct session session;
    FILE *out;
    struct reader *reader; /* of paths[path_index - 1], or NULL. The reading thread's, as the next four */
    size_t path_index;
    struct form form;
    size_t bytes_before; /* of the files done */
    size_t written_count, failed_count; /* whose turn it is to write */
    _Atomic size_t bytes_done;          /* read by the one, shown by the other */
    struct progress progress;
    int out_errno; /* why nothing more can be written; 0: it can */
};

static const char stdin_path[] = "-";

static bool has_ending(const char *path, size_t len, const char *ending)
{
    size_t ending_len = strlen(ending);
    return len > ending_len && strncasecmp(path + len - ending_len, ending, ending_len) == 0;
}

/* Names say more than content does: of a page that starts with text, of lines that start with a broken one. */
static struct form form_of_name(const char *path)
{
    static const struct {
        const char *ending;
        struct form form;
    } endings[] = {
        {".jsonl", {READER_LINES, ARTICLE_JSON}}, {".ndjson", {READER_LINES, ARTICLE_JSON}},
        {".html", {READER_WHOLE, ARTICLE_HTML}},  {".htm", {READER_WHOLE, ARTICLE_HTML}},
    };
    size_t len = strlen(path);
    if (has_ending(path, len, ".gz"))
        len -= 3;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (has_ending(path, len, endings[i].ending))
            return endings[i].form;
    return (struct form){READER_GUESS, ARTICLE_ANY};
}

static bool form_find(const char *name, struct form *form)
{
    static const struct {
        const char *name;
        struct form form;
    } forms[] = {
        {"any", {READER_GUESS, ARTICLE_ANY}},     {"json", {READER_GUESS, ARTICLE_JSON}},
        {"jsonl", {READER_LINES, ARTICLE_JSON}},  {"protobuf", {READER_WHOLE, ARTICLE_PROTOBUF}},
        {"html", {READER_WHOLE, ARTICLE_HTML}},   {"plain", {READER_WHOLE, ARTICLE_PLAIN}},
        {"text", {READER_WHOLE, ARTICLE_PLAIN}},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, name) == 0) {
            *form = forms[i].form;
            return true;
        }
    return false;
}

static void open_next(struct extract *extract)
{
    const char *path = extract->paths[extract->path_index++];
    if (!form_find(extract->format_name, &extract->form) || strcmp(extract->format_name, "any") == 0)
        extract->form = form_of_name(path);
    extract->reader = reader_open(path, extract->form.split, extract->session.limits.payload_bytes);
}

static void close_reader(struct extract *extract)
{
    extract->bytes_before += reader_consumed(extract->reader);
    reader_close(extract->reader);
    extract->reader = NULL;
}

/* ordered: the next record of the files, copied into the job. */
static bool read_job(void *context, void *state)
{
    struct extract *extract = context;
    struct job *job = state;
    arena_reset(job->base.arena);
    job->err = (struct error){0};
    job->id = job->output = (struct view){0};
    for (;;) {
        if (!extract->reader && extract->path_index == extract->path_count)
            return false;
        if (!extract->reader)
            open_next(extract);
        if (reader_next(extract->reader, &job->record, &job->err))
            break;
        close_reader(extract);
    }
    job->path = extract->paths[extract->path_index - 1];
    job->record.payload = arena_copy(job->base.arena, job->record.payload);
    job->format = job->record.line > 0 ? ARTICLE_JSON : extract->form.format;
    extract->bytes_done = extract->bytes_before + reader_consumed(extract->reader);
    return true;
}

static struct view pretty(struct view document, struct arena *arena)
{
    json_auto_t *root = json_loadb(document.data, document.len, 0, NULL);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    struct view copy = arena_copy(arena, view_of(text ? text : ""));
    free(text);
    return text ? copy : document;
}

static bool process(const struct extract *extract, struct extractor_scratch *scratch, struct job *job)
{
    const struct session *session = &extract->session;
    int64_t deadline_ns = clock_thread_deadline(session->settings->article_ms);
    struct article article;
    struct findings findings;
    if (job->err.kind != ERROR_NONE || !article_decode(job->record.payload, job->format, NULL, &session->fields, &session->limits,
                                                       job->base.arena, &article, &job->err))
        return false;
    job->id = article.id;
    struct extractor_input input = {.text = article.text,
                                    .title = article.title,
                                    .hints = article.hints,
                                    .hint_count = article.hint_count,
                                    .deadline_ns = deadline_ns};
    if (!extractor_run(session->extractor, scratch, &input, job->base.arena, &findings, &job->err))
        return false;
    job->output = encode_document(&article, &findings, extractor_model_name(session->extractor), job->base.arena);
    if (extract->is_pretty && !extract->html_path)
        job->output = pretty(job->output, job->base.arena);
    return true;
}

static struct view error_line(const struct job *job)
{
    struct writer writer = writer_start(job->base.arena, 0);
    writer_open(&writer, '{');
    writer_key(&writer, "id");
    writer_string(&writer, job->id);
    writer_key(&writer, "error");
    writer_string(&writer, arena_print(job->base.arena, "%s: %s", job->err.code, job->err.text));
    writer_close(&writer, '}');
    return writer_result(&writer);
}

/* ordered: everything about one record but the writing. */
static void work_job(void *context, void *worker, void *state)
{
    const struct extract *extract = context;
    struct job *job = state;
    bool is_done = process(extract, worker, job);
    if (!is_done && job->id.len == 0)
        job->id = job->record.payload.len > 0
                      ? article_name(job->record.payload, &extract->session.fields, &extract->session.limits, job->base.arena)
                      : view_of(job->path);
    if (!is_done)
        job->output = error_line(job);
    if (extract->html_path)
        job->output = page_record(job->output, job->base.arena);
}

static void complain(struct extract *extract, const struct job *job)
{
    progress_hide(&extract->progress);
    const char *path = strcmp(job->path, stdin_path) == 0 ? "stdin" : job->path;
    if (job->record.line > 0)
        fprintf(stderr, "stanced extract: %s:%zu: %s\n", path, job->record.line, job->err.text);
    else
        fprintf(stderr, "stanced extract: %s: %s\n", path, job->err.text);
}

/* ordered: in order. Flushed each time, for whoever waits at the other end of a pipe. */
static bool write_job(void *context, void *state)
{
    struct extract *extract = context;
    struct job *job = state;
    if (job->err.kind != ERROR_NONE) {
        extract->failed_count++;
        complain(extract, job);
    }
    bool is_out = fwrite(job->output.data, 1, job->output.len, extract->out) == job->output.len && putc('\n', extract->out) != EOF &&
                  fflush(extract->out) == 0;
    extract->out_errno = is_out ? 0 : errno;
    progress_show(&extract->progress, ++extract->written_count, extract->bytes_done);
    return is_out;
}

static size_t bytes_of(char *const *paths, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        if (stat(paths[i], &status) == 0 && S_ISREG(status.st_mode))
            bytes += (size_t)status.st_size;
    }
    return bytes;
}

static int run_jobs(struct extract *extract)
{
    struct ordered steps = {.context = extract, .read = read_job, .work = work_job, .write = write_job};
    struct error err = {0};
    bool has_run = session_run(&extract->session, &steps, sizeof(struct job), JOBS_A_THREAD, &err);
    progress_hide(&extract->progress);
    if (extract->reader)
        close_reader(extract);
    return has_run ? STATUS_DONE : session_complain("extract", &err);
}

static void put_frame(struct extract *extract, struct view (*make)(struct arena *arena))
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct view html = make(arena);
    fwrite(html.data, 1, html.len, extract->out);
    arena_free(arena);
}

static int extract_all(struct extract *extract)
{
    extract->progress = progress_start(bytes_of(extract->paths, extract->path_count));
    if (extract->html_path)
        put_frame(extract, page_start);
    int status = run_jobs(extract);
    if (extract->html_path)
        put_frame(extract, page_end);
    if (extract->out_errno == 0 && (fflush(extract->out) != 0 || ferror(extract->out)))
        extract->out_errno = errno;
    if (extract->out_errno != 0) {
        fprintf(stderr, "stanced extract: cannot write: %s\n", strerror(extract->out_errno));
        return STATUS_FATAL;
    }
    if (status == STATUS_DONE && extract->failed_count > 0) {
        fprintf(stderr, "stanced extract: %zu of %zu could not be processed\n", extract->failed_count, extract->written_count);
        return STATUS_INPUT;
    }
    return status;
}

static void set_fields(struct extract *extract, const char *argument, struct argp_state *state)
{
    const char *equals = strchr(argument, '=');
    char name[64];
    if (!equals || snprintf(name, sizeof name, "fields.%.*s", (int)(equals - argument), argument) >= (int)sizeof name)
        argp_error(state, "--fields needs WHAT=KEY,..., as in --fields text=body,content");
    else
        session_set(&extract->options, name, equals + 1);
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct extract *extract = state->input;
    struct form form;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &extract->options; return 0;
    case OPTION_FORMAT:
        if (!form_find(argument, &form))
            argp_error(state, "--format is any, json, jsonl, html, plain or protobuf, not %s", argument);
        extract->format_name = argument;
        return 0;
    case OPTION_EXACT: extract->is_exact = true; return 0;
    case OPTION_HTML: extract->html_path = argument; return 0;
    case OPTION_PRETTY: extract->is_pretty = true; return 0;
    case OPTION_FIELDS: set_fields(extract, argument, state); return 0;
    case ARGP_KEY_ARGS:
        extract->paths = state->argv + state->next;
        extract->path_count = (size_t)(state->argc - state->next);
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option option_list[] = {
    {"format", OPTION_FORMAT, "FORMAT", 0, "any, json, jsonl, html, plain or protobuf [any: by name and content]", 0},
    {"html", OPTION_HTML, "OUT", 0, "write an annotated page to look at to OUT (-: stdout) instead of JSON Lines", 0},
    {"fields", OPTION_FIELDS, "WHAT=KEY,...", 0, "which JSON keys hold what: text, html, id, url, title, source, published_at, language or authors", 0},
    {"pretty", OPTION_PRETTY, 0, 0, "indent the JSON: for people, no longer one line a record", 0},
    {"exact", OPTION_EXACT, 0, 0, "plain 32-bit arithmetic: for measuring, slow", 0},
    {0},
};

static const char documentation[] =
    "Reads articles from FILEs or stdin and prints one enriched record a line, in the order given. A FILE is a JSON object, "
    "JSON Lines, a page of HTML or plain text, also packed with gzip."
    "\vWhat cannot be processed gives {\"id\", \"error\"} on its line, a message on stderr, and exit status 1 at the end; "
    "2 is wrong usage or settings, 3 a full disk or the like.";

static int open_out(struct extract *extract)
{
    extract->out = stdout;
    if (!extract->html_path || strcmp(extract->html_path, "-") == 0)
        return STATUS_DONE;
    extract->out = fopen(extract->html_path, "we");
    if (extract->out)
        return STATUS_DONE;
    fprintf(stderr, "stanced extract: %s: cannot write: %s\n", extract->html_path, strerror(errno));
    return STATUS_FATAL;
}

int command_extract(int argc, char **argv)
{
    const struct argp_child children[] = {{&session_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {option_list, parse_option, "[FILE...]", documentation, children, NULL, NULL};
    char *stdin_only[] = {(char *)(uintptr_t)stdin_path};
    struct extract extract = {.format_name = "any", .paths = stdin_only, .path_count = 1};
    session_parse(&argp, "extract", argc, argv, &extract);
    struct error err = {0};
    if (!session_open(&extract.session, &extract.options, extract.is_exact, &err))
        return session_complain("extract", &err);
    int status = open_out(&extract);
    if (status == STATUS_DONE)
        status = extract_all(&extract);
    if (extract.out && extract.out != stdout && fclose(extract.out) != 0)
        status = STATUS_FATAL;
    session_close(&extract.session);
    return status;
}
