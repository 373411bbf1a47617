/* The live page and what it asks for, behind the port of ops/http:
 *
 *   /                          the page, and its style sheet and scripts
 *   /api/articles?after=N      the newest articles above number N as JSON, newest first: title, stances with their sentences
 *   /api/articles/N            the enriched record of article N
 *   /api/sides?actor=NAME      who is for and against whom in the last hour
 *   /api/status                instances, lag, dead letters, and how throughput and lag went
 */
#pragma once

#include "processor/ops/http.h"
#include "processor/web/live.h"

enum { SITE_ARTICLES_MOST = 100, SITE_STANCES_MOST = 24, SITE_EVIDENCE_MOST = 280, SITE_PAIRS_MOST = 120 };

/* For http_source; `live` must outlive the server. */
struct http_pages site_pages(struct live *live);
