/* What the brokers let us do with topics and the group. Asks them; not for hot paths. */
#pragma once

#include "processor/emit/topics.h"

struct right {
    const char *kind;    /* "topic", "group": a constant */
    const char *name;    /* borrowed */
    const char *missing; /* "READ", "WRITE": a constant; NULL: nothing is missing */
};

struct rights {
    struct right *items; /* [count]: the topics that were found, then the group */
    size_t count;
};

/* READ on the input and the group, WRITE on the rest. The list is in `arena`, names are borrowed from `settings` and `topics`.
 * Changes nothing. `client` outlives the call. err: ERROR_RETRY "rights.brokers" where there is no answer within timeout_ms for
 * each question: brokers before 2.3 do not tell. Thread: any. */
bool rights_look(struct rd_kafka_s *handle, const struct settings *settings, const struct topics *topics, struct client *client,
                 int timeout_ms, struct arena *arena, struct rights *rights, struct error *err);
