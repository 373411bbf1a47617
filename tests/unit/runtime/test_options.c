#include "processor/runtime/options.h"

#include "tests/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    (void)argument;
    if (key == ARGP_KEY_INIT)
        state->child_inputs[0] = state->input;
    return key == ARGP_KEY_INIT ? 0 : ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
static const struct argp parser = {.parser = parse, .children = children};

/* Parses as a command does; arguments end with NULL. */
static struct settings *load(char **arguments, struct error *err)
{
    struct options options = {0};
    int count = 0;
    while (arguments[count])
        count++;
    cr_assert(eq(int, argp_parse(&parser, count, arguments, ARGP_NO_EXIT | ARGP_NO_ERRS, NULL, &options), 0));
    return options_load(&options, err);
}

Test(options, set_any_setting_by_its_name)
{
    char *arguments[] = {"test", "--workers=3", "-X", "group=g", "--fields.text=a,b", "-Xkafka.linger.ms=7", NULL};
    struct error err = {0};

    struct settings *settings = load(arguments, &err);

    cr_assert(settings != NULL, "%s", err.text);
    cr_expect(eq(i64, settings->workers, 3));
    expect_text(settings->group, "g");
    expect_text(settings->fields_text.items[1], "b");
    expect_text(settings_property(settings, PROPERTY_PRODUCER, "linger.ms"), "7");
    settings_free(settings);
}

Test(options, win_over_environment_and_file_wherever_they_stand)
{
    char path[] = "stanced-test-XXXXXX.yaml";
    int descriptor = mkstemps(path, 5);
    cr_assert(ge(int, descriptor, 0));
    cr_assert(eq(int, dprintf(descriptor, "workers: 1\ngroup: file\ninstance: file\n") > 0, 1));
    close(descriptor);
    setenv("STANCED_WORKERS", "2", 1);
    setenv("STANCED_INSTANCE", "environment", 1);
    char *arguments[] = {"test", "--workers=3", "-c", path, NULL};
    struct error err = {0};

    struct settings *settings = load(arguments, &err);
    unlink(path);

    cr_assert(settings != NULL, "%s", err.text);
    cr_expect(eq(i64, settings->workers, 3));
    expect_text(settings->instance, "environment");
    expect_text(settings->group, "file");
    settings_free(settings);
}

Test(options, say_what_is_wrong)
{
    char *arguments[] = {"test", "--workers=many", NULL};
    struct error err = {0};

    cr_expect(load(arguments, &err) == NULL);

    expect_says(err.text, "workers: \"many\" is not a whole number");
}
