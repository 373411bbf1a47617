/* Every setting, in one table: parsing, limits, defaults, environment names, options, `--help`, `stanced check` and the
 * manual all come from it.
 *
 * File (YAML) < environment (STANCED_NAME) < option (--name=value or -X name=value). Whatever stands under `kafka:`,
 * `consumer:` or `producer:` goes to librdkafka as it is: `kafka.security.protocol`, STANCED_KAFKA_SECURITY_PROTOCOL.
 *
 * Durations are milliseconds or have a unit (250, 250ms, 10s, 5m, 1h); sizes are bytes or have one (64MiB, 10MB).
 * Lists are YAML sequences, or text with commas. `watched_topics` alone is a list of objects; in a file it may be written
 * `topics`, while all other names with "topic" in them are Kafka's. Thread: one owner while reading, any afterwards. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/log.h"
#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define KIB(n) ((int64_t)(n) * 1024)
#define MIB(n) (KIB(n) * 1024)
#define GIB(n) (MIB(n) * 1024)

/* X(type, member of struct settings, name, default, least, most, value in help (of an ENUM: its choices), help)
 * A default that depends on the machine is "" here and filled in by settings_finish(). */
#define SETTINGS(X)                                                                                                      \
    X(STRING, brokers, "brokers", "localhost:9092", 1, 4096, "HOST:PORT,...", "Kafka brokers to start from")             \
    X(STRING, group, "group", "stanced", 1, 249, "NAME", "consumer group")                                               \
    X(STRING, instance, "instance", "", 0, 200, "NAME",                                                                  \
      "name of this process, different for each; given, it keeps its partitions over a restart (default: host name)")    \
    X(LIST, input, "input", "articles.raw", 1, 64, "TOPIC,...", "topics to read articles from")                          \
    X(STRING, enriched_topic, "enriched_topic", "articles.enriched", 1, 249, "TOPIC", "one document an article")         \
    X(STRING, stances_topic, "stances_topic", "stances", 0, 249, "TOPIC", "one row a stance; empty: none")               \
    X(STRING, entities_topic, "entities_topic", "entities", 0, 249, "TOPIC", "one row an entity; empty: none")           \
    X(STRING, dead_letter_topic, "dead_letter_topic", "articles.dlq", 1, 249, "TOPIC",                                   \
      "what cannot be processed, with the reason")                                                                       \
    X(STRING, status_topic, "status_topic", "stanced.status", 0, 249, "TOPIC", "one record an interval; empty: none")    \
    X(ENUM, delivery, "delivery", "exactly_once", 0, 0, "exactly_once|at_least_once",                                    \
      "transactions, or outputs that may come twice after a crash")                                                      \
    X(STRING, transactional_id, "transactional_id", "", 0, 249, "NAME",                                                  \
      "of this process, different for each (default: GROUP-INSTANCE)")                                                   \
    X(INT, workers, "workers", "0", 0, 1024, "N", "threads that read articles; 0: one a core")                           \
    X(INT, queue_records, "queue_records", "256", 1, 1000000, "N", "articles that wait for a worker")                    \
    X(BYTES, memory_bytes, "memory_bytes", "256MiB", MIB(16), GIB(1024), "BYTES",                                        \
      "of records in hand and what their outputs may take; above it partitions are paused")                              \
    X(DURATION, commit_interval_ms, "commit_interval_ms", "250", 1, 60000, "MS", "longest time between two commits")     \
    X(INT, commit_records, "commit_records", "1000", 1, 1000000, "N", "commit earlier after so many articles")           \
    X(BYTES, commit_bytes, "commit_bytes", "16MiB", KIB(64), GIB(4), "BYTES", "commit earlier after so much output")     \
    X(DURATION, drain_ms, "drain_ms", "10s", 0, 3600000, "MS",                                                           \
      "time to finish articles in hand when stopping or giving up partitions")                                           \
    X(DURATION, stop_ms, "stop_ms", "25s", 1000, 3600000, "MS", "the process has ended by then, whatever happens")       \
    X(ENUM, format_in, "format_in", "any", 0, 0, "any|json|protobuf|html|plain", "what articles come as")                \
    X(ENUM, format_out, "format_out", "json", 0, 0, "json|protobuf", "what records leave as")                            \
    X(STRING, schema_registry, "schema_registry", "", 0, 1023, "URL",                                                    \
      "schema registry of what has a schema's id before it: framed articles, and all records that leave; empty: none")   \
    X(ENUM, schema_registry_for, "schema_registry_for", "both", 0, 0, "both|input|output",                               \
      "look up the schemas of framed articles there, register those of the outputs, or both")                            \
    X(BYTES, payload_bytes, "payload_bytes", "16MiB", KIB(1), GIB(1), "BYTES", "larger articles are dead-lettered")      \
    X(DURATION, article_ms, "article_ms", "60s", 0, 3600000, "MS",                                                       \
      "CPU time that an article may take before it is dead-lettered; 0: any")                                            \
    X(BYTES, memo_bytes, "memo_bytes", "8MiB", 0, GIB(16), "BYTES",                                                      \
      "of findings that a worker keeps, for articles whose text comes again; 0: none")                                   \
    X(DURATION, stall_ms, "stall_ms", "5m", 0, 86400000, "MS",                                                           \
      "after so long without a record settled, see whether the stream stands still, and heal it; 0: never")              \
    X(STRING, state_dir, "state_dir", "", 0, 4095, "DIRECTORY",                                                          \
      "remembers which articles were in hand when the process died; empty: off")                                         \
    X(INT, crashes_most, "crashes_most", "2", 1, 100, "N", "crashes after which such an article is dead-lettered")       \
    X(STRING, model, "model", "", 0, 4095, "FILE", "the model file (default: the one that came with stanced)")           \
    X(STRING, knowledge, "knowledge", "", 0, 4095, "FILE", "known entities (default: the file that came with stanced)")  \
    X(STRING, own_entities, "own_entities", "", 0, 4095, "FILE",                                                         \
      "CSV of own entities (name,type,wikidata,country,aliases); their names go before the known ones")                  \
    X(TOPICS, watched_topics, "watched_topics", "", 0, SETTINGS_TOPICS_MOST, "FILE|[...]",                               \
      "issues whose supporters and opponents are looked for: a list of {name: ..., patterns: [...]}, or a file of it")   \
    X(ENUM, log_level, "log_level", "info", 0, 0, "error|warn|info|debug", "how much is logged")                         \
    X(STRING, http_listen, "http_listen", "127.0.0.1:9464", 0, 255, "HOST:PORT",                                         \
      "serves the live page, /metrics, /livez and /readyz; empty: off")                                                  \
    X(BYTES, web_bytes, "web_bytes", "16MiB", 0, GIB(4), "BYTES",                                                        \
      "of the newest articles, kept for the live page; 0: no page")                                                      \
    X(STRING, otlp_url, "otlp_url", "", 0, 1023, "URL",                                                                  \
      "collector that gets a span an article over OTLP/HTTP (http://HOST:4318); outputs then go on from it; empty: none")  \
    X(INT, otlp_percent, "otlp_percent", "100", 0, 100, "N", "of the articles that come without a trace get one")        \
    X(DURATION, status_interval_ms, "status_interval_ms", "10s", 100, 3600000, "MS", "between two status records")       \
    X(ENUM, dead_letter_profile, "dead_letter_profile", "streams", 0, 0, "streams|connect|spring",                       \
      "whose names the headers of dead letters have")                                                                    \
    X(LIST, fields_text, "fields.text", "", 0, 32, "KEY,...",                                                            \
      "JSON keys that hold the text; first found wins (default, also of the other fields: common spellings)")            \
    X(LIST, fields_html, "fields.html", "", 0, 32, "KEY,...", "JSON keys that hold the page")                            \
    X(LIST, fields_id, "fields.id", "", 0, 32, "KEY,...", "JSON keys that hold the id")                                  \
    X(LIST, fields_url, "fields.url", "", 0, 32, "KEY,...", "JSON keys that hold the address")                           \
    X(LIST, fields_title, "fields.title", "", 0, 32, "KEY,...", "JSON keys that hold the headline")                      \
    X(LIST, fields_source, "fields.source", "", 0, 32, "KEY,...", "JSON keys that hold the publisher")                   \
    X(LIST, fields_published_at, "fields.published_at", "", 0, 32, "KEY,...", "JSON keys that hold the date")            \
    X(LIST, fields_language, "fields.language", "", 0, 32, "KEY,...", "JSON keys that hold the language")                \
    X(LIST, fields_authors, "fields.authors", "", 0, 32, "KEY,...", "JSON keys that hold the authors")

