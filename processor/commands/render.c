#include "processor/commands/render.h"

#include "processor/commands/graph.h"
#include "processor/commands/markup.h"
#include "processor/commands/page.h"
#include "processor/emit/document.h"

#include <stdlib.h>

/* What a part of the text belongs to. Spans of one kind may overlap those of another, which elements cannot: so the text
 * is cut at every start and end, and each piece says all that it belongs to. */
struct mark {
    struct span span;
    uint32_t entity, mention; /* of a mention */
    uint32_t stance;          /* of an evidence */
};

struct marks {
    struct mark *items; /* [count], by start, longer ones first */
    size_t count;
};

struct page {
    const struct document *document;
    struct writer writer;
    size_t number;
    struct marks mentions, evidence;
    size_t next_region, next_mention; /* of the walk through the text */
};

static int compare_marks(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;
    if (a->span.start != b->span.start)
        return a->span.start < b->span.start ? -1 : 1;
    if (a->span.end != b->span.end)
        return a->span.end > b->span.end ? -1 : 1;
    return a->stance < b->stance ? -1 : a->stance > b->stance;
}

static struct marks mentions_of(const struct findings *findings, struct arena *arena)
{
    struct marks marks = {0};
    for (size_t i = 0; i < findings->entity_count; i++)
        marks.count += findings->entities[i].mention_count;
    marks.items = arena_take_zeroed(arena, marks.count, sizeof *marks.items);
    size_t next = 0;
    for (size_t i = 0; i < findings->entity_count; i++)
        for (size_t j = 0; j < findings->entities[i].mention_count; j++)
            marks.items[next++] = (struct mark){
                .span = findings->entities[i].mentions[j].span, .entity = (uint32_t)i, .mention = (uint32_t)j};
    qsort(marks.items, marks.count, sizeof *marks.items, compare_marks);
    return marks;
}

static struct marks evidence_of(const struct findings *findings, struct arena *arena)
{
    struct marks marks = {0};
    for (size_t i = 0; i < findings->stance_count; i++)
        marks.count += findings->stances[i].evidence_count;
    marks.items = arena_take_zeroed(arena, marks.count, sizeof *marks.items);
    size_t next = 0;
    for (size_t i = 0; i < findings->stance_count; i++)
        for (size_t j = 0; j < findings->stances[i].evidence_count; j++)
            marks.items[next++] = (struct mark){.span = findings->stances[i].evidence[j].span, .stance = (uint32_t)i};
    qsort(marks.items, marks.count, sizeof *marks.items, compare_marks);
    return marks;
}

static int compare_cuts(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* All starts and ends, sorted, with the two ends of the text. */
static uint32_t *cuts_of(const struct page *page, size_t *count)
{
    const struct findings *findings = page->document->findings;
    size_t most = 2 * (page->mentions.count + page->evidence.count + findings->region_count) + 2, next = 0;
    uint32_t *cuts = arena_take(page->writer.arena, most * sizeof *cuts);
    cuts[next++] = 0;
    cuts[next++] = (uint32_t)findings->text.len;
    const struct marks *lists[] = {&page->mentions, &page->evidence};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            cuts[next++] = lists[i]->items[j].span.start;
            cuts[next++] = lists[i]->items[j].span.end;
        }
    for (size_t i = 0; i < findings->region_count; i++) {
        cuts[next++] = findings->regions[i].span.start;
        cuts[next++] = findings->regions[i].span.end;
    }
    qsort(cuts, next, sizeof *cuts, compare_cuts);
    *count = next;
    return cuts;
}

static bool holds(struct span outer, struct span inner)
{
    return outer.start <= inner.start && inner.end <= outer.end;
}

static const char *region_class(enum region_kind kind)
{
    switch (kind) {
    case REGION_BODY: return "body";
    case REGION_TITLE: return "title";
    case REGION_SUMMARY: return "summary";
    case REGION_CAPTION: return "caption";
    case REGION_BYLINE: return "byline";
    default: return "clutter";
    }
}

static const struct region *region_at(struct page *page, struct span piece)
{
    const struct findings *findings = page->document->findings;
    while (page->next_region < findings->region_count && findings->regions[page->next_region].span.end <= piece.start)
        page->next_region++;
    if (page->next_region == findings->region_count || !holds(findings->regions[page->next_region].span, piece))
        return NULL;
    return &findings->regions[page->next_region];
}

