/* Looks, with a client of its own, whether something can be read that the group has not committed: what the consumer in
 * charge says of itself is no proof when it stands still. Joins no group and commits nothing. */
#pragma once

#include "processor/ingest/assignment.h"
#include "processor/ingest/client.h"

enum survey_result {
    SURVEY_NOTHING,   /* all is committed, but perhaps for what is no record (markers of transactions) */
    SURVEY_RECORD,    /* there is a record */
    SURVEY_NO_ANSWER, /* not known after the time: brokers are away */
};

/* Whether any broker answers. Takes `timeout_ms` at most. Thread: any. */
bool survey_is_answered(const struct settings *settings, const struct client_events *events, int timeout_ms);

/* Of the partitions of `lags` [count]; their numbers are not used. `is_over` is asked ten times a second whether nobody
 * wants to know any more: SURVEY_NOTHING then. Thread: any. */
enum survey_result survey_run(const struct settings *settings, const struct client_events *events, const struct lag *lags,
                              size_t count, int64_t timeout_ms, bool (*is_over)(void));

/* Whether an open transaction keeps back what the group has committed of these partitions: it is said to who asks for what is
 * not certain yet, and to nobody else. False also where the brokers do not answer. Takes twice `timeout_ms` at most, and half a second
 * after `is_over`. Thread: any. */
bool survey_is_kept_back(const struct settings *settings, const struct client_events *events, const struct lag *lags, size_t count,
                         int timeout_ms, bool (*is_over)(void));
