#include "processor/commands/rows.h"

#include "processor/ingest/frame.h"
#include "processor/text/utf8.h"

json_t *rows_load(struct view value)
{
    struct error err = {0};
    struct frame frame;
    if (frame_is_likely(value) && frame_decode(value, &frame, &err))
        value = frame.message;
    return json_loadb(value.data, value.len, JSON_ALLOW_NUL, NULL);
}

struct view rows_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return (struct view){.data = json_string_value(value), .len = json_string_length(value)};
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/* A name, be it an object's or itself. */
static struct view name_of(const json_t *side)
{
    return json_is_object(side) ? rows_text(side, "name") : (struct view){json_string_value(side), json_string_length(side)};
}

bool rows_read_stance(const json_t *record, struct table_stance *stance)
{
    *stance = (struct table_stance){
        .source = name_of(json_object_get(record, "source")),
        .target = name_of(json_object_get(record, "target")),
        .polarity = rows_text(record, "polarity"),
        .evidence = rows_text(record, "evidence"),
        .confidence = number(record, "confidence"),
        .is_topic = view_equal(rows_text(json_object_get(record, "target"), "type"), view_of("Topic")),
    };
    return stance->source.len > 0 && stance->target.len > 0 && stance->polarity.len > 0;
}

size_t rows_stance_count(const json_t *document)
{
    return json_array_size(json_object_get(document, "stances"));
}

size_t rows_entity_count(const json_t *document)
{
    return json_array_size(json_object_get(document, "entities"));
}

/* The name of entity "E3"; what is no entity's id stands for itself. */
static struct view find_name(const json_t *document, const json_t *id)
{
    size_t i;
    const json_t *entity;
    json_array_foreach(json_object_get(document, "entities"), i, entity) {
        if (json_equal(json_object_get(entity, "id"), id))
            return rows_text(entity, "name");
    }
    return name_of(id);
}

/* The code points [start, end) of the document's text. */
static struct view slice(const json_t *document, const json_t *span)
{
    struct view text = rows_text(document, "text");
    json_int_t start = json_integer_value(json_object_get(span, "start")), end = json_integer_value(json_object_get(span, "end"));
    size_t at = 0, from = 0;
    json_int_t count = 0;
    for (; count < end && at < text.len; count++) {
        if (count == start)
            from = at;
        utf8_next(text, &at);
    }
    return count > start && start >= 0 ? view_slice(text, from, at) : (struct view){0};
}

struct view rows_title(const json_t *document)
{
    struct view title = rows_text(document, "title");
    size_t i;
    const json_t *region;
    if (title.len > 0)
        return title;
    json_array_foreach(json_object_get(document, "regions"), i, region) {
        if (view_equal(rows_text(region, "kind"), view_of("title")))
            return slice(document, region);
    }
    struct view text = rows_text(document, "text");
    const char *end = text.len > 0 ? memchr(text.data, '\n', text.len) : NULL;
    return end != NULL ? view_slice(text, 0, (size_t)(end - text.data)) : text;
}

bool rows_document_stance(const json_t *document, size_t index, struct table_stance *stance)
{
    const json_t *given = json_array_get(json_object_get(document, "stances"), index);
    *stance = (struct table_stance){
        .source = find_name(document, json_object_get(given, "source")),
        .target = find_name(document, json_object_get(given, "target")),
        .polarity = rows_text(given, "polarity"),
        .evidence = slice(document, json_array_get(json_object_get(given, "evidence"), 0)),
        .confidence = number(given, "confidence"),
    };
    stance->is_topic = view_starts_with(rows_text(given, "target"), view_of("T:"));
    if (stance->is_topic)
        stance->target = view_slice(stance->target, 2, stance->target.len);
    return stance->source.len > 0 && stance->target.len > 0;
}
