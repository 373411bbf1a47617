/* Any bytes become an article of valid UTF-8, with an id, within the limits, or are refused as input with a code. */
#include "processor/ingest/article.h"
#include "processor/text/utf8.h"

#include <stdint.h>
#include <stdlib.h>

static const struct article_limits limits = {.payload_bytes = 1 << 20, .text_bytes = 1 << 19, .depth = 32, .values = 10000};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void require_text(struct view text)
{
    require(utf8_is_valid(text));
    require(text.len == 0 || memchr(text.data, 0, text.len) == NULL);
}

static void require_article(const struct article *article)
{
    require(article->id.len > 0 && article->id.len <= ARTICLE_ID_BYTES_MOST);
    require(article->text.len > 0 && article->text.len <= limits.text_bytes);
    require(article->published_at.len == 0 || article->published_at.len == strlen("2019-10-19T09:00:00Z"));
    const struct view texts[] = {article->id, article->url, article->title, article->source, article->language, article->text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        require_text(texts[i]);
    for (size_t i = 0; i < article->author_count; i++)
        require_text(article->authors[i]);
    for (size_t i = 0; i < article->hint_count; i++)
        require(article->hints[i].span.start <= article->hints[i].span.end && article->hints[i].span.end <= article->text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct view payload = {.data = (const char *)data, .len = size};
    for (int format = ARTICLE_ANY; format <= ARTICLE_PLAIN; format++) {
        struct article article;
        struct error err = {0};
        if (article_decode(payload, (enum article_format)format, NULL, NULL, &limits, arena, &article, &err))
            require_article(&article);
        else
            require(err.kind == ERROR_INPUT && *err.code && *err.text);
        arena_reset(arena);
    }
    struct view name = article_name(payload, NULL, &limits, arena);
    require(name.len > 0 && name.len <= ARTICLE_ID_BYTES_MOST);
    require_text(name);
    arena_free(arena);
    return 0;
}
