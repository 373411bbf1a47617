/* One HTTP request and its answer, by libcurl: what the schema registry and the span collector are asked with. It waits for
 * the answer, so it is for threads that may. http and https only; redirects are not followed. */
#pragma once

#include "processor/runtime/view.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FETCH_PROBLEM_BYTES = 320 };

struct fetch_request {
    const char *url;
    const char *type;   /* content type of the body, or NULL */
    const char *accept; /* or NULL */
    struct view body;   /* POSTed; data NULL: a GET */
    int64_t timeout_ms;
    const atomic_bool *is_over; /* set by another thread, it ends the request within a second; NULL: nothing does */
};

struct fetch_answer {
    long status; /* of HTTP; 0: there was no answer, and `problem` says why */
    char *text;  /* [len] and a NUL behind it; never NULL */
    size_t len;
    char problem[FETCH_PROBLEM_BYTES];
};

/* False: no whole answer came, or one of over `bytes_most`; answer->problem says why. Let go of the answer with fetch_done(),
 * also after a failure. Thread: any; fetch_init() first. */
bool fetch(const struct fetch_request *request, size_t bytes_most, struct fetch_answer *answer);
void fetch_done(struct fetch_answer *answer);

/* Once, before other threads fetch. */
void fetch_init(void);

/* `url` without slashes at its end, and `path` behind it, which is to be freed. */
char *fetch_url(const char *url, const char *path);

/* `text` as a part of a path; to be freed. */
char *fetch_escape(const char *text);
