#include "processor/web/page.h"

#include "processor/emit/writer.h"
#include "processor/web/files.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

static const char *const scripts[] = {"/graph.js", "/article.js"};

static struct view text_of(const char *path)
{
    struct file file = {0};
    files_find(path, &file);
    return file.text;
}

static void put(struct writer *writer, const char *html)
{
    writer_bytes(writer, view_of(html));
}

static void put_hash(struct writer *writer, struct view text)
{
    unsigned char digest[SHA256_DIGEST_LENGTH], base64[4 * (SHA256_DIGEST_LENGTH + 2) / 3 + 1];
    SHA256((const unsigned char *)text.data, text.len, digest);
    EVP_EncodeBlock(base64, digest, sizeof digest);
    put(writer, " 'sha256-");
    put(writer, (const char *)base64);
    put(writer, "'");
}

static void put_element(struct writer *writer, const char *tag, struct view text)
{
    put(writer, "<");
    put(writer, tag);
    put(writer, ">");
    writer_bytes(writer, text);
    put(writer, "</");
    put(writer, tag);
    put(writer, ">\n");
}

struct view page_start(struct arena *arena)
{
    struct writer writer = writer_start(arena, 0);
    put(&writer, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src");
    put_hash(&writer, text_of("/page.css"));
    put(&writer, "; script-src");
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        put_hash(&writer, text_of(scripts[i]));
    put(&writer, "; require-trusted-types-for 'script'\">\n<title>stanced</title>\n");
    put_element(&writer, "style", text_of("/page.css"));
    put(&writer, "</head>\n<body>\n<noscript>The scripts in this file draw its articles; they are switched off.</noscript>\n"
                 "<main class=\"articles\"></main>\n");
    return writer_result(&writer);
}

struct view page_end(struct arena *arena)
{
    struct writer writer = writer_start(arena, 0);
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        put_element(&writer, "script", text_of(scripts[i]));
    put(&writer, "</body>\n</html>\n");
    return writer_result(&writer);
}

/* A `<` stands in JSON within strings alone, and with it gone no text can end the element. */
struct view page_record(struct view json, struct arena *arena)
{
    struct writer writer = writer_start(arena, json.len + 128);
    size_t from = 0;
    put(&writer, "<script type=\"application/json\" class=\"record\">");
    for (size_t i = 0; i < json.len; i++) {
        if (json.data[i] != '<')
            continue;
        writer_bytes(&writer, view_slice(json, from, i));
        put(&writer, "\\u003c");
        from = i + 1;
    }
    writer_bytes(&writer, view_slice(json, from, json.len));
    put(&writer, "</script>");
    return writer_result(&writer);
}
