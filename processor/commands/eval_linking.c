/* Wikidata identifiers of names: a mention counts where its span and its identifier are those of the data set. Precision is
 * taken over mentions on the spans of the data set, for such sets leave many names out. The second row asks only for what can be
 * known: mentions whose identifier stands in the knowledge file. */
#include "processor/commands/eval.h"

#include "processor/emit/positions.h"
#include "processor/knowledge/knowledge.h"

#include <stdio.h>
#include <stdlib.h>

/* The numbers of all Wikidata identifiers of the knowledge file, sorted. */
struct held {
    uint32_t *numbers; /* [count] */
    size_t count;
};

struct score {
    const struct eval_rows *rows;
    struct held held;
    size_t emitted, nil; /* nil: said of mentions that have no item by the data set */
    struct eval_counts counts;  /* said: on spans of the data set */
    struct eval_counts covered; /* the same of mentions whose identifier is held */
};

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* 148 of "Q148"; 0 of anything else. */
static uint32_t number_of(struct view id)
{
    uint64_t number = 0;
    if (id.len < 2 || id.len > 11 || id.data[0] != 'Q')
        return 0;
    for (size_t i = 1; i < id.len; i++) {
        if (id.data[i] < '0' || id.data[i] > '9')
            return 0;
        number = number * 10 + (uint64_t)(id.data[i] - '0');
    }
    return number > UINT32_MAX ? 0 : (uint32_t)number;
}

static bool read_held(struct eval *eval, struct held *held, struct error *err)
{
    *held = (struct held){0};
    const char *path = eval->session.settings->knowledge;
    struct knowledge *knowledge = *path ? knowledge_open(path, err) : NULL;
    if (!knowledge)
        return !*path;
    held->numbers = arena_take_zeroed(eval->arena, knowledge_count(knowledge) + 1, sizeof *held->numbers);
    for (size_t i = 0; i < knowledge_count(knowledge); i++)
        held->numbers[held->count++] = number_of(view_of(knowledge_get(knowledge, (uint32_t)i).wikidata));
    qsort(held->numbers, held->count, sizeof *held->numbers, by_number);
    knowledge_close(knowledge);
    return true;
}

static bool is_held(const struct held *held, struct view id)
{
    uint32_t number = number_of(id);
    return number && bsearch(&number, held->numbers, held->count, sizeof number, by_number);
}

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
static void count_gold(struct score *score, const json_t *row)
{
    const json_t *labels = json_object_get(row, "labels");
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *span = json_object_get(json_array_get(labels, i), "span");
        bool is_last = true;
        for (size_t j = i + 1; j < json_array_size(labels); j++)
            is_last = is_last && !json_equal(span, json_object_get(json_array_get(labels, j), "span"));
        struct view id = eval_string(json_object_get(json_array_get(labels, i), "entity_id"));
        if (!is_last || !view_starts_with(id, view_of("Q")))
            continue;
        score->counts.wanted++;
        score->covered.wanted += is_held(&score->held, id);
    }
}

static void count_said(struct score *score, struct view gold, struct view said)
{
    bool is_right = view_equal(gold, said);
    score->emitted++;
    score->counts.said += gold.len > 0;
    score->counts.right += is_right;
    score->nil += gold.len > 0 && !view_starts_with(gold, view_of("Q"));
    if (!is_held(&score->held, gold))
        return;
    score->covered.said++;
    score->covered.right += is_right;
}

static void collect(void *context, size_t index, const struct findings *findings)
{
    struct score *score = context;
    const json_t *row = score->rows->items[index];
    count_gold(score, row);
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
            count_said(score, gold, findings->entities[i].wikidata);
        }
    arena_free(arena);
}

static void print_rates(const struct eval_counts *counts)
{
    printf("P %.1f R %.1f F1 %.1f\n", 100 * eval_precision(counts), 100 * eval_recall(counts), 100 * eval_f1(counts));
}

bool eval_linking(struct eval *eval, struct error *err)
{
    struct eval_rows rows;
    struct score score = {.rows = &rows};
    bool is_done = eval_read_rows(eval, eval->path, &rows, err) && read_held(eval, &score.held, err) &&
                   eval_extract(eval, eval_texts(eval, &rows), rows.count, collect, &score, err);
    if (is_done) {
        printf("all      gold %zu emitted %zu on gold spans %zu (%zu without an item) right %zu  ", score.counts.wanted, score.emitted,
               score.counts.said, score.nil, score.counts.right);
        print_rates(&score.counts);
        printf("covered  gold %zu (%.1f %%) on gold spans %zu right %zu  ", score.covered.wanted,
               100 * eval_share((double)score.covered.wanted, (double)score.counts.wanted), score.covered.said, score.covered.right);
        print_rates(&score.covered);
    }
    eval_rows_free(&rows);
    return is_done;
}
