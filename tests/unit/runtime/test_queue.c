#include "processor/runtime/queue.h"

#include "processor/runtime/pool.h"
#include "tests/expect.h"

static struct queue *queue;
static int items[8];

static void set_up(void)
{
    queue = queue_new(3);
}

static void tear_down(void)
{
    queue_free(queue);
}

static void fill(size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_assert(eq(int, queue_push(queue, &items[i], 10 + i, 0), QUEUE_DONE));
}

TestSuite(queue, .init = set_up, .fini = tear_down);

Test(queue, gives_items_in_the_order_they_came)
{
    for (int turn = 0; turn < 5; turn++) { /* over the end of the ring */
        fill(3);
        for (int i = 0; i < 3; i++) {
            void *item = NULL;
            cr_assert(eq(int, queue_pop(queue, &item, 0), QUEUE_DONE));
            cr_expect(eq(ptr, item, &items[i]));
        }
    }
}

Test(queue, refuses_what_does_not_fit)
{
    fill(3);

    cr_expect(eq(int, queue_push(queue, &items[3], 1, 0), QUEUE_TIMEOUT));
    cr_expect(eq(int, queue_push(queue, &items[3], 1, 5), QUEUE_TIMEOUT));
    cr_expect(eq(sz, queue_count(queue), 3));
}

Test(queue, says_when_it_is_empty)
{
    void *item = &items[7];

    cr_expect(eq(int, queue_pop(queue, &item, 0), QUEUE_TIMEOUT));
    cr_expect(eq(int, queue_pop(queue, &item, 5), QUEUE_TIMEOUT));
    cr_expect(eq(ptr, item, &items[7]), "written without an item");
}

Test(queue, counts_items_and_their_bytes)
{
    void *item;
    fill(3);
    cr_expect(eq(sz, queue_bytes(queue), 10 + 11 + 12));

    queue_pop(queue, &item, 0);

    cr_expect(eq(sz, queue_count(queue), 2));
    cr_expect(eq(sz, queue_bytes(queue), 11 + 12));
}

Test(queue, gives_what_is_left_after_closing)
{
    void *item;
    fill(2);

    queue_close(queue);
    queue_close(queue);

    cr_expect(eq(int, queue_push(queue, &items[3], 1, 0), QUEUE_CLOSED));
    cr_expect(eq(int, queue_pop(queue, &item, 0), QUEUE_DONE));
    cr_expect(eq(int, queue_pop(queue, &item, 0), QUEUE_DONE));
    cr_expect(eq(int, queue_pop(queue, &item, 0), QUEUE_CLOSED));
}

Test(queue, holds_at_least_one)
{
    struct queue *small = queue_new(0);

    cr_expect(eq(int, queue_push(small, &items[0], 1, 0), QUEUE_DONE));
    queue_free(small);
}

static void pop_for_long(void *state)
{
    void *item;
    *(enum queue_result *)state = queue_pop(queue, &item, 60000);
}

Test(queue, closing_wakes_those_who_wait)
{
    enum queue_result results[2] = {QUEUE_DONE, QUEUE_DONE};
    void *states[2] = {&results[0], &results[1]};
    struct error err = {0};
    struct pool *pool = pool_start("pop", 2, pop_for_long, states, &err);
    cr_assert(pool != NULL, "%s", err.text);

    queue_close(queue);
    pool_join(pool, -1);

    cr_expect(eq(int, results[0], QUEUE_CLOSED));
    cr_expect(eq(int, results[1], QUEUE_CLOSED));
}

static void push_for_long(void *state)
{
    *(enum queue_result *)state = queue_push(queue, &items[5], 1, 60000);
}

Test(queue, room_wakes_one_who_waits_to_push)
{
    enum queue_result result = QUEUE_TIMEOUT;
    void *states[1] = {&result}, *item;
    struct error err = {0};
    fill(3);
    struct pool *pool = pool_start("push", 1, push_for_long, states, &err);
    cr_assert(pool != NULL, "%s", err.text);

    queue_pop(queue, &item, 0);
    pool_join(pool, -1);

    cr_expect(eq(int, result, QUEUE_DONE));
    cr_expect(eq(sz, queue_count(queue), 3));
}
