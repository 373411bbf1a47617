/* What a worker does with one record: decode, extract, encode. Pure computation, no Kafka.
 *
 * The result is one block of memory, so that the worker's arena is free for the next record while the result waits for
 * its turn to be committed, and so that it can be counted. */
#pragma once

#include "processor/emit/registry.h"
#include "processor/extract/extractor.h"
#include "processor/ingest/schemas.h"
#include "processor/runtime/settings.h"

struct worker;

struct outcome {
    struct error err;       /* ERROR_NONE, or ERROR_INPUT: no records but a dead letter */
    unsigned attempts;      /* how often it was tried, this time included */
    struct records records; /* inside this block */
    size_t bytes;           /* of this block */
    size_t entity_count, stance_count;
    bool is_repeated;       /* the findings are those of an earlier article with the same text */
    int64_t work_ns;
};

/* Where a worker takes schemas from; all outlive it. */
struct worker_registries {
    const struct registry *out; /* NULL: records are not framed */
    struct schemas *in;         /* NULL: frames of articles are taken off without asking what they mean */
};

/* Everything one thread needs. The arguments outlive it. */
struct worker *worker_new(const struct settings *settings, const struct extractor *extractor, const struct worker_registries *registries);
void worker_free(struct worker *worker); /* NULL is fine */

/* Looks the schema of a framed payload up, for the worker_process() that follows; others need none. Waits for the registry.
 * err: ERROR_INPUT, ERROR_RETRY as schemas_find(). Thread: owner. */
bool worker_find_schema(struct worker *worker, struct view payload, struct view content_type, struct error *err);

/* Reads one payload; `content_type` of its header, or empty. Free the result with free(). Thread: owner. */
struct outcome *worker_process(struct worker *worker, struct view payload, struct view content_type);

/* Whatever it is at, nobody wants the outcome any more: it ends soon, with an error. Nothing else can be read after that.
 * Thread: any. */
void worker_give_up(struct worker *worker);

/* The outcome of a record that is not read. Free it with free(). Thread: any. */
struct outcome *worker_refuse(const struct error *err);
