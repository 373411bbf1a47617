/* Files, figures and the extractor over many texts: what the tasks of eval.h share. */
#include "processor/commands/eval.h"

#include "processor/commands/progress.h"
#include "processor/commands/reader.h"
#include "processor/emit/writer.h"
#include "processor/runtime/memory.h"
#include "processor/text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MOST = 1 << 30, JOBS_A_THREAD = 4 };

bool eval_read(struct eval *eval, const char *path, struct view *bytes, struct error *err)
{
    struct reader *reader = reader_open(path, READER_WHOLE, FILE_BYTES_MOST);
    struct reader_record record;
    struct error why = {0};
    bool is_read = reader_next(reader, &record, &why) && why.kind == ERROR_NONE;
    if (is_read)
        *bytes = utf8_repaired(arena_copy(eval->arena, record.payload), eval->arena);
    else
        error_set(err, ERROR_INPUT, why.code, "%s: %s", path, why.text);
    reader_close(reader);
    return is_read;
}

bool eval_read_lines(struct eval *eval, const char *path, struct eval_lines *lines, struct error *err)
{
    struct view bytes;
    if (!eval_read(eval, path, &bytes, err))
        return false;
    size_t most = 1;
    for (size_t i = 0; i < bytes.len; i++)
        most += bytes.data[i] == '\n';
    *lines = (struct eval_lines){.items = arena_take(eval->arena, most * sizeof *lines->items)};
    for (size_t from = 0; from < bytes.len;) {
        const char *newline = memchr(bytes.data + from, '\n', bytes.len - from);
        size_t end = newline ? (size_t)(newline - bytes.data) : bytes.len;
        lines->items[lines->count++] = view_slice(bytes, from, end);
        from = end + 1;
    }
    return true;
}

bool eval_read_rows(struct eval *eval, const char *path, struct eval_rows *rows, struct error *err)
{
    struct eval_lines lines;
    *rows = (struct eval_rows){0};
    if (!eval_read_lines(eval, path, &lines, err))
        return false;
    rows->items = arena_take(eval->arena, lines.count * sizeof *rows->items);
    for (size_t i = 0; i < lines.count; i++) {
        if (lines.items[i].len == 0)
            continue;
        json_error_t why;
        json_t *row = json_loadb(lines.items[i].data, lines.items[i].len, 0, &why);
        if (!json_is_object(row)) {
            json_decref(row);
            return error_set(err, ERROR_INPUT, "eval.format", "%s: line %zu is no JSON object", path, i + 1);
        }
        rows->items[rows->count++] = row;
    }
    return true;
}

void eval_rows_free(struct eval_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        json_decref(rows->items[i]);
    *rows = (struct eval_rows){0};
}

struct view eval_string(const json_t *value)
{
    return (struct view){.data = json_string_value(value), .len = json_string_length(value)};
}

struct eval_text *eval_texts(struct eval *eval, const struct eval_rows *rows)
{
    struct eval_text *texts = arena_take_zeroed(eval->arena, rows->count + 1, sizeof *texts);
    for (size_t i = 0; i < rows->count; i++)
        texts[i].text = eval_string(json_object_get(rows->items[i], "text"));
    return texts;
}

/* Jobs of one run over many items: the work is done in parallel, what comes of it is taken in order. */
struct run {
    struct eval *eval;
    size_t next, count, done;
    struct progress progress;
    struct eval_question *questions;
    const struct eval_text *texts;
    eval_collect *collect;
    void *context;
};

struct job {
    struct session_job base;
    size_t index;
    bool is_found;
    struct findings findings;
    struct error err;
};

static bool read_job(void *context, void *state)
{
    struct run *run = context;
    struct job *job = state;
    if (run->next == run->count)
        return false;
    arena_reset(job->base.arena);
    job->index = run->next++;
    job->err = (struct error){0};
    return true;
}

