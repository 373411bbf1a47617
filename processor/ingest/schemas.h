/* The schemas of framed articles, asked for by their ids in a registry (Confluent's API) and kept: an id never means another
 * schema later. At most SCHEMAS_MOST are kept; the one not used for longest makes room.
 *
 * What the registry does not have is asked for again after SCHEMAS_UNKNOWN_MS. Where it does not answer, nobody asks
 * again for a while, which doubles up to SCHEMAS_PAUSE_MOST_MS. One request is out at a time. Thread: any. */
#pragma once

#include "processor/ingest/schema.h"

enum { SCHEMAS_MOST = 512, SCHEMAS_UNKNOWN_MS = 60000, SCHEMAS_PAUSE_MS = 250, SCHEMAS_PAUSE_MOST_MS = 10000, SCHEMAS_ASK_MS = 5000 };

struct schemas;

struct schemas_counts {
    int64_t found, refused, away; /* answers of the registry, and requests without one */
};

/* `url` of the registry and `fields` outlive it. Free with schemas_free(). */
struct schemas *schemas_new(const char *url, const struct article_fields *fields);
void schemas_free(struct schemas *schemas); /* NULL is fine */

/* The schema of a framed payload (ingest/frame.h). Waits for the registry SCHEMAS_ASK_MS at most, or not at all where it was
 * away a moment ago.
 *   err  ERROR_INPUT "schema.unknown": the registry does not know the id; "schema.kind": neither JSON nor Protobuf;
 *        "schema.syntax", "schema.message": as schema_read_proto(); "confluent.frame"
 *        ERROR_RETRY "schema.away": no answer, or one that says nothing of the id (500, 401, ...) */
bool schemas_find(struct schemas *schemas, struct view payload, struct schema *out, struct error *err);

/* Whether the last request, not long ago, got no answer. */
bool schemas_is_away(const struct schemas *schemas);

/* Ends a request that is out; from now on nothing is asked. */
void schemas_stop(struct schemas *schemas);

struct schemas_counts schemas_count(const struct schemas *schemas);
