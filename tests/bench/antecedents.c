/* What speaks for each candidate of each pronoun, for training/antecedents.py: antecedents MODEL KNOWLEDGE < ARTICLES
 * JSON Lines of {id, title, text} in; out, a line with the names of the signs, then one an article, {id, pronouns: [[start, end, class, [[name start, start, end, sign, ...], ...]], ...]}. All
 * positions are bytes; a candidate is known by where its entity is named first, and has the span of its nearest mark. */
#include "processor/extract/extractor.h"
#include "processor/extract/pronouns.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const sign_names[] = {
#define X(name) #name,
    PRONOUN_SIGNS(X)
#undef X
};

static void hear(void *context, const struct discourse *discourse, size_t at, enum pronoun_class kind, const struct pronoun_choice *choices,
                 size_t count)
{
    json_t *candidates = json_array();
    for (size_t i = 0; i < count; i++) {
        struct span span = discourse->reading->marks[choices[i].mark].span;
        json_t *row = json_pack("[I, I, I]", (json_int_t)discourse->clusters->items[choices[i].entity].first_start, (json_int_t)span.start,
                                (json_int_t)span.end);
        for (size_t k = 0; k < PRONOUN_SIGN_COUNT; k++)
            json_array_append_new(row, json_real((double)choices[i].signs[k]));
        json_array_append_new(candidates, row);
    }
    struct span span = discourse->reading->marks[at].span;
    json_array_append_new(context, json_pack("[I, I, i, o]", (json_int_t)span.start, (json_int_t)span.end, (int)kind, candidates));
}

static const char *text_of(const json_t *article, const char *key)
{
    const char *text = json_string_value(json_object_get(article, key));
    return text != NULL ? text : "";
}

static void read_article(const struct extractor *extractor, struct extractor_scratch *scratch, const json_t *article, struct arena *arena)
{
    json_t *pronouns = json_array();
    const struct pronouns_listener listener = {.heard = hear, .context = pronouns};
    const struct extractor_input input = {
        .text = view_of(text_of(article, "text")), .title = view_of(text_of(article, "title")), .listener = &listener};
    struct findings findings;
    struct error err = {0};
    if (!extractor_run(extractor, scratch, &input, arena, &findings, &err))
        fprintf(stderr, "antecedents: %s: %s\n", text_of(article, "id"), err.text);
    json_auto_t *line = json_pack("{s:s, s:o}", "id", text_of(article, "id"), "pronouns", pronouns);
    json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    putchar('\n');
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: antecedents MODEL KNOWLEDGE < ARTICLES\n");
        return 2;
    }
    const struct extractor_options options = {.model_path = argv[1], .knowledge_path = argv[2]};
    struct error err = {0};
    struct extractor *extractor = extractor_new(&options, &err);
    if (extractor == NULL) {
        fprintf(stderr, "antecedents: %s\n", err.text);
        return 2;
    }
    json_auto_t *names = json_array();
    for (size_t i = 0; i < PRONOUN_SIGN_COUNT; i++)
        json_array_append_new(names, json_string(sign_names[i]));
    json_dumpf(names, stdout, JSON_COMPACT);
    putchar('\n');
    struct extractor_scratch *scratch = extractor_scratch_new(extractor);
    struct arena *arena = arena_new(1 << 20);
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t len; (len = getline(&line, &capacity, stdin)) >= 0; arena_reset(arena)) {
        json_auto_t *article = json_loadb(line, (size_t)len, 0, NULL);
        if (article != NULL)
            read_article(extractor, scratch, article, arena);
    }
    free(line);
    arena_free(arena);
    extractor_scratch_free(scratch);
    extractor_free(extractor);
    return 0;
}
