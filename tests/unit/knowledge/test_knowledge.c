#include "processor/knowledge/knowledge.h"

#include <criterion/criterion.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

static const char path[] = "models/knowledge.bin";

static struct knowledge *opened(void)
{
    struct error err = {0};
    struct knowledge *k = knowledge_open(path, &err);
    cr_assert(k != NULL, "%s", err.text);
    return k;
}

static struct known first(const struct knowledge *k, const char *name, struct known_candidate *candidate)
{
    cr_assert(knowledge_find(k, view_of(name), candidate, 1) == 1, "%s is not known", name);
    return knowledge_get(k, candidate->entry);
}

Test(knowledge, knows_who_is_meant_by_the_names_of_the_news)
{
    static const struct {
        const char *name, *means, *wikidata;
        enum known_type type;
        enum known_kind kind;
    } cases[] = {
        {"US", "United States", "Q30", KNOWN_LOCATION, KNOWN_KIND_COUNTRY},
        {"U.S.", "United States", "Q30", KNOWN_LOCATION, KNOWN_KIND_COUNTRY},
        {"the UK", "United Kingdom", "Q145", KNOWN_LOCATION, KNOWN_KIND_COUNTRY},
        {"China\xE2\x80\x99s", "China", "Q148", KNOWN_LOCATION, KNOWN_KIND_COUNTRY},
        {"Beijing", "Beijing", "Q956", KNOWN_LOCATION, KNOWN_KIND_CAPITAL},
        {"EU", "European Union", "Q458", KNOWN_ORGANIZATION, KNOWN_KIND_INTERNATIONAL},
        {"European Commission", "European Commission", "Q8880", KNOWN_ORGANIZATION, KNOWN_KIND_INTERNATIONAL},
        {"Nato", "NATO", "Q7184", KNOWN_ORGANIZATION, KNOWN_KIND_INTERNATIONAL},
        {"FBI", "Federal Bureau of Investigation", "Q8333", KNOWN_ORGANIZATION, KNOWN_KIND_AGENCY},
        {"GOP", "Republican Party", "Q29468", KNOWN_ORGANIZATION, KNOWN_KIND_PARTY},
        {"Huawei Technologies", "Huawei", "Q160120", KNOWN_ORGANIZATION, KNOWN_KIND_COMPANY},
        {"Trump", "Donald Trump", "Q22686", KNOWN_PERSON, KNOWN_KIND_POLITICIAN},
        {"Recep Tayyip Erdo\xC4\x9F" "an", "Recep Tayyip Erdo\xC4\x9F" "an", "Q39259", KNOWN_PERSON, KNOWN_KIND_POLITICIAN},
        {"Kremlin", "Kremlin", "Q133274", KNOWN_FACILITY, KNOWN_KIND_SEAT},
        {"N.J.", "New Jersey", "Q1408", KNOWN_LOCATION, KNOWN_KIND_REGION},
        {"Obamacare", "Affordable Care Act", "Q1414593", KNOWN_MISC, KNOWN_KIND_MEASURE},
        {"the Iran deal", "Iran nuclear deal", "", KNOWN_MISC, KNOWN_KIND_MEASURE},
        {"FAO", "Food and Agriculture Organization", "Q82151", KNOWN_ORGANIZATION, KNOWN_KIND_INTERNATIONAL},
    };
    struct knowledge *k = opened();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct known_candidate candidate;
        struct known known = first(k, cases[i].name, &candidate);
        cr_expect(view_equal(known.name, view_of(cases[i].means)), "%s means %.*s", cases[i].name, (int)known.name.len, known.name.data);
        cr_expect_str_eq(known.wikidata, cases[i].wikidata, "%s is %s", cases[i].name, known.wikidata);
        cr_expect(known.type == cases[i].type && known.kind == cases[i].kind, "%s is a %s, %s", cases[i].name,
                  known_type_name(known.type), known_kind_name(known.kind));
        cr_expect(candidate.prior > 0.5f, "%s: %f", cases[i].name, (double)candidate.prior);
    }
    knowledge_close(k);
}

Test(knowledge, leads_from_demonyms_capitals_and_seats_to_their_country)
{
    static const char *const cases[][2] = {{"Chinese", "China"}, {"Britons", "United Kingdom"}, {"Moscow", "Russia"},
                                           {"White House", "United States"}, {"Downing Street", "United Kingdom"},
                                           {"France", "France"}, {"Texas", "United States"}};
    struct knowledge *k = opened();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct known_candidate candidate;
        first(k, cases[i][0], &candidate);
        uint32_t country = knowledge_country(k, candidate.entry);
        cr_assert(country != KNOWN_NONE, "%s has no country", cases[i][0]);
        cr_expect(view_equal(knowledge_get(k, country).name, view_of(cases[i][1])), "%s", cases[i][0]);
    }
    knowledge_close(k);
}

