#include "processor/ingest/schemas.h"

#include "processor/ops/http.h"
#include "processor/runtime/fetch.h"
#include "tests/expect.h"

#include <stdio.h>

#define BYTES(text) ((struct view){.data = (text), .len = sizeof(text) - 1})

/* A registry of a few answers. */
static struct http *http;
static atomic_int asked;
static atomic_uint status;
static struct health health;
static char url[64];

static bool answer(void *context, const struct http_request *request, struct arena *arena, struct http_answer *to)
{
    static const struct {
        const char *path, *body;
        unsigned status;
    } answers[] = {
        {"/base/schemas/ids/1", "{\"schemaType\": \"JSON\", \"schema\": \"{}\"}", 200},
        {"/base/schemas/ids/2", "{\"schemaType\": \"PROTOBUF\", \"schema\": \"message A { int32 n = 1; } message B { string body = 4; }\"}", 200},
        {"/base/schemas/ids/3", "{\"schema\": \"{\\\"type\\\": \\\"record\\\"}\"}", 200},
        {"/base/schemas/ids/5", "{\"hello\": \"I am no registry\"}", 200},
        {"/base/schemas/ids/6", "not found", 404},
    };
    (void)context, (void)arena;
    atomic_fetch_add(&asked, 1);
    *to = (struct http_answer){.status = 404, .body = view_of("{\"error_code\": 40403, \"message\": \"Schema not found\"}"), .type = "application/json"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strcmp(answers[i].path, request->path) == 0)
            *to = (struct http_answer){.status = answers[i].status, .body = view_of(answers[i].body), .type = "application/json"};
    if (atomic_load(&status) != 0)
        to->status = atomic_load(&status);
    return true;
}

static struct schemas *schemas;

static void set_up(void)
{
    struct error err = {0};
    const struct http_source source = {.model = "", .version = "", .health = &health, .pages = {.answer = answer}};
    fetch_init();
    http = http_start("127.0.0.1:0", &source, &err);
    cr_assert(http != NULL, "%s", err.text);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/base/", http_port(http));
    schemas = schemas_new(url, &article_fields_default);
}

static void tear_down(void)
{
    schemas_free(schemas);
    http_stop(http);
}

TestSuite(schemas, .init = set_up, .fini = tear_down);

Test(schemas, asks_once_for_a_schema)
{
    struct schema schema;
    struct error err = {0};
    for (int i = 0; i < 3; i++) {
        expect_fine(schemas_find(schemas, BYTES("\0\0\0\0\1{}"), &schema, &err), err);
        cr_expect(eq(int, schema.kind, SCHEMA_JSON));
        expect_fine(schemas_find(schemas, BYTES("\0\0\0\0\2\2\2x"), &schema, &err), err);
        cr_expect(eq(int, schema.kind, SCHEMA_PROTOBUF));
        cr_expect(eq(u32, schema.fields[0].number, 4));
    }
    cr_expect(eq(int, atomic_load(&asked), 2));
    cr_expect(eq(i64, schemas_count(schemas).found, 2));
}

Test(schemas, says_why_a_record_cannot_be_read)
{
    static const struct {
        struct view payload;
        const char *code, *says;
    } cases[] = {
        {{"\0\0\0\0\4{}", 7}, "schema.unknown", "does not know schema 4"},
        {{"\0\0\0\0\3\x01\x02", 7}, "schema.kind", "schema 3 is Avro"}, /* what follows is no path */
        {{"\0\0\0\0\2\0x", 7}, "schema.message", "schema 2: the schema's message has no field for text"},
        {{"\0\0\0\0\2\x01", 6}, "confluent.frame", "negative"},
        {{"\0\0\0", 3}, "confluent.frame", "within the schema id"},
    };
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct schema schema;
            struct error err = {0};
            cr_expect(not(schemas_find(schemas, cases[i].payload, &schema, &err)), "accepted %zu", i);
            cr_expect(eq(int, err.kind, ERROR_INPUT));
            cr_expect(strcmp(err.code, cases[i].code) == 0, "case %zu: %s", i, err.code);
            expect_says(err.text, cases[i].says);
        }
    cr_expect(eq(int, atomic_load(&asked), 4)); /* once each, and never for the last */
}

Test(schemas, holds_a_record_back_while_the_registry_is_away)
{
    static const struct {
        struct view payload;
        unsigned status;
    } cases[] = {{{"\0\0\0\0\1{}", 7}, 503}, {{"\0\0\0\0\5{}", 7}, 0}, {{"\0\0\0\0\6{}", 7}, 0}, {{"\0\0\0\0\1{}", 7}, 401}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct schemas *other = schemas_new(url, &article_fields_default);
        struct schema schema;
        struct error err = {0};
        atomic_store(&status, cases[i].status);
        atomic_store(&asked, 0);
        cr_expect(not(schemas_find(other, cases[i].payload, &schema, &err)), "accepted %zu", i);
        cr_expect(eq(int, err.kind, ERROR_RETRY));
        expect_text(err.code, "schema.away");
        cr_expect(schemas_is_away(other));
        /* The second one waits for the pause to be over. */
        cr_expect(not(schemas_find(other, cases[i].payload, &schema, NULL)));
        cr_expect(eq(int, atomic_load(&asked), 1));
        schemas_free(other);
    }
}

Test(schemas, keeps_the_newest_of_too_many)
{
    struct schema schema;
    struct error err = {0};
    expect_fine(schemas_find(schemas, BYTES("\0\0\0\0\1{}"), &schema, &err), err);
    for (unsigned id = 100; id < 100 + 4 * SCHEMAS_MOST; id++) {
        const char payload[] = {0, 0, 0, (char)(id >> 8), (char)id, '{', '}'};
        cr_expect(not(schemas_find(schemas, (struct view){payload, sizeof payload}, &schema, NULL)));
        expect_fine(schemas_find(schemas, BYTES("\0\0\0\0\1{}"), &schema, &err), err);
    }
    cr_expect(eq(int, atomic_load(&asked), 1 + 4 * SCHEMAS_MOST));
}
