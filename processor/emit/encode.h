/* Findings to records: one enriched document, one row a stance, one row an entity, as CONTRACT and schemas/ say.
 *
 * Byte spans become code points here. The same article, findings and model always give the same bytes: no time, host
 * name or random number is in a record. */
#pragma once

#include "processor/extract/findings.h"
#include "processor/ingest/article.h"
#include "processor/runtime/arena.h"

enum encode_format { ENCODE_JSON, ENCODE_PROTOBUF };
enum record_topic { RECORD_ENRICHED, RECORD_STANCE, RECORD_ENTITY };

struct record {
    enum record_topic topic;
    struct view key, value;
    size_t source_bytes;    /* of a stance: so much of the key is the source, behind the `|` stands the target */
    enum polarity polarity; /* of a stance: for those who count them without reading the value */
};

struct records {
    struct record *items; /* [count]: the enriched document first, then stances, then entities */
    size_t count;
};

/* All records of one article, in `arena`. Thread: any. */
struct records encode_article(const struct article *article, const struct findings *findings, const char *model_name,
                              enum encode_format format, struct arena *arena);

/* The enriched document alone, as one line of JSON without a newline: what `stanced extract` prints. */
struct view encode_document(const struct article *article, const struct findings *findings, const char *model_name,
                            struct arena *arena);