/* In the order of the choices in the table. */
enum delivery { DELIVERY_EXACTLY_ONCE, DELIVERY_AT_LEAST_ONCE };
enum format_in { FORMAT_IN_ANY, FORMAT_IN_JSON, FORMAT_IN_PROTOBUF, FORMAT_IN_HTML, FORMAT_IN_PLAIN }; /* as article_format */
enum format_out { FORMAT_OUT_JSON, FORMAT_OUT_PROTOBUF };                                              /* as encode_format */
enum schema_registry_for { REGISTRY_FOR_BOTH, REGISTRY_FOR_INPUT, REGISTRY_FOR_OUTPUT };
enum dead_letter_profile { PROFILE_STREAMS, PROFILE_CONNECT, PROFILE_SPRING };

struct settings_list {
    const char *const *items; /* [count] and a NULL behind them; never NULL itself */
    size_t count;
};

/* An issue that is watched: who is for or against it. Its mentions are found by phrases (extract/watched.h). */
struct settings_topic {
    const char *name;
    struct settings_list patterns; /* the name, if none are given */
    const char *where;             /* "stanced.yaml:12", for what is found wrong later */
};

struct settings_topics {
    const struct settings_topic *items; /* [count] */
    size_t count;
};

enum { SETTINGS_TOPICS_MOST = 256, SETTINGS_TOPIC_PATTERNS_MOST = 64, SETTINGS_TOPIC_BYTES_MOST = 200 };

