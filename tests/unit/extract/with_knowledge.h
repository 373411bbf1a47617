/* An arena and the shipped knowledge file, for suites whose .init and .fini are set_up and tear_down. */
#pragma once

#include "processor/knowledge/knowledge.h"
#include "tests/expect.h"

static struct arena *arena;
static struct knowledge *knowledge;

static void set_up(void)
{
    struct error err = {0};
    arena = arena_new(1 << 16);
    knowledge = knowledge_open("models/knowledge.bin", &err);
    cr_assert(knowledge != NULL, "%s", err.text);
}

static void tear_down(void)
{
    knowledge_close(knowledge);
    arena_free(arena);
}
