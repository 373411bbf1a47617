#include "processor/commands/triples.h"

#include "processor/runtime/memory.h"

#include <stdlib.h>

static bool is_same(const struct triple *a, const struct triple *b)
{
    return a->source == b->source && a->polarity == b->polarity && a->target == b->target;
}

static struct triples see(const struct triples *from, enum triples_view view)
{
    struct triples seen = {0};
    for (size_t i = 0; i < from->count; i++) {
        struct triple triple = from->items[i];
        if (view == TRIPLES_PAIR || view == TRIPLES_UNORDERED)
            triple.polarity = 0;
        if (view == TRIPLES_TARGET)
            triple.source = 0;
        if (view == TRIPLES_UNORDERED && triple.source > triple.target) {
            int source = triple.source;
            triple.source = triple.target;
            triple.target = source;
        }
        triples_add(&seen, triple);
    }
    return seen;
}

void triples_add(struct triples *triples, struct triple triple)
{
    if (triples_has(triples, triple))
        return;
    if (triples->count == triples->capacity) {
        triples->capacity = triples->capacity ? 2 * triples->capacity : 8;
        triples->items = memory_resize(triples->items, triples->capacity, sizeof *triples->items);
    }
    triples->items[triples->count++] = triple;
}

void triples_add_all(struct triples *to, const struct triples *from)
{
    for (size_t i = 0; i < from->count; i++)
        triples_add(to, from->items[i]);
}

bool triples_has(const struct triples *triples, struct triple triple)
{
    for (size_t i = 0; i < triples->count; i++)
        if (is_same(&triples->items[i], &triple))
            return true;
    return false;
}

struct eval_counts triples_count(const struct triples *gold, const struct triples *said, enum triples_view view)
{
    struct triples a = see(gold, view), b = see(said, view);
    struct eval_counts counts = {.said = b.count, .wanted = a.count};
    for (size_t i = 0; i < a.count; i++)
        counts.right += triples_has(&b, a.items[i]);
    free(a.items);
    free(b.items);
    return counts;
}
