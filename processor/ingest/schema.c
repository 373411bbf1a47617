#include "processor/ingest/schema.h"

#include "processor/ingest/dates.h"
#include "processor/ingest/varint.h"

#include <stdlib.h>

enum { NUMBER_MOST = 536870911 };
enum { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_GROUP, WIRE_GROUP_END, WIRE_FIXED32 };

/* The next token of a .proto file. */
struct token {
    char kind;        /* 'w' a word or number, 's' a string, 0 the end, else the mark itself */
    struct view text; /* of a word */
};

struct reading {
    struct view text;
    size_t position;
    struct token token; /* the one in hand */
};

static bool is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '.';
}

static void skip_space(struct reading *reading)
{
    const char *text = reading->text.data;
    size_t at = reading->position, len = reading->text.len;
    while (at < len) {
        if (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r')) {
            at++;
        } else if (text[at] == '/' && at + 1 < len && text[at + 1] == '/') {
            while (at < len && text[at] != '\n')
                at++;
        } else if (text[at] == '/' && at + 1 < len && text[at + 1] == '*') {
            for (at += 2; at < len && !(text[at] == '/' && text[at - 1] == '*'); at++)
                ;
            at += at < len;
        } else {
            break;
        }
    }
    reading->position = at;
}

static void next(struct reading *reading)
{
    skip_space(reading);
    const char *text = reading->text.data;
    size_t at = reading->position, len = reading->text.len, start = at;
    reading->token = (struct token){0};
    if (at == len)
        return;
    char first = text[at++];
    if (is_word(first)) {
        while (at < len && is_word(text[at]))
            at++;
        reading->token = (struct token){.kind = 'w', .text = view_slice(reading->text, start, at)};
    } else if (first == '"' || first == '\'') {
        while (at < len && text[at] != first)
            at += text[at] == '\\' && at + 1 < len ? 2 : 1;
        at += at < len;
        reading->token.kind = 's';
    } else {
        reading->token.kind = first;
    }
    reading->position = at;
}

static bool is(const struct reading *reading, const char *word)
{
    return reading->token.kind == 'w' && view_equal(reading->token.text, view_of(word));
}

static bool is_any(const struct reading *reading, const char *const *words)
{
    while (*words != NULL && !is(reading, *words))
        words++;
    return *words != NULL;
}

/* Behind the `}` that closes what the next `{` opens, or behind a `;` outside of any. False: the file ends first. */
static bool skip_statement(struct reading *reading)
{
    for (size_t depth = 0; reading->token.kind != 0;) {
        char kind = reading->token.kind;
        depth += kind == '{';
        bool is_end = kind == '}' && depth == 1;
        depth -= kind == '}' && depth > 0;
        next(reading);
        if (is_end || (kind == ';' && depth == 0))
            return true;
    }
    return false;
}

/* As skip_statement(), but an aggregate in braces belongs to the statement, which ends with its `;`. */
static bool skip_option(struct reading *reading)
{
    for (size_t depth = 0; reading->token.kind != 0;) {
        char kind = reading->token.kind;
        depth += kind == '{';
        depth -= kind == '}' && depth > 0;
        next(reading);
        if (kind == ';' && depth == 0)
            return true;
    }
    return false;
}

static bool find_type(struct view name, enum schema_type *type)
{
    static const struct {
        const char *name;
        enum schema_type type;
    } types[] = {
        {"string", SCHEMA_STRING},    {"bytes", SCHEMA_STRING},   {"int32", SCHEMA_VARINT},   {"int64", SCHEMA_VARINT},
        {"uint32", SCHEMA_VARINT},    {"uint64", SCHEMA_VARINT},  {"sint32", SCHEMA_ZIGZAG},  {"sint64", SCHEMA_ZIGZAG},
        {"fixed64", SCHEMA_FIXED},    {"sfixed64", SCHEMA_FIXED}, {"google.protobuf.StringValue", SCHEMA_WRAPPED},
        {"google.protobuf.Timestamp", SCHEMA_TIMESTAMP},
    };
    if (name.len > 0 && name.data[0] == '.')
        name = view_slice(name, 1, name.len);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (view_equal(name, view_of(types[i].name))) {
            *type = types[i].type;
            return true;
        }
    return false;
}

