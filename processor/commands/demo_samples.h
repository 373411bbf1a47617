/* The sample articles of the demo: the files of one folder, by name, and between them those of its folder "broken".
 * Thread: owner. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stddef.h>

struct sample {
    char *name; /* without its ending: the record's key */
    const char *content_type; /* by the ending; NULL: none is told */
    char *data;
    size_t bytes;
};

struct samples {
    struct sample *items; /* [count] */
    size_t count;
};

/* Reads all files of `folder`, or of the folder that came with the program where it is NULL. err: ERROR_CONFIG. Free with
 * samples_free(). */
bool samples_read(const char *folder, struct samples *samples, struct error *err);
void samples_free(struct samples *samples);
