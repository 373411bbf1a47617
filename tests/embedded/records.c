/* Prints every record that articles give, one JSON a line, as they would go to the topics: JSON Lines of articles on stdin.
 * For tests/validate.py. */
#include "processor/commands/reader.h"
#include "processor/commands/session.h"
#include "processor/emit/encode.h"

#include <stdio.h>

static bool print_records(const struct session *session, struct extractor_scratch *scratch, struct view payload, struct arena *arena,
                          struct error *err)
{
    struct article article;
    struct findings findings;
    if (!article_decode(payload, ARTICLE_JSON, NULL, NULL, NULL, arena, &article, err))
        return false;
    struct extractor_input input = {.text = article.text, .title = article.title};
    if (!extractor_run(session->extractor, scratch, &input, arena, &findings, err))
        return false;
    struct records records =
        encode_article(&article, &findings, extractor_model_name(session->extractor), ENCODE_JSON, arena);
    for (size_t i = 0; i < records.count; i++)
        printf("%.*s\n", (int)records.items[i].value.len, records.items[i].value.data);
    return true;
}

int main(void)
{
    struct session session;
    struct options options = {0};
    struct error err = {0};
    if (!session_open(&session, &options, false, &err))
        return session_complain("records", &err);
    struct extractor_scratch *scratch = extractor_scratch_new(session.extractor);
    struct reader *reader = reader_open("-", READER_LINES, session.limits.payload_bytes);
    struct arena *arena = arena_new(1 << 16);
    struct reader_record record;
    bool is_fine = true;
    while (is_fine && reader_next(reader, &record, &err)) {
        arena_reset(arena);
        is_fine = err.kind == ERROR_NONE && print_records(&session, scratch, record.payload, arena, &err);
    }
    arena_free(arena);
    reader_close(reader);
    extractor_scratch_free(scratch);
    session_close(&session);
    return is_fine ? 0 : session_complain("records", &err);
}