static bool fits(enum schema_slot slot, enum schema_type type)
{
    if (type == SCHEMA_STRING || type == SCHEMA_WRAPPED)
        return true;
    return slot == SCHEMA_PUBLISHED_AT || (slot == SCHEMA_ID && type != SCHEMA_TIMESTAMP);
}

/* Keeps the field, where its name and type mean something. */
static void keep(struct schema *schema, const struct article_fields *fields, struct view type_name, struct view name, uint32_t number)
{
    const char *const *const names[SCHEMA_SLOT_COUNT] = {fields->text,   fields->html,         fields->id,       fields->url,    fields->title,
                                                         fields->source, fields->published_at, fields->language, fields->authors};
    enum schema_type type;
    if (!find_type(type_name, &type))
        return;
    for (uint8_t slot = 0; slot < SCHEMA_SLOT_COUNT; slot++) {
        uint8_t rank = 0;
        while (names[slot][rank] != NULL && rank < UINT8_MAX && !view_equal(view_of(names[slot][rank]), name))
            rank++;
        if (names[slot][rank] == NULL || rank == UINT8_MAX || !fits(slot, type) || schema->field_count == SCHEMA_FIELDS_MOST)
            continue;
        schema->fields[schema->field_count++] = (struct schema_field){.number = number, .slot = slot, .type = (uint8_t)type, .rank = rank};
    }
}

static uint32_t number_of(struct view text)
{
    char digits[16];
    char *end;
    if (text.len == 0 || text.len >= sizeof digits)
        return 0;
    memcpy(digits, text.data, text.len);
    digits[text.len] = '\0';
    unsigned long number = strtoul(digits, &end, 0);
    return *end == '\0' && number <= NUMBER_MOST ? (uint32_t)number : 0;
}

/* [optional|required|repeated] TYPE NAME = NUMBER ... ; or a group, which is also a message. */
static bool read_field(struct reading *reading, const struct article_fields *fields, struct schema *schema, bool *is_group)
{
    static const char *const labels[] = {"optional", "required", "repeated", NULL};
    if (is_any(reading, labels))
        next(reading);
    struct view type = reading->token.text, name;
    bool is_type = reading->token.kind == 'w';
    *is_group = is(reading, "group");
    next(reading);
    if (is_type && view_equal(type, view_of("map")) && reading->token.kind == '<')
        return skip_option(reading);
    name = reading->token.text;
    bool is_name = reading->token.kind == 'w';
    next(reading);
    bool is_equal = reading->token.kind == '=';
    next(reading);
    uint32_t number = reading->token.kind == 'w' ? number_of(reading->token.text) : 0;
    if (!is_type || !is_name || !is_equal || number == 0)
        return false;
    if (schema != NULL && !*is_group)
        keep(schema, fields, type, name, number);
    return *is_group ? skip_statement(reading) : skip_option(reading);
}

/* The walk to the message: `depth` of the path's indexes are gone, `left` messages are still to pass at this level. */
struct walk {
    const uint32_t *path;
    size_t count, depth;
    uint32_t left;
};

/* True: the message in hand is on the way, and its body comes next. */
static bool enters(struct walk *walk)
{
    if (walk->depth == walk->count)
        return false;
    if (walk->left > 0) {
        walk->left--;
        return false;
    }
    walk->depth++;
    walk->left = walk->depth < walk->count ? walk->path[walk->depth] : 0;
    return true;
}

/* One statement of a message's body; `schema` is NULL until the body is that of the message looked for. */
static bool read_statement(struct reading *reading, struct walk *walk, const struct article_fields *fields, struct schema *schema)
{
    static const char *const blocks[] = {"enum", "extend", "service", NULL};
    static const char *const lines[] = {"option", "reserved", "extensions", "syntax", "edition", "import", "package", NULL};
    static const char *const scopes[] = {"export", "local", NULL};
    bool is_group = false;
    if (is_any(reading, scopes))
        next(reading);
    if (is(reading, "message")) {
        if (!enters(walk))
            return skip_statement(reading);
        while (reading->token.kind != '{' && reading->token.kind != 0)
            next(reading);
        next(reading);
        return true;
    }
    if (is_any(reading, blocks))
        return skip_statement(reading);
    if (is_any(reading, lines))
        return skip_option(reading);
    if (walk->depth == 0)
        return false;
    if (!read_field(reading, fields, schema, &is_group))
        return false;
    return !is_group || !enters(walk); /* a group is no message of its own */
}

static bool say_no_message(struct error *err)
{
    return error_set(err, ERROR_INPUT, "schema.message", "the schema has no message at the place that the record names");
}

