#include "processor/ingest/article.h"

#include "schemas/article.pb-c.h"
#include "schemas/article_wire.pb-c.h"
#include "tests/expect.h"

#include <stdlib.h>

#define BYTES(text) ((struct view){.data = (text), .len = sizeof(text) - 1})

static struct arena *arena;
static struct article article;
static struct error err;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(article, .init = set_up, .fini = tear_down);

static bool decode_bytes(struct view payload, enum article_format format)
{
    err = (struct error){0};
    article = (struct article){0};
    return article_decode(payload, format, NULL, NULL, NULL, arena, &article, &err);
}

static bool decode(const char *text)
{
    return decode_bytes(view_of(text), ARTICLE_ANY);
}

static void expect_refused(const char *text, const char *code, const char *says)
{
    cr_expect(not(decode(text)), "accepted %s", text);
    cr_expect(eq(int, err.kind, ERROR_INPUT));
    expect_text(err.code, code);
    expect_says(err.text, says);
}

static struct view repeat(const char *piece, size_t times)
{
    size_t len = strlen(piece);
    char *text = arena_take(arena, len * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, piece, len);
    return (struct view){.data = text, .len = len * times};
}

Test(article, reads_every_field_of_a_json_object)
{
    expect_fine(decode("{\"id\": \"a1\", \"url\": \"https://example.org/a\", \"title\": \"T\", \"source\": \"S\","
                       "\"published_at\": \"2019-10-19T11:00:00+02:00\", \"language\": \"en\", \"authors\": [\"A\", {\"name\": \"B\"}],"
                       "\"text\": \"Hello.\"}"),
                err);
    expect_view(article.id, "a1");
    expect_view(article.url, "https://example.org/a");
    expect_view(article.title, "T");
    expect_view(article.source, "S");
    expect_view(article.published_at, "2019-10-19T09:00:00Z");
    expect_view(article.language, "en");
    cr_assert(eq(sz, article.author_count, 2));
    expect_view(article.authors[1], "B");
    expect_view(article.text, "Hello.");
}

Test(article, knows_the_spellings_of_common_crawlers)
{
    static const char *const spellings[] = {
        "{\"maintext\": \"x\", \"title\": \"t\", \"url\": \"u\", \"date_publish\": \"2020-01-02 00:00:00\", \"source_domain\": \"s\"}",
        "{\"content\": \"x\", \"headline\": \"t\", \"link\": \"u\", \"pubDate\": \"Thu, 02 Jan 2020 00:00:00 GMT\", \"source\": {\"id\": 7, \"name\": \"s\"}}",
        "{\"articleBody\": \"x\", \"headline\": \"t\", \"url\": \"u\", \"datePublished\": \"2020-01-02\", \"publisher\": {\"name\": \"s\"}}",
        "{\"raw_text\": \"\", \"text\": null, \"body\": \"x\", \"title\": \"t\", \"uri\": \"u\", \"timestamp\": 1577923200000, \"sitename\": \"s\"}",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        cr_expect(decode(spellings[i]), "%s: %s", spellings[i], err.text);
        expect_view(article.text, "x");
        expect_view(article.title, "t");
        expect_view(article.url, "u");
        expect_view(article.published_at, "2020-01-02T00:00:00Z");
        expect_view(article.source, "s");
    }
}

Test(article, takes_keys_from_the_caller)
{
    struct article_fields fields = article_fields_default;
    fields.text = (const char *const[]){"inhalt", "rest", NULL};
    struct view payload = view_of("{\"text\": \"wrong\", \"rest\": \"second\", \"inhalt\": \"first\"}");
    expect_fine(article_decode(payload, ARTICLE_ANY, NULL, &fields, NULL, arena, &article, &err), err);
    expect_view(article.text, "first");
}

