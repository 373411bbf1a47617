/* The page of `extract --html`: one file with styles and scripts of the live page in it, and the records as data, which the
 * scripts draw. It asks no other host, and runs no other script: its policy names each by its hash. Thread: any. */
#pragma once

#include "processor/runtime/arena.h"

/* A page is page_start(), page_record() of one record after the other, page_end(). */
struct view page_start(struct arena *arena);
struct view page_end(struct arena *arena);

/* `json`: an enriched record, or {"id", "error"}. */
struct view page_record(struct view json, struct arena *arena);
