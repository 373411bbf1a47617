#include "processor/ingest/schema.h"

#include "tests/expect.h"

#define BYTES(text) ((struct view){.data = (text), .len = sizeof(text) - 1})
#define PATH(...) ((const uint32_t[]){__VA_ARGS__}), sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)

static const char proto[] =
    "// A file of somebody else: /* no comment */\n"
    "syntax = \"proto3\";\n"
    "package \"odd\" news.v2;\n"
    "import \"google/protobuf/timestamp.proto\";\n"
    "option java_package = \"a;b{\";\n"
    "option (own.file) = { name: \"x\" kinds: [1, 2] };\n"
    "enum Kind { NONE = 0; /* } */ }\n"
    "message Envelope {\n"
    "  reserved 4, 6 to 9; extensions 100 to 199;\n"
    "  message Meta { string text = 1; }\n"
    "  message Item {\n"
    "    option deprecated = true;\n"
    "    map<string, string> labels = 90;\n"
    "    .google.protobuf.Timestamp published_at = 0x21;\n"
    "    repeated string authors = 5 [json_name = \"by\", (own.note) = { text: \";\" }];\n"
    "    oneof payload { string body = 300; bytes html = 12; }\n"
    "    google.protobuf.StringValue title = 7;\n"
    "    sint64 id = 1; double score = 2; Kind kind = 3; int32 url = 4; string content = 8;\n"
    "    message Text { string text = 1; }\n"
    "  }\n"
    "  Item item = 1;\n"
    "}\n"
    "message Plain { string text = 2; int64 date = 3; }\n"
    "service News { rpc Get(Plain) returns (Plain) { option idempotency_level = IDEMPOTENT; } }\n"
    "message Numbers { int64 text = 1; }\n";

static struct schema read_at(const uint32_t *path, size_t count)
{
    struct error err = {0};
    struct schema schema = {0};
    expect_fine(schema_read_proto(view_of(proto), path, count, &article_fields_default, &schema, &err), err);
    return schema;
}

static const struct schema_field *find(const struct schema *schema, enum schema_slot slot, uint32_t number)
{
    for (size_t i = 0; i < schema->field_count; i++)
        if (schema->fields[i].slot == slot && schema->fields[i].number == number)
            return &schema->fields[i];
    return NULL;
}

Test(schema, finds_the_fields_of_the_message_at_a_path)
{
    struct schema item = read_at(PATH(0, 1)), plain = read_at(PATH(1));

    static const struct {
        enum schema_slot slot;
        uint32_t number;
        enum schema_type type;
    } expected[] = {
        {SCHEMA_PUBLISHED_AT, 33, SCHEMA_TIMESTAMP}, {SCHEMA_AUTHORS, 5, SCHEMA_STRING}, {SCHEMA_TEXT, 300, SCHEMA_STRING},
        {SCHEMA_HTML, 12, SCHEMA_STRING},            {SCHEMA_TITLE, 7, SCHEMA_WRAPPED},  {SCHEMA_ID, 1, SCHEMA_ZIGZAG},
        {SCHEMA_TEXT, 8, SCHEMA_STRING},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct schema_field *field = find(&item, expected[i].slot, expected[i].number);
        cr_assert(field != NULL, "case %zu", i);
        cr_expect(eq(int, field->type, expected[i].type), "case %zu", i);
    }
    cr_expect(eq(sz, item.field_count, 7)); /* a number is no url */
    cr_expect(find(&item, SCHEMA_TEXT, 300)->rank < find(&item, SCHEMA_TEXT, 8)->rank);
    cr_expect(eq(sz, plain.field_count, 2));
    cr_expect(find(&plain, SCHEMA_TEXT, 2) != NULL && find(&plain, SCHEMA_PUBLISHED_AT, 3)->type == SCHEMA_VARINT);
}

Test(schema, says_what_is_wrong)
{
    static const struct {
        const char *text;
        uint32_t path[2];
        size_t count;
        const char *code, *says;
    } cases[] = {
        {proto, {3}, 1, "schema.message", "no message at the place"},
        {proto, {0, 2}, 2, "schema.message", "no message at the place"},
        {proto, {0}, 0, "schema.message", "no message at the place"},
        {proto, {2}, 1, "schema.message", "no field for text or html"}, /* text of a number */
        {proto, {0}, 1, "schema.message", "no field for text or html"}, /* that of messages in it is not its own */
        {"", {0}, 1, "schema.message", "no message"},
        {"{\"type\": \"object\"}", {0}, 1, "schema.syntax", "no .proto"},
        {"message A { string text = ", {0}, 1, "schema.syntax", "no .proto"},
        {"message A { string text = 1;", {0}, 1, "schema.syntax", "no .proto"},
        {"message A { string text 1; }", {0}, 1, "schema.syntax", "no .proto"},
        {"message A { string text = 99999999999; }", {0}, 1, "schema.syntax", "no .proto"},
        {"message A { oneof x", {0}, 1, "schema.syntax", "no .proto"},
        {"/* ", {0}, 1, "schema.message", "no message"},
        {"message \"", {0}, 1, "schema.syntax", "no .proto"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct schema schema;
        cr_expect(not(schema_read_proto(view_of(cases[i].text), cases[i].path, cases[i].count, &article_fields_default, &schema, &err)),
                  "accepted %zu", i);
        cr_expect(eq(int, err.kind, ERROR_INPUT));
        cr_expect(strcmp(err.code, cases[i].code) == 0, "case %zu: %s", i, err.code);
        expect_says(err.text, cases[i].says);
    }
}

Test(schema, reads_a_message_by_its_numbers)
{
    const struct schema schema = read_at(PATH(0, 1));
    struct arena *arena = arena_new(4096);
    struct article article;
    struct view html;
    struct error err = {0};
    /* id -3; a double, an enum and a field that nobody knows; a group with a field 8 in it; content, then body, which goes before
     * it; two authors; a title in its wrapper; a day in 2019; a text on the wrong wire. */
    const struct view payload = BYTES("\x08\x05" "\x11\1\2\3\4\5\6\7\x08" "\x18\1" "\xfa\x3e\x03new" "\xa3\x06\x42\1x\xa4\x06"
                                      "\x42\3two" "\xe2\x12\3one" "\x2a\1a" "\x2a\2bc" "\x3a\5\x0a\3Hey" "\x8a\x02\x06\x08\xe0\xec\xa8\xed\x05" "\xe0\x12\x07");

    expect_fine(schema_decode_protobuf(&schema, payload, arena, &article, &html, &err), err);

    expect_view(article.id, "-3");
    expect_view(article.text, "one");
    expect_view(article.title, "Hey");
    expect_view(article.published_at, "2019-10-18T22:02:08Z");
    cr_expect(eq(sz, article.author_count, 2));
    expect_view(article.authors[1], "bc");
    cr_expect(eq(sz, html.len, 0));
    arena_free(arena);
}

Test(schema, refuses_what_is_no_message)
{
    const struct schema schema = read_at(PATH(1));
    struct arena *arena = arena_new(4096);
    const struct view cases[] = {BYTES("\x12\5abc"), BYTES("\x12"), BYTES("\x07"), BYTES("\x02\1"), BYTES("\x0b"), BYTES("\x0c"), BYTES("\x19\1\2"),
                                 BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article article;
        struct view html;
        struct error err = {0};
        cr_expect(not(schema_decode_protobuf(&schema, cases[i], arena, &article, &html, &err)), "accepted %zu", i);
        expect_text(err.code, "protobuf.syntax");
    }
    arena_free(arena);
}