Test(article, says_what_is_wrong_with_bad_input)
{
    static const struct {
        const char *payload, *code, *says;
    } cases[] = {
        {"", "payload.empty", "no bytes"},
        {"[]", "json.type", "Expected object"},
        {"[{\"text\": \"an article in a list\"}]", "json.type", "an array"},
        {"{\"id\": \"a\", \"id\": \"b\"}", "json.syntax", "duplicate"},
        {"{\"text\": ", "json.syntax", "not JSON"},
        {"{\"text\": \"x\"} trailing", "json.syntax", "not JSON"},
        {"{\"text\": \"\\ud800\"}", "json.syntax", "Unicode"},
        {"{\"text\": 5}", "json.type", "\"text\" is a number, should be a string"},
        {"{\"content\": {\"rendered\": \"x\"}}", "json.type", "\"content\" is an object"},
        {"{\"text\": \"x\", \"id\": []}", "json.type", "\"id\" is an array"},
        {"{\"html\": true}", "json.type", "\"html\" is true or false"},
        {"{}", "text.missing", "no text"},
        {"{\"text\": null, \"title\": \"only a title\"}", "text.missing", "no text"},
        {"{\"text\": \" \\n\\u00a0\\t\"}", "text.blank", "white space"},
        {" \n\t ", "text.blank", "white space"},
        {"\x01\x02\x03\x04 abc", "payload.binary", "control characters"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_refused(cases[i].payload, cases[i].code, cases[i].says);
}

Test(article, leaves_out_what_is_optional_and_unreadable)
{
    expect_fine(decode("{\"text\": \"x\", \"title\": 5, \"published_at\": \"next Tuesday\", \"authors\": 7, \"language\": []}"), err);
    expect_view(article.title, "");
    expect_view(article.published_at, "");
    cr_expect(eq(sz, article.author_count, 0));
}

Test(article, makes_the_id_of_url_else_of_the_text)
{
    expect_fine(decode("{\"text\": \"x\", \"url\": \"https://example.org/a\"}"), err);
    expect_view(article.id, "b5b10dd0429e69ac7cfaf0a20b6901c1"); /* sha256sum of the url */
    expect_fine(decode("Hello"), err);
    expect_view(article.id, "185f8db32271fe25f561a6fc938b2e26");
    expect_fine(decode("{\"text\": \"x\", \"id\": 9007199254740993}"), err);
    expect_view(article.id, "9007199254740993");
}

Test(article, tells_formats_apart_by_content)
{
    static const struct {
        const char *payload, *text;
    } cases[] = {
        {"\xEF\xBB\xBF {\"text\": \"x\"}", "x"},
        {"[Update] The bridge is open.", "[Update] The bridge is open."},
        {"\nBoth sides agreed.", "\nBoth sides agreed."},
        {"<!doctype html><html><body><p>Both sides agreed.</p></body></html>", "Both sides agreed."},
        {"{\"html\": \"<p>Both sides agreed.</p>\"}", "Both sides agreed."},
        {"\"Never,\" she said.", "\"Never,\" she said."},
        {"null", "null"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect(decode(cases[i].payload), "%s: %s", cases[i].payload, err.text);
        expect_view(article.text, cases[i].text);
    }
}

Test(article, obeys_the_format_it_is_told)
{
    expect_fine(decode_bytes(view_of("{\"text\": \"x\"}"), ARTICLE_PLAIN), err);
    expect_view(article.text, "{\"text\": \"x\"}");
    cr_expect(not(decode_bytes(view_of("Hello"), ARTICLE_JSON)));
    expect_text(err.code, "json.syntax");
    expect_fine(decode_bytes(view_of("just <b>words</b>"), ARTICLE_HTML), err);
    expect_view(article.text, "just words");
}

Test(article, takes_from_a_page_what_the_record_does_not_say)
{
    expect_fine(decode("{\"title\": \"Mine\", \"html\": \"<html lang=en><head><title>Theirs</title></head><body><p>Words.</p></body></html>\"}"), err);
    expect_view(article.title, "Mine");
    expect_view(article.language, "en");
}

Test(article, repairs_text_and_keeps_its_code_points)
{
    expect_fine(decode_bytes(BYTES("{\"text\": \"a\xFF" "b\\u0000c\"}"), ARTICLE_ANY), err);
    expect_view(article.text, "a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c");
    expect_fine(decode_bytes(BYTES("plain text\0with a zero byte, long enough"), ARTICLE_ANY), err);
    expect_view(article.text, "plain text\xEF\xBF\xBDwith a zero byte, long enough");
}

Test(article, refuses_json_that_is_too_deep_before_parsing_it)
{
    static const struct {
        const char *open;
        bool is_refused;
    } cases[] = {{"[", true}, {"{\"a\":", true}, {"\\\"[", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct view deep = repeat(cases[i].open, 100000);
        const char *payload = arena_print(arena, "{\"text\": \"x\", \"y\": %s%.*s%s}", cases[i].is_refused ? "" : "\"", (int)deep.len,
                                    deep.data, cases[i].is_refused ? "" : "\"").data;
        cr_expect(eq(int, decode(payload), !cases[i].is_refused), "%s: %s", cases[i].open, err.text);
        cr_expect(eq(str, err.code, cases[i].is_refused ? "json.depth" : ""));
    }
}

Test(article, refuses_what_is_over_a_limit)
{
    const struct article_limits limits = {.payload_bytes = 100, .text_bytes = 20, .depth = 2, .values = 5};
    static const struct {
        const char *payload, *code;
    } cases[] = {
        {"A text of more than a hundred bytes, which nobody ever wanted to read, but which is needed here for this test.", "payload.large"},
        {"A text of more than twenty bytes.", "text.large"},
        {"{\"text\": \"x\", \"a\": [[1]]}", "json.depth"},
        {"{\"text\": \"x\", \"a\": [1, 2, 3, 4]}", "json.large"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err = (struct error){0};
        cr_expect(not(article_decode(view_of(cases[i].payload), ARTICLE_ANY, NULL, NULL, &limits, arena, &article, &err)));
        expect_text(err.code, cases[i].code);
    }
}

Test(article, refuses_an_id_that_makes_no_key)
{
    struct view id = repeat("x", ARTICLE_ID_BYTES_MOST + 1);
    expect_refused(arena_print(arena, "{\"text\": \"x\", \"id\": \"%.*s\"}", (int)id.len, id.data).data, "id.large", "1025 bytes");
}

static struct view pack(const Stanced__V1__Article *message)
{
    size_t len = stanced__v1__article__get_packed_size(message);
    uint8_t *bytes = arena_take(arena, len + 8);
    stanced__v1__article__pack(message, bytes);
    return (struct view){.data = (const char *)bytes, .len = len};
}

static Stanced__V1__Article sample(void)
{
    static char *authors[] = {"A", "B"};
    Stanced__V1__Article message = STANCED__V1__ARTICLE__INIT;
    message.id = "p1";
    message.title = "T";
    message.published_at = "1571475600000";
    message.authors = authors;
    message.n_authors = 2;
    message.text = "Both sides agreed that the bridge, closed for years, should be opened again before the winter comes, and that the city "
                   "should pay for it.";
    return message;
}

Test(article, reads_protobuf_bare_and_framed)
{
    Stanced__V1__Article message = sample();
    struct view bare = pack(&message);
    for (int is_framed = 0; is_framed < 2; is_framed++) {
        char *framed = arena_take(arena, bare.len + 6);
        memcpy(framed, "\0\0\0\0\7\0", 6);
        memcpy(framed + 6, bare.data, bare.len);
        expect_fine(decode_bytes(is_framed ? (struct view){framed, bare.len + 6} : bare, ARTICLE_ANY), err);
        expect_view(article.id, "p1");
        expect_view(article.published_at, "2019-10-19T09:00:00Z");
        expect_view(article.text, message.text);
        cr_expect(eq(sz, article.author_count, 2));
    }
}

Test(article, reads_framed_json)
{
    expect_fine(decode_bytes(BYTES("\0\0\0\0\7{\"text\": \"x\"}"), ARTICLE_ANY), err);
    expect_view(article.text, "x");
}

Test(article, knows_protobuf_that_is_cut_short_from_prose)
{
    Stanced__V1__Article message = sample();
    struct view whole = pack(&message);
    cr_expect(not(decode_bytes(view_slice(whole, 0, whole.len - 9), ARTICLE_ANY)));
    expect_text(err.code, "protobuf.syntax");
}

Test(article, refuses_protobuf_made_of_empty_fields)
{
    static const char *const fields[] = {"\x3A\x00", "\xFA\x01\x00"}; /* an author, and a field that nobody knows */
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        char *payload = arena_take(arena, 3000000);
        size_t len = i + 2;
        for (size_t at = 0; at + len <= 3000000; at += len)
            memcpy(payload + at, fields[i], len);
        size_t before = arena_bytes(arena);
        cr_expect(not(decode_bytes((struct view){payload, 3000000 / len * len}, ARTICLE_PROTOBUF)));
        expect_text(err.code, "protobuf.syntax");
        cr_expect(lt(sz, arena_bytes(arena) - before, (size_t)40000000), "took %zu bytes", arena_bytes(arena) - before);
    }
}

Test(article, keeps_zero_bytes_of_protobuf_strings)
{
    Stanced__V1__ArticleWire message = STANCED__V1__ARTICLE_WIRE__INIT;
    message.text = (ProtobufCBinaryData){.data = (uint8_t *)"ab\0cd\xFF", .len = 6};
    uint8_t bytes[32];
    size_t len = stanced__v1__article_wire__pack(&message, bytes);
    expect_fine(decode_bytes((struct view){(const char *)bytes, len}, ARTICLE_PROTOBUF), err);
    expect_view(article.text, "ab\xEF\xBF\xBD" "cd\xEF\xBF\xBD");
}

Test(article, reads_the_wire_as_the_published_message_says)
{
    const ProtobufCMessageDescriptor *published = &stanced__v1__article__descriptor, *wire = &stanced__v1__article_wire__descriptor;
    cr_assert(eq(uint, published->n_fields, wire->n_fields));
    for (unsigned i = 0; i < published->n_fields; i++) {
        expect_text(wire->fields[i].name, published->fields[i].name);
        cr_expect(eq(u32, wire->fields[i].id, published->fields[i].id));
        cr_expect(eq(int, wire->fields[i].label, published->fields[i].label));
        cr_expect(eq(int, wire->fields[i].type, PROTOBUF_C_TYPE_BYTES));
        cr_expect(eq(int, published->fields[i].type, PROTOBUF_C_TYPE_STRING));
    }
}

Test(article, names_a_record_that_it_refused)
{
    static const struct {
        const char *payload, *name;
    } cases[] = {
        {"{\"id\": \"keep\", \"text\": 5}", "keep"},
        {"{\"id\": 12}", "12"},
        {"{\"text\": ", "850d064a0ab9138b70a20933266c61ae"},
        {"nope", "ca3704aa0b06f5954c79ee837faa152d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_view(article_name(view_of(cases[i].payload), NULL, NULL, arena), cases[i].name);
}

Test(article, knows_content_types)
{
    static const struct {
        const char *type;
        enum article_format format;
    } cases[] = {
        {"application/json; charset=utf-8", ARTICLE_JSON}, {"TEXT/HTML", ARTICLE_HTML},
        {"text/plain", ARTICLE_PLAIN},                     {"application/x-protobuf", ARTICLE_PROTOBUF},
        {"application/octet-stream", ARTICLE_ANY},         {"", ARTICLE_ANY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(int, article_format_of(view_of(cases[i].type)), cases[i].format), "%s", cases[i].type);
}

Test(article, does_not_point_into_the_payload)
{
    static const char *const payloads[] = {"{\"text\": \"Hello\", \"id\": \"a\"}", "Hello", "<p>Hello</p>"};
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        char *payload = strdup(payloads[i]);
        expect_fine(decode(payload), err);
        memset(payload, 'x', strlen(payload));
        free(payload);
        expect_view(article.text, "Hello");
    }
}
