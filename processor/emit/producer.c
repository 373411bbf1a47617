#include "processor/emit/producer.h"

#include "processor/ingest/client.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/fault.h"
#include "processor/runtime/memory.h"

#include <librdkafka/rdkafka.h>

#include <stdlib.h>
#include <string.h>

enum {
    SLICE_MS = 2000,    /* of a transaction call, between two looks at the time to stop */
    LAST_MS = 500,      /* of one after that time */
    WAIT_MS = 100,      /* for room in the producer's queue, or delivery reports */
    CLOSE_MS = 3000,    /* for a handle that is closed */
    CLOSE_LAST_MS = 1000, /* likewise when it is time to stop */
    RECORD_BYTES = 128, /* most that a record and a batch of one have around key, value and headers */
    HEADER_BYTES = 10,  /* two lengths as varints */
};

struct producer {
    struct client client; /* first: rd_kafka_opaque() */
    rd_kafka_t *handle;
    enum producer_mode mode;
    const _Atomic int64_t *stop_ms;
    size_t bytes_most;
    size_t failed; /* messages of the batch that were not delivered */
    rd_kafka_resp_err_t failure; /* of the first of them */
    atomic_bool is_doubtful;     /* set by librdkafka's threads */
    atomic_bool was_cut;         /* likewise */
};

enum call_kind { CALL_INIT, CALL_BEGIN, CALL_OFFSETS, CALL_COMMIT, CALL_ABORT };

/* A transaction call, so that one place repeats and judges them all. */
struct call {
    enum call_kind kind;
    const rd_kafka_topic_partition_list_t *offsets;
    const rd_kafka_consumer_group_metadata_t *group;
};

static bool is_time_to_stop(const struct producer *producer)
{
    return clock_now_ms() >= atomic_load(producer->stop_ms);
}

/* Whether this message would fail again, whatever is done about broker and network. */
static bool is_rejection(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD:
        return true;
    default:
        return false;
    }
}

static void note_failure(struct producer *producer, rd_kafka_resp_err_t code, struct ticket *ticket)
{
    if (producer->failed++ == 0)
        producer->failure = code;
    if (ticket != NULL && is_rejection(code))
        ticket->is_rejected = true;
}

static void on_delivery(rd_kafka_t *handle, const rd_kafka_message_t *message, void *opaque)
{
    (void)handle;
    struct ticket *ticket = message->_private;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        note_failure(opaque, message->err, ticket);
    else if (ticket != NULL)
        ticket->is_delivered = true;
}

static rd_kafka_error_t *invoke(struct producer *producer, const struct call *call)
{
    static const char *const names[] = {[CALL_INIT] = "init", [CALL_BEGIN] = "begin", [CALL_OFFSETS] = "offsets", [CALL_COMMIT] = "commit", [CALL_ABORT] = "abort"};
    const int slice_ms = is_time_to_stop(producer) ? LAST_MS : SLICE_MS;
    client_at(&producer->client.events, names[call->kind]);
    switch (call->kind) {
    case CALL_INIT:
        return rd_kafka_init_transactions(producer->handle, slice_ms);
    case CALL_BEGIN:
        return rd_kafka_begin_transaction(producer->handle);
    case CALL_OFFSETS:
        return rd_kafka_send_offsets_to_transaction(producer->handle, call->offsets, call->group, slice_ms);
    case CALL_COMMIT:
        return rd_kafka_commit_transaction(producer->handle, slice_ms);
    case CALL_ABORT:
        return rd_kafka_abort_transaction(producer->handle, slice_ms);
    }
    return NULL;
}

/* What a failed call means, where it may not simply be repeated. */
static enum producer_result judge(rd_kafka_error_t *error, struct error *err)
{
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    bool is_denied = code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED ||
                     code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
    error_set(err, is_denied ? ERROR_CONFIG : ERROR_RETRY, "producer.transaction", "%s: %s%s", rd_kafka_error_name(error),
              rd_kafka_error_string(error),
              is_denied ? " This user needs the right WRITE on the transactional id (kafka-acls.sh --transactional-id)" : "");
    return rd_kafka_error_txn_requires_abort(error) ? PRODUCER_AGAIN : PRODUCER_REPLACE;
}

