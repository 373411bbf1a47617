/* Splits raw articles into sentences, for tests/bench/sentences.py: JSON Lines of {id, text} in, JSON Lines of
 * {id, starts: [code point, ...]} out. */
#include "processor/text/sentences.h"

#include "processor/text/utf8.h"

#include <argp.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct options {
    char **paths; /* [path_count] */
    int path_count;
};

static error_t option_take(int key, char *value, struct argp_state *state)
{
    struct options *options = state->input;
    (void)value;
    if (key != ARGP_KEY_ARGS)
        return ARGP_ERR_UNKNOWN;
    options->paths = state->argv + state->next;
    options->path_count = state->argc - state->next;
    return 0;
}

static void article_split(const json_t *article, struct arena *arena)
{
    const json_t *text_value = json_object_get(article, "text");
    struct view text = {.data = json_string_value(text_value), .len = json_string_length(text_value)};
    struct sentences sentences = sentences_split(text, (struct span){.end = (uint32_t)text.len}, arena);
    struct utf8_cursor cursor = {.text = text};
    json_t *starts = json_array();
    for (size_t i = 0; i < sentences.count; i++)
        json_array_append_new(starts, json_integer((json_int_t)utf8_cursor_move(&cursor, sentences.items[i].start)));
    json_auto_t *line = json_pack("{s:O, s:o}", "id", json_object_get(article, "id"), "starts", starts);
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
}

static void file_split(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t len; (len = getline(&line, &capacity, file)) >= 0; arena_reset(arena)) {
        json_auto_t *article = json_loadb(line, (size_t)len, 0, NULL);
        if (article)
            article_split(article, arena);
    }
    free(line);
    fclose(file);
}

int main(int argc, char **argv)
{
    static const struct argp argp = {NULL, option_take, "[FILE...]", "Splits articles into sentences.", NULL, NULL, NULL};
    struct options options = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    struct arena *arena = arena_new(1 << 16);
    for (int i = 0; i < options.path_count; i++)
        file_split(options.paths[i], arena);
    arena_free(arena);
    return EXIT_SUCCESS;
}
