/* Reads HTML pages and prints what is held to be their article, as the scorer of ../shared/score/pages.py takes it, or
 * measures the CPU time that html_read() and boilerplate_mark() take. */
#include "processor/text/boilerplate.h"
#include "processor/text/html.h"
#include "processor/text/utf8.h"

#include <argp.h>
#include <jansson.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TIMED_RUNS = 5 };

struct options {
    bool has_title, shows_regions, is_timed;
    char **paths; /* [path_count] */
    int path_count;
};

static const struct argp_option option_list[] = {
    {.name = "title", .key = 'T', .doc = "Print titles, too"},
    {.name = "regions", .key = 'r', .doc = "Print every region with its kind, one a line, instead of JSON Lines of {id, text}"},
    {.name = "time", .key = 't', .doc = "Print nothing but the time a page takes"},
    {0},
};

static error_t option_take(int key, char *value, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 'T':
        options->has_title = true;
        return 0;
    case 'r':
        options->shows_regions = true;
        return 0;
    case 't':
        options->is_timed = true;
        return 0;
    case ARGP_KEY_ARGS:
        options->paths = state->argv + state->next;
        options->path_count = state->argc - state->next;
        return 0;
    default:
        (void)value;
        return ARGP_ERR_UNKNOWN;
    }
}

static struct view file_read(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    size_t len = (size_t)ftell(file);
    rewind(file);
    char *bytes = arena_take(arena, len);
    len = fread(bytes, 1, len, file);
    fclose(file);
    return utf8_repaired((struct view){.data = bytes, .len = len}, arena);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void regions_print(const struct html_page *page, const struct regions *regions)
{
    for (size_t i = 0; i < regions->count; i++) {
        struct view text = view_slice(page->text, regions->items[i].span.start, regions->items[i].span.end);
        printf("%-13s %.*s\n", region_kind_name(regions->items[i].kind), (int)text.len, text.data);
    }
}

static void body_print(const char *path, const struct html_page *page, const struct regions *regions, bool has_title)
{
    char *copy = strdup(path), *name = basename(copy), *dot = strrchr(name, '.'), *text = NULL;
    size_t len;
    if (dot)
        *dot = '\0';
    FILE *out = open_memstream(&text, &len);
    for (size_t i = 0; i < regions->count; i++) {
        const struct region *region = &regions->items[i];
        if (region->kind == REGION_BODY || (has_title && region->kind == REGION_TITLE))
            fprintf(out, "%.*s\n", (int)(region->span.end - region->span.start), page->text.data + region->span.start);
    }
    fclose(out);
    json_t *line = json_pack("{s:s, s:s%}", "id", name, "text", text, len);
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
    free(text);
    free(copy);
}

static double page_time_ms(struct view bytes)
{
    double best = 1e9;
    struct arena *arena = arena_new(1 << 20);
    for (int i = 0; i < TIMED_RUNS; i++) {
        arena_reset(arena);
        struct html_page page;
        struct error err = {0};
        double start = now_ms();
        if (html_read(bytes, arena, &page, &err))
            boilerplate_mark(page.text, page.hints, page.hint_count, arena);
        double took = now_ms() - start;
        best = took < best ? took : best;
    }
    arena_free(arena);
    return best;
}

static void times_print(const struct options *options, struct arena *arena)
{
    double sum = 0, most = 0;
    for (int i = 0; i < options->path_count; i++) {
        arena_reset(arena);
        double took = page_time_ms(file_read(options->paths[i], arena));
        sum += took;
        most = took > most ? took : most;
    }
    if (options->path_count)
        printf("pages %d  mean %.2f ms  most %.2f ms\n", options->path_count, sum / options->path_count, most);
}

static void pages_print(const struct options *options, struct arena *arena)
{
    for (int i = 0; i < options->path_count; i++) {
        arena_reset(arena);
        struct html_page page;
        struct error err = {0};
        if (!html_read(file_read(options->paths[i], arena), arena, &page, &err)) {
            fprintf(stderr, "%s: %s\n", options->paths[i], err.text);
            continue;
        }
        struct regions regions = boilerplate_mark(page.text, page.hints, page.hint_count, arena);
        if (options->shows_regions)
            regions_print(&page, &regions);
        else
            body_print(options->paths[i], &page, &regions, options->has_title);
    }
}

int main(int argc, char **argv)
{
    static const struct argp argp = {option_list, option_take, "[FILE...]", "Reads HTML pages.", NULL, NULL, NULL};
    struct options options = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    struct arena *arena = arena_new(1 << 20);
    if (options.is_timed)
        times_print(&options, arena);
    else
        pages_print(&options, arena);
    arena_free(arena);
    return EXIT_SUCCESS;
}
