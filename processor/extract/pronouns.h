/* Whom "he", "she", "it" and "they" mean: the candidate with the largest sum of learned weights, if that is more than what speaks for nobody.
 *
 * Weights and what they were learned from: training/antecedents.py. */
#pragma once

#include "processor/extract/clusters.h"

/* What the search for antecedents knows of an article beside its marks. */
struct discourse {
    struct reading *reading;
    const struct clusters *clusters;
    int32_t *source_of; /* [mark_count] the attribution whose source the mark stands for, or NOWHERE */
    int32_t *quoted_by; /* [mark_count] the mark in whose quotation the mark stands, or NOWHERE */
    char *genders;      /* [clusters->count] what the article calls those whose name tells nothing: 'f', 'm', 0; NULL: not known yet */
};

enum pronoun_class { PRONOUN_PERSON, PRONOUN_THING, PRONOUN_GROUP, PRONOUN_CLASS_COUNT };

/* The entity (a cluster's index) that the pronoun's mark `at` takes up, or NOWHERE. Marks before it must have theirs. Looks back
 * over a bounded number of marks. */
int32_t pronouns_antecedent(const struct discourse *discourse, size_t at);

/* What speaks for one candidate, in the order of the weights. */
#define PRONOUN_SIGNS(X) \
    X(SAME_SENTENCE) X(LAST_SENTENCE) X(SECOND_LAST) X(FARTHER) X(STARTS_SAME) X(STARTS_LAST) X(NEAREST) X(THIRD) \
    X(BOTH_SPEAK) X(SPOKE_BEFORE) X(IS_PRONOUN) X(IS_NOMINAL) X(IS_PRONOUN_AT_START) X(FULL_NAME) X(KNOWN_GENDER) X(NAMED_OFTEN) \
    X(BEHIND_PREPOSITION) X(BEHIND_AND) X(IS_SPEAKER) X(SAME_QUOTE) X(ONLY_IT_QUOTED) X(SAME_CLAUSE_OBJECT) X(OBJECT_SAME) \
    X(POSSESSIVE_SAME) X(POSSESSIVE_NEAR) X(CLOSENESS) X(DISTANCE) X(BEFORE_WHO) X(OTHER_PARAGRAPH) X(AT_START_LAST) \
    X(AT_START_STARTS_LAST) X(NO_COMMA) X(ALONE) X(BEFORE_NOUN) X(OWNS) X(ORGANIZATION) X(LOCATION) X(PEOPLE) X(OTHER_THING) \
    X(PLURAL) X(PRONOUN_ACTS) X(PRONOUN_EMPTY) X(PRONOUN_OF_CLAUSE) X(PRONOUN_QUOTED) X(HAS_ACTED) \
    X(FIRST_WORDS_SAME) X(FIRST_WORDS_LAST) X(AT_START_FIRST_WORDS) X(AT_START_FIRST_WORDS_ACTS) X(IN_OWN_WORDS) X(IN_OWN_QUOTE)
enum pronoun_sign {
#define X(name) SIGN_##name,
    PRONOUN_SIGNS(X)
#undef X
    PRONOUN_SIGN_COUNT
};

/* One entity that a pronoun may mean. */
struct pronoun_choice {
    int32_t entity;
    size_t mark; /* its nearest before the pronoun */
    float signs[PRONOUN_SIGN_COUNT];
};

enum { PRONOUN_CHOICES_MOST = 24 };

/* The candidates of the mark `at`, nearest first; returns how many. For learning the weights. */
size_t pronouns_choices(const struct discourse *discourse, size_t at, enum pronoun_class *kind,
                        struct pronoun_choice choices[PRONOUN_CHOICES_MOST]);

/* Hears of each pronoun's candidates before one is taken (reading->listener). */
struct pronouns_listener {
    void (*heard)(void *context, const struct discourse *discourse, size_t at, enum pronoun_class kind, const struct pronoun_choice *choices,
                  size_t count);
    void *context;
};

/* Whether the word lists are sorted, as they must be; for tests. */
bool pronouns_lists_are_sorted(void);
