/* librdkafka's mock cluster as the demo's broker: real TCP on loopback, its own thread, topics in memory (5 MiB a
 * partition). It drops the offsets of transactions, so the demo delivers at least once. Thread: owner. */
#pragma once

#include "processor/runtime/error.h"

#include <stddef.h>

struct demo_broker;

struct demo_broker *demo_broker_start(struct error *err);
void demo_broker_stop(struct demo_broker *broker); /* NULL is fine */

/* For the setting `brokers`; borrowed. */
const char *demo_broker_address(const struct demo_broker *broker);

bool demo_broker_create(struct demo_broker *broker, const char *topic, int partitions, struct error *err);

/* Puts one record into a topic; `key` and `content_type` may be NULL. err: ERROR_RETRY. */
bool demo_broker_put(struct demo_broker *broker, const char *topic, const char *key, const char *content_type, const void *value,
                     size_t bytes, struct error *err);