/* Repeats a call for as long as it may be repeated and there is time. */
static enum producer_result perform(struct producer *producer, const struct call *call, struct error *err)
{
    for (;;) {
        rd_kafka_error_t *error = invoke(producer, call);
        if (error == NULL)
            return PRODUCER_DONE;
        bool is_retriable = rd_kafka_error_is_retriable(error) && !rd_kafka_error_is_fatal(error);
        if (!is_retriable || is_time_to_stop(producer)) {
            enum producer_result result = judge(error, err);
            rd_kafka_error_destroy(error);
            return is_retriable ? PRODUCER_STOPPED : result;
        }
        rd_kafka_error_destroy(error);
        producer_poll(producer);
    }
}

/* Whether a request is part of a transaction: AddPartitionsToTxn, AddOffsetsToTxn, EndTxn, TxnOffsetCommit. */
static bool is_of_transaction(int16_t api_key)
{
    return api_key == 24 || api_key == 25 || api_key == 26 || api_key == 28;
}

/* `err` speaks of the connection; what the broker finds wrong stands in the answer. librdkafka sends such a request again
 * and says nothing, but the first one may still be on its way. */
static rd_kafka_resp_err_t on_answer(rd_kafka_t *handle, int socket, const char *broker, int32_t broker_id, int16_t api_key,
                                     int16_t api_version, int32_t correlation_id, size_t size, int64_t round_trip_us,
                                     rd_kafka_resp_err_t err, void *context)
{
    struct producer *producer = context;
    (void)handle, (void)socket, (void)broker, (void)broker_id, (void)api_version, (void)correlation_id, (void)size, (void)round_trip_us;
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR && is_of_transaction(api_key))
        atomic_store(&producer->is_doubtful, true);
    if (api_key == 0) /* Produce */
        fault_reach("answer", (struct view){0});
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_state(rd_kafka_t *handle, int32_t broker_id, const char *protocol, const char *name, int port,
                                    const char *state, void *context)
{
    struct producer *producer = context;
    (void)handle, (void)broker_id, (void)protocol, (void)name, (void)port;
    if (strcmp(state, "DOWN") == 0)
        atomic_store(&producer->was_cut, true);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_new(rd_kafka_t *handle, const rd_kafka_conf_t *conf, void *context, char *text, size_t size)
{
    (void)conf, (void)text, (void)size;
    rd_kafka_interceptor_add_on_broker_state_change(handle, "stanced", on_state, context);
    return rd_kafka_interceptor_add_on_response_received(handle, "stanced", on_answer, context);
}

static rd_kafka_conf_t *make_conf(struct producer *producer, const struct settings *settings, struct error *err)
{
    const struct client_property defaults[] = {
        {"partitioner", "murmur2_random"},       /* Java's, so that joins on keys work */
        {"queue.buffering.max.kbytes", "8192"},  /* more only makes transactions longer */
        {"linger.ms", "5"},
        {"compression.type", "lz4"},
        {"reconnect.backoff.max.ms", "1000"},    /* send_offsets looks at its time only when a connection fails */
        /* And where the group's coordinator is away for good, it waits for that one for ever (2.15.1): who that is was asked
         * before, and is asked again only when some connection comes or goes. So idle ones go. Last: it can be left out. */
        {producer->mode == PRODUCER_EXACTLY_ONCE ? "connections.max.idle.ms" : NULL, "5000"},
        {NULL, NULL},
    };
    const struct client_property fixed[] = {
        {"enable.idempotence", "true"},
        {producer->mode == PRODUCER_EXACTLY_ONCE ? "transactional.id" : NULL, settings->transactional_id},
        {NULL, NULL},
    };
    rd_kafka_conf_t *conf = client_conf(settings, PROPERTY_PRODUCER, defaults, fixed, &producer->client, err);
    if (conf == NULL)
        return NULL;
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_interceptor_add_on_new(conf, "stanced", on_new, producer);
    return conf;
}

struct producer *producer_open(const struct settings *settings, enum producer_mode mode,
                               const struct client_events *events, const _Atomic int64_t *stop_ms, struct error *err)
{
    struct producer *producer = memory_new(1, sizeof *producer);
    producer->client = (struct client){.events = *events, .name = "producer"};
    producer->mode = mode;
    producer->stop_ms = stop_ms;
    rd_kafka_conf_t *conf = make_conf(producer, settings, err);
    if (conf != NULL)
        producer->handle = client_open(false, conf, err);
    if (producer->handle == NULL)
        goto failed;
    producer->bytes_most = (size_t)client_number(producer->handle, "message.max.bytes");
    if (mode == PRODUCER_AT_LEAST_ONCE || perform(producer, &(struct call){.kind = CALL_INIT}, err) == PRODUCER_DONE)
        return producer;
failed:
    producer_close(producer);
    return NULL;
}

void producer_close(struct producer *producer)
{
    if (producer == NULL)
        return;
    client_at(&producer->client.events, "close");
    client_close(producer->handle, &producer->client, is_time_to_stop(producer) ? CLOSE_LAST_MS : CLOSE_MS);
}

size_t producer_bytes_most(const struct producer *producer)
{
    return producer->bytes_most;
}

/* Headers that are true of the record that came in, but not of what was made of it. */
static bool is_of_payload(const char *name)
{
    return strcmp(name, "content-type") == 0 || deadletter_is_own(view_of(name));
}

/* Those of the trace: `tracestate` goes with the `traceparent` that it came with. */
static bool is_replaced(const struct outgoing *outgoing, const char *name)
{
    if (outgoing->trace == NULL || !outgoing->trace->is_sampled)
        return false;
    return strcmp(name, "traceparent") == 0 || (!outgoing->trace->has_parent && strcmp(name, "tracestate") == 0);
}

/* The headers of the message to send; NULL where there are none. */
static rd_kafka_headers_t *make_headers(const struct outgoing *outgoing)
{
    rd_kafka_headers_t *origin = outgoing->origin != NULL ? incoming_headers(outgoing->origin) : NULL;
    rd_kafka_headers_t *headers = rd_kafka_headers_new((origin != NULL ? rd_kafka_header_cnt(origin) : 0) + outgoing->header_count + 1);
    const char *name;
    const void *value;
    size_t size;
    for (size_t i = 0; origin != NULL && rd_kafka_header_get_all(origin, i, &name, &value, &size) == 0; i++)
        if (outgoing->is_original || (!is_of_payload(name) && !is_replaced(outgoing, name)))
            rd_kafka_header_add(headers, name, -1, value, (ssize_t)size);
    if (!outgoing->is_original && outgoing->trace != NULL && outgoing->trace->is_sampled) {
        char text[TRACE_PARENT_LEN + 1];
        trace_write(outgoing->trace, text);
        rd_kafka_header_add(headers, "traceparent", -1, text, TRACE_PARENT_LEN);
    }
    for (size_t i = 0; i < outgoing->header_count; i++) {
        const struct header *header = &outgoing->headers[i];
        rd_kafka_header_add(headers, header->name, -1, header->value.data, (ssize_t)header->value.len);
    }
    return headers;
}

size_t producer_bytes(const struct outgoing *outgoing)
{
    size_t bytes = RECORD_BYTES + outgoing->key.len + outgoing->value.len;
    rd_kafka_headers_t *headers = make_headers(outgoing);
    const char *name;
    const void *value;
    size_t size;
    for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; i++)
        bytes += HEADER_BYTES + strlen(name) + size;
    rd_kafka_headers_destroy(headers);
    return bytes;
}

