#include "processor/landed.h"

#include "processor/runtime/fault.h"
#include "processor/runtime/memory.h"

#include <stdlib.h>

struct landed {
    struct position *positions; /* [count], topics owned */
    size_t count;
    bool is_in_doubt;
};

struct landed *landed_new(void)
{
    return memory_new(1, sizeof(struct landed));
}

static void clear(struct landed *landed)
{
    for (size_t i = 0; i < landed->count; i++)
        free((void *)(uintptr_t)landed->positions[i].topic);
    free(landed->positions);
    *landed = (struct landed){0};
}

void landed_free(struct landed *landed)
{
    if (landed == NULL)
        return;
    clear(landed);
    free(landed);
}

void landed_keep(struct landed *landed, const struct position *positions, size_t count)
{
    clear(landed);
    landed->positions = memory_new(count, sizeof *landed->positions);
    landed->count = count;
    for (size_t i = 0; i < count; i++)
        landed->positions[i] = (struct position){
            .topic = memory_copy(positions[i].topic), .partition = positions[i].partition, .offset = positions[i].offset};
}

void landed_doubt(struct landed *landed)
{
    landed->is_in_doubt = landed->count > 0;
}

bool landed_is_in_doubt(const struct landed *landed)
{
    return landed->is_in_doubt;
}

enum landed_state landed_look(struct landed *landed, struct consumer *consumer, int timeout_ms, struct error *err)
{
    bool stands = true;
    if (!landed->is_in_doubt || fault_reach("landed", (struct view){0})) /* a mock broker keeps no positions of transactions */
        return LANDED_STANDS;
    if (!consumer_has_committed(consumer, landed->positions, landed->count, timeout_ms, &stands, err))
        return LANDED_UNKNOWN;
    landed->is_in_doubt = !stands;
    return stands ? LANDED_STANDS : LANDED_UNDONE;
}
