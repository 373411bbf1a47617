#include "processor/commands/watch_view.h"

#include "processor/emit/rows.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <sys/ioctl.h>

#include <stdlib.h>

enum { STANCES_MOST = 200, INSTANCES_MOST = 64, DRAW_MS = 200, IDLE_DRAW_MS = 1000, STALE_MS = 60000, LINES_USUAL = 24, LINES_LEAST = 8 };

#define SCREEN_OTHER "\033[?1049h\033[?25l"
#define SCREEN_BACK "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define CLEAR_LINE "\033[K"
#define CLEAR_REST "\033[J"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define PLAIN "\033[0m"

/* One stance, its texts in one block. */
struct row {
    char *block;
    struct row_stance stance;
};

struct instance {
    char *name;
    json_t *status;
    int64_t seen_ms;
};

struct watch_view {
    FILE *to;
    const char *title;
    struct row rows[STANCES_MOST]; /* a ring: the newest is at (row_count - 1) % STANCES_MOST */
    size_t row_count;              /* ever */
    struct instance instances[INSTANCES_MOST];
    size_t instance_count;
    size_t dead_letter_count;
    char *dead_letter; /* the last one, as a line; NULL: none yet */
    int64_t drawn_ms;
    bool is_changed;
};

struct watch_view *watch_view_open(FILE *to, const char *title)
{
    struct watch_view *view = memory_new(1, sizeof *view);
    view->to = to;
    view->title = title;
    view->is_changed = true;
    fputs(SCREEN_OTHER, to);
    fflush(to);
    return view;
}

void watch_view_close(struct watch_view *view)
{
    if (view == NULL)
        return;
    fputs(SCREEN_BACK, view->to);
    fflush(view->to);
    for (size_t i = 0; i < STANCES_MOST; i++)
        free(view->rows[i].block);
    for (size_t i = 0; i < view->instance_count; i++) {
        free(view->instances[i].name);
        json_decref(view->instances[i].status);
    }
    free(view->dead_letter);
    free(view);
}

static struct view copy_to(char **at, struct view text)
{
    struct view copy = {.data = *at, .len = text.len};
    if (text.len > 0)
        memcpy(*at, text.data, text.len);
    *at += text.len;
    return copy;
}

void watch_view_add_stance(struct watch_view *view, const struct row_stance *stance)
{
    struct row *row = &view->rows[view->row_count++ % STANCES_MOST];
    free(row->block);
    row->block = memory_take(stance->source.len + stance->target.len + stance->polarity.len + stance->evidence.len);
    char *at = row->block;
    row->stance = (struct row_stance){
        .source = copy_to(&at, stance->source),
        .target = copy_to(&at, stance->target),
        .polarity = copy_to(&at, stance->polarity),
        .evidence = copy_to(&at, stance->evidence),
        .confidence = stance->confidence,
        .is_topic = stance->is_topic,
    };
    view->is_changed = true;
}

void watch_view_add_dead_letter(struct watch_view *view, struct view key, struct view code, struct view message)
{
    char *line = NULL;
    if (asprintf(&line, "%.*s  %.*s  %.*s", (int)key.len, key.data, (int)code.len, code.data, (int)message.len, message.data) < 0)
        memory_exhausted(message.len);
    free(view->dead_letter);
    view->dead_letter = line;
    view->dead_letter_count++;
    view->is_changed = true;
}

void watch_view_add_status(struct watch_view *view, const json_t *status)
{
    const char *name = json_string_value(json_object_get(status, "instance"));
    size_t at = 0;
    if (name == NULL)
        return;
    while (at < view->instance_count && strcmp(view->instances[at].name, name) != 0)
        at++;
    if (at == INSTANCES_MOST)
        return;
    struct instance *instance = &view->instances[at];
    if (at == view->instance_count) {
        view->instance_count++;
        instance->name = memory_copy(name);
    }
    json_decref(instance->status);
    instance->status = json_deep_copy(status);
    instance->seen_ms = clock_now_ms();
    view->is_changed = true;
}

