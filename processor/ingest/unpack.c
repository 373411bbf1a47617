#include "processor/ingest/unpack.h"

enum { MEMORY_BYTES_LEAST = 64 * 1024 };

struct budget {
    struct arena *arena;
    size_t left_bytes;
};

/* NULL is an answer that protobuf-c handles: it gives the message up. */
static void *budget_take(void *data, size_t bytes)
{
    struct budget *budget = data;
    if (bytes > budget->left_bytes)
        return NULL;
    budget->left_bytes -= bytes;
    return arena_take(budget->arena, bytes);
}

static void budget_give(void *data, void *memory)
{
    (void)data, (void)memory; /* the arena goes as a whole */
}

const ProtobufCMessage *unpack_message(const ProtobufCMessageDescriptor *kind, struct view payload, size_t memory_times,
                                       struct arena *arena)
{
    struct budget budget = {.arena = arena, .left_bytes = payload.len * memory_times + MEMORY_BYTES_LEAST};
    ProtobufCAllocator allocator = {.alloc = budget_take, .free = budget_give, .allocator_data = &budget};
    return protobuf_c_message_unpack(kind, &allocator, payload.len, (const uint8_t *)payload.data);
}
