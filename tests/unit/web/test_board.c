#include "processor/web/board.h"

#include "tests/expect.h"

#include <stdlib.h>

static struct live *live;
static struct board *board;
static struct arena *arena;

static void set_up(void)
{
    live = live_new(1024 * 1024);
    board = board_new(live);
    arena = arena_new(4096);
}

static void tear_down(void)
{
    board_free(board);
    live_free(live);
    arena_free(arena);
}

TestSuite(board, .init = set_up, .fini = tear_down);

/* What the page is told after the first tick. */
static json_t *told(void)
{
    board_tick(board);
    struct view text = live_status(live, arena);
    return json_loadb(text.data, text.len, 0, NULL);
}

Test(board, tells_of_instances_and_dead_letters)
{
    json_t *status = json_pack("{s:s, s:s, s:{s:f}, s:[{s:s, s:i, s:i}]}", "instance", "a", "state", "running", "rates", "done", 2.5, "lag",
                               "topic", "raw", "partition", 0, "lag", 7);
    board_add(board, status, 0);
    board_count_letter(board, view_of("json.syntax"));
    board_count_letter(board, view_of("json.syntax"));
    board_count_letter(board, view_of(""));
    board_count_letter(board, view_of("\xff"));

    json_t *root = told();
    cr_expect(eq(dbl, json_number_value(json_object_get(root, "done_rate")), 2.5));
    cr_expect(eq(int, (int)json_integer_value(json_object_get(root, "lag")), 7));
    const json_t *letters = json_object_get(root, "dead_letters");
    cr_expect(eq(int, (int)json_integer_value(json_object_get(letters, "json.syntax")), 2));
    cr_expect(eq(int, (int)json_integer_value(json_object_get(letters, "other")), 2));
    json_decref(root);
    json_decref(status);
}

Test(board, holds_no_more_codes_than_it_may)
{
    char code[32];
    for (int i = 0; i < 3 * BOARD_CODES_MOST; i++) {
        snprintf(code, sizeof code, "code.%d", i);
        board_count_letter(board, view_of(code));
    }
    json_t *root = told();
    const json_t *letters = json_object_get(root, "dead_letters"), *value;
    const char *key;
    json_int_t total = 0;
    json_object_foreach((json_t *)(uintptr_t)letters, key, value)
        total += json_integer_value(value);
    cr_expect(le(sz, json_object_size(letters), BOARD_CODES_MOST + 1));
    cr_expect(eq(int, (int)total, 3 * BOARD_CODES_MOST));
    json_decref(root);
}

Test(board, takes_all_dead_letters_anew)
{
    json_t *letters = json_pack("{s:i}", "text.missing", 5);
    board_count_letter(board, view_of("json.syntax"));
    board_set_letters(board, letters);
    json_t *root = told();
    cr_expect(json_equal(json_object_get(root, "dead_letters"), letters));
    json_decref(root);
    json_decref(letters);
}
