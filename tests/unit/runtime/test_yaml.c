#include "processor/runtime/yaml.h"

#include "tests/expect.h"

#include <stdio.h>

/* Everything visited, as "name@line=item|item;". */
static char seen[65536];
static struct error err;

static bool note(void *context, const struct yaml_value *value, struct error *visit_err)
{
    size_t len = strlen(seen);
    len += (size_t)snprintf(seen + len, sizeof seen - len, "%s@%zu=%s", value->name, value->line, value->is_list ? "[" : "");
    for (size_t i = 0; i < value->entry_count; i++) {
        len += (size_t)snprintf(seen + len, sizeof seen - len, "{@%zu ", value->entries[i].line);
        for (size_t k = 0; k < value->entries[i].field_count; k++) {
            note(context, &value->entries[i].fields[k], visit_err);
            len = strlen(seen);
        }
        len += (size_t)snprintf(seen + len, sizeof seen - len, "}");
    }
    for (size_t i = 0; i < value->count; i++)
        len += (size_t)snprintf(seen + len, sizeof seen - len, "%s%s", i ? "|" : "", value->items[i]);
    snprintf(seen + len, sizeof seen - len, "%s;", value->is_list ? "]" : "");
    return true;
}

static bool walk(const char *yaml)
{
    seen[0] = '\0';
    err = (struct error){0};
    return yaml_walk(view_of(yaml), "test.yaml", note, NULL, &err);
}

Test(yaml, gives_dotted_names_with_their_lines)
{
    static const struct { const char *yaml, *seen; } cases[] = {
        {"a: 1\nb: two words\n", "a@1=1;b@2=two words;"},
        {"# nothing\n", ""},
        {"", ""},
        {"~", ""},
        {"kafka:\n  security.protocol: SSL\n  sasl: {username: me}\n", "kafka.security.protocol@2=SSL;kafka.sasl.username@3=me;"},
        {"input: [a, 'b c']\nempty: []\n", "input@1=[a|b c];empty@2=[];"},
        {"input:\n- a\n- b\n", "input@1=[a|b];"},
        {"a:\nb: ~\nc: null\nd: \"null\"\n", "a@1=;b@2=;c@3=;d@4=null;"},
        {"a: {b: {c: 1}, d: 2}\ne: 3\n", "a.b.c@1=1;a.d@1=2;e@2=3;"},
        {"a: |\n  x\n  y\n", "a@1=x\ny\n;"},
        {"a:\n- b: 1\n  c: [x, y]\n- {}\n- {b: ~}\n", "a@1=[{@2 b@2=1;c@3=[x|y];}{@4 }{@5 b@5=;}];"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_fine(walk(cases[i].yaml), err);
        expect_text(seen, cases[i].seen);
    }
}

Test(yaml, says_what_is_wrong_and_where)
{
    static const struct { const char *yaml, *says; } cases[] = {
        {"a: 1\nb: [\n}", "test.yaml:3: not YAML"},
        {"- a\n- b\n", "test.yaml:1: expected \"name: value\""},
        {"just words", "test.yaml:1: expected \"name: value\""},
        {"a: &x 1\nb: *x\n", "test.yaml:2: aliases"},
        {"a: 1\n---\nb: 2\n", "test.yaml:2: a second document"},
        {"? [a, b]\n: 1\n", "test.yaml:1: a name must be plain text"},
        {"a: [1, [2]]\n", "test.yaml:1: a: an entry of a list must be plain text"},
        {"a: [b, {c: 1}]\n", "test.yaml:1: a: an entry of a list must be plain text"},
        {"a:\n- {b: 1}\n- c\n", "test.yaml:3: a: an entry of a list is text, the others are not"},
        {"a:\n- b: {c: 1}\n", "test.yaml:2: a: b must be plain text or a list of it"},
        {"a:\n- b: [[c]]\n", "test.yaml:2: a: an entry of a list must be plain text"},
        {"a:\n- b: \"x\\0y\"\n", "test.yaml:2: a: b must be plain text"},
        {"a:\n- ? [b]\n  : 1\n", "test.yaml:2: a: a name must be plain text"},
        {"a: \"x\\0y\"\n", "test.yaml:1: a: a zero byte"},
        {"\"x\\0y\": a\n", "test.yaml:1: a name must be plain text"},
        {"a: {a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}\n", "test.yaml:1: more than 8 levels"},
        {"a: \xff\n", "test.yaml"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect(not(walk(cases[i].yaml)), "accepted %s", cases[i].yaml);
        cr_expect(eq(int, err.kind, ERROR_CONFIG));
        expect_text(err.code, "settings.yaml");
        expect_says(err.text, cases[i].says);
    }
}

Test(yaml, bounds_names_and_lists)
{
    static char yaml[65536];
    snprintf(yaml, sizeof yaml, "%0*d: 1\n", YAML_NAME_BYTES_MOST, 7);
    cr_expect(not(walk(yaml)));
    expect_says(err.text, "longer than");

    size_t len = (size_t)snprintf(yaml, sizeof yaml, "a: [");
    for (int i = 0; i <= YAML_LIST_MOST; i++)
        len += (size_t)snprintf(yaml + len, sizeof yaml - len, "x,");
    snprintf(yaml + len, sizeof yaml - len, "]\n");
    cr_expect(not(walk(yaml)));
    expect_says(err.text, "more than 1024 entries");
}

Test(yaml, survives_deep_nesting)
{
    enum { DEPTH = 100000 };
    static char yaml[2 * DEPTH + 8] = "a: ";
    memset(yaml + 3, '[', DEPTH);

    cr_expect(not(walk(yaml)));
    cr_expect(eq(int, err.kind, ERROR_CONFIG));
}

static bool refuse(void *context, const struct yaml_value *value, struct error *visit_err)
{
    ++*(int *)context;
    return error_set(visit_err, ERROR_CONFIG, "settings.unknown", "no %s", value->name);
}

Test(yaml, stops_where_the_visitor_does)
{
    int calls = 0;
    err = (struct error){0};

    cr_expect(not(yaml_walk(view_of("a: 1\nb: 2\n"), "test.yaml", refuse, &calls, &err)));

    cr_expect(eq(int, calls, 1));
    expect_text(err.text, "no a");
}

Test(yaml, a_document_may_be_one_list)
{
    static const struct { const char *yaml, *seen; } cases[] = {
        {"- a\n- b\n", "list@1=[a|b];"}, {"\n- {a: 1}\n", "list@2=[{@2 a@2=1;}];"}, {"[{\"a\": \"b\"}]", "list@1=[{@1 a@1=b;}];"}, {"[]", "list@1=[];"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        seen[0] = '\0';
        expect_fine(yaml_walk_list(view_of(cases[i].yaml), "test.yaml", "list", note, NULL, &err), err);
        expect_text(seen, cases[i].seen);
    }
    cr_expect(not(yaml_walk_list(view_of("a: [b]"), "test.yaml", "list", note, NULL, &err)));
    expect_says(err.text, "test.yaml:1: expected a list");
}