/* The mention that holds the piece; of nested ones the outer. */
static const struct mark *mention_at(struct page *page, struct span piece)
{
    const struct marks *mentions = &page->mentions;
    while (page->next_mention < mentions->count && mentions->items[page->next_mention].span.end <= piece.start)
        page->next_mention++;
    if (page->next_mention == mentions->count || !holds(mentions->items[page->next_mention].span, piece))
        return NULL;
    return &mentions->items[page->next_mention];
}

/* Keeps in `open` [*count] the evidence that the piece at `piece` stands in. */
static void open_evidence(const struct page *page, struct span piece, const struct mark **open, size_t *count, size_t *next)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (open[i]->span.end > piece.start)
            open[kept++] = open[i];
    while (*next < page->evidence.count && page->evidence.items[*next].span.start <= piece.start) {
        if (page->evidence.items[*next].span.end > piece.start)
            open[kept++] = &page->evidence.items[*next];
        (*next)++;
    }
    *count = kept;
}

static void put_piece(struct page *page, struct span piece, const struct mark *const *open, size_t open_count)
{
    struct writer *writer = &page->writer;
    const struct findings *findings = page->document->findings;
    const struct region *region = region_at(page, piece);
    const struct mark *mark = mention_at(page, piece);
    if (region)
        markup_print(writer, "<span class=\"%s\" title=\"%s\"", region_class(region->kind), region_kind_name(region->kind));
    else
        markup_raw(writer, "<span");
    if (open_count > 0)
        markup_raw(writer, " data-s=\"");
    for (size_t i = 0; i < open_count; i++)
        markup_print(writer, "%sa%zus%u", i > 0 ? " " : "", page->number, open[i]->stance);
    markup_raw(writer, open_count > 0 ? "\">" : ">");
    if (mark) {
        const struct entity *entity = &findings->entities[mark->entity];
        markup_print(writer, "<mark class=\"t-%s %s\" data-entity=\"a%zuE%u\" title=\"", entity_type_name(entity->type),
                     mention_kind_name(entity->mentions[mark->mention].kind), page->number, mark->entity + 1);
        markup_text(writer, entity->name);
        markup_print(writer, " (%s)\">", entity_type_name(entity->type));
    }
    markup_text(writer, view_slice(findings->text, piece.start, piece.end));
    markup_raw(writer, mark ? "</mark></span>" : "</span>");
}

static void put_text(struct page *page)
{
    size_t cut_count, open_count = 0, next_evidence = 0;
    const uint32_t *cuts = cuts_of(page, &cut_count);
    const struct mark **open = arena_take(page->writer.arena, page->evidence.count * sizeof *open);
    markup_raw(&page->writer, "<div class=\"text\">");
    for (size_t i = 0; i + 1 < cut_count; i++) {
        struct span piece = {cuts[i], cuts[i + 1]};
        if (span_is_empty(piece))
            continue;
        open_evidence(page, piece, open, &open_count, &next_evidence);
        put_piece(page, piece, open, open_count);
    }
    markup_raw(&page->writer, "</div>\n");
}

static void put_meta(struct writer *writer, struct view text)
{
    if (text.len == 0)
        return;
    markup_raw(writer, " · ");
    markup_text(writer, text);
}

/* The record's title, else the first one on the page, else the id. */
static struct view title_of(const struct document *document)
{
    const struct findings *findings = document->findings;
    if (document->article->title.len > 0)
        return document->article->title;
    for (size_t i = 0; i < findings->region_count; i++)
        if (findings->regions[i].kind == REGION_TITLE)
            return view_slice(findings->text, findings->regions[i].span.start, findings->regions[i].span.end);
    return document->article->id;
}

