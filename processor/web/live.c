#include "processor/web/live.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <pthread.h>
#include <stdlib.h>

struct entry {
    struct live_article article; /* first */
    unsigned references;         /* protected by live->lock; the ring's own counts */
    size_t bytes;
    char data[];
};

struct live {
    size_t bytes_most;
    int64_t began_ms;
    pthread_mutex_t lock; /* protects all that follows */
    struct entry *ring[LIVE_ARTICLES_MOST]; /* the one of number n at n % LIVE_ARTICLES_MOST */
    uint64_t oldest, next;                  /* numbers [oldest, next) are kept */
    size_t bytes;
    struct sides *sides;
    char *status; /* NULL: none yet */
};

struct live *live_new(size_t bytes_most)
{
    struct live *live = memory_new(1, sizeof *live);
    live->bytes_most = bytes_most;
    live->began_ms = clock_wall_ms();
    live->oldest = live->next = 1;
    live->sides = sides_new();
    pthread_mutex_init(&live->lock, NULL);
    return live;
}

void live_free(struct live *live)
{
    if (live == NULL)
        return;
    for (; live->oldest < live->next; live->oldest++)
        free(live->ring[live->oldest % LIVE_ARTICLES_MOST]);
    pthread_mutex_destroy(&live->lock);
    free(live->sides);
    free(live->status);
    free(live);
}

static struct entry *entry_of(const struct record *document, int64_t at_ms)
{
    size_t bytes = sizeof(struct entry) + document->key.len + document->value.len;
    struct entry *entry = memory_take(bytes);
    *entry = (struct entry){.references = 1, .bytes = bytes};
    entry->article.at_ms = at_ms;
    entry->article.id = (struct view){entry->data, document->key.len};
    entry->article.document = (struct view){entry->data + document->key.len, document->value.len};
    if (document->key.len > 0)
        memcpy(entry->data, document->key.data, document->key.len);
    memcpy(entry->data + document->key.len, document->value.data, document->value.len);
    return entry;
}

/* With the lock held. True: nobody refers to it, and the caller frees it. */
static bool let_go(struct entry *entry)
{
    return --entry->references == 0;
}

/* With the lock held. */
static bool has_to_make_room(const struct live *live)
{
    return live->bytes > live->bytes_most || live->next - live->oldest == LIVE_ARTICLES_MOST;
}

/* The oldest go until there is room. Freed outside of the lock, a few at a time, for an article that is large among small ones. */
static void make_room(struct live *live)
{
    struct entry *old[64];
    size_t count;
    do {
        count = 0;
        pthread_mutex_lock(&live->lock);
        while (has_to_make_room(live) && count < sizeof old / sizeof *old) {
            struct entry *entry = live->ring[live->oldest++ % LIVE_ARTICLES_MOST];
            live->bytes -= entry->bytes;
            if (let_go(entry))
                old[count++] = entry;
        }
        pthread_mutex_unlock(&live->lock);
        for (size_t i = 0; i < count; i++)
            free(old[i]);
    } while (count == sizeof old / sizeof *old);
}

static void count_stances(struct live *live, const struct records *records, int64_t at_ms)
{
    for (size_t i = 0; i < records->count; i++) {
        const struct record *record = &records->items[i];
        if (record->topic != RECORD_STANCE)
            continue;
        struct view source = view_slice(record->key, 0, record->source_bytes);
        struct view target = view_slice(record->key, record->source_bytes + 1, record->key.len);
        sides_add(live->sides, source, target, record->polarity, at_ms);
    }
}

void live_add(struct live *live, const struct records *records, int64_t at_ms)
{
    const struct record *document = &records->items[0];
    bool is_kept = document->value.len <= live->bytes_most / 4;
    struct entry *entry = is_kept ? entry_of(document, at_ms) : NULL;
    pthread_mutex_lock(&live->lock);
    count_stances(live, records, at_ms);
    if (is_kept) {
        entry->article.number = live->next;
        live->ring[live->next++ % LIVE_ARTICLES_MOST] = entry;
        live->bytes += entry->bytes;
    }
    pthread_mutex_unlock(&live->lock);
    make_room(live);
}

size_t live_newest(struct live *live, uint64_t after, const struct live_article **articles, size_t most)
{
    size_t count = 0;
    pthread_mutex_lock(&live->lock);
    for (uint64_t number = live->next; number-- > live->oldest && number > after && count < most;) {
        struct entry *entry = live->ring[number % LIVE_ARTICLES_MOST];
        entry->references++;
        articles[count++] = &entry->article;
    }
    pthread_mutex_unlock(&live->lock);
    return count;
}

const struct live_article *live_find(struct live *live, uint64_t number)
{
    struct entry *entry = NULL;
    pthread_mutex_lock(&live->lock);
    if (number >= live->oldest && number < live->next) {
        entry = live->ring[number % LIVE_ARTICLES_MOST];
        entry->references++;
    }
    pthread_mutex_unlock(&live->lock);
    return entry != NULL ? &entry->article : NULL;
}

void live_release(struct live *live, const struct live_article *article)
{
    struct entry *entry = (struct entry *)(uintptr_t)article;
    pthread_mutex_lock(&live->lock);
    bool is_last = let_go(entry);
    pthread_mutex_unlock(&live->lock);
    if (is_last)
        free(entry);
}

size_t live_sides(struct live *live, struct view actor, struct sides_pair *pairs, size_t most, size_t *left_out)
{
    struct sides *copy = memory_take(sides_bytes());
    pthread_mutex_lock(&live->lock);
    memcpy(copy, live->sides, sides_bytes());
    pthread_mutex_unlock(&live->lock);
    size_t count = sides_top(copy, actor, clock_wall_ms(), pairs, most, left_out);
    free(copy);
    return count;
}

void live_set_status(struct live *live, struct view json)
{
    char *text = memory_take(json.len + 1), *before;
    memcpy(text, json.data, json.len);
    text[json.len] = '\0';
    pthread_mutex_lock(&live->lock);
    before = live->status;
    live->status = text;
    pthread_mutex_unlock(&live->lock);
    free(before);
}

struct view live_status(struct live *live, struct arena *arena)
{
    pthread_mutex_lock(&live->lock);
    struct view text = arena_copy(arena, live->status != NULL ? view_of(live->status) : (struct view){0});
    pthread_mutex_unlock(&live->lock);
    return text;
}

size_t live_bytes(struct live *live)
{
    pthread_mutex_lock(&live->lock);
    size_t bytes = live->bytes;
    pthread_mutex_unlock(&live->lock);
    return bytes;
}

int64_t live_began_ms(const struct live *live)
{
    return live->began_ms;
}
