#include "processor/extract/extractor.h"

#include "processor/runtime/clock.h"
#include "tests/expect.h"

#include <stdlib.h>
#include <time.h>

static struct arena *arena;
static struct extractor *extractor;
static struct extractor_scratch *scratch;

static void set_up(void)
{
    struct extractor_options options = {.model_path = "models/stanced-en-small.bin", .knowledge_path = "models/knowledge.bin"};
    struct error err = {0};
    arena = arena_new(1 << 20);
    extractor = extractor_new(&options, &err);
    cr_assert(extractor != NULL, "%s", err.text);
    scratch = extractor_scratch_new(extractor);
}

static void tear_down(void)
{
    extractor_scratch_free(scratch);
    extractor_free(extractor);
    arena_free(arena);
}

TestSuite(extractor, .init = set_up, .fini = tear_down);

static const char article[] =
    "Advertisement\n\nPort workers accuse Nordvik Shipping of breaking its word\n\n"
    "The dockers' union in Gdansk accused Nordvik Shipping on Tuesday of breaking a wage agreement.\n\n"
    "“Nordvik Shipping has lied to us,” the union's leader Marek Zielinski said. “We do not trust the company any more.”\n\n"
    "Poland's transport minister Anna Kowalska defended Nordvik Shipping. She said the carrier had kept its promises.\n";

static struct findings read_text(struct view text)
{
    struct findings findings = {0};
    struct error err = {0};
    struct extractor_input input = {.text = text};
    cr_assert(extractor_run(extractor, scratch, &input, arena, &findings, &err), "%s", err.text);
    return findings;
}

static const struct entity *find_entity(const struct findings *findings, const char *name)
{
    for (size_t i = 0; i < findings->entity_count; i++)
        if (view_equal(findings->entities[i].name, view_of(name)))
            return &findings->entities[i];
    return NULL;
}

Test(extractor, finds_nobody_in_clutter_unless_there_is_nothing_else)
{
    static const char clutter[] = "Sign up for the Harbour Times newsletter\n\n\xC2\xA9 2024 The Harbour Times, LLC. All rights reserved.\n";
    struct view text = arena_print(arena, "%s\n%s", article, clutter);
    struct findings findings = read_text(text);
    cr_expect(find_entity(&findings, "Nordvik Shipping") != NULL);
    for (size_t i = 0; i < findings.entity_count; i++)
        cr_expect(memmem(findings.entities[i].name.data, findings.entities[i].name.len, "Harbour", 7) == NULL);
    findings = read_text(view_of("Photo: Marek Zielinski / Harbour Times\n"));
    cr_expect(find_entity(&findings, "Marek Zielinski") != NULL);
}

Test(extractor, finds_the_actors_of_an_article)
{
    struct findings findings = read_text(view_of(article));
    static const struct { const char *name; enum entity_type type; } cases[] = {
        {"Nordvik Shipping", ENTITY_ORGANIZATION}, {"Marek Zielinski", ENTITY_PERSON}, {"Anna Kowalska", ENTITY_PERSON},
        {"Poland", ENTITY_LOCATION},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct entity *entity = find_entity(&findings, cases[i].name);
        cr_assert(entity != NULL, "%s is not found", cases[i].name);
        cr_expect(eq(int, entity->type, cases[i].type), "%s", cases[i].name);
    }
    expect_view(find_entity(&findings, "Poland")->wikidata, "Q36");
}

