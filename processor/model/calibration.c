#include "processor/model/calibration.h"

#include <math.h>

/* Nothing is surer than this, so that a logit is finite; records have four decimals. */
static const float least_doubt = 1e-5f;

static const float positive_least = 0.01f, most = 100;

bool calibration_read(const struct model_file *file, struct calibration *out, struct error *err)
{
    struct calibration read;
    const struct {
        const char *name;
        float least, otherwise;
        float *value;
    } numbers[] = {
        {"stance_temperature", positive_least, 1, &read.stance},
        {"portrayal_temperature", positive_least, 1, &read.portrayal},
        {"name_slope", positive_least, 1, &read.name.slope},
        {"name_offset", -most, 0, &read.name.offset},
        {"confidence_slope", positive_least, 1, &read.confidence.slope},
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

void calibration_temper(float temperature, float *probabilities, size_t count)
{
    if (temperature == 1)
        return;
    float sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += probabilities[i] = powf(probabilities[i], 1 / temperature);
    for (size_t i = 0; i < count; i++)
        probabilities[i] /= sum;
}

float calibration_bend(struct calibration_curve curve, float probability)
{
    if (curve.slope == 1 && curve.offset == 0)
        return probability;
    float p = fminf(fmaxf(probability, least_doubt), 1 - least_doubt);
    return 1 / (1 + expf(-curve.slope * logf(p / (1 - p)) - curve.offset));
}
