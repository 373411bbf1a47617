/* Stances between the entities of whole articles (SEESAW), end to end: who, for or against, whom, in which sentence.
 *
 *   all     every stance; the author must be the author, "Not in the list" is met by any name that is not in the list
 *   core    both ends are named in the article's list (an unlisted name that meets a "Not in the list" is passed over)
 *   listed  core without what was found of names that are not in the list: those are not annotated
 * Each counted by sentence and by article, as triple, pair, unordered pair, and target with polarity. */
#include "processor/commands/eval.h"

#include "processor/commands/seesaw_names.h"
#include "processor/commands/triples.h"
#include "processor/emit/writer.h"
#include "processor/runtime/memory.h"

#include <stdio.h>
#include <stdlib.h>

/* Ends that are no index into the article's list. From END_UNLISTED on: names that are not in it, one number a name. */
enum { END_AUTHOR = -1, END_OTHER = -2, END_UNLISTED = 1 << 20, SENTENCE_NONE = -1 };
enum { ALL, CORE, LISTED, LABEL_COUNT };
enum { ARTICLE, SENTENCE, LEVEL_COUNT };

struct sentence {
    struct span span; /* in the article's text */
    int number;
};

struct document {
    struct view text;
    struct sentence *sentences; /* [sentence_count] */
    size_t sentence_count;
};

struct score {
    struct eval *eval;
    const struct eval_rows *rows;
    struct document *documents;
    struct eval_counts counts[LABEL_COUNT][LEVEL_COUNT][TRIPLES_VIEW_COUNT];
    size_t end_count, unlisted_count, pair_count, pair_right_count;
    double article_f1; /* sum over articles */
};

/* What is known of one article while it is scored. */
struct article_names {
    struct seesaw_inventory inventory;
    struct view *unlisted; /* normal forms, in the order they were met */
    size_t unlisted_count;
};

static bool is_named(int end)
{
    return end != END_AUTHOR && end != END_OTHER;
}

static bool is_unlisted(int end)
{
    return end >= END_UNLISTED;
}

static bool is_author(struct view name)
{
    return name.len == 0 || view_equal(name, view_of("None")) || view_equal(name, view_of("AUTHOR"));
}

static void add_name(struct seesaw_inventory *inventory, struct view name, struct arena *arena)
{
    if (is_author(name) || view_equal(name, view_of("Not in the list")))
        return;
    for (size_t i = 0; i < inventory->count; i++)
        if (view_equal(inventory->names[i], name))
            return;
    inventory->names[inventory->count] = name;
    inventory->normals[inventory->count++] = seesaw_names_normal(name, arena);
}

static struct seesaw_inventory read_inventory(const json_t *row, struct arena *arena)
{
    const json_t *entities = json_object_get(row, "entities"), *stances = json_object_get(row, "stances");
    size_t most = json_array_size(entities) + 2 * json_array_size(stances) + 1;
    struct seesaw_inventory inventory = {.names = arena_take_zeroed(arena, most, sizeof(struct view)),
                                         .normals = arena_take_zeroed(arena, most, sizeof(struct view))};
    for (size_t i = 0; i < json_array_size(entities); i++)
        add_name(&inventory, eval_string(json_array_get(json_array_get(entities, i), 0)), arena);
    for (size_t i = 0; i < json_array_size(stances); i++) {
        add_name(&inventory, eval_string(json_object_get(json_array_get(stances, i), "source")), arena);
        add_name(&inventory, eval_string(json_object_get(json_array_get(stances, i), "target")), arena);
    }
    return inventory;
}

static int gold_end(const struct seesaw_inventory *inventory, struct view name)
{
    for (size_t i = 0; i < inventory->count; i++)
        if (view_equal(inventory->names[i], name))
            return (int)i;
    return is_author(name) ? END_AUTHOR : END_OTHER;
}

