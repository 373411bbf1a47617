#include "processor/ingest/schemas.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/fetch.h"
#include "processor/runtime/memory.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { WAYS = 8, SETS = SCHEMAS_MOST / WAYS, ANSWER_BYTES_MOST = 2 * SCHEMA_TEXT_BYTES_MOST, UNKNOWN_ID = 40403, PATH_BYTES = 64 };

/* A schema and a message in it. */
struct key {
    uint32_t id, index_count;
    uint32_t indexes[FRAME_INDEXES_MOST]; /* [index_count], zero behind them */
};

struct entry {
    struct key key;
    bool is_used;
    struct error *refusal; /* own; NULL: there is a schema */
    int64_t until_ms;      /* when a refusal is asked for again */
    uint64_t touched;
    struct schema schema;
};

struct schemas {
    const char *url;
    const struct article_fields *fields;
    pthread_mutex_t asking; /* held while a request is out; protects pause_ms, until_ms, trouble */
    int64_t pause_ms, until_ms;
    struct error trouble;
    pthread_mutex_t lock; /* protects what follows; taken after asking */
    uint64_t touches;
    struct entry entries[SETS][WAYS];
    atomic_bool is_over;
    _Atomic int64_t away_ms; /* until then it counts as away; 0: it answered last */
    atomic_int_fast64_t found, refused, away;
};

struct schemas *schemas_new(const char *url, const struct article_fields *fields)
{
    struct schemas *schemas = memory_new(1, sizeof *schemas);
    schemas->url = url;
    schemas->fields = fields;
    pthread_mutex_init(&schemas->asking, NULL);
    pthread_mutex_init(&schemas->lock, NULL);
    return schemas;
}

void schemas_free(struct schemas *schemas)
{
    if (schemas == NULL)
        return;
    for (size_t i = 0; i < SCHEMAS_MOST; i++)
        free(schemas->entries[i / WAYS][i % WAYS].refusal);
    pthread_mutex_destroy(&schemas->asking);
    pthread_mutex_destroy(&schemas->lock);
    free(schemas);
}

static struct key key_of(const struct frame *frame)
{
    struct key key = {.id = frame->schema_id, .index_count = frame->index_count};
    memcpy(key.indexes, frame->indexes, frame->index_count * sizeof *frame->indexes);
    return key;
}

static struct entry *set_of(struct schemas *schemas, const struct key *key)
{
    uint32_t hash = key->id * 2654435761U;
    for (uint32_t i = 0; i < key->index_count; i++)
        hash = (hash ^ key->indexes[i]) * 2654435761U;
    return schemas->entries[(hash >> 16) % SETS];
}

/* True: the answer is known, in *refusal and, without one, *schema. */
static bool look_up(struct schemas *schemas, const struct key *key, struct schema *schema, struct error *refusal)
{
    bool is_known = false;
    pthread_mutex_lock(&schemas->lock);
    struct entry *set = set_of(schemas, key);
    for (size_t i = 0; i < WAYS && !is_known; i++) {
        if (!set[i].is_used || memcmp(&set[i].key, key, sizeof *key) != 0)
            continue;
        if (set[i].refusal != NULL && clock_now_ms() >= set[i].until_ms)
            break;
        is_known = true;
        set[i].touched = ++schemas->touches;
        *refusal = set[i].refusal != NULL ? *set[i].refusal : (struct error){0};
        *schema = set[i].schema;
    }
    pthread_mutex_unlock(&schemas->lock);
    return is_known;
}

static void keep(struct schemas *schemas, const struct key *key, const struct schema *schema, const struct error *refusal)
{
    pthread_mutex_lock(&schemas->lock);
    struct entry *set = set_of(schemas, key), *oldest = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(&set[i].key, key, sizeof *key) == 0) {
            oldest = &set[i];
            break;
        }
        if (set[i].touched < oldest->touched)
            oldest = &set[i];
    }
    free(oldest->refusal);
    *oldest = (struct entry){.key = *key, .is_used = true, .touched = ++schemas->touches, .schema = *schema};
    if (refusal->kind != ERROR_NONE) {
        oldest->refusal = memory_new(1, sizeof *refusal);
        *oldest->refusal = *refusal;
        oldest->until_ms = clock_now_ms() + SCHEMAS_UNKNOWN_MS;
    }
    pthread_mutex_unlock(&schemas->lock);
}

/* Reads the registry's answer 200. */
static bool read_schema(struct schemas *schemas, const struct key *key, const json_t *root, struct schema *schema, struct error *err)
{
    const char *kind = json_string_value(json_object_get(root, "schemaType"));
    const json_t *text = json_object_get(root, "schema");
    if (kind != NULL && strcmp(kind, "JSON") == 0) {
        *schema = (struct schema){.kind = SCHEMA_JSON};
        return true;
    }
    if (kind == NULL || strcmp(kind, "PROTOBUF") != 0)
        return error_set(err, ERROR_INPUT, "schema.kind", "schema %u is %.40s; what is read is JSON Schema and Protobuf", key->id,
                         kind != NULL ? kind : "Avro");
    const struct view proto = {.data = json_string_value(text), .len = json_string_length(text)};
    struct error why = {0};
    if (schema_read_proto(proto, key->indexes, key->index_count, schemas->fields, schema, &why))
        return true;
    return error_set(err, why.kind, why.code, "schema %u: %.400s", key->id, why.text);
}

