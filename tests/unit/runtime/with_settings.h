/* Fresh settings for each test, for suites whose .init and .fini are set_up and tear_down. */
#pragma once

#include "processor/runtime/settings.h"
#include "tests/expect.h"

static struct settings *settings;
static struct error err;

static void set_up(void)
{
    settings = settings_new();
}

static void tear_down(void)
{
    settings_free(settings);
}

static bool read_yaml(const char *yaml)
{
    return settings_read_yaml(settings, view_of(yaml), "test.yaml", &err);
}
