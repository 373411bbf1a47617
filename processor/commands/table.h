/* Rows for a terminal: stances and dead letters, cut to its width, coloured where that makes sense. What comes from
 * articles is printed without its control characters, so that no article can steer the terminal. Thread: owner. */
#pragma once

#include "processor/emit/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table {
    FILE *to;
    size_t width; /* columns */
    bool has_colour;
};

/* For a stream: its terminal's width (else COLUMNS, else 120), colours on a terminal unless NO_COLOR is set. */
struct table table_of(FILE *to);

void table_print_heading(const struct table *table, struct view text, struct view note);
void table_print_stance(const struct table *table, const struct row_stance *stance);
/* "  label  text", the text cut at the width; `label` in red where it is a fault. */
void table_print_note(const struct table *table, const char *label, struct view text, bool is_fault);

/* Writes at most `columns` columns of `text` (UTF-8 or not), then an ellipsis if that was not all, then spaces up to
 * `pad` columns. Returns the columns written. */
size_t table_print_text(FILE *to, struct view text, size_t columns, size_t pad);
