#include "processor/commands/question.h"

#include "processor/emit/writer.h"
#include "processor/ingest/article_json.h"
#include "processor/text/utf8.h"

#include <jansson.h>

/* The byte at code point `number` of the text; false behind its end. */
static bool byte_of(struct view text, json_int_t number, uint32_t *byte)
{
    size_t position = 0;
    for (json_int_t i = 0; i < number; i++) {
        if (position == text.len)
            return false;
        utf8_next(text, &position);
    }
    *byte = (uint32_t)position;
    return true;
}

static bool read_span(const json_t *value, const char *name, struct view text, struct span *span, struct error *err)
{
    const json_t *start = json_object_get(value, "start"), *end = json_object_get(value, "end");
    if (!json_is_integer(start) || !json_is_integer(end))
        return error_set(err, ERROR_INPUT, "json.type", "\"%s\" should be {\"start\": NUMBER, \"end\": NUMBER}", name);
    json_int_t from = json_integer_value(start), to = json_integer_value(end);
    if (from < 0 || to <= from || !byte_of(text, from, &span->start) || !byte_of(text, to, &span->end))
        return error_set(err, ERROR_INPUT, "ask.span",
                         "\"%s\" from %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT " is empty or outside of the text", name,
                         from, to);
    return true;
}

static struct view read_id(const json_t *value, struct arena *arena)
{
    if (json_is_integer(value))
        return arena_print(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (!json_is_string(value))
        return (struct view){0};
    struct writer writer = writer_start(arena, 0);
    writer_string(&writer, (struct view){.data = json_string_value(value), .len = json_string_length(value)});
    return writer_result(&writer);
}

static bool read_question(const json_t *root, struct arena *arena, struct question *question, struct error *err)
{
    question->id = read_id(json_object_get(root, "id"), arena);
    const json_t *text = json_object_get(root, "text"), *source = json_object_get(root, "source");
    if (!text)
        return error_set(err, ERROR_INPUT, "text.missing", "no \"text\"");
    if (!json_is_string(text))
        return error_set(err, ERROR_INPUT, "json.type", "\"text\" should be a string");
    if (json_string_length(text) > article_limits_default.text_bytes)
        return error_set(err, ERROR_INPUT, "text.large", "text of %zu bytes, at most %zu are read", json_string_length(text),
                         article_limits_default.text_bytes);
    question->text = arena_copy(arena, (struct view){.data = json_string_value(text), .len = json_string_length(text)});
    question->has_source = source && !json_is_null(source);
    if (question->has_source && !read_span(source, "source", question->text, &question->source, err))
        return false;
    return read_span(json_object_get(root, "target"), "target", question->text, &question->target, err);
}

bool question_decode(struct view line, struct arena *arena, struct question *question, struct error *err)
{
    *question = (struct question){0};
    line = utf8_repaired(line, arena);
    if (!article_json_is_bounded(line, &article_limits_default, err))
        return false;
    json_error_t why;
    json_auto_t *root = json_loadb(line.data, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &why);
    if (!root)
        return error_set(err, ERROR_INPUT, "json.syntax", "not JSON: column %d: %s", why.column, why.text);
    if (!json_is_object(root))
        return error_set(err, ERROR_INPUT, "json.type", "not a JSON object");
    return read_question(root, arena, question, err);
}