static int unlisted_end(struct article_names *names, struct view name, struct arena *arena)
{
    struct view normal = seesaw_names_normal(name, arena);
    size_t i = 0;
    while (i < names->unlisted_count && !view_equal(names->unlisted[i], normal))
        i++;
    if (i == names->unlisted_count)
        names->unlisted[names->unlisted_count++] = normal;
    return END_UNLISTED + (int)i;
}

/* The canonical name and the strings of its mentions, in order, each once. */
static int resolve_entity(struct article_names *names, const struct findings *findings, const struct entity *entity, struct arena *arena)
{
    struct view *forms = arena_take(arena, (entity->mention_count + 1) * sizeof *forms);
    size_t count = 0;
    forms[count++] = entity->name;
    for (size_t i = 0; i < entity->mention_count; i++) {
        struct span span = entity->mentions[i].span;
        if (entity->mentions[i].kind == MENTION_NAME)
            forms[count++] = view_slice(findings->text, span.start, span.end);
    }
    int found = seesaw_names_resolve(forms, count, &names->inventory, arena);
    return found >= 0 ? found : unlisted_end(names, entity->name, arena);
}

static int resolve_target(struct article_names *names, const struct stance *stance, const int *ends, struct arena *arena)
{
    if (stance->topic.len == 0)
        return ends[stance->target];
    int found = seesaw_names_resolve(&stance->topic, 1, &names->inventory, arena);
    return found >= 0 ? found : unlisted_end(names, stance->topic, arena);
}

static int index_of_sentence(const struct document *document, uint32_t byte)
{
    for (size_t i = 0; i < document->sentence_count; i++)
        if (document->sentences[i].span.start <= byte && byte <= document->sentences[i].span.end)
            return (int)i;
    return SENTENCE_NONE;
}

static void read_gold(const json_t *row, const struct document *document, const struct seesaw_inventory *inventory, struct triples *gold)
{
    const json_t *stances = json_object_get(row, "stances");
    for (size_t i = 0; i < json_array_size(stances); i++) {
        const json_t *stance = json_array_get(stances, i);
        struct triple triple = {gold_end(inventory, eval_string(json_object_get(stance, "source"))),
                                view_starts_with(eval_string(json_object_get(stance, "polarity")), view_of("POS")) ? 1 : -1,
                                gold_end(inventory, eval_string(json_object_get(stance, "target")))};
        json_int_t number = json_integer_value(json_object_get(stance, "sentence"));
        for (size_t j = 0; j < document->sentence_count; j++)
            if (document->sentences[j].number == number)
                triples_add(&gold[j], triple);
    }
}

static void read_found(struct score *score, const struct document *document, const struct findings *findings,
                       struct article_names *names, struct triples *said)
{
    struct arena *arena = score->eval->arena;
    int *ends = arena_take(arena, (findings->entity_count + 1) * sizeof *ends);
    for (size_t i = 0; i < findings->entity_count; i++)
        ends[i] = resolve_entity(names, findings, &findings->entities[i], arena);
    for (size_t i = 0; i < findings->stance_count; i++) {
        const struct stance *stance = &findings->stances[i];
        int source = stance->source == FINDINGS_NONE ? END_AUTHOR : ends[stance->source];
        int target = resolve_target(names, stance, ends, arena);
        for (size_t j = 0; j < stance->evidence_count; j++) {
            double strength = writer_rounded((double)stance->evidence[j].score);
            int sentence = index_of_sentence(document, stance->evidence[j].span.start);
            if (strength == 0 || sentence == SENTENCE_NONE)
                continue;
            score->end_count += 1U + (source != END_AUTHOR);
            score->unlisted_count += (size_t)is_unlisted(source) + (size_t)is_unlisted(target);
            if (source != target)
                triples_add(&said[sentence], (struct triple){source, strength > 0 ? 1 : -1, target});
        }
    }
}