bool schema_read_proto(struct view text, const uint32_t *path, size_t path_count, const struct article_fields *fields,
                       struct schema *out, struct error *err)
{
    struct reading reading = {.text = text};
    struct walk walk = {.path = path, .count = path_count, .left = path_count > 0 ? path[0] : 0};
    struct schema result = {.kind = SCHEMA_PROTOBUF};
    size_t oneofs = 0;
    if (path_count == 0)
        return say_no_message(err);
    for (next(&reading); reading.token.kind != 0;) {
        bool is_there = walk.depth == path_count;
        if (reading.token.kind == '}' && oneofs == 0)
            break; /* of the message that was entered last: the one looked for ends, or it holds none such */
        if (reading.token.kind == ';' || reading.token.kind == '}') {
            oneofs -= reading.token.kind == '}';
            next(&reading);
        } else if (walk.depth > 0 && is(&reading, "oneof")) {
            next(&reading);
            next(&reading);
            if (reading.token.kind != '{')
                break;
            oneofs++;
            next(&reading);
        } else if (!read_statement(&reading, &walk, fields, is_there ? &result : NULL)) {
            return error_set(err, ERROR_INPUT, "schema.syntax", "the schema is no .proto file that can be read");
        }
    }
    if (walk.depth < path_count)
        return say_no_message(err);
    if (reading.token.kind != '}')
        return error_set(err, ERROR_INPUT, "schema.syntax", "the schema is no .proto file that can be read");
    bool has_text = false;
    for (size_t i = 0; i < result.field_count; i++)
        has_text |= result.fields[i].slot == SCHEMA_TEXT || result.fields[i].slot == SCHEMA_HTML;
    if (!has_text)
        return error_set(err, ERROR_INPUT, "schema.message", "the schema's message has no field for text or html (settings fields.text, fields.html)");
    *out = result;
    return true;
}

/* One field on the wire. */
struct wire {
    uint32_t number;
    unsigned type;
    uint64_t value; /* of numbers */
    struct view bytes;
};

static bool read_wire(struct view payload, size_t *position, struct wire *wire)
{
    uint64_t tag;
    if (!varint_read(payload, position, &tag) || tag >> 3 == 0 || tag >> 3 > NUMBER_MOST)
        return false;
    *wire = (struct wire){.number = (uint32_t)(tag >> 3), .type = (unsigned)(tag & 7)};
    size_t left = payload.len - *position, width = wire->type == WIRE_FIXED64 ? 8 : 4;
    switch (wire->type) {
    case WIRE_VARINT:
        return varint_read(payload, position, &wire->value);
    case WIRE_BYTES:
        if (!varint_read(payload, position, &wire->value) || wire->value > payload.len - *position)
            return false;
        wire->bytes = view_slice(payload, *position, *position + (size_t)wire->value);
        *position += (size_t)wire->value;
        return true;
    case WIRE_FIXED64:
    case WIRE_FIXED32:
        if (left < width)
            return false;
        for (size_t i = width; i-- > 0;)
            wire->value = wire->value << 8 | (unsigned char)payload.data[*position + i];
        *position += width;
        return true;
    case WIRE_GROUP:
    case WIRE_GROUP_END:
        return true;
    default:
        return false;
    }
}

/* Field 1 of the small message in `bytes`, which is all that wrappers and timestamps have of use. */
static bool read_inner(struct view bytes, unsigned type, struct wire *inner)
{
    size_t position = 0;
    bool is_found = false;
    struct wire wire;
    while (position < bytes.len && read_wire(bytes, &position, &wire))
        if (wire.number == 1 && wire.type == type) {
            *inner = wire;
            is_found = true;
        }
    return is_found;
}

/* What a field says: text, still in the payload, or a number, or nothing. */
struct value {
    enum { VALUE_NONE, VALUE_TEXT, VALUE_NUMBER } kind;
    struct view text;
    int64_t number;
};

static struct value text_value(struct view text)
{
    return (struct value){.kind = text.len > 0 ? VALUE_TEXT : VALUE_NONE, .text = text};
}