enum producer_result producer_begin(struct producer *producer, struct error *err)
{
    producer->failed = 0;
    if (producer->mode == PRODUCER_AT_LEAST_ONCE)
        return PRODUCER_DONE;
    return perform(producer, &(struct call){.kind = CALL_BEGIN}, err);
}

/* Whether the handle itself is finished. */
static bool is_dead(struct producer *producer, struct error *err)
{
    char text[256];
    rd_kafka_resp_err_t code = rd_kafka_fatal_error(producer->handle, text, sizeof text);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        error_set(err, ERROR_RETRY, "producer.fatal", "%s: %s", rd_kafka_err2name(code), text);
    return code != RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* One try; takes the headers on success. */
static rd_kafka_resp_err_t produce(struct producer *producer, const struct outgoing *outgoing, rd_kafka_headers_t *headers,
                                   struct ticket *ticket)
{
    int64_t timestamp_ms = outgoing->timestamp_ms > 0 ? outgoing->timestamp_ms : 0;
    rd_kafka_vu_t fields[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = outgoing->topic},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = outgoing->is_placed ? outgoing->partition : RD_KAFKA_PARTITION_UA},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {.ptr = (void *)(uintptr_t)outgoing->key.data, .size = outgoing->key.len}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {.ptr = (void *)(uintptr_t)outgoing->value.data, .size = outgoing->value.len}},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = timestamp_ms},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = ticket},
    };
    rd_kafka_error_t *error = rd_kafka_produceva(producer->handle, fields, sizeof fields / sizeof *fields);
    rd_kafka_resp_err_t code = error != NULL ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_error_destroy(error);
    return code;
}

