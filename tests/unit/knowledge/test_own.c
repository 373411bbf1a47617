#include "processor/knowledge/own.h"
#include "tests/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct knowledge *knowledge;
static struct error err;

static void set_up(void)
{
    knowledge = knowledge_open("models/knowledge.bin", &err);
    cr_assert(knowledge != NULL, "%s", err.text);
}

static void tear_down(void)
{
    knowledge_close(knowledge);
}

TestSuite(own, .init = set_up, .fini = tear_down);

/* Adds `csv` through a file that is gone afterwards. */
static bool add(const char *csv)
{
    char path[] = "/tmp/stanced-own-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, csv, strlen(csv)) == (ssize_t)strlen(csv));
    close(fd);
    bool is_added = knowledge_add_own(knowledge, path, &err);
    unlink(path);
    return is_added;
}

static struct known found(const char *name)
{
    struct known_candidate candidate;
    cr_assert(eq(sz, knowledge_find(knowledge, view_of(name), &candidate, 1), 1), "%s is not known", name);
    return knowledge_get(knowledge, candidate.entry);
}

static void expect_known(const char *name, const char *means, const char *wikidata, enum known_type type)
{
    struct known known = found(name);
    cr_expect(view_equal(known.name, view_of(means)), "%s means %.*s", name, (int)known.name.len, known.name.data);
    expect_text(known.wikidata, wikidata);
    cr_expect(known.type == type, "%s is a %s", name, known_type_name(known.type));
}

Test(own, are_found_under_all_their_names)
{
    size_t before = knowledge_count(knowledge);
    cr_assert(add("type,name,aliases,wikidata,country\n"
                  "Organization,Nordvik,Nordvik Shipping|NVS,Q987654321,NO\n"
                  "person,\"Lee, Ann\",Ann Lée,,\n"
                  "Misc,Fur Act,Fur Ban Act,Q987654322,\n"),
              "%s", err.text);
    expect_known("Nordvik", "Nordvik", "Q987654321", KNOWN_ORGANIZATION);
    expect_known("the Nordvik Shipping's", "Nordvik", "Q987654321", KNOWN_ORGANIZATION);
    expect_known("NVS", "Nordvik", "Q987654321", KNOWN_ORGANIZATION);
    expect_known("Ann Lee", "Lee, Ann", "", KNOWN_PERSON);
    expect_known("Fur Ban Act", "Fur Act", "Q987654322", KNOWN_MISC);
    cr_expect(eq(sz, knowledge_count(knowledge), before + 3));
    struct known_candidate candidate;
    knowledge_find(knowledge, view_of("NVS"), &candidate, 1);
    uint32_t country = knowledge_country(knowledge, candidate.entry);
    cr_assert(country != KNOWN_NONE);
    expect_text(knowledge_get(knowledge, country).wikidata, "Q20");
    cr_expect(candidate.prior > 0.99f && candidate.flags == 0);
}

Test(own, go_before_what_is_known)
{
    cr_assert(add("name,type\nParis,Person\n"), "%s", err.text);
    expect_known("Paris", "Paris", "", KNOWN_PERSON);
    expect_known("France", "France", "Q142", KNOWN_LOCATION);
}

Test(own, rename_an_entity_that_is_known_by_its_identifier)
{
    size_t before = knowledge_count(knowledge);
    cr_assert(add("name,type,wikidata,aliases\nTelecoms giant H,Organization,Q160120,Giant H\n"), "%s", err.text);
    expect_known("Giant H", "Telecoms giant H", "Q160120", KNOWN_ORGANIZATION);
    expect_known("Huawei", "Telecoms giant H", "Q160120", KNOWN_ORGANIZATION);
    cr_expect(eq(sz, knowledge_count(knowledge), before));
}

Test(own, say_which_line_is_wrong)
{
    static const struct { const char *csv, *says; } cases[] = {
        {"", ":1: the file is empty"},
        {"name\nNordvik\n", ":1: the first row must name the columns"},
        {"name,type,colour\n", ":1: \"colour\" is no column"},
        {"name,type\n\nNordvik,Firm\n", ":3: \"Firm\" is no type"},
        {"name,type,wikidata\nNordvik,Person,42\n", ":2: \"42\" is no identifier"},
        {"name,type,wikidata\nNordvik,Person,Q0\n", ":2: \"Q0\" is no identifier"},
        {"name,type,country\nNordvik,Person,XQ\n", ":2: \"XQ\" is no country"},
        {"name,type\n,Person\n", ":2: \"\" cannot be a name"},
        {"name,type\nN,Person\n", ":2: \"N\" cannot be a name"},
        {"name,type\nA B,Person\n\"A\nB\",Person\nA B,Person\n", ":3: \"A B\" is a name of the entity in line 2"},
        {"name,type,wikidata\nNordvik,Person,Q5\nSorvik,Person,Q5\n", ":3: Q5 is the entity in line 2"},
        {"name,type\nNordvik,Person\n\"Sor\n", ":3: a quote is not closed"},
        {"name,type\nNordvik,Person\n\xFF,Person\n", ":3: not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err = (struct error){0};
        cr_expect(not(add(cases[i].csv)), "accepted %s", cases[i].csv);
        cr_expect(eq(int, err.kind, ERROR_CONFIG));
        expect_says(err.text, cases[i].says);
    }
}

Test(own, of_a_missing_file_are_reported)
{
    cr_expect(not(knowledge_add_own(knowledge, "/nonexistent.csv", &err)));
    expect_says(err.text, "/nonexistent.csv");
}
