/* The options that every command with settings has: -c FILE, -X name=value, and --name=value for each setting.
 *
 *   struct options options = {0};
 *   struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
 *   ... in the command's parser, at ARGP_KEY_INIT: state->child_inputs[0] = &options;
 *   argp_parse(...);
 *   struct settings *settings = options_load(&options, &err);
 *
 * Thread: owner. */
#pragma once

#include "processor/runtime/settings.h"

#include <argp.h>

struct options {
    const char *file;  /* of -c, or NULL */
    char **assignments; /* [count] "name=value", in the order given */
    size_t count;
};

/* Its input is a struct options *. */
extern const struct argp options_argp;

/* Reads file, environment and options, in this order, and finishes the settings; lets go of what the parser kept, also
 * on failure. NULL with *err: ERROR_CONFIG as in settings.h. Free with settings_free(). */
struct settings *options_load(struct options *options, struct error *err);