static double number(const json_t *object, const char *first, const char *second)
{
    return json_number_value(json_object_get(json_object_get(object, first), second));
}

/* Dead letters of all codes. */
static double sum(const json_t *object)
{
    const char *key;
    const json_t *value;
    double total = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
        total += json_number_value(value);
    return total;
}

static void draw_instance(FILE *to, const struct instance *instance, size_t width)
{
    const json_t *status = instance->status;
    struct view state = rows_text(status, "state");
    bool is_fine = view_equal(state, view_of("running")) && clock_now_ms() - instance->seen_ms < STALE_MS;
    char line[512];
    snprintf(line, sizeof line, "%8.1f/s  lag %-8.0f in hand %-6.0f %6.0f MiB  median %5.0f ms  dead %-6.0f",
             number(status, "rates", "done"), json_number_value(json_object_get(status, "lag_total")), number(status, "work", "in_hand"),
             number(status, "memory", "resident_bytes") / 1048576.0, number(status, "article_seconds", "p50") * 1000.0,
             sum(json_object_get(status, "dead_letters")));
    fputs(is_fine ? "  " : "  " RED, to);
    size_t used = 2 + table_print_text(to, view_of(instance->name), 24, 24);
    fputc(' ', to);
    used += 1 + table_print_text(to, clock_now_ms() - instance->seen_ms < STALE_MS ? state : view_of("silent"), 9, 9);
    if (used < width)
        table_print_text(to, view_of(line), width - used, 0);
    fputs(PLAIN CLEAR_LINE "\n", to);
}

/* Returns how many lines were used. */
static size_t draw_head(struct watch_view *view, FILE *to, size_t width)
{
    char now[CLOCK_TEXT_BYTES];
    fputs(HOME BOLD, to);
    table_print_text(to, view_of(view->title), width - 26, width - 26);
    fprintf(to, PLAIN " %.19sZ" CLEAR_LINE "\n", clock_text(clock_wall_ms(), now));
    if (view->instance_count == 0)
        fputs(DIM "  no status record yet" PLAIN CLEAR_LINE "\n", to);
    for (size_t i = 0; i < view->instance_count; i++)
        draw_instance(to, &view->instances[i], width);
    fprintf(to, DIM "  %zu stances, %zu dead letters seen" PLAIN CLEAR_LINE "\n", view->row_count, view->dead_letter_count);
    if (view->dead_letter != NULL) {
        fputs("  " RED "last dead letter" PLAIN "  ", to);
        table_print_text(to, view_of(view->dead_letter), width - 20, 0);
        fputs(CLEAR_LINE "\n", to);
    }
    fputs(CLEAR_LINE "\n", to);
    return 3 + (view->instance_count > 0 ? view->instance_count : 1) + (view->dead_letter != NULL);
}

static void draw(struct watch_view *view)
{
    struct winsize size = {0};
    size_t lines = ioctl(fileno(view->to), TIOCGWINSZ, &size) == 0 && size.ws_row >= LINES_LEAST ? size.ws_row : LINES_USUAL;
    char *text = NULL;
    size_t bytes = 0;
    FILE *to = open_memstream(&text, &bytes);
    if (to == NULL)
        memory_exhausted(0);
    struct table table = table_of(view->to);
    table.to = to;
    size_t used = draw_head(view, to, table.width);
    for (size_t i = 1; i <= view->row_count && i <= STANCES_MOST && used + 1 < lines; i++, used++) {
        table_print_stance(&table, &view->rows[(view->row_count - i) % STANCES_MOST].stance);
        fputs(CLEAR_LINE, to);
    }
    fputs(CLEAR_REST, to);
    fclose(to);
    fwrite(text, 1, bytes, view->to);
    fflush(view->to);
    free(text);
}

void watch_view_draw(struct watch_view *view)
{
    int64_t since_ms = clock_now_ms() - view->drawn_ms;
    if (since_ms < DRAW_MS || (!view->is_changed && since_ms < IDLE_DRAW_MS))
        return;
    draw(view);
    view->drawn_ms = clock_now_ms();
    view->is_changed = false;
}
