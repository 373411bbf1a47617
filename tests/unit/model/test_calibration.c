#include "processor/model/calibration.h"

#include "tests/expect.h"
#include "tests/make_model.h"

/* Whether calibration_read() takes a file whose config has these numbers. */
static bool read_numbers(const char *numbers, struct calibration *out, struct error *err)
{
    char config[512];
    snprintf(config, sizeof config,
             "{\"name\": \"made\", \"layers\": 1, \"width\": 64, \"heads\": 1, \"hidden\": 64, \"positions\": 16, \"vocab\": 1, "
             "\"case_shapes\": 6, \"window\": 16, \"norm_epsilon\": 1e-12%s}", numbers);
    struct model_maker *maker = maker_new(1);
    maker_add_bytes(maker, "config", config);
    struct view bytes = maker_finish(maker);
    struct model_file *file = model_file_read(bytes, err);
    expect_fine(file != NULL, *err);
    bool is_read = calibration_read(file, out, err);
    model_file_close(file);
    model_bytes_free(bytes);
    return is_read;
}

Test(calibration, leaves_all_as_it_is_where_the_file_has_none)
{
    struct calibration calibration;
    struct error err = {0};
    float probabilities[] = {0.1f, 0.7f, 0.2f};

    expect_fine(read_numbers("", &calibration, &err), err);
    calibration_scale(calibration.stance, probabilities, 3, 0);
    calibration_scale(calibration.portrayal, probabilities, 3, 1);

    cr_expect(probabilities[0] == 0.1f && probabilities[1] == 0.7f && probabilities[2] == 0.2f);
    cr_expect(calibration_bend(calibration.name, 0.3f) == 0.3f);
    cr_expect(calibration_bend(calibration.confidence, 1) == 1);
}

Test(calibration, reads_the_numbers_of_the_file)
{
    struct calibration calibration;
    struct error err = {0};
    expect_fine(read_numbers(", \"calibration\": {\"stance_temperature\": 2, \"stance_silence\": 0.5, \"portrayal_temperature\": 1.5, \"name_rise\": 0.5, "
                             "\"name_fall\": 0.75, \"name_offset\": -1, \"confidence_rise\": 0, \"confidence_fall\": 0.25, "
                             "\"confidence_offset\": 3}", &calibration, &err), err);
    cr_expect(calibration.stance.temperature == 2 && calibration.stance.silence == 0.5f);
    cr_expect(calibration.portrayal.temperature == 1.5f && calibration.portrayal.silence == 0);
    cr_expect(calibration.name.rise == 0.5f && calibration.name.fall == 0.75f && calibration.name.offset == -1);
    cr_expect(calibration.confidence.rise == 0 && calibration.confidence.fall == 0.25f && calibration.confidence.offset == 3);
}

Test(calibration, refuses_what_would_turn_the_order_or_is_no_number)
{
    static const char *const cases[] = {"\"stance_temperature\": 0", "\"stance_silence\": -200", "\"portrayal_temperature\": -1", "\"name_rise\": -0.1",
                                        "\"confidence_fall\": -0.5", "\"confidence_offset\": 1e30", "\"name_offset\": -101"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct calibration calibration;
        struct error err = {0};
        char numbers[128];
        snprintf(numbers, sizeof numbers, ", \"calibration\": {%s}", cases[i]);
        cr_expect(not(read_numbers(numbers, &calibration, &err)), "accepted %s", cases[i]);
        cr_expect(eq(int, err.kind, ERROR_CONFIG));
        expect_says(err.text, "config.calibration.");
    }
}

Test(calibration, scales_a_softmax_as_its_logits)
{
    static const double logits[] = {2, -1, 0.5};
    for (int i = 1; i <= 8; i++) {
        double temperature = i / 2.0, silence = i - 4, sums[2] = {0};
        float probabilities[3];
        for (size_t k = 0; k < 3; k++) {
            sums[0] += exp(logits[k]);
            sums[1] += exp(logits[k] / temperature + (k == 1 ? silence : 0));
        }
        for (size_t k = 0; k < 3; k++)
            probabilities[k] = (float)(exp(logits[k]) / sums[0]);
        calibration_scale((struct calibration_scale){(float)temperature, (float)silence}, probabilities, 3, 1);
        for (size_t k = 0; k < 3; k++) {
            double expected = exp(logits[k] / temperature + (k == 1 ? silence : 0)) / sums[1];
            cr_expect(le(dbl, fabs((double)probabilities[k] - expected), 1e-6), "T %g class %zu", temperature, k);
        }
    }
}

Test(calibration, scales_a_sure_answer_without_losing_it)
{
    float probabilities[] = {0, 1, 0};
    calibration_scale((struct calibration_scale){3, 2}, probabilities, 3, 0);
    cr_expect(probabilities[0] == 0 && probabilities[1] == 1 && probabilities[2] == 0);
}

Test(calibration, bends_probabilities_in_their_order)
{
    static const struct calibration_curve curves[] = {{0.4f, 0.4f, -0.3f}, {0, 0.3f, -0.5f}, {2, 0, 1}, {1.1f, 3, 0}};
    for (size_t c = 0; c < sizeof curves / sizeof *curves; c++) {
        float last = 0;
        for (int i = 0; i <= 1000; i++) {
            float bent = calibration_bend(curves[c], (float)i / 1000);
            cr_expect(bent >= last && bent <= 1, "curve %zu at %d: %g after %g", c, i, (double)bent, (double)last);
            last = bent;
        }
        double logit = (double)curves[c].rise * log(0.8) - (double)curves[c].fall * log(0.2) + (double)curves[c].offset;
        cr_expect(le(dbl, fabs((double)calibration_bend(curves[c], 0.8f) - 1 / (1 + exp(-logit))), 1e-6));
    }
}
