/* Judgements of single sentences to the stances of the article: one for each ordered pair of entities, or entity and
 * watched topic, with its evidence. */
#pragma once

#include "processor/extract/reading.h"
#include "processor/model/calibration.h"

/* Probabilities from which on something counts; from the model file's "thresholds". */
struct stance_thresholds {
    float stance;   /* a pair is emitted if its strongest sentence reaches this */
    float evidence; /* a sentence counts for a pair from this on */
    float carried;  /* as `evidence`, where one of the two was named only before the sentence */
    float author;   /* as `stance`, for the article's own stance */
};

struct stances {
    struct stance *items; /* [count], strongest first */
    size_t count;
};

/* Marks must have their entities (indices into `entities`), attributions theirs. Result in reading->arena.
 *
 * What is found goes by the heads' own probabilities. How sure a stance is, and so the order, goes by the sum of -ln(1 - p) over
 * its sentences, half of it where holder or target was named only before the sentence: with S that sum, `curve` bends
 * 1 - e^-S. A mixed stance is right only where both of its sides are: the square of what its weaker side has. */
struct stances stances_of(const struct reading *reading, const struct entity *entities,
                          const struct stance_thresholds *thresholds, struct calibration_curve curve);

/* Fills salience and portrayal of the entities from their marks. Prose counts; captions and menus do not. */
void stances_portray(const struct reading *reading, struct entity *entities, size_t entity_count);

/* Whether the word list is sorted, as it must be; for tests. */
bool stances_list_is_sorted(void);
