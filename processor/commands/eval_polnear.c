/* Attributions (PolNeAR, scored as CofeNet does): spans of sources, cues and contents, and whole attributions. A document
 * with several annotators is scored once for each of them. Spans are cut at line ends and trimmed of white space.
 *
 *   exact    the span is equal            begin   its first character is
 *   jaccard  each gold span's best overlap / union with a span that was found; one that meets no gold span counts 0
 *   soft     covered share of found spans (precision) and of gold spans (recall), after Johansson and Moschitti */
#include "processor/commands/eval.h"

#include "processor/emit/positions.h"
#include "processor/runtime/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { SOURCE, CUE, CONTENT, ROLE_COUNT };
static const char *const role_names[ROLE_COUNT] = {"source", "cue", "content"};

/* Spans in code points; sorted and without doubles once they are settled. */
struct spans {
    struct span *items;
    size_t count, capacity;
};

struct attributed {
    struct spans roles[ROLE_COUNT];
};

struct attributed_list {
    struct attributed *items;
    size_t count;
};

struct role_score {
    struct eval_counts exact, begin;
    double overlap, soft_said, soft_gold; /* sums over spans */
    size_t overlap_count;
};

struct score {
    struct eval *eval;
    const struct eval_rows *rows;
    size_t instance_count;
    struct role_score roles[ROLE_COUNT];
    struct eval_counts content, content_and_source, exact; /* of whole attributions */
};

static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

static void add_span(struct spans *spans, struct span span)
{
    if (spans->count == spans->capacity) {
        spans->capacity = spans->capacity ? 2 * spans->capacity : 4;
        spans->items = memory_resize(spans->items, spans->capacity, sizeof *spans->items);
    }
    spans->items[spans->count++] = span;
}

static void settle(struct spans *spans)
{
    size_t kept = 0;
    if (spans->count > 1)
        qsort(spans->items, spans->count, sizeof *spans->items, compare_spans);
    for (size_t i = 0; i < spans->count; i++)
        if (kept == 0 || compare_spans(&spans->items[kept - 1], &spans->items[i]) != 0)
            spans->items[kept++] = spans->items[i];
    spans->count = kept;
}

static bool is_blank(uint32_t rune)
{
    return rune == ' ' || rune == '\t' || rune == '\r' || rune == 0xA0;
}

/* Adds the lines of [start, end), trimmed. */
static void add_pieces(struct spans *spans, const struct eval_runes *text, json_int_t start, json_int_t end)
{
    size_t from = start > 0 ? (size_t)start : 0, to = end > 0 ? (size_t)end : 0;
    to = to < text->count ? to : text->count;
    while (from < to) {
        size_t stop = from;
        while (stop < to && text->items[stop] != '\n')
            stop++;
        size_t a = from, b = stop;
        while (a < b && is_blank(text->items[a]))
            a++;
        while (b > a && is_blank(text->items[b - 1]))
            b--;
        if (a < b)
            add_span(spans, (struct span){(uint32_t)a, (uint32_t)b});
        from = stop + 1;
    }
}

static struct attributed_list list_new(size_t count)
{
    return (struct attributed_list){.items = memory_new(count + 1, sizeof(struct attributed)), .count = count};
}

static void list_free(struct attributed_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (int role = 0; role < ROLE_COUNT; role++)
            free(list->items[i].roles[role].items);
    free(list->items);
}

static struct attributed_list read_gold(const json_t *attributions, const struct eval_runes *text)
{
    struct attributed_list list = list_new(json_array_size(attributions));
    for (size_t i = 0; i < list.count; i++)
        for (int role = 0; role < ROLE_COUNT; role++) {
            const json_t *spans = json_object_get(json_array_get(attributions, i), role_names[role]);
            for (size_t j = 0; j < json_array_size(spans); j++) {
                const json_t *span = json_array_get(spans, j);
                add_pieces(&list.items[i].roles[role], text, json_integer_value(json_array_get(span, 0)),
                           json_integer_value(json_array_get(span, 1)));
            }
            settle(&list.items[i].roles[role]);
        }
    return list;
}

static struct attributed_list read_found(struct eval *eval, const struct findings *findings, const struct eval_runes *text)
{
    struct attributed_list list = list_new(findings ? findings->attribution_count : 0);
    if (!findings)
        return list;
    struct positions positions = positions_of(findings->text, eval->arena);
    for (size_t i = 0; i < list.count; i++) {
        const struct attribution *attribution = &findings->attributions[i];
        const struct span spans[ROLE_COUNT] = {attribution->source, attribution->cue, attribution->content};
        for (int role = 0; role < ROLE_COUNT; role++) {
            add_pieces(&list.items[i].roles[role], text, positions_find(&positions, spans[role].start),
                       positions_find(&positions, spans[role].end));
            settle(&list.items[i].roles[role]);
        }
    }
    return list;
}

