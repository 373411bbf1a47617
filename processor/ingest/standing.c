#include "processor/ingest/standing.h"

#include <jansson.h>

#include <string.h>

bool standing_is_outside(const char *json, size_t len)
{
    /* The rest is long, a few kilobytes a partition. It stands behind the topics, whose names hold no quotation mark. */
    static const char mark[] = "\"cgrp\": ";
    const char *at = NULL, *end = json + len;
    for (const char *next = json; (next = memmem(next, (size_t)(end - next), mark, strlen(mark))) != NULL;)
        at = next += strlen(mark);
    if (at == NULL)
        return false;
    json_t *group = json_loadb(at, (size_t)(end - at), JSON_DISABLE_EOF_CHECK, NULL);
    const char *state = json_string_value(json_object_get(group, "state")), *join = json_string_value(json_object_get(group, "join_state"));
    bool is_outside = state != NULL && join != NULL && (strcmp(state, "up") != 0 || strcmp(join, "init") == 0);
    json_decref(group);
    return is_outside;
}
