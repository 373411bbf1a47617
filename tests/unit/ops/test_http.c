#include "processor/ops/http.h"

#include "tests/expect.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static struct metrics *metrics;
static struct health health;
static struct http_source source;
static struct http *http;
static char answer[64 * 1024];

static void set_up(void)
{
    struct error err = {0};
    metrics = metrics_new();
    source = (struct http_source){.model = "m", .version = "v", .health = &health, .metrics = metrics};
    http = http_start("127.0.0.1:0", &source, &err);
    cr_assert(http != NULL, "%s", err.text);
}

static void tear_down(void)
{
    http_stop(http);
    metrics_free(metrics);
}

/* Sends `request` over loopback and gives all that comes back. */
static const char *ask(const char *request)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(http)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(eq(int, connect(connection, (struct sockaddr *)&address, sizeof address), 0));
    cr_assert(eq(int, (int)write(connection, request, strlen(request)), (int)strlen(request)));
    size_t len = 0;
    for (ssize_t got; (got = read(connection, answer + len, sizeof answer - 1 - len)) > 0;)
        len += (size_t)got;
    answer[len] = '\0';
    close(connection);
    return answer;
}

static const char *get(const char *path)
{
    char request[256];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    return ask(request);
}

TestSuite(http, .init = set_up, .fini = tear_down);

Test(http, serves_the_metrics)
{
    metrics_add(metrics, METRIC_ARTICLES, NULL, 42);

    const char *text = get("/metrics");

    expect_says(text, "HTTP/1.1 200");
    expect_says(text, "Content-Type: text/plain; version=0.0.4");
    expect_says(text, "\nstanced_articles_total 42\n");
    expect_says(text, "stanced_info{model=\"m\",version=\"v\"} 1\n");
}

Test(http, says_whether_the_process_is_alive_and_ready)
{
    expect_says(get("/livez"), "HTTP/1.1 200");
    expect_says(get("/readyz"), "HTTP/1.1 503");
    expect_says(answer, "starting");

    health_set(&health, HEALTH_RUNNING);
    expect_says(get("/readyz"), "HTTP/1.1 200");

    health_set(&health, HEALTH_FAILED);
    expect_says(get("/livez"), "HTTP/1.1 503");
}

Test(http, refuses_everything_else)
{
    static const struct { const char *request, *says; } cases[] = {
        {"GET /etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404"},
        {"POST /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", "405"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_says(ask(cases[i].request), cases[i].says);
}

/* A page at /page that says back its argument. */
static bool answer_page(void *context, const struct http_request *request, struct arena *arena, struct http_answer *page)
{
    if (strcmp(request->path, "/page") != 0)
        return false;
    const char *argument = http_argument(request, "name");
    *page = (struct http_answer){.status = HTTP_FOUND, .type = "text/html",
                                 .body = arena_print(arena, "%s %s", (const char *)context, argument != NULL ? argument : "nobody")};
    return true;
}

static void serve_pages(const char *listen)
{
    static char greeting[] = "hello";
    struct error err = {0};
    http_stop(http);
    source.pages = (struct http_pages){.answer = answer_page, .context = greeting};
    http = http_start(listen, &source, &err);
    cr_assert(http != NULL, "%s", err.text);
}

static const char *get_as(const char *host)
{
    char request[256];
    snprintf(request, sizeof request, "GET /page?name=a%%20b&x HTTP/1.1\r\nConnection: close\r\nHost: %s\r\n\r\n", host);
    return ask(request);
}

Test(http, serves_pages_under_a_policy_that_lets_no_other_script_run)
{
    serve_pages("127.0.0.1:0");

    const char *text = get_as("127.0.0.1:80");

    expect_says(text, "HTTP/1.1 200");
    expect_says(text, "\nhello a b");
    expect_says(text, "Content-Security-Policy: default-src 'none'; script-src 'self';");
    expect_says(text, "X-Content-Type-Options: nosniff");
    expect_says(get("/metrics"), "stanced_articles_total");
    expect_says(get("/other"), "404");
}

Test(http, pages_on_loopback_are_not_for_names_that_were_bent_to_point_there)
{
    static const struct { const char *host, *says; } cases[] = {
        {"localhost", "200"}, {"LOCALHOST:9464", "200"}, {"127.0.0.1", "200"}, {"[::1]:9464", "200"},
        {"evil.example", "403"}, {"evil.example:9464", "403"}, {"localhost.evil.example", "403"}, {"127.0.0.1.evil.example", "403"},
    };
    serve_pages("127.0.0.1:0");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_says(get_as(cases[i].host), cases[i].says);
    expect_says(ask("GET /metrics HTTP/1.1\r\nConnection: close\r\nHost: by-any.name\r\n\r\n"), "HTTP/1.1 200");
    serve_pages("*:0");
    expect_says(get_as("news.example"), "HTTP/1.1 200");
}

Test(http, serves_pages_alone_where_there_are_no_metrics)
{
    source.metrics = NULL;
    source.health = NULL;
    serve_pages("127.0.0.1:0");

    expect_says(get("/metrics"), "404");
    expect_says(get("/livez"), "404");
}

Test(http, an_address_in_use_is_said)
{
    char listen_at[32];
    struct error err = {0};
    snprintf(listen_at, sizeof listen_at, "127.0.0.1:%u", http_port(http));

    cr_expect(http_start(listen_at, &source, &err) == NULL);

    expect_text(err.code, "http.listen");
    expect_says(err.text, "Address already in use");
}

Test(http, addresses_that_cannot_be_read_are_refused)
{
    static const char *const addresses[] = {"", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1",
                                            "somewhere:9464", "[::1:9464", "1.2.3:80", "127.0.0.1:9464x"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct error err = {0};
        cr_expect(http_start(addresses[i], &source, &err) == NULL, "accepted %s", addresses[i]);
        expect_text(err.code, "http.address");
    }
}

Test(http, localhost_and_all_are_addresses)
{
    static const char *const addresses[] = {"localhost:0", "*:0"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct error err = {0};
        struct http *other = http_start(addresses[i], &source, &err);
        cr_expect(other != NULL, "%s", err.text);
        http_stop(other);
    }
}
