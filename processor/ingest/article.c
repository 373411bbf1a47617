#include "processor/ingest/article.h"

#include "processor/ingest/article_json.h"
#include "processor/ingest/article_protobuf.h"
#include "processor/ingest/dates.h"
#include "processor/ingest/frame.h"
#include "processor/ingest/schema.h"
#include "processor/text/utf8.h"

#include <openssl/evp.h>
#include <strings.h>

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The keys of CONTRACT first, then those of news-please, newspaper, trafilatura, Scrapy's and NewsAPI's users, schema.org
 * and feeds. */
const struct article_fields article_fields_default = {
    .text = NAMES("text", "body", "content", "maintext", "raw_content", "raw_text", "article_text", "articleBody", "article_body",
                  "full_text", "fulltext", "body_text", "article", "story"),
    .html = NAMES("html", "raw_html", "content_html", "body_html", "page"),
    .id = NAMES("id", "article_id", "articleId", "doc_id", "document_id", "uuid", "guid"),
    .url = NAMES("url", "link", "canonical_url", "web_url", "webUrl", "uri", "href"),
    .title = NAMES("title", "headline", "webTitle"),
    .source = NAMES("source", "source_name", "publisher", "publication", "outlet", "site", "site_name", "sitename",
                    "source_domain", "source-hostname", "hostname", "domain"),
    .published_at = NAMES("published_at", "publishedAt", "published", "date", "pubDate", "pub_date", "publish_date",
                          "date_publish", "datePublished", "date_published", "published_date", "publication_date",
                          "timestamp", "created_at"),
    .language = NAMES("language", "lang", "language_code", "inLanguage"),
    .authors = NAMES("authors", "author", "byline", "creator"),
};

const struct article_limits article_limits_default = {
    .payload_bytes = (size_t)16 * 1024 * 1024, .text_bytes = (size_t)4 * 1024 * 1024, .depth = 64, .values = 200000};

enum { HASH_BYTES = 32, HASH_ID_BYTES = 16, SNIFF_BYTES = 4096, CONTROLS_ONE_IN = 32 };

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF", REPLACEMENT[] = "\xEF\xBF\xBD";

/* What one decoding works with. `html` is read where the record has no text of its own. */
struct decoding {
    const struct schema *schema; /* NULL: none is known */
    const struct article_fields *fields;
    const struct article_limits *limits;
    struct arena *arena;
    struct article article;
    struct view html;
    struct error *err;
};

static struct view hash_id(struct view bytes, struct arena *arena)
{
    unsigned char hash[HASH_BYTES];
    unsigned hash_bytes = sizeof hash;
    EVP_Digest(bytes.len > 0 ? bytes.data : "", bytes.len, hash, &hash_bytes, EVP_sha256(), NULL);
    char *hex = arena_take(arena, 2 * HASH_ID_BYTES + 1);
    for (size_t i = 0; i < HASH_ID_BYTES; i++) {
        hex[2 * i] = "0123456789abcdef"[hash[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[hash[i] & 0xF];
    }
    hex[2 * HASH_ID_BYTES] = '\0';
    return (struct view){.data = hex, .len = 2 * HASH_ID_BYTES};
}

/* Valid UTF-8 without U+0000, which neither C strings nor Protobuf's C strings can hold. The number of code points stays. */
static struct view clean(struct view text, struct arena *arena)
{
    if (text.len == 0)
        return (struct view){0};
    text = utf8_repaired(text, arena);
    size_t nul_count = 0;
    for (const char *at = text.data, *end = at + text.len; (at = memchr(at, 0, (size_t)(end - at))); at++)
        nul_count++;
    if (nul_count == 0)
        return text;
    char *copy = arena_take(arena, text.len + nul_count * (sizeof REPLACEMENT - 2));
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != 0) {
            copy[len++] = text.data[i];
            continue;
        }
        memcpy(copy + len, REPLACEMENT, sizeof REPLACEMENT - 1);
        len += sizeof REPLACEMENT - 1;
    }
    return (struct view){.data = copy, .len = len};
}

static struct view without_mark(struct view text)
{
    return view_starts_with(text, view_of(BYTE_ORDER_MARK)) ? view_slice(text, sizeof BYTE_ORDER_MARK - 1, text.len) : text;
}

/* The first byte that is no white space of JSON, or 0. */
static char first_byte(struct view payload)
{
    payload = without_mark(payload);
    for (size_t i = 0; i < payload.len; i++)
        if (!strchr(" \t\r\n", payload.data[i]) || payload.data[i] == 0)
            return payload.data[i];
    return 0;
}