static void put_header(struct page *page)
{
    struct writer *writer = &page->writer;
    const struct article *article = page->document->article;
    bool is_link = view_starts_with(article->url, view_of("https://")) || view_starts_with(article->url, view_of("http://"));
    markup_raw(writer, "<header><h1>");
    markup_text(writer, title_of(page->document));
    markup_raw(writer, "</h1><p class=\"meta\">");
    markup_text(writer, article->id);
    put_meta(writer, article->source);
    put_meta(writer, article->published_at);
    put_meta(writer, page->document->language);
    if (is_link) {
        markup_raw(writer, " · <a rel=\"noreferrer\" href=\"");
        markup_text(writer, article->url);
        markup_raw(writer, "\">");
        markup_short(writer, article->url, 80);
        markup_raw(writer, "</a>");
    } else {
        put_meta(writer, article->url);
    }
    markup_raw(writer, "</p></header>\n");
}

static void put_row(struct page *page, size_t index)
{
    struct writer *writer = &page->writer;
    const struct stance *stance = &page->document->findings->stances[index];
    const char *polarity = stance_polarity_name(stance->polarity);
    markup_print(writer, "<tr data-stance=\"a%zus%zu\" tabindex=\"0\"><td>", page->number, index);
    markup_text(writer, document_source(page->document, stance).name);
    markup_print(writer, "</td><td class=\"%s\">%s</td><td>", polarity, polarity);
    markup_text(writer, document_target(page->document, stance, writer->arena).name);
    markup_raw(writer, "</td><td class=\"number\">");
    markup_score(writer, (double)stance->score);
    markup_print(writer, "</td><td class=\"number\">%.0f %%</td><td>", 100 * writer_rounded((double)stance->confidence));
    markup_short(writer, document_evidence(page->document, stance), 280);
    if (stance->evidence_count > 1)
        markup_print(writer, " <span class=\"none\">and %zu more</span>", stance->evidence_count - 1);
    markup_raw(writer, "</td></tr>\n");
}

static void put_stances(struct page *page)
{
    struct writer *writer = &page->writer;
    size_t count = page->document->findings->stance_count;
    markup_raw(writer, "<h2>Stances</h2>\n");
    if (count == 0) {
        markup_raw(writer, "<p class=\"none\">None: nobody here takes sides.</p>\n");
        return;
    }
    graph_draw(writer, page->document, page->number);
    markup_raw(writer, "<table><thead><tr><th>who</th><th></th><th>whom</th><th>score</th><th>sure</th><th>evidence</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < count; i++)
        put_row(page, i);
    markup_raw(writer, "</tbody></table>\n");
}

static void put_entities(struct page *page)
{
    struct writer *writer = &page->writer;
    const struct findings *findings = page->document->findings;
    markup_raw(writer, "<h2>Entities</h2>\n<div class=\"chips\">");
    for (size_t i = 0; i < findings->entity_count; i++) {
        const struct entity *entity = &findings->entities[i];
        markup_print(writer, "<button type=\"button\" class=\"t-%s\" data-entity=\"a%zuE%zu\" title=\"%s ",
                     entity_type_name(entity->type), page->number, i + 1, entity_type_name(entity->type));
        markup_text(writer, entity->wikidata);
        markup_raw(writer, "\">");
        markup_short(writer, entity->name, 60);
        markup_print(writer, " × %zu</button>", entity->mention_count);
    }
    markup_raw(writer, "</div>\n");
}

struct view render_start(void)
{
    return view_of(page_start);
}

struct view render_end(void)
{
    return view_of(page_end);
}

struct view render_article(const struct article *article, const struct findings *findings, size_t number, struct arena *arena)
{
    struct document document = document_make(article, findings, "", arena);
    struct page page = {.document = &document,
                        .writer = writer_start(arena, findings->text.len * 4),
                        .number = number,
                        .mentions = mentions_of(findings, arena),
                        .evidence = evidence_of(findings, arena)};
    markup_print(&page.writer, "<article id=\"a%zu\">\n", number);
    put_header(&page);
    put_text(&page);
    markup_raw(&page.writer, "<div class=\"side\">\n");
    put_stances(&page);
    put_entities(&page);
    markup_raw(&page.writer, "</div>\n</article>\n");
    return writer_result(&page.writer);
}

struct view render_failure(struct view id, const char *why, struct arena *arena)
{
    struct writer writer = writer_start(arena, 0);
    markup_raw(&writer, "<article class=\"failed\"><h1>");
    markup_text(&writer, id);
    markup_raw(&writer, "</h1><p>");
    markup_text(&writer, view_of(why));
    markup_raw(&writer, "</p></article>\n");
    return writer_result(&writer);
}
