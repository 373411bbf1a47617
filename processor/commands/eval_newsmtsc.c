/* How a news sentence speaks of a target (Hamborg and Donnay 2021): macro F1 of three classes, accuracy. */
#include "processor/commands/eval.h"

#include <stdio.h>

enum { NEGATIVE, NEUTRAL, POSITIVE, CLASS_COUNT };

static int label_of(const json_t *polarity)
{
    double value = json_number_value(polarity);
    return value < 3 ? NEGATIVE : value > 5 ? POSITIVE : NEUTRAL; /* 2, 4, 6 */
}

/* Of equals the later word in the alphabet: positive, neutral, negative. */
static int answer_of(const struct eval_question *question)
{
    const double scores[CLASS_COUNT] = {question->against, question->none, question->favour};
    int best = NEGATIVE;
    for (int i = NEUTRAL; i < CLASS_COUNT; i++)
        if (scores[i] >= scores[best])
            best = i;
    return best;
}

static double recall_of(const int *gold, const int *said, size_t count, int class)
{
    struct eval_counts counts = {0};
    for (size_t i = 0; i < count; i++) {
        counts.wanted += gold[i] == class;
        counts.right += gold[i] == class && said[i] == class;
    }
    return eval_recall(&counts);
}

static void print_figures(const int *gold, const int *said, size_t count)
{
    double f1[CLASS_COUNT], recall = 0;
    size_t right = 0, golds[CLASS_COUNT] = {0}, saids[CLASS_COUNT] = {0};
    for (size_t i = 0; i < count; i++) {
        right += gold[i] == said[i];
        golds[gold[i]]++;
        saids[said[i]]++;
    }
    for (int i = 0; i < CLASS_COUNT; i++) {
        f1[i] = eval_class_f1(gold, said, count, i);
        recall += recall_of(gold, said, count, i);
    }
    printf("targets %zu  F1m %.2f  acc %.2f  F1pn %.2f  ra %.2f  F1 neg/neu/pos %.1f %.1f %.1f  gold %zu/%zu/%zu pred %zu/%zu/%zu\n", count,
           100 * (f1[0] + f1[1] + f1[2]) / 3, 100 * eval_share((double)right, (double)count), 100 * (f1[NEGATIVE] + f1[POSITIVE]) / 2,
           100 * recall / 3, 100 * f1[0], 100 * f1[1], 100 * f1[2], golds[0], golds[1], golds[2], saids[0], saids[1], saids[2]);
}

static bool score(struct eval *eval, const struct eval_rows *rows, struct error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += json_array_size(json_object_get(rows->items[i], "targets"));
    struct eval_question *questions = arena_take_zeroed(eval->arena, count + 1, sizeof *questions);
    int *gold = arena_take(eval->arena, (count + 1) * sizeof(int)), *said = arena_take(eval->arena, (count + 1) * sizeof(int));
    size_t next = 0;
    for (size_t i = 0; i < rows->count; i++) {
        struct view text = eval_string(json_object_get(rows->items[i], "sentence_normalized"));
        const json_t *targets = json_object_get(rows->items[i], "targets");
        for (size_t j = 0; j < json_array_size(targets); j++, next++) {
            const json_t *target = json_array_get(targets, j);
            gold[next] = label_of(json_object_get(target, "polarity"));
            questions[next] = (struct eval_question){
                .text = text,
                .target = {eval_byte_of(text, json_integer_value(json_object_get(target, "from"))),
                           eval_byte_of(text, json_integer_value(json_object_get(target, "to")))}};
        }
    }
    if (!eval_ask(eval, questions, count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        said[i] = answer_of(&questions[i]);
    print_figures(gold, said, count);
    return true;
}

bool eval_newsmtsc(struct eval *eval, struct error *err)
{
    struct eval_rows rows;
    bool is_done = eval_read_rows(eval, eval->path, &rows, err) && score(eval, &rows, err);
    eval_rows_free(&rows);
    return is_done;
}
