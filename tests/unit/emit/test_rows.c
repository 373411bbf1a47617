#include "processor/emit/rows.h"

#include "tests/expect.h"

static const char document_text[] =
    "{\"id\": \"a1\", \"text\": \"\\u00c9t\\u00e9 in Lyon\\nAda scolds Lyon. Bo cheers.\","
    " \"entities\": [{\"id\": \"E1\", \"name\": \"Ada\"}, {\"id\": \"E2\", \"name\": \"Lyon\"}],"
    " \"stances\": [{\"source\": \"E1\", \"target\": \"E2\", \"polarity\": \"against\", \"confidence\": 0.9,"
    "   \"evidence\": [{\"start\": 12, \"end\": 28}, {\"start\": 0, \"end\": 11}]},"
    "  {\"source\": \"author\", \"target\": \"T:trams\", \"polarity\": \"for\", \"confidence\": 0.6, \"evidence\": []}]}";

Test(rows, reads_a_documents_stances_with_names_and_the_strongest_sentence)
{
    json_t *document = json_loads(document_text, 0, NULL);
    struct row_stance stance;
    cr_expect(eq(sz, rows_stance_count(document), 2));
    cr_expect(eq(sz, rows_entity_count(document), 2));
    cr_expect(rows_document_stance(document, 0, &stance));
    expect_view(stance.source, "Ada");
    expect_view(stance.target, "Lyon");
    expect_view(stance.polarity, "against");
    expect_view(stance.evidence, "Ada scolds Lyon.");
    cr_expect(not(stance.is_topic));
    cr_expect(rows_document_stance(document, 1, &stance));
    expect_view(stance.source, "author");
    expect_view(stance.target, "trams");
    cr_expect(stance.is_topic);
    expect_view(stance.evidence, "");
    json_decref(document);
}

Test(rows, finds_a_headline_wherever_there_is_one)
{
    static const struct {
        const char *json, *title;
    } cases[] = {
        {"{\"id\": \"a\", \"title\": \"Given\", \"text\": \"Text\"}", "Given"},
        {"{\"id\": \"a\", \"text\": \"Menu\\nMarked\\nBody\", \"regions\": [{\"kind\": \"navigation\", \"start\": 0, \"end\": 4},"
         " {\"kind\": \"title\", \"start\": 5, \"end\": 11}]}",
         "Marked"},
        {"{\"id\": \"a\", \"text\": \"First line\\nBody\", \"regions\": []}", "First line"},
        {"{\"id\": \"a\", \"text\": \"Only line\"}", "Only line"},
        {"{}", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *document = json_loads(cases[i].json, 0, NULL);
        expect_view(rows_title(document), cases[i].title);
        json_decref(document);
    }
}

Test(rows, reads_rows_and_refuses_what_is_none)
{
    static const struct {
        const char *json;
        bool is_row;
    } cases[] = {
        {"{\"source\": {\"name\": \"Ada\"}, \"target\": {\"name\": \"Lyon\"}, \"polarity\": \"for\", \"evidence\": \"e\", \"confidence\": 1}", true},
        {"{\"source\": {\"name\": \"Ada\"}, \"polarity\": \"for\"}", false},
        {"{\"source\": [], \"target\": 5, \"polarity\": {}}", false},
        {"[]", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct row_stance stance;
        json_t *row = json_loads(cases[i].json, 0, NULL);
        cr_expect(eq(int, rows_read_stance(row, &stance), cases[i].is_row), "case %zu", i);
        json_decref(row);
    }
}

Test(rows, a_span_outside_the_text_gives_what_there_is)
{
    static const char *const spans[] = {"{\"start\": 5, \"end\": 2}", "{\"start\": -3, \"end\": 2}", "{\"start\": 90, \"end\": 99}", "{}", "7"};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        char text[256];
        struct row_stance stance;
        snprintf(text, sizeof text,
                 "{\"text\": \"Ada.\", \"stances\": [{\"source\": \"author\", \"target\": \"T:x\", \"evidence\": [%s]}]}", spans[i]);
        json_t *document = json_loads(text, 0, NULL);
        cr_expect(rows_document_stance(document, 0, &stance));
        expect_view(stance.evidence, "");
        json_decref(document);
    }
}

Test(rows, tell_a_watched_topic_from_an_actor)
{
    struct row_stance stance;
    json_t *row = json_loads("{\"source\": {\"name\": \"Ada\", \"type\": \"Person\"}, \"target\": {\"name\": \"trams\", \"type\": \"Topic\"},"
                             " \"polarity\": \"for\"}", 0, NULL);
    cr_expect(rows_read_stance(row, &stance));
    expect_view(stance.target, "trams");
    cr_expect(stance.is_topic);
    json_decref(row);
}

Test(rows, are_read_with_the_frame_of_a_registry_and_without)
{
    static const char plain[] = "{\"article_id\": \"a\"}", framed[] = "\0\0\0\0\x07{\"article_id\": \"a\"}", other[] = "\0\0\0";
    json_t *of_plain = rows_load(view_of(plain), RECORD_STANCE), *of_framed = rows_load((struct view){framed, sizeof framed - 1}, RECORD_STANCE);

    cr_expect(ne(ptr, of_plain, NULL));
    cr_expect(json_equal(of_plain, of_framed));
    cr_expect(eq(ptr, rows_load((struct view){other, sizeof other - 1}, RECORD_STANCE), NULL));
    json_decref(of_plain);
    json_decref(of_framed);
}
