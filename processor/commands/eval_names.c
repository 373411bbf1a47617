/* Names (CoNLL-2003's measure): micro precision, recall and F1 of spans with their type, and of spans alone.
 *
 * The gold file has a token a line, its tag (BIO, IOB1 or BIOES) in the second column where tabs separate them and else in
 * the last one; a blank line ends a sentence, "-DOCSTART- ID" starts a document. The text read is the tokens joined by
 * blanks, a sentence a line, or with --text the raw documents, in which the tokens are looked up from left to right. CoNLL's
 * four types are compared as such: facilities are locations, all that is not Person, Location or Organization is Misc. */
#include "processor/commands/eval.h"

#include "processor/runtime/memory.h"
#include "processor/text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { TYPE_NAME_BYTES = 16, TYPES_MOST = 32, GAP_CODE_POINTS_MOST = 60 };

struct token {
    struct view text;
    struct view tag;
    struct span span; /* in the document's text */
    bool is_found, ends_sentence;
};

struct name {
    struct span span;
    int type;
};

struct document {
    struct view id, text;
    struct token *tokens; /* [token_count] */
    size_t token_count;
};

struct score {
    struct eval *eval;
    struct document *documents;
    size_t document_count, lost_count;
    bool is_conll; /* four types */
    char types[TYPES_MOST][TYPE_NAME_BYTES]; /* [type_count] */
    size_t type_count;
    struct eval_counts counts[TYPES_MOST], spans;
};

static int type_of(struct score *score, struct view name)
{
    for (size_t i = 0; i < score->type_count; i++)
        if (view_equal(view_of(score->types[i]), name))
            return (int)i;
    if (score->type_count == TYPES_MOST || name.len >= TYPE_NAME_BYTES)
        return TYPES_MOST - 1; /* no data set has so many */
    memcpy(score->types[score->type_count], name.data, name.len);
    score->types[score->type_count][name.len] = '\0';
    return (int)score->type_count++;
}

static const char *conll_type(enum entity_type type)
{
    switch (type) {
    case ENTITY_PERSON: return "PER";
    case ENTITY_LOCATION:
    case ENTITY_FACILITY: return "LOC";
    case ENTITY_ORGANIZATION: return "ORG";
    case ENTITY_NORP:
    case ENTITY_PRODUCT:
    case ENTITY_MISC: return "MISC";
    default: return NULL; /* dates and money are no names there */
    }
}

static struct token split_token(struct view line, bool *is_tabbed)
{
    const char *tab = memchr(line.data, '\t', line.len), *blank = memchr(line.data, ' ', line.len);
    struct token token = {.text = line, .tag = view_of("O")};
    if (tab) {
        *is_tabbed = true;
        token.text = view_slice(line, 0, (size_t)(tab - line.data));
        token.tag = view_slice(line, (size_t)(tab - line.data) + 1, line.len);
        const char *end = memchr(token.tag.data, '\t', token.tag.len);
        token.tag.len = end ? (size_t)(end - token.tag.data) : token.tag.len;
    } else if (blank) {
        token.text = view_slice(line, 0, (size_t)(blank - line.data));
        const char *last = memrchr(line.data, ' ', line.len);
        token.tag = view_slice(line, (size_t)(last - line.data) + 1, line.len);
    }
    return token;
}

static struct view document_id(struct score *score, struct view line)
{
    size_t start = strlen("-DOCSTART-"), end;
    while (start < line.len && (line.data[start] == ' ' || line.data[start] == '\t'))
        start++;
    for (end = start; end < line.len && line.data[end] != ' ' && line.data[end] != '\t';)
        end++;
    struct view id = view_slice(line, start, end);
    if (id.len == 0 || view_equal(id, view_of("-X-")) || view_equal(id, view_of("O")))
        return arena_print(score->eval->arena, "doc%zu", score->document_count);
    return id;
}

static void read_documents(struct score *score, const struct eval_lines *lines)
{
    struct token *tokens = arena_take_zeroed(score->eval->arena, lines->count + 1, sizeof *tokens);
    score->documents = arena_take_zeroed(score->eval->arena, lines->count + 1, sizeof *score->documents);
    bool is_tabbed = false;
    struct document *document = NULL;
    for (size_t i = 0; i < lines->count; i++) {
        struct view line = lines->items[i];
        bool is_start = view_starts_with(line, view_of("-DOCSTART-"));
        if (is_start || (!document && line.len > 0)) {
            document = &score->documents[score->document_count];
            document->id = is_start ? document_id(score, line) : view_of("doc0");
            document->tokens = tokens;
            score->document_count++;
        }
        if (!is_start && line.len > 0) {
            *tokens++ = split_token(line, &is_tabbed);
            document->token_count++;
        } else if (!is_start && document && document->token_count > 0) {
            document->tokens[document->token_count - 1].ends_sentence = true;
        }
    }
    score->is_conll = !is_tabbed;
}