static void work_question(void *context, void *worker, void *state)
{
    const struct run *run = context;
    struct job *job = state;
    struct eval_question *question = &run->questions[job->index];
    float probabilities[3] = {0, 1, 0};
    if (question->target.start == question->target.end || (question->has_source && question->source.start == question->source.end))
        error_set(&job->err, ERROR_INPUT, "ask.span", "a span is empty");
    else
        extractor_ask(run->eval->session.extractor, worker, question->text, question->has_source ? &question->source : NULL,
                      question->target, job->base.arena, probabilities, &job->err);
    question->against = writer_rounded((double)probabilities[0]);
    question->none = writer_rounded((double)probabilities[1]);
    question->favour = writer_rounded((double)probabilities[2]);
}

static void work_text(void *context, void *worker, void *state)
{
    const struct run *run = context;
    struct job *job = state;
    const struct eval_text *text = &run->texts[job->index];
    struct article article = {.title = text->title, .text = text->text};
    job->is_found = text->text.len > 0 || article_decode(text->html, ARTICLE_HTML, NULL, NULL, NULL, job->base.arena, &article, &job->err);
    struct extractor_input input = {
        .text = article.text, .title = article.title, .hints = article.hints, .hint_count = article.hint_count};
    job->is_found = job->is_found && extractor_run(run->eval->session.extractor, worker, &input, job->base.arena,
                                                   &job->findings, &job->err);
}

static bool write_job(void *context, void *state)
{
    struct run *run = context;
    struct job *job = state;
    if (job->err.kind != ERROR_NONE) {
        progress_hide(&run->progress);
        fprintf(stderr, "stanced eval: item %zu: %s\n", job->index + 1, job->err.text);
    }
    if (run->collect)
        run->collect(run->context, job->index, job->is_found ? &job->findings : NULL);
    run->done++;
    progress_show(&run->progress, run->done, run->done);
    return true;
}

static bool run_all(struct run *run, void (*work)(void *context, void *worker, void *job), struct error *err)
{
    struct ordered steps = {.context = run, .read = read_job, .work = work, .write = write_job};
    run->progress = progress_start(run->count);
    bool has_run = session_run(&run->eval->session, &steps, sizeof(struct job), JOBS_A_THREAD, err);
    progress_hide(&run->progress);
    return has_run;
}

bool eval_ask(struct eval *eval, struct eval_question *questions, size_t count, struct error *err)
{
    struct run run = {.eval = eval, .count = count, .questions = questions};
    return run_all(&run, work_question, err);
}

bool eval_extract(struct eval *eval, const struct eval_text *texts, size_t count, eval_collect *collect, void *context,
                  struct error *err)
{
    struct run run = {.eval = eval, .count = count, .texts = texts, .collect = collect, .context = context};
    return run_all(&run, work_text, err);
}

double eval_share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

double eval_precision(const struct eval_counts *counts)
{
    return eval_share((double)counts->right, (double)counts->said);
}

double eval_recall(const struct eval_counts *counts)
{
    return eval_share((double)counts->right, (double)counts->wanted);
}

double eval_f1(const struct eval_counts *counts)
{
    return eval_share(2 * (double)counts->right, (double)(counts->said + counts->wanted));
}

double eval_class_f1(const int *gold, const int *said, size_t count, int class)
{
    struct eval_counts counts = {0};
    for (size_t i = 0; i < count; i++) {
        counts.right += gold[i] == class && said[i] == class;
        counts.said += said[i] == class;
        counts.wanted += gold[i] == class;
    }
    return eval_f1(&counts);
}

struct eval_runes eval_runes_of(struct eval *eval, struct view text)
{
    struct eval_runes runes = {.items = arena_take(eval->arena, (text.len + 1) * sizeof *runes.items)};
    for (size_t position = 0; position < text.len;)
        runes.items[runes.count++] = utf8_next(text, &position);
    return runes;
}

uint32_t eval_byte_of(struct view text, int64_t number)
{
    size_t position = 0;
    for (int64_t i = 0; i < number && position < text.len; i++)
        utf8_next(text, &position);
    return (uint32_t)position;
}
