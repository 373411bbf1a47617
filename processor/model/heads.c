#include "processor/model/heads.h"

#include "processor/model/chain.h"
#include "processor/model/matrix.h"
#include "processor/model/pair.h"
#include "processor/runtime/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROLE_LOGITS = ROLE_COUNT * ROLE_TAG_COUNT, LINK_WIDTH = 128, LINK_BUCKETS = 32, LINK_OUTPUTS = 2 };

struct link {
    struct matrix first, last, cue, out; /* the bias is first's */
    float *distance;                     /* [LINK_BUCKETS][LINK_WIDTH] */
};

struct heads {
    const struct kernels *kernels;
    size_t width, window;
    struct matrix names, roles, issues;
    struct chain name_chain, role_chains[ROLE_COUNT], issue_chain;
    struct link link;
    struct pair stance, portrayal;
};

struct heads_scratch {
    float *gathered; /* [window][width] */
    float *logits;   /* [window][NAME_TAG_COUNT] */
    uint8_t *back;   /* [window][NAME_TAG_COUNT] */
    float *marginals; /* [2][window][NAME_TAG_COUNT] */
    float *mean;     /* [width] */
    float *sums;     /* [2][LINK_WIDTH] */
    size_t prepared; /* rows of the window that the pair heads have taken in */
    struct matrix_scratch matrix;
    struct pair_scratch stance, portrayal;
};

static bool has(const struct model_file *file, const char *name)
{
    return model_file_section(file, name).data != NULL;
}

/* `layers` chains over `tags`; a file without transitions gives zeros. */
static bool read_chains(struct chain *chains, uint32_t layers, uint32_t tags, const struct model_file *file,
                        const char *start_name, const char *transitions_name, struct error *err)
{
    uint32_t rows = layers * tags;
    float *start = kernels_memory(rows, sizeof *start), *transitions = kernels_memory(rows * (size_t)tags, sizeof *start);
    bool is_good = (!has(file, start_name) || matrix_read(file, start_name, layers, tags, start, err)) &&
                   (!has(file, transitions_name) || matrix_read(file, transitions_name, rows, tags, transitions, err));
    for (size_t i = 0; is_good && i < layers; i++)
        chain_init(&chains[i], tags, start + i * tags, transitions + i * tags * tags);
    free(start);
    free(transitions);
    return is_good;
}

static bool read_tags(struct heads *heads, const struct model_file *file, struct error *err)
{
    uint32_t width = (uint32_t)heads->width;
    struct matrix_part names = {.weight = "names.weight", .bias = "names.bias", .rows = NAME_TAG_COUNT};
    struct matrix_part roles = {.weight = "roles.weight", .bias = "roles.bias", .rows = ROLE_LOGITS};
    struct matrix_part issues = {.weight = "issues.weight", .bias = "issues.bias", .rows = ISSUE_TAG_COUNT};
    return matrix_init(&heads->names, heads->kernels, file, &names, 1, width, err) &&
           matrix_init(&heads->roles, heads->kernels, file, &roles, 1, width, err) &&
           matrix_init(&heads->issues, heads->kernels, file, &issues, 1, width, err) &&
           read_chains(&heads->issue_chain, 1, ISSUE_TAG_COUNT, file, "issues.start", "issues.transitions", err) &&
           read_chains(&heads->name_chain, 1, NAME_TAG_COUNT, file, "names.start", "names.transitions", err) &&
           read_chains(heads->role_chains, ROLE_COUNT, ROLE_TAG_COUNT, file, "roles.start", "roles.transitions", err);
}

static bool read_link(struct heads *heads, const struct model_file *file, struct error *err)
{
    struct link *link = &heads->link;
    uint32_t width = (uint32_t)heads->width;
    struct matrix_part first = {.weight = "link.first", .bias = "link.bias", .rows = LINK_WIDTH};
    struct matrix_part last = {.weight = "link.last", .rows = LINK_WIDTH};
    struct matrix_part cue = {.weight = "link.cue", .rows = LINK_WIDTH};
    struct matrix_part out = {.weight = "link.out", .bias = "link.out.bias", .rows = LINK_OUTPUTS};
    link->distance = kernels_memory(LINK_BUCKETS * LINK_WIDTH, sizeof *link->distance);
    return matrix_init(&link->first, heads->kernels, file, &first, 1, width, err) &&
           matrix_init(&link->last, heads->kernels, file, &last, 1, width, err) &&
           matrix_init(&link->cue, heads->kernels, file, &cue, 1, width, err) &&
           matrix_init(&link->out, heads->kernels, file, &out, 1, LINK_WIDTH, err) &&
           matrix_read(file, "link.distance", LINK_BUCKETS, LINK_WIDTH, link->distance, err);
}