/* A librdkafka property, for both clients or one. */
enum property_side { PROPERTY_BOTH, PROPERTY_CONSUMER, PROPERTY_PRODUCER };
struct settings_property {
    enum property_side side;
    const char *name, *value;
};

typedef int settings_choice; /* an index into the choices; compare with the enums above (log_level: enum log_level) */

#define SETTINGS_MEMBER_STRING(member) const char *member
#define SETTINGS_MEMBER_LIST(member) struct settings_list member
#define SETTINGS_MEMBER_TOPICS(member) struct settings_topics member
#define SETTINGS_MEMBER_ENUM(member) settings_choice member
#define SETTINGS_MEMBER_INT(member) int64_t member
#define SETTINGS_MEMBER_DURATION(member) int64_t member
#define SETTINGS_MEMBER_BYTES(member) int64_t member

struct settings {
#define X(type, member, name, initial, least, most, value, help) SETTINGS_MEMBER_##type(member);
    SETTINGS(X)
#undef X
    bool has_instance; /* the user gave `instance`: use it as group.instance.id */
    struct settings_property *properties; /* [property_count], as given: apply those of PROPERTY_BOTH first */
    size_t property_count;
    const char *const *ignored; /* [ignored_count] names in the environment that look like settings but are none */
    size_t ignored_count;
    struct settings_store *store; /* memory, and where each value came from */
};

enum { SETTINGS_FILE_BYTES_MOST = 1024 * 1024, SETTINGS_PROPERTIES_MOST = 256 };

/* All at their defaults. Free with settings_free(). */
struct settings *settings_new(void);
void settings_free(struct settings *settings); /* NULL is fine */

/* Each reads one source, over what was read before. err: ERROR_CONFIG, with file and line where there is one:
 *   settings.open settings.yaml settings.unknown (names the nearest) settings.value settings.twice settings.many */
bool settings_read_file(struct settings *settings, const char *path, struct error *err);
bool settings_read_yaml(struct settings *settings, struct view yaml, const char *file_name, struct error *err);
bool settings_read_environment(struct settings *settings, const char *const *environment, struct error *err);
bool settings_read_option(struct settings *settings, const char *assignment, struct error *err); /* "name=value" */

/* Fills in what depends on the machine (instance, transactional_id, workers, model, knowledge) and checks settings
 * against each other. Call once, last. err: ERROR_CONFIG "settings.value". */
bool settings_finish(struct settings *settings, struct error *err);

/* The value of a librdkafka property for one side (of its own, else of both), or NULL. */
const char *settings_property(const struct settings *settings, enum property_side side, const char *name);

/* One line each: name, value ("***" for secrets), where it came from. */
void settings_print(const struct settings *settings, FILE *to);

/* The table as the manual's list (roff, .TP items). */
void settings_print_manual(FILE *to);

/* Whether the value of this librdkafka property must not be shown. */
bool settings_is_secret(const char *property);
