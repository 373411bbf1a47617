#include "processor/emit/registry.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/fetch.h"
#include "processor/runtime/memory.h"
#include "processor/runtime/place.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TOPIC_COUNT = 3, FRAME_BYTES_MOST = 6, ANSWER_BYTES_MOST = 64 * 1024, SCHEMA_BYTES_MOST = 256 * 1024, PAUSE_MS = 500, LOOK_MS = 5000, URL_BYTES = 1024 };

struct registry {
    char frames[TOPIC_COUNT][FRAME_BYTES_MOST];
    size_t frame_bytes;
};

/* What is asked of it. */
struct request {
    const char *url, *subject, *body;
};

static const char *const names[TOPIC_COUNT] = {[RECORD_ENRICHED] = "enriched", [RECORD_STANCE] = "stance", [RECORD_ENTITY] = "entity"};

/* False: there was no answer, and answer->problem says why. */
static bool post(const struct request *request, int64_t timeout_ms, struct fetch_answer *answer)
{
    char *subject = fetch_escape(request->subject), path[URL_BYTES];
    snprintf(path, sizeof path, "/subjects/%s/versions", subject);
    char *url = fetch_url(request->url, path);
    const struct fetch_request fetching = {
        .url = url, .type = "application/vnd.schemaregistry.v1+json", .body = view_of(request->body), .timeout_ms = timeout_ms};
    bool has_answered = fetch(&fetching, ANSWER_BYTES_MOST, answer);
    free(url);
    free(subject);
    return has_answered;
}

/* The registry's own words, without those of its HTTP server. */
static void explain(const struct fetch_answer *answer, char *text, size_t size)
{
    json_auto_t *root = json_loadb(answer->text, answer->len, 0, NULL);
    const char *message = json_string_value(json_object_get(root, "message"));
    snprintf(text, size, "%ld%s%.300s", answer->status, message != NULL ? ": " : "", message != NULL ? message : "");
}

/* Asks until there is an answer that is not the server's own trouble. */
static bool ask(const struct request *request, struct fetch_answer *answer, struct error *err)
{
    char text[FETCH_PROBLEM_BYTES + 20];
    int64_t deadline_ms = clock_now_ms() + REGISTRY_MS;
    for (;;) {
        bool has_answered = post(request, clock_left_ms(deadline_ms), answer);
        if (has_answered && answer->status < 500)
            break;
        if (clock_left_ms(deadline_ms) <= PAUSE_MS) {
            if (has_answered)
                explain(answer, text, sizeof text);
            return error_set(err, ERROR_RETRY, "registry.away", "the schema registry does not answer: %s; is it up, and is `schema_registry` right?",
                             has_answered ? text : answer->problem);
        }
        fetch_done(answer);
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
    if (answer->status == 200)
        return true;
    explain(answer, text, sizeof text);
    return error_set(err, ERROR_CONFIG, "registry.refused", "the schema registry refuses subject %s: %s%s", request->subject, text,
                     answer->status == 409   ? "; the schema there cannot be followed by this one: rename the topic, or change the subject's compatibility"
                     : answer->status == 404 ? "; is the path of `schema_registry` right?"
                                             : "");
}

static bool read_schema(const char *name, const char *suffix, char *text, size_t size, struct error *err)
{
    char path[PATH_MAX], file_name[64];
    snprintf(file_name, sizeof file_name, "schemas/%s%s", name, suffix);
    FILE *file = place_find(file_name, file_name, path) ? fopen(path, "rbe") : NULL;
    size_t len = file != NULL ? fread(text, 1, size - 1, file) : 0;
    text[len] = '\0';
    bool fine = file != NULL && len > 0 && feof(file);
    if (file != NULL)
        fclose(file);
    return fine || error_set(err, ERROR_CONFIG, "registry.files", "cannot read %s, which came with stanced", path);
}

/* The id that the registry gave the schema. */
static bool enter(const struct settings *settings, const char *topic, const char *name, uint32_t *id, struct error *err)
{
    bool is_json = settings->format_out == FORMAT_OUT_JSON;
    char *schema = memory_take(SCHEMA_BYTES_MOST), subject[300];
    struct fetch_answer answer = {0};
    char *body = NULL;
    bool done = read_schema(name, is_json ? ".schema.json" : ".proto", schema, SCHEMA_BYTES_MOST, err);
    if (done) {
        json_auto_t *root = json_pack("{s:s, s:s}", "schemaType", is_json ? "JSON" : "PROTOBUF", "schema", schema);
        body = json_dumps(root, JSON_COMPACT);
        snprintf(subject, sizeof subject, "%s-value", topic);
        const struct request request = {settings->schema_registry, subject, body};
        done = ask(&request, &answer, err);
    }
    if (done) {
        json_auto_t *root = json_loadb(answer.text, answer.len, 0, NULL);
        json_int_t number = json_integer_value(json_object_get(root, "id"));
        *id = (uint32_t)number;
        done = (number > 0 && number <= INT32_MAX) ||
               error_set(err, ERROR_CONFIG, "registry.refused", "%s answers without an id: is it a schema registry?", settings->schema_registry);
    }
    free(body);
    fetch_done(&answer);
    free(schema);
    return done;
}

struct registry *registry_open(const struct settings *settings, struct error *err)
{
    const char *const topics[TOPIC_COUNT] = {settings->enriched_topic, settings->stances_topic, settings->entities_topic};
    struct registry *registry = memory_new(1, sizeof *registry);
    /* Protobuf has the path of the message behind the id: the first of its file, [0], which is the one byte 0. */
    registry->frame_bytes = settings->format_out == FORMAT_OUT_PROTOBUF ? 6 : 5;
    for (size_t i = 0; i < TOPIC_COUNT; i++) {
        uint32_t id = 0;
        if (*topics[i] == '\0')
            continue;
        if (!enter(settings, topics[i], names[i], &id, err)) {
            free(registry);
            return NULL;
        }
        for (int byte = 0; byte < 4; byte++)
            registry->frames[i][1 + byte] = (char)(id >> (24 - 8 * byte) & 0xFF);
    }
    return registry;
}

bool registry_look(const struct settings *settings, struct error *err)
{
    char text[FETCH_PROBLEM_BYTES + 20];
    char *url = fetch_url(settings->schema_registry, "/schemas/types");
    const struct fetch_request request = {.url = url, .accept = "application/vnd.schemaregistry.v1+json", .timeout_ms = LOOK_MS};
    struct fetch_answer answer;
    bool has_answered = fetch(&request, ANSWER_BYTES_MOST, &answer);
    json_auto_t *root = has_answered ? json_loadb(answer.text, answer.len, 0, NULL) : NULL;
    bool fine = answer.status == 200 && json_is_array(root);
    if (!has_answered)
        error_set(err, ERROR_RETRY, "registry.away", "the schema registry does not answer: %s", answer.problem);
    else if (!fine) {
        explain(&answer, text, sizeof text);
        error_set(err, ERROR_CONFIG, "registry.refused", "%s is no schema registry: it answers %s", url, text);
    }
    free(url);
    fetch_done(&answer);
    return fine;
}

void registry_close(struct registry *registry)
{
    free(registry);
}

struct view registry_frame(const struct registry *registry, enum record_topic topic)
{
    return registry != NULL ? (struct view){.data = registry->frames[topic], .len = registry->frame_bytes} : (struct view){0};
}