enum producer_result producer_send(struct producer *producer, const struct outgoing *outgoing, struct ticket *ticket,
                                   struct error *err)
{
    rd_kafka_headers_t *headers = make_headers(outgoing);
    rd_kafka_resp_err_t code;
    client_at(&producer->client.events, "send");
    while ((code = produce(producer, outgoing, headers, ticket)) == RD_KAFKA_RESP_ERR__QUEUE_FULL &&
           !is_time_to_stop(producer)) {
        rd_kafka_poll(producer->handle, WAIT_MS);
        client_look_after(producer->handle);
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        producer_poll(producer);
        return PRODUCER_DONE;
    }
    rd_kafka_headers_destroy(headers);
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        return PRODUCER_STOPPED;
    if (is_dead(producer, err))
        return PRODUCER_REPLACE;
    note_failure(producer, code, ticket);
    error_set(err, ERROR_RETRY, "producer.send", "%s: %s", outgoing->topic, rd_kafka_err2str(code));
    return PRODUCER_AGAIN;
}

enum producer_result producer_flush(struct producer *producer, struct error *err)
{
    bool is_transaction = producer->mode == PRODUCER_EXACTLY_ONCE;
    client_at(&producer->client.events, "flush");
    while (rd_kafka_outq_len(producer->handle) > 0 && !(is_transaction && producer->failed > 0)) {
        rd_kafka_flush(producer->handle, WAIT_MS);
        client_look_after(producer->handle);
        if (is_dead(producer, err))
            return PRODUCER_REPLACE;
        if (rd_kafka_outq_len(producer->handle) > 0 && is_time_to_stop(producer)) {
            error_set(err, ERROR_RETRY, "producer.stopped", "not acknowledged when the time to stop came");
            return PRODUCER_STOPPED;
        }
    }
    if (producer->failed == 0)
        return PRODUCER_DONE;
    error_set(err, ERROR_RETRY, "producer.delivery", "%zu not delivered: %s", producer->failed,
              rd_kafka_err2str(producer->failure));
    return PRODUCER_AGAIN;
}

enum producer_result producer_send_positions(struct producer *producer, const struct position *positions, size_t count,
                                             const struct rd_kafka_consumer_group_metadata_s *group, struct error *err)
{
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new((int)count);
    client_add_positions(offsets, positions, count);
    const struct call call = {.kind = CALL_OFFSETS, .offsets = offsets, .group = group};
    enum producer_result result = perform(producer, &call, err);
    rd_kafka_topic_partition_list_destroy(offsets);
    return result;
}

enum producer_result producer_commit(struct producer *producer, const struct position *positions, size_t count,
                                     const struct rd_kafka_consumer_group_metadata_s *group, struct error *err)
{
    enum producer_result result = producer_flush(producer, err);
    fault_reach("after-produce", (struct view){0});
    if (result != PRODUCER_DONE || producer->mode == PRODUCER_AT_LEAST_ONCE)
        return result;
    result = producer_send_positions(producer, positions, count, group, err);
    if (result != PRODUCER_DONE)
        return result;
    fault_reach("between-offsets-and-commit", (struct view){0});
    result = perform(producer, &(struct call){.kind = CALL_COMMIT}, err);
    /* Once EndTxn may be out, "abort it" is no proof that it was not carried out. */
    return result == PRODUCER_AGAIN ? PRODUCER_REPLACE : result;
}

enum producer_result producer_abort(struct producer *producer, struct error *err)
{
    if (producer->mode == PRODUCER_AT_LEAST_ONCE)
        return PRODUCER_AGAIN;
    enum producer_result result = perform(producer, &(struct call){.kind = CALL_ABORT}, err);
    producer->failed = 0;
    if (result == PRODUCER_DONE && !producer_is_doubtful(producer))
        return PRODUCER_AGAIN;
    return result == PRODUCER_STOPPED ? result : PRODUCER_REPLACE;
}

bool producer_is_doubtful(const struct producer *producer)
{
    return atomic_load(&producer->is_doubtful);
}

bool producer_was_cut(struct producer *producer)
{
    return atomic_exchange(&producer->was_cut, false);
}

void producer_wake(struct producer *producer)
{
    client_give_brokers(producer->handle);
}

void producer_poll(struct producer *producer)
{
    rd_kafka_poll(producer->handle, 0);
    client_look_after(producer->handle);
}
