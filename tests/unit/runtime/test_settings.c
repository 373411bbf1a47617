#include "processor/runtime/settings.h"

#include "processor/runtime/settings_table.h"
#include "tests/expect.h"
#include "tests/unit/runtime/with_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool read_environment(const char *a, const char *b)
{
    const char *environment[] = {"PATH=/bin", a, b, NULL};
    return settings_read_environment(settings, environment, &err);
}

/* What settings_print() prints, the caller's to free. */
static char *printed(void)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    settings_print(settings, to);
    fclose(to);
    return text;
}

TestSuite(settings, .init = set_up, .fini = tear_down);

Test(settings, start_at_their_defaults)
{
    expect_text(settings->brokers, "localhost:9092");
    cr_expect(eq(sz, settings->input.count, 1));
    expect_text(settings->input.items[0], "articles.raw");
    cr_expect(settings->input.items[1] == NULL);
    cr_expect(eq(int, settings->delivery, DELIVERY_EXACTLY_ONCE));
    cr_expect(eq(i64, settings->drain_ms, 10000));
    cr_expect(eq(i64, settings->memory_bytes, MIB(256)));
    cr_expect(eq(int, settings->log_level, LOG_LEVEL_INFO));
    cr_expect(eq(sz, settings->fields_text.count, 0));
    cr_expect(settings->fields_text.items != NULL);
}

Test(settings, every_one_can_be_set_to_its_own_default)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char assignment[512];
        snprintf(assignment, sizeof assignment, "%s=%s", settings_table[i].name, settings_table[i].initial);
        expect_fine(settings_read_option(settings, assignment, &err), err);
    }
}

Test(settings, are_read_from_yaml)
{
    expect_fine(read_yaml("brokers: a:1,b:2\n"
                          "input: [x, y]\n"
                          "delivery: at_least_once\n"
                          "commit_interval_ms: 2s\n"
                          "memory_bytes: 1GiB\n"
                          "status_topic:\n"
                          "fields: {text: [body, text], title: headline}\n"), err);

    expect_text(settings->brokers, "a:1,b:2");
    cr_expect(eq(sz, settings->input.count, 2));
    expect_text(settings->input.items[1], "y");
    cr_expect(eq(int, settings->delivery, DELIVERY_AT_LEAST_ONCE));
    cr_expect(eq(i64, settings->commit_interval_ms, 2000));
    cr_expect(eq(i64, settings->memory_bytes, GIB(1)));
    expect_text(settings->status_topic, "");
    expect_text(settings->fields_text.items[0], "body");
    expect_text(settings->fields_title.items[0], "headline");
}

Test(settings, options_win_over_the_environment_and_that_over_the_file)
{
    expect_fine(read_yaml("group: file\nworkers: 2\ninstance: file\n"), err);
    expect_fine(read_environment("STANCED_WORKERS=3", "STANCED_INSTANCE=environment"), err);
    expect_fine(settings_read_option(settings, "instance=option", &err), err);

    expect_text(settings->group, "file");
    cr_expect(eq(i64, settings->workers, 3));
    expect_text(settings->instance, "option");
}

Test(settings, the_environment_spells_dots_as_underscores)
{
    expect_fine(read_environment("STANCED_FIELDS_PUBLISHED_AT=date, pubDate ,", "STANCED_KAFKA_SASL_USERNAME=me"), err);

    cr_expect(eq(sz, settings->fields_published_at.count, 2));
    expect_text(settings->fields_published_at.items[1], "pubDate");
    expect_text(settings_property(settings, PROPERTY_CONSUMER, "sasl.username"), "me");
}

Test(settings, unknown_names_in_the_environment_are_kept_for_check)
{
    expect_fine(read_environment("STANCED_SERVICE_HOST=10.0.0.1", "STANCED_PORT=tcp://10.0.0.1:9464"), err);

    cr_expect(eq(sz, settings->ignored_count, 2));
    expect_text(settings->ignored[0], "STANCED_SERVICE_HOST");
}

