#include "processor/knowledge/own.h"

#include "processor/knowledge/csv.h"
#include "processor/knowledge/normal.h"
#include "processor/runtime/memory.h"
#include "processor/text/utf8.h"

#include <stdlib.h>
#include <strings.h>

enum { ARENA_BYTES = 64 * 1024, ID_BYTES_MOST = 11, NAME_BYTES_LEAST = 2 };

enum column { COLUMN_NAME, COLUMN_TYPE, COLUMN_WIKIDATA, COLUMN_COUNTRY, COLUMN_ALIASES, COLUMN_COUNT };
static const char *const column_names[COLUMN_COUNT] = {"name", "type", "wikidata", "country", "aliases"};

struct item {
    struct known known;
    uint32_t entry;
    size_t line;
};

struct surface {
    struct view name;
    uint32_t entry;
    size_t line;
};

struct number {
    char wikidata[12];
    uint32_t entry;
};

struct own {
    struct arena *arena;
    struct item *items; /* [item_count], sorted by entry once all are read */
    size_t item_count, item_room, new_count;
    struct surface *surfaces; /* [surface_count], sorted by name */
    size_t surface_count, surface_room;
};

/* What is needed while the file is read. */
struct reader {
    struct own *own;
    const struct knowledge *knowledge;
    const char *file_name;
    struct number *numbers; /* [number_count] the knowledge's identifiers, sorted */
    size_t number_count;
    size_t places[COLUMN_COUNT]; /* cell of each column; CSV_CELLS_MOST: it is missing */
    struct error *err;
};

static bool complain(const struct reader *reader, size_t line, const char *what, struct view value)
{
    return error_set(reader->err, ERROR_CONFIG, "own.row", "%s:%zu: \"%.*s\" %s", reader->file_name, line,
                     (int)(value.len < KNOWN_NAME_BYTES ? value.len : KNOWN_NAME_BYTES), value.len > 0 ? value.data : "", what);
}

static int by_wikidata(const void *left, const void *right)
{
    return strcmp(((const struct number *)left)->wikidata, ((const struct number *)right)->wikidata);
}

static void read_numbers(struct reader *reader)
{
    size_t count = knowledge_count(reader->knowledge);
    reader->numbers = memory_new(count + 1, sizeof *reader->numbers);
    for (uint32_t i = 0; i < count; i++) {
        struct known known = knowledge_get(reader->knowledge, i);
        if (!known.wikidata[0])
            continue;
        struct number *number = &reader->numbers[reader->number_count++];
        memcpy(number->wikidata, known.wikidata, sizeof number->wikidata);
        number->entry = i;
    }
    qsort(reader->numbers, reader->number_count, sizeof *reader->numbers, by_wikidata);
}

static uint32_t find_country(const struct knowledge *knowledge, const char *code)
{
    for (uint32_t i = 0; i < knowledge_count(knowledge); i++) {
        struct known known = knowledge_get(knowledge, i);
        if (known.kind == KNOWN_KIND_COUNTRY && strcmp(known.country, code) == 0)
            return i;
    }
    return KNOWN_NONE;
}

/* --- cells --------------------------------------------------------------------------------------------------------- */

static struct view cell_of(const struct reader *reader, const struct csv_row *row, enum column column)
{
    size_t place = reader->places[column];
    return place < row->count ? row->cells[place] : (struct view){0};
}

static bool read_type(const struct reader *reader, const struct csv_row *row, struct known *known)
{
    static const enum known_kind kinds[KNOWN_TYPE_COUNT] = {KNOWN_KIND_PERSON, KNOWN_KIND_ORGANIZATION, KNOWN_KIND_CITY, KNOWN_KIND_GROUP,
                                                            KNOWN_KIND_SEAT, KNOWN_KIND_MEASURE};
    struct view cell = cell_of(reader, row, COLUMN_TYPE);
    for (size_t i = 0; i < KNOWN_TYPE_COUNT; i++) {
        struct view name = view_of(known_type_name((enum known_type)i));
        if (cell.len == name.len && strncasecmp(cell.data, name.data, name.len) == 0) {
            known->type = (enum known_type)i;
            known->kind = kinds[i];
            return true;
        }
    }
    return complain(reader, row->line, "is no type: Person, Organization, Location, NORP, Facility or Misc", cell);
}

static bool read_wikidata(const struct reader *reader, const struct csv_row *row, struct known *known)
{
    struct view cell = cell_of(reader, row, COLUMN_WIKIDATA);
    bool is_right = cell.len == 0 || (cell.len > 1 && cell.len <= ID_BYTES_MOST && cell.data[0] == 'Q' && cell.data[1] != '0');
    for (size_t i = 1; i < cell.len; i++)
        is_right = is_right && cell.data[i] >= '0' && cell.data[i] <= '9';
    if (!is_right)
        return complain(reader, row->line, "is no identifier of Wikidata, such as Q42", cell);
    if (cell.len > 0)
        memcpy(known->wikidata, cell.data, cell.len);
    known->wikidata[cell.len] = '\0';
    return true;
}

