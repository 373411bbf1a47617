#include "processor/ingest/offsets.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/pool.h"

#include "tests/expect.h"

#include <stdlib.h>

enum { LANES = 2, RECORDS = 6, GONE = -2 };

static const struct offsets_limits wide = {.waiting_most = 1000, .bytes_most = 1000000};

static struct tracked *take_now(struct offsets *offsets)
{
    return offsets_take(offsets, clock_now_ms(), false);
}

static size_t length(const struct tracked *list)
{
    size_t count = 0;
    for (; list != NULL; list = list->next)
        count++;
    return count;
}

static void expect_empty(struct offsets *offsets)
{
    struct offsets_counts counts = offsets_count(offsets);
    cr_expect(eq(sz, counts.lanes + counts.waiting + counts.finished + counts.taken + counts.bytes, 0));
    offsets_free(offsets);
}

/* The present order of `items` to the one that follows it; false behind the last (Knuth, 7.2.1.2, algorithm L). */
static bool next_permutation(size_t *items, size_t count)
{
    size_t i = count - 1, j = count - 1;
    while (i > 0 && items[i - 1] >= items[i])
        i--;
    if (i == 0)
        return false;
    while (items[j] <= items[i - 1])
        j--;
    size_t swap = items[i - 1];
    items[i - 1] = items[j];
    items[j] = swap;
    for (size_t low = i, high = count - 1; low < high; low++, high--) {
        swap = items[low];
        items[low] = items[high];
        items[high] = swap;
    }
    return true;
}

/* Record i of RECORDS is number i / LANES of lane i % LANES; its offset has gaps, as transactions leave them. */
static size_t lane_of(size_t record)
{
    return record % LANES;
}

static int64_t offset_of(size_t record)
{
    return 100 + (int64_t)(record / LANES) * 3;
}

struct play {
    struct offsets *offsets;
    struct lane *lanes[LANES];
    struct tracked records[RECORDS];
    bool is_finished[RECORDS], is_taken[RECORDS];
    int64_t position[LANES]; /* as it ought to be; GONE once the lane was given up */
};

static void begin_all(struct play *play)
{
    *play = (struct play){.offsets = offsets_new(&wide)};
    for (size_t lane = 0; lane < LANES; lane++) {
        play->lanes[lane] = offsets_assign(play->offsets, "in", (int32_t)lane);
        play->position[lane] = -1;
    }
    for (size_t i = 0; i < RECORDS; i++)
        offsets_begin(play->lanes[lane_of(i)], &play->records[i], offset_of(i), 10);
}

/* Everything that may be taken is exactly the finished prefix of each lane that was not taken before, in order. */
static void take_and_settle(struct play *play, size_t most)
{
    for (size_t taken = 0; taken < most; taken++) {
        struct tracked *tracked = take_now(play->offsets);
        if (tracked == NULL)
            break;
        size_t record = (size_t)(tracked - play->records);
        for (size_t before = lane_of(record); before < record; before += LANES)
            cr_expect(play->is_taken[before], "record %zu was taken before %zu", record, before);
        cr_expect(play->is_finished[record] && !play->is_taken[record]);
        play->is_taken[record] = true;
        cr_expect(offsets_settle(tracked));
        play->position[lane_of(record)] = offset_of(record) + 1;
    }
    for (size_t lane = 0; lane < LANES; lane++)
        if (play->position[lane] != GONE)
            cr_expect(eq(i64, offsets_position(play->lanes[lane]), play->position[lane]));
}

/* Afterwards nothing may be left that could be taken. */
static void expect_prefix_taken(const struct play *play)
{
    for (size_t lane = 0; lane < LANES; lane++) {
        bool is_prefix = play->position[lane] != GONE;
        for (size_t i = lane; i < RECORDS; i += LANES) {
            is_prefix = is_prefix && play->is_finished[i];
            if (play->position[lane] != GONE)
                cr_expect(eq(int, play->is_taken[i], is_prefix), "record %zu", i);
        }
    }
}

