#include "processor/emit/registry.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"
#include "processor/runtime/place.h"

#include <curl/curl.h>
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TOPIC_COUNT = 3, FRAME_BYTES_MOST = 6, ANSWER_BYTES_MOST = 64 * 1024, SCHEMA_BYTES_MOST = 256 * 1024, PAUSE_MS = 500, URL_BYTES = 2048 };

struct registry {
    char frames[TOPIC_COUNT][FRAME_BYTES_MOST];
    size_t frame_bytes;
};

struct answer {
    char text[ANSWER_BYTES_MOST];
    size_t len;
    long status;
    char problem[CURL_ERROR_SIZE];
};

/* One request at a time, each with its own handle: there are three in the life of a process. */
struct request {
    const char *url, *subject, *body;
};

static const char *const names[TOPIC_COUNT] = {[RECORD_ENRICHED] = "enriched", [RECORD_STANCE] = "stance", [RECORD_ENTITY] = "entity"};

static size_t take(char *data, size_t one, size_t bytes, void *context)
{
    struct answer *answer = context;
    (void)one;
    if (bytes > sizeof answer->text - 1 - answer->len)
        return 0;
    memcpy(answer->text + answer->len, data, bytes);
    answer->len += bytes;
    answer->text[answer->len] = '\0';
    return bytes;
}

/* False: there was no answer, and answer->problem says why. */
static bool post(const struct request *request, int64_t timeout_ms, struct answer *answer)
{
    char url[URL_BYTES];
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/vnd.schemaregistry.v1+json");
    char *subject = curl != NULL ? curl_easy_escape(curl, request->subject, 0) : NULL;
    if (headers == NULL || subject == NULL)
        memory_exhausted(sizeof url);
    size_t base_len = strlen(request->url);
    while (base_len > 0 && request->url[base_len - 1] == '/')
        base_len--;
    snprintf(url, sizeof url, "%.*s/subjects/%s/versions", (int)base_len, request->url, subject);
    answer->len = 0;
    answer->text[0] = answer->problem[0] = '\0';
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, answer->problem);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
    if (code != CURLE_OK && answer->problem[0] == '\0')
        snprintf(answer->problem, sizeof answer->problem, "%s", curl_easy_strerror(code));
    curl_free(subject);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code == CURLE_OK;
}

/* The registry's own words, without those of its HTTP server. */
static void explain(const struct answer *answer, char *text, size_t size)
{
    json_auto_t *root = json_loadb(answer->text, answer->len, 0, NULL);
    const char *message = json_string_value(json_object_get(root, "message"));
    snprintf(text, size, "%ld%s%.300s", answer->status, message != NULL ? ": " : "", message != NULL ? message : "");
}

/* Asks until there is an answer that is not the server's own trouble. */
static bool ask(const struct request *request, struct answer *answer, struct error *err)
{
    char text[CURL_ERROR_SIZE + 320];
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
    struct answer *answer = memory_new(1, sizeof *answer);
    char *body = NULL;
    bool done = read_schema(name, is_json ? ".schema.json" : ".proto", schema, SCHEMA_BYTES_MOST, err);
    if (done) {
        json_auto_t *root = json_pack("{s:s, s:s}", "schemaType", is_json ? "JSON" : "PROTOBUF", "schema", schema);
        body = json_dumps(root, JSON_COMPACT);
        snprintf(subject, sizeof subject, "%s-value", topic);
        const struct request request = {settings->schema_registry, subject, body};
        done = ask(&request, answer, err);
    }
    if (done) {
        json_auto_t *root = json_loadb(answer->text, answer->len, 0, NULL);
        json_int_t number = json_integer_value(json_object_get(root, "id"));
        *id = (uint32_t)number;
        done = (number > 0 && number <= INT32_MAX) ||
               error_set(err, ERROR_CONFIG, "registry.refused", "%s answers without an id: is it a schema registry?", settings->schema_registry);
    }
    free(body);
    free(answer);
    free(schema);
    return done;
}

struct registry *registry_open(const struct settings *settings, struct error *err)
{
    const char *const topics[TOPIC_COUNT] = {settings->enriched_topic, settings->stances_topic, settings->entities_topic};
    struct registry *registry = memory_new(1, sizeof *registry);
    /* Protobuf has the path of the message behind the id: the first of its file, [0], which is the one byte 0. */
    registry->frame_bytes = settings->format_out == FORMAT_OUT_PROTOBUF ? 6 : 5;
    curl_global_init(CURL_GLOBAL_DEFAULT);
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

void registry_close(struct registry *registry)
{
    free(registry);
}

struct view registry_frame(const struct registry *registry, enum record_topic topic)
{
    return registry != NULL ? (struct view){.data = registry->frames[topic], .len = registry->frame_bytes} : (struct view){0};
}