struct heads *heads_new_with(const struct model_file *file, const struct kernels *kernels, struct error *err)
{
    struct heads *heads = memory_new(1, sizeof *heads);
    heads->kernels = kernels;
    heads->width = model_file_config(file)->width;
    heads->window = model_file_config(file)->window;
    if (read_tags(heads, file, err) && read_link(heads, file, err) &&
        pair_init(&heads->stance, kernels, file, "stance", STANCE_CLASS_COUNT, err) &&
        pair_init(&heads->portrayal, kernels, file, "portrayal", PORTRAYAL_CLASS_COUNT, err))
        return heads;
    heads_free(heads);
    return NULL;
}

struct heads *heads_new(const struct model_file *file, struct error *err)
{
    return heads_new_with(file, kernels_at(0), err);
}

void heads_free(struct heads *heads)
{
    if (heads == NULL)
        return;
    struct matrix *matrices[] = {&heads->names,      &heads->roles,     &heads->issues,  &heads->link.first,
                                 &heads->link.last, &heads->link.cue, &heads->link.out};
    for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++)
        matrix_done(matrices[i]);
    chain_done(&heads->name_chain);
    chain_done(&heads->issue_chain);
    for (size_t i = 0; i < ROLE_COUNT; i++)
        chain_done(&heads->role_chains[i]);
    free(heads->link.distance);
    pair_done(&heads->stance);
    pair_done(&heads->portrayal);
    free(heads);
}

struct heads_scratch *heads_scratch_new(const struct heads *heads)
{
    struct heads_scratch *scratch = memory_new(1, sizeof *scratch);
    size_t window = heads->window, width = heads->width;
    scratch->gathered = kernels_memory(window * width, sizeof(float));
    scratch->logits = kernels_memory(window * NAME_TAG_COUNT, sizeof(float));
    scratch->back = kernels_memory(window * NAME_TAG_COUNT, 1);
    scratch->marginals = kernels_memory(2 * window * NAME_TAG_COUNT, sizeof(float));
    scratch->mean = kernels_memory(width, sizeof(float));
    scratch->sums = kernels_memory(2 * LINK_WIDTH, sizeof(float));
    matrix_scratch_init(&scratch->matrix, window, width > LINK_WIDTH ? width : LINK_WIDTH);
    pair_scratch_init(&scratch->stance, &heads->stance, window);
    pair_scratch_init(&scratch->portrayal, &heads->portrayal, window);
    return scratch;
}

void heads_scratch_free(struct heads_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->gathered);
    free(scratch->logits);
    free(scratch->back);
    free(scratch->marginals);
    free(scratch->mean);
    free(scratch->sums);
    matrix_scratch_done(&scratch->matrix);
    pair_scratch_done(&scratch->stance);
    pair_scratch_done(&scratch->portrayal);
    free(scratch);
}

static void tag_logits(const struct heads *heads, struct heads_scratch *scratch, const struct matrix *matrix,
                       const float *hidden, const uint32_t *rows, size_t count)
{
    size_t width = heads->width;
    assert(count <= heads->window);
    for (size_t i = 0; i < count; i++)
        memcpy(scratch->gathered + i * width, hidden + rows[i] * width, width * sizeof *hidden);
    matrix_apply(matrix, &scratch->matrix, scratch->gathered, count, scratch->logits);
}

void heads_names(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const uint32_t *rows,
                 size_t count, uint8_t *tags, float *scores)
{
    tag_logits(heads, scratch, &heads->names, hidden, rows, count);
    chain_decode(&heads->name_chain, scratch->logits, NAME_TAG_COUNT, count, scratch->back, tags);
    chain_marginals(&heads->name_chain, scratch->logits, NAME_TAG_COUNT, count, tags, scratch->marginals, scores);
}

