/* What a schema of the registry says of an article's bytes: whether it is JSON or Protobuf, and for Protobuf which field is which.
 *
 * The message may be anybody's: its fields are known by their names, like the keys of JSON (`fields.*`), so that a
 * schema that gains, moves or renames fields is read by its own numbers. Of the .proto file's text only that is read. */
#pragma once

#include "processor/ingest/article.h"
#include "processor/ingest/frame.h"

enum schema_kind { SCHEMA_JSON, SCHEMA_PROTOBUF };

enum schema_slot {
    SCHEMA_TEXT,
    SCHEMA_HTML,
    SCHEMA_ID,
    SCHEMA_URL,
    SCHEMA_TITLE,
    SCHEMA_SOURCE,
    SCHEMA_PUBLISHED_AT,
    SCHEMA_LANGUAGE,
    SCHEMA_AUTHORS,
    SCHEMA_SLOT_COUNT
};

enum schema_type {
    SCHEMA_STRING,    /* string, bytes */
    SCHEMA_VARINT,    /* int32 to uint64 */
    SCHEMA_ZIGZAG,    /* sint32, sint64 */
    SCHEMA_FIXED,     /* fixed64, sfixed64 */
    SCHEMA_WRAPPED,   /* google.protobuf.StringValue */
    SCHEMA_TIMESTAMP, /* google.protobuf.Timestamp */
};

enum { SCHEMA_FIELDS_MOST = 48, SCHEMA_TEXT_BYTES_MOST = 512 * 1024 };

struct schema_field {
    uint32_t number;
    uint8_t slot, type; /* enum schema_slot, enum schema_type */
    uint8_t rank;       /* of its name among those of the slot: the lowest that is there wins */
};

/* Plain data. */
struct schema {
    enum schema_kind kind;
    size_t field_count;
    struct schema_field fields[SCHEMA_FIELDS_MOST]; /* [field_count] that mean something; Protobuf only */
};

/* Reads the message at `path` [path_count] of the .proto file in `text`: the first index counts messages of the file, each
 * further one those in the message before.
 *   out  written on success only
 *   err  ERROR_INPUT "schema.syntax": not a .proto file; "schema.message": no message at that path, or it has
 *        neither text nor html by any known name
 * Thread: any. */
bool schema_read_proto(struct view text, const uint32_t *path, size_t path_count, const struct article_fields *fields,
                       struct schema *out, struct error *err);

/* Reads a Protobuf message by its schema. Fields that mean nothing are passed over, groups too. As article_json_decode() for
 * the results; err: ERROR_INPUT "protobuf.syntax". Thread: any. */
bool schema_decode_protobuf(const struct schema *schema, struct view payload, struct arena *arena, struct article *article,
                            struct view *html, struct error *err);
