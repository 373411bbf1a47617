/* /metrics, /livez and /readyz over HTTP (libmicrohttpd), on loopback unless told otherwise. Its one thread serves all
 * connections, at most HTTP_CONNECTIONS_MOST, each for at most HTTP_TIMEOUT_S without traffic. */
#pragma once

#include "processor/ops/health.h"
#include "processor/ops/metrics.h"
#include "processor/runtime/error.h"

enum { HTTP_CONNECTIONS_MOST = 32, HTTP_TIMEOUT_S = 10 };

struct http;

/* What is served. All must outlive the server. */
struct http_source {
    const char *model, *version;
    const struct health *health;
    const struct metrics *metrics;
};

/* Starts to serve at "HOST:PORT", an address in numbers, "localhost", or "*" for all ("127.0.0.1:9464", "[::1]:9464", "*:9464").
 * NULL with *err ERROR_CONFIG: "http.address" (cannot be read), "http.listen" (in use, not allowed). Port 0: any that is
 * free. Stop with http_stop(). Thread: owner. */
struct http *http_start(const char *listen, const struct http_source *source, struct error *err);
void http_stop(struct http *http); /* NULL is fine */

/* The port that is served. */
unsigned http_port(const struct http *http);
