#include "processor/web/board.h"

#include "processor/ops/fleet.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <math.h>
#include <stdlib.h>

enum { WRITE_MS = 1000, CODE_BYTES_MOST = 100 };

/* A mean over BOARD_SAMPLE_MS; NAN: not known. */
struct sample {
    double done_rate, lag;
};

struct board {
    struct live *live;
    struct fleet *fleet;
    json_t *letters;
    struct sample samples[BOARD_SAMPLES]; /* a ring: the newest is at (sample_count - 1) % BOARD_SAMPLES */
    size_t sample_count;                  /* ever */
    struct sample sum;                    /* of the sample that is being made */
    size_t sum_count;
    int64_t sample_ms, write_ms; /* when the next one is due */
};

struct board *board_new(struct live *live)
{
    struct board *board = memory_new(1, sizeof *board);
    board->live = live;
    board->fleet = fleet_new();
    board->letters = json_object();
    board->sample_ms = clock_now_ms() + BOARD_SAMPLE_MS;
    return board;
}

void board_free(struct board *board)
{
    if (board == NULL)
        return;
    fleet_free(board->fleet);
    json_decref(board->letters);
    free(board);
}

void board_add(struct board *board, const json_t *status, int64_t age_ms)
{
    fleet_add(board->fleet, status, age_ms, clock_now_ms());
}

void board_set_letters(struct board *board, const json_t *by_code)
{
    json_decref(board->letters);
    board->letters = json_is_object(by_code) ? json_deep_copy(by_code) : json_object();
}

void board_count_letter(struct board *board, struct view code)
{
    char name[CODE_BYTES_MOST + 1];
    snprintf(name, sizeof name, "%.*s", code.len < CODE_BYTES_MOST ? (int)code.len : CODE_BYTES_MOST, code.len > 0 ? code.data : "");
    json_t *known = json_object_get(board->letters, name);
    if (known == NULL && (json_object_size(board->letters) >= BOARD_CODES_MOST || code.len == 0))
        known = json_object_get(board->letters, strcpy(name, "other"));
    if (json_object_set_new(board->letters, name, json_integer(json_integer_value(known) + 1)) != 0) /* a code that is no UTF-8 */
        json_object_set_new(board->letters, "other", json_integer(json_integer_value(json_object_get(board->letters, "other")) + 1));
}

/* Where nobody is present or a lag is unknown, so is the sum. */
static void take_sample(struct board *board, int64_t now_ms)
{
    struct fleet_sums sums = fleet_sum(board->fleet, now_ms);
    board->sum.done_rate += sums.present > 0 ? sums.done_rate : NAN;
    board->sum.lag += sums.present > 0 && sums.unknown == 0 ? (double)sums.lag : NAN;
    board->sum_count++;
    if (now_ms < board->sample_ms)
        return;
    double count = (double)board->sum_count;
    board->samples[board->sample_count++ % BOARD_SAMPLES] = (struct sample){board->sum.done_rate / count, board->sum.lag / count};
    board->sum = (struct sample){0};
    board->sum_count = 0;
    board->sample_ms += BOARD_SAMPLE_MS * ((now_ms - board->sample_ms) / BOARD_SAMPLE_MS + 1);
}

static json_t *rounded(double value)
{
    return isnan(value) ? json_null() : json_real(round(value * 10) / 10);
}

static json_t *history(const struct board *board)
{
    json_t *rates = json_array(), *lags = json_array();
    size_t first = board->sample_count > BOARD_SAMPLES ? board->sample_count - BOARD_SAMPLES : 0;
    for (size_t i = first; i < board->sample_count; i++) {
        json_array_append_new(rates, rounded(board->samples[i % BOARD_SAMPLES].done_rate));
        json_array_append_new(lags, rounded(board->samples[i % BOARD_SAMPLES].lag));
    }
    return json_pack("{s:i, s:o, s:o}", "step_ms", (int)BOARD_SAMPLE_MS, "done_rate", rates, "lag", lags);
}

void board_tick(struct board *board)
{
    int64_t now_ms = clock_now_ms();
    if (now_ms < board->write_ms)
        return;
    board->write_ms = now_ms + WRITE_MS;
    take_sample(board, now_ms);
    json_t *root = fleet_json(board->fleet, now_ms);
    json_object_set(root, "dead_letters", board->letters);
    json_object_set_new(root, "history", history(board));
    json_object_set_new(root, "written_ms", json_integer(clock_wall_ms()));
    char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(8));
    if (text == NULL)
        memory_exhausted(0);
    live_set_status(board->live, view_of(text));
    free(text);
    json_decref(root);
}
