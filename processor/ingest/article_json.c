#include "processor/ingest/article_json.h"

#include "processor/ingest/dates.h"
#include "processor/runtime/memory.h"
#include "processor/text/utf8.h"

#include <jansson.h>
#include <stdlib.h>

/* jansson 2.14 reports a failed allocation as a syntax error, which would dead-letter a good article. Before main(),
 * because the functions may only be set while no other thread uses jansson. */
__attribute__((constructor)) static void use_memory_that_is_never_null(void)
{
    json_set_alloc_funcs(memory_take, free);
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "an array";
    case JSON_STRING: return "a string";
    case JSON_INTEGER:
    case JSON_REAL: return "a number";
    case JSON_TRUE:
    case JSON_FALSE: return "true or false";
    case JSON_NULL: break;
    }
    return "null";
}

static struct view borrow_string(const json_t *string)
{
    return (struct view){.data = json_string_value(string), .len = json_string_length(string)};
}

static bool is_missing(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
}

/* The first of `names` that is there, not null and not "". */
static const json_t *find_field(const json_t *object, const char *const *names, const char **found)
{
    for (; *names; names++) {
        const json_t *value = json_object_get(object, *names);
        if (!is_missing(value)) {
            *found = *names;
            return value;
        }
    }
    return NULL;
}

/* A string, or the name of an object that has one ({"source": {"id": 7, "name": "Reuters"}}); else empty. */
static struct view read_name(const json_t *value, struct arena *arena)
{
    if (json_is_object(value))
        value = json_object_get(value, "name");
    return json_is_string(value) ? arena_copy(arena, borrow_string(value)) : (struct view){0};
}

static struct view read_optional(const json_t *object, const char *const *names, struct arena *arena)
{
    const char *found;
    const json_t *value = find_field(object, names, &found);
    return value ? read_name(value, arena) : (struct view){0};
}

static bool read_required_type(const json_t *object, const char *const *names, struct arena *arena, struct view *text,
                               struct error *err)
{
    const char *found;
    const json_t *value = find_field(object, names, &found);
    if (!value)
        return true;
    if (!json_is_string(value))
        return error_set(err, ERROR_INPUT, "json.type", "\"%s\" is %s, should be a string", found, type_name(value));
    *text = arena_copy(arena, borrow_string(value));
    return true;
}

static bool read_id(const json_t *object, const char *const *names, struct arena *arena, struct view *id, struct error *err)
{
    const char *found;
    const json_t *value = find_field(object, names, &found);
    if (!value)
        return true;
    if (json_is_integer(value))
        *id = arena_print(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_string(value))
        *id = arena_copy(arena, borrow_string(value));
    else
        return error_set(err, ERROR_INPUT, "json.type", "\"%s\" is %s, should be a string or an integer", found, type_name(value));
    return true;
}

/* A date that cannot be read does not cost the article: it is left out. */
static struct view read_date(const json_t *object, const char *const *names, struct arena *arena)
{
    const char *found;
    const json_t *value = find_field(object, names, &found);
    if (json_is_string(value))
        return dates_read(borrow_string(value), arena);
    if (json_is_integer(value))
        return dates_of_ms(json_integer_value(value), arena);
    if (json_is_real(value) && json_real_value(value) > -1e15 && json_real_value(value) < 1e15)
        return dates_of_ms((int64_t)json_real_value(value), arena);
    return (struct view){0};
}

static void add_author(struct article *article, struct view name)
{
    if (name.len > 0 && article->author_count < ARTICLE_AUTHORS_MOST)
        article->authors[article->author_count++] = name;
}

static void read_authors(const json_t *object, const char *const *names, struct arena *arena, struct article *article)
{
    const char *found;
    const json_t *value = find_field(object, names, &found);
    if (!json_is_array(value)) {
        if (value)
            add_author(article, read_name(value, arena));
        return;
    }
    for (size_t i = 0; i < json_array_size(value) && article->author_count < ARTICLE_AUTHORS_MOST; i++)
        add_author(article, read_name(json_array_get(value, i), arena));
}

static json_t *parse(struct view payload, struct error *err)
{
    json_error_t why;
    json_t *root = json_loadb(payload.data, payload.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &why);
    if (!root)
        error_set(err, ERROR_INPUT, "json.syntax", "not JSON: line %d, column %d: %s", why.line, why.column, why.text);
    return root;
}

bool article_json_is_bounded(struct view payload, const struct article_limits *limits, struct error *err)
{
    size_t depth = 0, values = 1;
    bool in_string = false;
    for (size_t i = 0; i < payload.len; i++) {
        char byte = payload.data[i];
        if (in_string) {
            if (byte == '\\')
                i++;
            else if (byte == '"')
                in_string = false;
        } else if (byte == '"') {
            in_string = true;
        } else if (byte == '{' || byte == '[') {
            if (++depth > limits->depth)
                return error_set(err, ERROR_INPUT, "json.depth", "JSON nested deeper than %zu", limits->depth);
            values++;
        } else if (byte == '}' || byte == ']') {
            depth -= depth > 0;
        } else if (byte == ',') {
            values++;
        }
    }
    if (values > limits->values)
        return error_set(err, ERROR_INPUT, "json.large", "JSON of %zu values, at most %zu are read", values, limits->values);
    return true;
}

bool article_json_is_other(struct view payload)
{
    json_auto_t *root = parse(payload, NULL);
    return root && !json_is_object(root);
}

bool article_json_decode(struct view payload, const struct article_fields *fields, struct arena *arena,
                         struct article *article, struct view *html, struct error *err)
{
    json_auto_t *root = parse(payload, err);
    if (!root)
        return false;
    if (!json_is_object(root))
        return error_set(err, ERROR_INPUT, "json.type", "Expected object, found %s", type_name(root));
    struct article result = {0};
    struct view page = {0};
    if (!read_id(root, fields->id, arena, &result.id, err) ||
        !read_required_type(root, fields->text, arena, &result.text, err) ||
        !read_required_type(root, fields->html, arena, &page, err))
        return false;
    result.url = read_optional(root, fields->url, arena);
    result.title = read_optional(root, fields->title, arena);
    result.source = read_optional(root, fields->source, arena);
    result.language = read_optional(root, fields->language, arena);
    result.published_at = read_date(root, fields->published_at, arena);
    read_authors(root, fields->authors, arena, &result);
    *article = result;
    *html = page;
    return true;
}

struct view article_json_id(struct view payload, const struct article_fields *fields, const struct article_limits *limits,
                            struct arena *arena)
{
    struct view id = {0};
    payload = utf8_repaired(payload, arena);
    if (!article_json_is_bounded(payload, limits, NULL))
        return id;
    json_auto_t *root = parse(payload, NULL);
    if (json_is_object(root))
        read_id(root, fields->id, arena, &id, NULL);
    return id;
}