Test(settings, librdkafka_properties_pass_through)
{
    expect_fine(read_yaml("kafka: {security.protocol: SSL, fetch.min.bytes: 1}\n"
                          "consumer: {fetch.min.bytes: 100}\n"
                          "producer: {linger.ms: 5}\n"), err);
    expect_fine(settings_read_option(settings, "kafka.security.protocol=SASL_SSL", &err), err);

    cr_expect(eq(sz, settings->property_count, 4));
    expect_text(settings_property(settings, PROPERTY_PRODUCER, "security.protocol"), "SASL_SSL");
    expect_text(settings_property(settings, PROPERTY_CONSUMER, "fetch.min.bytes"), "100");
    expect_text(settings_property(settings, PROPERTY_PRODUCER, "fetch.min.bytes"), "1");
    cr_expect(settings_property(settings, PROPERTY_CONSUMER, "linger.ms") == NULL);
}

Test(settings, properties_that_are_settings_go_there)
{
    expect_fine(read_yaml("kafka: {bootstrap.servers: b:1, group.id: g, group.instance.id: i}\n"), err);

    expect_text(settings->brokers, "b:1");
    expect_text(settings->group, "g");
    expect_text(settings->instance, "i");
    cr_expect(eq(sz, settings->property_count, 0));
}