static void give_up(struct play *play, size_t lane)
{
    size_t untaken = 0;
    for (size_t i = lane; i < RECORDS; i += LANES)
        untaken += play->is_finished[i] && !play->is_taken[i];
    cr_expect(eq(sz, length(offsets_give_up(play->lanes[lane])), untaken));
    play->position[lane] = GONE;
}

Test(offsets, takes_the_finished_prefix_of_each_lane_in_every_order_of_finishing)
{
    size_t order[RECORDS] = {0, 1, 2, 3, 4, 5}, orders = 0;
    do {
        for (size_t burst = 1; burst <= 3; burst++) {
            struct play play;
            begin_all(&play);
            for (size_t i = 0; i < RECORDS; i++) {
                cr_expect(offsets_finish(&play.records[order[i]], 5));
                play.is_finished[order[i]] = true;
                if (i % burst == burst - 1) {
                    take_and_settle(&play, RECORDS);
                    expect_prefix_taken(&play);
                }
            }
            take_and_settle(&play, RECORDS);
            for (size_t lane = 0; lane < LANES; lane++)
                give_up(&play, lane);
            expect_empty(play.offsets);
        }
        orders++;
    } while (next_permutation(order, RECORDS));
    cr_expect(eq(sz, orders, 720));
}

Test(offsets, lets_a_lane_go_at_every_moment_of_every_order)
{
    size_t order[RECORDS] = {0, 1, 2, 3, 4, 5};
    do {
        for (size_t moment = 0; moment <= RECORDS; moment++) {
            struct play play;
            begin_all(&play);
            for (size_t i = 0; i < RECORDS; i++) {
                if (i == moment)
                    give_up(&play, 0);
                bool is_gone = play.position[lane_of(order[i])] == GONE;
                cr_expect(eq(int, offsets_finish(&play.records[order[i]], 5), !is_gone));
                play.is_finished[order[i]] = true;
                if (i % 2 == 1)
                    take_and_settle(&play, 1);
            }
            if (moment == RECORDS)
                give_up(&play, 0);
            take_and_settle(&play, RECORDS);
            expect_prefix_taken(&play);
            give_up(&play, 1);
            expect_empty(play.offsets);
        }
    } while (next_permutation(order, RECORDS));
}

Test(offsets, gives_back_what_was_taken_when_its_lane_goes)
{
    struct play play;
    begin_all(&play);
    for (size_t i = 0; i < RECORDS; i++)
        offsets_finish(&play.records[i], 0);
    struct tracked *first = take_now(play.offsets), *second = take_now(play.offsets), *third = take_now(play.offsets);
    cr_expect(eq(sz, lane_of((size_t)(first - play.records)), 0), "lanes take turns");
    cr_expect(eq(sz, lane_of((size_t)(second - play.records)), 1));

    /* When the first lane goes, */
    cr_expect(eq(sz, length(offsets_give_up(play.lanes[0])), 1));

    /* then its taken records are dropped without moving anything, and the other lane goes on. */
    cr_expect(offsets_is_gone(first) && !offsets_is_gone(second) && offsets_is_gone(third));
    offsets_drop(first);
    cr_expect(offsets_settle(second));
    cr_expect(not(offsets_settle(third)), "settled, but nobody's any more");
    cr_expect(eq(i64, offsets_position(play.lanes[1]), offset_of(1) + 1));
    cr_expect(eq(sz, length(offsets_give_up(play.lanes[1])), 2));
    expect_empty(play.offsets);
}

Test(offsets, says_where_a_record_is_from)
{
    struct offsets *offsets = offsets_new(&wide);
    struct lane *lane = offsets_assign(offsets, "articles.raw", 7);
    struct tracked record;
    offsets_begin(lane, &record, 41, 1);
    struct position place = offsets_place(&record);
    expect_text(place.topic, "articles.raw");
    cr_expect(eq(int, place.partition, 7));
    cr_expect(eq(i64, place.offset, 42), "Kafka commits the next offset to read");
    offsets_give_up(lane);
    cr_expect(not(offsets_finish(&record, 0)));
    expect_empty(offsets);
}