/* Tokens joined by blanks, sentences by line ends. */
static void join_tokens(struct document *document, struct arena *arena)
{
    size_t most = 1;
    for (size_t i = 0; i < document->token_count; i++)
        most += document->tokens[i].text.len + 1;
    char *text = arena_take(arena, most);
    size_t len = 0;
    for (size_t i = 0; i < document->token_count; i++) {
        struct token *token = &document->tokens[i];
        memcpy(text + len, token->text.data, token->text.len);
        token->span = (struct span){(uint32_t)len, (uint32_t)(len + token->text.len)};
        token->is_found = true;
        len += token->text.len;
        text[len++] = token->ends_sentence || i + 1 == document->token_count ? '\n' : ' ';
    }
    document->text = (struct view){.data = text, .len = len};
}

/* Looks the tokens up in the raw text, each within GAP_CODE_POINTS_MOST of the end of the last one that was found. The
 * first line of a raw page may be its address. */
static void align_tokens(struct document *document)
{
    struct view text = document->text;
    const char *newline = view_starts_with(text, view_of("http")) ? memchr(text.data, '\n', text.len) : NULL;
    size_t from = newline ? (size_t)(newline - text.data) + 1 : 0;
    for (size_t i = 0; i < document->token_count; i++) {
        struct token *token = &document->tokens[i];
        size_t room = text.len - from, window = 4 * GAP_CODE_POINTS_MOST + token->text.len;
        const char *found = memmem(text.data + from, room < window ? room : window, token->text.data, token->text.len);
        if (!found || utf8_count(view_slice(text, from, text.len), (size_t)(found - text.data) - from) > GAP_CODE_POINTS_MOST)
            continue;
        size_t start = (size_t)(found - text.data);
        token->span = (struct span){(uint32_t)start, (uint32_t)(start + token->text.len)};
        token->is_found = true;
        from = start + token->text.len;
    }
}

static bool read_texts(struct score *score, struct error *err)
{
    struct eval_rows rows = {0};
    if (!score->eval->text_path) {
        for (size_t i = 0; i < score->document_count; i++)
            join_tokens(&score->documents[i], score->eval->arena);
        return true;
    }
    bool is_read = eval_read_rows(score->eval, score->eval->text_path, &rows, err);
    for (size_t i = 0; i < score->document_count; i++)
        for (size_t j = 0; j < rows.count; j++)
            if (view_equal(score->documents[i].id, eval_string(json_object_get(rows.items[j], "id"))))
                score->documents[i].text = arena_copy(score->eval->arena, eval_string(json_object_get(rows.items[j], "text")));
    eval_rows_free(&rows);
    for (size_t i = 0; i < score->document_count; i++)
        align_tokens(&score->documents[i]);
    return is_read;
}

static int compare_names(const void *left, const void *right)
{
    const struct name *a = left, *b = right;
    if (a->span.start != b->span.start)
        return a->span.start < b->span.start ? -1 : 1;
    if (a->span.end != b->span.end)
        return a->span.end < b->span.end ? -1 : 1;
    return a->type < b->type ? -1 : a->type > b->type;
}

static size_t sort_names(struct name *names, size_t count)
{
    size_t kept = 0;
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || compare_names(&names[kept - 1], &names[i]) != 0)
            names[kept++] = names[i];
    return kept;
}

static void add_gold(struct score *score, const struct document *document, size_t first, size_t last, struct view label,
                     struct name *names, size_t *count)
{
    const struct token *a = &document->tokens[first], *b = &document->tokens[last];
    if (!a->is_found || !b->is_found)
        score->lost_count++;
    else
        names[(*count)++] = (struct name){{a->span.start, b->span.end}, type_of(score, label)};
}

/* Runs of tags as names, tolerant of BIO, IOB1 and BIOES. names [token_count + 1]. Spans do not go over documents. */
static size_t read_gold(struct score *score, const struct document *document, struct name *names)
{
    size_t count = 0, start = 0;
    bool is_open = false;
    struct view open_label = {0};
    for (size_t i = 0; i <= document->token_count; i++) {
        bool is_new_sentence = i == document->token_count || (i > 0 && document->tokens[i - 1].ends_sentence);
        struct view tag = i < document->token_count ? document->tokens[i].tag : view_of("O");
        char prefix = tag.len > 2 ? tag.data[0] : 'O';
        struct view label = tag.len > 2 ? view_slice(tag, 2, tag.len) : (struct view){0};
        if (is_open && (is_new_sentence || strchr("OBSU", prefix) || !view_equal(label, open_label))) {
            add_gold(score, document, start, i - 1, open_label, names, &count);
            is_open = false;
        }
        if (strchr("BSU", prefix) || (strchr("IEL", prefix) && !is_open)) {
            start = i;
            open_label = label;
            is_open = prefix != 'O';
        }
        if (is_open && strchr("SUEL", prefix)) {
            add_gold(score, document, start, i, open_label, names, &count);
            is_open = false;
        }
    }
    return sort_names(names, count);
}

