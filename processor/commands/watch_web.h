/* `watch --web`: the live page, fed by the output topics, so that it shows a whole fleet. Thread: owner. */
#pragma once

#include "processor/ingest/follower.h"
#include "processor/runtime/settings.h"

struct watch_web;

/* Serves at `listen`, keeping settings->web_bytes of articles. NULL with *err ERROR_CONFIG, as http_start(). */
struct watch_web *watch_web_open(const char *listen, const struct settings *settings, struct error *err);
void watch_web_close(struct watch_web *web); /* NULL is fine */
/* The port that is served: of port 0 in `listen` the one that was free. */
unsigned watch_web_port(const struct watch_web *web);

/* A record of the enriched topic, published at `at_ms`; what cannot be read is left out. */
void watch_web_add_article(struct watch_web *web, const struct followed *record, int64_t at_ms);
/* A dead letter of that code, and a status record that was made `age_ms` ago. */
void watch_web_add_dead_letter(struct watch_web *web, struct view code);
void watch_web_add_status(struct watch_web *web, struct view json, int64_t age_ms);

/* To be called a few times a second. */
void watch_web_tick(struct watch_web *web);
