#include "processor/commands/watch_web.h"

#include "processor/emit/rows.h"
#include "processor/runtime/memory.h"
#include "processor/web/board.h"
#include "processor/web/site.h"

#include <stdlib.h>

enum { ARENA_BYTES = 16 * 1024, WEB_BYTES_LEAST = 1024 * 1024 };

struct watch_web {
    struct live *live;
    struct board *board;
    struct http *http;
    struct arena *arena; /* of the record in hand */
};

struct watch_web *watch_web_open(const char *listen, const struct settings *settings, struct error *err)
{
    struct watch_web *web = memory_new(1, sizeof *web);
    web->live = live_new(settings->web_bytes > 0 ? (size_t)settings->web_bytes : WEB_BYTES_LEAST);
    web->board = board_new(web->live);
    web->arena = arena_new(ARENA_BYTES);
    web->http = http_start(listen, &(struct http_source){.pages = site_pages(web->live)}, err);
    if (web->http != NULL)
        return web;
    watch_web_close(web);
    return NULL;
}

void watch_web_close(struct watch_web *web)
{
    if (web == NULL)
        return;
    http_stop(web->http);
    board_free(web->board);
    live_free(web->live);
    arena_free(web->arena);
    free(web);
}

unsigned watch_web_port(const struct watch_web *web)
{
    return http_port(web->http);
}

static enum polarity polarity_of(struct view name)
{
    for (int polarity = POLARITY_AGAINST; polarity < POLARITY_NEUTRAL; polarity++)
        if (view_equal(name, view_of(stance_polarity_name((enum polarity)polarity))))
            return (enum polarity)polarity;
    return POLARITY_NEUTRAL;
}

/* As encode_article() makes it, but for the row itself. */
static struct record record_of(const struct row_stance *stance, struct arena *arena)
{
    struct view key = arena_print(arena, "%.*s|%s%.*s", (int)stance->source.len, stance->source.data, stance->is_topic ? "T:" : "",
                                  (int)stance->target.len, stance->target.data);
    return (struct record){
        .topic = RECORD_STANCE, .key = key, .source_bytes = stance->source.len, .polarity = polarity_of(stance->polarity)};
}

void watch_web_add_article(struct watch_web *web, const struct followed *record, int64_t at_ms)
{
    json_t *document = rows_load(record->value, RECORD_ENRICHED);
    size_t most = 1 + rows_stance_count(document);
    struct records records = {.items = arena_take_zeroed(web->arena, most, sizeof *records.items)};
    records.items[records.count++] = (struct record){.topic = RECORD_ENRICHED, .key = record->key, .value = record->value};
    for (size_t i = 0; i + 1 < most; i++) {
        struct row_stance stance;
        if (rows_document_stance(document, i, &stance))
            records.items[records.count++] = record_of(&stance, web->arena);
    }
    if (document != NULL)
        live_add(web->live, &records, at_ms);
    json_decref(document);
    arena_reset(web->arena);
}

void watch_web_add_dead_letter(struct watch_web *web, struct view code)
{
    board_count_letter(web->board, code);
}

void watch_web_add_status(struct watch_web *web, struct view json, int64_t age_ms)
{
    json_t *status = json_loadb(json.data, json.len, 0, NULL);
    board_add(web->board, status, age_ms);
    json_decref(status);
}

void watch_web_tick(struct watch_web *web)
{
    board_tick(web->board);
}
