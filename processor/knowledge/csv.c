#include "processor/knowledge/csv.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_at_end(const struct csv *csv)
{
    return csv->at == csv->text.len;
}

/* Behind the line end at csv->at, if there is one. */
static bool skip_line_end(struct csv *csv)
{
    size_t at = csv->at;
    if (at < csv->text.len && csv->text.data[at] == '\r')
        at++;
    if (at == csv->text.len || csv->text.data[at] != '\n')
        return false;
    csv->at = at + 1;
    csv->line++;
    return true;
}

/* The byte of the quote that closes the one at `start`; text.len where none does. */
static size_t closing_quote(struct view text, size_t start)
{
    size_t at = start + 1;
    while (at < text.len) {
        if (text.data[at] != '"')
            at++;
        else if (at + 1 < text.len && text.data[at + 1] == '"')
            at += 2;
        else
            return at;
    }
    return text.len;
}

static bool read_quoted(struct csv *csv, struct arena *arena, struct view *cell, struct error *err)
{
    size_t end = closing_quote(csv->text, csv->at), length = 0;
    if (end == csv->text.len)
        return error_set(err, ERROR_CONFIG, "csv.quote", "a quote is not closed");
    char *text = arena_take(arena, end - csv->at);
    for (size_t at = csv->at + 1; at < end; at++) {
        char c = csv->text.data[at];
        csv->line += c == '\n';
        at += c == '"';
        text[length++] = c;
    }
    csv->at = end + 1;
    *cell = (struct view){.data = text, .len = length};
    return true;
}

static struct view read_plain(struct csv *csv)
{
    size_t start = csv->at;
    while (!is_at_end(csv) && csv->text.data[csv->at] != ',' && csv->text.data[csv->at] != '\n')
        csv->at++;
    size_t end = csv->at;
    while (end > start && (is_blank(csv->text.data[end - 1]) || csv->text.data[end - 1] == '\r'))
        end--;
    return view_slice(csv->text, start, end);
}

static bool read_cell(struct csv *csv, struct arena *arena, struct view *cell, struct error *err)
{
    while (!is_at_end(csv) && is_blank(csv->text.data[csv->at]))
        csv->at++;
    if (is_at_end(csv) || csv->text.data[csv->at] != '"') {
        *cell = read_plain(csv);
        return true;
    }
    if (!read_quoted(csv, arena, cell, err))
        return false;
    if (read_plain(csv).len > 0)
        return error_set(err, ERROR_CONFIG, "csv.quote", "there is more behind a closing quote");
    return true;
}

static bool read_row(struct csv *csv, struct arena *arena, struct csv_row *row, struct error *err)
{
    *row = (struct csv_row){.line = csv->line + 1};
    for (;;) {
        if (row->count == CSV_CELLS_MOST)
            return error_set(err, ERROR_CONFIG, "csv.cells", "a row has more than %d cells", CSV_CELLS_MOST);
        if (!read_cell(csv, arena, &row->cells[row->count], err))
            return false;
        row->count++;
        if (is_at_end(csv) || csv->text.data[csv->at] != ',')
            break;
        csv->at++;
    }
    skip_line_end(csv);
    return true;
}

bool csv_next(struct csv *csv, struct arena *arena, struct csv_row *row, struct error *err)
{
    if (csv->at == 0 && view_starts_with(csv->text, view_of("\xEF\xBB\xBF")))
        csv->at = 3;
    while (!is_at_end(csv)) {
        if (!read_row(csv, arena, row, err))
            return false;
        if (row->count > 1 || row->cells[0].len > 0)
            return true;
    }
    return false;
}