Test(offsets, the_end_is_the_position_once_all_before_it_is_settled)
{
    struct offsets *offsets = offsets_new(&wide);
    struct lane *lane = offsets_assign(offsets, "articles.raw", 7);
    offsets_reach(lane, 3);
    cr_expect(eq(i64, offsets_position(lane), 3), "nothing was in hand");
    struct tracked records[2];
    for (int i = 0; i < 2; i++)
        offsets_begin(lane, &records[i], 10 + i, 1);
    offsets_reach(lane, 15);
    cr_expect(eq(i64, offsets_position(lane), 3));
    for (int i = 0; i < 2; i++) {
        cr_expect(offsets_finish(&records[i], 0));
        cr_assert(eq(ptr, take_now(offsets), &records[i]));
        cr_expect(eq(i64, offsets_place(&records[i]).offset, 11 + i), "what is committed with a record does not depend on the time");
        cr_expect(offsets_settle(&records[i]));
        cr_expect(eq(i64, offsets_position(lane), i == 0 ? 11 : 15));
    }
    offsets_give_up(lane);
    expect_empty(offsets);
}

Test(offsets, a_lane_that_comes_again_knows_nothing_of_the_one_before)
{
    struct offsets *offsets = offsets_new(&wide);
    struct tracked old, new;
    struct lane *before = offsets_assign(offsets, "in", 0);
    offsets_begin(before, &old, 10, 1);
    offsets_give_up(before);
    struct lane *again = offsets_assign(offsets, "in", 0);
    offsets_begin(again, &new, 10, 1);

    /* The late worker's result is not taken for the new lane's. */
    cr_expect(not(offsets_finish(&old, 1)));
    cr_expect(eq(ptr, take_now(offsets), NULL));
    cr_expect(offsets_finish(&new, 1));
    cr_expect(eq(ptr, take_now(offsets), &new));
    cr_expect(offsets_settle(&new));
    offsets_give_up(again);
    expect_empty(offsets);
}

