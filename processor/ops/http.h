/* /metrics, /livez and /readyz over HTTP (libmicrohttpd), and pages that others make, on loopback unless told otherwise. Its
 * one thread serves all connections, at most HTTP_CONNECTIONS_MOST, each for at most HTTP_TIMEOUT_S without traffic. */
#pragma once

#include "processor/ops/health.h"
#include "processor/ops/metrics.h"
#include "processor/runtime/error.h"

enum { HTTP_CONNECTIONS_MOST = 32, HTTP_TIMEOUT_S = 10 };

enum { HTTP_FOUND = 200, HTTP_GONE = 404 };

struct http;

/* A GET or HEAD. */
struct http_request {
    const char *path; /* without what follows a `?` */
    struct MHD_Connection *connection;
};

/* The argument of that name behind the `?`, borrowed from the request, or NULL. */
const char *http_argument(const struct http_request *request, const char *name);

struct http_answer {
    unsigned status;
    struct view body; /* in the arena, or constant */
    const char *type; /* constant */
};

/* Pages on the same port. `answer`: false where there is none at that path. Called by the server's thread. They may hold text of
 * strangers, so they leave with a policy that allows no script but those of this port; and where the server listens on
 * loopback alone, only to who asked it by an address or as localhost: a name could have been bent to point here. */
struct http_pages {
    bool (*answer)(void *context, const struct http_request *request, struct arena *arena, struct http_answer *answer);
    void *context;
};

/* What is served. All must outlive the server. Without metrics (NULL), the pages alone; without pages.answer, those alone. */
struct http_source {
    const char *model, *version;
    const struct health *health;
    const struct metrics *metrics;
    struct http_pages pages;
};

/* Starts to serve at "HOST:PORT", an address in numbers, "localhost", or "*" for all ("127.0.0.1:9464", "[::1]:9464", "*:9464").
 * NULL with *err ERROR_CONFIG: "http.address" (cannot be read), "http.listen" (in use, not allowed). Port 0: any that is
 * free. Stop with http_stop(). Thread: owner. */
struct http *http_start(const char *listen, const struct http_source *source, struct error *err);
void http_stop(struct http *http); /* NULL is fine */

/* The port that is served. */
unsigned http_port(const struct http *http);
