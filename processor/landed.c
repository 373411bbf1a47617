#include "processor/landed.h"

#include "processor/runtime/clock.h"
#include "processor/runtime/fault.h"
#include "processor/runtime/memory.h"

#include <stdlib.h>
#include <string.h>

enum { NOTICE_MS = 12000 }; /* twice the time after which a topic is looked at again, and some */

/* A partition of which something was committed. */
struct place {
    char *topic;
    int32_t partition;
    int64_t offset;
    bool is_last;  /* by the last transaction, too */
    bool is_first; /* never before */
};

struct landed {
    struct place *places; /* [count] */
    size_t count, capacity;
    size_t anew; /* consumer_anew() of then */
    bool is_in_doubt;
    int64_t doubt_ms; /* since when */
};

struct landed *landed_new(void)
{
    return memory_new(1, sizeof(struct landed));
}

void landed_free(struct landed *landed)
{
    if (landed == NULL)
        return;
    for (size_t i = 0; i < landed->count; i++)
        free(landed->places[i].topic);
    free(landed->places);
    free(landed);
}

static struct place *find_place(struct landed *landed, const struct position *position)
{
    for (size_t i = 0; i < landed->count; i++)
        if (landed->places[i].partition == position->partition && strcmp(landed->places[i].topic, position->topic) == 0)
            return &landed->places[i];
    return NULL;
}

static struct place *add_place(struct landed *landed, const struct position *position)
{
    if (landed->count == landed->capacity) {
        landed->capacity = landed->capacity * 2 + 16;
        landed->places = memory_resize(landed->places, landed->capacity, sizeof *landed->places);
    }
    struct place *place = &landed->places[landed->count++];
    *place = (struct place){.topic = memory_copy(position->topic), .partition = position->partition};
    return place;
}

void landed_keep(struct landed *landed, const struct position *positions, size_t count, size_t anew)
{
    landed->anew = anew;
    for (size_t i = 0; i < landed->count; i++)
        landed->places[i].is_last = false;
    for (size_t i = 0; i < count; i++) {
        struct place *place = find_place(landed, &positions[i]);
        bool is_first = place == NULL;
        if (is_first)
            place = add_place(landed, &positions[i]);
        place->offset = positions[i].offset;
        place->is_last = true;
        place->is_first = is_first;
    }
    landed->is_in_doubt = false;
}

void landed_doubt(struct landed *landed)
{
    if (landed->is_in_doubt || landed->count == 0)
        return;
    landed->is_in_doubt = true;
    landed->doubt_ms = clock_now_ms();
}

bool landed_is_in_doubt(const struct landed *landed)
{
    return landed->is_in_doubt;
}

/* What the group has of a partition. Nothing at all where there was something before: the topic was deleted, and the positions with it. Where this
 * was the first, it may be either; that a topic is another is noticed within seconds. */
static enum landed_state judge(const struct landed *landed, const struct place *place, int64_t offset, size_t anew)
{
    if (offset >= place->offset)
        return LANDED_STANDS;
    if (offset >= 0)
        return LANDED_UNDONE;
    if (!place->is_first || anew != landed->anew)
        return LANDED_STANDS;
    return clock_now_ms() - landed->doubt_ms < NOTICE_MS ? LANDED_UNKNOWN : LANDED_UNDONE;
}

enum landed_state landed_look(struct landed *landed, struct consumer *consumer, int timeout_ms, struct error *err)
{
    if (!landed->is_in_doubt || fault_reach("landed", (struct view){0})) /* a mock broker keeps no positions of transactions */
        return LANDED_STANDS;
    struct position *positions = memory_new(landed->count, sizeof *positions);
    int64_t *offsets = memory_new(landed->count, sizeof *offsets);
    const struct place **places = memory_new(landed->count, sizeof *places);
    size_t count = 0;
    for (size_t i = 0; i < landed->count; i++) {
        const struct place *place = &landed->places[i];
        if (!place->is_last)
            continue;
        positions[count] = (struct position){.topic = place->topic, .partition = place->partition};
        places[count++] = place;
    }
    enum landed_state found = LANDED_UNKNOWN;
    if (consumer_committed(consumer, positions, count, timeout_ms, offsets, err)) {
        found = LANDED_STANDS;
        for (size_t i = 0; i < count && found == LANDED_STANDS; i++)
            found = judge(landed, places[i], offsets[i], consumer_anew(consumer));
        if (found == LANDED_UNKNOWN)
            error_set(err, ERROR_RETRY, "landed.first", "the group has committed nothing: its topic may have been deleted");
    }
    free(places);
    free(offsets);
    free(positions);
    landed->is_in_doubt = found != LANDED_STANDS;
    return found;
}