Test(settings, says_what_is_wrong_in_a_file)
{
    static const struct { const char *yaml, *code, *says; } cases[] = {
        {"group: x\ncomit_interval_ms: 1\n", "settings.unknown",
         "test.yaml:2: there is no setting \"comit_interval_ms\"; did you mean \"commit_interval_ms\"?"},
        {"completely_different: 1\n", "settings.unknown", "--help lists them"},
        {"kafka: x\n", "settings.unknown", "\"kafka\""},
        {"kafka.: x\n", "settings.unknown", "\"kafka.\""},
        {"group: x\ngroup: y\n", "settings.twice", "test.yaml:2: group is given twice"},
        {"group: x\nkafka: {group.id: y}\n", "settings.twice", "test.yaml:2: kafka.group.id is given twice"},
        {"kafka: {a.b: 1, a.b: 2}\n", "settings.twice", "kafka.a.b is given twice"},
        {"workers: many\n", "settings.value", "test.yaml:1: workers: \"many\" is not a whole number"},
        {"workers: 5000\n", "settings.value", "5000 is more than 1024"},
        {"workers: [1]\n", "settings.value", "is one value, not a list"},
        {"delivery: never\n", "settings.value", "\"never\" is none of exactly_once|at_least_once"},
        {"brokers:\n", "settings.value", "must not be empty"},
        {"input: []\n", "settings.value", "at least one"},
        {"kafka: {enable.auto.commit: true}\n", "settings.value", "is set by stanced itself"},
        {"consumer: {enable.auto.offset.store: true}\n", "settings.value", "is set by stanced itself"},
        {"kafka: {a.b: [1]}\n", "settings.value", "is one value, not a list"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err = (struct error){0};
        cr_expect(not(read_yaml(cases[i].yaml)), "accepted %s", cases[i].yaml);
        cr_expect(eq(int, err.kind, ERROR_CONFIG));
        expect_text(err.code, cases[i].code);
        expect_says(err.text, cases[i].says);
    }
}

Test(settings, says_what_is_wrong_with_an_option)
{
    static const struct { const char *option, *says; } cases[] = {
        {"workers", "expected name=value"}, {"=3", "expected name=value"}, {"", "expected name=value"},
        {"werkers=3", "did you mean \"workers\"?"}, {"workers=", "not a whole number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err = (struct error){0};
        cr_expect(not(settings_read_option(settings, cases[i].option, &err)), "accepted %s", cases[i].option);
        expect_says(err.text, cases[i].says);
    }
}

Test(settings, an_option_may_be_given_again)
{
    expect_fine(settings_read_option(settings, "workers=2", &err), err);
    expect_fine(settings_read_option(settings, "workers=3", &err), err);

    cr_expect(eq(i64, settings->workers, 3));
}

Test(settings, too_many_properties_are_refused)
{
    for (int i = 0; i < SETTINGS_PROPERTIES_MOST; i++) {
        char option[64];
        snprintf(option, sizeof option, "kafka.p%d=1", i);
        cr_assert(settings_read_option(settings, option, &err));
    }

    cr_expect(not(settings_read_option(settings, "kafka.one.more=1", &err)));
    expect_text(err.code, "settings.many");
    expect_fine(settings_read_option(settings, "kafka.p7=2", &(struct error){0}), err);
}

Test(settings, a_file_that_is_missing_says_so)
{
    cr_expect(not(settings_read_file(settings, "tests/no/such.yaml", &err)));

    expect_text(err.code, "settings.open");
    expect_says(err.text, "tests/no/such.yaml: cannot be opened: No such file");
}

Test(settings, finishing_fills_in_what_depends_on_the_machine)
{
    expect_fine(settings_read_option(settings, "group=g", &err), err);
    expect_fine(settings_finish(settings, &err), err);

    char expected[512];
    cr_expect(gt(sz, strlen(settings->instance), 0));
    cr_expect(not(settings->has_instance));
    snprintf(expected, sizeof expected, "g-%s", settings->instance);
    expect_text(settings->transactional_id, expected);
    cr_expect(ge(i64, settings->workers, 1));
    expect_says(settings->model, "stanced-en-small.bin");
}

Test(settings, finishing_keeps_what_was_given)
{
    expect_fine(read_yaml("instance: a\ntransactional_id: t\nworkers: 7\nmodel: m.bin\nknowledge: k.bin\n"), err);
    expect_fine(settings_finish(settings, &err), err);

    cr_expect(settings->has_instance);
    expect_text(settings->transactional_id, "t");
    cr_expect(eq(i64, settings->workers, 7));
    expect_text(settings->model, "m.bin");
    expect_text(settings->knowledge, "k.bin");
}

Test(settings, that_do_not_go_together_are_refused)
{
    static const struct { const char *yaml, *says; } cases[] = {
        {"input: stances\n", "topic stances is both input and output"},
        {"entities_topic: stances\n", "topic stances is given for two kinds"},
        {"drain_ms: 30s\n", "drain_ms (30000) is more than stop_ms (25000)"},
        {"payload_bytes: 512MiB\n", "payload_bytes (536870912) is more than memory_bytes"},
        {"otlp_url: collector:4318\n", "otlp_url is no address: \"collector:4318\" should be http://HOST:PORT"},
        {"brokers: http://kafka1:9092\n", "brokers: \"http://kafka1:9092\" should be HOST:PORT,... without http"},
        {"schema_registry: \"http://\"\n", "schema_registry is no address"},
        {"schema_registry: \"http:///path\"\n", "schema_registry is no address"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings *others = settings_new();
        err = (struct error){0};
        cr_assert(settings_read_yaml(others, view_of(cases[i].yaml), "test.yaml", &err), "%s", err.text);
        cr_expect(not(settings_finish(others, &err)), "accepted %s", cases[i].yaml);
        expect_says(err.text, cases[i].says);
        settings_free(others);
    }
}

Test(settings, two_topics_may_both_be_left_out)
{
    expect_fine(read_yaml("entities_topic:\nstatus_topic: ''\n"), err);
    expect_fine(settings_finish(settings, &err), err);
}

Test(settings, secrets_are_not_printed)
{
    expect_fine(read_yaml("kafka: {sasl.password: hush, ssl.key.pem: hush, sasl.username: me,\n"
                          "        client.rack: 'https://me:hush@registry:8081/x'}\n"
                          "producer: {sasl.oauthbearer.client.secret: hush}\n"), err);

    char *text = printed();

    cr_expect(strstr(text, "hush") == NULL, "%s", text);
    expect_says(text, "kafka.sasl.password ***  (file)");
    expect_says(text, "kafka.sasl.username me");
    expect_says(text, "https://***@registry:8081/x");
    free(text);
}

Test(settings, are_printed_with_their_source)
{
    expect_fine(read_yaml("delivery: at_least_once\ninput: [a, b]\n"), err);
    expect_fine(read_environment("STANCED_DRAIN_MS=1s", "STANCED_STATUS_TOPIC="), err);

    char *text = printed();

    expect_says(text, "at_least_once  (file)");
    expect_says(text, " a,b  (file)");
    expect_says(text, " 1000  (environment)");
    expect_says(text, " \"\"  (environment)");
    expect_says(text, "localhost:9092  (default)");
    free(text);
}

Test(settings, the_manual_lists_every_one)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    settings_print_manual(to);
    fclose(to);

    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char item[64];
        snprintf(item, sizeof item, ".B %s\n", settings_table[i].name);
        expect_says(text, item);
    }
    free(text);
}
