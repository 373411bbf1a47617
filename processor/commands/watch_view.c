#include "processor/commands/watch_view.h"

#include "processor/commands/reasons.h"
#include "processor/emit/rows.h"
#include "processor/ops/fleet.h"
#include "processor/runtime/clock.h"
#include "processor/runtime/memory.h"

#include <sys/ioctl.h>

#include <stdlib.h>

enum { STANCES_MOST = 200, DRAW_MS = 200, IDLE_DRAW_MS = 1000, LINES_USUAL = 24, LINES_LEAST = 8, INSTANCE_LINES_LEAST = 3, NARROW = 110 };

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

struct watch_view {
    FILE *to;
    const char *title;
    struct row rows[STANCES_MOST]; /* a ring: the newest is at (row_count - 1) % STANCES_MOST */
    size_t row_count;              /* ever */
    struct fleet *fleet;
    struct reasons reasons; /* of the dead letters */
    char *dead_letter; /* the last one, as a line; NULL: none yet */
    int64_t drawn_ms;
    bool is_changed;
};

struct watch_view *watch_view_open(FILE *to, const char *title)
{
    struct watch_view *view = memory_new(1, sizeof *view);
    view->to = to;
    view->title = title;
    view->fleet = fleet_new();
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
    fleet_free(view->fleet);
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
    reasons_add(&view->reasons, code);
    view->is_changed = true;
}

void watch_view_add_status(struct watch_view *view, const json_t *status, int64_t age_ms)
{
    fleet_add(view->fleet, status, age_ms, clock_now_ms());
    view->is_changed = true;
}

/* One line, which is the caller's to end. */
struct line {
    FILE *to;
    size_t left; /* columns */
};

static void put(struct line *line, const char *text, size_t columns)
{
    columns = columns < line->left ? columns : line->left;
    line->left -= table_print_text(line->to, view_of(text), columns, columns);
}

/* What an instance that is not present said last is no longer so, and is not shown. On a narrow screen less is said, so that what is
 * said can be read to the end. */
static void draw_instance(const struct table *table, const struct fleet_instance *instance)
{
    const json_t *status = instance->status;
    FILE *to = table->to;
    bool is_narrow = table->width < NARROW;
    struct line line = {.to = to, .left = table->width - 2};
    char text[256];
    const char *state = json_string_value(json_object_get(status, "state"));
    bool is_present = instance->presence == FLEET_PRESENT;
    bool is_fine = is_present && state != NULL && strcmp(state, "running") == 0;
    fputs(is_fine ? "  " : instance->presence == FLEET_ENDED ? "  " DIM : table->has_colour ? "  " RED : "  " BOLD, to);
    put(&line, instance->name, is_narrow ? 16 : 24);
    put(&line, " ", 1);
    put(&line, is_present && state != NULL ? state : fleet_presence_name(instance->presence), 9);
    if (is_present && is_narrow)
        snprintf(text, sizeof text, "%6.1f/s  lag %-7.0f %5.0f MiB %5.0f ms %3lld s ago", fleet_number(status, "rates", "done"),
                 fleet_number(status, "lag_total", NULL), fleet_number(status, "memory", "resident_bytes") / 1048576.0,
                 fleet_number(status, "article_seconds", "p50") * 1000.0, (long long)(instance->age_ms / 1000));
    else if (is_present)
        snprintf(text, sizeof text, "%8.1f/s  lag %-8.0f in hand %-6.0f %6.0f MiB  median %5.0f ms  %lld s ago",
                 fleet_number(status, "rates", "done"), fleet_number(status, "lag_total", NULL), fleet_number(status, "work", "in_hand"),
                 fleet_number(status, "memory", "resident_bytes") / 1048576.0, fleet_number(status, "article_seconds", "p50") * 1000.0,
                 (long long)(instance->age_ms / 1000));
    else
        snprintf(text, sizeof text, "  for %lld s", (long long)(instance->age_ms / 1000));
    put(&line, text, sizeof text);
    fputs(PLAIN CLEAR_LINE "\n", to);
}

/* At most `most` lines; returns how many were used. */
static size_t draw_instances(struct watch_view *view, const struct table *table, size_t most)
{
    FILE *to = table->to;
    struct fleet_instance instances[FLEET_INSTANCES_MOST];
    size_t count = fleet_instances(view->fleet, clock_now_ms(), instances);
    size_t shown = count <= most ? count : most - 1;
    for (size_t i = 0; i < shown; i++)
        draw_instance(table, &instances[i]);
    if (shown < count)
        fprintf(to, DIM "  and %zu more" PLAIN CLEAR_LINE "\n", count - shown);
    if (count == 0)
        fputs(DIM "  no status record yet" PLAIN CLEAR_LINE "\n", to);
    return count == 0 ? 1 : shown + (shown < count);
}