static size_t read_found(struct score *score, const struct findings *findings, struct name *names)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->entity_count; i++) {
        const struct entity *entity = &findings->entities[i];
        const char *type = score->is_conll ? conll_type(entity->type) : entity_type_name(entity->type);
        for (size_t j = 0; type && j < entity->mention_count; j++)
            if (entity->mentions[j].kind == MENTION_NAME)
                names[count++] = (struct name){entity->mentions[j].span, type_of(score, view_of(type))};
    }
    return sort_names(names, count);
}

/* Counts what two sorted lists have in common, by type or as spans alone. */
static void count_common(const struct name *gold, size_t gold_count, const struct name *said, size_t said_count, struct score *score,
                         bool by_type)
{
    for (size_t i = 0; i < gold_count; i++) {
        bool is_double = !by_type && i > 0 && gold[i].span.start == gold[i - 1].span.start && gold[i].span.end == gold[i - 1].span.end;
        bool is_right = false;
        for (size_t j = 0; j < said_count && said[j].span.start <= gold[i].span.start; j++)
            is_right |= said[j].span.start == gold[i].span.start && said[j].span.end == gold[i].span.end &&
                        (!by_type || said[j].type == gold[i].type);
        struct eval_counts *counts = by_type ? &score->counts[gold[i].type] : &score->spans;
        counts->wanted += !is_double;
        counts->right += is_right && !is_double;
    }
    for (size_t j = 0; j < said_count; j++) {
        bool is_double = !by_type && j > 0 && said[j].span.start == said[j - 1].span.start && said[j].span.end == said[j - 1].span.end;
        struct eval_counts *counts = by_type ? &score->counts[said[j].type] : &score->spans;
        counts->said += !is_double;
    }
}

static void collect(void *context, size_t index, const struct findings *findings)
{
    struct score *score = context;
    const struct document *document = &score->documents[index];
    size_t mention_count = 0;
    for (size_t i = 0; findings && i < findings->entity_count; i++)
        mention_count += findings->entities[i].mention_count;
    struct name *gold = memory_new(document->token_count + 1, sizeof *gold), *said = memory_new(mention_count + 1, sizeof *said);
    size_t gold_count = read_gold(score, document, gold), said_count = findings ? read_found(score, findings, said) : 0;
    count_common(gold, gold_count, said, said_count, score, true);
    count_common(gold, gold_count, said, said_count, score, false);
    free(gold);
    free(said);
}

static void print_line(const char *name, const struct eval_counts *counts)
{
    printf("%-14s P %6.2f R %6.2f F1 %6.2f   pred %6zu gold %6zu\n", name, 100 * eval_precision(counts), 100 * eval_recall(counts),
           100 * eval_f1(counts), counts->said, counts->wanted);
}

static int compare_types(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

static void print_figures(const struct score *score)
{
    struct eval_counts micro = {0};
    const char *names[TYPES_MOST];
    for (size_t i = 0; i < score->type_count; i++) {
        names[i] = score->types[i];
        micro.right += score->counts[i].right;
        micro.said += score->counts[i].said;
        micro.wanted += score->counts[i].wanted;
    }
    qsort(names, score->type_count, sizeof *names, compare_types);
    printf("documents %zu  gold entities not aligned %zu\n", score->document_count, score->lost_count);
    print_line("micro", &micro);
    for (size_t i = 0; i < score->type_count; i++)
        print_line(names[i], &score->counts[(names[i] - score->types[0]) / TYPE_NAME_BYTES]);
    print_line("span", &score->spans);
}

bool eval_names(struct eval *eval, struct error *err)
{
    struct eval_lines lines;
    struct score score = {.eval = eval};
    if (!eval_read_lines(eval, eval->path, &lines, err))
        return false;
    read_documents(&score, &lines);
    if (!read_texts(&score, err))
        return false;
    struct eval_text *texts = arena_take_zeroed(eval->arena, score.document_count + 1, sizeof *texts);
    for (size_t i = 0; i < score.document_count; i++)
        texts[i].text = score.documents[i].text;
    if (!eval_extract(eval, texts, score.document_count, collect, &score, err))
        return false;
    print_figures(&score);
    return true;
}
