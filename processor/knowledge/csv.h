/* Comma-separated values (RFC 4180), row by row: quoted cells may hold commas, doubled quotes and line ends. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/error.h"

enum { CSV_CELLS_MOST = 16 };

struct csv {
    struct view text; /* a byte order mark at its start is skipped */
    size_t at, line;  /* both from 0 */
};

struct csv_row {
    struct view cells[CSV_CELLS_MOST]; /* [count]; without white space around them, unless quoted */
    size_t count, line;                /* line: from 1, where the row starts */
};

/* The next row that is not blank. False at the end, and with *err ERROR_CONFIG "csv.quote" or "csv.cells", whose text has no
 * place: the caller knows the file and has csv->line. Cells borrow from the text or live in `arena`. Thread: owner of *csv. */
bool csv_next(struct csv *csv, struct arena *arena, struct csv_row *row, struct error *err);