/* Nothing too where the wire has another type than the schema: Protobuf's readers pass such a field over. */
static struct value read_value(const struct schema_field *field, const struct wire *wire)
{
    static const unsigned wire_types[] = {[SCHEMA_STRING] = WIRE_BYTES, [SCHEMA_VARINT] = WIRE_VARINT,  [SCHEMA_ZIGZAG] = WIRE_VARINT,
                                          [SCHEMA_FIXED] = WIRE_FIXED64, [SCHEMA_WRAPPED] = WIRE_BYTES, [SCHEMA_TIMESTAMP] = WIRE_BYTES};
    struct wire inner = {0};
    struct value value = {.kind = VALUE_NONE};
    if (wire->type != wire_types[field->type])
        return value;
    if (field->type == SCHEMA_STRING)
        return text_value(wire->bytes);
    if (field->type == SCHEMA_WRAPPED)
        return read_inner(wire->bytes, WIRE_BYTES, &inner) ? text_value(inner.bytes) : value;
    if (field->type == SCHEMA_TIMESTAMP)
        read_inner(wire->bytes, WIRE_VARINT, &inner);
    uint64_t raw = field->type == SCHEMA_TIMESTAMP ? inner.value : wire->value;
    value.number = field->type == SCHEMA_ZIGZAG ? (int64_t)(raw >> 1 ^ -(raw & 1)) : (int64_t)raw;
    if (field->type == SCHEMA_TIMESTAMP && __builtin_mul_overflow(value.number, 1000, &value.number))
        return value;
    value.kind = VALUE_NUMBER;
    return value;
}

/* What was found so far. */
struct finds {
    struct value values[SCHEMA_SLOT_COUNT];
    unsigned ranks[SCHEMA_SLOT_COUNT];
    struct view authors[ARTICLE_AUTHORS_MOST];
    size_t author_count;
};

static void take(struct finds *finds, const struct schema_field *field, struct value value)
{
    if (value.kind == VALUE_NONE || field->rank > finds->ranks[field->slot])
        return;
    if (field->slot == SCHEMA_AUTHORS) {
        if (field->rank < finds->ranks[SCHEMA_AUTHORS])
            finds->author_count = 0;
        if (finds->author_count < ARTICLE_AUTHORS_MOST)
            finds->authors[finds->author_count++] = value.text;
    }
    finds->values[field->slot] = value;
    finds->ranks[field->slot] = field->rank;
}

static bool find_values(const struct schema *schema, struct view payload, struct finds *finds)
{
    struct wire wire;
    size_t groups = 0;
    for (size_t position = 0; position < payload.len;) {
        if (!read_wire(payload, &position, &wire) || (wire.type == WIRE_GROUP_END && groups == 0))
            return false;
        groups += wire.type == WIRE_GROUP;
        groups -= wire.type == WIRE_GROUP_END;
        for (size_t i = 0; i < schema->field_count && groups == 0; i++)
            if (schema->fields[i].number == wire.number)
                take(finds, &schema->fields[i], read_value(&schema->fields[i], &wire));
    }
    return groups == 0;
}

bool schema_decode_protobuf(const struct schema *schema, struct view payload, struct arena *arena, struct article *article,
                            struct view *html, struct error *err)
{
    struct finds finds = {.author_count = 0};
    for (size_t i = 0; i < SCHEMA_SLOT_COUNT; i++)
        finds.ranks[i] = UINT8_MAX;
    if (!find_values(schema, payload, &finds))
        return error_set(err, ERROR_INPUT, "protobuf.syntax", "not a Protobuf message, or cut short");
    const struct value *id = &finds.values[SCHEMA_ID], *date = &finds.values[SCHEMA_PUBLISHED_AT];
    *article = (struct article){
        .id = id->kind == VALUE_NUMBER ? arena_print(arena, "%lld", (long long)id->number) : arena_copy(arena, id->text),
        .url = arena_copy(arena, finds.values[SCHEMA_URL].text),
        .title = arena_copy(arena, finds.values[SCHEMA_TITLE].text),
        .source = arena_copy(arena, finds.values[SCHEMA_SOURCE].text),
        .language = arena_copy(arena, finds.values[SCHEMA_LANGUAGE].text),
        .published_at = date->kind == VALUE_NUMBER ? dates_of_ms(date->number, arena) : dates_read(date->text, arena),
        .text = arena_copy(arena, finds.values[SCHEMA_TEXT].text),
    };
    for (size_t i = 0; i < finds.author_count; i++)
        article->authors[article->author_count++] = arena_copy(arena, finds.authors[i]);
    *html = arena_copy(arena, finds.values[SCHEMA_HTML].text);
    return true;
}
