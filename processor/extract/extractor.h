/* The whole reading of one article: regions, sentences, windows through the encoder, names, attributions, entities,
 * stances. Pure computation: no Kafka, no files after open. */
#pragma once

#include "processor/extract/findings.h"
#include "processor/runtime/arena.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"

#include <stdatomic.h>

struct extractor;
struct extractor_scratch;

struct extractor_options {
    const char *model_path;     /* models/stanced-en-small.bin */
    const char *knowledge_path; /* models/knowledge.bin; NULL: no identifiers */
    const char *own_path;       /* CSV of the user's own entities, or NULL; needs knowledge_path */
    const struct settings_topics *topics; /* watched; NULL: none. Not needed after opening */
    bool exact;                 /* plain f32 arithmetic: for measuring, slow */
};

/* One article's text, as ingest made it. Valid UTF-8, at most UINT32_MAX bytes. */
struct extractor_input {
    struct view text;
    struct view title;             /* of the record; empty if none. Context only: offsets never point into it */
    const struct text_hint *hints; /* [hint_count], from html; may be NULL */
    size_t hint_count;
    int64_t deadline_ns;           /* of clock_thread_deadline(), looked at once a window; 0: none */
    const struct pronouns_listener *listener; /* NULL, or who learns how pronouns are settled */
    const atomic_bool *is_over;    /* NULL, or set as soon as nobody wants the findings any more: as if the deadline had passed */
};

/* Opens model and knowledge, compiles the topics. err: ERROR_CONFIG. Thread: any; const after open, shared by workers. */
struct extractor *extractor_new(const struct extractor_options *options, struct error *err);
void extractor_free(struct extractor *extractor);

/* One worker's buffers. Thread: owner. */
struct extractor_scratch *extractor_scratch_new(const struct extractor *extractor);
void extractor_scratch_free(struct extractor_scratch *scratch);

/* Reads one article. Everything in *out lives in `arena`. Deterministic: the same input gives the same findings.
 *   err  ERROR_INPUT "text.blank" (nothing but white space), "article.deadline". Written on success only. */
bool extractor_run(const struct extractor *extractor, struct extractor_scratch *scratch,
                   const struct extractor_input *input, struct arena *arena, struct findings *out, struct error *err);

/* The stance in `text` of the mention `source` toward `target` (byte spans); source NULL: what the text itself says of
 * the target. probabilities: against, none, for. err: ERROR_INPUT "ask.span" where a span is empty, outside or no word. */
bool extractor_ask(const struct extractor *extractor, struct extractor_scratch *scratch, struct view text,
                   const struct span *source, struct span target, struct arena *arena, float probabilities[3],
                   struct error *err);

/* Name of the model ("stanced-en-1") and of the kernels in use; constants. */
const char *extractor_model_name(const struct extractor *extractor);
const char *extractor_kernel_name(const struct extractor *extractor);
