/* Any headers, one a line ("name=value"), say where a dead letter came from or do not; if so, it goes back with those that are
 * not a dead letter's, in their order, and one that counts. */
#include "processor/emit/deadletter.h"

#include <stdlib.h>

enum { HEADERS_MOST = 64, ARENA_BYTES = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t split(struct view text, struct arena *arena, struct header headers[HEADERS_MOST])
{
    size_t count = 0;
    while (text.len > 0 && count < HEADERS_MOST) {
        const char *end = memchr(text.data, '\n', text.len);
        struct view line = {text.data, end != NULL ? (size_t)(end - text.data) : text.len};
        const char *equals = memchr(line.data, '=', line.len);
        size_t name_len = equals != NULL ? (size_t)(equals - line.data) : line.len;
        headers[count++] = (struct header){
            .name = arena_copy(arena, view_slice(line, 0, name_len)).data,
            .value = equals != NULL ? view_slice(line, name_len + 1, line.len) : (struct view){0},
        };
        text = view_slice(text, line.len + (end != NULL), text.len);
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct header before[HEADERS_MOST + 1], after[HEADERS_MOST + 1];
    struct deadletter_found found;
    struct arena *arena = arena_new(ARENA_BYTES);
    size_t count = split((struct view){(const char *)data, size}, arena, before), at = 0;
    memcpy(after, before, sizeof before[0] * count);
    if (deadletter_read(before, count, &found) && found.redrives < DEADLETTER_UNCOUNTED) {
        size_t kept = deadletter_restore(after, count, &found, arena);
        if (found.topic.len == 0 || kept > count || strcmp(after[kept - 1].name, DEADLETTER_REDRIVES) != 0)
            abort(); /* the topic at least was taken off, the count added */
        for (size_t i = 0; i < count && at + 1 < kept; i++)
            if (before[i].name == after[at].name && before[i].value.data == after[at].value.data)
                at++;
            else if (!deadletter_is_own(view_of(before[i].name)))
                abort();
        if (at + 1 != kept)
            abort();
    }
    arena_free(arena);
    return 0;
}
