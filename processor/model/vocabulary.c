#include "processor/model/vocabulary.h"

#include "processor/runtime/memory.h"
#include "processor/text/utf8.h"

#include <stdlib.h>

/* An edge of the trie: from node `key >> 8` by byte `key & 255` to node `child`. Node 0 is the root, so a child of 0
 * marks a free slot. */
struct edge {
    uint32_t key, child;
};

struct vocabulary {
    struct edge *edges; /* [mask + 1], open addressing */
    uint32_t mask;
    uint32_t *ids;      /* [node], VOCABULARY_NONE inside a piece */
    uint32_t node_count;
    uint32_t inner;     /* the node behind "##", or 0 where no piece has it */
};

enum { NODE_LIMIT = 1 << 24 }; /* a node and a byte share 32 bits */

static uint32_t slot_of(const struct vocabulary *vocabulary, uint32_t key)
{
    return ((key * 0x9E3779B1u) >> 7) & vocabulary->mask;
}

static uint32_t step(const struct vocabulary *vocabulary, uint32_t node, char byte)
{
    uint32_t key = node << 8 | (unsigned char)byte;
    for (uint32_t slot = slot_of(vocabulary, key);; slot = (slot + 1) & vocabulary->mask) {
        const struct edge *edge = &vocabulary->edges[slot];
        if (edge->child == 0 || edge->key == key)
            return edge->child;
    }
}

static uint32_t step_or_grow(struct vocabulary *vocabulary, uint32_t node, char byte)
{
    uint32_t child = step(vocabulary, node, byte);
    if (child != 0)
        return child;
    uint32_t key = node << 8 | (unsigned char)byte, slot = slot_of(vocabulary, key);
    while (vocabulary->edges[slot].child != 0)
        slot = (slot + 1) & vocabulary->mask;
    child = vocabulary->node_count++;
    vocabulary->edges[slot] = (struct edge){.key = key, .child = child};
    vocabulary->ids[child] = VOCABULARY_NONE;
    return child;
}

static bool add(struct vocabulary *vocabulary, struct view piece, uint32_t id, struct error *err)
{
    if (piece.len == 0)
        return error_set(err, ERROR_CONFIG, "model.vocab", "vocabulary: piece %u is empty", id);
    uint32_t node = 0;
    for (size_t i = 0; i < piece.len; i++)
        node = step_or_grow(vocabulary, node, piece.data[i]);
    if (vocabulary->ids[node] != VOCABULARY_NONE)
        return error_set(err, ERROR_CONFIG, "model.vocab", "vocabulary: pieces %u and %u are the same",
                         vocabulary->ids[node], id);
    vocabulary->ids[node] = id;
    return true;
}

static bool add_all(struct vocabulary *vocabulary, struct view pieces, size_t count, struct error *err)
{
    size_t start = 0, id = 0;
    for (; start < pieces.len && id < count; id++) {
        const char *newline = memchr(pieces.data + start, '\n', pieces.len - start);
        size_t end = newline == NULL ? pieces.len : (size_t)(newline - pieces.data);
        if (!add(vocabulary, view_slice(pieces, start, end), (uint32_t)id, err))
            return false;
        start = end + 1;
    }
    if (id != count || start < pieces.len)
        return error_set(err, ERROR_CONFIG, "model.vocab", "vocabulary: does not have config.vocab = %zu pieces", count);
    return true;
}

/* At most one node a byte, and half of the slots stay free. */
static void reserve(struct vocabulary *vocabulary, size_t bytes)
{
    size_t slots = 64;
    while (slots < 2 * (bytes + 1))
        slots *= 2;
    vocabulary->mask = (uint32_t)(slots - 1);
    vocabulary->edges = memory_new(slots, sizeof *vocabulary->edges);
    vocabulary->ids = memory_new(bytes + 1, sizeof *vocabulary->ids);
    vocabulary->ids[0] = VOCABULARY_NONE;
    vocabulary->node_count = 1;
}

/* Nodes are far fewer than bytes: the table of a real vocabulary shrinks to a quarter, which the caches like. */
static void shrink(struct vocabulary *vocabulary)
{
    struct vocabulary old = *vocabulary;
    size_t slots = 64;
    while (slots < 2 * (size_t)old.node_count)
        slots *= 2;
    vocabulary->mask = (uint32_t)(slots - 1);
    vocabulary->edges = memory_new(slots, sizeof *vocabulary->edges);
    for (uint32_t i = 0; i <= old.mask; i++) {
        if (old.edges[i].child == 0)
            continue;
        uint32_t slot = slot_of(vocabulary, old.edges[i].key);
        while (vocabulary->edges[slot].child != 0)
            slot = (slot + 1) & vocabulary->mask;
        vocabulary->edges[slot] = old.edges[i];
    }
    vocabulary->ids = memory_resize(old.ids, old.node_count, sizeof *old.ids);
    free(old.edges);
}

struct vocabulary *vocabulary_new(struct view pieces, size_t count, struct error *err)
{
    if (pieces.len >= NODE_LIMIT || !utf8_is_valid(pieces)) {
        error_set(err, ERROR_CONFIG, "model.vocab", "vocabulary: not UTF-8 of less than %d bytes", NODE_LIMIT);
        return NULL;
    }
    struct vocabulary *vocabulary = memory_new(1, sizeof *vocabulary);
    reserve(vocabulary, pieces.len);
    if (!add_all(vocabulary, pieces, count, err)) {
        vocabulary_free(vocabulary);
        return NULL;
    }
    shrink(vocabulary);
    uint32_t hash = step(vocabulary, 0, '#');
    vocabulary->inner = hash == 0 ? 0 : step(vocabulary, hash, '#');
    return vocabulary;
}

void vocabulary_free(struct vocabulary *vocabulary)
{
    if (vocabulary == NULL)
        return;
    free(vocabulary->edges);
    free(vocabulary->ids);
    free(vocabulary);
}

uint32_t vocabulary_find(const struct vocabulary *vocabulary, struct view piece)
{
    uint32_t node = 0;
    for (size_t i = 0; i < piece.len; i++) {
        node = step(vocabulary, node, piece.data[i]);
        if (node == 0)
            return VOCABULARY_NONE;
    }
    return vocabulary->ids[node];
}

size_t vocabulary_match(const struct vocabulary *vocabulary, struct view letters, bool continuing, uint32_t *id)
{
    uint32_t node = continuing ? vocabulary->inner : 0;
    size_t longest = 0;
    if (continuing && node == 0)
        return 0;
    for (size_t i = 0; i < letters.len; i++) {
        node = step(vocabulary, node, letters.data[i]);
        if (node == 0)
            break;
        if (vocabulary->ids[node] != VOCABULARY_NONE) {
            *id = vocabulary->ids[node];
            longest = i + 1;
        }
    }
    return longest;
}
