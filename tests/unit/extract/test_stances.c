#include "processor/extract/bystanders.h"
#include "processor/extract/stances.h"

#include "processor/extract/watched.h"
#include "tests/expect.h"
#include "tests/unit/extract/make_reading.h"

#include <math.h>

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 16);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(stances, .init = set_up, .fini = tear_down);

static const struct stance_thresholds thresholds = {.stance = 0.5f, .evidence = 0.4f, .carried = 0.6f, .author = 0.7f};
static const struct calibration_curve as_it_is = {1, 1, 0};

/* Two people and a firm, named in each of three sentences. Marks 0..8, entity = mark % 3. */
static struct reading three_sentences(struct entity entities[3])
{
    struct reading reading = make_reading("{Person:Ann} {Person:Bo} {Organization:Arvo} met.\n{Person:Ann} {Person:Bo} {Organization:Arvo} met.\n"
                                          "{Person:Ann} {Person:Bo} {Organization:Arvo} met.", arena);
    for (size_t i = 0; i < reading.mark_count; i++)
        reading.marks[i].entity = (int32_t)(i % 3);
    for (size_t i = 0; i < 3; i++)
        entities[i] = (struct entity){.type = i == 2 ? ENTITY_ORGANIZATION : ENTITY_PERSON};
    return reading;
}

static void judge_as(struct reading *reading, uint32_t a, uint32_t b, size_t class, float strength)
{
    struct judgement judgement = {.a = a, .b = b, .sentence = reading->marks[b].sentence};
    judgement.probabilities[class] = strength;
    judgement.probabilities[STANCE_NONE] = 1 - strength;
    reading->judgements = reading_room(arena, reading->judgements, reading->judgement_count, &reading->judgement_room, sizeof judgement);
    reading->judgements[reading->judgement_count++] = judgement;
}

static void judge(struct reading *reading, uint32_t a, uint32_t b, enum polarity sign, float strength)
{
    judge_as(reading, a, b, sign == POLARITY_FOR ? STANCE_A_FOR_B : STANCE_A_AGAINST_B, strength);
}

/* Stances where the two that are named in `marked` are `entities` and judged so. */
static size_t count_between(const char *marked, const struct entity entities[2], size_t class, float strength, const struct stance_thresholds *limits)
{
    struct reading reading = make_reading(marked, arena);
    reading.marks[0].entity = 0;
    reading.marks[1].entity = 1;
    judge_as(&reading, 0, 1, class, strength);
    return stances_of(&reading, entities, limits, as_it_is).count;
}

Test(stances, gather_the_evidence_of_all_sentences_of_a_pair)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.6f);
    judge(&reading, 3, 4, POLARITY_AGAINST, 0.9f);
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 1));
    const struct stance *stance = &stances.items[0];
    cr_expect(eq(int, stance->source, 0));
    cr_expect(eq(int, stance->target, 1));
    cr_expect(eq(int, stance->polarity, POLARITY_AGAINST));
    cr_assert(eq(sz, stance->evidence_count, 2));
    cr_expect(eq(u32, stance->evidence[0].span.start, reading.sentences[1].span.start), "the strongest sentence comes first");
    cr_expect(fabsf(stance->confidence - (1 - 0.4f * 0.1f)) < 1e-5f);
    cr_expect(stance->score < -0.6f && stance->score >= -0.9f);
}

Test(stances, have_a_direction)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    judge(&reading, 1, 0, POLARITY_FOR, 0.8f);
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 1));
    cr_expect(eq(int, stances.items[0].source, 1));
    cr_expect(eq(int, stances.items[0].target, 0));
    cr_expect(eq(int, stances.items[0].polarity, POLARITY_FOR));
}

Test(stances, are_mixed_where_strong_evidence_disagrees)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.9f);
    judge(&reading, 3, 4, POLARITY_FOR, 0.85f);
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 1));
    cr_expect(eq(int, stances.items[0].polarity, POLARITY_MIXED));
    cr_expect(eq(sz, stances.items[0].evidence_count, 2));
}

Test(stances, are_half_as_sure_by_a_sentence_that_does_not_name_both)
{
    static const struct calibration_curve curve = {0, 0.5f, -0.25f};
    const struct { bool is_carried; double odds; } cases[] = {{false, 1 / sqrt(0.2 * 0.4)}, {true, 1 / sqrt(sqrt(0.2) * 0.4)}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct entity entities[3];
        struct reading reading = three_sentences(entities);
        judge(&reading, 0, 1, POLARITY_FOR, 0.8f);
        judge(&reading, 3, 4, POLARITY_FOR, 0.6f);
        reading.judgements[0].is_carried = cases[c].is_carried;
        struct stances stances = stances_of(&reading, entities, &thresholds, curve);
        cr_assert(eq(sz, stances.count, 1));
        double odds = cases[c].odds * exp(-0.25);
        cr_expect(le(dbl, fabs((double)stances.items[0].confidence - odds / (1 + odds)), 1e-5), "case %zu", c);
    }
}