/* Names that are not in the list become "Not in the list" where a gold stance of the sentence has that there. */
static struct triples meet_others(const struct triples *gold, const struct triples *said)
{
    struct triples met = {0};
    for (size_t i = 0; i < said->count; i++) {
        struct triple triple = said->items[i];
        for (size_t j = 0; j < gold->count; j++) {
            const struct triple *other = &gold->items[j];
            if (other->source == END_OTHER && is_unlisted(triple.source) && other->target == triple.target)
                triple.source = END_OTHER;
            else if (other->target == END_OTHER && is_unlisted(triple.target) && other->source == triple.source)
                triple.target = END_OTHER;
            else if (other->source == END_OTHER && other->target == END_OTHER && is_unlisted(triple.source) && is_unlisted(triple.target))
                triple.source = triple.target = END_OTHER;
        }
        triples_add(&met, triple);
    }
    return met;
}

static struct triples select_triples(const struct triples *from, int label, bool is_gold)
{
    struct triples selected = {0};
    for (size_t i = 0; i < from->count; i++) {
        struct triple triple = from->items[i];
        bool is_core = is_named(triple.source) && is_named(triple.target);
        bool is_listed = is_core && !is_unlisted(triple.source) && !is_unlisted(triple.target);
        if (label == ALL || (label == CORE && is_core) || (label == LISTED && (is_gold ? is_core : is_listed)))
            triples_add(&selected, triple);
    }
    return selected;
}

static void count_all(struct score *score, int label, int level, const struct triples *gold, const struct triples *said)
{
    for (int view = 0; view < TRIPLES_VIEW_COUNT; view++) {
        struct eval_counts counts = triples_count(gold, said, view);
        score->counts[label][level][view].right += counts.right;
        score->counts[label][level][view].said += counts.said;
        score->counts[label][level][view].wanted += counts.wanted;
    }
}

static void count_polarity(struct score *score, const struct triples *gold, const struct triples *said)
{
    for (size_t i = 0; i < gold->count; i++) {
        bool is_found = false;
        for (size_t j = 0; j < said->count; j++)
            is_found |= said->items[j].source == gold->items[i].source && said->items[j].target == gold->items[i].target;
        score->pair_count += is_found;
        score->pair_right_count += is_found && triples_has(said, gold->items[i]);
    }
}

static void score_sentences(struct score *score, const struct triples *gold, const struct triples *said, size_t count)
{
    for (int label = 0; label < LABEL_COUNT; label++) {
        struct triples article_gold = {0}, article_said = {0};
        for (size_t i = 0; i < count; i++) {
            struct triples met = meet_others(&gold[i], &said[i]);
            struct triples a = select_triples(&gold[i], label, true), b = select_triples(&met, label, false);
            count_all(score, label, SENTENCE, &a, &b);
            if (label == CORE)
                count_polarity(score, &a, &b);
            triples_add_all(&article_gold, &a);
            triples_add_all(&article_said, &b);
            free(met.items);
            free(a.items);
            free(b.items);
        }
        count_all(score, label, ARTICLE, &article_gold, &article_said);
        if (label == LISTED) {
            struct eval_counts counts = triples_count(&article_gold, &article_said, TRIPLES_TRIPLE);
            score->article_f1 += counts.said + counts.wanted > 0 ? eval_f1(&counts) : 1;
        }
        free(article_gold.items);
        free(article_said.items);
    }
}

static void collect(void *context, size_t index, const struct findings *findings)
{
    struct score *score = context;
    struct arena *arena = score->eval->arena;
    const struct document *document = &score->documents[index];
    const json_t *row = score->rows->items[index];
    struct triples *gold = memory_new(document->sentence_count + 1, sizeof *gold), *said = memory_new(document->sentence_count + 1, sizeof *said);
    struct article_names names = {.inventory = read_inventory(row, arena)};
    read_gold(row, document, &names.inventory, gold);
    if (findings) {
        names.unlisted = arena_take(arena, (findings->entity_count + findings->stance_count + 1) * sizeof *names.unlisted);
        read_found(score, document, findings, &names, said);
    }
    score_sentences(score, gold, said, document->sentence_count);
    for (size_t i = 0; i < document->sentence_count; i++) {
        free(gold[i].items);
        free(said[i].items);
    }
    free(gold);
    free(said);
}

