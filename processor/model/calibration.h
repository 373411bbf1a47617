/* What the model's probabilities are worth, as measured on dev: fitted by training/calibration.py, kept in the file's config.
 *
 *   temperatures  q_i = p_i^(1/T) / sum_j p_j^(1/T): a softmax over logits / T where p is a softmax; the order of a
 *                 distribution's classes stays (Guo et al. 2017, "On calibration of modern neural networks")
 *   curves        q = sigmoid(slope * logit(p) + offset), slope > 0: the order of results stays (Platt 1999)
 *
 * Nothing is decided by calibrated values: thresholds and the order of results go by the model's own (training/README.md
 * says what was measured). A file without "calibration" leaves all as it is. Thread: any; const after reading. */
#pragma once

#include "processor/model/file.h"

struct calibration_curve {
    float slope, offset;
};

struct calibration {
    float stance, portrayal; /* temperatures of what `ask` answers */
    struct calibration_curve name, confidence; /* of a name's score, of an article's stance */
};

/* err: ERROR_CONFIG "model.config": a temperature or slope outside 0.01..100, an offset outside -100..100. */
bool calibration_read(const struct model_file *file, struct calibration *out, struct error *err);

/* Tempers probabilities [count] in place. */
void calibration_temper(float temperature, float *probabilities, size_t count);

float calibration_bend(struct calibration_curve curve, float probability);
