/* One article and what was found in it, with what every form of the record needs worked out once: ids, code points,
 * fingerprints, and who is meant by a stance's two ends. */
#pragma once

#include "processor/emit/positions.h"
#include "processor/extract/findings.h"
#include "processor/ingest/article.h"

struct document {
    const struct article *article;
    const struct findings *findings;
    struct view language;    /* the record's own word, else what was found */
    struct view sha256;      /* of the text, in hex */
    struct view simhash;     /* 16 hex digits */
    struct view model, version;
    struct view *entity_ids; /* [findings->entity_count] "E1", ... */
    struct positions positions;
};

/* One end of a stance. */
struct party {
    struct view id;        /* in the enriched document: "E1", "author", "T:climate policy" */
    struct view canonical; /* in keys: the entity's name, "author", "T:climate policy" */
    struct view name;      /* "Huawei Technologies", "author", "climate policy" */
    struct view type;      /* an entity's, "Author" or "Topic" */
    struct view wikidata;  /* or empty */
};

/* In `arena`; article, findings and model_name must outlive it. */
struct document document_make(const struct article *article, const struct findings *findings, const char *model_name,
                              struct arena *arena);

struct party document_source(const struct document *document, const struct stance *stance);
struct party document_target(const struct document *document, const struct stance *stance, struct arena *arena);

/* A watched topic as the target of stances: "T:climate policy". */
struct view document_topic(struct view name, struct arena *arena);

/* The strongest evidence, as it stands in the text; empty if there is none. */
struct view document_evidence(const struct document *document, const struct stance *stance);

static inline bool span_is_empty(struct span span)
{
    return span.start == span.end;
}
