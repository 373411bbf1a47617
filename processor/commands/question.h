/* One line of `stanced ask`: a text, whose stance is asked for, and toward what. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/error.h"
#include "processor/text/boilerplate.h"

#include <stdbool.h>

struct question {
    struct view id; /* as JSON, to be given back as it came; empty if there is none */
    struct view text; /* valid UTF-8 */
    bool has_source;  /* false: what the text itself says of the target */
    struct span source, target; /* bytes of text; never empty */
};

/* Reads {"id"?, "text", "source": {"start", "end"} | null, "target": {"start", "end"}} with offsets in code points.
 *   question  in `arena`. On failure only `id` is written, where the line has one
 *   err       ERROR_INPUT: json.syntax json.depth json.large json.type text.missing text.large ask.span
 * Thread: any. */
bool question_decode(struct view line, struct arena *arena, struct question *question, struct error *err);
