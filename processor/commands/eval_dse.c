/* Directed stance between two given entities (Park et al. 2021): micro and macro F1 over five classes. */
#include "processor/commands/eval.h"

#include "processor/runtime/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { NEUTRAL, A_FOR_B, B_FOR_A, A_AGAINST_B, B_AGAINST_A, CLASS_COUNT };

struct row {
    struct view key; /* sentence and entities: what makes rows of two files the same */
    int label;
    bool is_in_train;
};

/* sentence TAB e1 TAB e2 TAB label; the sentence may have tabs too. */
static bool split_row(struct view line, struct view *sentence, struct row *row)
{
    size_t tabs[3], end = line.len;
    for (size_t i = 3; i-- > 0;) {
        while (end > 0 && line.data[end - 1] != '\t')
            end--;
        if (end == 0)
            return false;
        tabs[i] = --end;
    }
    struct view label = view_slice(line, tabs[2] + 1, line.len);
    *sentence = view_slice(line, 0, tabs[0]);
    row->key = view_slice(line, 0, tabs[2]);
    row->label = label.len > 0 ? label.data[0] - '0' : -1;
    return row->label >= 0 && row->label < CLASS_COUNT;
}

/* Takes the brackets out; what stood in the first two pairs are the entities. */
static void read_sentence(struct eval *eval, struct view sentence, struct eval_question *there, struct eval_question *back)
{
    char *text = arena_take(eval->arena, sentence.len + 1);
    struct span spans[2] = {0};
    size_t len = 0, start = 0, span_count = 0;
    bool is_open = false;
    for (size_t i = 0; i < sentence.len; i++) {
        if (sentence.data[i] == '[') {
            start = len;
            is_open = true;
        } else if (sentence.data[i] == ']' && is_open) {
            if (span_count < 2)
                spans[span_count++] = (struct span){(uint32_t)start, (uint32_t)len};
            is_open = false;
        } else {
            text[len++] = sentence.data[i];
        }
    }
    struct view whole = {.data = text, .len = len};
    *there = (struct eval_question){.text = whole, .has_source = true, .source = spans[0], .target = spans[1]};
    *back = (struct eval_question){.text = whole, .has_source = true, .source = spans[1], .target = spans[0]};
}

static int answer_of(const struct eval_question *there, const struct eval_question *back)
{
    double p[CLASS_COUNT] = {0, there->favour, back->favour, there->against, back->against};
    p[NEUTRAL] = 1 - p[1] - p[2] - p[3] - p[4];
    int best = 0;
    for (int i = 1; i < CLASS_COUNT; i++)
        if (p[i] > p[best])
            best = i;
    return best;
}

static int without_direction(int label)
{
    return label == NEUTRAL ? 0 : label == A_FOR_B || label == B_FOR_A ? 1 : 2;
}

static void print_figures(const char *name, const int *gold, const int *said, size_t count)
{
    double f1[CLASS_COUNT], sum = 0, sum_of_three = 0;
    size_t right = 0;
    int *gold_of_three = memory_new(count + 1, sizeof(int)), *said_of_three = memory_new(count + 1, sizeof(int));
    for (size_t i = 0; i < count; i++) {
        right += gold[i] == said[i];
        gold_of_three[i] = without_direction(gold[i]);
        said_of_three[i] = without_direction(said[i]);
    }
    for (int i = 0; i < CLASS_COUNT; i++)
        sum += f1[i] = eval_class_f1(gold, said, count, i);
    for (int i = 0; i < 3; i++)
        sum_of_three += eval_class_f1(gold_of_three, said_of_three, count, i);
    printf("%-6s n %5zu  micro %6.2f  macro %6.2f  macro4 %6.2f  per class %.1f %.1f %.1f %.1f %.1f  direction-free macro3 %.2f\n", name,
           count, 100 * eval_share((double)right, (double)count), 100 * sum / CLASS_COUNT, 100 * (sum - f1[0]) / 4, 100 * f1[0],
           100 * f1[1], 100 * f1[2], 100 * f1[3], 100 * f1[4], 100 * sum_of_three / 3);
    free(gold_of_three);
    free(said_of_three);
}

static int compare_views(const void *left, const void *right)
{
    const struct view *a = left, *b = right;
    int order = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);
    return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

static bool mark_train_rows(struct eval *eval, struct row *rows, size_t count, struct error *err)
{
    struct eval_lines lines;
    if (!eval_read_lines(eval, eval->train_path, &lines, err))
        return false;
    struct view *keys = arena_take(eval->arena, (lines.count + 1) * sizeof *keys);
    size_t key_count = 0;
    for (size_t i = 0; i < lines.count; i++) {
        struct view sentence;
        struct row row;
        if (split_row(lines.items[i], &sentence, &row))
            keys[key_count++] = row.key;
    }
    qsort(keys, key_count, sizeof *keys, compare_views);
    for (size_t i = 0; i < count; i++)
        rows[i].is_in_train = bsearch(&rows[i].key, keys, key_count, sizeof *keys, compare_views) != NULL;
    return true;
}

/* The figures of the rows that stand in train (or not) alone. */
static void print_part(struct eval *eval, const char *name, bool is_in_train, const struct row *rows, const int *said, size_t count)
{
    int *gold_part = arena_take(eval->arena, (count + 1) * sizeof(int)), *said_part = arena_take(eval->arena, (count + 1) * sizeof(int));
    size_t part = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].is_in_train == is_in_train) {
            gold_part[part] = rows[i].label;
            said_part[part++] = said[i];
        }
    print_figures(name, gold_part, said_part, part);
}

bool eval_dse(struct eval *eval, struct error *err)
{
    struct eval_lines lines;
    if (!eval_read_lines(eval, eval->path, &lines, err))
        return false;
    struct row *rows = arena_take_zeroed(eval->arena, lines.count + 1, sizeof *rows);
    struct eval_question *questions = arena_take_zeroed(eval->arena, 2 * lines.count + 1, sizeof *questions);
    for (size_t i = 0; i < lines.count; i++) {
        struct view sentence;
        if (!split_row(lines.items[i], &sentence, &rows[i]))
            return error_set(err, ERROR_INPUT, "eval.format", "%s: line %zu is not sentence, entity, entity, label", eval->path, i + 1);
        read_sentence(eval, sentence, &questions[2 * i], &questions[2 * i + 1]);
    }
    if (eval->train_path && !mark_train_rows(eval, rows, lines.count, err))
        return false;
    if (!eval_ask(eval, questions, 2 * lines.count, err))
        return false;
    int *gold = arena_take(eval->arena, (lines.count + 1) * sizeof(int)), *said = arena_take(eval->arena, (lines.count + 1) * sizeof(int));
    for (size_t i = 0; i < lines.count; i++) {
        gold[i] = rows[i].label;
        said[i] = answer_of(&questions[2 * i], &questions[2 * i + 1]);
    }
    print_figures("all", gold, said, lines.count);
    if (eval->train_path) {
        print_part(eval, "clean", false, rows, said, lines.count);
        print_part(eval, "leak", true, rows, said, lines.count);
    }
    return true;
}
