/* Sets of stances as numbers: who, for or against, whom. For the figures of SEESAW. */
#pragma once

#include "processor/commands/eval.h"

struct triple {
    int source, polarity, target;
};

/* Each triple once. All zero is an empty set; free(items) at the end. */
struct triples {
    struct triple *items; /* [count] */
    size_t count, capacity;
};

/* What of the triples is compared: pair without polarity, target with polarity, all, or the two ends in any order. */
enum triples_view { TRIPLES_PAIR, TRIPLES_TARGET, TRIPLES_TRIPLE, TRIPLES_UNORDERED, TRIPLES_VIEW_COUNT };

void triples_add(struct triples *triples, struct triple triple);
void triples_add_all(struct triples *to, const struct triples *from);
bool triples_has(const struct triples *triples, struct triple triple);

/* What the two sets have in common, seen so. */
struct eval_counts triples_count(const struct triples *gold, const struct triples *said, enum triples_view view);