void heads_roles(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const uint32_t *rows,
                 size_t count, uint8_t *tags, float *scores)
{
    tag_logits(heads, scratch, &heads->roles, hidden, rows, count);
    for (size_t role = 0; role < ROLE_COUNT; role++, tags += count) {
        const float *logits = scratch->logits + role * ROLE_TAG_COUNT;
        chain_decode(&heads->role_chains[role], logits, ROLE_LOGITS, count, scratch->back, tags);
        if (scores != NULL)
            chain_marginals(&heads->role_chains[role], logits, ROLE_LOGITS, count, tags, scratch->marginals, scores + role * count);
    }
}

void heads_issues(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const uint32_t *rows,
                  size_t count, float lift, uint8_t *tags, float *scores)
{
    tag_logits(heads, scratch, &heads->issues, hidden, rows, count);
    for (size_t i = 0; i < count; i++)
        scratch->logits[i * ISSUE_TAG_COUNT + TAG_BEGIN] += lift;
    chain_decode(&heads->issue_chain, scratch->logits, ISSUE_TAG_COUNT, count, scratch->back, tags);
    chain_marginals(&heads->issue_chain, scratch->logits, ISSUE_TAG_COUNT, count, tags, scratch->marginals, scores);
}

/* min(15, |d| < 8 ? |d| : 8 + floor(2 log2(|d| / 8))), 16 more from 0 on; 2 log2(m / 8) >= n is m * m >= 64 * 2^n. */
static size_t bucket_of(int distance)
{
    uint64_t magnitude = (uint64_t)llabs((long long)distance), step = magnitude < 8 ? magnitude : 8;
    while (step >= 8 && step < 15 && magnitude * magnitude >= (uint64_t)64 << (step - 7))
        step++;
    return (size_t)step + (distance >= 0 ? 16 : 0);
}

static void mean_of(const float *hidden, size_t width, struct rows rows, float *mean)
{
    memset(mean, 0, width * sizeof *mean);
    for (size_t row = rows.start; row < rows.end; row++)
        for (size_t i = 0; i < width; i++)
            mean[i] += hidden[row * width + i];
    for (size_t i = 0; i < width; i++)
        mean[i] /= (float)(rows.end - rows.start);
}

float heads_link(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, struct rows span,
                 struct rows cue, int distance, int role)
{
    const struct link *link = &heads->link;
    const float *bucket = link->distance + bucket_of(distance) * LINK_WIDTH;
    float *sum = scratch->sums, *part = scratch->sums + LINK_WIDTH, logits[LINK_OUTPUTS];
    assert(span.start < span.end && cue.start < cue.end && (role == ROLE_SOURCE || role == ROLE_CONTENT));
    mean_of(hidden, heads->width, cue, scratch->mean);
    const struct {
        const struct matrix *matrix;
        const float *x;
    } parts[] = {{&link->first, hidden + span.start * heads->width},
                 {&link->last, hidden + (span.end - 1) * heads->width},
                 {&link->cue, scratch->mean}};
    memcpy(sum, bucket, LINK_WIDTH * sizeof *sum);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        matrix_apply(parts[i].matrix, &scratch->matrix, parts[i].x, 1, part);
        for (size_t j = 0; j < LINK_WIDTH; j++)
            sum[j] += part[j];
    }
    heads->kernels->gelu(sum, LINK_WIDTH);
    matrix_apply(&link->out, &scratch->matrix, sum, 1, logits);
    return 1.0F / (1.0F + expf(-logits[role == ROLE_SOURCE ? 0 : 1]));
}

void heads_pairs_prepare(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, size_t count)
{
    assert(count <= heads->window);
    scratch->prepared = count;
    pair_prepare(&heads->stance, &scratch->stance, hidden, count);
    pair_prepare(&heads->portrayal, &scratch->portrayal, hidden, count);
}

static void expect_asks(const struct heads_scratch *scratch, const struct pair_ask *asks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert(asks[i].range.end <= scratch->prepared && asks[i].a.end <= scratch->prepared && asks[i].b.end <= scratch->prepared);
    (void)scratch;
    (void)asks;
}