Test(extractor, finds_who_is_against_and_who_is_for)
{
    struct findings findings = read_text(view_of(article));
    int32_t company = (int32_t)(find_entity(&findings, "Nordvik Shipping") - findings.entities);
    static const struct { const char *source; enum polarity polarity; } cases[] = {
        {"Marek Zielinski", POLARITY_AGAINST}, {"Anna Kowalska", POLARITY_FOR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t source = (int32_t)(find_entity(&findings, cases[i].source) - findings.entities);
        bool found = false;
        for (size_t k = 0; k < findings.stance_count; k++)
            found |= findings.stances[k].source == source && findings.stances[k].target == company &&
                     findings.stances[k].polarity == cases[i].polarity;
        cr_expect(found, "%s", cases[i].source);
    }
}

static void expect_span(struct span span, size_t length)
{
    cr_expect(span.start <= span.end && span.end <= length, "span %u..%u of %zu", span.start, span.end, length);
}

/* Every index and span of the findings lies where it may. */
static void expect_sound(const struct findings *findings)
{
    size_t length = findings->text.len;
    for (size_t i = 0; i < findings->entity_count; i++) {
        const struct entity *entity = &findings->entities[i];
        cr_expect(entity->mention_count > 0 && entity->name.len > 0 && entity->salience >= 0 && entity->salience <= 1);
        for (size_t m = 0; m < entity->mention_count; m++)
            expect_span(entity->mentions[m].span, length);
    }
    for (size_t i = 0; i < findings->attribution_count; i++) {
        expect_span(findings->attributions[i].source, length);
        expect_span(findings->attributions[i].cue, length);
        expect_span(findings->attributions[i].content, length);
        cr_expect(findings->attributions[i].entity < (int32_t)findings->entity_count);
    }
    for (size_t i = 0; i < findings->stance_count; i++) {
        const struct stance *stance = &findings->stances[i];
        cr_expect(stance->source < (int32_t)findings->entity_count && stance->target < (int32_t)findings->entity_count);
        cr_expect(stance->source != stance->target && stance->evidence_count > 0);
        cr_expect(stance->confidence >= 0 && stance->confidence <= 1 && stance->score >= -1 && stance->score <= 1);
        for (size_t e = 0; e < stance->evidence_count; e++) {
            expect_span(stance->evidence[e].span, length);
            cr_expect(stance->evidence[e].attribution < (int32_t)findings->attribution_count);
        }
    }
}

Test(extractor, gives_sound_findings_for_odd_texts)
{
    static const char *const texts[] = {
        "a", ".", "“", "we", "\xEF\xBB\xBF" "Text.", "I said I said I said.", "THE EU SUED THE US", "the the the company the company",
        "\xE2\x80\x9CWe,\xE2\x80\x9D he said.", "Mr. Mr. Mr.", "A\nB\nC\nD\nE", "\xF0\x9F\x98\x80\xF0\x9F\x98\x80 Ann", "O'Neil's O'Neil's",
        "\xE4\xB8\xAD\xE5\x9B\xBD\xE5\x8F\x8D\xE5\xAF\xB9", "'s 's the ' \xE2\x80\x99s",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct findings findings = read_text(view_of(texts[i]));
        expect_sound(&findings);
        arena_reset(arena);
    }
    struct findings findings = read_text(view_of(article));
    expect_sound(&findings);
}

Test(extractor, refuses_a_blank_text)
{
    struct findings findings;
    struct error err = {0};
    struct extractor_input input = {.text = view_of(" \n\t\xC2\xA0 ")};
    cr_expect(not(extractor_run(extractor, scratch, &input, arena, &findings, &err)));
    cr_expect(eq(int, err.kind, ERROR_INPUT));
    expect_text(err.code, "text.blank");
}

Test(extractor, gives_up_an_article_that_takes_too_long)
{
    struct findings findings;
    struct error err = {0};
    struct extractor_input input = {.text = view_of(article), .deadline_ns = clock_thread_ns()};
    cr_expect(not(extractor_run(extractor, scratch, &input, arena, &findings, &err)));
    cr_expect(eq(int, err.kind, ERROR_INPUT));
    expect_text(err.code, "article.deadline");

    input.deadline_ns = clock_thread_deadline(600000);
    cr_expect(extractor_run(extractor, scratch, &input, arena, &findings, &(struct error){0}));
}

Test(extractor, gives_up_an_article_that_nobody_wants_any_more)
{
    struct findings findings;
    struct error err = {0};
    atomic_bool is_over = false;
    struct extractor_input input = {.text = view_of(article), .is_over = &is_over};
    cr_expect(extractor_run(extractor, scratch, &input, arena, &findings, &err));
    atomic_store(&is_over, true);
    cr_expect(not(extractor_run(extractor, scratch, &input, arena, &findings, &err)));
    cr_expect(eq(int, err.kind, ERROR_INPUT));
}

Test(extractor, gives_the_same_findings_each_time)
{
    struct findings first = read_text(view_of(article)), second = read_text(view_of(article));
    cr_assert(eq(sz, first.stance_count, second.stance_count));
    cr_assert(eq(sz, first.entity_count, second.entity_count));
    for (size_t i = 0; i < first.stance_count; i++) {
        cr_expect(eq(int, first.stances[i].source, second.stances[i].source));
        cr_expect(first.stances[i].confidence == second.stances[i].confidence);
    }
}

/* `bytes` of `part` again and again. */
static struct view repeated(const char *part, size_t bytes)
{
    size_t length = strlen(part);
    char *text = arena_take(arena, bytes + length);
    for (size_t at = 0; at < bytes; at += length)
        memcpy(text + at, part, length);
    return (struct view){.data = text, .len = bytes / length * length};
}

static double read_ms(const char *part, size_t bytes)
{
    struct view text = repeated(part, bytes);
    clock_t start = clock();
    struct findings findings = read_text(text);
    double taken = (double)(clock() - start) * 1e3 / CLOCKS_PER_SEC;
    expect_sound(&findings);
    arena_reset(arena);
    return taken;
}

/* A busy machine spoils a measurement now and then, a quadratic program all of them. */
Test(extractor, takes_linear_time_on_hostile_texts)
{
    enum { TEXT_BYTES = 8000, ATTEMPTS = 4 };
    static const char *const parts[] = {"x", "Ann Lee and ", "\"We\", he said. ", "the company ", "Bo Lee met Ann Lee.\n"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        double once = 0, twice = 1e9;
        for (int attempt = 0; attempt < ATTEMPTS && twice > once * 2.5; attempt++) {
            once = read_ms(parts[i], TEXT_BYTES);
            twice = read_ms(parts[i], 2 * TEXT_BYTES);
        }
        cr_expect(twice <= once * 2.5, "'%s': %.1f ms, twice the text %.1f ms", parts[i], once, twice);
    }
}

static struct span span_in(const char *text, const char *part)
{
    uint32_t start = (uint32_t)(strstr(text, part) - text);
    return (struct span){.start = start, .end = start + (uint32_t)strlen(part)};
}

Test(extractor, answers_who_thinks_what_of_whom)
{
    enum { AGAINST, NONE, FOR };
    static const struct { const char *text, *source, *target; int answer; } cases[] = {
        {"Ann Lee praised Bo Ray on Monday.", "Ann Lee", "Bo Ray", FOR},
        {"Ann Lee praised Bo Ray on Monday.", "Bo Ray", "Ann Lee", NONE},
        {"Bo Ray accused the Brill Group of fraud.", "Bo Ray", "the Brill Group", AGAINST},
        {"The Brill Group was criticised by Bo Ray.", "Bo Ray", "The Brill Group", AGAINST},
        {"Ann Lee met Bo Ray in Oslo.", "Ann Lee", "Bo Ray", NONE},
        {"The corrupt and incompetent Bo Ray was convicted of fraud.", NULL, "Bo Ray", AGAINST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span source = cases[i].source ? span_in(cases[i].text, cases[i].source) : (struct span){0};
        float p[3];
        struct error err = {0};
        cr_assert(extractor_ask(extractor, scratch, view_of(cases[i].text), cases[i].source ? &source : NULL,
                                span_in(cases[i].text, cases[i].target), arena, p, &err), "%s", err.text);
        int answer = p[AGAINST] > p[NONE] && p[AGAINST] > p[FOR] ? AGAINST : p[FOR] > p[NONE] ? FOR : NONE;
        cr_expect(eq(int, answer, cases[i].answer), "%s to %s in: %s", cases[i].source ? cases[i].source : "the text", cases[i].target, cases[i].text);
        cr_expect(p[0] + p[1] + p[2] > 0.999f && p[0] + p[1] + p[2] < 1.001f);
    }
}

Test(extractor, says_which_question_cannot_be_asked)
{
    static const struct span bad[] = {{3, 3}, {5, 2}, {0, 1000}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        float probabilities[3];
        struct error err = {0};
        cr_expect(not(extractor_ask(extractor, scratch, view_of("Ann met Bo."), NULL, bad[i], arena, probabilities, &err)));
        expect_text(err.code, "ask.span");
    }
}

Test(extractor, says_which_file_cannot_be_opened)
{
    struct error err = {0};
    struct extractor_options options = {.model_path = "models/none.bin"};
    cr_expect(extractor_new(&options, &err) == NULL);
    cr_expect(eq(int, err.kind, ERROR_CONFIG));
    expect_says(err.text, "models/none.bin");
}
