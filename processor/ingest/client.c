#include "processor/ingest/client.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/fault.h"
#include "processor/runtime/memory.h"
#include "processor/runtime/pool.h"

#include <librdkafka/rdkafka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALONE_MS = 5000, SERVERS_BYTES = 4096 };

/* Properties that a setting decides. */
static const struct {
    const char *property, *setting;
} reserved[] = {
    {"bootstrap.servers", "brokers"},         {"metadata.broker.list", "brokers"},
    {"group.id", "group"},                    {"group.instance.id", "instance"},
    {"transactional.id", "transactional_id"}, {"enable.auto.commit", "delivery"},
    {"enable.auto.offset.store", "delivery"}, {"enable.idempotence", "delivery"},
    {"enable.partition.eof", NULL},           {"auto.commit.interval.ms", "commit_interval_ms"},
    {"statistics.interval.ms", NULL},
};

static void on_log(const rd_kafka_t *handle, int level, const char *facility, const char *text)
{
    const struct client *client = rd_kafka_opaque(handle);
    char quoted[600];
    /* syslog's numbers: 3 error, 4 warning. Errors come as events too (on_error) and need not be alarming twice. */
    enum log_level ours = level <= 4 ? LOG_LEVEL_INFO : LOG_LEVEL_DEBUG;
    if (log_is_on(client->events.log, ours))
        log_repeated(client->events.log, ours, "kafka.log", "client=%s facility=%s text=%s", client->name, facility,
                     log_quote(text, quoted, sizeof quoted));
}

/* What librdkafka says of a connection, without how long it took, and what a person would look at first. */
static void keep_trouble(struct client *client, rd_kafka_resp_err_t code, const char *reason)
{
    static const struct {
        rd_kafka_resp_err_t code;
        const char *remedy;
    } remedies[] = {
        {RD_KAFKA_RESP_ERR__RESOLVE, "is the name in `brokers` right?"},
        {RD_KAFKA_RESP_ERR__TRANSPORT, "is it up, and are `brokers` and `kafka.security.protocol` right?"},
        {RD_KAFKA_RESP_ERR__SSL, "is it a port for TLS, and does `kafka.ssl.ca.location` name who signed its certificate?"},
        {RD_KAFKA_RESP_ERR__AUTHENTICATION, "are `kafka.sasl.mechanism`, `kafka.sasl.username` and `kafka.sasl.password` right?"},
    };
    const char *end = strstr(reason, " (after ");
    int len = (int)(end != NULL ? (size_t)(end - reason) : strlen(reason));
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
        if (remedies[i].code == code)
            snprintf(client->trouble, sizeof client->trouble, "%.*s; %s", len, reason, remedies[i].remedy);
}

static void on_error(rd_kafka_t *handle, int code, const char *reason, void *opaque)
{
    (void)handle;
    struct client *client = opaque;
    char quoted[600];
    keep_trouble(client, (rd_kafka_resp_err_t)code, reason);
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        atomic_store(&client->alone_ms, clock_now_ms());
    const char *name = rd_kafka_err2name((rd_kafka_resp_err_t)code);
    log_repeated(client->events.log, LOG_LEVEL_WARN, "kafka.error", "client=%s code=%s text=%s", client->name, name,
                 log_quote(reason, quoted, sizeof quoted));
    if (client->events.error != NULL)
        client->events.error(client->events.context, name);
}

static bool set(rd_kafka_conf_t *conf, const char *name, const char *value, struct error *err)
{
    char text[256];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof text) == RD_KAFKA_CONF_OK)
        return true;
    return error_set(err, ERROR_CONFIG, "kafka.property", "kafka.%s: %s", name, text);
}

static bool set_all(rd_kafka_conf_t *conf, const struct client_property *properties, struct error *err)
{
    for (const struct client_property *at = properties; at->name != NULL; at++)
        if (!set(conf, at->name, at->value, err))
            return false;
    return true;
}

static bool is_allowed(const char *name, struct error *err)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (strcmp(reserved[i].property, name) != 0)
            continue;
        if (reserved[i].setting == NULL)
            return error_set(err, ERROR_CONFIG, "kafka.property", "kafka.%s cannot be changed: leave it out", name);
        return error_set(err, ERROR_CONFIG, "kafka.property", "kafka.%s: use the setting `%s` instead", name,
                         reserved[i].setting);
    }
    return true;
}

static bool set_users(rd_kafka_conf_t *conf, const struct settings *settings, enum property_side side, struct error *err)
{
    for (size_t i = 0; i < settings->property_count; i++) {
        const struct settings_property *property = &settings->properties[i];
        if (property->side != PROPERTY_BOTH && property->side != side)
            continue;
        if (!is_allowed(property->name, err) || !set(conf, property->name, property->value, err))
            return false;
    }
    return true;
}

struct rd_kafka_conf_s *client_conf(const struct settings *settings, enum property_side side,
                                    const struct client_property *defaults, const struct client_property *fixed,
                                    struct client *client, struct error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (!set(conf, "bootstrap.servers", settings->brokers, err) || !set(conf, "client.id", settings->instance, err) ||
        !set_all(conf, defaults, err) || !set_users(conf, settings, side, err) || !set_all(conf, fixed, err)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    rd_kafka_conf_set_opaque(conf, client);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    return conf;
}

struct rd_kafka_s *client_open(bool is_consumer, struct rd_kafka_conf_s *conf, struct error *err)
{
    char text[512];
    rd_kafka_t *handle = rd_kafka_new(is_consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (handle == NULL) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIG, "kafka.open", "%s", text);
    }
    return handle;
}

