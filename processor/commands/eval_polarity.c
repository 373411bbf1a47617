/* SEESAW's published setting: source and target of each stance are given, only for or against is asked. Many of them are
 * not named in their sentence, so that the pair is put before it. Measured twice: each sentence alone, and with what the article's
 * other stances of the same pair say; nine of ten such have the same sign. */
#include "processor/commands/eval.h"

#include <math.h>
#include <stdio.h>

enum { NEGATIVE, POSITIVE };

#define ODDS_FLOOR 1e-4 /* answers are printed with four digits */

static struct view name_or(struct view name, const char *author, const char *other)
{
    if (view_equal(name, view_of("None")))
        return view_of(author);
    return view_equal(name, view_of("Not in the list")) ? view_of(other) : name;
}

/* "Source on Target: the sentence" */
static struct eval_question question_of(struct eval *eval, const json_t *row, const json_t *stance)
{
    struct view source = name_or(eval_string(json_object_get(stance, "source")), "The author", "Someone");
    struct view target = name_or(eval_string(json_object_get(stance, "target")), "None", "someone");
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(json_object_get(stance, "sentence")));
    struct view sentence = eval_string(json_object_get(json_object_get(row, "sentences"), number));
    uint32_t start = (uint32_t)(source.len + strlen(" on "));
    return (struct eval_question){
        .text = arena_print(eval->arena, "%.*s on %.*s: %.*s", (int)source.len, source.data, (int)target.len, target.data,
                            (int)sentence.len, sentence.data),
        .has_source = true,
        .source = {0, (uint32_t)source.len},
        .target = {start, start + (uint32_t)target.len},
    };
}

/* Log odds of "for" against "against". */
static double favour_of(const struct eval_question *question)
{
    return log((question->favour + ODDS_FLOOR) / (question->against + ODDS_FLOOR));
}

static bool is_same_pair(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "source"), json_object_get(b, "source")) &&
           json_equal(json_object_get(a, "target"), json_object_get(b, "target"));
}

/* What an article's stance `index` says together with the mean of the others of its pair. */
static double favour_in_article(const json_t *stances, const struct eval_question *questions, size_t index)
{
    double others = 0;
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(stances); i++) {
        if (i == index || !is_same_pair(json_array_get(stances, i), json_array_get(stances, index)))
            continue;
        others += favour_of(&questions[i]);
        count++;
    }
    return favour_of(&questions[index]) + (count ? others / (double)count : 0);
}

static void print_scores(const char *what, const int *gold, const int *said, size_t count)
{
    size_t right = 0;
    for (size_t i = 0; i < count; i++)
        right += said[i] == gold[i];
    double negative = eval_class_f1(gold, said, count, NEGATIVE), positive = eval_class_f1(gold, said, count, POSITIVE);
    printf("%s  stances %zu  micro F1 (accuracy) %.2f  macro %.2f  NEG %.1f POS %.1f\n", what, count,
           100 * eval_share((double)right, (double)count), 100 * (negative + positive) / 2, 100 * negative, 100 * positive);
}

bool eval_polarity(struct eval *eval, const struct eval_rows *rows, struct error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += json_array_size(json_object_get(rows->items[i], "stances"));
    struct eval_question *questions = arena_take_zeroed(eval->arena, count + 1, sizeof *questions);
    int *gold = arena_take(eval->arena, (count + 1) * sizeof(int)), *alone = arena_take(eval->arena, (count + 1) * sizeof(int));
    int *together = arena_take(eval->arena, (count + 1) * sizeof(int));
    for (size_t i = 0, next = 0; i < rows->count; i++) {
        const json_t *stances = json_object_get(rows->items[i], "stances");
        for (size_t j = 0; j < json_array_size(stances); j++, next++) {
            const json_t *stance = json_array_get(stances, j);
            questions[next] = question_of(eval, rows->items[i], stance);
            gold[next] = view_starts_with(eval_string(json_object_get(stance, "polarity")), view_of("POS")) ? POSITIVE : NEGATIVE;
        }
    }
    if (!eval_ask(eval, questions, count, err))
        return false;
    for (size_t i = 0, first = 0; i < rows->count; i++) {
        const json_t *stances = json_object_get(rows->items[i], "stances");
        for (size_t j = 0; j < json_array_size(stances); j++) {
            alone[first + j] = favour_of(&questions[first + j]) > 0 ? POSITIVE : NEGATIVE;
            together[first + j] = favour_in_article(stances, questions + first, j) > 0 ? POSITIVE : NEGATIVE;
        }
        first += json_array_size(stances);
    }
    print_scores("sentence", gold, alone, count);
    print_scores("article ", gold, together, count);
    return true;
}
