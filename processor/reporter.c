#include "processor/reporter.h"

#include "processor/emit/producer.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { ARENA_BYTES = 16 * 1024, FAREWELL_MS = 1000 };

struct reporter {
    const struct settings *settings;
    const struct status_source *source;
    struct producer *producer; /* NULL: no status topic */
    struct arena *arena;
    struct status_last last;
    int64_t due_ms;
    _Atomic int64_t stop_ms; /* until when the producer may wait */
};

struct reporter *reporter_open(const struct settings *settings, const struct status_source *source,
                               const struct client_events *events, struct error *err)
{
    struct reporter *reporter = memory_new(1, sizeof *reporter);
    reporter->settings = settings;
    reporter->source = source;
    reporter->arena = arena_new(ARENA_BYTES);
    if (*settings->status_topic == '\0')
        return reporter;
    reporter->producer = producer_open(settings, PRODUCER_AT_LEAST_ONCE, events, &reporter->stop_ms, err);
    if (reporter->producer != NULL)
        return reporter;
    reporter_close(reporter);
    return NULL;
}

/* A failure is no event: the client's own errors are counted, and the next record says more than a repeated one. */
static void send(struct reporter *reporter)
{
    const struct outgoing outgoing = {
        .topic = reporter->settings->status_topic,
        .key = view_of(reporter->source->instance),
        .value = status_render(reporter->source, &reporter->last, reporter->arena),
    };
    producer_begin(reporter->producer, NULL);
    producer_send(reporter->producer, &outgoing, NULL, NULL);
    arena_reset(reporter->arena);
}

void reporter_tick(struct reporter *reporter)
{
    if (reporter->producer == NULL)
        return;
    producer_poll(reporter->producer);
    if (clock_now_ms() < reporter->due_ms)
        return;
    reporter->due_ms = clock_now_ms() + reporter->settings->status_interval_ms;
    send(reporter);
}

void reporter_close(struct reporter *reporter)
{
    if (reporter == NULL)
        return;
    if (reporter->producer != NULL) {
        atomic_store(&reporter->stop_ms, clock_now_ms() + FAREWELL_MS);
        send(reporter);
        producer_flush(reporter->producer, NULL);
    }
    producer_close(reporter->producer);
    arena_free(reporter->arena);
    free(reporter);
}
