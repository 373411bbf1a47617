#include "processor/worker.h"

#include "processor/extract/memo.h"
#include "processor/ingest/article.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/fault.h"
#include "processor/runtime/memory.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 256 * 1024 };

struct worker {
    const struct settings *settings;
    const struct extractor *extractor;
    struct worker_registries registries;
    struct schema schema; /* of the record in hand */
    bool has_schema;
    struct article_fields fields;
    struct article_limits limits;
    struct arena *arena; /* of the record in hand */
    struct extractor_scratch *scratch;
    struct memo *memo; /* NULL: nothing is kept */
    atomic_bool is_over;
};

struct worker *worker_new(const struct settings *settings, const struct extractor *extractor, const struct worker_registries *registries)
{
    struct worker *worker = memory_new(1, sizeof *worker);
    *worker = (struct worker){
        .settings = settings,
        .extractor = extractor,
        .registries = *registries,
        .fields = article_fields_of(settings),
        .limits = article_limits_default,
        .arena = arena_new(ARENA_BYTES),
        .scratch = extractor_scratch_new(extractor),
        .memo = memo_new((size_t)settings->memo_bytes),
    };
    worker->limits.payload_bytes = (size_t)settings->payload_bytes;
    return worker;
}

void worker_free(struct worker *worker)
{
    if (worker == NULL)
        return;
    extractor_scratch_free(worker->scratch);
    memo_free(worker->memo);
    arena_free(worker->arena);
    free(worker);
}

/* Copies the records, with their frames, into one block behind the outcome itself. */
static struct outcome *pack(const struct records *records, const struct registry *registry)
{
    size_t bytes = sizeof(struct outcome) + records->count * sizeof(struct record);
    for (size_t i = 0; i < records->count; i++)
        bytes += records->items[i].key.len + records->items[i].value.len + registry_frame(registry, records->items[i].topic).len;
    struct outcome *outcome = memory_take(bytes);
    *outcome = (struct outcome){.bytes = bytes, .records = {.count = records->count, .items = (struct record *)(outcome + 1)}};
    char *to = (char *)(outcome->records.items + records->count);
    for (size_t i = 0; i < records->count; i++) {
        struct record record = records->items[i];
        memcpy(to, record.key.data, record.key.len);
        record.key.data = to;
        to += record.key.len;
        struct view frame = registry_frame(registry, record.topic);
        if (frame.len > 0)
            memcpy(to, frame.data, frame.len);
        memcpy(to + frame.len, record.value.data, record.value.len);
        record.value.data = to;
        record.value.len += frame.len;
        to += record.value.len;
        outcome->records.items[i] = record;
    }
    return outcome;
}

struct reading_result {
    struct findings findings;
    bool is_repeated;
};

static bool read_article(struct worker *worker, struct view payload, enum article_format format, struct article *article,
                         struct reading_result *result, struct error *err)
{
    int64_t deadline_ns = clock_thread_deadline(worker->settings->article_ms);
    if (!article_decode(payload, format, worker->has_schema ? &worker->schema : NULL, &worker->fields, &worker->limits, worker->arena, article, err))
        return false;
    fault_reach("worker", article->id);
    const struct extractor_input input = {
        .text = article->text,
        .title = article->title,
        .hints = article->hints,
        .hint_count = article->hint_count,
        .deadline_ns = deadline_ns,
        .is_over = &worker->is_over,
    };
    result->is_repeated = memo_find(worker->memo, &input, &result->findings);
    if (result->is_repeated)
        return true;
    if (!extractor_run(worker->extractor, worker->scratch, &input, worker->arena, &result->findings, err))
        return false;
    memo_add(worker->memo, &input, &result->findings);
    return true;
}

static enum article_format format_of(const struct worker *worker, struct view content_type)
{
    enum article_format format = article_format_of(content_type);
    return format != ARTICLE_ANY ? format : (enum article_format)worker->settings->format_in;
}

bool worker_find_schema(struct worker *worker, struct view payload, struct view content_type, struct error *err)
{
    bool needs_one = worker->registries.in != NULL && article_is_framed(payload, format_of(worker, content_type));
    worker->has_schema = needs_one && schemas_find(worker->registries.in, payload, &worker->schema, err);
    return worker->has_schema || !needs_one;
}

struct outcome *worker_process(struct worker *worker, struct view payload, struct view content_type)
{
    int64_t start_ns = clock_now_ns();
    enum article_format format = format_of(worker, content_type);
    struct article article;
    struct reading_result result = {.is_repeated = false};
    struct error err = {0};
    struct records records = {0};
    if (read_article(worker, payload, format, &article, &result, &err))
        records = encode_article(&article, &result.findings, extractor_model_name(worker->extractor),
                                 (enum encode_format)worker->settings->format_out, worker->arena);
    struct outcome *outcome = pack(&records, worker->registries.out);
    outcome->err = err;
    outcome->attempts = 1;
    outcome->entity_count = result.findings.entity_count;
    outcome->stance_count = result.findings.stance_count;
    outcome->is_repeated = result.is_repeated;
    outcome->work_ns = clock_now_ns() - start_ns;
    arena_reset(worker->arena);
    return outcome;
}

void worker_give_up(struct worker *worker)
{
    atomic_store(&worker->is_over, true);
}

struct outcome *worker_refuse(const struct error *err)
{
    struct outcome *outcome = pack(&(struct records){0}, NULL);
    outcome->err = *err;
    outcome->attempts = 1;
    return outcome;
}