/* One request. True: there is an answer to keep. */
static bool ask(struct schemas *schemas, const struct key *key, struct schema *schema, struct error *refusal)
{
    char path[PATH_BYTES];
    struct fetch_answer answer;
    snprintf(path, sizeof path, "/schemas/ids/%u", key->id);
    char *url = fetch_url(schemas->url, path);
    const struct fetch_request request = {
        .url = url, .accept = "application/vnd.schemaregistry.v1+json", .timeout_ms = SCHEMAS_ASK_MS, .is_over = &schemas->is_over};
    fetch(&request, ANSWER_BYTES_MOST, &answer);
    json_auto_t *root = answer.status > 0 ? json_loadb(answer.text, answer.len, 0, NULL) : NULL;
    bool is_unknown = answer.status == 404 && json_integer_value(json_object_get(root, "error_code")) == UNKNOWN_ID;
    bool has_answer = is_unknown || (answer.status == 200 && json_is_string(json_object_get(root, "schema")));
    *refusal = (struct error){0};
    if (is_unknown)
        error_set(refusal, ERROR_INPUT, "schema.unknown", "the schema registry does not know schema %u", key->id);
    else if (has_answer)
        read_schema(schemas, key, root, schema, refusal);
    else if (answer.status > 0)
        error_set(&schemas->trouble, ERROR_RETRY, "schema.away", "the schema registry answers %ld to %.300s", answer.status, path);
    else
        error_set(&schemas->trouble, ERROR_RETRY, "schema.away", "the schema registry does not answer: %.300s", answer.problem);
    atomic_fetch_add(!has_answer ? &schemas->away : refusal->kind != ERROR_NONE ? &schemas->refused : &schemas->found, 1);
    free(url);
    fetch_done(&answer);
    return has_answer;
}

/* Asks, unless another thread has meanwhile, or nobody should for now. */
static bool find_out(struct schemas *schemas, const struct key *key, struct schema *schema, struct error *refusal)
{
    pthread_mutex_lock(&schemas->asking);
    bool is_known = look_up(schemas, key, schema, refusal);
    if (!is_known && clock_now_ms() >= schemas->until_ms && !atomic_load(&schemas->is_over)) {
        schemas->trouble = (struct error){0};
        is_known = ask(schemas, key, schema, refusal);
        if (is_known)
            keep(schemas, key, schema, refusal);
        schemas->pause_ms = is_known                ? 0
                            : schemas->pause_ms == 0 ? SCHEMAS_PAUSE_MS
                            : schemas->pause_ms > SCHEMAS_PAUSE_MOST_MS / 2 ? SCHEMAS_PAUSE_MOST_MS
                                                                            : schemas->pause_ms * 2;
        schemas->until_ms = clock_now_ms() + schemas->pause_ms;
        atomic_store(&schemas->away_ms, is_known ? 0 : schemas->until_ms + 2 * SCHEMAS_ASK_MS);
    }
    if (!is_known)
        *refusal = schemas->trouble;
    pthread_mutex_unlock(&schemas->asking);
    return is_known;
}

bool schemas_find(struct schemas *schemas, struct view payload, struct schema *out, struct error *err)
{
    struct frame frame;
    struct error broken = {0}, refusal = {0};
    struct schema schema = {0};
    /* What follows the id of an Avro schema is no path: the registry says first what it is. */
    bool has_path = frame_decode(payload, &frame, &broken);
    if (!has_path && !frame_has_id(payload, &frame))
        return error_set(err, broken.kind, broken.code, "%s", broken.text);
    const struct key key = key_of(&frame);
    if (!look_up(schemas, &key, &schema, &refusal) && !find_out(schemas, &key, &schema, &refusal))
        return error_set(err, ERROR_RETRY, "schema.away", "%s", refusal.kind != ERROR_NONE ? refusal.text : "the process is to stop");
    if (refusal.kind != ERROR_NONE && !has_path && strcmp(refusal.code, "schema.message") == 0)
        refusal = broken;
    if (refusal.kind != ERROR_NONE)
        return error_set(err, refusal.kind, refusal.code, "%s", refusal.text);
    *out = schema;
    return true;
}

bool schemas_is_away(const struct schemas *schemas)
{
    return clock_now_ms() < atomic_load(&schemas->away_ms);
}

void schemas_stop(struct schemas *schemas)
{
    atomic_store(&schemas->is_over, true);
}

struct schemas_counts schemas_count(const struct schemas *schemas)
{
    return (struct schemas_counts){atomic_load(&schemas->found), atomic_load(&schemas->refused), atomic_load(&schemas->away)};
}
