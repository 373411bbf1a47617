/* Names of an article gathered into clusters: the first half of entities. */
#pragma once

#include "processor/extract/forms.h"

struct cluster {
    struct view name;     /* the fullest form, as written, without "the" and possessive */
    struct view words[NAME_WORDS]; /* without accents */
    size_t word_count;
    enum entity_type type;
    float votes[ENTITY_TYPE_COUNT]; /* sum of the scores of the marks of each type */
    uint32_t known;       /* in the knowledge, or KNOWN_NONE */
    bool is_namesake;     /* of a place, as its forms */
    bool has_plural;      /* one of its forms ends in "s": "Kurds", not "Kurdish" */
    size_t mark_count;
    uint32_t first_start; /* byte where it is first named */
    char gender;          /* 'm', 'f' or 0, from titles */
};

struct clusters {
    struct cluster *items; /* [count], in the order in which they were made: fuller names first */
    size_t count;
};

/* Sets mark->entity of every name to its cluster's index. */
struct clusters clusters_of(struct reading *reading, const struct knowledge *knowledge);

/* The cluster of the country: the one there is, or a new one behind the others, for which `clusters` must have room. Looks at all of them. */
uint32_t clusters_country(struct clusters *clusters, uint32_t country, const struct knowledge *knowledge);
