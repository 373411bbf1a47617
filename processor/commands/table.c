#include "processor/commands/table.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include <stdlib.h>

enum { WIDTH_LEAST = 60, WIDTH_USUAL = 120, NAME_MOST = 28, POLARITY_COLUMNS = 8 };

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

struct table table_of(FILE *to)
{
    struct winsize size = {0};
    bool is_terminal = isatty(fileno(to)) != 0;
    const char *columns = getenv("COLUMNS"), *no_colour = getenv("NO_COLOR");
    unsigned long width = is_terminal && ioctl(fileno(to), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    if (width == 0 && columns != NULL)
        width = strtoul(columns, NULL, 10);
    return (struct table){
        .to = to,
        .width = width == 0 || width > 1000 ? WIDTH_USUAL : width < WIDTH_LEAST ? WIDTH_LEAST : width,
        .has_colour = is_terminal && (no_colour == NULL || *no_colour == '\0'),
    };
}

/* The next character of `text` that takes columns, and how many; 0 at the end. White space and controls are a space. */
static utf8proc_ssize_t next(struct view text, size_t at, const char **bytes, size_t *columns)
{
    utf8proc_int32_t code_point;
    if (at >= text.len)
        return 0;
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.len - at), &code_point);
    *bytes = text.data + at;
    *columns = 1;
    if (len <= 0) {
        *bytes = NULL; /* not UTF-8 */
        return 1;
    }
    utf8proc_category_t category = utf8proc_category(code_point);
    if (category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL ||
        category == UTF8PROC_CATEGORY_ZP)
        *bytes = " ";
    else
        *columns = (size_t)utf8proc_charwidth(code_point);
    return len;
}

size_t table_print_text(FILE *to, struct view text, size_t columns, size_t pad)
{
    size_t used = 0, at = 0, width = 0;
    const char *bytes = NULL;
    utf8proc_ssize_t len;
    while ((len = next(text, at, &bytes, &width)) > 0) {
        bool is_last = at + (size_t)len == text.len;
        if (used + width > columns - (is_last ? 0 : 1))
            break;
        if (bytes == NULL)
            fputs("\xEF\xBF\xBD", to);
        else
            fwrite(bytes, 1, bytes == text.data + at ? (size_t)len : 1, to);
        used += width;
        at += (size_t)len;
    }
    if (at < text.len && used < columns) {
        fputs("…", to);
        used++;
    }
    for (; used < pad; used++)
        fputc(' ', to);
    return used;
}

static const char *colour(const struct table *table, const char *code)
{
    return table->has_colour ? code : "";
}

void table_print_heading(const struct table *table, struct view text, struct view note)
{
    fprintf(table->to, "\n%s", colour(table, BOLD));
    size_t used = table_print_text(table->to, text, table->width, 0);
    fputs(colour(table, PLAIN), table->to);
    if (note.len > 0 && used + 4 < table->width) {
        fprintf(table->to, "  %s", colour(table, DIM));
        table_print_text(table->to, note, table->width - used - 2, 0);
        fputs(colour(table, PLAIN), table->to);
    }
    fputc('\n', table->to);
}

static const char *polarity_colour(struct view polarity)
{
    if (view_equal(polarity, view_of("against")))
        return RED;
    return view_equal(polarity, view_of("for")) ? GREEN : YELLOW;
}

void table_print_stance(const struct table *table, const struct row_stance *stance)
{
    size_t name = table->width / 5 < NAME_MOST ? table->width / 5 : NAME_MOST;
    const char *mark = stance->is_topic && name > 2 ? "T:" : "";
    FILE *to = table->to;
    size_t used = 2;
    fputs("  ", to);
    used += table_print_text(to, stance->source, name, name);
    fputs(" → ", to);
    used += 3 + (size_t)fprintf(to, "%s", mark);
    used += table_print_text(to, stance->target, name - strlen(mark), name - strlen(mark));
    fprintf(to, " %s", colour(table, polarity_colour(stance->polarity)));
    used += 1 + table_print_text(to, stance->polarity, POLARITY_COLUMNS, POLARITY_COLUMNS);
    used += (size_t)fprintf(to, "%4.2f", stance->confidence);
    fprintf(to, "%s  ", colour(table, PLAIN));
    used += 2;
    if (used < table->width)
        table_print_text(to, stance->evidence, table->width - used, 0);
    fputc('\n', to);
}

void table_print_note(const struct table *table, const char *label, struct view text, bool is_fault)
{
    fputs("  ", table->to);
    fputs(colour(table, is_fault ? RED : DIM), table->to);
    size_t used = 2 + table_print_text(table->to, view_of(label), 20, 12);
    fprintf(table->to, "%s ", colour(table, PLAIN));
    table_print_text(table->to, text, table->width > used + 1 ? table->width - used - 1 : 1, 0);
    fputc('\n', table->to);
}