static bool read_country(const struct reader *reader, const struct csv_row *row, struct known *known)
{
    struct view cell = cell_of(reader, row, COLUMN_COUNTRY);
    known->parent = KNOWN_NONE;
    if (cell.len == 0)
        return true;
    if (cell.len == 2) {
        memcpy(known->country, cell.data, 2);
        known->parent = find_country(reader->knowledge, known->country);
    }
    return known->parent != KNOWN_NONE || complain(reader, row->line, "is no country's code of two letters, such as NO", cell);
}

/* --- rows ---------------------------------------------------------------------------------------------------------- */

static bool add_name(const struct reader *reader, struct view name, uint32_t entry, size_t line)
{
    char spelling[KNOWN_NAME_BYTES];
    size_t length = normal_spelling(name, spelling, sizeof spelling);
    if (length < NAME_BYTES_LEAST)
        return complain(reader, line, "cannot be a name: it needs 2 to 255 letters that have a Latin form", name);
    struct own *own = reader->own;
    if (own->surface_count == own->surface_room) {
        own->surface_room = own->surface_room ? 2 * own->surface_room : 64;
        own->surfaces = memory_resize(own->surfaces, own->surface_room, sizeof *own->surfaces);
    }
    struct view kept = arena_copy(own->arena, (struct view){.data = spelling, .len = length});
    own->surfaces[own->surface_count++] = (struct surface){.name = kept, .entry = entry, .line = line};
    return true;
}

static bool add_aliases(const struct reader *reader, const struct csv_row *row, uint32_t entry)
{
    struct view cell = cell_of(reader, row, COLUMN_ALIASES);
    for (size_t start = 0; start < cell.len;) {
        size_t end = start;
        while (end < cell.len && cell.data[end] != '|')
            end++;
        if (end > start && !add_name(reader, view_slice(cell, start, end), entry, row->line))
            return false;
        start = end + 1;
    }
    return true;
}

/* The entry that has this identifier already, or a new one. */
static uint32_t entry_of(const struct reader *reader, const struct known *known)
{
    struct number wanted = {0};
    memcpy(wanted.wikidata, known->wikidata, sizeof wanted.wikidata);
    const struct number *found = NULL;
    if (known->wikidata[0] && reader->number_count > 0)
        found = bsearch(&wanted, reader->numbers, reader->number_count, sizeof wanted, by_wikidata);
    return found ? found->entry : (uint32_t)(knowledge_count(reader->knowledge) + reader->own->new_count++);
}

static bool add_row(const struct reader *reader, const struct csv_row *row)
{
    struct own *own = reader->own;
    struct known known = {.is_own = true, .fame = 1};
    if (!read_type(reader, row, &known) || !read_wikidata(reader, row, &known) || !read_country(reader, row, &known))
        return false;
    known.name = arena_copy(own->arena, cell_of(reader, row, COLUMN_NAME));
    uint32_t entry = entry_of(reader, &known);
    if (own->item_count == OWN_ROWS_MOST)
        return complain(reader, row->line, "is in a row too many: 100000 are read at most", known.name);
    if (own->item_count == own->item_room) {
        own->item_room = own->item_room ? 2 * own->item_room : 64;
        own->items = memory_resize(own->items, own->item_room, sizeof *own->items);
    }
    own->items[own->item_count++] = (struct item){.known = known, .entry = entry, .line = row->line};
    return add_name(reader, known.name, entry, row->line) && add_aliases(reader, row, entry);
}

static bool read_header(struct reader *reader, const struct csv_row *row)
{
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        reader->places[c] = CSV_CELLS_MOST;
    for (size_t i = 0; i < row->count; i++) {
        size_t c = 0;
        while (c < COLUMN_COUNT && !view_equal(row->cells[i], view_of(column_names[c])))
            c++;
        if (c == COLUMN_COUNT)
            return complain(reader, row->line, "is no column: name, type, wikidata, country or aliases", row->cells[i]);
        reader->places[c] = i;
    }
    if (reader->places[COLUMN_NAME] == CSV_CELLS_MOST || reader->places[COLUMN_TYPE] == CSV_CELLS_MOST)
        return error_set(reader->err, ERROR_CONFIG, "own.header", "%s:%zu: the first row must name the columns, with name and type",
                         reader->file_name, row->line);
    return true;
}

/* --- tables -------------------------------------------------------------------------------------------------------- */

