/* The page's word on the instances: their status records (ops/fleet), dead letters by reason, and how throughput and lag went
 * over the last hour, written into web/live as JSON once a second. Thread: owner. */
#pragma once

#include "processor/runtime/view.h"
#include "processor/web/live.h"

#include <jansson.h>

enum { BOARD_SAMPLES = 360, BOARD_SAMPLE_MS = 10000, BOARD_CODES_MOST = 64 };

struct board;

/* `live` outlives it. Free with board_free(). */
struct board *board_new(struct live *live);
void board_free(struct board *board); /* NULL is fine */

/* As fleet_add(), now. */
void board_add(struct board *board, const json_t *status, int64_t age_ms);

/* Dead letters by code: all of them anew, or one more (of BOARD_CODES_MOST codes; others count as "other"). */
void board_set_letters(struct board *board, const json_t *by_code);
void board_count_letter(struct board *board, struct view code);

/* To be called a few times a second: writes when it is time. */
void board_tick(struct board *board);
