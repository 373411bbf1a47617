#include "processor/model/calibration.h"

#include <assert.h>
#include <math.h>

enum { CLASS_LIMIT = 8 };

/* Nothing is surer than this, so that a logit is finite; records have four decimals. */
static const float least_doubt = 1e-5f;

static const float temperature_least = 0.01f, most = 100;

bool calibration_read(const struct model_file *file, struct calibration *out, struct error *err)
{
    struct calibration read = {0};
    const struct {
        const char *name;
        float least, otherwise;
        float *value;
    } numbers[] = {
        {"stance_temperature", temperature_least, 1, &read.stance.temperature},
        {"stance_silence", -most, 0, &read.stance.silence},
        {"portrayal_temperature", temperature_least, 1, &read.portrayal.temperature},
        {"name_rise", 0, 1, &read.name.rise},
        {"name_fall", 0, 1, &read.name.fall},
        {"name_offset", -most, 0, &read.name.offset},
        {"confidence_rise", 0, 1, &read.confidence.rise},
        {"confidence_fall", 0, 1, &read.confidence.fall},
        {"confidence_offset", -most, 0, &read.confidence.offset},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        float value = model_file_number(file, "calibration", numbers[i].name, numbers[i].otherwise);
        if (!(value >= numbers[i].least && value <= most))
            return error_set(err, ERROR_CONFIG, "model.config", "config.calibration.%s must be a number from %g to %g",
                             numbers[i].name, (double)numbers[i].least, (double)most);
        *numbers[i].value = value;
    }
    *out = read;
    return true;
}

void calibration_scale(struct calibration_scale scale, float *probabilities, size_t count, size_t silent)
{
    if (scale.temperature == 1 && scale.silence == 0)
        return;
    float logits[CLASS_LIMIT], most = -INFINITY;
    assert(count <= CLASS_LIMIT && silent < count);
    for (size_t i = 0; i < count; i++) {
        logits[i] = logf(fmaxf(probabilities[i], 0)) / scale.temperature + (i == silent ? scale.silence : 0);
        most = fmaxf(most, logits[i]);
    }
    float sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += probabilities[i] = expf(logits[i] - most);
    for (size_t i = 0; i < count; i++)
        probabilities[i] /= sum;
}

float calibration_bend(struct calibration_curve curve, float probability)
{
    if (curve.rise == 1 && curve.fall == 1 && curve.offset == 0)
        return probability;
    float p = fminf(fmaxf(probability, least_doubt), 1 - least_doubt);
    return 1 / (1 + expf(curve.fall * log1pf(-p) - curve.rise * logf(p) - curve.offset));
}
