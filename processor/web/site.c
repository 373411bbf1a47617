#include "processor/web/site.h"

#include "processor/emit/decode.h"
#include "processor/emit/rows.h"
#include "processor/emit/writer.h"
#include "processor/runtime/clock.h"
#include "processor/text/utf8.h"
#include "processor/web/files.h"

#include <stdlib.h>

static const char as_json[] = "application/json; charset=utf-8";
static const char articles_path[] = "/api/articles/";

static struct http_answer found(struct view body, const char *type)
{
    return (struct http_answer){.status = HTTP_FOUND, .body = body, .type = type};
}

static struct view shortened(struct view text, size_t most)
{
    size_t position = 0;
    for (size_t i = 0; i < most && position < text.len; i++)
        utf8_next(text, &position);
    return (struct view){.data = text.data, .len = position};
}

static void put_stance(struct writer *writer, const struct row_stance *stance, size_t index)
{
    writer_open(writer, '{');
    writer_put_count(writer, "index", index);
    writer_put_string(writer, "source", stance->source);
    writer_put_string(writer, "target", stance->target);
    if (stance->is_topic)
        writer_put_count(writer, "is_topic", 1);
    writer_put_string(writer, "polarity", stance->polarity);
    writer_put_score(writer, "score", stance->score);
    writer_put_score(writer, "confidence", stance->confidence);
    writer_put_string(writer, "evidence", shortened(stance->evidence, SITE_EVIDENCE_MOST));
    writer_close(writer, '}');
}

static void put_article(struct writer *writer, const struct live_article *article)
{
    json_t *document = rows_load(article->document, RECORD_ENRICHED);
    size_t count = rows_stance_count(document);
    writer_open(writer, '{');
    writer_put_count(writer, "number", article->number);
    writer_put_count(writer, "at_ms", (uint64_t)article->at_ms);
    writer_put_string(writer, "id", rows_text(document, "id"));
    writer_put_string(writer, "title", shortened(rows_title(document), SITE_EVIDENCE_MOST));
    writer_field(writer, "source", rows_text(document, "source"));
    writer_put_count(writer, "stance_count", count);
    writer_put_list(writer, "stances");
    for (size_t i = 0; i < count && i < SITE_STANCES_MOST; i++) {
        struct row_stance stance;
        if (rows_document_stance(document, i, &stance))
            put_stance(writer, &stance, i);
    }
    writer_close(writer, ']');
    writer_close(writer, '}');
    json_decref(document);
}

static struct http_answer answer_articles(struct live *live, const struct http_request *request, struct arena *arena)
{
    const char *after = http_argument(request, "after");
    const struct live_article *articles[SITE_ARTICLES_MOST];
    size_t count = live_newest(live, after != NULL ? strtoull(after, NULL, 10) : 0, articles, SITE_ARTICLES_MOST);
    struct writer writer = writer_start(arena, 0);
    writer_open(&writer, '{');
    writer_put_count(&writer, "began_ms", (uint64_t)live_began_ms(live));
    writer_put_count(&writer, "now_ms", (uint64_t)clock_wall_ms());
    writer_put_list(&writer, "articles");
    for (size_t i = 0; i < count; i++) {
        put_article(&writer, articles[i]);
        live_release(live, articles[i]);
    }
    writer_close(&writer, ']');
    writer_close(&writer, '}');
    return found(writer_result(&writer), as_json);
}

static struct http_answer answer_article(struct live *live, const char *number, struct arena *arena)
{
    struct view json;
    struct error err = {0};
    const struct live_article *article = live_find(live, strtoull(number, NULL, 10));
    if (article == NULL)
        return (struct http_answer){.status = HTTP_GONE, .body = view_of("no longer kept\n"), .type = "text/plain"};
    if (decode_record(article->document, RECORD_ENRICHED, arena, &json, &err))
        json = arena_copy(arena, json);
    else
        json = view_of("{}");
    live_release(live, article);
    return found(json, as_json);
}

static struct http_answer answer_sides(struct live *live, const struct http_request *request, struct arena *arena)
{
    const char *actor = http_argument(request, "actor");
    struct sides_pair *pairs = arena_take(arena, SITE_PAIRS_MOST * sizeof *pairs);
    size_t left_out, count = live_sides(live, view_of(actor != NULL ? actor : ""), pairs, SITE_PAIRS_MOST, &left_out);
    struct writer writer = writer_start(arena, 0);
    writer_open(&writer, '{');
    writer_put_list(&writer, "pairs");
    for (size_t i = 0; i < count; i++) {
        writer_open(&writer, '{');
        writer_put_string(&writer, "source", view_of(pairs[i].source));
        writer_put_string(&writer, "target", view_of(pairs[i].target));
        for (int polarity = 0; polarity < SIDES_POLARITIES; polarity++)
            writer_put_count(&writer, stance_polarity_name((enum polarity)polarity), pairs[i].counts[polarity]);
        writer_close(&writer, '}');
    }
    writer_close(&writer, ']');
    writer_put_count(&writer, "left_out", left_out);
    writer_close(&writer, '}');
    return found(writer_result(&writer), as_json);
}

static bool answer(void *context, const struct http_request *request, struct arena *arena, struct http_answer *answer)
{
    struct live *live = context;
    struct file file;
    if (files_find(request->path, &file))
        *answer = found(file.text, file.type);
    else if (strcmp(request->path, "/api/articles") == 0)
        *answer = answer_articles(live, request, arena);
    else if (strncmp(request->path, articles_path, sizeof articles_path - 1) == 0)
        *answer = answer_article(live, request->path + sizeof articles_path - 1, arena);
    else if (strcmp(request->path, "/api/sides") == 0)
        *answer = answer_sides(live, request, arena);
    else if (strcmp(request->path, "/api/status") == 0)
        *answer = found(live_status(live, arena), as_json);
    else
        return false;
    return true;
}

struct http_pages site_pages(struct live *live)
{
    return (struct http_pages){.answer = answer, .context = live};
}