/* Archives, pictures and UTF-16 are full of control characters; text has none, or a stray one. */
static bool is_binary(struct view payload)
{
    size_t most = payload.len < SNIFF_BYTES ? payload.len : SNIFF_BYTES, controls = 0;
    for (size_t i = 0; i < most; i++) {
        unsigned char byte = (unsigned char)payload.data[i];
        controls += byte < 0x20 && !(byte >= '\t' && byte <= '\r') && byte != 0x1B;
    }
    return controls * CONTROLS_ONE_IN > most;
}

/* An opening bracket starts "[Update] ..." as well as an array of articles, which is somebody's mistake. */
static bool is_other_json(struct view payload, const struct article_limits *limits)
{
    return first_byte(payload) == '[' &&
           (!article_json_is_bounded(payload, limits, NULL) || article_json_is_other(without_mark(payload)));
}

static enum article_format sniff(struct view payload, const struct article_limits *limits)
{
    if (article_protobuf_is_whole(payload) || article_protobuf_is_cut_short(payload))
        return ARTICLE_PROTOBUF;
    if (first_byte(payload) == '{' || is_other_json(payload, limits))
        return ARTICLE_JSON;
    if (is_binary(payload))
        return ARTICLE_ANY;
    return html_is_likely(payload) ? ARTICLE_HTML : ARTICLE_PLAIN;
}

static bool decode_json(struct decoding *decoding, struct view payload)
{
    payload = without_mark(utf8_repaired(payload, decoding->arena));
    return article_json_is_bounded(payload, decoding->limits, decoding->err) &&
           article_json_decode(payload, decoding->fields, decoding->arena, &decoding->article, &decoding->html, decoding->err);
}

static bool decode_format(struct decoding *decoding, struct view payload, enum article_format format)
{
    switch (format) {
    case ARTICLE_JSON:
        return decode_json(decoding, payload);
    case ARTICLE_PROTOBUF:
        return article_protobuf_decode(payload, decoding->arena, &decoding->article, &decoding->html, decoding->err);
    case ARTICLE_HTML:
        decoding->html = payload;
        return true;
    case ARTICLE_PLAIN:
        decoding->article.text = arena_copy(decoding->arena, payload);
        return true;
    case ARTICLE_ANY:
        break;
    }
    return error_set(decoding->err, ERROR_INPUT, "payload.binary", "neither JSON, Protobuf, HTML nor text: full of control characters");
}

static bool decode_frame(struct decoding *decoding, struct view payload)
{
    struct frame frame;
    const struct schema *schema = decoding->schema;
    if (schema != NULL && schema->kind == SCHEMA_JSON && frame_has_id(payload, &frame))
        return decode_format(decoding, frame.message, ARTICLE_JSON);
    if (!frame_decode(payload, &frame, decoding->err))
        return false;
    if (schema != NULL)
        return schema_decode_protobuf(schema, frame.message, decoding->arena, &decoding->article, &decoding->html, decoding->err);
    return decode_format(decoding, frame.message, frame.is_json ? ARTICLE_JSON : ARTICLE_PROTOBUF);
}

static void clean_strings(struct article *article, struct arena *arena)
{
    struct view *strings[] = {&article->id, &article->url, &article->title, &article->source, &article->language, &article->text};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        *strings[i] = clean(*strings[i], arena);
    for (size_t i = 0; i < article->author_count; i++)
        article->authors[i] = clean(article->authors[i], arena);
}

/* What a page says of itself is cut out of attributes and scripts: checked here once more. */
static void use_if_missing(struct view *field, struct view value, struct arena *arena)
{
    if (field->len == 0)
        *field = clean(value, arena);
}

/* Fills the text, and what else the record itself does not say, from the page. */
static bool read_page(struct article *article, struct view html, struct arena *arena, struct error *err)
{
    struct html_page page;
    if (!html_read(clean(html, arena), arena, &page, err))
        return false;
    article->text = page.text;
    article->hints = page.hints;
    article->hint_count = page.hint_count;
    use_if_missing(&article->title, page.title, arena);
    use_if_missing(&article->url, page.url, arena);
    use_if_missing(&article->source, page.site, arena);
    use_if_missing(&article->language, page.language, arena);
    use_if_missing(&article->published_at, dates_read(page.published_at, arena), arena);
    if (article->author_count == 0 && page.author.len > 0)
        article->authors[article->author_count++] = clean(page.author, arena);
    return true;
}

