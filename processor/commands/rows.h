/* Output records, read back for people: what demo and watch print. Everything is borrowed from the JSON. Thread: any. */
#pragma once

#include "processor/commands/table.h"

#include <jansson.h>

/* A JSON record, with the frame of a schema registry or without; NULL where it is neither. To be given to json_decref(). */
json_t *rows_load(struct view value);

/* One row of the stances topic. False: it is none. */
bool rows_read_stance(const json_t *record, struct table_stance *stance);

/* The headline of an enriched document: its title, else what stands as title in its text, else the first line of
 * that. */
struct view rows_title(const json_t *document);

/* How many stances and entities it has. */
size_t rows_stance_count(const json_t *document);
size_t rows_entity_count(const json_t *document);

/* Its stance at `index`, with the strongest sentence as evidence. False: it is not as it should be. */
bool rows_document_stance(const json_t *document, size_t index, struct table_stance *stance);

/* A string member, or an empty view. */
struct view rows_text(const json_t *object, const char *key);
