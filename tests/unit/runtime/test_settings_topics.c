#include "processor/runtime/settings.h"

#include "tests/expect.h"
#include "tests/unit/runtime/with_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(settings_topics, .init = set_up, .fini = tear_down);

Test(settings_topics, are_none_at_first)
{
    cr_expect(eq(sz, settings->watched_topics.count, 0));
}

Test(settings_topics, are_a_list_of_names_with_patterns)
{
    expect_fine(read_yaml("group: g\n"
                          "watched_topics:\n"
                          "- name: Huawei 5G ban\n"
                          "  patterns: [ban on Huawei, \"Huawei ban*\"]\n"
                          "- {patterns: carbon tax, name: climate}\n"
                          "- name: Brexit\n"), err);

    const struct settings_topics *topics = &settings->watched_topics;
    cr_assert(eq(sz, topics->count, 3));
    expect_text(topics->items[0].name, "Huawei 5G ban");
    cr_assert(eq(sz, topics->items[0].patterns.count, 2));
    expect_text(topics->items[0].patterns.items[1], "Huawei ban*");
    expect_text(topics->items[1].patterns.items[0], "carbon tax");
    expect_text(topics->items[2].where, "test.yaml:6");
    cr_assert(eq(sz, topics->items[2].patterns.count, 1));
    expect_text(topics->items[2].patterns.items[0], "Brexit");
}

Test(settings_topics, may_be_called_topics_in_a_file)
{
    expect_fine(read_yaml("topics: [{name: Huawei 5G ban, patterns: [ban on Huawei]}]\n"), err);
    cr_assert(eq(sz, settings->watched_topics.count, 1));

    cr_expect(not(read_yaml("topics: [{name: a}]\nwatched_topics: [{name: b}]\n")));
    expect_says(err.text, "test.yaml:2: watched_topics is given twice");
}

Test(settings_topics, are_json_in_the_environment)
{
    const char *environment[] = {"STANCED_WATCHED_TOPICS= [{\"name\": \"a tax\", \"patterns\": [\"tax\", \"levy\"]}]", NULL};
    expect_fine(read_yaml("watched_topics: [{name: b}]\n"), err);
    expect_fine(settings_read_environment(settings, environment, &err), err);

    cr_assert(eq(sz, settings->watched_topics.count, 1));
    expect_text(settings->watched_topics.items[0].patterns.items[1], "levy");
    expect_text(settings->watched_topics.items[0].where, "STANCED_WATCHED_TOPICS:1");
}

Test(settings_topics, may_stand_in_a_file_of_their_own)
{
    char path[] = "/tmp/stanced-topics-XXXXXX", option[64];
    int file = mkstemp(path);
    cr_assert(file >= 0 && write(file, "# issues\n- name: a\n", 19) == 19);
    close(file);
    snprintf(option, sizeof option, "watched_topics=%s", path);
    bool is_fine = settings_read_option(settings, option, &err);
    unlink(path);

    expect_fine(is_fine, err);
    cr_assert(eq(sz, settings->watched_topics.count, 1));
    expect_says(settings->watched_topics.items[0].where, ":2");
    cr_expect(not(settings_read_option(settings, option, &err)));
    expect_text(err.code, "settings.open");
    expect_fine(settings_read_option(settings, "watched_topics=", &(struct error){0}), err);
    cr_expect(eq(sz, settings->watched_topics.count, 0), "an option takes back what the file has");
}

