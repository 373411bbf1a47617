/* Reads HTML pages and prints what is held to be their article, for ../shared/score/pages.py:
 *
 *   pages [-k KINDS] FILE...  one JSON line a page: {"id": file name without .html, "text": body regions by newlines}
 *   pages -r FILE...          every region of each page, one a line, with its kind
 *   pages -t FILE...          nothing but the time a page takes: html_read() and boilerplate_mark() */
#include "processor/text/boilerplate.h"
#include "processor/text/html.h"
#include "processor/text/utf8.h"

#include <jansson.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { TIMED_RUNS = 5 };

struct options {
    bool has_title, shows_regions, is_timed;
};

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
    clock_gettime(CLOCK_MONOTONIC, &now);
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

int main(int argc, char **argv)
{
    struct options options = {0};
    for (int option; (option = getopt(argc, argv, "Trt")) != -1;) {
        options.has_title |= option == 'T';
        options.shows_regions |= option == 'r';
        options.is_timed |= option == 't';
    }
    struct arena *arena = arena_new(1 << 20);
    double sum = 0, most = 0;
    for (int i = optind; i < argc; i++) {
        arena_reset(arena);
        struct view bytes = file_read(argv[i], arena);
        struct html_page page;
        struct error err = {0};
        if (options.is_timed) {
            double took = page_time_ms(bytes);
            sum += took;
            most = took > most ? took : most;
            continue;
        }
        if (!html_read(bytes, arena, &page, &err)) {
            fprintf(stderr, "%s: %s\n", argv[i], err.text);
            continue;
        }
        struct regions regions = boilerplate_mark(page.text, page.hints, page.hint_count, arena);
        if (options.shows_regions)
            regions_print(&page, &regions);
        else
            body_print(argv[i], &page, &regions, options.has_title);
    }
    if (options.is_timed && argc > optind)
        printf("pages %d  mean %.2f ms  most %.2f ms\n", argc - optind, sum / (argc - optind), most);
    arena_free(arena);
    return EXIT_SUCCESS;
}