static atomic_size_t left; /* handles that are being closed */

size_t clients_left(void)
{
    return atomic_load(&left);
}

struct closing {
    rd_kafka_t *handle;
    struct client *client;
};

/* What is under way has to be given up before, by the threads that have it: where one is at an answer that says "fenced" while the client
 * is taken down, librdkafka (2.15.1, rd_kafka_txns_term) frees the text of the last such error a second time. */
static void close_run(void *state)
{
    struct closing *closing = state;
    fault_reach("destroy", view_of(closing->client->name));
    if (rd_kafka_type(closing->handle) == RD_KAFKA_PRODUCER)
        rd_kafka_purge(closing->handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy_flags(closing->handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    free(closing->client);
    free(closing);
    atomic_fetch_sub(&left, 1);
}

void client_close(struct rd_kafka_s *handle, struct client *client, int64_t timeout_ms)
{
    struct error err = {0};
    struct log *log = client->events.log;
    const char *name = client->name;
    if (handle == NULL) {
        free(client);
        return;
    }
    struct closing *closing = memory_new(1, sizeof *closing);
    *closing = (struct closing){.handle = handle, .client = client};
    void *state = closing;
    atomic_fetch_add(&left, 1);
    struct pool *pool = pool_start("close", 1, close_run, &state, &err);
    if (pool == NULL)
        close_run(closing);
    else if (!pool_join(pool, timeout_ms))
        log_write(log, LOG_LEVEL_WARN, "client.left", "client=%s close_ms=%lld", name, (long long)timeout_ms);
}

void client_look_after(struct rd_kafka_s *handle)
{
    struct client *client = rd_kafka_opaque(handle);
    int64_t alone_ms = atomic_load_explicit(&client->alone_ms, memory_order_relaxed);
    if (alone_ms > 0 && clock_now_ms() - alone_ms >= ALONE_MS && atomic_compare_exchange_strong(&client->alone_ms, &alone_ms, 0))
        client_give_brokers(handle);
}

void client_give_brokers(struct rd_kafka_s *handle)
{
    const struct client *client = rd_kafka_opaque(handle);
    char servers[SERVERS_BYTES] = "";
    size_t size = sizeof servers;
    if (rd_kafka_conf_get(rd_kafka_conf(handle), "bootstrap.servers", servers, &size) == RD_KAFKA_CONF_OK)
        rd_kafka_brokers_add(handle, servers);
    log_write(client->events.log, LOG_LEVEL_DEBUG, "kafka.brokers", "client=%s", client->name);
}

const char *client_trouble(struct rd_kafka_s *handle, int code)
{
    struct client *client = rd_kafka_opaque(handle);
    rd_kafka_poll(handle, 0);
    /* A broker that hangs up during the first words is no error to librdkafka. */
    if (*client->trouble == '\0')
        keep_trouble(client, RD_KAFKA_RESP_ERR__TRANSPORT, rd_kafka_err2str((rd_kafka_resp_err_t)code));
    return client->trouble;
}

int64_t client_number(struct rd_kafka_s *handle, const char *name)
{
    char value[64] = "0";
    size_t size = sizeof value;
    if (rd_kafka_conf_get(rd_kafka_conf(handle), name, value, &size) != RD_KAFKA_CONF_OK)
        return 0;
    return strtoll(value, NULL, 10);
}

bool client_is_refused(struct rd_kafka_s *handle)
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(handle, 0);
    bool is = message != NULL && message->err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
    if (message != NULL)
        rd_kafka_message_destroy(message);
    return is;
}

bool client_lacks_right(const char *operation, const char *kind, const char *name, struct error *err)
{
    return error_set(err, ERROR_CONFIG, "kafka.right", "%s on %s %s is missing: kafka-acls.sh --add --operation %s --%s %s", operation, kind, name, operation,
                     kind, name);
}

struct rd_kafka_topic_partition_list_s *client_partitions(struct rd_kafka_s *handle, const char *topic, int timeout_ms,
                                                          struct error *err)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_topic_partition_list_t *list = NULL;
    rd_kafka_topic_t *named = rd_kafka_topic_new(handle, topic, NULL);
    rd_kafka_resp_err_t code = rd_kafka_metadata(handle, 0, named, &metadata, timeout_ms);
    rd_kafka_topic_destroy(named);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        error_set(err, ERROR_RETRY, "kafka.brokers", "no broker answers: %s",
                  client_trouble(handle, code));
        return NULL;
    }
    if (metadata->topic_cnt == 1 && metadata->topics[0].partition_cnt > 0) {
        list = rd_kafka_topic_partition_list_new(metadata->topics[0].partition_cnt);
        for (int i = 0; i < metadata->topics[0].partition_cnt; i++)
            rd_kafka_topic_partition_list_add(list, topic, metadata->topics[0].partitions[i].id);
    } else if (metadata->topic_cnt == 1 && metadata->topics[0].err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
        client_lacks_right("DESCRIBE", "topic", topic, err);
    } else {
        error_set(err, ERROR_CONFIG, "kafka.topic", "there is no topic %s: make it with `stanced topics --create`, or correct its name", topic);
    }
    rd_kafka_metadata_destroy(metadata);
    return list;
}

void client_add_positions(struct rd_kafka_topic_partition_list_s *list, const struct position *positions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rd_kafka_topic_partition_t *added = rd_kafka_topic_partition_list_add(list, positions[i].topic, positions[i].partition);
        added->offset = positions[i].offset;
        if (positions[i].note == NULL)
            continue;
        added->metadata = memory_copy(positions[i].note); /* the list frees it */
        added->metadata_size = strlen(positions[i].note);
    }
}