Test(stances, are_sorted_by_what_they_say_of_themselves)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.9f);
    judge(&reading, 3, 4, POLARITY_FOR, 0.8f);
    judge(&reading, 0, 2, POLARITY_FOR, 0.7f);
    judge(&reading, 3, 8, POLARITY_FOR, 0.99f);
    reading.judgements[2].is_carried = reading.judgements[3].is_carried = true;
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 2));
    cr_expect(eq(int, stances.items[0].polarity, POLARITY_FOR));
    cr_expect(le(dbl, fabs((double)stances.items[0].confidence - (1 - sqrt(0.3 * 0.01))), 1e-5));
    cr_expect(eq(int, stances.items[1].polarity, POLARITY_MIXED));
    cr_expect(le(dbl, fabs((double)stances.items[1].confidence - 0.8 * 0.8), 1e-5), "both of its sides must be right");
}

Test(stances, that_are_certain_stay_within_one)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    judge(&reading, 0, 1, POLARITY_AGAINST, 1);
    judge(&reading, 3, 4, POLARITY_AGAINST, 1);
    reading.judgements[1].is_carried = true;
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 1));
    cr_expect(stances.items[0].confidence == 1);
}

Test(stances, are_silent_where_nothing_is_strong_or_nobody_is_known)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.45f); /* below the threshold */
    judge(&reading, 0, 3, POLARITY_AGAINST, 0.9f);  /* Ann and Ann */
    reading.marks[4].entity = NOWHERE;
    judge(&reading, 3, 4, POLARITY_AGAINST, 0.9f);  /* nobody */
    entities[2].type = ENTITY_DATE;
    judge(&reading, 0, 2, POLARITY_AGAINST, 0.9f);  /* a date */
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0));
}

Test(stances, of_the_author_need_more)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    for (size_t i = 0; i < 2; i++) {
        reading.marks[i].is_weighed = true;
        reading.marks[i].author_against = i == 0 ? 0.6f : 0.8f;
    }
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 1));
    cr_expect(eq(int, stances.items[0].source, FINDINGS_NONE));
    cr_expect(eq(int, stances.items[0].target, 1));
}

Test(stances, of_the_author_need_still_more_where_the_article_seldom_judges)
{
    static const struct { float others; size_t count; } cases[] = {{0.3f, 1}, {0.0f, 0}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct entity entities[3];
        struct reading reading = three_sentences(entities);
        for (size_t i = 0; i < reading.mark_count; i++) {
            reading.marks[i].is_weighed = true;
            reading.marks[i].author_against = i == 0 ? 0.8f : cases[c].others;
        }
        cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, cases[c].count), "case %zu", c);
    }
}

Test(stances, of_several_weak_sentences_may_be_enough_together)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.41f);
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0));
    judge(&reading, 3, 4, POLARITY_AGAINST, 0.41f);
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 1));
}

Test(stances, of_and_toward_a_people_need_more)
{
    for (size_t people = 0; people < 2; people++) {
        struct entity entities[3];
        struct reading reading = three_sentences(entities);
        struct stance_thresholds low = thresholds;
        low.stance = low.evidence = 0.3f;
        entities[people] = (struct entity){.type = ENTITY_NORP, .is_people = true};
        judge(&reading, 0, 1, POLARITY_AGAINST, 0.45f);
        cr_expect(eq(sz, stances_of(&reading, entities, &low, as_it_is).count, 0));
        judge(&reading, 3, 4, POLARITY_AGAINST, 0.55f);
        cr_expect(eq(sz, stances_of(&reading, entities, &low, as_it_is).count, 1));
    }
}

Test(stances, of_a_peoples_government_need_no_more)
{
    struct entity entities[2] = {{.type = ENTITY_NORP, .is_people = true}, {.type = ENTITY_PERSON}};
    struct reading reading = make_reading("{NORP:Danish} officials criticised {Person:Ann}.", arena);
    reading.marks[0].entity = 0;
    reading.marks[1].entity = 1;
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.45f);
    struct stance_thresholds low = thresholds;
    low.stance = low.evidence = 0.3f;
    cr_expect(eq(sz, stances_of(&reading, entities, &low, as_it_is).count, 1));
    cr_expect(stances_list_is_sorted());
    cr_expect(bystanders_lists_are_sorted());
}

