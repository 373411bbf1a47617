/* Whom "he", "it", "the company" and a quotation's "we" stand for: rules over what was named before. */
#pragma once

#include "processor/extract/clusters.h"

/* Sets mark->entity (a cluster's index) of pronouns and nominals where it is clear, and attribution->entity of those whose
 * source is settled. Names must have theirs. Looks back over a bounded number of marks: linear. */
void antecedents_set(struct reading *reading, const struct clusters *clusters, const struct knowledge *knowledge);