static bool is_author(struct rows rows)
{
    return rows.start == rows.end;
}

/* At most PAIR_ASKS_MOST of them. */
static void ask_stances(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const struct pair_ask *asks,
                        size_t count, float none_most, float (*probabilities)[STANCE_CLASS_COUNT])
{
    static const size_t mirrored[STANCE_CLASS_COUNT] = {STANCE_NONE, STANCE_B_FOR_A, STANCE_A_FOR_B,
                                                        STANCE_B_AGAINST_A, STANCE_A_AGAINST_B};
    float logits[PAIR_ASKS_MOST * STANCE_CLASS_COUNT];
    struct pair_ask back[PAIR_ASKS_MOST];
    size_t back_of[PAIR_ASKS_MOST], back_count = 0;
    pair_run(&heads->stance, &scratch->stance, hidden, asks, count, logits);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < STANCE_CLASS_COUNT; k++)
            probabilities[i][k] = chain_probability(logits + i * STANCE_CLASS_COUNT, STANCE_CLASS_COUNT, k);
        if (is_author(asks[i].a) || probabilities[i][STANCE_NONE] > none_most)
            continue;
        back_of[back_count] = i;
        back[back_count++] = (struct pair_ask){.a = asks[i].b, .b = asks[i].a, .range = asks[i].range};
    }
    if (back_count == 0)
        return;
    pair_run(&heads->stance, &scratch->stance, hidden, back, back_count, logits);
    for (size_t i = 0; i < back_count; i++)
        for (size_t k = 0; k < STANCE_CLASS_COUNT; k++) {
            float other = chain_probability(logits + i * STANCE_CLASS_COUNT, STANCE_CLASS_COUNT, mirrored[k]);
            probabilities[back_of[i]][k] = 0.5F * (probabilities[back_of[i]][k] + other);
        }
}

void heads_stances(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const struct pair_ask *asks,
                   size_t count, float none_most, float (*probabilities)[STANCE_CLASS_COUNT])
{
    expect_asks(scratch, asks, count);
    for (size_t i = 0; i < count; i += PAIR_ASKS_MOST)
        ask_stances(heads, scratch, hidden, asks + i, count - i < PAIR_ASKS_MOST ? count - i : PAIR_ASKS_MOST, none_most, probabilities + i);
}

void heads_stance(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, struct rows a,
                  struct rows b, struct rows range, float probabilities[STANCE_CLASS_COUNT])
{
    float found[1][STANCE_CLASS_COUNT];
    heads_stances(heads, scratch, hidden, &(struct pair_ask){.a = a, .b = b, .range = range}, 1, 1, found);
    memcpy(probabilities, found[0], sizeof found[0]);
}

void heads_portrayals(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, const struct pair_ask *asks,
                      size_t count, float (*probabilities)[PORTRAYAL_CLASS_COUNT])
{
    float logits[PAIR_ASKS_MOST * PORTRAYAL_CLASS_COUNT];
    expect_asks(scratch, asks, count);
    for (size_t first = 0; first < count; first += PAIR_ASKS_MOST) {
        size_t some = count - first < PAIR_ASKS_MOST ? count - first : PAIR_ASKS_MOST;
        pair_run(&heads->portrayal, &scratch->portrayal, hidden, asks + first, some, logits);
        for (size_t i = 0; i < some; i++)
            for (size_t k = 0; k < PORTRAYAL_CLASS_COUNT; k++)
                probabilities[first + i][k] = chain_probability(logits + i * PORTRAYAL_CLASS_COUNT, PORTRAYAL_CLASS_COUNT, k);
    }
}

void heads_portrayal(const struct heads *heads, struct heads_scratch *scratch, const float *hidden, struct rows target,
                     struct rows range, float probabilities[PORTRAYAL_CLASS_COUNT])
{
    float found[1][PORTRAYAL_CLASS_COUNT];
    heads_portrayals(heads, scratch, hidden, &(struct pair_ask){.b = target, .range = range}, 1, found);
    memcpy(probabilities, found[0], sizeof found[0]);
}