Test(settings_topics, says_what_is_wrong_and_where)
{
    static const struct { const char *yaml, *code, *says; } cases[] = {
        {"watched_topics: [a]\n", "settings.value", "test.yaml:1: an entry of watched_topics is {name: ..., patterns: [...]}"},
        {"watched_topics: {name: a}\n", "settings.unknown", "watched_topics.name"},
        {"watched_topics: no/such/file\n", "settings.open", "no/such/file: cannot be opened"},
        {"watched_topics: '[{name: a}'\n", "settings.yaml", "not YAML"},
        {"watched_topics: '[[a]]'\n", "settings.yaml", "test.yaml:1:1: watched_topics"},
        {"watched_topics:\n- {name: a}\n- {patterns: [b]}\n", "settings.value", "test.yaml:3: a topic needs a name"},
        {"watched_topics:\n- {name: a}\n- {}\n", "settings.value", "test.yaml:3: a topic needs a name"},
        {"watched_topics:\n- {name: a}\n- {name: a}\n", "settings.twice", "test.yaml:3: topic \"a\" is given twice"},
        {"watched_topics:\n- name: a\n  name: b\n", "settings.twice", "test.yaml:3: name is given twice"},
        {"watched_topics:\n- name: a\n  patterns: b\n  patterns: c\n", "settings.twice", "test.yaml:4: patterns is given twice"},
        {"watched_topics:\n- name: a\n  pattern: b\n", "settings.unknown", "test.yaml:3: a topic has no \"pattern\""},
        {"watched_topics:\n- name: a\n  patterns: []\n", "settings.value", "test.yaml:3: a topic has 1 to 64 patterns"},
        {"watched_topics:\n- name: a\n  patterns: [b, '']\n", "settings.value", "test.yaml:3: a pattern is 1 to 200 bytes"},
        {"watched_topics: [{name: ' a'}]\n", "settings.value", "the name of a topic is 1 to 200 bytes"},
        {"watched_topics: [{name: [a]}]\n", "settings.value", "the name of a topic is"},
        {"watched_topics: [{name: \"a\\nb\"}]\n", "settings.value", "the name of a topic is"},
        {"watched_topics: [{name: ~}]\n", "settings.value", "the name of a topic is"},
        {"input: [{name: a}]\n", "settings.value", "test.yaml:1: input: is no list of objects"},
        {"group: [{name: a}]\n", "settings.value", "test.yaml:1: group: is no list of objects"},
        {"kafka: {a.b: [{name: a}]}\n", "settings.value", "is one value, not a list"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err = (struct error){0};
        cr_expect(not(read_yaml(cases[i].yaml)), "accepted %s", cases[i].yaml);
        cr_expect(eq(int, err.kind, ERROR_CONFIG));
        expect_text(err.code, cases[i].code);
        expect_says(err.text, cases[i].says);
    }
}

/* A list of `count` topics, each with `patterns` patterns; names have `bytes` bytes. */
static bool read_many(size_t count, size_t patterns, int bytes)
{
    char *yaml = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&yaml, &len);
    fputs("watched_topics:\n", to);
    for (size_t i = 0; i < count; i++) {
        fprintf(to, "- name: n%0*zu\n  patterns: [", bytes - 1, i);
        for (size_t k = 0; k < patterns; k++)
            fprintf(to, "%sw%zu", k ? "," : "", k);
        fputs("]\n", to);
    }
    fclose(to);
    struct settings *own = settings_new();
    err = (struct error){0};
    bool is_fine = settings_read_yaml(own, view_of(yaml), "test.yaml", &err);
    settings_free(own);
    free(yaml);
    return is_fine;
}

Test(settings_topics, have_limits)
{
    expect_fine(read_many(SETTINGS_TOPICS_MOST, 1, 10), err);
    expect_fine(read_many(1, SETTINGS_TOPIC_PATTERNS_MOST, SETTINGS_TOPIC_BYTES_MOST), err);
    cr_expect(not(read_many(SETTINGS_TOPICS_MOST + 1, 1, 10)));
    expect_says(err.text, "test.yaml:1: more than 256 topics");
    cr_expect(not(read_many(1, SETTINGS_TOPIC_PATTERNS_MOST + 1, 10)));
    cr_expect(not(read_many(1, 1, SETTINGS_TOPIC_BYTES_MOST + 1)));
    cr_expect(not(read_many(1025, 1, 10)));
}

Test(settings_topics, are_printed_by_name)
{
    expect_fine(read_yaml("watched_topics: [{name: a tax}, {name: b}]\n"), err);
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    settings_print(settings, to);
    fclose(to);

    expect_says(text, "watched_topics         a tax,b  (file)");
    free(text);
}