static struct spans all_of(const struct attributed_list *list, int role)
{
    struct spans all = {0};
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < list->items[i].roles[role].count; j++)
            add_span(&all, list->items[i].roles[role].items[j]);
    settle(&all);
    return all;
}

static double intersection(struct span a, struct span b)
{
    uint32_t start = a.start > b.start ? a.start : b.start, end = a.end < b.end ? a.end : b.end;
    return end > start ? (double)(end - start) : 0;
}

static double overlap_of(struct span a, struct span b)
{
    double common = intersection(a, b);
    uint32_t start = a.start < b.start ? a.start : b.start, end = a.end > b.end ? a.end : b.end;
    return common > 0 ? common / (double)(end - start) : 0;
}

/* Characters of `span` that some span of `others` (sorted by start) covers. */
static double covered(struct span span, const struct spans *others)
{
    double sum = 0;
    uint32_t upto = span.start;
    for (size_t i = 0; i < others->count; i++) {
        uint32_t start = others->items[i].start > upto ? others->items[i].start : upto;
        uint32_t end = others->items[i].end < span.end ? others->items[i].end : span.end;
        if (end <= start)
            continue;
        sum += (double)(end - start);
        upto = end;
    }
    return sum;
}

static double best_overlap(struct span span, const struct spans *others)
{
    double best = 0;
    for (size_t i = 0; i < others->count; i++) {
        double overlap = overlap_of(span, others->items[i]);
        best = overlap > best ? overlap : best;
    }
    return best;
}

static bool has_span(const struct spans *spans, struct span span)
{
    return spans->count > 0 && bsearch(&span, spans->items, spans->count, sizeof *spans->items, compare_spans) != NULL;
}

static bool has_begin(const struct spans *spans, uint32_t start)
{
    for (size_t i = 0; i < spans->count; i++)
        if (spans->items[i].start == start)
            return true;
    return false;
}

static size_t count_begins(const struct spans *spans)
{
    size_t count = 0;
    for (size_t i = 0; i < spans->count; i++)
        count += i == 0 || spans->items[i].start != spans->items[i - 1].start;
    return count;
}

static void score_role(struct role_score *score, const struct spans *gold, const struct spans *said)
{
    score->exact.said += said->count;
    score->exact.wanted += gold->count;
    score->begin.said += count_begins(said);
    score->begin.wanted += count_begins(gold);
    for (size_t i = 0; i < gold->count; i++) {
        struct span span = gold->items[i];
        score->exact.right += has_span(said, span);
        score->begin.right += (i == 0 || gold->items[i - 1].start != span.start) && has_begin(said, span.start);
        score->overlap += best_overlap(span, said);
        score->overlap_count++;
        score->soft_gold += covered(span, said) / (double)(span.end - span.start);
    }
    for (size_t i = 0; i < said->count; i++) {
        struct span span = said->items[i];
        score->overlap_count += best_overlap(span, gold) == 0;
        score->soft_said += covered(span, gold) / (double)(span.end - span.start);
    }
}

static double covered_all(const struct spans *spans, const struct spans *others)
{
    double sum = 0;
    uint32_t upto = 0;
    for (size_t i = 0; i < spans->count; i++) { /* spans of one attribution may overlap: each character once */
        struct span span = spans->items[i];
        span.start = span.start > upto ? span.start : upto;
        if (span.end <= span.start)
            continue;
        sum += others ? covered(span, others) : (double)(span.end - span.start);
        upto = span.end;
    }
    return sum;
}

struct candidate {
    double overlap;
    size_t gold, said;
};

/* The best first; of equals the later ones. */
static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->overlap != b->overlap)
        return a->overlap > b->overlap ? -1 : 1;
    if (a->gold != b->gold)
        return a->gold > b->gold ? -1 : 1;
    return a->said > b->said ? -1 : a->said < b->said;
}

static bool same_spans(const struct spans *a, const struct spans *b)
{
    for (size_t i = 0; i < a->count && a->count == b->count; i++)
        if (compare_spans(&a->items[i], &b->items[i]) != 0)
            return false;
    return a->count == b->count;
}

