/* What settings are worth together, and what of them depends on the machine. */
#include "processor/runtime/place.h"
#include "processor/runtime/settings.h"
#include "processor/runtime/settings_table.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

static const char code[] = "settings.value";

static int64_t core_count(void)
{
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) != 0)
        return 1;
    return CPU_COUNT(&cores) > 0 ? CPU_COUNT(&cores) : 1;
}

static void fill_names(struct settings *settings)
{
    struct arena *arena = settings->store->arena;
    settings->has_instance = *settings->instance != '\0';
    if (!settings->has_instance) {
        char host[201] = "";
        if (gethostname(host, sizeof host - 1) != 0 || !*host)
            strcpy(host, "localhost");
        settings->instance = arena_copy(arena, view_of(host)).data;
    }
    if (!*settings->transactional_id)
        settings->transactional_id = arena_print(arena, "%s-%s", settings->group, settings->instance).data;
}

/* A model that is missing is reported by whoever opens it, with the place it was looked for. Known entities are optional:
 * without their file the path stays empty. */
static void fill_files(struct settings *settings)
{
    char path[PATH_MAX];
    if (!*settings->model) {
        place_find("models/stanced-en-small.bin", "models/stanced-en-small.bin", path);
        settings->model = arena_copy(settings->store->arena, view_of(path)).data;
    }
    if (!*settings->knowledge && place_find("models/knowledge.bin", "models/knowledge.bin", path))
        settings->knowledge = arena_copy(settings->store->arena, view_of(path)).data;
}

static bool check_topics(const struct settings *settings, struct error *err)
{
    const char *const outputs[] = {settings->enriched_topic, settings->stances_topic, settings->entities_topic,
                                   settings->dead_letter_topic, settings->status_topic};
    const size_t output_count = sizeof outputs / sizeof *outputs;
    for (size_t i = 0; i < output_count; i++) {
        if (!*outputs[i])
            continue;
        for (size_t j = 0; j < settings->input.count; j++)
            if (strcmp(outputs[i], settings->input.items[j]) == 0)
                return error_set(err, ERROR_CONFIG, code, "topic %s is both input and output: it would feed itself",
                                 outputs[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(outputs[i], outputs[j]) == 0)
                return error_set(err, ERROR_CONFIG, code, "topic %s is given for two kinds of output", outputs[i]);
    }
    return true;
}

static bool check_address(const char *name, const char *value, struct error *err)
{
    bool is_fine = *value == '\0' || ((strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0) && strchr("/:?#", strchr(value, ':')[3]) == NULL);
    return is_fine || error_set(err, ERROR_CONFIG, code, "%s is no address: \"%s\" should be http://HOST:PORT, or https", name, value);
}

/* What librdkafka only says in its log, and then waits for a broker. */
static bool check_brokers(const char *brokers, struct error *err)
{
    return (strstr(brokers, "http://") == NULL && strstr(brokers, "https://") == NULL) ||
           error_set(err, ERROR_CONFIG, code, "brokers: \"%s\" should be HOST:PORT,... without http", brokers);
}

bool settings_finish(struct settings *settings, struct error *err)
{
    if (!check_topics(settings, err) || !check_brokers(settings->brokers, err) || !check_address("schema_registry", settings->schema_registry, err) ||
        !check_address("otlp_url", settings->otlp_url, err))
        return false;
    if (settings->drain_ms > settings->stop_ms)
        return error_set(err, ERROR_CONFIG, code, "drain_ms (%lld) is more than stop_ms (%lld): stopping includes draining",
                         (long long)settings->drain_ms, (long long)settings->stop_ms);
    if (settings->payload_bytes > settings->memory_bytes)
        return error_set(err, ERROR_CONFIG, code, "payload_bytes (%lld) is more than memory_bytes (%lld): one article must fit",
                         (long long)settings->payload_bytes, (long long)settings->memory_bytes);
    fill_names(settings);
    if (strlen(settings->transactional_id) > 249)
        return error_set(err, ERROR_CONFIG, code, "transactional_id is longer than 249 bytes: %s",
                         settings->transactional_id);
    fill_files(settings);
    if (*settings->own_entities && !*settings->knowledge)
        return error_set(err, ERROR_CONFIG, code, "own_entities needs the file of known entities: set `knowledge` to the one that "
                         "came with stanced");
    if (settings->workers == 0)
        settings->workers = core_count();
    return true;
}
