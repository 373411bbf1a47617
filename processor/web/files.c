#include "processor/web/files.h"

/* The assembler reads the files: no tool, no generated source, and what is in the tree is what is served. */
#define INCLUDE(name, file)                                                                              \
    __asm__(".pushsection .rodata\n"                                                                     \
            ".global file_" #name "_start\n.global file_" #name "_end\n"                                 \
            "file_" #name "_start: .incbin \"processor/web/" file "\"\nfile_" #name "_end: .byte 0\n"    \
            ".popsection\n");                                                                            \
    extern const char file_##name##_start[], file_##name##_end[];

#define FILES(X)                                               \
    X(page, "page.html", "/", "text/html")                     \
    X(style, "page.css", "/page.css", "text/css")              \
    X(graph, "graph.js", "/graph.js", "text/javascript")       \
    X(article, "article.js", "/article.js", "text/javascript") \
    X(live, "live.js", "/live.js", "text/javascript")          \
    X(icon, "icon.svg", "/icon.svg", "image/svg+xml")

#define X(name, file, path, type) INCLUDE(name, file)
FILES(X)
#undef X

bool files_find(const char *path, struct file *file)
{
    static const struct {
        const char *path, *type, *start, *end;
    } files[] = {
#define X(name, file, path, type) {path, type "; charset=utf-8", file_##name##_start, file_##name##_end},
        FILES(X)
#undef X
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(files[i].path, path) == 0) {
            *file = (struct file){.type = files[i].type, .text = {files[i].start, (size_t)(files[i].end - files[i].start)}};
            return true;
        }
    return false;
}
