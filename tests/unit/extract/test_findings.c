#include "processor/extract/findings.h"

#include "tests/expect.h"

Test(findings, has_the_words_of_the_contract)
{
    expect_text(entity_type_name(ENTITY_PERSON), "Person");
    expect_text(entity_type_name(ENTITY_NORP), "NORP");
    expect_text(entity_type_name(ENTITY_MONEY), "Money");
    expect_text(mention_kind_name(MENTION_NOMINAL), "nominal");
    expect_text(stance_polarity_name(POLARITY_AGAINST), "against");
    expect_text(portrayal_polarity_name(POLARITY_AGAINST), "negative");
    expect_text(portrayal_polarity_name(POLARITY_NEUTRAL), "neutral");
    expect_text(attribution_kind_name(ATTRIBUTION_INDIRECT), "indirect");
}
