#include "processor/commands/graph.h"

#include "processor/commands/markup.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 720, HEIGHT = 420, CENTRE_X = WIDTH / 2, CENTRE_Y = HEIGHT / 2, RADIUS_X = 190, RADIUS_Y = 165 };
enum { NODE_RADIUS = 7, LABEL_GAP = 12, LABEL_CODE_POINTS = 26, CURVE = 26, NODES_MOST = 2 * GRAPH_STANCES_MOST };
static const double TURN = 6.283185307179586;

struct node {
    struct party party;
    double x, y;
};

struct graph {
    struct node nodes[NODES_MOST];
    size_t node_count;
};

static size_t node_of(struct graph *graph, struct party party)
{
    for (size_t i = 0; i < graph->node_count; i++)
        if (view_equal(graph->nodes[i].party.id, party.id))
            return i;
    graph->nodes[graph->node_count].party = party;
    return graph->node_count++;
}

static void place_nodes(struct graph *graph)
{
    for (size_t i = 0; i < graph->node_count; i++) {
        double angle = TURN * (double)i / (double)graph->node_count - TURN / 4;
        graph->nodes[i].x = CENTRE_X + RADIUS_X * cos(angle);
        graph->nodes[i].y = CENTRE_Y + RADIUS_Y * sin(angle);
    }
}

/* A curve that bends to the right of its way, so that the stances of two on each other lie apart; it ends before the
 * target's dot, for the arrow's head. */
static void draw_arrow(struct writer *writer, const struct node *from, const struct node *to, const struct stance *stance)
{
    double x = to->x - from->x, y = to->y - from->y, length = sqrt(x * x + y * y);
    if (length < 1)
        return;
    double bend_x = (from->x + to->x) / 2 - y / length * CURVE, bend_y = (from->y + to->y) / 2 + x / length * CURVE;
    double end_x = to->x - bend_x, end_y = to->y - bend_y, end_length = sqrt(end_x * end_x + end_y * end_y);
    double gap = NODE_RADIUS + 6;
    markup_print(writer, "<path class=\"edge\" d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f\" stroke-width=\"%.1f\" marker-end=\"url(#%s)\"/>",
                 from->x, from->y, bend_x, bend_y, to->x - end_x / end_length * gap, to->y - end_y / end_length * gap,
                 1 + 4 * (double)stance->confidence, stance_polarity_name(stance->polarity));
}

static void draw_stance(struct writer *writer, const struct graph *graph, const struct stance *stance, size_t source,
                        size_t target, const char *key)
{
    const struct node *from = &graph->nodes[source], *to = &graph->nodes[target];
    markup_print(writer, "<g class=\"%s\" data-stance=\"%s\"><title>", stance_polarity_name(stance->polarity), key);
    markup_text(writer, from->party.name);
    markup_print(writer, " %s ", stance_polarity_name(stance->polarity));
    markup_text(writer, to->party.name);
    markup_raw(writer, " ");
    markup_score(writer, (double)stance->score);
    markup_raw(writer, "</title>");
    draw_arrow(writer, from, to, stance);
    markup_raw(writer, "</g>");
}

static void draw_node(struct writer *writer, const struct node *node, size_t number)
{
    bool is_middle = fabs(node->x - CENTRE_X) < 20;
    double side = node->x < CENTRE_X ? -1 : 1;
    double label_x = is_middle ? node->x : node->x + side * LABEL_GAP;
    double label_y = is_middle ? node->y + (node->y < CENTRE_Y ? -LABEL_GAP : LABEL_GAP + 10) : node->y + 5;
    markup_print(writer, "<g class=\"node t-%.*s\" data-entity=\"a%zu%.*s\"><circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"/>",
                 (int)node->party.type.len, node->party.type.data, number,
                 node->party.id.data[0] == 'E' ? (int)node->party.id.len : 0, node->party.id.data, node->x, node->y, NODE_RADIUS);
    markup_print(writer, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", label_x, label_y,
                 is_middle ? "middle" : side < 0 ? "end" : "start");
    markup_short(writer, node->party.name, LABEL_CODE_POINTS);
    markup_raw(writer, "</text></g>");
}

/* Marker ids are the page's: each drawing repeats the same ones, which is the same arrow. */
static void draw_heads(struct writer *writer)
{
    static const char *const polarities[] = {"for", "against", "mixed"};
    markup_raw(writer, "<defs>");
    for (size_t i = 0; i < sizeof polarities / sizeof *polarities; i++)
        markup_print(writer, "<marker id=\"%s\" class=\"%s\" viewBox=\"0 0 8 8\" refX=\"5\" refY=\"4\" markerUnits=\"userSpaceOnUse\" "
                             "markerWidth=\"13\" markerHeight=\"13\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker>",
                     polarities[i], polarities[i]);
    markup_raw(writer, "</defs>");
}

void graph_draw(struct writer *writer, const struct document *document, size_t number)
{
    size_t count = document->findings->stance_count;
    count = count > GRAPH_STANCES_MOST ? GRAPH_STANCES_MOST : count;
    if (count == 0)
        return;
    struct graph graph = {.node_count = 0};
    size_t sources[GRAPH_STANCES_MOST], targets[GRAPH_STANCES_MOST];
    for (size_t i = 0; i < count; i++) {
        const struct stance *stance = &document->findings->stances[i];
        sources[i] = node_of(&graph, document_source(document, stance));
        targets[i] = node_of(&graph, document_target(document, stance, writer->arena));
    }
    place_nodes(&graph);
    markup_print(writer, "<svg class=\"graph\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Stances as arrows; the table has the same\">",
                 WIDTH, HEIGHT);
    draw_heads(writer);
    for (size_t i = 0; i < count; i++) {
        char key[64];
        snprintf(key, sizeof key, "a%zus%zu", number, i);
        draw_stance(writer, &graph, &document->findings->stances[i], sources[i], targets[i], key);
    }
    for (size_t i = 0; i < graph.node_count; i++)
        draw_node(writer, &graph.nodes[i], number);
    markup_raw(writer, "</svg>");
}