Test(knowledge, says_how_a_name_stands_for_what_it_means)
{
    static const struct {
        const char *name;
        unsigned flags;
    } cases[] = {{"Merkel", KNOWN_LAST_NAME}, {"WHO", KNOWN_ACRONYM}, {"HUAWEI", KNOWN_FOLDED}, {"Huawei", 0}, {"Congress", KNOWN_AMBIGUOUS},
                 {"John Hall", KNOWN_AMBIGUOUS}, {"Arne Duncan", 0}, {"Mango", KNOWN_AMBIGUOUS}, {"Jobbik", 0}};
    struct knowledge *k = opened();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct known_candidate candidate;
        first(k, cases[i].name, &candidate);
        cr_expect(candidate.flags == cases[i].flags, "%s: %u", cases[i].name, candidate.flags);
    }
    knowledge_close(k);
}

Test(knowledge, gives_namesakes_by_falling_prior_and_no_more_than_asked)
{
    struct knowledge *k = opened();
    struct known_candidate all[16], two[2];
    size_t count = knowledge_find(k, view_of("Georgia"), all, 16);
    cr_assert(count >= 2);
    for (size_t i = 1; i < count; i++)
        cr_expect(all[i].prior <= all[i - 1].prior);
    cr_expect(knowledge_find(k, view_of("Democratic Party"), two, 2) == 2);
    cr_expect(knowledge_find(k, view_of("Georgia"), NULL, 0) == 0);
    knowledge_close(k);
}

Test(knowledge, takes_common_words_for_no_names)
{
    static const char *const words[] = {"us", "who", "it", "target", "Us", "Who", "apple", "may", "", "the", "zzyzx", "the the"};
    struct knowledge *k = opened();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct known_candidate candidate;
        cr_expect(knowledge_find(k, view_of(words[i]), &candidate, 1) == 0, "'%s' is known", words[i]);
    }
    knowledge_close(k);
}

Test(knowledge, does_not_know_a_name_of_any_length)
{
    static char name[100000];
    memset(name, 'A', sizeof name);
    struct knowledge *k = opened();
    struct known_candidate candidate;
    cr_expect(knowledge_find(k, (struct view){.data = name, .len = sizeof name}, &candidate, 1) == 0);
    knowledge_close(k);
}

Test(knowledge, every_entry_has_a_name_and_a_parent_before_it)
{
    struct knowledge *k = opened();
    cr_assert(knowledge_count(k) > 10000);
    for (uint32_t i = 0; i < knowledge_count(k); i++) {
        struct known known = knowledge_get(k, i);
        cr_expect(known.name.len > 0 && (known.parent == KNOWN_NONE || known.parent < i));
    }
    knowledge_close(k);
}

/* A file in memory, 4-aligned, to be damaged. */
static char *loaded(size_t *size)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file != NULL);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size);
    cr_assert(fread(bytes, 1, *size, file) == *size);
    fclose(file);
    return bytes;
}

static void expect_refused(const char *bytes, size_t size, const char *code)
{
    struct error err = {0};
    cr_expect(knowledge_read((struct view){.data = bytes, .len = size}, &err) == NULL, "accepted, wanted %s", code);
    cr_expect(err.kind == ERROR_CONFIG);
    cr_expect_str_eq(err.code, code);
}

static void sign(char *bytes, size_t size)
{
    SHA256((const unsigned char *)bytes + 64, size - 64, (unsigned char *)bytes + 32);
}

Test(knowledge, refuses_a_damaged_file_and_says_what_is_wrong)
{
    size_t size;
    char *bytes = loaded(&size);
    expect_refused(bytes, size - 1, "knowledge.size");
    expect_refused(bytes, 63, "knowledge.magic");
    expect_refused("", 0, "knowledge.magic");
    bytes[size - 1] ^= 1;
    expect_refused(bytes, size, "knowledge.checksum");
    bytes[size - 1] ^= 1;
    bytes[8] = 9;
    expect_refused(bytes, size, "knowledge.version");
    bytes[8] = 1;
    memset(bytes + 12, 0xFF, 4);
    expect_refused(bytes, size, "knowledge.size");
    free(bytes);
}

Test(knowledge, refuses_numbers_that_point_outside_even_under_a_right_checksum)
{
    static const struct {
        size_t offset;
        const char *what;
    } cases[] = {{64, "name"}, {64 + 4, "parent"}, {64 + 20, "type and kind"}};
    size_t size;
    char *bytes = loaded(&size);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char saved[4];
        memcpy(saved, bytes + cases[i].offset, 4);
        memset(bytes + cases[i].offset, 0x7F, 4);
        sign(bytes, size);
        expect_refused(bytes, size, "knowledge.table");
        memcpy(bytes + cases[i].offset, saved, 4);
    }
    free(bytes);
}

Test(knowledge, refuses_what_is_no_file)
{
    static const struct {
        const char *path, *code;
    } cases[] = {{"models/there-is-no-such-file", "knowledge.open"}, {"models", "knowledge.magic"}, {"/dev/null", "knowledge.magic"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        cr_expect(knowledge_open(cases[i].path, &err) == NULL);
        cr_expect_str_eq(err.code, cases[i].code);
    }
    knowledge_close(NULL);
}