static int compare_sentences(const void *left, const void *right)
{
    const struct sentence *a = left, *b = right;
    return a->number < b->number ? -1 : a->number > b->number;
}

static bool is_blank(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!strchr(" \t\r\n", text.data[i]))
            return false;
    return true;
}

/* The sentences that are not blank, by number, a line each. */
static struct document read_document(const json_t *row, struct arena *arena)
{
    const char *key;
    json_t *value, *sentences = json_object_get(row, "sentences");
    struct document document = {.sentences = arena_take(arena, (json_object_size(sentences) + 1) * sizeof *document.sentences)};
    size_t bytes = 1, len = 0;
    json_object_foreach(sentences, key, value)
    {
        bytes += json_string_length(value) + 1;
        if (!is_blank(eval_string(value)))
            document.sentences[document.sentence_count++].number = atoi(key);
    }
    qsort(document.sentences, document.sentence_count, sizeof *document.sentences, compare_sentences);
    char *text = arena_take(arena, bytes);
    for (size_t i = 0; i < document.sentence_count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", document.sentences[i].number);
        struct view sentence = eval_string(json_object_get(sentences, number));
        if (i > 0)
            text[len++] = '\n';
        memcpy(text + len, sentence.data, sentence.len);
        document.sentences[i].span = (struct span){(uint32_t)len, (uint32_t)(len + sentence.len)};
        len += sentence.len;
    }
    document.text = (struct view){.data = text, .len = len};
    return document;
}

static void print_line(const char *label, const char *level, const char *view, const struct eval_counts *counts)
{
    printf("%-6s %-8s %-9s  P %6.2f R %6.2f F1 %6.2f   tp %zu pred %zu gold %zu\n", label, level, view, 100 * eval_precision(counts),
           100 * eval_recall(counts), 100 * eval_f1(counts), counts->right, counts->said, counts->wanted);
}

static void print_figures(const struct score *score)
{
    static const char *const labels[] = {"all", "core", "listed"}, *const levels[] = {"article", "sentence"};
    static const char *const views[] = {"pair", "target", "triple", "unordered"};
    double article_count = (double)score->rows->count;
    printf("articles %zu  predicted name ends %zu, unresolved %.1f %%\n", score->rows->count, score->end_count,
           100 * eval_share((double)score->unlisted_count, (double)score->end_count));
    for (int label = 0; label < LABEL_COUNT; label++)
        for (int level = 0; level < LEVEL_COUNT; level++) {
            if (label == CORE && level == SENTENCE)
                printf("core polarity accuracy on %zu pairs found: %.2f\n", score->pair_count,
                       100 * eval_share((double)score->pair_right_count, (double)score->pair_count));
            for (int view = 0; view < TRIPLES_VIEW_COUNT; view++)
                print_line(labels[label], levels[level], views[view], &score->counts[label][level][view]);
        }
    printf("listed article triple, mean F1 over articles %.2f\n", 100 * eval_share(score->article_f1, article_count));
}

bool eval_seesaw(struct eval *eval, struct error *err)
{
    struct eval_rows rows;
    bool is_done = eval_read_rows(eval, eval->path, &rows, err);
    if (is_done) {
        struct score score = {.eval = eval, .rows = &rows, .documents = arena_take(eval->arena, (rows.count + 1) * sizeof(struct document))};
        struct eval_text *texts = arena_take_zeroed(eval->arena, rows.count + 1, sizeof *texts);
        for (size_t i = 0; i < rows.count; i++) {
            score.documents[i] = read_document(rows.items[i], eval->arena);
            texts[i] = (struct eval_text){.title = eval_string(json_object_get(rows.items[i], "title")), .text = score.documents[i].text};
        }
        is_done = eval_extract(eval, texts, rows.count, collect, &score, err);
        if (is_done)
            print_figures(&score);
        is_done = is_done && eval_polarity(eval, &rows, err);
    }
    eval_rows_free(&rows);
    return is_done;
}
