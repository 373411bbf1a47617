/* Wikidata identifiers of names: a mention counts where its span and its identifier are those of the data set. Precision is
 * taken over mentions on the spans of the data set, for such sets leave many names out. */
#include "processor/commands/eval.h"

#include "processor/emit/positions.h"

#include <stdio.h>

struct score {
    const struct eval_rows *rows;
    size_t emitted;
    struct eval_counts counts; /* said: on spans of the data set */
};

static struct view gold_at(const json_t *row, uint32_t start, uint32_t end)
{
    const json_t *labels = json_object_get(row, "labels");
    struct view found = {0};
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *label = json_array_get(labels, i), *span = json_object_get(label, "span");
        if (json_integer_value(json_array_get(span, 0)) == start && json_integer_value(json_array_get(span, 1)) == end)
            found = eval_string(json_object_get(label, "entity_id"));
    }
    return found;
}

/* Spans with an identifier; where a span has two labels the last counts. */
static size_t count_gold(const json_t *row)
{
    const json_t *labels = json_object_get(row, "labels");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *span = json_object_get(json_array_get(labels, i), "span");
        bool is_last = true;
        for (size_t j = i + 1; j < json_array_size(labels); j++)
            is_last = is_last && !json_equal(span, json_object_get(json_array_get(labels, j), "span"));
        struct view id = eval_string(json_object_get(json_array_get(labels, i), "entity_id"));
        count += is_last && view_starts_with(id, view_of("Q"));
    }
    return count;
}

static void collect(void *context, size_t index, const struct findings *findings)
{
    struct score *score = context;
    const json_t *row = score->rows->items[index];
    score->counts.wanted += count_gold(row);
    if (!findings)
        return;
    struct arena *arena = arena_new(findings->text.len + 1024);
    struct positions positions = positions_of(findings->text, arena);
    for (size_t i = 0; i < findings->entity_count; i++)
        for (size_t j = 0; j < findings->entities[i].mention_count && findings->entities[i].wikidata.len > 0; j++) {
            const struct mention *mention = &findings->entities[i].mentions[j];
            if (mention->kind != MENTION_NAME)
                continue;
            struct view gold = gold_at(row, positions_find(&positions, mention->span.start), positions_find(&positions, mention->span.end));
            score->emitted++;
            score->counts.said += gold.len > 0;
            score->counts.right += view_equal(gold, findings->entities[i].wikidata);
        }
    arena_free(arena);
}

bool eval_linking(struct eval *eval, struct error *err)
{
    struct eval_rows rows;
    bool is_done = eval_read_rows(eval, eval->path, &rows, err);
    if (is_done) {
        struct score score = {.rows = &rows};
        is_done = eval_extract(eval, eval_texts(eval, &rows), rows.count, collect, &score, err);
        double precision = eval_precision(&score.counts), recall = eval_recall(&score.counts);
        if (is_done)
            printf("gold %zu emitted %zu on gold spans %zu right %zu  P %.1f R %.1f F1 %.1f\n", score.counts.wanted, score.emitted,
                   score.counts.said, score.counts.right, 100 * precision, 100 * recall,
                   100 * eval_share(2 * precision * recall, precision + recall));
    }
    eval_rows_free(&rows);
    return is_done;
}