Test(offsets, has_room_up_to_its_limits)
{
    static const struct {
        size_t waiting_most, bytes_most, fits;
    } cases[] = {{3, 1000, 3}, {1, 1000, 1}, {100, 30, 3}, {100, 36, 3}, {100, 40, 4}, {100, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct offsets *offsets = offsets_new(&(struct offsets_limits){cases[i].waiting_most, cases[i].bytes_most, 0});
        struct lane *lane = offsets_assign(offsets, "in", 0);
        struct tracked records[8];
        size_t count = 0;
        while (count < 8 && offsets_wait_room(offsets, 0))
            offsets_begin(lane, &records[count], (int64_t)count, 10), count++;
        cr_expect(eq(sz, count, cases[i].fits), "case %zu", i);
        offsets_give_up(lane);
        for (size_t k = 0; k < count; k++)
            offsets_finish(&records[k], 0);
        cr_expect(offsets_wait_room(offsets, 0));
        expect_empty(offsets);
    }
}

Test(offsets, keep_room_for_the_outputs_of_what_waits)
{
    struct offsets *offsets = offsets_new(&(struct offsets_limits){.waiting_most = 100, .bytes_most = 100, .output_times = 2});
    struct lane *lane = offsets_assign(offsets, "in", 0);
    struct tracked records[8];
    size_t count = 0;
    while (count < 8 && offsets_wait_room(offsets, 0))
        offsets_begin(lane, &records[count], (int64_t)count, 10), count++;
    cr_expect(eq(sz, count, 3));
    cr_expect(eq(sz, offsets_count(offsets).bytes, 90));
    for (size_t k = 0; k < count; k++)
        cr_expect(offsets_finish(&records[k], k));
    cr_expect(eq(sz, offsets_count(offsets).bytes, 33), "what the outputs take, and no longer what was kept for them");
    cr_expect(eq(sz, length(offsets_give_up(lane)), 3));
    expect_empty(offsets);
}

Test(offsets, has_slack_again_at_half_its_limits)
{
    struct offsets *offsets = offsets_new(&(struct offsets_limits){4, 1000, 0});
    struct lane *lane = offsets_assign(offsets, "in", 0);
    struct tracked records[4];
    for (size_t i = 0; i < 4; i++)
        offsets_begin(lane, &records[i], (int64_t)i, 10);
    cr_expect(not(offsets_has_slack(offsets)));
    offsets_finish(&records[3], 0);
    cr_expect(offsets_wait_room(offsets, 0) && !offsets_has_slack(offsets), "room for one is not slack");
    offsets_finish(&records[2], 0);
    cr_expect(offsets_has_slack(offsets));
    offsets_give_up(lane);
    offsets_finish(&records[0], 0);
    offsets_finish(&records[1], 0);
    expect_empty(offsets);
}

Test(offsets, a_lane_is_heavy_only_beside_others)
{
    struct offsets *offsets = offsets_new(&(struct offsets_limits){100, 100, 0});
    struct lane *slow = offsets_assign(offsets, "in", 0);
    struct tracked records[2];
    offsets_begin(slow, &records[0], 0, 20);
    offsets_begin(slow, &records[1], 1, 20);
    cr_expect(offsets_finish(&records[1], 40), "outputs count too");
    cr_expect(not(offsets_is_heavy(slow)));
    struct lane *other = offsets_assign(offsets, "in", 1);
    cr_expect(offsets_is_heavy(slow) && !offsets_is_light(slow));
    cr_expect(offsets_is_light(other) && !offsets_is_heavy(other));
    cr_expect(eq(sz, length(offsets_give_up(slow)), 1));
    offsets_finish(&records[0], 0);
    offsets_give_up(other);
    expect_empty(offsets);
}

Test(offsets, draining_ends_at_once_where_nothing_is_held_and_at_the_deadline_else)
{
    struct offsets *offsets = offsets_new(&wide);
    struct lane *lanes[] = {offsets_assign(offsets, "in", 0), offsets_assign(offsets, "in", 1)};
    struct tracked record;
    offsets_begin(lanes[0], &record, 0, 1);
    cr_expect(offsets_drain(offsets, &lanes[1], 1, 60000));
    cr_expect(not(offsets_drain(offsets, lanes, 2, 1)));
    offsets_give_up(lanes[0]);
    offsets_give_up(lanes[1]);
    offsets_finish(&record, 0);
    expect_empty(offsets);
}

static void drain_first(void *state)
{
    struct play *play = state;
    cr_assert(offsets_drain(play->offsets, play->lanes, 1, 60000));
}

Test(offsets, a_drain_makes_the_committer_end_its_batch)
{
    struct play play;
    begin_all(&play);
    offsets_finish(&play.records[0], 0);
    struct tracked *taken = take_now(play.offsets);
    void *state = &play;
    struct error err = {0};
    struct pool *pool = pool_start("drain", 1, drain_first, &state, &err);

    /* The committer, with a batch open, would wait a minute for more: it is sent home, and commits. */
    cr_expect(eq(ptr, offsets_take(play.offsets, clock_now_ms() + 60000, true), NULL));
    offsets_settle(taken);
    for (size_t i = 2; i < RECORDS; i += LANES) {
        offsets_finish(&play.records[i], 0);
        offsets_settle(offsets_take(play.offsets, clock_now_ms() + 60000, false));
    }
    cr_expect(pool_join(pool, 60000));
    for (size_t i = 0; i < LANES; i++)
        offsets_give_up(play.lanes[i]);
    for (size_t i = 1; i < RECORDS; i += LANES)
        offsets_finish(&play.records[i], 0);
    expect_empty(play.offsets);
}

Test(offsets, closed_hands_out_what_is_finished_and_then_nothing)
{
    struct play play;
    begin_all(&play);
    offsets_finish(&play.records[1], 0);
    offsets_close(play.offsets);
    cr_expect(offsets_is_closed(play.offsets));
    struct tracked *taken = offsets_take(play.offsets, clock_now_ms() + 60000, false);
    cr_expect(eq(ptr, taken, &play.records[1]));
    cr_expect(eq(ptr, offsets_take(play.offsets, clock_now_ms() + 60000, false), NULL), "and does not wait");
    offsets_settle(taken);
    for (size_t i = 0; i < LANES; i++)
        offsets_give_up(play.lanes[i]);
    for (size_t i = 0; i < RECORDS; i++)
        if (i != 1)
            offsets_finish(&play.records[i], 0);
    expect_empty(play.offsets);
}
