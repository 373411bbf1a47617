/* What the model's probabilities are worth, as measured on dev: fitted by training/calibration.py, kept in the file's config.
 *
 *   scales        q_i = p_i^(1/T) e^(s [i is the silent class]) / sum_j ...: a softmax over logits / T where p is a softmax, with s
 *                 more for "none" or "neutral"; the order of the other classes stays (Guo et al. 2017, "On calibration of modern
 *                 neural networks")
 *   curves        q = sigmoid(rise ln p - fall ln(1 - p) + offset), rise and fall >= 0: the order of results stays (Kull et
 *                 al. 2017, "Beta calibration"). For a stance's confidence -ln(1 - p) is a sum over its evidence (extract/stances.h)
 *
 * Extraction decides nothing by calibrated values: thresholds go by the model's own (training/README.md says what was measured). A file without "calibration" leaves all as it is. Thread: any; const after reading. */
#pragma once

#include "processor/model/file.h"

struct calibration_scale {
    float temperature, silence; /* T and s; 1, 0: as it is */
};

struct calibration_curve {
    float rise, fall, offset; /* 1, 1, 0: as it is */
};

struct calibration {
    struct calibration_scale stance, portrayal; /* of what `ask` answers */
    struct calibration_curve name, confidence;  /* of a name's score, of an article's stance */
};

/* err: ERROR_CONFIG "model.config": a temperature outside 0.01..100, a rise or fall outside 0..100, a
 * silence or offset outside -100..100. */
bool calibration_read(const struct model_file *file, struct calibration *out, struct error *err);

/* Scales probabilities [count] in place; class `silent` is the one that takes no side. */
void calibration_scale(struct calibration_scale scale, float *probabilities, size_t count, size_t silent);

float calibration_bend(struct calibration_curve curve, float probability);
