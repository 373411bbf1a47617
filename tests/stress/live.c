/* One thread adds articles of all sizes while others read what there is: every article that is held is whole, and memory stays
 * within its bounds. */
#include "processor/web/live.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { READERS = 3, ARTICLES = 20000, BYTES_MOST = 256 * 1024, HELD_MOST = 40, DOCUMENT_MOST = 4000 };

static struct live *live;
static atomic_bool is_over;

static void fail(const char *what)
{
    fprintf(stderr, "live: %s\n", what);
    exit(1);
}

/* Its length is told by its number, and so is every byte. */
static void check(const struct live_article *article)
{
    if (article->document.len != 1 + article->number % DOCUMENT_MOST)
        fail("an article has another's length");
    for (size_t i = 0; i < article->document.len; i++)
        if (article->document.data[i] != (char)('a' + article->number % 26))
            fail("an article has another's bytes");
}

static void *read_all(void *unused)
{
    const struct live_article *held[HELD_MOST];
    struct sides_pair pairs[8];
    struct arena *arena = arena_new(4096);
    size_t left_out;
    uint64_t last = 0;
    while (!atomic_load(&is_over)) {
        size_t count = live_newest(live, 0, held, HELD_MOST);
        if (count > 0 && held[0]->number < last)
            fail("time goes back");
        last = count > 0 ? held[0]->number : last;
        live_sides(live, view_of(""), pairs, 8, &left_out);
        live_status(live, arena);
        if (live_bytes(live) > BYTES_MOST + DOCUMENT_MOST + 256)
            fail("more is kept than may be");
        for (size_t i = 0; i < count; i++) {
            check(held[i]);
            live_release(live, held[i]);
        }
        arena_reset(arena);
    }
    arena_free(arena);
    return unused;
}

static void add(size_t number)
{
    static char text[DOCUMENT_MOST + 1];
    size_t len = 1 + number % DOCUMENT_MOST;
    memset(text, (char)('a' + number % 26), len);
    struct record items[] = {
        {.topic = RECORD_ENRICHED, .key = view_of("id"), .value = {text, len}},
        {.topic = RECORD_STANCE, .key = view_of("Ada|Lyon"), .source_bytes = 3, .polarity = POLARITY_FOR},
    };
    live_add(live, &(struct records){.items = items, .count = 2}, live_began_ms(live));
    if (number % 100 == 0)
        live_set_status(live, view_of("{\"instances\":[]}"));
}

int main(void)
{
    pthread_t readers[READERS];
    struct sides_pair pair = {0};
    size_t left_out;
    live = live_new(BYTES_MOST);
    for (int i = 0; i < READERS; i++)
        if (pthread_create(&readers[i], NULL, read_all, NULL) != 0)
            fail("cannot start a thread");
    for (size_t i = 1; i <= ARTICLES; i++)
        add(i);
    atomic_store(&is_over, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    if (live_sides(live, view_of("ada"), &pair, 1, &left_out) != 1 || pair.total != ARTICLES)
        fail("not every stance was counted");
    live_free(live);
    printf("live: %d articles were added while %d threads read\n", ARTICLES, READERS);
    return 0;
}
