/* The article's body on pages of news sites: shingles of four words, as in Scrapinghub's article-extraction benchmark. Each
 * page's right, wrong and missing shingles are shares of their sum; precision and recall are means over pages. */
#include "processor/commands/eval.h"

#include "processor/runtime/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>
#include <xxhash.h>

enum { SHINGLE_WORDS = 4 };

struct shingles {
    uint64_t *items; /* [count] hashes, sorted */
    size_t count;
};

struct page_score {
    double right, wrong, missing; /* shares */
    bool is_empty;                /* nothing was extracted */
};

struct score {
    struct view *bodies; /* [count], of the data set */
    struct page_score *pages;
};

/* As Python's \w. */
static bool is_word_rune(utf8proc_int32_t rune)
{
    utf8proc_category_t category = utf8proc_category(rune);
    return rune == '_' || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static int compare_hashes(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* The hashes of the words of `text`, in order, into words [text.len + 1]; returns how many. */
static size_t hash_words(struct view text, uint64_t *words)
{
    size_t count = 0, start = 0;
    bool in_word = false;
    for (size_t at = 0; at <= text.len;) {
        utf8proc_int32_t rune = 0;
        utf8proc_ssize_t bytes = 1;
        if (at < text.len)
            bytes = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.len - at), &rune);
        bool is_word = at < text.len && bytes > 0 && is_word_rune(rune);
        if (is_word && !in_word)
            start = at;
        if (!is_word && in_word)
            words[count++] = XXH64(text.data + start, at - start, 0);
        in_word = is_word;
        at += bytes > 0 ? (size_t)bytes : 1;
    }
    return count;
}

/* A text of fewer words than a shingle has is one shorter shingle; an empty one has none. */
static struct shingles shingles_of(struct view text)
{
    uint64_t *words = memory_take((text.len + 1) * sizeof *words);
    size_t word_count = hash_words(text, words);
    struct shingles shingles = {.items = words};
    if (word_count > 0)
        shingles.count = word_count < SHINGLE_WORDS ? 1 : word_count - SHINGLE_WORDS + 1;
    for (size_t i = 0; i < shingles.count; i++) {
        size_t length = word_count < SHINGLE_WORDS ? word_count : SHINGLE_WORDS;
        words[i] = XXH64(words + i, length * sizeof *words, length);
    }
    qsort(words, shingles.count, sizeof *words, compare_hashes);
    return shingles;
}

static struct page_score compare(struct view gold, struct view said)
{
    struct shingles a = shingles_of(gold), b = shingles_of(said);
    size_t right = 0;
    for (size_t i = 0, j = 0; i < a.count && j < b.count;) {
        right += a.items[i] == b.items[j];
        bool moves_a = a.items[i] <= b.items[j], moves_b = b.items[j] <= a.items[i];
        i += moves_a;
        j += moves_b;
    }
    double sum = (double)(a.count + b.count - right);
    struct page_score score = {.right = eval_share((double)right, sum),
                               .wrong = eval_share((double)(b.count - right), sum),
                               .missing = eval_share((double)(a.count - right), sum),
                               .is_empty = said.len == 0};
    free(a.items);
    free(b.items);
    return score;
}

static struct view body_of(const struct findings *findings)
{
    size_t most = 1;
    for (size_t i = 0; findings && i < findings->region_count; i++)
        most += findings->regions[i].span.end - findings->regions[i].span.start + 1U;
    char *body = memory_take(most);
    size_t len = 0;
    for (size_t i = 0; findings && i < findings->region_count; i++) {
        struct span span = findings->regions[i].span;
        if (findings->regions[i].kind != REGION_BODY)
            continue;
        if (len > 0)
            body[len++] = '\n';
        memcpy(body + len, findings->text.data + span.start, span.end - span.start);
        len += span.end - span.start;
    }
    return (struct view){.data = body, .len = len};
}

static void collect(void *context, size_t index, const struct findings *findings)
{
    struct score *score = context;
    struct view body = body_of(findings);
    score->pages[index] = compare(score->bodies[index], body);
    free((char *)(uintptr_t)body.data);
}

static void print_figures(const struct page_score *pages, size_t count)
{
    double precision = 0, recall = 0, f1 = 0;
    size_t said = 0, wanted = 0, empty = 0;
    for (size_t i = 0; i < count; i++) {
        const struct page_score *page = &pages[i];
        bool is_perfect = page->wrong == 0 && page->missing == 0;
        if (page->right + page->wrong > 0) {
            precision += is_perfect ? 1 : page->right / (page->right + page->wrong);
            said++;
        }
        if (page->right + page->missing > 0) {
            recall += is_perfect ? 1 : page->right / (page->right + page->missing);
            wanted++;
        }
        f1 += eval_share(2 * page->right, 2 * page->right + page->wrong + page->missing);
        empty += page->is_empty;
    }
    precision = eval_share(precision, (double)said);
    recall = eval_share(recall, (double)wanted);
    printf("pages %zu  P %.3f  R %.3f  F1 %.3f  mean page F1 %.3f  empty %zu\n", count, precision, recall,
           eval_share(2 * precision * recall, precision + recall), eval_share(f1, (double)count), empty);
}

/* NAME.html.gz, or NAME.html, beside the file. */
static bool read_html(struct eval *eval, const char *name, struct view *html, struct error *err)
{
    const char *slash = strrchr(eval->path, '/');
    int folder_len = slash ? (int)(slash - eval->path) + 1 : 0;
    struct error first = {0};
    if (eval_read(eval, arena_print(eval->arena, "%.*s%s.html.gz", folder_len, eval->path, name).data, html, &first))
        return true;
    if (eval_read(eval, arena_print(eval->arena, "%.*s%s.html", folder_len, eval->path, name).data, html, NULL))
        return true;
    *err = first;
    return false;
}

static bool score_pages(struct eval *eval, json_t *root, struct error *err)
{
    size_t count = json_object_size(root), next = 0;
    struct eval_text *texts = arena_take_zeroed(eval->arena, count + 1, sizeof *texts);
    struct score score = {.bodies = arena_take_zeroed(eval->arena, count + 1, sizeof *score.bodies),
                          .pages = arena_take_zeroed(eval->arena, count + 1, sizeof *score.pages)};
    const char *name;
    json_t *page;
    json_object_foreach(root, name, page)
    {
        score.bodies[next] = eval_string(json_object_get(page, "articleBody"));
        if (!read_html(eval, name, &texts[next].html, err))
            return false;
        next++;
    }
    if (!eval_extract(eval, texts, count, collect, &score, err))
        return false;
    print_figures(score.pages, count);
    return true;
}

bool eval_pages(struct eval *eval, struct error *err)
{
    struct view bytes;
    if (!eval_read(eval, eval->path, &bytes, err))
        return false;
    json_auto_t *root = json_loadb(bytes.data, bytes.len, 0, NULL);
    if (!json_is_object(root))
        return error_set(err, ERROR_INPUT, "eval.format", "%s is no JSON object {NAME: {\"articleBody\"}}", eval->path);
    return score_pages(eval, root, err);
}