Test(stances, within_a_family_need_more)
{
    static const struct { const char *names[2]; float strength; size_t count; } cases[] = {
        {{"Ann Lee", "Bo Lee Jr."}, 0.45f, 0}, {{"Ann Lee", "Bo Lee Jr."}, 0.55f, 1}, {{"Ann Lee", "Bo Ray"}, 0.45f, 1}, {{"Lee", "Lee"}, 0.45f, 1}};
    struct stance_thresholds low = thresholds;
    low.stance = low.evidence = 0.3f;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct entity entities[2] = {{.type = ENTITY_PERSON, .name = view_of(cases[c].names[0])}, {.type = ENTITY_PERSON, .name = view_of(cases[c].names[1])}};
        cr_expect(eq(sz, count_between("{Person:Ann} criticised {Person:Bo}.", entities, STANCE_A_AGAINST_B, cases[c].strength, &low), cases[c].count), "case %zu", c);
    }
}

/* Of whom a sentence leaves out, and of those whose followers it is about; toward them others may have any. */
Test(stances, of_who_is_left_out_do_not_count)
{
    static const struct { const char *marked; size_t class; size_t count; } cases[] = {
        {"Others, but not {Person:Ann}, criticised {Person:Bo}.", STANCE_A_AGAINST_B, 0},
        {"Unlike {Person:Ann}, others criticised {Person:Bo}.", STANCE_A_AGAINST_B, 0},
        {"A top supporter of GOP candidate {Person:Ann} criticised {Person:Bo}.", STANCE_A_AGAINST_B, 0},
        {"A top supporter of GOP candidate {Person:Ann} criticised {Person:Bo}.", STANCE_B_AGAINST_A, 1},
        {"A head of staff of {Person:Ann} criticised {Person:Bo}.", STANCE_A_AGAINST_B, 1},
        {"Critics of the plan like {Person:Ann} criticised {Person:Bo}.", STANCE_A_AGAINST_B, 1},
        {"A supporter of plans, said {Person:Ann}, criticised {Person:Bo}.", STANCE_A_AGAINST_B, 1},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct entity entities[2] = {{.type = ENTITY_PERSON}, {.type = ENTITY_PERSON}};
        cr_expect(eq(sz, count_between(cases[c].marked, entities, cases[c].class, 0.9f, &thresholds), cases[c].count), "case %zu", c);
    }
}

Test(stances, toward_products_need_more)
{
    static const struct { float strength; size_t count; } cases[] = {{0.65f, 0}, {0.75f, 1}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct entity entities[2] = {{.type = ENTITY_PERSON}, {.type = ENTITY_PRODUCT}};
        cr_expect(eq(sz, count_between("{Person:Ann} praised {Product:Arvo}.", entities, STANCE_A_FOR_B, cases[c].strength, &thresholds), cases[c].count), "case %zu", c);
    }
}

Test(stances, are_not_toward_a_time_that_is_named_after_somebody)
{
    struct entity entities[2] = {{.type = ENTITY_PERSON}, {.type = ENTITY_PERSON}};
    struct reading reading = make_reading("{Person:Ann} attacked {Person:Bo}-era rules.", arena);
    reading.marks[0].entity = 0;
    reading.marks[1].entity = 1;
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.9f);
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0));
}

Test(stances, of_the_author_are_not_read_from_what_others_say)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    reading.marks[1].is_weighed = true;
    reading.marks[1].attribution = 0;
    reading.marks[1].author_against = 0.9f;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0));
}

Test(stances, are_not_read_from_the_words_of_a_third)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    struct span words = {reading.marks[1].span.start, reading.marks[1].span.end};
    struct attribution attribution = {.entity = 2, .content = words};
    reading.attributions = &attribution;
    reading.attribution_count = 1;
    reading.marks[1].attribution = 0;
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.9f);
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0));
    attribution.entity = 0;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 1), "the holder's own words count");
}

Test(stances, need_more_where_one_of_the_two_was_named_before)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    judge(&reading, 0, 4, POLARITY_AGAINST, 0.55f);
    reading.judgements[0].is_carried = true;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0));
    reading.judgements[0].probabilities[STANCE_A_AGAINST_B] = 0.65f;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 1));
}