static void draw_sums(struct watch_view *view, FILE *to, size_t width)
{
    struct fleet_sums sums = fleet_sum(view->fleet, clock_now_ms());
    struct line line = {.to = to, .left = width - 2};
    char text[256];
    int len = snprintf(text, sizeof text, "%zu present, %zu silent  %.1f/s  lag %s%lld", sums.present, sums.silent, sums.done_rate,
                       sums.unknown > 0 ? "at least " : "", (long long)sums.lag);
    if (sums.unknown > 0 && len > 0 && (size_t)len < sizeof text)
        snprintf(text + len, sizeof text - (size_t)len, ", unknown of %zu partitions", sums.unknown);
    fputs("  " BOLD, to);
    put(&line, text, sizeof text);
    fputs(PLAIN CLEAR_LINE "\n", to);
}

/* "lag  articles.raw 0:12 1:0 2:?", as many as there is room for. */
static void draw_lags(struct watch_view *view, FILE *to, size_t width)
{
    struct fleet_partition *partitions = memory_new(FLEET_PARTITIONS_MOST, sizeof *partitions);
    size_t count = fleet_partitions(view->fleet, clock_now_ms(), partitions);
    struct line line = {.to = to, .left = width - 2};
    const char *topic = "";
    char text[32];
    fputs("  " DIM, to);
    put(&line, "lag", 3);
    for (size_t i = 0; i < count && line.left > 0; i++) {
        if (strcmp(topic, partitions[i].topic) != 0) {
            put(&line, "  ", 2);
            put(&line, partitions[i].topic, strlen(partitions[i].topic));
            topic = partitions[i].topic;
        }
        if (partitions[i].lag >= 0)
            snprintf(text, sizeof text, " %d:%lld", partitions[i].partition, (long long)partitions[i].lag);
        else
            snprintf(text, sizeof text, " %d:?", partitions[i].partition);
        put(&line, text, strlen(text));
    }
    fputs(PLAIN CLEAR_LINE "\n", to);
    free(partitions);
}

static void draw_dead_letters(struct watch_view *view, const struct table *table)
{
    FILE *to = table->to;
    size_t width = table->width;
    char *text = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&text, &bytes);
    if (memory == NULL)
        memory_exhausted(0);
    fprintf(memory, "%zu stances, %zu dead letters seen", view->row_count, view->reasons.total);
    reasons_print(&view->reasons, memory);
    fclose(memory);
    fputs("  " DIM, to);
    table_print_text(to, view_of(text), width - 2, 0);
    fputs(PLAIN CLEAR_LINE "\n", to);
    free(text);
    if (view->dead_letter == NULL)
        return;
    fprintf(to, "  %slast dead letter" PLAIN "  ", table->has_colour ? RED : BOLD);
    table_print_text(to, view_of(view->dead_letter), width - 20, 0);
    fputs(CLEAR_LINE "\n", to);
}

/* Returns how many lines were used. */
static size_t draw_head(struct watch_view *view, const struct table *table, size_t lines)
{
    FILE *to = table->to;
    size_t width = table->width;
    char now[CLOCK_TEXT_BYTES];
    fputs(HOME BOLD, to);
    table_print_text(to, view_of(view->title), width - 26, width - 26);
    fprintf(to, PLAIN " %.19sZ" CLEAR_LINE "\n", clock_text(clock_wall_ms(), now));
    draw_sums(view, to, width);
    size_t used = draw_instances(view, table, lines / 3 > INSTANCE_LINES_LEAST ? lines / 3 : INSTANCE_LINES_LEAST);
    draw_lags(view, to, width);
    draw_dead_letters(view, table);
    fputs(CLEAR_LINE "\n", to);
    return 5 + used + (view->dead_letter != NULL);
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
    size_t used = draw_head(view, &table, lines);
    for (size_t i = 1; i <= view->row_count && i <= STANCES_MOST && used + 1 < lines; i++, used++) {
        fputs(CLEAR_LINE, to); /* before the row: behind one that is as wide as the screen it would take the last letter */
        table_print_stance(&table, &view->rows[(view->row_count - i) % STANCES_MOST].stance);
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
