#include "processor/extract/findings.h"

#include <assert.h>

const char *entity_type_name(enum entity_type type)
{
    static const char *const names[ENTITY_TYPE_COUNT] = {
#define X(name, text) [ENTITY_##name] = text,
        ENTITY_TYPES(X)
#undef X
    };
    assert(type < ENTITY_TYPE_COUNT);
    return names[type];
}

const char *mention_kind_name(enum mention_kind kind)
{
    static const char *const names[] = {
        [MENTION_NAME] = "name", [MENTION_NOMINAL] = "nominal", [MENTION_PRONOUN] = "pronoun"};
    assert((size_t)kind < sizeof names / sizeof *names);
    return names[kind];
}

const char *stance_polarity_name(enum polarity polarity)
{
    static const char *const names[] = {[POLARITY_AGAINST] = "against",
                                        [POLARITY_FOR] = "for",
                                        [POLARITY_MIXED] = "mixed",
                                        [POLARITY_NEUTRAL] = "neutral"};
    assert((size_t)polarity < sizeof names / sizeof *names);
    return names[polarity];
}

const char *portrayal_polarity_name(enum polarity polarity)
{
    static const char *const names[] = {[POLARITY_AGAINST] = "negative",
                                        [POLARITY_FOR] = "positive",
                                        [POLARITY_MIXED] = "mixed",
                                        [POLARITY_NEUTRAL] = "neutral"};
    assert((size_t)polarity < sizeof names / sizeof *names);
    return names[polarity];
}

const char *attribution_kind_name(enum attribution_kind kind)
{
    static const char *const names[] = {[ATTRIBUTION_DIRECT] = "direct",
                                        [ATTRIBUTION_INDIRECT] = "indirect",
                                        [ATTRIBUTION_MIXED] = "mixed"};
    assert((size_t)kind < sizeof names / sizeof *names);
    return names[kind];
}