Test(stances, need_no_more_where_the_one_who_was_named_before_speaks_of_the_other)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    struct attribution attributions[] = {{.entity = 0, .content = reading.sentences[1].span},
                                         {.entity = 1, .content = reading.sentences[0].span}};
    reading.attributions = attributions;
    reading.attribution_count = 2;
    reading.marks[4].attribution = 0;
    reading.marks[0].attribution = 1;
    judge(&reading, 0, 4, POLARITY_AGAINST, 0.55f);
    reading.judgements[0].is_carried = true;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 1));
    struct judgement *back = &reading.judgements[0];
    back->probabilities[STANCE_B_AGAINST_A] = back->probabilities[STANCE_A_AGAINST_B];
    back->probabilities[STANCE_A_AGAINST_B] = 0;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0), "what the other said of him in the first sentence is not judged in the second");
}

Test(stances, name_the_attribution_that_gives_them_to_their_holder)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    struct attribution attributions[] = {{.entity = 1, .content = reading.sentences[0].span},
                                         {.entity = 0, .content = reading.sentences[0].span}};
    reading.attributions = attributions;
    reading.attribution_count = 2;
    judge(&reading, 0, 1, POLARITY_AGAINST, 0.9f);
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 1));
    cr_expect(eq(int, stances.items[0].evidence[0].attribution, 1));
}

Test(stances, portray_entities_by_what_is_said_around_their_mentions)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    static const float leans[] = {-0.8f, 0.1f, 0.6f};
    for (size_t i = 0; i < reading.mark_count; i++) {
        reading.marks[i].is_weighed = true;
        reading.marks[i].lean = leans[i % 3];
    }
    stances_portray(&reading, entities, 3);
    cr_expect(eq(int, entities[0].portrayal, POLARITY_AGAINST));
    cr_expect(eq(int, entities[1].portrayal, POLARITY_NEUTRAL));
    cr_expect(eq(int, entities[2].portrayal, POLARITY_FOR));
    cr_expect(entities[0].has_portrayal && entities[0].salience > 0.5f && entities[0].salience <= 1);
}

Test(stances, leave_captions_out_of_salience_and_portrayal)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    for (size_t i = 0; i < reading.sentence_count; i++)
        reading.sentences[i].is_prose = false;
    stances_portray(&reading, entities, 3);
    cr_expect(eq(flt, entities[0].salience, 0));
    cr_expect(not(entities[0].has_portrayal));
}

/* Topics by name, and a mention of the first in place of Arvo in each sentence of three_sentences(). */
static struct watched *watch(struct reading *reading, const char *first, const char *second)
{
    const char *patterns[] = {"Arvo"};
    struct settings_topic topics[] = {{.name = first, .patterns = {patterns, 1}, .where = ""},
                                      {.name = second, .patterns = {patterns, 1}, .where = ""}};
    struct error err = {0};
    struct watched *watched = watched_new(&(struct settings_topics){topics, 2}, &err);
    cr_assert(watched != NULL, "%s", err.text);
    struct window window = made_window(reading);
    reading->watched = watched;
    watched_add(reading, &window, 0, 0);
    cr_assert(eq(sz, reading->topic_mark_count, 6));
    return watched;
}

static void judge_topic(struct reading *reading, uint32_t a, uint32_t topic, enum polarity sign, float strength)
{
    judge(reading, a, a, sign, strength);
    struct judgement *judgement = &reading->judgements[reading->judgement_count - 1];
    judgement->b = topic;
    judgement->is_of_topic = true;
}

/* How many stances there are where the first name of the text is judged to be against the second. */
static size_t count_between_two(const char *marked, float strength, struct topic_mark *issue)
{
    struct reading reading = make_reading(marked, arena);
    struct entity entities[3] = {{.type = reading.marks[0].type}, {.type = reading.marks[1].type}, {.type = ENTITY_MISC}};
    const int32_t issue_entities[] = {2};
    reading.marks[0].entity = 0;
    reading.marks[1].entity = 1;
    if (issue != NULL) {
        reading.topic_marks = issue;
        reading.topic_mark_count = 1;
        reading.issue_entities = issue_entities;
    }
    judge(&reading, 0, 1, POLARITY_AGAINST, strength);
    return stances_of(&reading, entities, &(struct stance_thresholds){.stance = 0.3f, .evidence = 0.3f, .carried = 0.3f, .author = 0.7f}, as_it_is).count;
}

