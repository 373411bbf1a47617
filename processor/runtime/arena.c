#include "processor/runtime/arena.h"

#include "processor/runtime/memory.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the sanitizer flavour the gaps between pieces are poisoned, so that an overrun inside a block is found too. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GAP_BYTES = 16 };
#define POISON(memory, bytes) ASAN_POISON_MEMORY_REGION(memory, bytes)
#define UNPOISON(memory, bytes) ASAN_UNPOISON_MEMORY_REGION(memory, bytes)
#else
enum { GAP_BYTES = 0 };
#define POISON(memory, bytes) ((void)(memory), (void)(bytes))
#define UNPOISON(memory, bytes) ((void)(memory), (void)(bytes))
#endif

enum { ALIGNMENT = alignof(max_align_t), BLOCK_BYTES_LEAST = 1024 };

struct block {
    struct block *next;
    size_t capacity, used;
    alignas(max_align_t) char memory[];
};

struct arena {
    struct block *blocks; /* the one in use first; `first` is always among them */
    struct block *first;  /* of block_bytes: what a reset keeps, so that one huge message does not hold memory for ever */
    size_t block_bytes;
    size_t held_bytes;
};

static struct block *block_new(struct arena *arena, size_t capacity)
{
    size_t bytes;
    if (__builtin_add_overflow(sizeof(struct block), capacity, &bytes))
        memory_exhausted(SIZE_MAX);
    struct block *block = memory_take(bytes);
    *block = (struct block){.capacity = capacity};
    POISON(block->memory, capacity);
    arena->held_bytes += bytes;
    return block;
}

static void block_free(struct arena *arena, struct block *block)
{
    arena->held_bytes -= sizeof *block + block->capacity;
    UNPOISON(block->memory, block->capacity);
    free(block);
}

struct arena *arena_new(size_t block_bytes)
{
    struct arena *arena = memory_new(1, sizeof *arena);
    size_t least = block_bytes > BLOCK_BYTES_LEAST ? block_bytes : BLOCK_BYTES_LEAST;
    arena->block_bytes = (least + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    arena->first = block_new(arena, arena->block_bytes);
    arena->blocks = arena->first;
    return arena;
}

void arena_reset(struct arena *arena)
{
    for (struct block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        if (block != arena->first)
            block_free(arena, block);
    }
    arena->first->next = NULL;
    arena->first->used = 0;
    POISON(arena->first->memory, arena->first->capacity);
    arena->blocks = arena->first;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    arena_reset(arena);
    block_free(arena, arena->first);
    free(arena);
}

/* A piece too large for a common block gets one of its own behind the block in use, whose rest stays usable. */
static struct block *block_with_room(struct arena *arena, size_t need)
{
    struct block *current = arena->blocks;
    if (current->capacity - current->used >= need)
        return current;
    if (need > arena->block_bytes / 2) {
        struct block *own = block_new(arena, need);
        own->next = current->next;
        current->next = own;
        return own;
    }
    struct block *block = block_new(arena, arena->block_bytes);
    block->next = current;
    arena->blocks = block;
    return block;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    size_t need;
    if (__builtin_add_overflow(bytes, (size_t)ALIGNMENT - 1 + GAP_BYTES, &need))
        memory_exhausted(bytes);
    need = need / ALIGNMENT * ALIGNMENT;
    if (need == 0)
        need = ALIGNMENT;
    struct block *block = block_with_room(arena, need);
    char *piece = block->memory + block->used;
    block->used += need;
    UNPOISON(piece, bytes);
    return piece;
}

void *arena_take_zeroed(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        memory_exhausted(SIZE_MAX);
    return memset(arena_take(arena, bytes), 0, bytes);
}

struct view arena_copy(struct arena *arena, struct view text)
{
    char *copy = arena_take(arena, text.len + 1);
    if (text.len)
        memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return (struct view){.data = copy, .len = text.len};
}

struct view arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len < 0)
        return arena_copy(arena, (struct view){0});
    char *text = arena_take(arena, (size_t)len + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)len + 1, format, arguments);
    va_end(arguments);
    return (struct view){.data = text, .len = (size_t)len};
}

size_t arena_bytes(const struct arena *arena)
{
    return arena->held_bytes;
}
