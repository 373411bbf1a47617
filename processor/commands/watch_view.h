/* The live view of watch: newest stances, dead letters and instances, redrawn in place on a terminal. Keeps a bounded number
 * of rows. Thread: owner. */
#pragma once

#include "processor/commands/table.h"

#include <jansson.h>

struct watch_view;

/* Takes the terminal's other screen; watch_view_close() gives it back. `title` is borrowed. */
struct watch_view *watch_view_open(FILE *to, const char *title);
void watch_view_close(struct watch_view *view); /* NULL is fine */

/* Copies are kept. A status record was made `age_ms` ago. */
void watch_view_add_stance(struct watch_view *view, const struct row_stance *stance);
void watch_view_add_dead_letter(struct watch_view *view, struct view key, struct view code, struct view message);
void watch_view_add_status(struct watch_view *view, const json_t *status, int64_t age_ms);

/* Draws if something changed or a second went by. */
void watch_view_draw(struct watch_view *view);
