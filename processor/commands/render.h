/* The page of `extract --html`: each article with its entities, regions and stances marked, to look at.
 *
 * One file, no other host: styles and the little script are in it. A page is render_start(), an article or a failure
 * after the other, render_end(). Every text from outside is escaped. Thread: any. */
#pragma once

#include "processor/extract/findings.h"
#include "processor/ingest/article.h"
#include "processor/runtime/arena.h"

struct view render_start(void);
struct view render_end(void);

/* `number`: of the article on the page, from 1; it makes the ids on the page. */
struct view render_article(const struct article *article, const struct findings *findings, size_t number, struct arena *arena);
struct view render_failure(struct view id, const char *why, struct arena *arena);