static bool is_blank(struct view text)
{
    for (size_t position = 0; position < text.len;)
        if (!utf8_is_space(utf8_next(text, &position)))
            return false;
    return true;
}

static bool finish(struct decoding *decoding)
{
    struct article *article = &decoding->article;
    struct error *err = decoding->err;
    clean_strings(article, decoding->arena);
    if (article->text.len == 0 && decoding->html.len == 0)
        return error_set(err, ERROR_INPUT, "text.missing", "no text and no html");
    if (article->text.len == 0 && !read_page(article, decoding->html, decoding->arena, err))
        return false;
    if (article->text.len > decoding->limits->text_bytes)
        return error_set(err, ERROR_INPUT, "text.large", "text of %zu bytes, at most %zu are read", article->text.len,
                         decoding->limits->text_bytes);
    if (is_blank(article->text))
        return error_set(err, ERROR_INPUT, "text.blank", "the text is nothing but white space");
    if (article->id.len > ARTICLE_ID_BYTES_MOST)
        return error_set(err, ERROR_INPUT, "id.large", "id of %zu bytes, at most %d make a key", article->id.len,
                         ARTICLE_ID_BYTES_MOST);
    if (article->id.len == 0)
        article->id = hash_id(article->url.len > 0 ? article->url : article->text, decoding->arena);
    return true;
}

struct article_fields article_fields_of(const struct settings *settings)
{
    struct article_fields fields = article_fields_default;
#define X(member)                         \
    if (settings->fields_##member.count > 0) \
        fields.member = settings->fields_##member.items;
    X(text) X(html) X(id) X(url) X(title) X(source) X(published_at) X(language) X(authors)
#undef X
    return fields;
}

enum article_format article_format_of(struct view content_type)
{
    static const struct {
        const char *name;
        enum article_format format;
    } names[] = {
        {"json", ARTICLE_JSON},
        {"application/json", ARTICLE_JSON},
        {"protobuf", ARTICLE_PROTOBUF},
        {"application/protobuf", ARTICLE_PROTOBUF},
        {"application/x-protobuf", ARTICLE_PROTOBUF},
        {"application/vnd.google.protobuf", ARTICLE_PROTOBUF},
        {"html", ARTICLE_HTML},
        {"text/html", ARTICLE_HTML},
        {"application/xhtml+xml", ARTICLE_HTML},
        {"plain", ARTICLE_PLAIN},
        {"text", ARTICLE_PLAIN},
        {"text/plain", ARTICLE_PLAIN},
    };
    size_t len = 0;
    while (len < content_type.len && !strchr("; \t", content_type.data[len]))
        len++;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == len && strncasecmp(names[i].name, content_type.data, len) == 0)
            return names[i].format;
    return ARTICLE_ANY;
}

bool article_is_framed(struct view payload, enum article_format format)
{
    return (format == ARTICLE_ANY || format == ARTICLE_JSON || format == ARTICLE_PROTOBUF) && frame_is_likely(payload);
}

bool article_decode(struct view payload, enum article_format format, const struct schema *schema, const struct article_fields *fields,
                    const struct article_limits *limits, struct arena *arena, struct article *out, struct error *err)
{
    struct decoding decoding = {.schema = schema,
                                .fields = fields ? fields : &article_fields_default,
                                .limits = limits ? limits : &article_limits_default,
                                .arena = arena,
                                .err = err};
    if (payload.len == 0)
        return error_set(err, ERROR_INPUT, "payload.empty", "no bytes at all");
    if (payload.len > decoding.limits->payload_bytes)
        return error_set(err, ERROR_INPUT, "payload.large", "%zu bytes, at most %zu are read", payload.len,
                         decoding.limits->payload_bytes);
    if (article_is_framed(payload, format)) {
        if (!decode_frame(&decoding, payload))
            return false;
    } else if (!decode_format(&decoding, payload, format == ARTICLE_ANY ? sniff(payload, decoding.limits) : format)) {
        return false;
    }
    if (!finish(&decoding))
        return false;
    *out = decoding.article;
    return true;
}

struct view article_name(struct view payload, const struct article_fields *fields, const struct article_limits *limits,
                         struct arena *arena)
{
    fields = fields ? fields : &article_fields_default;
    limits = limits ? limits : &article_limits_default;
    struct view id = {0};
    if (first_byte(payload) == '{' && payload.len <= limits->payload_bytes)
        id = clean(article_json_id(without_mark(payload), fields, limits, arena), arena);
    return id.len > 0 && id.len <= ARTICLE_ID_BYTES_MOST ? id : hash_id(payload, arena);
}
