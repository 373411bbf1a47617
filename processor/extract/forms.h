/* The ways of writing names in an article: each string once (a last name of several people once for each title,
 * "Mr." and "Mrs."), with its type and what it is known to mean. */
#pragma once

#include "processor/extract/reading.h"
#include "processor/knowledge/knowledge.h"

#include <strings.h>

enum { NAME_WORDS = 12 }; /* of a name, the first so many count */

/* One way of writing a name, with all marks that are written so. */
struct form {
    struct view name;
    struct view words[NAME_WORDS]; /* without accents */
    size_t word_count;
    enum entity_type type;
    float votes[ENTITY_TYPE_COUNT];
    int neighbours; /* marks whose neighbours speak of an organisation, less those that speak of a person */
    int offices, titles; /* marks with words of public office beside them, and right before them */
    int others;          /* marks right behind the word for another trade: "Captain Ann Lee" */
    int sports;          /* marks in reports on sport */
    size_t venues;       /* marks that are a fixture's second: "CHICAGO AT TORONTO" */
    size_t mark_count;
    uint32_t first_start;
    char gender; /* "Mrs. Lee" in an article with Ann and Bo Lee: 'f'; 0: the title does not tell, or need not */
    uint32_t known;
    struct view known_name; /* of what it is known to be */
    bool known_is_weak; /* by a last name or an ambiguous word only */
    bool is_last_name;  /* known by a last name: whoever has it in this article goes before */
    bool is_famous;     /* so famous that the last name alone is enough */
    bool is_namesake;   /* named like a place, which is not meant: a team, a person */
    bool is_company;    /* named like a town, and a company is meant whose longer name begins so */
    bool is_region;     /* named like a city or country, and a state or province is meant */
    uint32_t holder;    /* the country or region that is said to hold it, "Portland, Maine"; or KNOWN_NONE */
    uint32_t cluster;
};

struct forms {
    struct form *items; /* [count], by first mark */
    size_t count;
    uint32_t *of_mark;  /* [mark_count] the form of each name */
};

/* The forms of all names among the reading's marks. `knowledge` may be NULL. Result in reading->arena; linear. */
struct forms forms_of(const struct reading *reading, const struct knowledge *knowledge);

/* Makes the form one of `type`, against what the tags say. */
void forms_take_type(struct form *form, enum entity_type type);

/* The type with the most votes [ENTITY_TYPE_COUNT]. */
enum entity_type forms_best_type(const float *votes);

/* Without regard to the case of ASCII letters. */
static inline bool same_word(struct view a, struct view b)
{
    return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

