#include "processor/ingest/article_protobuf.h"

#include "processor/ingest/dates.h"
#include "processor/ingest/unpack.h"
#include "processor/ingest/varint.h"
#include "schemas/article_wire.pb-c.h"

enum { MEMORY_TIMES = 8 }; /* an article takes a little over once its payload */
enum { FIELD_FIRST = 1, FIELD_TEXT = 8, FIELD_LAST = 9, WIRE_TYPE_BYTES = 2 };

static struct view view_of_bytes(ProtobufCBinaryData bytes)
{
    return (struct view){.data = (const char *)bytes.data, .len = bytes.len};
}

/* Where the fields at the start of `payload` stop being those of an Article in rising order. */
struct walk {
    unsigned field_count;   /* whole fields before that */
    bool has_text;          /* text or html among them */
    bool is_at_end;         /* they fill the payload */
    bool is_past_end;       /* the next field is longer than the rest */
    unsigned length_bytes;  /* of that field's length */
};

static struct walk walk_fields(struct view payload)
{
    struct walk walk = {0};
    uint64_t last = FIELD_FIRST;
    size_t position = 0;
    while (position < payload.len) {
        uint64_t tag, length;
        if (!varint_read(payload, &position, &tag) || (tag & 7U) != WIRE_TYPE_BYTES || tag >> 3 < last ||
            tag >> 3 > FIELD_LAST)
            return walk;
        size_t start = position;
        if (!varint_read(payload, &position, &length))
            return walk;
        if (length > payload.len - position) {
            walk.is_past_end = true;
            walk.length_bytes = (unsigned)(position - start);
            return walk;
        }
        last = tag >> 3;
        position += (size_t)length;
        walk.field_count++;
        walk.has_text |= last >= FIELD_TEXT;
    }
    walk.is_at_end = true;
    return walk;
}

bool article_protobuf_is_whole(struct view payload)
{
    struct walk walk = walk_fields(payload);
    return walk.is_at_end && walk.has_text;
}

/* A length of two bytes has one over 0x7F, which prose does not have behind a single letter or mark. */
bool article_protobuf_is_cut_short(struct view payload)
{
    struct walk walk = walk_fields(payload);
    return walk.field_count > 0 && walk.is_past_end && walk.length_bytes > 1;
}

bool article_protobuf_decode(struct view payload, struct arena *arena, struct article *article, struct view *html,
                             struct error *err)
{
    const Stanced__V1__ArticleWire *message = (const Stanced__V1__ArticleWire *)unpack_message(
        &stanced__v1__article_wire__descriptor, payload, MEMORY_TIMES, arena);
    if (!message)
        return error_set(err, ERROR_INPUT, "protobuf.syntax",
                         "not a Protobuf message stanced.v1.Article, or cut short, or of far too many fields");
    *article = (struct article){
        .id = view_of_bytes(message->id),
        .url = view_of_bytes(message->url),
        .title = view_of_bytes(message->title),
        .source = view_of_bytes(message->source),
        .published_at = dates_read(view_of_bytes(message->published_at), arena),
        .language = view_of_bytes(message->language),
        .text = view_of_bytes(message->text),
    };
    for (size_t i = 0; i < message->n_authors && article->author_count < ARTICLE_AUTHORS_MOST; i++)
        article->authors[article->author_count++] = view_of_bytes(message->authors[i]);
    *html = view_of_bytes(message->html);
    return true;
}
