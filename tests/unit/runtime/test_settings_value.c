#include "processor/runtime/settings_value.h"

#include "tests/expect.h"

Test(settings_value, reads_numbers_with_their_units)
{
    static const struct { const char *text; const struct settings_unit *units; int64_t number; } cases[] = {
        {"0", settings_units_none, 0},           {"42", settings_units_none, 42},
        {"250", settings_units_duration, 250},   {"250ms", settings_units_duration, 250},
        {"10s", settings_units_duration, 10000}, {"5m", settings_units_duration, 300000},
        {"1h", settings_units_duration, 3600000}, {"1024", settings_units_bytes, 1024},
        {"64KiB", settings_units_bytes, 65536},  {"64kB", settings_units_bytes, 64000},
        {"1MiB", settings_units_bytes, 1048576}, {"2GiB", settings_units_bytes, 2147483648},
        {"9223372036854775807", settings_units_none, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        int64_t number = -1;
        expect_fine(settings_number(cases[i].text, cases[i].units, 0, INT64_MAX, &number, &err), err);
        cr_expect(eq(i64, number, cases[i].number), "%s", cases[i].text);
    }
}

Test(settings_value, says_what_is_wrong_with_a_number)
{
    static const struct { const char *text; const struct settings_unit *units; const char *says; } cases[] = {
        {"", settings_units_none, "not a whole number"},
        {"x", settings_units_none, "not a whole number"},
        {"-5", settings_units_none, "not a whole number"},
        {"+5", settings_units_none, "not a whole number"},
        {" 5", settings_units_none, "not a whole number"},
        {"5 ", settings_units_none, "not a whole number"},
        {"1.5s", settings_units_duration, "units ms, s, m, h"},
        {"5 s", settings_units_duration, "units ms, s, m, h"},
        {"s", settings_units_duration, "units ms, s, m, h"},
        {"10s", settings_units_none, "not a whole number"},
        {"64M", settings_units_bytes, "MiB"},
        {"4", settings_units_none, "less than 5, the least"},
        {"1001", settings_units_none, "more than 1000, the most"},
        {"2s", settings_units_duration, "more than 1000, the most"},
        {"99999999999999999999999", settings_units_none, "more than 1000"},
        {"9223372036854775807h", settings_units_duration, "more than 1000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        int64_t number = -1;
        cr_expect(not(settings_number(cases[i].text, cases[i].units, 5, 1000, &number, &err)), "accepted %s", cases[i].text);
        cr_expect(eq(i64, number, -1), "written for %s", cases[i].text);
        expect_says(err.text, cases[i].says);
    }
}

Test(settings_value, finds_whole_choices_only)
{
    const char *choices = "json|protobuf|any";
    static const struct { const char *text; int index; } cases[] = {
        {"json", 0}, {"protobuf", 1}, {"any", 2}, {"", -1}, {"jso", -1}, {"jsonx", -1}, {"JSON", -1}, {"json|protobuf", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(int, settings_choice_find(choices, cases[i].text), cases[i].index), "%s", cases[i].text);
}

Test(settings_value, gives_the_text_of_a_choice)
{
    char text[16];

    expect_text(settings_choice_text("json|protobuf|any", 0, text, sizeof text), "json");
    expect_text(settings_choice_text("json|protobuf|any", 2, text, sizeof text), "any");
    expect_text(settings_choice_text("json|protobuf|any", 1, text, 4), "pro");
}
