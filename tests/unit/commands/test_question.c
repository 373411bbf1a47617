#include "processor/commands/question.h"

#include "tests/expect.h"

static struct arena *arena;
static struct question question;
static struct error err;

static void set_up(void)
{
    arena = arena_new(4096);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(question, .init = set_up, .fini = tear_down);

static bool decode(const char *line)
{
    err = (struct error){0};
    return question_decode(view_of(line), arena, &question, &err);
}

static struct view text_at(struct span span)
{
    return view_slice(question.text, span.start, span.end);
}

Test(question, turns_code_points_into_bytes)
{
    expect_fine(decode("{\"text\": \"Zoë mag Åse.\", \"source\": {\"start\": 0, \"end\": 3}, \"target\": {\"start\": 8, \"end\": 11}}"), err);
    cr_expect(question.has_source);
    expect_view(text_at(question.source), "Zoë");
    expect_view(text_at(question.target), "Åse");
}

Test(question, asks_the_text_itself_without_a_source)
{
    static const char *const lines[] = {"{\"text\": \"ab\", \"source\": null, \"target\": {\"start\": 0, \"end\": 2}}",
                                        "{\"text\": \"ab\", \"target\": {\"start\": 0, \"end\": 2}}"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        expect_fine(decode(lines[i]), err);
        cr_expect(not(question.has_source));
        expect_view(text_at(question.target), "ab");
    }
}

Test(question, gives_ids_back_as_json)
{
    static const struct {
        const char *line, *id;
    } cases[] = {
        {"{\"id\": 7, \"text\": 5}", "7"},
        {"{\"id\": \"a\\\"b\"}", "\"a\\\"b\""},
        {"{\"id\": [], \"text\": \"x\"}", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect(not(decode(cases[i].line)));
        expect_view(question.id, cases[i].id);
    }
}

Test(question, says_what_is_wrong_with_a_bad_line)
{
    static const struct {
        const char *line, *code, *says;
    } cases[] = {
        {"nope", "json.syntax", "not JSON"},
        {"[]", "json.type", "object"},
        {"{}", "text.missing", "\"text\""},
        {"{\"text\": 5}", "json.type", "\"text\""},
        {"{\"text\": \"x\"}", "json.type", "\"target\""},
        {"{\"text\": \"x\", \"target\": [0, 1]}", "json.type", "\"target\""},
        {"{\"text\": \"x\", \"target\": {\"start\": 0, \"end\": 1.0}}", "json.type", "\"target\""},
        {"{\"text\": \"x\", \"source\": \"x\", \"target\": {\"start\": 0, \"end\": 1}}", "json.type", "\"source\""},
        {"{\"text\": \"x\", \"target\": {\"start\": 0, \"end\": 2}}", "ask.span", "outside"},
        {"{\"text\": \"x\", \"target\": {\"start\": 1, \"end\": 1}}", "ask.span", "empty"},
        {"{\"text\": \"x\", \"target\": {\"start\": -1, \"end\": 1}}", "ask.span", "from -1"},
        {"{\"text\": \"x\", \"target\": {\"start\": 0, \"end\": 9223372036854775807}}", "ask.span", "outside"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect(not(decode(cases[i].line)), "accepted %s", cases[i].line);
        cr_expect(eq(int, err.kind, ERROR_INPUT));
        expect_text(err.code, cases[i].code);
        expect_says(err.text, cases[i].says);
    }
}
