/* Output records, read back for people: what demo, watch and the live page show. Everything is borrowed from the JSON.
 * Thread: any. */
#pragma once

#include "processor/emit/encode.h"
#include "processor/runtime/view.h"

#include <jansson.h>
#include <stdbool.h>

struct row_stance {
    struct view source, target, polarity, evidence;
    double score, confidence;
    bool is_topic; /* the target is a watched topic, printed with "T:" before its name */
};

/* The value of a record, be it JSON or Protobuf. NULL: neither. Let go of it with json_decref(). */
json_t *rows_load(struct view value, enum record_topic topic);

/* One row of the stances topic. False: it is none. */
bool rows_read_stance(const json_t *record, struct row_stance *stance);

/* The headline of an enriched document: its title, else what stands as title in its text, else the first line of
 * that. */
struct view rows_title(const json_t *document);

/* How many stances and entities it has. */
size_t rows_stance_count(const json_t *document);
size_t rows_entity_count(const json_t *document);

/* Its stance at `index`, with the strongest sentence as evidence. False: it is not as it should be. */
bool rows_document_stance(const json_t *document, size_t index, struct row_stance *stance);

/* A string member, or an empty view. */
struct view rows_text(const json_t *object, const char *key);