static void score_match(struct score *score, const struct attributed *gold, const struct attributed *said)
{
    bool has_sources = gold->roles[SOURCE].count > 0 || said->roles[SOURCE].count > 0;
    score->content.right++;
    score->content_and_source.right += !has_sources || covered_all(&gold->roles[SOURCE], &said->roles[SOURCE]) > 0;
    score->exact.right += same_spans(&gold->roles[CONTENT], &said->roles[CONTENT]) && same_spans(&gold->roles[SOURCE], &said->roles[SOURCE]);
}

/* One to one, the greatest overlap of contents first. */
static void score_attributions(struct score *score, const struct attributed_list *gold, const struct attributed_list *said)
{
    struct candidate *candidates = memory_take((gold->count * said->count + 1) * sizeof *candidates);
    bool *gold_is_used = memory_new(gold->count + 1, sizeof(bool)), *said_is_used = memory_new(said->count + 1, sizeof(bool));
    size_t count = 0;
    for (size_t i = 0; i < gold->count; i++)
        for (size_t j = 0; j < said->count; j++) {
            const struct spans *a = &gold->items[i].roles[CONTENT], *b = &said->items[j].roles[CONTENT];
            double common = covered_all(a, b), whole = covered_all(a, NULL) + covered_all(b, NULL) - common;
            if (common > 0 && common / whole >= 0.5)
                candidates[count++] = (struct candidate){common / whole, i, j};
        }
    qsort(candidates, count, sizeof *candidates, compare_candidates);
    for (size_t i = 0; i < count; i++) {
        const struct candidate *candidate = &candidates[i];
        if (gold_is_used[candidate->gold] || said_is_used[candidate->said])
            continue;
        gold_is_used[candidate->gold] = said_is_used[candidate->said] = true;
        score_match(score, &gold->items[candidate->gold], &said->items[candidate->said]);
    }
    struct eval_counts *all[] = {&score->content, &score->content_and_source, &score->exact};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        all[i]->wanted += gold->count;
        all[i]->said += said->count;
    }
    free(candidates);
    free(gold_is_used);
    free(said_is_used);
}

static void collect(void *context, size_t index, const struct findings *findings)
{
    struct score *score = context;
    const json_t *row = score->rows->items[index];
    struct eval_runes text = eval_runes_of(score->eval, eval_string(json_object_get(row, "text")));
    struct attributed_list found = read_found(score->eval, findings, &text);
    const char *annotator;
    json_t *attributions;
    json_object_foreach(json_object_get(row, "attributions"), annotator, attributions)
    {
        struct attributed_list gold = read_gold(attributions, &text);
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct spans wanted = all_of(&gold, role), said = all_of(&found, role);
            score_role(&score->roles[role], &wanted, &said);
            free(wanted.items);
            free(said.items);
        }
        score_attributions(score, &gold, &found);
        score->instance_count++;
        list_free(&gold);
    }
    list_free(&found);
}

static void print_three(double precision, double recall)
{
    printf("%5.1f %5.1f %5.1f", 100 * precision, 100 * recall, 100 * eval_share(2 * precision * recall, precision + recall));
}

static void print_attributions(const char *name, const struct eval_counts *counts)
{
    printf("attribution %-18s P R F1 ", name);
    print_three(eval_precision(counts), eval_recall(counts));
    printf("   gold %zu pred %zu\n", counts->wanted, counts->said);
}

static void print_figures(const struct score *score)
{
    printf("instances (document x annotator) %zu\n", score->instance_count);
    puts("role      exact P R F1       begin P R F1       soft P R F1        jaccard  gold pred");
    for (int i = 0; i < ROLE_COUNT; i++) {
        const struct role_score *role = &score->roles[i];
        printf("%-8s  ", role_names[i]);
        print_three(eval_precision(&role->exact), eval_recall(&role->exact));
        printf("  ");
        print_three(eval_precision(&role->begin), eval_recall(&role->begin));
        printf("  ");
        print_three(eval_share(role->soft_said, (double)role->exact.said), eval_share(role->soft_gold, (double)role->exact.wanted));
        printf("  %6.1f  %zu %zu\n", 100 * eval_share(role->overlap, (double)role->overlap_count), role->exact.wanted, role->exact.said);
    }
    print_attributions("content IoU>=0.5", &score->content);
    print_attributions("content + source", &score->content_and_source);
    print_attributions("exact both", &score->exact);
}

bool eval_polnear(struct eval *eval, struct error *err)
{
    struct eval_rows rows;
    bool is_done = eval_read_rows(eval, eval->path, &rows, err);
    if (is_done) {
        struct score score = {.eval = eval, .rows = &rows};
        is_done = eval_extract(eval, eval_texts(eval, &rows), rows.count, collect, &score, err);
        if (is_done)
            print_figures(&score);
    }
    eval_rows_free(&rows);
    return is_done;
}
