/* What the tasks of `stanced eval` share: files, the extractor over many texts, and how figures are written.
 *
 * The measures are those of the published scorers of each data set; each task's file names them. Items go through the
 * extractor as those of `extract` and `ask` do, scores rounded as they are printed there. */
#pragma once

#include "processor/commands/session.h"
#include "processor/extract/findings.h"

#include <jansson.h>

struct eval {
    const char *path;       /* of the data set */
    const char *train_path; /* dse: rows that stand here too are counted apart; or NULL */
    const char *text_path;  /* names: JSON Lines {"id", "text"} of the raw documents; or NULL */
    struct session session;
    struct arena *arena; /* all that is read and found */
};

/* A task reads eval->path and prints its figures to stdout. err: ERROR_INPUT "file.*", "eval.format". */
typedef bool eval_task(struct eval *eval, struct error *err);
eval_task eval_names, eval_dse, eval_newsmtsc, eval_polnear, eval_seesaw, eval_linking, eval_pages;

/* The whole file, unpacked, in eval->arena. */
bool eval_read(struct eval *eval, const char *path, struct view *bytes, struct error *err);

struct eval_lines {
    struct view *items; /* [count], without line ends; blank ones too */
    size_t count;
};
bool eval_read_lines(struct eval *eval, const char *path, struct eval_lines *lines, struct error *err);

/* The JSON object of each line that is not blank. Free with eval_rows_free(), also after false. */
struct eval_rows {
    json_t **items; /* [count] */
    size_t count;
};
bool eval_read_rows(struct eval *eval, const char *path, struct eval_rows *rows, struct error *err);
void eval_rows_free(struct eval_rows *rows);

/* The second part of seesaw: the polarity of stances whose ends are given. */
bool eval_polarity(struct eval *eval, const struct eval_rows *rows, struct error *err);

struct view eval_string(const json_t *value); /* borrowed; empty for anything else */

/* One question of `ask` and its answer, rounded as it is printed. */
struct eval_question {
    struct view text;
    bool has_source;
    struct span source, target; /* bytes; where one is empty the answer is "none" */
    double against, none, favour;
};
bool eval_ask(struct eval *eval, struct eval_question *questions, size_t count, struct error *err);

/* One text for the extractor. What was found is handed to collect(), in order and one at a time, and is gone afterwards;
 * NULL where the text could not be read. */
struct eval_text {
    struct view title, text; /* valid UTF-8 */
    struct view html;        /* read where text is empty */
};
/* The "text" of each row, in eval->arena. */
struct eval_text *eval_texts(struct eval *eval, const struct eval_rows *rows);
typedef void eval_collect(void *context, size_t index, const struct findings *findings);
bool eval_extract(struct eval *eval, const struct eval_text *texts, size_t count, eval_collect *collect, void *context,
                  struct error *err);

/* What was right, said and asked for, and what comes of it. 0 / 0 is 0. */
struct eval_counts {
    size_t right, said, wanted;
};
double eval_precision(const struct eval_counts *counts);
double eval_recall(const struct eval_counts *counts);
double eval_f1(const struct eval_counts *counts);
double eval_share(double part, double whole);

/* F1 of class `class` over `count` pairs of labels. */
double eval_class_f1(const int *gold, const int *said, size_t count, int class);

/* The code points of valid UTF-8, in eval->arena: [count]. */
struct eval_runes {
    uint32_t *items;
    size_t count;
};
struct eval_runes eval_runes_of(struct eval *eval, struct view text);

/* The byte before which `number` code points stand; text.len where it has fewer. Linear. */
uint32_t eval_byte_of(struct view text, int64_t number);
