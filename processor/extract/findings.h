/* What was found in one article: regions, entities, attributions, stances.
 *
 * Plain data. Everything lives in the arena that the extraction was given; every span is a byte range of
 * `text` (emit/encode turns them into code points). Order is part of the result: regions and mentions by
 * position, entities by first mention, stances by strength. */
#pragma once

#include "processor/runtime/view.h"
#include "processor/text/boilerplate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENTITY_TYPES(X)             \
    X(PERSON, "Person")             \
    X(ORGANIZATION, "Organization") \
    X(LOCATION, "Location")         \
    X(NORP, "NORP")                 \
    X(FACILITY, "Facility")         \
    X(PRODUCT, "Product")           \
    X(MISC, "Misc")                 \
    X(DATE, "Date")                 \
    X(MONEY, "Money")

enum entity_type {
#define X(name, text) ENTITY_##name,
    ENTITY_TYPES(X)
#undef X
    ENTITY_TYPE_COUNT
};

enum mention_kind { MENTION_NAME, MENTION_NOMINAL, MENTION_PRONOUN };
enum polarity { POLARITY_AGAINST, POLARITY_FOR, POLARITY_MIXED, POLARITY_NEUTRAL };
enum attribution_kind { ATTRIBUTION_DIRECT, ATTRIBUTION_INDIRECT, ATTRIBUTION_MIXED };

enum { FINDINGS_NONE = -1 }; /* no entity, no attribution */

struct mention {
    struct span span;
    enum mention_kind kind;
    float score; /* 0..1; of a name: probability that span and type are right */
};

struct entity {
    struct view name;     /* canonical */
    enum entity_type type;
    struct view wikidata; /* "Q160120", or empty */
    char country[3];      /* whose it is, where it is known (ISO 3166-1), or empty */
    bool is_state;        /* known as a country */
    bool is_people;       /* known by what a country's people and things are called: "Chinese", "Israelis" */
    bool is_measure;      /* known as a law, an agreement, a programme */
    float salience;       /* 0..1 */
    struct mention *mentions; /* [mention_count], by position */
    size_t mention_count;
    bool has_portrayal;
    enum polarity portrayal; /* AGAINST negative, NEUTRAL, FOR positive */
    float portrayal_score;   /* -1..1 */
};

struct attribution {
    struct span source, cue, content; /* empty (start == end) where there is none */
    int32_t entity;                   /* the source's index in entities, or FINDINGS_NONE */
    enum attribution_kind kind;
};

struct evidence {
    struct span span;    /* the sentence that shows it */
    float score;         /* -1..1 */
    int32_t attribution; /* index, or FINDINGS_NONE */
};

struct stance {
    int32_t source; /* entity, or FINDINGS_NONE: the author */
    int32_t target; /* entity, or FINDINGS_NONE where `topic` is set */
    struct view topic; /* name of a watched topic, or empty */
    enum polarity polarity; /* AGAINST, FOR or MIXED */
    float score;      /* -1..1 */
    float confidence; /* 0..1: probability that the stance is right */
    struct evidence *evidence; /* [evidence_count], strongest first */
    size_t evidence_count;
};

/* Where the text speaks of a watched topic. */
struct topic_mention {
    struct span span;
    struct view topic; /* its name */
};

struct findings {
    struct view text; /* as received, valid UTF-8 */
    struct view language; /* "en", ... or empty */
    struct region *regions;           size_t region_count;
    struct entity *entities;          size_t entity_count;
    struct attribution *attributions; size_t attribution_count;
    struct stance *stances;           size_t stance_count;
    struct topic_mention *topic_mentions; size_t topic_mention_count; /* by position */
    uint64_t simhash; /* of the body's words */
};

/* "Person", "name", "against" / "negative", "direct": constants. Thread: any. */
const char *entity_type_name(enum entity_type type);
const char *mention_kind_name(enum mention_kind kind);
const char *stance_polarity_name(enum polarity polarity);    /* against for mixed neutral */
const char *portrayal_polarity_name(enum polarity polarity); /* negative positive mixed neutral */
const char *attribution_kind_name(enum attribution_kind kind);
