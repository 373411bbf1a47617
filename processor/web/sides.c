#include "processor/web/sides.h"

#include "processor/runtime/memory.h"
#include "processor/text/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <xxhash.h>

/* A table in which a pair has its place in one of WAYS slots, as in a processor's cache: nothing moves, and who makes room is
 * found by looking at those alone. */
enum { WAYS = 8, SETS = SIDES_PAIRS_MOST / WAYS };

struct slot {
    char source[SIDES_NAME_BYTES], target[SIDES_NAME_BYTES];
    int64_t slice; /* the newest that is counted in; slices have numbers from 1 */
    uint16_t counts[SIDES_SLICES][SIDES_POLARITIES]; /* by the slice's number modulo SIDES_SLICES */
};

struct sides {
    struct slot slots[SETS][WAYS];
};

struct sides *sides_new(void)
{
    return memory_new(1, sizeof(struct sides));
}

size_t sides_bytes(void)
{
    return sizeof(struct sides);
}

/* Zeroes behind the name, so that slots can be compared and hashed as they are. */
static void copy_name(char to[SIDES_NAME_BYTES], struct view name)
{
    size_t len = 0;
    while (len < name.len) {
        size_t next = len;
        utf8_next(name, &next);
        if (next >= SIDES_NAME_BYTES)
            break;
        len = next;
    }
    memset(to, 0, SIDES_NAME_BYTES);
    if (len > 0)
        memcpy(to, name.data, len);
}

static int64_t slice_of(int64_t at_ms)
{
    return at_ms / SIDES_SLICE_MS + 1;
}

/* Clears what fell out since the slot was counted in. Nothing moves back: clocks do, and records come late. */
static void move_on(struct slot *slot, int64_t slice)
{
    if (slice <= slot->slice)
        return;
    if (slice - slot->slice >= SIDES_SLICES)
        memset(slot->counts, 0, sizeof slot->counts);
    for (int64_t i = slot->slice + 1; i <= slice && slice - slot->slice < SIDES_SLICES; i++)
        memset(slot->counts[i % SIDES_SLICES], 0, sizeof *slot->counts);
    slot->slice = slice;
}

static uint32_t total_of(const struct slot *slot, uint32_t counts[SIDES_POLARITIES])
{
    uint32_t total = 0;
    for (size_t j = 0; j < SIDES_POLARITIES; j++) {
        counts[j] = 0;
        for (size_t i = 0; i < SIDES_SLICES; i++)
            counts[j] += slot->counts[i][j];
        total += counts[j];
    }
    return total;
}

static bool is_same(const struct slot *slot, const struct slot *wanted)
{
    return memcmp(slot->source, wanted->source, sizeof slot->source) == 0 && memcmp(slot->target, wanted->target, sizeof slot->target) == 0;
}

/* Its own slot, or that of the weakest of the set. */
static struct slot *slot_of(struct sides *sides, const struct slot *wanted)
{
    uint64_t hash = XXH3_64bits(wanted->source, sizeof wanted->source + sizeof wanted->target);
    struct slot *set = sides->slots[hash % SETS], *weakest = set;
    uint32_t least = UINT32_MAX, counts[SIDES_POLARITIES];
    for (size_t i = 0; i < WAYS; i++)
        if (is_same(&set[i], wanted)) {
            move_on(&set[i], wanted->slice);
            return &set[i];
        }
    for (size_t i = 0; i < WAYS && least > 0; i++) {
        move_on(&set[i], wanted->slice);
        uint32_t total = total_of(&set[i], counts);
        if (total < least) {
            least = total;
            weakest = &set[i];
        }
    }
    *weakest = *wanted;
    return weakest;
}

void sides_add(struct sides *sides, struct view source, struct view target, enum polarity polarity, int64_t at_ms)
{
    struct slot wanted = {.slice = slice_of(at_ms)};
    if (polarity == POLARITY_NEUTRAL || at_ms < 0)
        return;
    copy_name(wanted.source, source);
    copy_name(wanted.target, target);
    struct slot *slot = slot_of(sides, &wanted);
    uint16_t *count = &slot->counts[wanted.slice % SIDES_SLICES][polarity];
    if (slot->slice - wanted.slice < SIDES_SLICES)
        *count = (uint16_t)(*count + (*count < UINT16_MAX));
}

static bool has(const char *name, struct view part)
{
    size_t len = strlen(name);
    for (size_t at = 0; at + part.len <= len; at++)
        if (strncasecmp(name + at, part.data, part.len) == 0)
            return true;
    return part.len == 0;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct sides_pair *a = left, *b = right;
    if (a->total != b->total)
        return a->total > b->total ? -1 : 1;
    int order = strcmp(a->source, b->source);
    return order != 0 ? order : strcmp(a->target, b->target);
}

size_t sides_top(const struct sides *sides, struct view actor, int64_t now_ms, struct sides_pair *pairs, size_t most, size_t *left_out)
{
    struct sides_pair *all = memory_new(SIDES_PAIRS_MOST, sizeof *all);
    size_t count = 0;
    for (size_t i = 0; i < SIDES_PAIRS_MOST; i++) {
        struct slot slot = sides->slots[i / WAYS][i % WAYS];
        if (slot.slice == 0 || !(has(slot.source, actor) || has(slot.target, actor)))
            continue;
        move_on(&slot, slice_of(now_ms));
        struct sides_pair *pair = &all[count];
        pair->total = total_of(&slot, pair->counts);
        memcpy(pair->source, slot.source, sizeof pair->source);
        memcpy(pair->target, slot.target, sizeof pair->target);
        count += pair->total > 0;
    }
    qsort(all, count, sizeof *all, compare_pairs);
    size_t taken = count < most ? count : most;
    memcpy(pairs, all, taken * sizeof *all);
    free(all);
    *left_out = count - taken;
    return taken;
}
