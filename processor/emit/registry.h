/* A schema registry (Confluent's API, which Apicurio, Karapace and Redpanda have too): the schemas of the outputs are registered when
 * the process starts (those of articles are looked up by ingest/schemas.h), and each record then begins with the id of its schema (ingest/frame.h has the layout).
 *
 * Subjects are TOPIC-value. The registry decides whether a schema may follow the one before: with a refusal the process does not
 * start. Afterwards it is not asked again, so that a registry that is away stops no stream. */
#pragma once

#include "processor/emit/encode.h"
#include "processor/runtime/error.h"
#include "processor/runtime/settings.h"

struct registry;

/* Registers the schemas of `settings->format_out` for the output topics. A registered schema keeps its id.
 * err: ERROR_CONFIG "registry.files" (the schemas are not where they were installed), "registry.refused" (incompatible, not
 * allowed, no such address); ERROR_RETRY "registry.away" where it did not answer within REGISTRY_MS.
 * Free with registry_close(). Thread: any. */
enum { REGISTRY_MS = 15000 };
struct registry *registry_open(const struct settings *settings, struct error *err);
void registry_close(struct registry *registry); /* NULL is fine */

/* Whether there is a registry at that address, by a question that changes nothing. err: as registry_open(). fetch_init() first. Thread: any. */
bool registry_look(const struct settings *settings, struct error *err);

/* What goes before a value of that topic; borrowed. Empty without a registry (NULL). Thread: any. */
struct view registry_frame(const struct registry *registry, enum record_topic topic);
