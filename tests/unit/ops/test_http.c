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
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path);
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