Test(stances, are_not_of_who_only_says_whose_another_is)
{
    static const struct { const char *marked; size_t count; } cases[] = {
        {"{Location:Ohio} sued {Person:Ann Lee}.", 1},
        {"{Location:Ohio} Gov. Bo Ray mocked {Person:Ann Lee}.", 0},
        {"{Person:Ann Lee} mocked Bo Ray (R-{Location:Ohio}).", 0},
        {"{Person:Ann Lee} mocked the {Person:Ray} years.", 0},
        {"{Person:Ann Lee} mocked {Person:Ray} for years.", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(sz, count_between_two(cases[i].marked, 0.6f, NULL), cases[i].count), "%s", cases[i].marked);
}

Test(stances, on_a_name_within_an_issue_must_be_plainer)
{
    static const char text[] = "{Person:Ann Lee} mocked the {Location:Iran} deal.";
    struct topic_mark issue = {.span = {19, 28}, .is_issue = true};
    cr_expect(eq(sz, count_between_two(text, 0.4f, NULL), 1));
    cr_expect(eq(sz, count_between_two(text, 0.4f, &issue), 0));
    cr_expect(eq(sz, count_between_two(text, 0.6f, &issue), 1));
}

Test(stances, toward_a_topic_go_from_actors_to_it_alone)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    struct watched *watched = watch(&reading, "Arvo's deal", "b");
    judge_topic(&reading, 0, 0, POLARITY_FOR, 0.6f);
    judge_topic(&reading, 3, 2, POLARITY_FOR, 0.8f);
    reading.judgements[1].probabilities[STANCE_B_AGAINST_A] = 0.9f; /* a topic holds none */
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 1));
    cr_expect(eq(int, stances.items[0].source, 0));
    cr_expect(eq(int, stances.items[0].target, FINDINGS_NONE));
    expect_view(stances.items[0].topic, "Arvo's deal");
    cr_expect(eq(int, stances.items[0].polarity, POLARITY_FOR));
    cr_expect(eq(sz, stances.items[0].evidence_count, 2));
    watched_free(watched);
}

Test(stances, toward_a_topic_need_what_others_need)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    struct watched *watched = watch(&reading, "a", "b");
    judge_topic(&reading, 0, 0, POLARITY_AGAINST, 0.45f); /* below the threshold */
    judge_topic(&reading, 2, 0, POLARITY_AGAINST, 0.9f);  /* the topic is named by a part of Arvo's own name */
    judge_topic(&reading, 1, 0, POLARITY_AGAINST, 0.9f);
    reading.marks[1].entity = NOWHERE;                     /* nobody */
    judge_topic(&reading, 3, 2, POLARITY_AGAINST, 0.55f);
    reading.judgements[3].is_carried = true;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0));
    reading.judgements[0].probabilities[STANCE_A_AGAINST_B] = 0.55f;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 1));
    struct attribution attribution = {.entity = 1, .content = reading.topic_marks[0].span};
    reading.attributions = &attribution;
    reading.attribution_count = 1;
    reading.topic_marks[0].attribution = 0;
    cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, 0), "another's words");
    watched_free(watched);
}

Test(stances, of_the_author_may_be_toward_a_topic)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    struct watched *watched = watch(&reading, "a", "b");
    reading.topic_marks[0].is_weighed = reading.topic_marks[3].is_weighed = true;
    reading.topic_marks[0].author_for = 0.8f;
    reading.topic_marks[3].author_against = 0.9f;
    reading.topic_marks[3].attribution = 0; /* somebody's words */
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 1));
    cr_expect(eq(int, stances.items[0].source, FINDINGS_NONE));
    expect_view(stances.items[0].topic, "a");
    watched_free(watched);
}

Test(stances, equally_strong_are_in_the_order_of_their_topics_names)
{
    struct entity entities[3];
    struct reading reading = three_sentences(entities);
    struct watched *watched = watch(&reading, "zebra", "ant");
    judge_topic(&reading, 0, 0, POLARITY_FOR, 0.8f);
    judge_topic(&reading, 0, 1, POLARITY_FOR, 0.8f);
    struct stances stances = stances_of(&reading, entities, &thresholds, as_it_is);
    cr_assert(eq(sz, stances.count, 2));
    expect_view(stances.items[0].topic, "ant");
    expect_view(stances.items[1].topic, "zebra");
    watched_free(watched);
}

Test(stances, are_not_toward_the_name_of_a_stance)
{
    static const struct { const char *name; size_t count; } cases[] = {
        {"anti-Semitic", 0}, {"Pro-European", 0}, {"Antioch", 1}, {"Anti-Fur League", 1}, {"Pro-", 1}, {"Bo", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct entity entities[3];
        struct reading reading = three_sentences(entities);
        entities[1].name = view_of(cases[i].name);
        judge(&reading, 0, 1, POLARITY_AGAINST, 0.9f);
        cr_expect(eq(sz, stances_of(&reading, entities, &thresholds, as_it_is).count, cases[i].count), "%s", cases[i].name);
    }
}