static int by_name(const void *left, const void *right)
{
    const struct surface *a = left, *b = right;
    size_t shared = a->name.len < b->name.len ? a->name.len : b->name.len;
    int order = memcmp(a->name.data, b->name.data, shared);
    if (order != 0)
        return order;
    if (a->name.len != b->name.len)
        return a->name.len < b->name.len ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static int by_entry(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    return a->entry < b->entry ? -1 : a->entry > b->entry;
}

static int by_identifier(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    int order = strcmp(a->known.wikidata, b->known.wikidata);
    return order != 0 ? order : a->line < b->line ? -1 : a->line > b->line;
}

static bool sort_items(const struct reader *reader)
{
    struct own *own = reader->own;
    qsort(own->items, own->item_count, sizeof *own->items, by_identifier);
    for (size_t i = 1; i < own->item_count; i++) {
        const struct item *a = &own->items[i - 1], *b = &own->items[i];
        if (a->known.wikidata[0] && strcmp(a->known.wikidata, b->known.wikidata) == 0)
            return error_set(reader->err, ERROR_CONFIG, "own.row", "%s:%zu: %s is the entity in line %zu already: put all names into one row",
                             reader->file_name, b->line, b->known.wikidata, a->line);
    }
    qsort(own->items, own->item_count, sizeof *own->items, by_entry);
    return true;
}

static bool sort_tables(const struct reader *reader)
{
    struct own *own = reader->own;
    if (own->item_count == 0)
        return true;
    qsort(own->surfaces, own->surface_count, sizeof *own->surfaces, by_name);
    for (size_t i = 1; i < own->surface_count; i++) {
        const struct surface *a = &own->surfaces[i - 1], *b = &own->surfaces[i];
        if (view_equal(a->name, b->name) && a->entry != b->entry)
            return error_set(reader->err, ERROR_CONFIG, "own.row", "%s:%zu: \"%.*s\" is a name of the entity in line %zu already",
                             reader->file_name, b->line, (int)b->name.len, b->name.data, a->line);
    }
    return sort_items(reader);
}

static bool read_rows(const struct reader *given, struct view text)
{
    struct reader reader = *given;
    struct csv csv = {.text = text};
    struct csv_row row;
    struct error wrong = {0}; /* csv_next() does not know the file's name */
    bool has_header = false;
    while (csv_next(&csv, reader.own->arena, &row, &wrong)) {
        if (has_header ? !add_row(&reader, &row) : !read_header(&reader, &row))
            return false;
        has_header = true;
    }
    if (wrong.kind != ERROR_NONE)
        return error_set(reader.err, wrong.kind, wrong.code, "%s:%zu: %s", reader.file_name, csv.line + 1, wrong.text);
    return has_header || error_set(reader.err, ERROR_CONFIG, "own.header", "%s:1: the file is empty", reader.file_name);
}

static bool check_utf8(const struct reader *reader, struct view text)
{
    size_t line = 1;
    for (size_t start = 0; start < text.len; line++) {
        const char *stop = memchr(text.data + start, '\n', text.len - start);
        size_t end = stop ? (size_t)(stop - text.data) : text.len;
        if (!utf8_is_valid(view_slice(text, start, end)))
            return error_set(reader->err, ERROR_CONFIG, "own.row", "%s:%zu: not UTF-8", reader->file_name, line);
        start = end + 1;
    }
    return true;
}

struct own *own_read(struct view csv, const char *file_name, const struct knowledge *knowledge, struct error *err)
{
    if (csv.len > OWN_FILE_BYTES_MOST) {
        error_set(err, ERROR_CONFIG, "own.size", "%s: larger than 16 MiB", file_name);
        return NULL;
    }
    struct own *own = memory_new(1, sizeof *own);
    own->arena = arena_new(ARENA_BYTES);
    struct reader reader = {.own = own, .knowledge = knowledge, .file_name = file_name, .err = err};
    read_numbers(&reader);
    bool is_done = check_utf8(&reader, csv) && read_rows(&reader, csv) && sort_tables(&reader);
    free(reader.numbers);
    if (is_done)
        return own;
    own_free(own);
    return NULL;
}

void own_free(struct own *own)
{
    if (!own)
        return;
    free(own->items);
    free(own->surfaces);
    arena_free(own->arena);
    free(own);
}

size_t own_count(const struct own *own)
{
    return own->new_count;
}

uint32_t own_find(const struct own *own, struct view spelling)
{
    size_t low = 0, high = own->surface_count;
    const struct surface wanted = {.name = spelling};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_name(&own->surfaces[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_found = low < own->surface_count && view_equal(own->surfaces[low].name, spelling);
    return is_found ? own->surfaces[low].entry : KNOWN_NONE;
}

bool own_get(const struct own *own, uint32_t entry, struct known *known)
{
    const struct item wanted = {.entry = entry};
    const struct item *found = own->item_count ? bsearch(&wanted, own->items, own->item_count, sizeof wanted, by_entry) : NULL;
    if (found)
        *known = found->known;
    return found != NULL;
}
