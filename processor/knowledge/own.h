/* Users' own entities and aliases: a CSV file whose names go before those of the knowledge file.
 *
 *   name,type,wikidata,country,aliases
 *   Nordvik,Organization,Q123,NO,Nordvik Shipping|NVS
 *
 * The first row names the columns, in any order; `name` and `type` must be there, the others may be missing or empty. A name that
 * stands here means this and nothing else; where the knowledge file has the identifier, that entity gets this name and type. */
#pragma once

#include "processor/knowledge/knowledge.h"

enum { OWN_FILE_BYTES_MOST = 16 * 1024 * 1024, OWN_ROWS_MOST = 100000 };

struct own;

/* Reads `csv` for `knowledge`, whose entries the new ones are numbered behind. err: ERROR_CONFIG "own.header", "own.row", "own.size",
 * "csv.quote", "csv.cells", with the file's name and the line. Free with own_free(). Thread: any; const afterwards. */
struct own *own_read(struct view csv, const char *file_name, const struct knowledge *knowledge, struct error *err);
void own_free(struct own *own); /* NULL is fine */

size_t own_count(const struct own *own); /* entities that the knowledge file does not have */

/* The entry of a name, in its spelling (normal.h); KNOWN_NONE where it is none of these. */
uint32_t own_find(const struct own *own, struct view spelling);

/* Fills *known where `entry` is one of these, or is written over by one. */
bool own_get(const struct own *own, uint32_t entry, struct known *known);
