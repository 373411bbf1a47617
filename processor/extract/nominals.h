/* Whom "the company", "the president", "the idea" and "@annlee" stand for: rules over what was named before. */
#pragma once

#include "processor/extract/pronouns.h"

/* What the search knows. */
struct nominals {
    struct discourse discourse;
    const struct knowledge *knowledge; /* may be NULL */
    bool *is_other; /* [clusters] who is not, in this article, what he is known for; nominals_prepare() sets it */
};

/* Finds who is known for an office, but not called by it: "former President X", "Vice President Y", who came into it after the article. */
void nominals_prepare(struct nominals *nominals);

/* The entity (a cluster's index) that the nominal's mark `at` takes up, or NOWHERE. Marks before it must have theirs. Looks back over a
 * bounded number of marks. */
int32_t nominals_antecedent(const struct nominals *nominals, size_t at);
