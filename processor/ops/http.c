#include "processor/ops/http.h"

#include "processor/runtime/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ARENA_BYTES = 64 * 1024 };

/* What the browser is to hold the pages to. */
static const char *const page_headers[][2] = {
    {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
                                "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
};

struct http {
    struct http_source source;
    struct MHD_Daemon *daemon;
    bool is_loopback; /* nobody else can reach it */
};

/* Room for either family. */
union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool read_port(const char *text, uint16_t *port)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value > UINT16_MAX)
        return false;
    *port = (uint16_t)value;
    return true;
}

static bool read_host(const char *host, uint16_t port, union address *address)
{
    *address = (union address){0};
    const char *v4 = strcmp(host, "*") == 0 ? "0.0.0.0" : strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    if (inet_pton(AF_INET, v4, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(port);
        return true;
    }
    if (inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons(port);
        return true;
    }
    return false;
}

static bool read_address(const char *listen, union address *address, struct error *err)
{
    char host[64] = "";
    const char *colon = strrchr(listen, ':');
    uint16_t port;
    size_t len = colon ? (size_t)(colon - listen) : 0;
    const char *start = listen;
    if (len >= 2 && start[0] == '[' && start[len - 1] == ']') {
        start++;
        len -= 2;
    }
    if (colon && len < sizeof host)
        memcpy(host, start, len);
    if (!*host || !read_port(colon + 1, &port) || !read_host(host, port, address))
        return error_set(err, ERROR_CONFIG, "http.address",
                         "http_listen: \"%s\" is not HOST:PORT with an address in numbers, localhost or *", listen);
    return true;
}

static bool is_loopback(const union address *address)
{
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static enum MHD_Result answer(struct MHD_Connection *connection, const struct http_answer *text, bool is_page)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text->body.len, (void *)(uintptr_t)text->body.data, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, text->type);
    if (text->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    for (size_t i = 0; is_page && i < sizeof page_headers / sizeof *page_headers; i++)
        MHD_add_response_header(response, page_headers[i][0], page_headers[i][1]);
    enum MHD_Result result = MHD_queue_response(connection, text->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_plain(struct MHD_Connection *connection, unsigned status, const char *text)
{
    return answer(connection, &(struct http_answer){.status = status, .body = view_of(text), .type = "text/plain; charset=utf-8"}, false);
}

static enum MHD_Result answer_metrics(struct MHD_Connection *connection, const struct http_source *source)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct http_answer text = {.status = MHD_HTTP_OK, .type = "text/plain; version=0.0.4; charset=utf-8"};
    text.body = metrics_render(source->metrics, source->model, source->version, arena);
    enum MHD_Result result = answer(connection, &text, false);
    arena_free(arena);
    return result;
}

static enum MHD_Result answer_health(struct MHD_Connection *connection, bool is_good, enum health_state state)
{
    char text[32];
    snprintf(text, sizeof text, "%s\n", health_state_name(state));
    return answer_plain(connection, is_good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, text);
}

/* "localhost", or an address in numbers, each with or without a port. Who sends none is no browser. */
static bool is_own_name(const char *host)
{
    char name[64];
    if (!host || *host == '[')
        return true;
    size_t len = strcspn(host, ":");
    if (len >= sizeof name)
        return false;
    memcpy(name, host, len);
    name[len] = '\0';
    return strcasecmp(name, "localhost") == 0 || inet_pton(AF_INET, name, &(struct in_addr){0}) == 1;
}

static enum MHD_Result answer_page(const struct http *http, struct MHD_Connection *connection, const char *url)
{
    const struct http_pages *pages = &http->source.pages;
    const struct http_request request = {.path = url, .connection = connection};
    if (!pages->answer)
        return answer_plain(connection, MHD_HTTP_NOT_FOUND, "/metrics /livez /readyz\n");
    if (http->is_loopback && !is_own_name(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST)))
        return answer_plain(connection, MHD_HTTP_FORBIDDEN, "ask by address, or as localhost\n");
    struct http_answer page;
    struct arena *arena = arena_new(ARENA_BYTES);
    enum MHD_Result result = pages->answer(pages->context, &request, arena, &page)
                                 ? answer(connection, &page, true)
                                 : answer_plain(connection, MHD_HTTP_NOT_FOUND, "/ /metrics /livez /readyz\n");
    arena_free(arena);
    return result;
}

const char *http_argument(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result serve(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                             const char *version, const char *upload, size_t *upload_len, void **state)
{
    static char seen; /* its address marks a request whose headers were read: the library calls twice */
    const struct http *http = context;
    const struct http_source *source = &http->source;
    (void)version;
    (void)upload;
    if (!*state) {
        *state = &seen;
        return MHD_YES;
    }
    if (*upload_len) { /* a body is read and ignored */
        *upload_len = 0;
        return MHD_YES;
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return answer_plain(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n");
    if (!source->metrics)
        return answer_page(http, connection, url);
    if (strcmp(url, "/metrics") == 0)
        return answer_metrics(connection, source);
    if (strcmp(url, "/livez") == 0)
        return answer_health(connection, health_is_alive(source->health), health_state(source->health));
    if (strcmp(url, "/readyz") == 0)
        return answer_health(connection, health_is_ready(source->health), health_state(source->health));
    return answer_page(http, connection, url);
}

/* The library's own messages would go to stderr past the log. */
static void say_nothing(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

struct http *http_start(const char *listen, const struct http_source *source, struct error *err)
{
    union address address;
    if (!read_address(listen, &address, err))
        return NULL;
    struct http *http = memory_new(1, sizeof *http);
    http->source = *source;
    http->is_loopback = is_loopback(&address);
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | (address.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    errno = 0;
    http->daemon = MHD_start_daemon(flags, 0, NULL, NULL, serve, http, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
                                    MHD_OPTION_SOCK_ADDR, &address.any, MHD_OPTION_CONNECTION_LIMIT,
                                    (unsigned)HTTP_CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_TIMEOUT_S,
                                    MHD_OPTION_END);
    if (http->daemon)
        return http;
    error_set(err, ERROR_CONFIG, "http.listen", "http_listen: cannot listen on %s: %s", listen,
              errno ? strerror(errno) : "unknown problem");
    free(http);
    return NULL;
}

void http_stop(struct http *http)
{
    if (!http)
        return;
    MHD_stop_daemon(http->daemon);
    free(http);
}

unsigned http_port(const struct http *http)
{
    return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}
